import { describe, expect, it } from 'vitest'
import { asId } from '#domain/brand'
import { type IsoDate, isoDate } from '#domain/date'
import type { Iban } from '#domain/iban'
import { cents, sum } from '#domain/money'
import { type IssuableDebt, planPositions } from '../../src-main/domain/issuing.ts'

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

const apart = { dueDate: null, groupByPerson: false, groupDescription: 'Quote e diritti' }
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
    expect(first?.dueDate).toBe('2026-03-31')
    expect(first?.transfers.map((t) => [t.idTransfer, t.cents, t.taxonomyCode])).toEqual([
      [1, 31_500, '9/0401107TS/'],
      [2, 1_000, '9/0401108TS/'],
    ])
    expect(first?.transfers[0]?.allocations.map((a) => a.accertamentoId)).toEqual([
      old.accertamentoId,
      young.accertamentoId,
    ])
    for (const position of positions) {
      expect(sum(position.transfers.map((t) => t.cents))).toBe(position.cents)
      for (const t of position.transfers) expect(sum(t.allocations.map((a) => a.cents))).toBe(t.cents)
    }
  })

  it('joins the taxonomies of one account when they would be more than five, taking that of the largest', () => {
    const debts = [1, 2, 3, 4, 5, 6].map((n) => debt(1, n * 100, { taxonomyCode: `9/040110${n}TS/` }))
    const { positions } = planPositions(debts, grouped)
    expect(positions[0]?.transfers).toHaveLength(1)
    expect(positions[0]?.transfers[0]?.taxonomyCode).toBe('9/0401106TS/')
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
    expect(planPositions([bare], { ...apart, dueDate: due }).positions[0]?.dueDate).toBe(due)
    expect(planPositions([bare], apart).positions[0]?.dueDate).toBeNull()
    const own: IsoDate | null | undefined = planPositions([debt(1, 100)], { ...apart, dueDate: due }).positions[0]
      ?.dueDate
    expect(own).toBe('2026-03-31')
  })
})
