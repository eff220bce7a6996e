import { call } from '@orpc/server'
import { expect, test } from 'vitest'
import { type WritableFlow, writeReportingFlow } from '#codecs/flow-xml-write'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { cents } from '#domain/money'
import type { Act } from '#services/act'
import { reconcileNow } from '#services/reconcile-ledger'
import { reconciliation } from '#services/reconciliation'
import { reportingFlow } from '#services/reporting-flow'
import { rule } from '#services/rule'
import { causaleOf, drain, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, ctx, office, refused } from './support/own-office.ts'

// Each kind of decision through the procedures, on a real ledger: decided, undone, taken again, posted.

anOfficeForEachTest()

const F1 = '2026-03-11AAAAITM1XXX-0001'
const F2 = '2026-03-12AAAAITM1XXX-0002'

type Table = Awaited<ReturnType<typeof table>>
type Row = Table['rows'][number]

function table(input: { view?: 'toDecide' | 'matched' | 'uncredited' | 'ignored'; context?: typeof office.ctx } = {}) {
  const { context = office.ctx, ...rest } = input
  return call(reconciliation.table, rest, { context })
}

function decide(acts: Act[], more: { reason?: string; annul?: boolean } = {}, context = office.ctx) {
  return call(reconciliation.decide, { acts, reason: 'prova', ...more }, { context })
}

function undo(decisionIds: readonly Id<'decision'>[], more: { reason?: string; annul?: boolean } = {}) {
  return call(reconciliation.undo, { decisionIds: [...decisionIds], ...more }, ctx())
}

/** What the books should say, without the ids that depend on when things were said. */
async function lines(): Promise<string[]> {
  const books = await office.ledger.read(reconcileNow)
  const day = new Map(books?.input.movements.map((m) => [m.movementId, m.bookingDate]))
  return (books?.outcome.lines ?? [])
    .map((l) => `${day.get(l.movementId)} ${l.iuv ?? '-'} a${l.accertamentoId} ${l.cents}`)
    .sort()
}

/** Decided, undone, the undo taken back, undone again, decided anew: always the same lines. */
async function cycle(acts: Act[], after: readonly string[]): Promise<readonly Id<'decision'>[]> {
  const before = await lines()
  const { decisionIds } = await decide(acts)
  expect(await lines()).toEqual(after)
  expect(await office.equations()).toEqual([])
  const back = await undo(decisionIds)
  expect(await lines()).toEqual(before)
  const again = await undo(back.decisionIds)
  expect(await lines()).toEqual(after)
  await expect(undo(back.decisionIds)).rejects.toMatchObject(refused('DECISION_GONE'))
  const last = await undo(decisionIds)
  expect(await lines()).toEqual(before)
  expect(last.decisionIds).not.toEqual(again.decisionIds)
  expect(await office.equations()).toEqual([])
  const anew = await decide(acts)
  expect(await lines()).toEqual(after)
  return anew.decisionIds
}

async function movements() {
  return office.ledger.read((db) =>
    db.selectFrom('bankMovement').select(['id', 'cents', 'bookingDate']).orderBy('id').execute(),
  )
}

async function flowIdOf(name: string): Promise<Id<'reportingFlow'>> {
  const flows = await call(reportingFlow.list, { filters: { flowId: name } }, ctx())
  return flows.rows[0]?.id as Id<'reportingFlow'>
}

async function importXml(flow: WritableFlow, change: (xml: string) => string): Promise<void> {
  const xml = change(new TextDecoder().decode(writeReportingFlow(flow)))
  const token = await office.upload(`${flow.flowId}.xml`, new TextEncoder().encode(xml))
  const result = await drain(await call(reportingFlow.import, { tokens: [token] }, ctx()))
  expect(result.refused).toBe(0)
}

test('match: parts of one credit over two flows, a payment and an accertamento', async () => {
  const [a1, a2, a3] = [await office.quota(10000), await office.quota(20000), await office.quota(5000)]
  const debt = await office.raise(4000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 10000]]), flowOf(F2, [[a2.iuv, 20000]]))
  await office.loadStatement([['2026-03-13', 38000, 'GIRO INCASSI DIVERSI']])
  const [credit] = await movements()
  const bankMovementId = credit?.id as Id<'bankMovement'>
  const iuv = await office.ledger.read((db) =>
    db.selectFrom('installment').select('id').where('cents', '=', cents(5000)).executeTakeFirstOrThrow(),
  )
  const targets = [
    { kind: 'flow' as const, id: await flowIdOf(F1), cents: cents(10000) },
    { kind: 'flow' as const, id: await flowIdOf(F2), cents: cents(20000) },
    { kind: 'iuv' as const, id: iuv.id as number, cents: cents(5000) },
    { kind: 'accertamento' as const, id: debt as number, cents: cents(3000) },
  ]
  await cycle(
    [{ kind: 'match', bankMovementId, targets }],
    [
      `2026-03-13 - a${debt} 3000`,
      `2026-03-13 ${a1.iuv} a${a1.accertamentoId} 10000`,
      `2026-03-13 ${a2.iuv} a${a2.accertamentoId} 20000`,
      `2026-03-13 ${a3.iuv} a${a3.accertamentoId} 5000`,
    ],
  )
  const part = targets.map((t) => (t.kind === 'iuv' ? { ...t, cents: cents(4999) } : t))
  await expect(decide([{ kind: 'match', bankMovementId, targets: part }])).rejects.toMatchObject(
    refused('MATCH_IUV_WHOLE'),
  )
  const above = [{ ...(targets[0] as (typeof targets)[number]), cents: cents(10001) }]
  await expect(decide([{ kind: 'match', bankMovementId, targets: above }])).rejects.toMatchObject(
    refused('MATCH_EXCEEDS_FLOW'),
  )
  const twice = { kind: 'match' as const, bankMovementId, targets: targets.slice(0, 1) }
  await expect(decide([twice, twice])).rejects.toMatchObject(refused('DECISION_TWICE'))
  await office.postAll()
  expect((await office.reversali()).map((r) => r.split(': ')[1])).toEqual(['8000', '10000', '20000'])
})

test('exclude, storno and internal take a credit away and give it back', async () => {
  const [a1, a2] = [await office.quota(10000), await office.quota(20000)]
  const post = await office.write((db) => office.addAccount(db, 'Conto postale', 'postal'))
  await office.importFlows(flowOf(F1, [[a1.iuv, 10000]]), flowOf(F2, [[a2.iuv, 20000]]))
  await office.loadStatement([
    ['2026-03-12', 10000, causaleOf(F1)],
    ['2026-03-13', 20000, causaleOf(F2)],
    ['2026-03-14', -20000, 'RETTIFICA'],
  ])
  await office.loadStatement([['2026-03-12', -10000, 'PRELIEVO A FAVORE BANCA']], post)
  const all = await movements()
  const id = (amount: number, nth = 0) => all.filter((m) => m.cents === amount)[nth]?.id as Id<'bankMovement'>
  const l1 = `2026-03-12 ${a1.iuv} a${a1.accertamentoId} 10000`
  const l2 = `2026-03-13 ${a2.iuv} a${a2.accertamentoId} 20000`
  const undoIt = async (decisionIds: readonly Id<'decision'>[]) => {
    await undo(decisionIds)
    expect(await lines()).toEqual([l1, l2])
  }
  await undoIt(await cycle([{ kind: 'exclude', bankMovementIds: [id(10000), id(-20000)] }], [l2]))
  await undoIt(await cycle([{ kind: 'storno', bankMovementId: id(-20000), creditMovementId: id(20000) }], [l1]))
  await undoIt(await cycle([{ kind: 'internal', bankMovementId: id(10000), debitMovementId: id(-10000) }], [l2]))
  await decide([{ kind: 'internal', bankMovementId: id(10000), debitMovementId: id(-10000) }])
  await office.loadStatement([['2026-03-15', 10000, 'DA CONTO POSTALE']])
  const late = (await movements()).at(-1)?.id as Id<'bankMovement'>
  const taken: Act = { kind: 'internal', bankMovementId: late, debitMovementId: id(-10000) }
  await expect(decide([taken])).rejects.toMatchObject(refused('INTERNAL_TAKEN'))
  const wrong = { kind: 'internal' as const, bankMovementId: id(20000), debitMovementId: id(-10000) }
  await expect(decide([wrong])).rejects.toMatchObject(refused('INTERNAL_DIFFERS'))
  const back = { kind: 'storno' as const, bankMovementId: id(-10000), creditMovementId: id(20000) }
  await expect(decide([back])).rejects.toMatchObject(refused('STORNO_WRONG'))
  await expect(decide([{ kind: 'exclude', bankMovementIds: [id(20000)] }], { reason: '' })).rejects.toMatchObject(
    refused('DECISION_REASON_MISSING'),
  )
})

test('a flow whose sum differs is on the table; accepted it is worth its rows', async () => {
  const a1 = await office.quota(10000)
  await importXml(flowOf(F1, [[a1.iuv, 10000]]), (xml) => xml.replace(/(importoTotalePagamenti>)100\.00</, '$1101.00<'))
  await office.loadStatement([['2026-03-12', 10000, causaleOf(F1)]])
  const row = (await table()).rows.find((r) => r.kind === 'flow')
  expect(row?.label.code).toBe('FLOW_SUM_DIFFERS')
  const act = row?.counterparts[0]?.act as Act
  expect(act.kind).toBe('acceptFlow')
  await expect(decide([act], { reason: '' })).rejects.toMatchObject(refused('DECISION_REASON_MISSING'))
  await cycle([act], [`2026-03-12 ${a1.iuv} a${a1.accertamentoId} 10000`])
  const decided = (await table({ view: 'matched' })).rows.find((r) => r.kind === 'flow')
  expect(decided?.decisionIds).toHaveLength(1)
  await expect(decide([{ ...act, contentHash: '0'.repeat(64) } as Act])).rejects.toMatchObject(
    refused('FLOW_VERSION_GONE'),
  )
})

test('two versions of one date are in conflict until one is chosen', async () => {
  const [a1, a2] = [await office.quota(10000), await office.quota(10000)]
  await office.importFlows(flowOf(F1, [[a1.iuv, 10000]]))
  await office.importFlows(flowOf(F1, [[a2.iuv, 10000]]))
  await office.loadStatement([['2026-03-12', 10000, causaleOf(F1)]])
  const row = (await table()).rows.find((r) => r.kind === 'flow') as Extract<Row, { kind: 'flow' }>
  expect(row.label.code).toBe('FLOW_VERSION_CONFLICT')
  expect(row.versions).toHaveLength(2)
  expect(row.counterparts.map((c) => c.act.kind)).toEqual(['chooseVersion', 'chooseVersion'])
  const ids = await cycle([row.counterparts[1]?.act as Act], [`2026-03-12 ${a2.iuv} a${a2.accertamentoId} 10000`])
  await undo(ids)
  await cycle([row.counterparts[0]?.act as Act], [`2026-03-12 ${a1.iuv} a${a1.accertamentoId} 10000`])
})

test('of versions in conflict those of the last date may be chosen, not what they superseded', async () => {
  const quota = await office.quota(10000)
  for (const [amount, dateTime] of [
    [9000, '2026-03-10T09:00:00'],
    [10000, '2026-03-11T09:00:00'],
    [9500, '2026-03-11T09:00:00'],
  ] as const) {
    await office.importFlows(flowOf(F1, [[quota.iuv, amount]], { dateTime }))
  }
  const row = (await table()).rows.find((r) => r.kind === 'flow') as Extract<Row, { kind: 'flow' }>
  expect(row.versions).toHaveLength(3)
  expect(row.counterparts.map((c) => c.cents).sort()).toEqual([10000, 9500])
})

test('revocations confirmed row by row; the alarm that they raise can be kept, and its keeping undone', async () => {
  const debts = [await office.quota(5000), await office.quota(5000), await office.quota(5000)]
  const [a1, a2, a3] = debts.map((d) => d.iuv) as [string, string, string]
  await office.importFlows(
    flowOf(F1, [
      [a1, 5000],
      [a2, 5000],
    ]),
    flowOf(F2, [
      [a3, 8000],
      [a1, 5000, '3'],
    ]),
  )
  await office.loadStatement([
    ['2026-03-12', 10000, causaleOf(F1)],
    ['2026-03-13', 3000, causaleOf(F2)],
  ])
  const row = (await table()).rows.find((r) => r.kind === 'flow') as Extract<Row, { kind: 'flow' }>
  expect(row.label.code).toBe('FLOW_HAS_REVOCATION')
  expect(row.revocations).toMatchObject([{ iuv: a1, cents: 5000, personName: 'Persona 001' }])
  const act = row.counterparts[0]?.act as Act
  const undone = await cycle([act], [`2026-03-12 ${a2} a${debts[1]?.accertamentoId} 5000`])
  await undo(undone)
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 10000'])
  const told = await call(reconciliation.consequences, { acts: [act] }, ctx())
  expect(told).toMatchObject({ reversali: [{ name: '2026/1', cents: 10000, executedOn: null }], freedCents: 5000 })
  await decide([act])
  const alarm = (await table()).rows.find((r) => r.kind === 'alarm') as Extract<Row, { kind: 'alarm' }>
  expect(alarm).toMatchObject({ name: '2026/1', goneCents: 5000, cents: 10000 })
  const keep = alarm.counterparts[0]?.act as Act
  await expect(decide([keep], { reason: '' })).rejects.toMatchObject(refused('DECISION_REASON_MISSING'))
  const kept = await decide([keep], { reason: 'così vuole il presidente' })
  const calm = await table()
  expect(calm.kinds.alarm).toBe(0)
  const done = (await table({ view: 'matched' })).rows.find((r) => r.kind === 'alarm')
  expect(done?.decisionIds).toEqual(kept.decisionIds)
  await expect(decide([keep])).rejects.toMatchObject(refused('REVERSALE_SUPPORTED'))
  await undo(kept.decisionIds)
  expect((await table()).kinds.alarm).toBe(1)
  await decide([keep], { reason: 'così vuole il presidente' })
  expect((await table()).kinds.alarm).toBe(0)
})

async function giveBackPlace(): Promise<void> {
  await office.write(async (db) => {
    await db
      .insertInto('capitolo')
      .values({ code: '90.1', name: 'Somme da restituire', kind: 'partitaDiGiro' })
      .execute()
  })
}

test('a held payment goes to accertamenti, and what exceeds to «somme da restituire»', async () => {
  const a1 = await office.quota(5000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 8000]]))
  await office.loadStatement([['2026-03-12', 8000, causaleOf(F1)]])
  const held = (await table()).rows.find((r) => r.kind === 'flowRow') as Extract<Row, { kind: 'flowRow' }>
  expect(held).toMatchObject({ iuv: a1.iuv, personName: 'Persona 001', cents: 8000, confirms: null })
  expect(held.label.code).toBe('AMOUNT_DIFFERS')
  // Its debt alone cannot take it whole, and there is nowhere to raise the rest.
  expect(held.counterparts).toEqual([])
  const act: Extract<Act, { kind: 'assignRow' }> = {
    ...{ kind: 'assignRow', reportingFlowId: held.reportingFlowId, rowKey: held.rowKey },
    targets: [{ accertamentoId: a1.accertamentoId, cents: cents(5000) }],
  }
  await expect(decide([act])).rejects.toMatchObject(refused('ROW_NOT_WHOLE'))
  const more = await office.raise(3000, { sameAs: a1.accertamentoId })
  const both3 = { ...act, targets: [...act.targets, { accertamentoId: more, cents: cents(3000) }] }
  const line = `2026-03-12 ${a1.iuv} a${a1.accertamentoId} 5000`
  await undo(await cycle([both3], [line, `2026-03-12 ${a1.iuv} a${more} 3000`]))
  const above = { ...act, targets: [{ accertamentoId: a1.accertamentoId, cents: cents(8001) }] }
  await expect(decide([above])).rejects.toMatchObject(refused('ROW_EXCEEDS'))
  await expect(decide([{ ...act, rowKey: 'x|y|1|1' }])).rejects.toMatchObject(refused('FLOW_ROW_GONE'))

  const person = await office.ledger.read((db) => db.selectFrom('person').select('id').executeTakeFirstOrThrow())
  const whole = { ...act, excessTo: person.id }
  await expect(decide([whole])).rejects.toMatchObject(refused('EXCESS_CAPITOLO_MISSING'))
  await giveBackPlace()
  const first = await decide([whole])
  const both = await lines()
  expect(both.map((l) => l.split(' ').at(-1))).toEqual(['5000', '3000'])
  const back = await undo(first.decisionIds)
  expect(await lines()).toEqual([])
  await expect(undo(back.decisionIds)).rejects.toMatchObject(refused('DECISION_NOT_AGAIN'))
  const left = await office.ledger.read((db) =>
    db
      .selectFrom('accertamento')
      .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'accertamento.id')
      .select(['b.dueCents', 'b.state'])
      .orderBy('accertamento.id')
      .execute(),
  )
  expect(left).toEqual([
    { dueCents: 5000, state: 'outstanding' },
    { dueCents: 3000, state: 'outstanding' },
    { dueCents: 0, state: 'cancelled' },
  ])
  await decide([whole])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000', '2: 3000'])
  // The row's key outlives the version: the same row in a newer one is still assigned.
  await office.importFlows(flowOf(F1, [[a1.iuv, 8000]], { dateTime: '2026-03-13T10:00:00' }))
  expect((await table({ view: 'matched' })).rows.find((r) => r.kind === 'flowRow')?.label.code).toBe('ASSIGNED_BY_HAND')
  expect((await office.ready()).alarms).toEqual([])
})

test('paid outside pagoPA: cash enters the cash account and is collected; undone it goes out again', async () => {
  const cash = await office.write((db) => office.addAccount(db, 'Cassa', 'cash'))
  const a1 = await office.quota(5000)
  const act: Act = {
    kind: 'paidOutside',
    debtPositionId: a1.positionId,
    document: 'ricevuta 12',
    how: 'cash',
    cashAccountId: cash,
    date: '2026-03-14' as IsoDate,
    cents: null,
  }
  await expect(decide([{ ...act, cashAccountId: office.account }])).rejects.toMatchObject(refused('PAID_OUTSIDE_CASH'))
  await expect(decide([{ ...act, date: '2026-03-16' as IsoDate }])).rejects.toMatchObject(refused('PAID_OUTSIDE_DATE'))
  await expect(decide([{ ...act, cents: cents(5001) }])).rejects.toMatchObject(refused('MATCH_EXCEEDS_DEBT'))
  const line = `2026-03-14 - a${a1.accertamentoId} 5000`
  const first = await decide([act])
  expect(await lines()).toEqual([line])
  const state = () => office.ledger.read((db) => db.selectFrom('installmentState').select('state').executeTakeFirst())
  expect((await state())?.state).toBe('paidOutside')
  await undo(first.decisionIds)
  expect(await lines()).toEqual([])
  expect((await state())?.state ?? 'unpaid').toBe('unpaid')
  const sums = await office.ledger.read((db) => db.selectFrom('movementBalance').selectAll().execute())
  expect(sums.map((s) => s.availableCents)).toEqual([0, 0])
  const again = await decide([act])
  expect(await lines()).toEqual([line])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000'])
  await expect(undo(again.decisionIds)).rejects.toMatchObject(refused('MATCH_POSTED'))
  const told = await call(reconciliation.consequences, { undo: [...again.decisionIds] }, ctx())
  expect(told).toMatchObject({ reversali: [{ name: '2026/1' }], freedCents: 5000 })
  expect(await undo(again.decisionIds, { annul: true, reason: 'assegno a vuoto' })).toMatchObject({
    annulled: ['2026/1'],
  })
  expect(await office.reversali()).toEqual(['1: annullata'])
  const pos = { ...act, how: 'pos' as const, cashAccountId: null }
  await decide([pos])
  expect(await lines()).toEqual([])
  expect((await state())?.state).toBe('paidOutside')
})

async function truncated(flowId = F1, day = '2026-03-12', amount = 18000) {
  const a1 = await office.quota(amount)
  await office.importFlows(flowOf(flowId, [[a1.iuv, amount]]))
  await office.loadStatement([[day, amount, `BONIFICO /PUR/LGPE-RIVERSAMENTO/URI/${flowId.slice(0, 9)}`]])
  return a1
}

test('one exact proposal is what Invio confirms; two are for a person to pick', async () => {
  await truncated()
  const [row] = (await table()).rows
  expect(row).toMatchObject({ kind: 'credit', confirms: 0, leftCents: 18000 })
  expect(row?.counterparts[0]).toMatchObject({ level: 'truncated', title: F1, cents: 18000 })
  const rival = await office.quota(18000)
  await office.importFlows(flowOf('2026-03-11BBBBITM1XXX-0003', [[rival.iuv, 18000]]))
  const two = (await table()).rows[0]
  expect(two?.counterparts.map((c) => c.cents)).toEqual([18000, 18000])
  expect(two?.confirms).toBeNull()
  // Part of a flow named in full is told, never confirmed by itself.
  await office.loadStatement([['2026-03-14', 7000, causaleOf(F2)]])
  const big = await office.quota(9000)
  await office.importFlows(flowOf(F2, [[big.iuv, 9000]]))
  const part = (await table()).rows.find((r) => r.cents === 7000)
  expect(part?.label.code).toBe('PARTLY_CREDITED')
  expect(part?.counterparts[0]).toMatchObject({ level: 'exact', title: F2 })
  expect(part?.confirms).toBeNull()
})

test('what was posted is told before, then annulled in the same write, or nothing happens at all', async () => {
  const a1 = await truncated()
  const [row] = (await table()).rows
  const act = row?.counterparts[0]?.act as Act
  const { decisionIds } = await decide([act])
  await office.postAll()
  await expect(undo(decisionIds)).rejects.toMatchObject({
    data: { problems: [{ code: 'MATCH_POSTED', params: { reversali: '2026/1' } }] },
  })
  const told = await call(reconciliation.consequences, { undo: [...decisionIds] }, ctx())
  expect(told).toEqual({
    reversali: [{ reversaleId: 2026000001, name: '2026/1', cents: 18000, executedOn: null }],
    freedCents: 18000,
  })
  const bankMovementId = row?.subject.kind === 'movement' ? row.subject.bankMovementId : (0 as never)
  const away: Act = { kind: 'exclude', bankMovementIds: [bankMovementId] }
  await expect(decide([away])).rejects.toMatchObject(refused('MATCH_POSTED'))
  await expect(undo(decisionIds, { annul: true, reason: 'x' })).rejects.toMatchObject(
    refused('DECISION_REASON_MISSING'),
  )
  expect(await office.reversali()).toEqual(['1: 18000'])

  // The power goes out after the annulment, before the commit.
  const { ledger } = office
  const broken = {
    ...office.ctx,
    ledger: Object.create(ledger, {
      write: {
        value: (command: never, fn: (db: never) => Promise<unknown>) =>
          ledger.write(command, async (db) => {
            await fn(db as never)
            throw new Error('the light went out')
          }),
      },
    }),
  }
  const dark = call(
    reconciliation.undo,
    { decisionIds: [...decisionIds], annul: true, reason: 'abbinato per sbaglio' },
    { context: broken },
  )
  await expect(dark).rejects.toThrow()
  expect(await office.reversali()).toEqual(['1: 18000'])
  expect((await table({ view: 'matched' })).rows[0]?.decisionIds).toEqual(decisionIds)
  expect(await office.equations()).toEqual([])

  const done = await undo(decisionIds, { annul: true, reason: 'abbinato per sbaglio' })
  expect(done.annulled).toEqual(['2026/1'])
  expect(await office.reversali()).toEqual(['1: annullata'])
  expect(await lines()).toEqual([])
  expect((await table()).rows).toHaveLength(1)
  const again = await decide([act])
  expect(await lines()).toEqual([`2026-03-12 ${a1.iuv} a${a1.accertamentoId} 18000`])
  await office.postAll()
  expect(await decide([away], { annul: true, reason: 'non è nostro' })).toMatchObject({ annulled: ['2026/2'] })
  expect(await office.reversali()).toEqual(['1: annullata', '2: annullata'])
  expect(again.decisionIds).toHaveLength(1)
})

test('Ctrl Z takes back what this operator did since the program was opened, skips too, nobody else’s', async () => {
  await office.loadStatement([
    ['2026-03-12', 7000, causaleOf(F1)],
    ['2026-03-13', 8000, causaleOf(F2)],
  ])
  const rows = (await table()).rows
  const [one, two] = rows.map((r) => (r.kind === 'credit' ? r.bankMovementId : (0 as never)))
  const colleague = { ...office.ctx, operator: 'Tesoriera' }
  expect((await table()).lastAct).toBeNull()
  const mine = await decide([{ kind: 'exclude', bankMovementIds: [one as Id<'bankMovement'>] }])
  const skip: Act = { kind: 'skip', subject: { kind: 'movement', bankMovementId: two as Id<'bankMovement'> } }
  const theirs = await decide([skip], {}, colleague)
  expect((await table()).lastAct).toEqual({
    decisionIds: mine.decisionIds,
    text: 'Escluso l’accredito del 12/03/2026 di 70,00',
  })
  expect((await table()).rows[0]?.skippedToday).toBe(true)
  const seen = await table({ context: colleague })
  expect(seen.lastAct).toEqual({
    decisionIds: theirs.decisionIds,
    text: 'Rimandato l’accredito del 13/03/2026 di 80,00',
  })
  await undo(theirs.decisionIds)
  expect((await table({ context: colleague })).lastAct).toBeNull()
  expect((await table()).rows[0]?.skippedToday).toBe(false)
  const more = await decide([skip])
  expect((await table()).lastAct?.decisionIds).toEqual(more.decisionIds)
  await undo(more.decisionIds)
  expect((await table()).lastAct?.decisionIds).toEqual(mine.decisionIds)
  await undo(mine.decisionIds)
  expect((await table()).lastAct).toBeNull()
})

test('debits that found no credit, storni that exceed and duplicates reach the table', async () => {
  const a1 = await office.quota(5000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]))
  await office.loadStatement([
    ['2026-03-12', 5000, causaleOf(F1)],
    ['2026-03-13', -3000, causaleOf(F2)],
    ['2026-03-14', -5000, 'COMPENSO'],
    ['2026-03-14', 5000, causaleOf(F1)],
  ])
  const page = await table()
  const shown = page.rows.map((r) => `${r.kind} ${r.cents} ${r.label.code}`).sort()
  expect(shown).toEqual(['credit 5000 FLOW_ALREADY_CREDITED', 'debit -3000 STORNO_EXCEEDS'])
  expect(page.rows.find((r) => r.kind === 'credit')?.confirms).toBeNull()
  const again = await office.quota(5000)
  await office.importFlows(
    flowOf(F2, [
      [again.iuv, 5000],
      [a1.iuv, 5000],
    ]),
  )
  await office.loadStatement([['2026-03-15', 10000, causaleOf(F2)]])
  const held = (await table()).rows.find((r) => r.kind === 'flowRow')
  expect(held?.label.code).toBe('DUPLICATE_PAYMENT')
  expect((await table()).counts.toDecide).toBe(3)
})

test('notes, assignments and history of movements, flows, rows and reversali', async () => {
  const a1 = await truncated()
  const [row] = (await table()).rows
  const subject = row?.subject as Row['subject']
  const note = (of: Row['subject'], text: string, assignee: string | null = null) =>
    call(reconciliation.note, { subject: of, text, assignee }, ctx())
  expect(await note(subject, 'chiedere alla banca', 'Tesoriera')).toEqual({ notes: 1, assignee: 'Tesoriera' })
  expect(await note(subject, 'chiesto il 15')).toEqual({ notes: 2, assignee: 'Tesoriera' })
  const mine = await call(reconciliation.table, { assignee: 'Tesoriera' }, ctx())
  expect(mine).toMatchObject({ count: 1, assignees: ['Tesoriera'] })
  expect(mine.rows[0]).toMatchObject({ notes: 2, assignee: 'Tesoriera' })
  await call(reconciliation.assign, { subjects: [subject], assignee: null }, ctx())
  expect((await table()).rows[0]).toMatchObject({ notes: 2, assignee: null })
  const { decisionIds } = await decide([row?.counterparts[0]?.act as Act], { reason: 'lo dice la banca' })
  await office.postAll()
  await undo(decisionIds, { annul: true, reason: 'si era sbagliata' })
  const said = async (of: Row['subject']) =>
    (await call(reconciliation.history, { subject: of }, ctx())).map((f) => f.text).reverse()
  const story = await said(subject)
  expect(story).toContain('Letto nell’estratto conto «estratto.csv»')
  expect(story).toContain('Abbinato a mano: lo dice la banca')
  expect(story).toContain(`Abbinato per decisione con ${F1}: 180,00`)
  expect(story).toContain('Reversale 1/2026 del 12/03/2026: riscossi 180,00')
  expect(story).toContain('Reversale 1/2026 annullata: si era sbagliata')
  expect(story).toContain('Disfatto «abbinato a mano»: si era sbagliata')
  expect(story).toContain('Nota: chiesto il 15')
  expect(story).toContain('Di nessuno')
  const reportingFlowId = await flowIdOf(F1)
  const flowStory = await said({ kind: 'flow', reportingFlowId })
  expect(flowStory[0]).toMatch(/^Arrivato: flusso del 2026-03-11T09:00:00/)
  expect(flowStory).toContain('Abbinato a mano: lo dice la banca')
  expect(flowStory).toContain('Non più abbinato con l’accredito del 12/03/2026')
  const rowKey = `${a1.iuv}|IUR${a1.iuv}|1|1`
  const ofRow = { kind: 'flowRow' as const, reportingFlowId, rowKey }
  await note(ofRow, 'ha pagato due volte?')
  await office.importFlows(flowOf(F1, [[a1.iuv, 18000]], { dateTime: '2026-03-13T10:00:00' }))
  const notes = await call(reconciliation.notes, { subject: ofRow }, ctx())
  expect(notes.notes.map((n) => n.text)).toEqual(['ha pagato due volte?'])
  expect(await said(ofRow)).toContain('Reversale 1/2026 del 12/03/2026: riscossi 180,00')
  const ofReversale = { kind: 'reversale' as const, reversaleId: 2026000001 as Id<'reversale'> }
  expect(await said(ofReversale)).toContain('Reversale 1/2026 annullata: si era sbagliata')
  await expect(said({ kind: 'receipt', receiptId: 99 as Id<'receipt'> })).resolves.toEqual([])
  await expect(note({ kind: 'receipt', receiptId: 99 as Id<'receipt'> }, 'boh')).rejects.toMatchObject(
    refused('SUBJECT_GONE'),
  )
})

test('the same act three times offers a rule; accepted it proposes, it never matches', async () => {
  const rent = (month: string) => `BONIFICO DISPOSTO DA CIRCOLO SCACCHI AFFITTO SALA ${month}`
  await office.loadStatement([
    ['2026-01-12', 7000, rent('GENNAIO 2026')],
    ['2026-02-12', 7000, rent('FEBBRAIO 2026')],
    ['2026-03-12', 7100, rent('MARZO 2026')],
    ['2026-03-13', 7000, 'BONIFICO DISPOSTO DA ALTRI'],
    ['2026-03-14', 7200, rent('APRILE 2026')],
  ])
  const ids = (await movements()).map((m) => m.id)
  const reason = 'Affitto della sala'
  const exclude = (i: number) =>
    decide([{ kind: 'exclude', bankMovementIds: [ids[i] as Id<'bankMovement'>] }], { reason })
  const first = await exclude(0)
  await exclude(1)
  expect(await call(rule.offered, undefined, ctx())).toEqual([])
  await exclude(2)
  const [offered] = await call(rule.offered, undefined, ctx())
  expect(offered).toMatchObject({
    question: 'Sempre così per «AFFITTO CIRCOLO SALA SCACCHI» su Banca di Vallombra?',
    action: 'Escludi: Affitto della sala',
    waiting: 1,
  })
  expect((await table()).counts.toDecide).toBe(0)
  const id = offered?.id as Id<'learnedRule'>
  await call(rule.accept, { id }, ctx())
  await expect(call(rule.accept, { id }, ctx())).rejects.toMatchObject(refused('RULE_GONE'))
  const page = await table()
  expect(page.rows).toHaveLength(1)
  expect(page.rows[0]).toMatchObject({ cents: 7200, confirms: 0 })
  expect(page.rows[0]?.counterparts[0]).toMatchObject({ level: 'rule', title: 'Escludi: Affitto della sala' })
  expect((await table({ view: 'matched' })).counts.matched).toBe(0)
  await decide([page.rows[0]?.counterparts[0]?.act as Act], { reason: '' })
  expect((await table()).counts).toMatchObject({ toDecide: 0, ignored: 5 })
  expect(await call(rule.offered, undefined, ctx())).toEqual([])
  await undo(first.decisionIds)
  expect((await table()).counts.toDecide).toBe(1)
  await call(rule.remove, { id }, ctx())
  expect((await table()).counts.toDecide).toBe(0)
})

test('«Cerca altro»: by dates, by the reference of a MAV, for a held payment, for a debit', async () => {
  const debt = await office.write(async (db) => {
    const id = await db.selectFrom('serviceType').select('id').executeTakeFirstOrThrow()
    const person = await db
      .insertInto('person')
      .values({
        ...{ kind: 'F', fiscalCode: null, vatNumber: null, name: 'Zenobia Falsaperla', category: 'professionista' },
        ...{ mergedIntoId: null, searchKey: 'zenobia falsaperla' },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const row = await db
      .insertInto('accertamento')
      .values({
        ...{ exercise: 2026, number: 1, date: '2026-02-02' as IsoDate, capitoloId: office.quote, personId: person.id },
        ...{ serviceTypeId: id.id, competenceYear: 2026, causale: 'Quota', assessedCents: cents(6000) },
        ...{ dueDate: '2026-04-30' as IsoDate, externalReference: 'MAV-00998877', importRowId: null },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return row.id
  })
  await office.loadStatement([
    ['2026-03-10', 6000, 'INCASSO MAV'],
    ['2026-03-12', -6000, 'RETTIFICA INCASSO'],
  ])
  const all = await movements()
  const of = (amount: number) => ({
    kind: 'movement' as const,
    bankMovementId: all.find((m) => m.cents === amount)?.id as Id<'bankMovement'>,
  })
  const find = (subject: Row['subject'], more: Record<string, unknown> = {}) =>
    call(reconciliation.find, { subject, ...more }, ctx())
  const byReference = await find(of(6000), { text: '00998877' })
  expect(byReference.map((c) => c.title)).toEqual(['Zenobia Falsaperla'])
  expect(byReference[0]?.act).toMatchObject({ kind: 'match', targets: [{ kind: 'accertamento', id: debt }] })
  expect(await find(of(6000), { text: '2026/1' })).toHaveLength(1)
  expect(await find(of(6000), { text: 'ZENOBIA' })).toHaveLength(1)
  expect(await find(of(6000), { dateTo: '2026-04-29' })).toEqual([])
  expect(await find(of(6000), { dateFrom: '2026-04-30', dateTo: '2026-04-30' })).toHaveLength(1)
  const storni = await find(of(-6000))
  expect(storni.map((c) => c.act.kind)).toEqual(['storno'])
})

test('a thousand acts are one write and one reconciliation: all of them or none', async () => {
  const rows = Array.from({ length: 1000 }, (_, i) => ['2026-03-12', 1000 + i, `ACCREDITO DIVERSO ${i}`] as const)
  await office.loadStatement(rows)
  const ids = (await movements()).map((m) => m.id)
  const acts = ids.map((id): Act => ({ kind: 'exclude', bankMovementIds: [id] }))
  await expect(decide([...acts.slice(0, 999), { ...(acts[0] as Act) }])).rejects.toMatchObject(
    refused('DECISION_TWICE'),
  )
  expect((await table()).lastAct).toBeNull()
  const before = await office.ledger.revision()
  const { decisionIds, decided } = await decide(acts, { reason: 'altre entrate' })
  expect(decided).toBe(1000)
  expect(decisionIds).toHaveLength(1000)
  expect(await office.ledger.revision()).toBe(before + 1)
  expect((await table()).lastAct?.text).toBe('1000 decisioni')
  await undo(decisionIds)
  expect((await table({ view: 'ignored' })).rows.every((r) => r.label.code === 'NO_REFERENCE')).toBe(true)
})

test('rules for a payer and for a giroconto propose their debt and their debit', async () => {
  const cash = await office.write((db) => office.addAccount(db, 'Conto postale', 'postal'))
  const debts: Id<'accertamento'>[] = []
  for (const amount of [5000, 5100, 5200, 5300]) debts.push(await office.raise(amount))
  const owner = await office.ledger.read((db) =>
    db
      .selectFrom('accertamento')
      .select('personId')
      .where('id', '=', debts[0] as never)
      .executeTakeFirstOrThrow(),
  )
  // One payer, four years of quotas, always with the same words.
  const raised = await office.write(async (db) => {
    const ids: Id<'accertamento'>[] = []
    for (const amount of [6000, 6100, 6200, 6300]) {
      const { id: _, ...first } = await db
        .selectFrom('accertamento')
        .selectAll()
        .where('id', '=', debts[0] as never)
        .executeTakeFirstOrThrow()
      const last = await db
        .selectFrom('accertamento')
        .select((eb) => eb.fn.max('number').as('n'))
        .executeTakeFirst()
      const row = await db
        .insertInto('accertamento')
        .values({ ...first, number: Number(last?.n) + 1, assessedCents: cents(amount) })
        .returning('id')
        .executeTakeFirstOrThrow()
      ids.push(row.id)
    }
    return ids
  })
  const days = ['2026-02-10', '2026-02-11', '2026-02-12', '2026-02-13']
  await office.loadStatement([
    ...days.map((day, i) => [day, 6000 + i * 100, `BONIFICO STUDIO FALSAPERLA ASSOCIATI N. ${i}`] as const),
    ...days.map((day, i) => [day, 70000 + i, `SVUOTAMENTO CONTO POSTALE VALLOMBRA ${i}`] as const),
  ])
  await office.loadStatement(
    days.map((day, i) => [day, -70000 - i, `TRASFERIMENTO ${i}`] as const),
    cash,
  )
  const all = await movements()
  const id = (amount: number) => all.find((m) => m.cents === amount)?.id as Id<'bankMovement'>
  for (const i of [0, 1, 2]) {
    const amount = cents(6000 + i * 100)
    const targets = [{ kind: 'accertamento' as const, id: raised[i] as number, cents: amount }]
    await decide([{ kind: 'match', bankMovementId: id(amount), targets }])
    await decide([{ kind: 'internal', bankMovementId: id(70000 + i), debitMovementId: id(-70000 - i) }])
  }
  const offered = await call(rule.offered, undefined, ctx())
  expect(offered.map((r) => [r.action, r.waiting])).toEqual([
    ['Attribuisci a Persona 001', 1],
    ['Giroconto da Conto postale', 1],
  ])
  expect((await table()).counts.toDecide).toBe(0)
  for (const { id } of offered) await call(rule.accept, { id }, ctx())
  const page = await table()
  expect(page.rows.map((r) => [r.cents, r.confirms, r.counterparts[0]?.level, r.counterparts[0]?.act])).toEqual([
    [
      6300,
      0,
      'rule',
      {
        kind: 'match',
        bankMovementId: id(6300),
        targets: [{ kind: 'accertamento', id: raised[3], cents: 6300 }],
      },
    ],
    [70003, 0, 'rule', { kind: 'internal', bankMovementId: id(70003), debitMovementId: id(-70003) }],
  ])
  expect(owner.personId).toBe(1)
  await decide(page.rows.map((r) => r.counterparts[0]?.act as Act))
  expect((await table()).counts.toDecide).toBe(0)
  expect((await table()).lastAct?.text).toBe('2 decisioni')
})

test('decided and undone at random, the lines depend only on what stands', async () => {
  const debts = []
  for (let i = 0; i < 6; i++) debts.push(await office.quota(1000 * (i + 1)))
  const flows = debts.map((d, i) => flowOf(`2026-03-1${i}AAAAITM1XXX-000${i}`, [[d.iuv, 1000 * (i + 1)]]))
  await office.importFlows(...flows)
  await office.loadStatement([
    ...flows.map((f, i) => [`2026-03-1${i}`, 1000 * (i + 1), i % 2 ? causaleOf(f.flowId) : `SENZA NOME ${i}`] as const),
    ['2026-03-16', -2000, 'RETTIFICA'],
  ])
  const all = await movements()
  const id = (amount: number) => all.find((m) => m.cents === amount)?.id as Id<'bankMovement'>
  const acts: Act[] = [
    ...(await Promise.all(
      flows.map(async (f, i): Promise<Act> => {
        const amount = cents(1000 * (i + 1))
        const targets = [{ kind: 'flow' as const, id: await flowIdOf(f.flowId), cents: amount }]
        return { kind: 'match', bankMovementId: id(amount), targets }
      }),
    )),
    ...flows.map((_, i): Act => ({ kind: 'exclude', bankMovementIds: [id(1000 * (i + 1))] })),
    { kind: 'storno', bankMovementId: id(-2000), creditMovementId: id(2000) },
  ]
  // A little generator of its own: the same run every time.
  let seed = 20_260_322
  const random = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % n
  }
  const standing: { act: Act; ids: readonly Id<'decision'>[] }[] = []
  for (let step = 0; step < 40; step++) {
    if (standing.length > 0 && random(3) === 0) {
      const [gone] = standing.splice(random(standing.length), 1)
      const { decisionIds } = await undo(gone?.ids ?? [])
      if (random(2) === 0 && gone) {
        const again = await undo(decisionIds)
        expect(again.decisionIds).toHaveLength(1)
        standing.push(gone)
      }
    } else {
      const act = acts[random(acts.length)] as Act
      const storned = standing.some((s) => s.act.kind === 'storno')
      if (storned && act.kind === 'match' && act.bankMovementId === id(2000)) {
        await expect(decide([act])).rejects.toMatchObject(refused('MATCH_EXCEEDS_CREDIT'))
      } else standing.push({ act, ids: (await decide([act])).decisionIds })
    }
  }
  expect(await office.equations()).toEqual([])
  const after = await lines()
  // What stands, said again in the order in which it was said, on the same evidence.
  const order = standing.toSorted((a, b) => (a.ids[0] as number) - (b.ids[0] as number))
  for (const { ids } of standing) await undo(ids)
  const bare = await lines()
  expect(bare).toHaveLength(3)
  for (const { act } of order) await decide([act])
  expect(await lines()).toEqual(after)
  expect(await office.equations()).toEqual([])
})

test('quadratura, views and pages: every credit, flow and debit stands in one place', async () => {
  const [a1, a2] = [await office.quota(18000), await office.quota(5000)]
  await office.importFlows(flowOf(F1, [[a1.iuv, 18000]]), flowOf(F2, [[a2.iuv, 5000]]))
  await office.loadStatement([
    ['2026-03-12', 18000, causaleOf(F1)],
    ['2026-03-12', 7000, causaleOf('2026-03-12BBBBITM1XXX-0077')],
    ['2026-03-13', 1234, 'AFFITTO SALA'],
    ['2026-03-13', -900, 'COMMISSIONI'],
  ])
  const whole = await table()
  expect(whole).toMatchObject({ scopeText: 'Tutti i conti', from: '2026-03-12', to: '2026-03-13', movements: 4 })
  expect(whole.counts).toEqual({ toDecide: 1, matched: 1, uncredited: 1, ignored: 2 })
  expect(whole.square.unexplainedCents).toBe(0)
  expect(whole.square.differenceCents).toBe(18000 + 7000 + 1234 - 18000 - 5000)
  const reasons = whole.square.explanation.map((e) => e.cents).sort((a, b) => a - b)
  expect(reasons).toEqual([-5000, 1234, 7000])
  const [matched] = (await table({ view: 'matched' })).rows
  expect(matched).toMatchObject({ byHand: false, targets: [{ title: F1, cents: 18000 }], decisionIds: [] })
  const [uncredited] = (await table({ view: 'uncredited' })).rows
  expect(uncredited).toMatchObject({ kind: 'flow', flowId: F2, cents: 5000, blocks: [] })
  const first = await call(reconciliation.table, { view: 'ignored', limit: 1 }, ctx())
  const second = await call(reconciliation.table, { view: 'ignored', limit: 1, offset: 1 }, ctx())
  expect([first.count, second.count]).toEqual([2, 2])
  expect([first, second].map((page) => page.rows[0]?.kind).sort()).toEqual(['credit', 'debit'])
  const debits = await call(reconciliation.table, { view: 'ignored', kinds: ['debit'] }, ctx())
  expect(debits.rows.map((r) => r.cents)).toEqual([-900])
  const other = await office.write((db) => office.addAccount(db, 'Altra banca', 'bank'))
  const none = await call(reconciliation.table, { bankAccountId: other }, ctx())
  expect(none).toMatchObject({ scopeText: 'Altra banca', movements: 0, count: 0 })
  const statement = await office.ledger.read((db) => db.selectFrom('bankStatement').select('id').executeTakeFirst())
  const one = await call(reconciliation.table, { statementId: statement?.id as Id<'bankStatement'> }, ctx())
  expect(one).toMatchObject({ scopeText: 'Banca di Vallombra, estratto.csv', movements: 4 })
  expect(one.counts).toEqual(whole.counts)
})
