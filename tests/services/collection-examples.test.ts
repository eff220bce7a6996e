import { call } from '@orpc/server'
import { afterEach, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { cents } from '#domain/money'
import type { Act } from '#services/act'
import { reconciliation } from '#services/reconciliation'
import { reportingFlow } from '#services/reporting-flow'
import { reversale } from '#services/reversale'
import { causaleOf, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, ctx, office } from './support/own-office.ts'

// The worked examples of DOMAIN.md §9, walked through the services on a real ledger.

anOfficeForEachTest()
afterEach(async () => {
  expect(await office.postAll()).toBeNull()
})

const F1 = '2026-03-11AAAAITM1XXX-0001'
const F2 = '2026-03-12AAAAITM1XXX-0002'

function decide(act: Act) {
  return call(reconciliation.decide, { acts: [act], reason: 'lo dicono le carte' }, ctx())
}

async function holds(): Promise<void> {
  expect(await office.equations()).toEqual([])
}

async function labelsOf(flowId: string): Promise<(string | null)[]> {
  const flows = await call(reportingFlow.list, { filters: { flowId } }, ctx())
  const id = flows.rows[0]?.id as Id<'reportingFlow'>
  const rows = await call(reportingFlow.payments, { filters: { reportingFlowId: id } }, ctx())
  return rows.rows.map((r) => r.label.code)
}

async function annul(number: number, reason = 'il flusso è stato corretto'): Promise<void> {
  await call(reversale.annul, { id: (2026 * 1_000_000 + number) as Id<'reversale'>, reason }, ctx())
  await holds()
}

test('2: two credits cover one flow; nothing before the second', async () => {
  const a1 = await office.quota(21500)
  const a2 = await office.quota(21500)
  await office.importFlows(
    flowOf(F1, [
      [a1.iuv, 21500],
      [a2.iuv, 21500],
    ]),
  )
  await office.loadStatement([['2026-03-11', 30000, causaleOf(F1)]])
  expect((await office.ready()).drafts).toEqual([])
  const flows = await call(reportingFlow.list, { filters: {} }, ctx())
  expect(flows.rows[0]?.label.text).toBe(`Flusso ${F1}: accreditati 300,00 su 430,00.`)
  await holds()
  await office.loadStatement([['2026-03-12', 13000, causaleOf(F1)]])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 43000'])
  const one = await call(reversale.get, { id: 2026000001 as Id<'reversale'> }, ctx())
  expect(one.document.map((l) => [l.bookingDate, l.cents])).toEqual([
    ['2026-03-11', 21500],
    ['2026-03-11', 8500],
    ['2026-03-12', 13000],
  ])
  expect(one.date).toBe('2026-03-12')
})

test('3: two flows in one credit, two capitoli; one cent less posts nothing', async () => {
  const quota = await office.quota(5000)
  const diritti = await office.quota(7000, { capitoloId: office.diritti })
  await office.importFlows(flowOf(F1, [[quota.iuv, 5000]]), flowOf(F2, [[diritti.iuv, 7000]]))
  const both = `${causaleOf(F1)} ${causaleOf(F2)}`
  await office.loadStatement([['2026-03-12', 11900, both]])
  const short = await call(reconciliation.table, {}, ctx())
  expect(short.rows.map((r) => r.label.code)).toEqual(['AMOUNT_DIFFERS'])
  expect((await office.ready()).drafts).toEqual([])
  await office.loadStatement([['2026-03-13', 12000, both]])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000', '2: 7000'])
})

test('4: a grouped position in instalments, then the single option paid too', async () => {
  const old = await office.raise(10000, { exercise: 2025 })
  const now = await office.raise(21500)
  const fee = await office.raise(1000, { capitoloId: office.diritti })
  const position = await office.issue({
    single: [
      { accertamentoId: old, cents: 10000 },
      { accertamentoId: now, cents: 21500 },
      { accertamentoId: fee, cents: 1000 },
    ],
    plan: [
      [
        { accertamentoId: old, cents: 10000 },
        { accertamentoId: now, cents: 834 },
      ],
      [{ accertamentoId: now, cents: 10833 }],
      [
        { accertamentoId: now, cents: 9833 },
        { accertamentoId: fee, cents: 1000 },
      ],
    ],
  })
  const [single, first] = position.iuvs as [string, string]
  await office.importFlows(flowOf(F1, [[first, 10834]]))
  await office.loadStatement([['2026-03-12', 10834, causaleOf(F1)]])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 10000', '2: 834'])
  await holds()
  await office.importFlows(flowOf(F2, [[single, 32500]]))
  await office.loadStatement([['2026-03-13', 32500, causaleOf(F2)]])
  expect(await labelsOf(F2)).toEqual(['PAID_WITH_OTHER_OPTION'])
  expect((await office.ready()).drafts).toEqual([])
  const state = await office.ledger.read((db) => db.selectFrom('debtPosition').select('payment').executeTakeFirst())
  expect(state?.payment).toBe('partiallyPaid')
})

test('5: an unknown IUV is held and taken for ever; assigned by hand later it posts on the same credit', async () => {
  const a1 = await office.quota(5000)
  const unknown = '47190000000999999'
  await office.importFlows(
    flowOf(F1, [
      [a1.iuv, 5000],
      [unknown, 3000],
    ]),
  )
  await office.loadStatement([['2026-03-12', 8000, causaleOf(F1)]])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000'])
  expect((await labelsOf(F1))[1]).toBe('UNKNOWN_POSITION')
  const taken = await office.ledger.read((db) =>
    db.selectFrom('iuvAssignment').selectAll().where('origin', '=', 'external').execute(),
  )
  expect(taken.map((t) => t.iuv)).toEqual([unknown])
  const flow = await call(reportingFlow.list, { filters: {} }, ctx())
  expect(flow.rows[0]?.books).toBe('partly')
  const a9 = await office.raise(3000)
  const { rows } = await call(reconciliation.table, {}, ctx())
  const held = rows.find((r) => r.kind === 'flowRow')
  await decide({
    kind: 'assignRow',
    reportingFlowId: held?.reportingFlowId as Id<'reportingFlow'>,
    rowKey: held?.rowKey ?? '',
    targets: [{ accertamentoId: a9, cents: cents(3000) }],
    excessTo: null,
  })
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000', '2: 3000'])
})

test('6: the same notice paid twice is collected once', async () => {
  const a1 = await office.quota(5000)
  const second = flowOf(F2, [[a1.iuv, 5000]])
  await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]), {
    ...second,
    rows: second.rows.map((r) => ({ ...r, iur: 'SECONDO' })),
  })
  await office.loadStatement([
    ['2026-03-12', 5000, causaleOf(F1)],
    ['2026-03-13', 5000, causaleOf(F2)],
  ])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000'])
  expect(await labelsOf(F2)).toEqual(['DUPLICATE_PAYMENT'])
})

test('7: a revision after posting is an alarm; annulled and reissued it takes the next number', async () => {
  const a1 = await office.quota(5000)
  const a2 = await office.quota(5000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]))
  await office.loadStatement([['2026-03-12', 5000, causaleOf(F1)]])
  await office.postAll()
  const revised = await office.importFlows(flowOf(F1, [[a2.iuv, 5000]], { dateTime: '2026-03-12T10:00:00' }))
  expect(revised).toMatchObject({ added: 0, newVersions: 1 })
  const ready = await office.ready()
  expect(ready.drafts).toEqual([])
  expect(ready.alarms.map((a) => [a.reversale, a.cents])).toEqual([['2026/1', 5000]])
  const codes = async () => {
    const { labelsJson } = await office.ledger.read((db) =>
      db.selectFrom('flowLabel').select('labelsJson').executeTakeFirstOrThrow(),
    )
    return (JSON.parse(labelsJson) as { code: string }[]).map((l) => l.code)
  }
  expect(await codes()).toEqual(['CREDITED', 'FLOW_REVISED', 'REVISED_AFTER_POSTING'])
  await holds()
  await annul(1)
  expect(await codes()).toEqual(['CREDITED', 'FLOW_REVISED'])
  expect((await office.ready()).alarms).toEqual([])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: annullata', '2: 5000'])
  const again = office.postAll()
  expect(await again).toBeNull()
  await expect(annul(1)).rejects.toMatchObject({ data: { problems: [{ code: 'REVERSALE_ALREADY_ANNULLED' }] } })
})

test('8: a storno after posting is an alarm; the new credit is matched again', async () => {
  const a1 = await office.quota(5000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]))
  await office.loadStatement([['2026-03-12', 5000, causaleOf(F1)]])
  await office.postAll()
  await office.loadStatement([['2026-03-13', -5000, causaleOf(F1)]])
  expect((await office.ready()).alarms).toHaveLength(1)
  await holds()
  await annul(1, 'storno della banca')
  const balances = await office.ledger.read((db) =>
    db.selectFrom('movementBalance').selectAll().orderBy('bankMovementId').execute(),
  )
  expect(balances[0]).toMatchObject({ availableCents: 0, matchedCents: 0, regularisedCents: 0 })
  await office.loadStatement([['2026-03-15', 5000, causaleOf(F1)]])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: annullata', '2: 5000'])
})

test('9: a flow credited half before and half after the year end: competenza and residui', async () => {
  const F = '2026-12-31AAAAITM1XXX-0009'
  office.clock.ms = Date.parse('2027-01-05T08:00:00.000Z')
  const a1 = await office.quota(5000)
  const a2 = await office.quota(6000)
  await office.importFlows(
    flowOf(F, [
      [a1.iuv, 5000],
      [a2.iuv, 6000],
    ]),
  )
  await office.loadStatement([
    ['2026-12-31', 4000, causaleOf(F)],
    ['2027-01-02', 7000, causaleOf(F)],
  ])
  await office.postAll()
  expect(await office.reversali(2026)).toEqual(['1: 4000'])
  expect(await office.reversali(2027)).toEqual(['1: 7000'])
})

test('10: a confirmed revocation frees the money of the first reversale', async () => {
  const debts = [await office.quota(5000), await office.quota(5000), await office.quota(5000), await office.quota(5000)]
  const [a1, a2, a3, a4] = debts.map((d) => d.iuv) as [string, string, string, string]
  await office.importFlows(
    flowOf(F1, [
      [a1, 5000],
      [a2, 5000],
    ]),
  )
  await office.loadStatement([['2026-03-12', 10000, causaleOf(F1)]])
  await office.postAll()
  await office.importFlows(
    flowOf(F2, [
      [a3, 5000],
      [a4, 5000],
      [a1, 5000, '3'],
    ]),
  )
  await office.loadStatement([['2026-03-13', 5000, causaleOf(F2)]])
  expect((await office.ready()).drafts).toEqual([])
  const { rows } = await call(reconciliation.table, {}, ctx())
  const blocked = rows.find((r) => r.kind === 'flow')
  await decide(blocked?.counterparts[0]?.act as Act)
  expect((await office.ready()).alarms).toHaveLength(1)
  await annul(1, 'revoca')
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: annullata', '2: 5000', '3: 10000'])
})

test('11: an older credit loaded later takes the next number and the last date', async () => {
  const a1 = await office.quota(5000)
  const a2 = await office.quota(6000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]))
  await office.loadStatement([['2026-03-12', 5000, causaleOf(F1)]])
  await office.postAll()
  const F0 = '2026-02-02AAAAITM1XXX-0000'
  await office.importFlows(flowOf(F0, [[a2.iuv, 6000]]))
  await office.loadStatement([['2026-02-03', 6000, causaleOf(F0)]])
  await office.postAll()
  const list = await call(reversale.list, { filters: { exercise: 2026 } }, ctx())
  expect(list.rows.map((r) => [r.number, r.date, r.cents])).toEqual([
    [1, '2026-03-12', 5000],
    [2, '2026-03-12', 6000],
  ])
})

test('12: cash and a bank transfer on one accertamento, matched by hand, the rest left to attribute', async () => {
  const a5 = await office.quota(9000)
  const cashAccountId = await office.write((db) => office.addAccount(db, 'Cassa', 'cash'))
  await office.loadStatement([['2026-03-12', 6000, 'Bonifico da socio']])
  await decide({
    kind: 'paidOutside',
    debtPositionId: a5.positionId,
    document: 'ricevuta 7',
    how: 'cash',
    cashAccountId,
    date: '2026-03-10' as IsoDate,
    cents: cents(4000),
  })
  await holds()
  const { rows } = await call(reconciliation.table, { view: 'ignored' }, ctx())
  const credit = rows.find((r) => r.cents === 6000)
  const bankMovementId = (credit?.kind === 'credit' ? credit.bankMovementId : 0) as Id<'bankMovement'>
  const match = (amount: number) =>
    decide({
      kind: 'match',
      bankMovementId,
      targets: [{ kind: 'accertamento', id: a5.accertamentoId, cents: cents(amount) }],
    })
  await expect(match(9500)).rejects.toMatchObject({ data: { problems: [{ code: 'MATCH_EXCEEDS_CREDIT' }] } })
  const { decisionIds } = await match(5000)
  const done = await call(reconciliation.table, { view: 'matched' }, ctx())
  expect(done.rows.map((r) => (r.kind === 'credit' ? [r.byHand, r.leftCents] : []))).toEqual([[true, 0]])
  // «Restano 10,00 da attribuire»: money of it waits, and so does the row.
  const waiting = await call(reconciliation.table, {}, ctx())
  expect(waiting.rows.map((r) => (r.kind === 'credit' ? [r.label.code, r.byHand, r.leftCents] : []))).toEqual([
    ['PARTLY_ASSIGNED', true, 1000],
  ])
  expect(done.square.unexplainedCents).toBe(0)
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 4000', '2: 5000'])
  await expect(call(reconciliation.undo, { decisionIds }, ctx())).rejects.toMatchObject({
    data: { problems: [{ code: 'MATCH_POSTED', params: { reversali: '2026/2' } }] },
  })
})
