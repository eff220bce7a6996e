import { addDays, type IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { isWorkingDay } from '#domain/working-days'
import { between, hexDigits, type Next, pickWeighted } from './dice.ts'
import { PROVIDERS, type Provider } from './providers.ts'

/** What the rehearsal's payers hold in their hands: a notice. */
export interface PayableNotice {
  readonly iuv: string
  readonly cents: Cents
  readonly idTransfer: number
  readonly debtor: string
}

/** A notice that can be paid in parts: who does so pays the first ones first, never also the whole. */
export interface PayablePlan {
  /** The whole at once, where the notice offers it. */
  readonly single: PayableNotice | null
  readonly installments: readonly PayableNotice[]
}

export interface Payment {
  readonly notice: PayableNotice
  readonly provider: Provider
  readonly paidOn: IsoDate
  /** receiptId of the receipt, IUR of the flow. */
  readonly iur: string
  readonly outcome: '0' | '4' | '8' | '9'
}

/** A share of the notices is paid, each once, somewhere, on some day of the stretch. */
export function payNotices(
  notices: readonly PayableNotice[],
  options: { readonly share: number; readonly from: IsoDate; readonly days: number },
  next: Next,
): Payment[] {
  const payments: Payment[] = []
  for (const notice of notices) {
    const chance = next()
    const provider = pickWeighted(next, PROVIDERS)
    const paidOn = addDays(options.from, between(next, 0, options.days - 1))
    const iur = hexDigits(next, 32)
    const odd = next()
    if (chance >= options.share) continue
    payments.push({
      notice,
      provider,
      paidOn,
      iur,
      outcome: odd < 0.96 ? '0' : odd < 0.98 ? '9' : odd < 0.99 ? '8' : '4',
    })
  }
  return payments
}

/** How many of those who may pay at once do so, and how many instalments the others pay at most in the stretch. */
const AT_ONCE = 0.3
const MAX_PAID = 3

/** A share of the plans is paid: at once, or one to three instalments in their order, each somewhere else. */
export function payPlans(
  plans: readonly PayablePlan[],
  options: { readonly share: number; readonly from: IsoDate; readonly days: number },
  next: Next,
): Payment[] {
  const payments: Payment[] = []
  for (const { single, installments } of plans) {
    const [chance, choice, parts] = [next(), next(), next()]
    if (chance >= options.share) continue
    const count = 1 + Math.floor(parts * Math.min(MAX_PAID, installments.length))
    const paid = single !== null && choice < AT_ONCE ? [single] : installments.slice(0, count)
    const step = Math.floor(options.days / paid.length)
    paid.forEach((notice, n) => {
      payments.push({
        notice,
        provider: pickWeighted(next, PROVIDERS),
        paidOn: addDays(options.from, between(next, n * step, (n + 1) * step - 1)),
        iur: hexDigits(next, 32),
        outcome: '0',
      })
    })
  }
  return payments
}

/** The day that is `count` working days after `date` (0: the day itself, moved to a working one). */
export function workingDayAfter(date: IsoDate, count: number): IsoDate {
  let day = date
  let left = count
  while (left > 0 || !isWorkingDay(day)) {
    day = addDays(day, 1)
    if (isWorkingDay(day) && left > 0) left -= 1
  }
  return day
}
