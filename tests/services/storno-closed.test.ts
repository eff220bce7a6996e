import { call } from '@orpc/server'
import { describe, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { cents } from '#domain/money'
import type { Act } from '#services/act'
import { exercise } from '#services/exercise'
import { reconciliation } from '#services/reconciliation'
import { reversale } from '#services/reversale'
import { causaleOf, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, ctx, office, refused } from './support/own-office.ts'

// What the books hold for good: a closed exercise, or a reversale kept by decision. Storni, decisions and undos leave it as
// it is, and a person is told.

anOfficeForEachTest()

const F1 = '2026-03-11AAAAITM1XXX-0001'
const decide = (...acts: Act[]) => call(reconciliation.decide, { acts, reason: 'prova' }, ctx())
const rows = async () => (await call(reconciliation.table, {}, ctx())).rows
const shown = async () => (await rows()).map((r) => `${r.kind} ${r.cents} ${r.label.code}`)

function movement(cents: number): Promise<Id<'bankMovement'>> {
  return office.ledger.read(async (db) => {
    const found = db.selectFrom('bankMovement').select('id')
    return (await found.where('cents', '=', cents as never).executeTakeFirstOrThrow()).id
  })
}

async function balance(cents: number) {
  const id = await movement(cents)
  const row = await office.ledger.read((db) =>
    db.selectFrom('movementBalance').selectAll().where('bankMovementId', '=', id).executeTakeFirstOrThrow(),
  )
  return [row.availableCents, row.matchedCents, row.regularisedCents]
}

async function closeYear(year = 2026) {
  office.clock.ms = Date.parse('2027-01-20T08:00:00.000Z')
  const { lines } = await call(exercise.checklist, { year }, ctx())
  await call(exercise.close, { year, acknowledged: lines.map((l) => l.check) }, ctx())
}

/** A quota of 50 paid by flow, posted. */
async function collected() {
  const quota = await office.quota(5000)
  await office.importFlows(flowOf(F1, [[quota.iuv, 5000]]))
  await office.loadStatement([['2026-03-12', 5000, causaleOf(F1)]])
  await office.postAll()
  return quota
}

describe('a storno of what stays in the books', () => {
  test('after the closing: the lines stay, the debit asks for a mandato, and leaves the table when excluded', async () => {
    await collected()
    await closeYear()
    await office.loadStatement([['2027-01-12', -5000, `STORNO ${causaleOf(F1)}`]])
    const [row] = await rows()
    expect(await shown()).toEqual(['debit -5000 STORNO_KEPT'])
    expect(row?.label).toMatchObject({ title: 'Da coprire con mandato', tone: 'bad' })
    expect(row?.label.text).toContain('L’accredito del 12/03/2026')
    expect(await balance(5000)).toEqual([5000, 5000, 5000])
    expect(row?.counterparts).toMatchObject([{ act: { kind: 'exclude', reason: 'Da coprire con mandato' } }])
    expect(row?.confirms).toBeNull()
    const [answer] = row?.counterparts ?? []
    await decide(answer?.act as Act)
    expect(await shown()).toEqual([])
    expect(await balance(5000)).toEqual([5000, 5000, 5000])
    expect((await office.ready()).alarms).toEqual([])
  })

  test('of part of the credit: what no line holds is taken back, the rest asks', async () => {
    const { iuv } = await office.quota(5000)
    const lost = await office.quota(3000)
    await office.importFlows(
      flowOf(F1, [
        [iuv, 5000],
        [lost.iuv, 4000],
      ]),
    )
    await office.loadStatement([['2026-03-12', 9000, causaleOf(F1)]])
    await office.postAll()
    await closeYear()
    await office.loadStatement([['2027-01-12', -9000, `STORNO ${causaleOf(F1)}`]])
    const debit = (await rows()).find((r) => r.kind === 'debit')
    expect(debit?.labels.map((l) => l.code)).toEqual(['STORNO_KEPT', 'STORNO'])
    expect(debit?.label.text).toContain('50,00')
  })

  test('of another account takes nothing: the credit is of the account that it came to', async () => {
    await collected()
    const postal = await office.write((db) => office.addAccount(db, 'Posta', 'postal'))
    await office.loadStatement([['2026-03-20', -5000, `GIRO ${causaleOf(F1)}`]], postal)
    expect(await balance(5000)).toEqual([5000, 5000, 5000])
    expect((await office.ready()).alarms).toEqual([])
    expect(await shown()).toEqual(['debit -5000 DEBIT'])
  })

  test('a sweep to the bank with the flow’s id is no storno: the postal collection stays, and the giroconto is proposed', async () => {
    const bank = office.account
    office.account = await office.write((db) => office.addAccount(db, 'Posta', 'postal'))
    await collected()
    await office.loadStatement([['2026-03-20', -5000, `GIRO ${causaleOf(F1)}`]])
    await office.loadStatement([['2026-03-23', 5000, `GIRO ${causaleOf(F1)}`]], bank)
    expect((await office.ready()).alarms).toEqual([])
    expect(await shown()).toEqual(['credit 5000 FLOW_ALREADY_CREDITED', 'debit -5000 DEBIT'])
    const debit = (await rows()).find((r) => r.kind === 'debit')
    const sweep = debit?.counterparts.find((c) => c.act.kind === 'internal')
    expect(sweep).toMatchObject({ title: expect.stringContaining('Accredito su'), date: '2026-03-23' })
    await decide(sweep?.act as Act)
    expect(await shown()).toEqual([])
    expect(await office.reversali()).toEqual(['1: 5000'])
  })

  test('that a person names, and of a reversale kept by decision in an open year', async () => {
    await collected()
    await office.loadStatement([['2026-03-20', -5000, 'ADDEBITO']])
    const act: Act = { kind: 'storno', bankMovementId: await movement(-5000), creditMovementId: await movement(5000) }
    await decide(act)
    expect(await shown()).toEqual(['alarm 5000 ALARM'])
    const reversaleId = 2_026_000_001 as Id<'reversale'>
    await decide({ kind: 'keepReversale', reversaleId })
    expect(await shown()).toEqual(['debit -5000 STORNO_KEPT'])
    await call(reversale.release, { id: reversaleId, reason: 'Da annullare' }, ctx())
    expect(await shown()).toEqual(['alarm 5000 ALARM'])
    await call(reversale.annul, { id: reversaleId, reason: 'Stornata' }, ctx())
    expect(await shown()).toEqual([])
    expect(await balance(5000)).toEqual([0, 0, 0])
  })
})

describe('decisions on money that a closed exercise has collected', () => {
  test('excluding, matching elsewhere or assigning it are refused, and told before; nothing changes', async () => {
    const paid = await collected()
    const other = await office.raise(7000)
    await closeYear()
    const bankMovementId = await movement(5000)
    const flow = await office.ledger.read((db) => db.selectFrom('reportingFlow').select('id').executeTakeFirstOrThrow())
    const acts: Act[] = [
      { kind: 'exclude', bankMovementIds: [bankMovementId] },
      { kind: 'match', bankMovementId, targets: [{ kind: 'accertamento', id: other, cents: cents(5000) }] },
      {
        ...{ kind: 'assignRow', reportingFlowId: flow.id, rowKey: `${paid.iuv}|IUR${paid.iuv}|1|1` },
        targets: [{ accertamentoId: other, cents: cents(5000) }],
      },
    ]
    for (const act of acts) {
      await expect(decide(act)).rejects.toMatchObject(refused('MATCH_IN_CLOSED'))
      const annul = call(reconciliation.decide, { acts: [act], reason: 'prova', annul: true }, ctx())
      await expect(annul).rejects.toMatchObject({
        data: { problems: [{ code: 'MATCH_IN_CLOSED', params: { reversali: '2026/1' } }] },
      })
      const told = call(reconciliation.consequences, { acts: [act], undo: [] }, ctx())
      await expect(told).rejects.toMatchObject(refused('MATCH_IN_CLOSED'))
    }
    expect(await balance(5000)).toEqual([5000, 5000, 5000])
    expect(await shown()).toEqual([])
  })

  test('the match by hand behind it is not undone, until the exercise is open again', async () => {
    const debt = await office.raise(5000)
    await office.loadStatement([['2026-03-12', 5000, 'BONIFICO DI UNA PERSONA']])
    const targets = [{ kind: 'accertamento' as const, id: debt, cents: cents(5000) }]
    const { decisionIds } = await decide({ kind: 'match', bankMovementId: await movement(5000), targets })
    await office.postAll()
    await closeYear()
    const undo = (annul: boolean) =>
      call(reconciliation.undo, { decisionIds, annul, reason: annul ? 'Non è suo' : '' }, ctx())
    await expect(undo(false)).rejects.toMatchObject(refused('MATCH_IN_CLOSED'))
    await expect(undo(true)).rejects.toMatchObject(refused('MATCH_IN_CLOSED'))
    expect(await balance(5000)).toEqual([5000, 5000, 5000])
    await call(exercise.reopen, { year: 2026, reason: 'Un errore' }, ctx())
    await expect(undo(false)).rejects.toMatchObject(refused('MATCH_POSTED'))
    expect((await undo(true)).annulled).toEqual(['2026/1'])
    expect(await balance(5000)).toEqual([5000, 0, 0])
  })

  test('cash received stays in the cash book with its reversale; of an open year it is given back on the day', async () => {
    const quota = await office.quota(5000)
    const cashAccountId = await office.write((db) => office.addAccount(db, 'Cassa', 'cash'))
    const paid: Act = {
      ...{ kind: 'paidOutside', debtPositionId: quota.positionId, document: 'Ricevuta 1', how: 'cash', cashAccountId },
      ...{ date: '2026-03-10' as IsoDate, cents: cents(5000) },
    }
    const { decisionIds } = await decide(paid)
    await office.postAll()
    await closeYear()
    const undo = (annul: boolean) =>
      call(reconciliation.undo, { decisionIds: decisionIds.slice(0, 1), annul, reason: 'Non ricevuto' }, ctx())
    await expect(undo(true)).rejects.toMatchObject(refused('MATCH_IN_CLOSED'))
    expect(await office.ledger.read((db) => db.selectFrom('bankMovement').select('cents').execute())).toEqual([
      { cents: 5000 },
    ])
    await call(exercise.reopen, { year: 2026, reason: 'Un errore' }, ctx())
    expect((await undo(true)).annulled).toEqual(['2026/1'])
    const cash = await office.ledger.read((db) =>
      db.selectFrom('bankMovement').select(['bookingDate', 'cents']).orderBy('id').execute(),
    )
    expect(cash).toEqual([
      { bookingDate: '2026-03-10', cents: 5000 },
      { bookingDate: '2027-01-20', cents: -5000 },
    ])
    expect(await balance(5000)).toEqual([0, 0, 0])
  })

  test('what the closed exercise does not hold is decided freely', async () => {
    await collected()
    await office.loadStatement([['2026-03-20', 700, 'INTERESSI']])
    await closeYear()
    const { decisionIds } = await decide({ kind: 'exclude', bankMovementIds: [await movement(700)] })
    await call(reconciliation.undo, { decisionIds }, ctx())
  })

  test('of a reversale kept by decision, the lines still supported are not lost in silence', async () => {
    const [a, b] = [await office.quota(5000), await office.quota(3000)]
    const flow = (rows: [string, number][], dateTime: string) => flowOf(F1, rows, { dateTime })
    await office.importFlows(
      flow(
        [
          [a.iuv, 5000],
          [b.iuv, 3000],
        ],
        '2026-03-11T09:00:00',
      ),
    )
    await office.loadStatement([['2026-03-12', 8000, causaleOf(F1)]])
    await office.postAll()
    const c = await office.quota(3000)
    await office.importFlows(
      flow(
        [
          [a.iuv, 5000],
          [c.iuv, 3000],
        ],
        '2026-03-12T09:00:00',
      ),
    )
    await decide({ kind: 'keepReversale', reversaleId: 2_026_000_001 as Id<'reversale'> })
    const act: Act = { kind: 'exclude', bankMovementIds: [await movement(8000)] }
    await expect(decide(act)).rejects.toMatchObject(refused('MATCH_POSTED'))
    const told = await call(reconciliation.consequences, { acts: [act], undo: [] }, ctx())
    expect(told.reversali.map((r) => r.name)).toEqual(['2026/1'])
  })
})
