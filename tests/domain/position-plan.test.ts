import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import type { Iban } from '#domain/iban'
import { installmentDueDates } from '#domain/installment-split'
import { type PlannedPayment, planPayments } from '#domain/issuing'
import { type Cents, cents, sum } from '#domain/money'
import type { Iuv } from '#domain/notice-number'
import {
  type AskedDebt,
  askedOf,
  openPaymentsOf,
  type PositionChange,
  type RevisedPosition,
  revisePosition,
  type StoredPayment,
  type StoredPosition,
} from '#domain/position-plan'
import { nextWorkingDay } from '#domain/working-days'

const OWN = '00743110157' as FiscalCode
const OTHER = '80087670016' as FiscalCode
const IBAN = 'IT60X0542811101000000123456' as Iban
const VALID = isoDate('2030-12-31')

const debtOf = (n: number, asked: number): AskedDebt => ({
  ...{ accertamentoId: n as Id<'accertamento'>, exercise: 2026, number: n, dueDate: null, causale: `Debito ${n}` },
  ...{ iban: IBAN, taxonomyCode: n % 2 === 0 ? '9/0401104TS/' : '9/0401107TS/' },
  ...{ askedCents: cents(asked), paidCents: cents(0), roomCents: cents(asked) },
})

/** As the ledger would hold what was planned; `paid` by place among the instalments. */
function stored(
  planned: { readonly single: PlannedPayment | null; readonly installments: readonly PlannedPayment[] },
  paid: readonly number[] = [],
): StoredPosition {
  let serial = 0
  const payment = (one: PlannedPayment, ordinal: number): StoredPayment => {
    serial += 1
    return {
      ...{ ordinal, iuv: `iuv${serial}` as Iuv, noticeNumber: null, cents: one.cents, dueDate: one.dueDate },
      state: ordinal > 0 && paid.includes(ordinal) ? 'credited' : 'unpaid',
      ...{ paidDate: null, otherOption: false, surplus: false },
      transfers: one.transfers.map(({ beside, ...t }) => ({
        ...t,
        ...{ own: beside?.own ?? true, stamp: beside?.stamp ?? false, fiscalCode: beside?.fiscalCode ?? OWN },
      })),
    }
  }
  return {
    ...{
      id: 1 as Id<'debtPosition'>,
      personId: 1 as Id<'person'>,
      personName: 'Zita',
      lifecycle: 'issued',
      version: 1,
    },
    payment: paid.length > 0 ? 'partiallyPaid' : 'unpaid',
    ...{ iupd: 'x', nodeState: null, syncState: 'none', validUntil: VALID, description: 'Quota' },
    single: planned.single && payment(planned.single, 0),
    installments: planned.installments.map((one, i) => payment(one, i + 1)),
  }
}

const PARTS = { count: 3, firstDue: isoDate('2026-01-31'), everyMonths: 1 }
const termsOf = (total: number, count: number, withSingle: boolean) => ({
  single: withSingle || count === 0 ? { dueDate: isoDate('2026-06-30') } : null,
  installments:
    count === 0
      ? null
      : Array.from({ length: count }, (_, i) => ({
          cents: cents(Math.floor(total / count) + (i < total % count ? 1 : 0)),
          dueDate: isoDate(`2026-${String(i + 1).padStart(2, '0')}-28`),
        })),
})

/** Debts as they stand under a position of which some is paid. */
const present = (position: StoredPosition, debts: readonly AskedDebt[]): AskedDebt[] => {
  const asked = askedOf(position)
  return debts.flatMap((debt) => {
    const of = asked.get(debt.accertamentoId)
    return of === undefined ? [] : [{ ...debt, ...of, roomCents: cents(of.askedCents - of.paidCents) }]
  })
}

function expectWhole(before: StoredPosition, next: RevisedPosition): void {
  for (const payment of [next.single, ...next.installments]) {
    if (payment === null) continue
    expect(sum(payment.transfers.map((t) => t.cents))).toBe(payment.cents)
    expect(payment.transfers.map((t) => t.idTransfer)).toEqual(payment.transfers.map((_, i) => i + 1))
    expect(payment.transfers.length).toBeLessThanOrEqual(5)
    for (const t of payment.transfers) {
      if (t.beside === undefined) expect(sum(t.allocations.map((a) => a.cents))).toBe(t.cents)
    }
  }
  const total = sum(next.installments.map((one) => one.cents))
  if (next.single !== null && next.installments.length > 0) expect(total).toBe(next.single.cents)
  const paid = before.installments.filter((one) => one.state !== 'unpaid')
  expect(next.installments.filter((one) => one.paid).map((one) => [one.before?.iuv, one.cents])).toEqual(
    paid.map((one) => [one.iuv, one.cents]),
  )
  const numbers = [next.single, ...next.installments].flatMap((one) => one?.before?.iuv ?? [])
  expect(new Set(numbers).size).toBe(numbers.length)
}

describe('a position that changes', () => {
  const amounts = fc.array(fc.integer({ min: 50, max: 90_000 }), { minLength: 1, maxLength: 4 })
  const plans = fc.record({
    amounts,
    others: fc.integer({ min: 0, max: 900 }),
    count: fc.constantFrom(0, 2, 3, 5, 12),
    withSingle: fc.boolean(),
    paid: fc.subarray([1, 2, 3]),
    next: fc.constantFrom('once', 'two', 'twelve', 'dates', 'amount'),
    by: fc.integer({ min: -40, max: 5_000 }),
  })

  it('keeps what was paid to the cent, and asks whole for the rest', () => {
    fc.assert(
      fc.property(plans, ({ amounts, others, count, withSingle, paid: which, next: how, by }) => {
        const debts = amounts.map((amount, i) => debtOf(i + 1, amount))
        const beside =
          others === 0
            ? []
            : [
                {
                  own: false,
                  stamp: false,
                  fiscalCode: OTHER,
                  iban: IBAN,
                  taxonomyCode: '9/0401104TS/',
                  remittance: 'x',
                  cents: cents(others),
                },
              ]
        const total = amounts.reduce((n, amount) => n + amount, others)
        const shares = debts.map((debt) => ({ ...debt, outstandingCents: debt.askedCents }))
        const planned = planPayments(shares, beside, 'Quota', termsOf(total, count, withSingle))
        if (planned === null) throw new Error('five transfers are enough here')
        const paid = count === 0 ? [] : which.filter((n) => n < count)
        const position = stored(planned, paid)
        const terms = (n: number) => ({ kind: 'rule' as const, rule: { ...PARTS, count: n, withSingle } })
        const changes: Record<string, PositionChange> = {
          once: { terms: { kind: 'once', dueDate: isoDate('2027-01-31') } },
          two: { terms: terms(2) },
          twelve: { terms: terms(12) },
          dates: { dueDate: { kind: 'shift', days: 10 } },
          amount: { amounts: new Map([[1, cents(Math.max(1, (amounts[0] as number) + by))]]) },
        }
        const revised = revisePosition(position, present(position, debts), changes[how] as PositionChange)
        if (typeof revised === 'string') {
          expect(['belowPaid', 'tooSmall']).toContain(revised)
          return
        }
        expectWhole(position, revised)
        const varied = sum(revised.variations.map((one) => one.cents))
        expect(revised.cents).toBe(total + varied)
        expect(how === 'amount' || varied === 0).toBe(true)
        const theirs = (of: readonly PlannedPayment[]) =>
          sum(of.flatMap((one) => one.transfers.filter((t) => t.beside !== undefined).map((t) => t.cents)))
        expect(theirs(revised.single ? [revised.single] : revised.installments)).toBe(others)
      }),
      { numRuns: 400 },
    )
  })

  it('asks no more than is left of an accertamento whose money came another way', () => {
    const debts = [debtOf(1, 10_000), debtOf(2, 5_000)]
    const shares = debts.map((debt) => ({ ...debt, outstandingCents: debt.askedCents }))
    const planned = planPayments(shares, [], 'Quota', termsOf(15_000, 3, false))
    const position = stored(planned as NonNullable<typeof planned>)
    const left = present(position, debts).map((d) => ({
      ...d,
      roomCents: cents(d.accertamentoId === 1 ? 4_000 : 5_000),
    }))
    const revised = revisePosition(position, left, { dueDate: { kind: 'shift', days: 5 } })
    expect(typeof revised === 'string' ? revised : revised.installments.map((one) => one.cents)).toEqual([
      3_000, 3_000, 3_000,
    ])
    const nothing = left.map((d) => ({ ...d, roomCents: 0 as Cents }))
    expect(revisePosition(position, nothing, {})).toBe('nothingLeft')
  })

  it('is not asked for again once it is paid in the other way', () => {
    const debts = [debtOf(1, 9_000)]
    const shares = debts.map((debt) => ({ ...debt, outstandingCents: debt.askedCents }))
    const planned = planPayments(shares, [], 'Quota', termsOf(9_000, 3, true))
    const both = stored(planned as NonNullable<typeof planned>)
    expect(openPaymentsOf(both)).toHaveLength(4)
    const paid = { ...both, single: { ...(both.single as StoredPayment), state: 'reported' as const } }
    expect(openPaymentsOf(paid)).toEqual([])
    expect(revisePosition(paid, present(paid, debts), { dueDate: { kind: 'shift', days: 1 } })).toBe('singlePaid')
    // Money that came the other way, after the first instalment, closes nothing.
    const late = {
      ...stored(planned as NonNullable<typeof planned>, [1]),
      single: { ...(paid.single as StoredPayment), otherOption: true },
    }
    expect(openPaymentsOf(late).map((one) => one.ordinal)).toEqual([2, 3])
  })
})

describe('dates of instalments', () => {
  it('fall on the last day of the month, and on the working day after a holiday', () => {
    const rule = { count: 4, firstDue: isoDate('2026-02-10'), everyMonths: 1 }
    expect(installmentDueDates({ ...rule, lastDay: true })).toEqual([
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
    ])
    // Saturday 28 February and Sunday 31 May.
    expect(installmentDueDates({ ...rule, lastDay: true, workingDay: true })).toEqual([
      '2026-03-02',
      '2026-03-31',
      '2026-04-30',
      '2026-06-01',
    ])
  })

  it.each([
    ['2026-04-04', '2026-04-07'],
    ['2026-04-25', '2026-04-27'],
    ['2026-06-02', '2026-06-03'],
    ['2026-12-24', '2026-12-24'],
    ['2026-12-25', '2026-12-28'],
    ['2027-10-04', '2027-10-05'],
    ['2025-10-03', '2025-10-03'],
  ])('the working day of %s is %s', (day, working) => {
    expect(nextWorkingDay(isoDate(day))).toBe(working)
  })
})
