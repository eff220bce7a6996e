import { daysInMonth, type IsoDate, isoDate, isoDateOf } from './date.ts'
import { fillInOrder } from './fill-in-order.ts'
import { type Cents, splitByLargestRemainder } from './money.ts'
import { nextWorkingDay } from './working-days.ts'

const LAST_DAY = isoDate('9999-12-31')

/** How a position is paid in instalments: equal ones, on the same day every so many months. */
export interface InstallmentRule {
  /** 2–24. */
  readonly count: number
  /** Also payable at once: the payer chooses. */
  readonly withSingle: boolean
  readonly firstDue: IsoDate
  /** Months between one due date and the next, 1–12. */
  readonly everyMonths: number
  /** Each falls due on the last day of its month. */
  readonly lastDay?: boolean | undefined
  /** What would fall on a Saturday, Sunday or holiday falls on the working day after. */
  readonly workingDay?: boolean | undefined
}

/** An instalment by its amount and its day, as a rule made it or as a person wrote it. */
export interface InstallmentTerm {
  readonly cents: Cents
  readonly dueDate: IsoDate
}

/**
 * Due dates of the instalments, in order: the day of the first one every `everyMonths` months, or the last day of a
 * month that is shorter (31/01, 28/02, 31/03). What would fall after the year 9999 falls on its last day, which no
 * validity reaches.
 */
export function installmentDueDates(rule: Omit<InstallmentRule, 'withSingle'>): IsoDate[] {
  const year = Number(rule.firstDue.slice(0, 4))
  const month = Number(rule.firstDue.slice(5, 7))
  const day = Number(rule.firstDue.slice(8, 10))
  return Array.from({ length: rule.count }, (_, n) => {
    const months = month - 1 + n * rule.everyMonths
    const [inYear, inMonth] = [year + Math.floor(months / 12), (months % 12) + 1]
    const last = daysInMonth(inYear, inMonth)
    const due = isoDateOf(inYear, inMonth, rule.lastDay === true ? last : Math.min(day, last)) ?? LAST_DAY
    return rule.workingDay === true && due !== LAST_DAY ? nextWorkingDay(due) : due
  })
}

/** Equal instalments, the odd cents on the first ones (DOMAIN.md §5.1); null where one would be under a cent. */
export function installmentAmounts(total: Cents, count: number): Cents[] | null {
  if (total < count) return null
  return splitByLargestRemainder(
    total,
    Array.from({ length: count }, () => 1),
  )
}

/** The instalments that a rule makes of a total; null where one would be under a cent. */
export function installmentTerms(total: Cents, rule: Omit<InstallmentRule, 'withSingle'>): InstallmentTerm[] | null {
  const dueDates = installmentDueDates(rule)
  const amounts = installmentAmounts(total, rule.count)
  return amounts?.map((amount, n) => ({ cents: amount, dueDate: dueDates[n] as IsoDate })) ?? null
}

/**
 * What each instalment extinguishes of debts given oldest first (DOMAIN.md §5.2): index of the debt and cents, in
 * order. Both marginals hold to the cent where Σ amounts = Σ outstanding.
 */
export function splitDebts(
  outstanding: readonly Cents[],
  amounts: readonly Cents[],
): readonly (readonly { readonly debt: number; readonly cents: Cents }[])[] {
  const shares = amounts.map((): { debt: number; cents: Cents }[] => [])
  for (const part of fillInOrder(outstanding, amounts)) {
    shares[part.slice]?.push({ debt: part.want, cents: part.cents })
  }
  return shares
}
