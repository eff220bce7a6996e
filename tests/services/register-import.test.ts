import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { members, type Office, openOffice } from './office.ts'

let office: Office
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())

describe('importing a register', () => {
  it('raises accertamenti numbered in the open exercise', async () => {
    const token = await office.write(members(10))
    const summary = await office.read(token)
    expect(summary).toMatchObject({ state: 'pending', rows: 10, good: { count: 10 }, error: 0, already: 0 })
    expect(summary.problems).toEqual({ first: [], total: 0 })
    expect((await office.accertamenti()).count).toBe(0)
    const confirmed = await office.confirm(summary.id)
    expect(confirmed).toMatchObject({ exercise: 2026, firstNumber: 1, lastNumber: 10, people: 10, leftOut: 0 })
    const list = await office.accertamenti()
    expect(list.count).toBe(10)
    expect(list.totals.dueCents).toBe(list.rows.reduce((n, row) => n + row.dueCents, 0))
    expect(list.totals.dueCents).toBe(confirmed.accertamenti.cents)
    expect(await office.generate()).toMatchObject({ positions: { count: 10, cents: confirmed.accertamenti.cents } })
    const positions = await office.positions()
    expect(positions.count).toBe(10)
  })
})
