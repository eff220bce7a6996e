import { describe, expect, it } from 'vitest'
import { asId } from '#domain/brand'
import { type IsoDate, isoDate } from '#domain/date'
import type { Iban } from '#domain/iban'
import { cents, sum } from '#domain/money'
import { fillInOrder } from '../../src-main/domain/fill-in-order.ts'
import { installmentDueDates } from '../../src-main/domain/installment-split.ts'
import { type IssuableDebt, type PlannedPayment, planPositions } from '../../src-main/domain/issuing.ts'

let next = 0
function debt(personId: number, amount: number, more: Partial<IssuableDebt> = {}): IssuableDebt {
  next += 1
  return {
    accertamentoId: asId<'accertamento'>(next),
    personId: asId<'person'>(personId),
    exercise: 2026,
    number: next,
    dueDate: isoDate('2026-03-31'),
    causale: `Quota ${next}`,
    outstandingCents: cents(amount),
    iban: 'IT60X0542811101000000123456' as Iban,
    taxonomyCode: '9/0401107TS/',
    ...more,
  }
}

const apart = { dueDate: null, groupByPerson: false, groupDescription: 'Quote e diritti', installments: null }
const grouped = { ...apart, groupByPerson: true }

describe('planPositions', () => {
  it('makes one position of each accertamento, in the order of the list', () => {
    const debts = [debt(2, 21_500), debt(1, 10_000), debt(2, 1_000)]
    const { positions } = planPositions(debts, apart)
    expect(positions.map((p) => [p.personId, p.cents, p.description])).toEqual([
      [2, 21_500, debts[0]?.causale],
      [1, 10_000, debts[1]?.causale],
      [2, 1_000, debts[2]?.causale],
    ])
  })

  it('groups by person, oldest debt first, and keeps both marginals', () => {
    const young = debt(1, 21_500)
    const old = debt(1, 10_000, { exercise: 2025, dueDate: isoDate('2025-03-31') })
    const fee = debt(1, 1_000, { taxonomyCode: '9/0401108TS/' })
    const { positions } = planPositions([young, old, fee, debt(2, 5)], grouped)
    expect(positions).toHaveLength(2)
    const [first] = positions
    expect(first?.description).toBe('Quote e diritti')
    expect(first?.cents).toBe(32_500)
    expect(first?.single?.dueDate).toBe('2026-03-31')
    expect(first?.installments).toEqual([])
    expect(first?.single?.transfers.map((t) => [t.idTransfer, t.cents, t.taxonomyCode])).toEqual([
      [1, 31_500, '9/0401107TS/'],
      [2, 1_000, '9/0401108TS/'],
    ])
    expect(first?.single?.transfers[0]?.allocations.map((a) => a.accertamentoId)).toEqual([
      old.accertamentoId,
      young.accertamentoId,
    ])
    for (const position of positions) {
      const { transfers = [] } = position.single ?? {}
      expect(sum(transfers.map((t) => t.cents))).toBe(position.cents)
      for (const t of transfers) expect(sum(t.allocations.map((a) => a.cents))).toBe(t.cents)
    }
  })

  it('joins the taxonomies of one account when they would be more than five, taking that of the largest', () => {
    const debts = [1, 2, 3, 4, 5, 6].map((n) => debt(1, n * 100, { taxonomyCode: `9/040110${n}TS/` }))
    const { positions } = planPositions(debts, grouped)
    expect(positions[0]?.single?.transfers).toHaveLength(1)
    expect(positions[0]?.single?.transfers[0]?.taxonomyCode).toBe('9/0401106TS/')
  })

  it('refuses a group on more than five accounts', () => {
    const debts = [1, 2, 3, 4, 5, 6].map((n) => debt(1, 100, { iban: `IT${n}` as Iban }))
    const plan = planPositions([...debts, debt(2, 7)], grouped)
    expect(plan.positions).toHaveLength(1)
    expect(plan.tooManyAccounts).toEqual([debts])
  })

  it('takes the due date of the parameters only where the accertamento has none', () => {
    const due = isoDate('2026-06-30')
    const bare = debt(1, 100, { dueDate: null })
    expect(planPositions([bare], { ...apart, dueDate: due }).positions[0]?.single?.dueDate).toBe(due)
    expect(planPositions([bare], apart).positions[0]?.single?.dueDate).toBeNull()
    const own: IsoDate | null | undefined = planPositions([debt(1, 100)], { ...apart, dueDate: due }).positions[0]
      ?.single?.dueDate
    expect(own).toBe('2026-03-31')
  })
})

const thrice = { count: 3, withSingle: true, firstDue: isoDate('2026-01-31'), everyMonths: 1 }
const imputed = (payment: PlannedPayment | null | undefined) =>
  (payment?.transfers ?? []).flatMap((t) => t.allocations.map((a) => [a.accertamentoId, a.cents]))

describe('instalments', () => {
  it('fall due on the same day every so many months, or on the last of a shorter one', () => {
    expect(installmentDueDates(thrice)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31'])
    const leap = { count: 5, firstDue: isoDate('2027-08-30'), everyMonths: 6 }
    expect(installmentDueDates(leap)).toEqual(['2027-08-30', '2028-02-29', '2028-08-30', '2029-02-28', '2029-08-30'])
    const years = { count: 3, firstDue: isoDate('2026-12-15'), everyMonths: 12 }
    expect(installmentDueDates(years)).toEqual(['2026-12-15', '2027-12-15', '2028-12-15'])
    const beyond = installmentDueDates({ ...years, firstDue: isoDate('9998-06-30') })
    expect(beyond).toEqual(['9998-06-30', '9999-06-30', '9999-12-31'])
  })

  it('are equal to the cent and extinguish the oldest debt first (DOMAIN.md §9.4)', () => {
    const quota = debt(1, 21_500)
    const old = debt(1, 10_000, { exercise: 2025 })
    const fee = debt(1, 1_000, { taxonomyCode: '9/0401108TS/', dueDate: isoDate('2026-06-30') })
    const { positions } = planPositions([quota, fee, old], { ...grouped, installments: thrice })
    const [position] = positions
    expect(positions).toHaveLength(1)
    expect(position?.single).toMatchObject({ cents: 32_500, dueDate: '2026-06-30' })
    expect(position?.installments.map((i) => [i.cents, i.dueDate])).toEqual([
      [10_834, '2026-01-31'],
      [10_833, '2026-02-28'],
      [10_833, '2026-03-31'],
    ])
    expect(position?.installments.map(imputed)).toEqual([
      [
        [old.accertamentoId, 10_000],
        [quota.accertamentoId, 834],
      ],
      [[quota.accertamentoId, 10_833]],
      [
        [quota.accertamentoId, 9_833],
        [fee.accertamentoId, 1_000],
      ],
    ])
    // Each instalment carries only the accounts and taxonomies of what it pays.
    expect(position?.installments.map((i) => i.transfers.map((t) => t.taxonomyCode))).toEqual([
      ['9/0401107TS/'],
      ['9/0401107TS/'],
      ['9/0401107TS/', '9/0401108TS/'],
    ])
  })

  it('may stand without a single payment, and are left out where one would be under a cent', () => {
    const only = { ...apart, installments: { ...thrice, withSingle: false } }
    const plan = planPositions([debt(1, 3), debt(2, 2)], only)
    expect(plan.positions.map((p) => [p.single, p.installments.map((i) => i.cents)])).toEqual([[null, [1, 1, 1]]])
    expect(plan.tooSmall.map((group) => group.map((d) => d.personId))).toEqual([[2]])
  })

  it('refuse no position for accounts that never meet in one instalment, unless it is also payable at once', () => {
    const debts = [1, 2, 3, 4, 5, 6].map((n) => debt(1, 100, { iban: `IT${n}` as Iban }))
    const halves = { ...thrice, count: 2 }
    expect(planPositions(debts, { ...grouped, installments: halves }).tooManyAccounts).toHaveLength(1)
    const only = planPositions(debts, { ...grouped, installments: { ...halves, withSingle: false } })
    expect(only.positions[0]?.installments.map((i) => i.transfers.map((t) => t.idTransfer))).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ])
  })

  it('hold both marginals to the cent for any debts and any number of instalments', () => {
    let state = 12_345
    const dice = (n: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return (state >>> 8) % n
    }
    for (let round = 0; round < 400; round += 1) {
      const debts = Array.from({ length: 1 + dice(6) }, () =>
        debt(1, 1 + dice(dice(2) === 0 ? 40 : 90_000), {
          exercise: 2024 + dice(3),
          taxonomyCode: `9/040110${dice(2)}TS/`,
          iban: `IT${dice(3)}` as Iban,
        }),
      )
      const count = 2 + dice(23)
      const rule = { ...thrice, count, withSingle: dice(2) === 0 }
      const { positions, tooSmall } = planPositions(debts, { ...grouped, installments: rule })
      const total = sum(debts.map((d) => d.outstandingCents))
      if (total < count) {
        expect([positions, tooSmall.length]).toEqual([[], 1])
        continue
      }
      const position = positions[0] as (typeof positions)[number]
      const { installments, single, accertamenti } = position
      expect(installments).toHaveLength(count)
      const amounts = installments.map((i) => i.cents)
      expect(sum(amounts)).toBe(total)
      expect(Math.max(...amounts) - Math.min(...amounts)).toBeLessThanOrEqual(1)
      expect(Math.min(...amounts)).toBeGreaterThan(0)
      for (const payment of [...installments, ...(single ? [single] : [])]) {
        expect(sum(payment.transfers.map((t) => t.cents))).toBe(payment.cents)
        expect(payment.transfers.length).toBeLessThanOrEqual(5)
        for (const t of payment.transfers) {
          expect(sum(t.allocations.map((a) => a.cents))).toBe(t.cents)
          expect(new Set(t.allocations.map((a) => a.accertamentoId)).size).toBe(t.allocations.length)
        }
      }
      // Each debt is extinguished whole, and none is touched before the older ones are.
      const left = new Map(debts.map((d) => [d.accertamentoId as number, d.outstandingCents as number]))
      for (const part of installments) {
        const order = imputed(part).sort(
          ([a = 0], [b = 0]) => accertamenti.indexOf(a as never) - accertamenti.indexOf(b as never),
        )
        for (const [id, amount] of order as unknown as [number, number][]) {
          for (const older of accertamenti.slice(0, accertamenti.indexOf(id as never))) expect(left.get(older)).toBe(0)
          left.set(id, (left.get(id) as number) - amount)
        }
      }
      expect([...left.values()].every((n) => n === 0)).toBe(true)
    }
  })
})

describe('fillInOrder', () => {
  it('pours slices into wants in order, and stops where one of them ends', () => {
    const c = (...n: number[]) => n.map(cents)
    expect(fillInOrder(c(100, 225), c(108, 217))).toEqual([
      { want: 0, slice: 0, cents: 100 },
      { want: 1, slice: 0, cents: 8 },
      { want: 1, slice: 1, cents: 217 },
    ])
    expect(fillInOrder(c(10, 10), c(5))).toEqual([{ want: 0, slice: 0, cents: 5 }])
    expect(fillInOrder(c(5), c(0, 10))).toEqual([{ want: 0, slice: 1, cents: 5 }])
    expect(fillInOrder([], c(10))).toEqual([])
  })
})
