import { daysInMonth, type IsoDate, isoDate, isoDateOf } from './date.ts'
import { fillInOrder } from './fill-in-order.ts'
import { type Cents, splitByLargestRemainder, sum } from './money.ts'

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
}

/**
 * Due dates of the instalments, in order: the day of the first one every `everyMonths` months, or the last day of a
 * month that is shorter (31/01, 28/02, 31/03). What would fall after the year 9999 falls on its last day, which no
 * validity reaches.
 */
export function installmentDueDates(rule: Pick<InstallmentRule, 'count' | 'firstDue' | 'everyMonths'>): IsoDate[] {
  const year = Number(rule.firstDue.slice(0, 4))
  const month = Number(rule.firstDue.slice(5, 7))
  const day = Number(rule.firstDue.slice(8, 10))
  return Array.from({ length: rule.count }, (_, n) => {
    const months = month - 1 + n * rule.everyMonths
    const [inYear, inMonth] = [year + Math.floor(months / 12), (months % 12) + 1]
    return isoDateOf(inYear, inMonth, Math.min(day, daysInMonth(inYear, inMonth))) ?? LAST_DAY
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

/**
 * What each instalment extinguishes of debts given oldest first (DOMAIN.md §5.2): index of the debt and cents, in
 * order. Both marginals hold to the cent. Null where an instalment would be under a cent.
 */
export function splitDebts(
  outstanding: readonly Cents[],
  count: number,
): readonly (readonly { readonly debt: number; readonly cents: Cents }[])[] | null {
  const amounts = installmentAmounts(sum(outstanding), count)
  if (amounts === null) return null
  const shares = amounts.map((): { debt: number; cents: Cents }[] => [])
  for (const part of fillInOrder(outstanding, amounts)) {
    shares[part.slice]?.push({ debt: part.want, cents: part.cents })
  }
  return shares
}
