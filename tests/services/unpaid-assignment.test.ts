import { call } from '@orpc/server'
import { beforeEach, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { cents } from '#domain/money'
import type { Act } from '#services/act'
import { reconciliation } from '#services/reconciliation'
import { reversale } from '#services/reversale'
import { causaleOf, flowOf } from './support/collection-office.ts'
import { expectCountsAgree } from './support/counts-agree.ts'
import { anOfficeForEachTest, ctx, office } from './support/own-office.ts'

// What was raised to be given back stands on the work table when its payment goes, until a person takes the assignment back.

anOfficeForEachTest()

const F1 = '2026-03-11AAAAITM1XXX-0001'
const F2 = '2026-03-12AAAAITM1XXX-0002'

beforeEach(() =>
  office.write((db) =>
    db.insertInto('capitolo').values({ code: '90.1', name: 'Somme da restituire', kind: 'partitaDiGiro' }).execute(),
  ),
)

async function toDecide() {
  return (await expectCountsAgree(office.ctx, 2026)).rows
}

const said = async () => (await toDecide()).map((row) => [row.kind, row.label.code, row.decisionIds.length])

const decide = (act: Act) => call(reconciliation.decide, { acts: [act], reason: 'pagato in più' }, ctx())

/** What is due of the accertamenti raised to be given back. */
async function raised(): Promise<number[]> {
  const rows = await office.ledger.read((db) =>
    db
      .selectFrom('accertamento as a')
      .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
      .where('a.causale', 'like', 'Da restituire%')
      .select('b.dueCents')
      .execute(),
  )
  return rows.map((row) => row.dueCents)
}

/** A payment of 80,00 on a debt of 50,00: 30,00 are to be given back. */
async function paidTooMuch(others: readonly number[] = []) {
  const { iuv } = await office.quota(5000)
  const more: string[] = []
  for (const amount of others) more.push((await office.quota(amount)).iuv)
  await office.importFlows(flowOf(F1, [[iuv, 8000]]))
  await office.loadStatement([['2026-03-12', 8000, causaleOf(F1)]])
  const [row] = await toDecide()
  const act = row?.counterparts.find((c) => c.act.kind === 'assignRow' && c.act.excessTo && c.act.targets.length > 0)
  await decide(act?.act as Act)
  expect(await said()).toEqual([])
  expect(await raised()).toEqual([3000])
  return { iuv, other: more[0] as string }
}

async function takeBack(annul = false) {
  const row = (await toDecide()).find((r) => r.label.code === 'ASSIGNED_UNPAID')
  expect([row?.counterparts, row?.confirms]).toEqual([[], null])
  expect(await call(reconciliation.find, { subject: row?.subject as never, text: 'persona' }, ctx())).toEqual([])
  const what = { decisionIds: [...(row?.decisionIds ?? [])], annul, reason: 'non c’è più' }
  await call(reconciliation.undo, what, ctx())
}

test('a new version without the payment: its assignment is asked back, and what it raised is cancelled with it', async () => {
  const { other } = await paidTooMuch([8000])
  await office.importFlows(flowOf(F1, [[other, 8000]], { dateTime: '2026-03-13T10:00:00' }))
  expect(await said()).toEqual([['flowRow', 'ASSIGNED_UNPAID', 1]])
  const [row] = await toDecide()
  expect(row).toMatchObject({
    cents: 8000,
    personName: 'Persona 001',
    label: {
      title: 'Attribuzione senza pagamento',
      text: 'L’attribuzione ha accertato 30,00 che nessun pagamento porta più. Disfala: l’accertamento si annulla con lei.',
    },
  })
  await call(reconciliation.decide, { acts: [{ kind: 'skip', subject: row?.subject as never }] }, ctx())
  await takeBack()
  expect(await raised()).toEqual([0])
  expect(await said()).toEqual([])
})

test('a new version with less: it is asked beside the credit, that is too much now', async () => {
  const { iuv } = await paidTooMuch()
  await office.importFlows(flowOf(F1, [[iuv, 5000]], { dateTime: '2026-03-13T10:00:00' }))
  expect((await said()).map(([, code]) => code).toSorted()).toEqual(['ASSIGNED_UNPAID', 'OVER_CREDITED'])
  await takeBack()
  expect(await raised()).toEqual([0])
  expect((await said()).map(([, code]) => code)).toEqual(['OVER_CREDITED'])
})

test('posted: first the alarm, and once its reversali are annulled the assignment', async () => {
  const { iuv } = await paidTooMuch()
  await office.postAll()
  await office.importFlows(flowOf(F1, [[iuv, 5000]], { dateTime: '2026-03-13T10:00:00' }))
  expect((await said()).map(([, code]) => code).toSorted()).toEqual(['ALARM', 'ALARM', 'OVER_CREDITED'])
  for (const id of [2_026_000_001, 2_026_000_002] as Id<'reversale'>[]) {
    await call(reversale.annul, { id, reason: 'Versione nuova' }, ctx())
  }
  expect((await said()).map(([, code]) => code).toSorted()).toEqual(['ASSIGNED_UNPAID', 'OVER_CREDITED'])
  await takeBack()
  expect(await raised()).toEqual([0])
})

test('the credit of its flow is taken back: it is asked until another comes', async () => {
  await paidTooMuch()
  await office.loadStatement([['2026-03-14', -8000, `STORNO ${causaleOf(F1)}`]])
  expect(await said()).toEqual([['flowRow', 'ASSIGNED_UNPAID', 1]])
  await office.loadStatement([['2026-03-16', 8000, causaleOf(F1)]])
  expect(await said()).toEqual([])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000', '2: 3000'])
})

test('a flow that asks by itself asks first: its answer may bring the payment back', async () => {
  const { iuv, other } = await paidTooMuch([700])
  await office.importFlows(
    flowOf(F1, [
      [iuv, 8000],
      [other, 700],
    ]),
  )
  expect((await said()).map(([kind, code]) => [kind, code])).toEqual([
    ['flow', 'FLOW_VERSION_CONFLICT'],
    ['credit', 'PARTLY_CREDITED'],
  ])
})

test('a revocation of an assigned payment leans on its assignment: that is not asked back', async () => {
  const { iuv, other } = await paidTooMuch([9000])
  await office.importFlows(
    flowOf(F2, [
      [other, 9000],
      [iuv, 8000, '3'],
    ]),
  )
  await office.loadStatement([['2026-03-13', 1000, causaleOf(F2)]])
  const [flow] = await toDecide()
  await decide(flow?.counterparts[0]?.act as Act)
  expect(await said()).toEqual([])
})

test.each(['unposted', 'posted'] as const)('%s, a credit matched by hand, then taken back by the bank', async (how) => {
  const debt = await office.raise(5000)
  await office.loadStatement([['2026-03-12', 8000, 'BONIFICO DI UN ISCRITTO']])
  const { id, personId } = await office.ledger.read(async (db) => ({
    ...(await db.selectFrom('bankMovement').select('id').executeTakeFirstOrThrow()),
    ...(await db.selectFrom('accertamento').select('personId').executeTakeFirstOrThrow()),
  }))
  const targets = [{ kind: 'accertamento' as const, id: debt as number, cents: cents(5000) }]
  await decide({ kind: 'match', bankMovementId: id, targets, excessTo: personId })
  if (how === 'posted') await office.postAll()
  await office.loadStatement([['2026-03-14', -8000, 'STORNO BONIFICO']])
  const debit = await office.ledger.read((db) =>
    db.selectFrom('bankMovement').select('id').where('cents', '<', cents(0)).executeTakeFirstOrThrow(),
  )
  await decide({ kind: 'storno', bankMovementId: debit.id, creditMovementId: id })
  for (const { id: alarm } of how === 'posted' ? await annullable() : []) {
    await call(reversale.annul, { id: alarm, reason: 'Stornato' }, ctx())
  }
  expect(await said()).toEqual([['credit', 'ASSIGNED_UNPAID', 1]])
  await takeBack()
  expect([await raised(), await said()]).toEqual([[0], []])
  const ignored = await call(reconciliation.table, { view: 'ignored' }, ctx())
  expect(ignored.rows.map((row) => row.label.code)).toEqual(['STORNED', 'STORNO'])
})

async function annullable() {
  const { rows } = await call(reconciliation.table, {}, ctx())
  return rows.flatMap((row) => (row.kind === 'alarm' ? [{ id: row.reversaleId }] : []))
}
