import { call } from '@orpc/server'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { cents } from '#domain/money'
import { type Problem, problemText } from '#domain/problem'
import { accertamento } from '#services/accertamento'
import { book } from '#services/book'
import { exercise } from '#services/exercise'
import { causaleOf, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, ctx, office, refused } from './support/own-office.ts'

anOfficeForEachTest()
beforeEach(async () => {
  office.clock.ms = Date.parse('2027-01-15T08:00:00.000Z')
})

const F1 = '2026-12-31AAAAITM1XXX-0001'
const F2 = '2027-01-10AAAAITM1XXX-0002'

const checklist = (year = 2026) => call(exercise.checklist, { year }, ctx())
const notWell = async () =>
  (await checklist()).lines.flatMap((l) => (l.level === 'ok' ? [] : [`${l.check} ${l.level} ${l.count}`]))
const close = (acknowledged: string[] = [], year = 2026) =>
  call(exercise.close, { year, acknowledged: acknowledged as never }, ctx())
const residuiOf = async (year: number, by: 'capitolo' | 'accertamento' = 'capitolo') => {
  const list = await call(book.residui, { filters: { exercise: year, by } }, ctx())
  return list.rows.map((r) => [
    r.originYear,
    r.openingCents,
    r.variedCents,
    r.collectedCents,
    r.eliminatedCents,
    r.leftCents,
  ])
}

/** Example 9 of DOMAIN.md: a flow of 31 December, credited half on that day and half on 10 January. */
async function yearEnd() {
  const a1 = await office.quota(5000)
  const a2 = await office.quota(6000)
  await office.importFlows(
    flowOf(F1, [
      [a1.iuv, 5000],
      [a2.iuv, 6000],
    ]),
  )
  await office.loadStatement([
    ['2026-12-31', 4000, causaleOf(F1)],
    ['2027-01-10', 7000, causaleOf(F1)],
  ])
  return { a1, a2 }
}

describe('closing a year', () => {
  test('9: the money of January is collected in the new year on residui; the closing carries what was left', async () => {
    await yearEnd()
    await office.postAll()
    expect(await office.reversali()).toEqual(['1: 4000'])
    expect(await office.reversali(2027)).toEqual(['1: 7000'])
    expect(await notWell()).toEqual([])
    expect(await close()).toEqual({ year: 2026, residui: { count: 2, cents: 7000 } })
    expect(await residuiOf(2027)).toEqual([[2026, 7000, 0, 7000, 0, 0]])
    expect(await residuiOf(2027, 'accertamento')).toEqual([
      [2026, 1000, 0, 1000, 0, 0],
      [2026, 6000, 0, 6000, 0, 0],
    ])
    const list = await call(exercise.list, undefined, ctx())
    expect(list.find((e) => e.year === 2026)).toMatchObject({
      state: 'closed',
      closing: { operator: 'Segreteria', residui: { count: 2, cents: 7000 } },
    })
  })

  test('what is not posted is told, must be read, and goes into the next year', async () => {
    await yearEnd()
    expect(await notWell()).toEqual(['ready warning 1', 'credits warning 1'])
    await expect(close(['ready'])).rejects.toMatchObject(refused('CLOSING_CHANGED'))
    await close(['ready', 'credits'])
    await office.postAll([2026])
    expect(await office.reversali()).toEqual([])
    expect(await office.reversali(2027)).toEqual(['1: 11000'])
    expect(await residuiOf(2027)).toEqual([[2026, 11000, 0, 11000, 0, 0]])
  })

  test('an alarm of the year blocks; the lines of a closed year are kept against what comes later', async () => {
    const { a1, a2 } = await yearEnd()
    await office.postAll()
    const revised = flowOf(
      F1,
      [
        [a2.iuv, 6000],
        [a2.iuv, 5000],
      ],
      { dateTime: '2027-01-12T10:00:00' },
    )
    await office.importFlows(revised)
    expect((await office.ready()).alarms.length).toBeGreaterThan(0)
    await expect(close(['credits'])).rejects.toMatchObject(refused('CLOSING_BLOCKED'))
    expect(a1.iuv).not.toBe(a2.iuv)
  })

  test('late evidence after the closing leaves the closed books as they are', async () => {
    const a1 = await office.quota(5000)
    const a2 = await office.quota(5000)
    await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]))
    await office.loadStatement([['2026-12-31', 5000, causaleOf(F1)]])
    await office.postAll()
    await close()
    await office.importFlows(flowOf(F1, [[a2.iuv, 5000]], { dateTime: '2027-01-12T10:00:00' }))
    const ready = await office.ready()
    expect(ready.alarms).toEqual([])
    expect(ready.drafts).toEqual([])
    expect(await office.reversali()).toEqual(['1: 5000'])
    // A credit of December that comes late is collected in the year that is open.
    await office.importFlows(flowOf(F2, [[a2.iuv, 5000]]))
    await office.loadStatement([['2026-12-30', 5000, causaleOf(F2)]])
    await office.postAll([2026])
    expect(await office.reversali(2027)).toEqual(['1: 5000'])
    expect(await residuiOf(2027)).toEqual([[2026, 5000, 0, 5000, 0, 0]])
  })

  test('reopened and closed again, then approved for ever', async () => {
    await yearEnd()
    await close(['ready', 'credits'])
    await call(exercise.reopen, { year: 2026, reason: 'manca un incasso' }, ctx())
    await office.postAll()
    expect(await close()).toEqual({ year: 2026, residui: { count: 2, cents: 7000 } })
    await call(exercise.approve, { year: 2026, act: 'delibera 4/2027' }, ctx())
    const again = call(exercise.reopen, { year: 2026, reason: 'ripensamento' }, ctx())
    await expect(again).rejects.toMatchObject(refused('EXERCISE_CANNOT_MOVE'))
    expect((await checklist()).state).toBe('approved')
  })

  test('not before its end, not twice, not a year that is not there', async () => {
    office.clock.ms = Date.parse('2026-12-31T12:00:00.000Z')
    await expect(close()).rejects.toMatchObject(refused('CLOSING_BLOCKED'))
    office.clock.ms = Date.parse('2027-01-15T08:00:00.000Z')
    await close()
    const again: unknown = await close().catch((error: unknown) => error)
    expect(again).toMatchObject(refused('EXERCISE_CANNOT_MOVE'))
    const [why] = (again as { data: { problems: Problem[] } }).data.problems
    expect(problemText(why as Problem)).toContain('L’esercizio 2026 non si può chiudere: non è aperto.')
    await expect(close([], 2031)).rejects.toMatchObject(refused('EXERCISE_NOT_KNOWN'))
  })

  test('the next exercise is opened by the closing when it is not there', async () => {
    office.clock.ms = Date.parse('2028-01-15T08:00:00.000Z')
    await close()
    await expect(close([], 2027)).rejects.toMatchObject(refused('CLOSING_CHANGED'))
    await close(['next'], 2027)
    const list = await call(exercise.list, undefined, ctx())
    expect(list.map((e) => `${e.year} ${e.state}`)).toEqual([
      '2028 open',
      '2027 closed',
      '2026 closed',
      '2025 historical',
    ])
  })
})

describe('writing off residui', () => {
  const ids = (...of: Id<'accertamento'>[]) => ({ ids: of })
  const off = (selection: { ids: Id<'accertamento'>[] }, expected: number) =>
    call(
      accertamento.writeOff,
      { selection, exercise: 2027, reason: 'inesigibili', act: 'delibera 3/2027', expectedCents: cents(expected) },
      ctx(),
    )

  test('what is left of them, also of one collected in part; the register tells it from what was collected', async () => {
    const old = await office.raise(3000, { exercise: 2025 })
    const now = await office.raise(4000, { exercise: 2027 })
    await close()
    const choice = { selection: ids(old, now), exercise: 2027 }
    expect(await call(accertamento.writeOffPreview, choice, ctx())).toEqual({
      count: 1,
      cents: 3000,
      leftOut: [{ reason: 'Sono di competenza, non residui: si annullano', count: 1 }],
    })
    await expect(off(ids(old), 2999)).rejects.toMatchObject(refused('WRITE_OFF_CHANGED'))
    expect(await off(ids(old), 3000)).toEqual({ count: 1, cents: 3000 })
    expect(await residuiOf(2027)).toEqual([[2025, 3000, 0, 0, 3000, 0]])
    const kinds = await office.ledger.read((db) =>
      db.selectFrom('accertamentoVariation').select(['kind', 'act']).execute(),
    )
    expect(kinds).toEqual([{ kind: 'writeOff', act: 'delibera 3/2027' }])
  })

  test('a residuo that is cancelled is written off too: it asks for the act', async () => {
    const old = await office.raise(3000, { exercise: 2025 })
    const cancel = (act: string) =>
      call(accertamento.cancel, { selection: ids(old), reason: 'dimesso nel 2024', act }, ctx())
    await expect(cancel('')).rejects.toMatchObject(refused('BOOKS_ACT_MISSING'))
    await cancel('delibera 1/2027')
    expect(await residuiOf(2027)).toEqual([[2025, 3000, 0, 0, 3000, 0]])
  })

  test('what is cancelled in an exercise still open, or open again, is cancelled there and not carried', async () => {
    const [first, second] = [await office.raise(3000), await office.raise(2000)]
    const cancel = (id: Id<'accertamento'>) =>
      call(accertamento.cancel, { selection: ids(id), reason: 'non dovuto', act: '' }, ctx())
    await cancel(first)
    await close()
    expect(await residuiOf(2027)).toEqual([[2026, 2000, 0, 0, 0, 2000]])
    await expect(cancel(second)).rejects.toMatchObject(refused('BOOKS_ACT_MISSING'))
    await call(exercise.reopen, { year: 2026, reason: 'non dovuto' }, ctx())
    await cancel(second)
    expect(await close()).toEqual({ year: 2026, residui: { count: 0, cents: 0 } })
    const variations = await office.ledger.read((db) =>
      db.selectFrom('accertamentoVariation').select(['exercise', 'date', 'kind']).execute(),
    )
    expect(variations).toEqual([
      { exercise: 2026, date: '2026-12-31', kind: 'cancellation' },
      { exercise: 2026, date: '2026-12-31', kind: 'cancellation' },
    ])
  })

  test('in a closed exercise nothing is written off', async () => {
    const old = await office.raise(3000, { exercise: 2025 })
    await close()
    const choice = { selection: ids(old), exercise: 2026 }
    await expect(call(accertamento.writeOffPreview, choice, ctx())).rejects.toMatchObject(refused('EXERCISE_NOT_OPEN'))
  })
})
