import { call } from '@orpc/server'
import { expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { cents } from '#domain/money'
import type { Act } from '#services/act'
import { exercise } from '#services/exercise'
import { reconciliation } from '#services/reconciliation'
import { reversale } from '#services/reversale'
import { causaleOf, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, ctx, office } from './support/own-office.ts'

// A second credit of a flow, dated before the one that was posted: the books keep standing, everything else goes on, and what
// was kept is never said to be the duplicate.

anOfficeForEachTest()

const F1 = '2026-03-11AAAAITM1XXX-0001'
const F2 = '2026-03-12AAAAITM1XXX-0002'
const R1 = 2_026_000_001 as Id<'reversale'>

async function credits() {
  const table = async (view: 'toDecide' | 'matched') => (await call(reconciliation.table, { view }, ctx())).rows
  const rows = [...(await table('toDecide')), ...(await table('matched'))]
  return rows
    .flatMap((r) => (r.kind === 'credit' ? [`${r.date} ${r.label.code}`] : r.kind === 'flowRow' ? [r.label.code] : []))
    .sort()
}

/** The credit of the 12th posted; then one of the 11th with the same id, and a flow of 7,00 that has nothing to do with it. */
async function twice(meanwhile: () => Promise<unknown> = async () => {}) {
  const [a, b] = [await office.quota(5000), await office.quota(700)]
  await office.importFlows(flowOf(F1, [[a.iuv, 5000]]))
  await office.loadStatement([['2026-03-12', 5000, causaleOf(F1)]])
  await office.postAll()
  await meanwhile()
  await office.loadStatement([['2026-03-11', 5000, causaleOf(F1)]])
  await office.importFlows(flowOf(F2, [[b.iuv, 700]]))
  await office.loadStatement([['2026-03-13', 700, causaleOf(F2)]])
}

const alarms = async () => (await office.ready()).alarms.map((a) => a.reversale)
const KEPT = ['2026-03-11 FLOW_ALREADY_CREDITED', '2026-03-12 MATCHED_FLOW', '2026-03-13 MATCHED_FLOW']

test('with the alarm open the others are posted', async () => {
  await twice()
  expect(await alarms()).toEqual(['2026/1'])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000', '2: 700'])
})

test('kept: the credit that was posted stays the flow’s, the other one is the duplicate', async () => {
  await twice()
  await call(reversale.keep, { id: R1, reason: 'È il primo arrivato' }, ctx())
  expect(await alarms()).toEqual([])
  expect(await credits()).toEqual(KEPT)
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000', '2: 700'])
  await call(reversale.release, { id: R1, reason: 'Ripensamento' }, ctx())
  expect(await alarms()).toEqual(['2026/1'])
})

test('reissued: the earlier credit is the flow’s, the posted one is free', async () => {
  await twice()
  await call(reversale.reissue, { id: R1, reason: 'Vale il primo', expectedCents: 5000 as never }, ctx())
  expect(await credits()).toEqual([
    '2026-03-11 MATCHED_FLOW',
    '2026-03-12 FLOW_ALREADY_CREDITED',
    '2026-03-13 MATCHED_FLOW',
  ])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: annullata', '2: 5000', '3: 700'])
})

test('in a closed exercise: nothing to decide but the duplicate', async () => {
  await twice(async () => {
    office.clock.ms = Date.parse('2027-01-20T08:00:00.000Z')
    const { lines } = await call(exercise.checklist, { year: 2026 }, ctx())
    await call(exercise.close, { year: 2026, acknowledged: lines.map((l) => l.check) }, ctx())
  })
  expect(await alarms()).toEqual([])
  expect(await credits()).toEqual(KEPT)
  await office.postAll([2026])
  expect(await office.reversali(2027)).toEqual(['1: 700'])
})

test('three parts for two, one given by hand to another payment: the equations hold while the alarm is open', async () => {
  const [a, b] = [await office.quota(3000), await office.quota(1500)]
  await office.importFlows(flowOf(F1, [[a.iuv, 3000]]))
  const part = (day: string): [string, number, string] => [day, 1500, causaleOf(F1)]
  await office.loadStatement([part('2026-03-12'), part('2026-03-13')])
  await office.postAll()
  await office.loadStatement([part('2026-03-14')])
  expect(await alarms()).toEqual(['2026/1'])
  const first = await office.ledger.read((db) =>
    db.selectFrom('bankMovement').select('id').orderBy('bookingDate').executeTakeFirstOrThrow(),
  )
  const targets = [{ kind: 'accertamento' as const, id: b.accertamentoId, cents: cents(1500) }]
  const acts: Act[] = [{ kind: 'match', bankMovementId: first.id, targets }]
  await call(reconciliation.decide, { acts, reason: 'È di un altro' }, ctx())
  expect(await alarms()).toEqual(['2026/1'])
  expect(await office.equations()).toEqual([])
})

test.each(['exclude', 'match elsewhere'] as const)(
  '%s a credit whose reversale is kept is told: the reversale goes with it, or nothing changes',
  async (how) => {
    const [a, b, c] = [await office.quota(5000), await office.quota(5000), await office.quota(5000)]
    await office.importFlows(flowOf(F1, [[a.iuv, 5000]]))
    await office.loadStatement([['2026-03-12', 5000, causaleOf(F1)]])
    await office.postAll()
    await office.importFlows(flowOf(F1, [[b.iuv, 5000]], { dateTime: '2026-03-13T10:00:00' }))
    await call(reversale.keep, { id: R1, reason: 'Già trasmessa' }, ctx())
    const { id } = await office.ledger.read((db) =>
      db.selectFrom('bankMovement').select('id').executeTakeFirstOrThrow(),
    )
    const targets = [{ kind: 'accertamento' as const, id: c.accertamentoId, cents: cents(5000) }]
    const act: Act =
      how === 'exclude' ? { kind: 'exclude', bankMovementIds: [id] } : { kind: 'match', bankMovementId: id, targets }
    const said = await call(reconciliation.consequences, { acts: [act] }, ctx())
    expect(said.reversali.map((r) => r.name)).toEqual(['2026/1'])
    const decide = (annul: boolean) =>
      call(reconciliation.decide, { acts: [act], reason: 'Non è di quel flusso', annul }, ctx())
    await expect(decide(false)).rejects.toMatchObject({
      data: { problems: [{ code: 'MATCH_POSTED', params: { reversali: '2026/1' } }] },
    })
    expect(await office.reversali()).toEqual(['1: 5000'])
    await decide(true)
    await office.postAll()
    expect(await office.reversali()).toEqual(how === 'exclude' ? ['1: annullata'] : ['1: annullata', '2: 5000'])
  },
)

test('what a kept reversale leaves of its credit is matched without a word', async () => {
  const [a, b, c] = [await office.quota(5000), await office.quota(5000), await office.quota(4000)]
  await office.importFlows(flowOf(F1, [[a.iuv, 5000]]))
  await office.loadStatement([['2026-03-12', 9000, `BONIFICO ${F1}`]])
  const { id } = await office.ledger.read((db) => db.selectFrom('bankMovement').select('id').executeTakeFirstOrThrow())
  const match = async (targets: Extract<Act, { kind: 'match' }>['targets']) =>
    call(reconciliation.decide, { acts: [{ kind: 'match', bankMovementId: id, targets }], reason: 'a mano' }, ctx())
  const { id: flow } = await office.ledger.read((db) =>
    db.selectFrom('reportingFlow').select('id').executeTakeFirstOrThrow(),
  )
  await match([{ kind: 'flow', id: flow, cents: cents(5000) }])
  await office.postAll()
  await office.importFlows(flowOf(F1, [[b.iuv, 5000]], { dateTime: '2026-03-13T10:00:00' }))
  await call(reversale.keep, { id: R1, reason: 'Già trasmessa' }, ctx())
  const rest = { kind: 'accertamento' as const, id: c.accertamentoId, cents: cents(4000) }
  await match([rest])
  await match([{ kind: 'flow', id: flow, cents: cents(5000) }, rest])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000', '2: 4000'])
})
