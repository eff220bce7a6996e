import { call } from '@orpc/server'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { cents } from '#domain/money'
import { bookRule } from '#services/book-rule'
import { exercise } from '#services/exercise'
import { person } from '#services/person'
import { reversale } from '#services/reversale'
import { causaleOf, drain, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, ctx, office, refused } from './support/own-office.ts'
import { keepMine } from './support/people.ts'

anOfficeForEachTest()

const F1 = '2026-03-11AAAAITM1XXX-0001'
const F2 = '2026-03-12AAAAITM1XXX-0002'
const R1 = 2026000001 as Id<'reversale'>
const RULES = {
  reversaleGrouping: 'flow',
  reversaleDate: 'bankDate',
  requireReceipt: false,
  annulExecuted: false,
  excessCapitolo: null,
  unidentifiedCapitolo: null,
} as const

/** Example 7: what was posted for A1 and A2 is, in a later version of the flow, of A2 and A3. */
async function revised() {
  const [a1, a2, a3] = [await office.quota(5000), await office.quota(3000), await office.quota(5000)]
  await office.importFlows(
    flowOf(F1, [
      [a1.iuv, 5000],
      [a2.iuv, 3000],
    ]),
  )
  await office.loadStatement([['2026-03-11', 8000, causaleOf(F1)]])
  await office.postAll()
  const version = [
    [a2.iuv, 3000],
    [a3.iuv, 5000],
  ] as const
  await office.importFlows(flowOf(F1, version, { dateTime: '2026-03-12T10:00:00' }))
  return { a1, a2, a3 }
}

const alarms = async () => (await office.ready()).alarms
const change = () => call(reversale.alarm, { id: R1 }, ctx())

describe('a reversale that the evidence left', () => {
  test('what annulling and issuing again changes is told line by line', async () => {
    await revised()
    expect((await alarms()).map((a) => [a.id, a.reversale])).toEqual([[R1, '2026/1']])
    const told = await change()
    expect(told).toMatchObject({ reversale: '2026/1', cents: 8000, nextCents: 8000, waitingCents: 0 })
    expect(told.lines.map((l) => [l.change, l.personName, l.cents])).toEqual([
      ['gone', 'Persona 001', 5000],
      ['new', 'Persona 003', 5000],
      ['same', 'Persona 002', 3000],
    ])
  })

  test('annulled and issued again in one act: the next number, nothing left to do', async () => {
    await revised()
    const { nextCents } = await change()
    const again = (expected: number) =>
      call(reversale.reissue, { id: R1, reason: 'flusso corretto', expectedCents: cents(expected) }, ctx())
    await expect(again(nextCents + 1)).rejects.toMatchObject(refused('POSTING_CHANGED'))
    expect(await office.reversali()).toEqual(['1: 8000'])
    expect(await again(nextCents)).toEqual({ annulled: '2026/1', issued: { count: 1, cents: 8000, first: '2026/2' } })
    expect(await office.reversali()).toEqual(['1: annullata', '2: 8000'])
    expect(await alarms()).toEqual([])
    expect(await office.postAll()).toBeNull()
  })

  test('kept, it is no alarm and the books stay; released, it is one again', async () => {
    await revised()
    await call(reversale.keep, { id: R1, reason: 'errore del PSP, già chiarito' }, ctx())
    expect(await alarms()).toEqual([])
    expect((await office.ready()).drafts).toEqual([])
    const one = await call(reversale.get, { id: R1 }, ctx())
    expect(one.kept).toMatchObject({ operator: 'Segreteria', reason: 'errore del PSP, già chiarito' })
    await expect(change()).rejects.toMatchObject(refused('REVERSALE_SUPPORTED'))
    await call(reversale.release, { id: R1, reason: 'ci ho ripensato' }, ctx())
    expect(await alarms()).toHaveLength(1)
    expect((await call(reversale.get, { id: R1 }, ctx())).kept).toBeNull()
    const twice = call(reversale.release, { id: R1, reason: 'ancora' }, ctx())
    await expect(twice).rejects.toMatchObject(refused('REVERSALE_NOT_KEPT'))
    // It can be kept again, and annulled though kept.
    await call(reversale.keep, { id: R1, reason: 'tenuta di nuovo' }, ctx())
    await call(reversale.annul, { id: R1, reason: 'annullata lo stesso' }, ctx())
    await office.postAll()
    expect(await office.reversali()).toEqual(['1: annullata', '2: 8000'])
  })

  test('one that stands is not to be decided about', async () => {
    const a1 = await office.quota(5000)
    await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]))
    await office.loadStatement([['2026-03-11', 5000, causaleOf(F1)]])
    await office.postAll()
    for (const act of [
      call(reversale.keep, { id: R1, reason: 'tanto per' }, ctx()),
      call(reversale.reissue, { id: R1, reason: 'tanto per', expectedCents: cents(5000) }, ctx()),
    ]) {
      await expect(act).rejects.toMatchObject(refused('REVERSALE_SUPPORTED'))
    }
  })

  test('a storno leaves nothing to issue: only the annulment', async () => {
    const a1 = await office.quota(5000)
    await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]))
    await office.loadStatement([['2026-03-11', 5000, causaleOf(F1)]])
    await office.postAll()
    await office.loadStatement([['2026-03-13', -5000, `STORNO ${causaleOf(F1)}`]])
    expect((await change()).lines.map((l) => l.change)).toEqual(['gone'])
    const done = await call(reversale.reissue, { id: R1, reason: 'storno', expectedCents: cents(0) }, ctx())
    expect(done.issued).toEqual({ count: 0, cents: 0, first: null })
    expect(await office.reversali()).toEqual(['1: annullata'])
  })
})

describe('carried out by the treasurer', () => {
  const execute = () =>
    office.write((db) =>
      db
        .insertInto('reversaleExecution')
        .values({
          ...{ reversaleId: R1, date: '2026-03-14' as IsoDate, quietanzaNumber: '77', bankStatementId: null },
          ...{ at: office.clock.now(), operator: 'prova' },
        })
        .execute(),
    )
  const annul = () => call(reversale.annul, { id: R1, reason: 'debitore sbagliato' }, ctx())

  test('on a treasury account it is not annulled, unless the rules say so; on a bank account it is', async () => {
    const treasury = await office.write((db) => office.addAccount(db, 'Tesoreria', 'treasury'))
    const a1 = await office.quota(5000)
    await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]))
    await office.loadStatement([['2026-03-11', 5000, causaleOf(F1)]], treasury)
    await office.postAll()
    await execute()
    expect((await call(reversale.get, { id: R1 }, ctx())).executedOn).toBe('2026-03-14')
    await expect(annul()).rejects.toMatchObject(refused('REVERSALE_EXECUTED'))
    await call(bookRule.save, { ...RULES, annulExecuted: true }, ctx())
    await annul()
    expect(await office.reversali()).toEqual(['1: annullata'])
  })

  test('a plain bank takes the annulment', async () => {
    const a1 = await office.quota(5000)
    await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]))
    await office.loadStatement([['2026-03-11', 5000, causaleOf(F1)]])
    await office.postAll()
    await execute()
    await annul()
    expect(await office.reversali()).toEqual(['1: annullata'])
  })
})

describe('posting', () => {
  const two = async () => {
    const [a1, a2] = [await office.quota(5000), await office.quota(3000)]
    await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]), flowOf(F2, [[a2.iuv, 3000]]))
    await office.loadStatement([
      ['2026-03-11', 5000, causaleOf(F1)],
      ['2026-03-12', 3000, causaleOf(F2)],
    ])
  }
  const post = async (over: { reportingFlowId?: Id<'reportingFlow'>; agreedLate?: number[] } = {}) => {
    const scope = { statementId: null, bankAccountId: null, reportingFlowId: over.reportingFlowId ?? null }
    const ready = await call(reversale.ready, scope, ctx())
    const order = { scope, keys: ready.drafts.map((d) => d.key), expectedCents: ready.totals.cents }
    return drain(await call(reversale.post, { ...order, agreedLate: over.agreedLate ?? [] }, ctx()))
  }

  test('one flow alone', async () => {
    await two()
    const flows = await office.ledger.read((db) => db.selectFrom('reportingFlow').select(['id', 'flowId']).execute())
    const second = flows.find((f) => f.flowId === F2)
    if (!second) throw new Error('no flow')
    await post({ reportingFlowId: second.id })
    expect(await office.reversali()).toEqual(['1: 3000'])
    await office.postAll()
    expect(await office.reversali()).toEqual(['1: 3000', '2: 5000'])
  })

  test('nothing while the quadratura does not square', async () => {
    await two()
    const run = (statement: string) => office.write((db) => sql.raw(statement).execute(db))
    await run(
      `CREATE TRIGGER "falso" AFTER INSERT ON "flowLabel" BEGIN UPDATE "flowLabel" SET "creditedCents" = NEW."creditedCents" - 1 WHERE "reportingFlowId" = NEW."reportingFlowId"; END`,
    )
    await expect(post()).rejects.toMatchObject(refused('POSTING_NOT_SQUARE'))
    expect(await office.reversali()).toEqual([])
    await run(`DROP TRIGGER "falso"`)
    await post()
    expect(await office.reversali()).toEqual(['1: 5000', '2: 3000'])
  })

  test('late credits of a closed exercise are asked about once, and the answer is remembered', async () => {
    office.clock.ms = Date.parse('2027-01-15T08:00:00.000Z')
    await two()
    await call(exercise.close, { year: 2026, acknowledged: ['ready', 'credits', 'statements'] }, ctx())
    const ready = await office.ready()
    expect(ready.late).toEqual([{ year: 2026, open: 2027, cents: 8000 }])
    await expect(post()).rejects.toMatchObject(refused('POSTING_LATE_CREDIT'))
    await post({ agreedLate: [2026] })
    expect(await office.reversali(2027)).toEqual(['1: 5000', '2: 3000'])
    const a3 = await office.quota(1000, { exercise: 2027 })
    const late = '2026-03-13AAAAITM1XXX-0003'
    await office.importFlows(flowOf(late, [[a3.iuv, 1000]]))
    await office.loadStatement([['2026-03-13', 1000, causaleOf(late)]])
    expect((await office.ready()).late).toEqual([])
    await office.postAll()
    const journal = await office.ledger.read((db) =>
      db.selectFrom('journalEntry').select('payloadJson').where('command', '=', 'reversale.post').execute(),
    )
    expect(journal.map((j) => (JSON.parse(j.payloadJson) as { agreedLate?: number[] }).agreedLate)).toEqual([
      [2026],
      undefined,
    ])
  })

  test('the rules of the books: by payer, and on the day of posting', async () => {
    const [a1, a2] = [await office.quota(5000), await office.quota(3000)]
    await office.importFlows(
      flowOf(F1, [
        [a1.iuv, 5000],
        [a2.iuv, 3000],
      ]),
    )
    await office.loadStatement([['2026-03-11', 8000, causaleOf(F1)]])
    expect(await call(bookRule.get, undefined, ctx())).toEqual(RULES)
    await call(bookRule.save, { ...RULES, reversaleGrouping: 'payer', reversaleDate: 'postingDay' }, ctx())
    expect((await office.ready()).drafts.map((d) => [d.cents, d.date])).toEqual([
      [5000, '2026-03-15'],
      [3000, '2026-03-15'],
    ])
    // Two who are one make one reversale.
    const owners = await office.ledger.read((db) =>
      db
        .selectFrom('accertamento')
        .where('id', 'in', [a1.accertamentoId, a2.accertamentoId])
        .select('personId')
        .execute(),
    )
    const [survivorId, otherId] = owners.map((row) => row.personId) as [Id<'person'>, Id<'person'>]
    await call(person.merge, { survivorId, otherId, keep: keepMine }, ctx())
    expect((await office.ready()).drafts.map((d) => d.cents)).toEqual([8000])
    await call(person.separate, { id: otherId }, ctx())
    await call(bookRule.save, { ...RULES, requireReceipt: true }, ctx())
    expect((await office.ready()).drafts).toEqual([])
    await call(bookRule.save, RULES, ctx())
    expect((await office.ready()).drafts).toHaveLength(1)
  })

  test('the treasurer’s number comes later, is corrected by another row and belongs to one credit', async () => {
    await two()
    const movements = await office.ledger.read((db) =>
      db.selectFrom('bankMovement').select('id').orderBy('id').execute(),
    )
    const [first, second] = movements.map((m) => m.id) as [Id<'bankMovement'>, Id<'bankMovement'>]
    const give = (bankMovementId: Id<'bankMovement'>, number: number | null) =>
      call(reversale.setProvvisorio, { bankMovementId, number }, ctx())
    await give(first, 12)
    await give(first, 14)
    await expect(give(second, 14)).rejects.toMatchObject(refused('PROVVISORIO_TAKEN'))
    await give(second, 12)
    const drafts = (await office.ready()).drafts
    expect(drafts.map((d) => d.lines[0]?.provvisorio)).toEqual(['14', '12'])
    const rows = await office.ledger.read((db) =>
      db.selectFrom('provvisorio').select(['number', 'annulledAt']).orderBy('id').execute(),
    )
    expect(rows.map((r) => [r.number, r.annulledAt !== null])).toEqual([
      [12, true],
      [14, false],
      [12, false],
    ])
    await give(first, null)
    expect((await office.ready()).drafts[0]?.lines[0]?.provvisorio).toBeNull()
    await office.loadStatement([
      ['2024-05-06', 700, 'DI UN ALTRO ANNO'],
      ['2026-03-13', -300, 'ADDEBITO'],
    ])
    const others = await office.ledger.read((db) =>
      db.selectFrom('bankMovement').select('id').where('id', '>', second).orderBy('cents', 'desc').execute(),
    )
    const [old, debit] = others.map((m) => m.id) as [Id<'bankMovement'>, Id<'bankMovement'>]
    await expect(give(old, 3)).rejects.toMatchObject(refused('PROVVISORIO_NO_EXERCISE'))
    await expect(give(debit, 3)).rejects.toMatchObject(refused('PROVVISORIO_OF_DEBIT'))
  })
})
