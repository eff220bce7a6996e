import { daysInMonth, type IsoDate, isIsoDate, isoDateOf } from '#domain/date'
import { type InstallmentRule, installmentDueDates } from '#domain/installment-split'

export type { InstallmentRule }

/** At once, the payer's choice, or only in instalments. */
export type PaymentMode = 'single' | 'both' | 'plan'

export function paymentMode(rule: InstallmentRule | null): PaymentMode {
  return rule === null ? 'single' : rule.withSingle ? 'both' : 'plan'
}

export function withMode(mode: PaymentMode, rule: InstallmentRule): InstallmentRule | null {
  return mode === 'single' ? null : { ...rule, withSingle: mode === 'both' }
}

/** Until when one may pay, as offered first: the end of this year, or of the last instalment's. */
export function proposedValidity(exercise: number, today: IsoDate | undefined, rule: InstallmentRule | null): IsoDate {
  const years = [`${exercise}`, today, rule === null ? undefined : installmentDueDates(rule).at(-1)]
  return isoDateOf(Math.max(...years.map((day) => Number(day?.slice(0, 4) ?? 0))), 12, 31) as IsoDate
}

/** What is offered first: three instalments, one a month, from the last day of the month that follows. */
export function proposedRule(today: IsoDate, remembered: unknown): InstallmentRule {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))]
  const [inYear, inMonth] = month === 12 ? [year + 1, 1] : [year, month + 1]
  const firstDue = isoDateOf(inYear, inMonth, daysInMonth(inYear, inMonth)) as IsoDate
  const usual = { count: 3, withSingle: true, firstDue, everyMonths: 1 }
  if (typeof remembered !== 'object' || remembered === null) return usual
  const {
    count,
    withSingle,
    firstDue: day,
    everyMonths,
  } = remembered as Partial<Record<keyof InstallmentRule, unknown>>
  const whole = (value: unknown, least: number, most: number, otherwise: number) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most ? Number(value) : otherwise
  return {
    count: whole(count, 2, 24, usual.count),
    withSingle: typeof withSingle === 'boolean' ? withSingle : usual.withSingle,
    // A day that has passed is last year's choice.
    firstDue: isIsoDate(day) && day > today ? day : firstDue,
    everyMonths: whole(everyMonths, 1, 12, usual.everyMonths),
  }
}
