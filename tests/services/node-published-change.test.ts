import { call } from '@orpc/server'
import { afterEach, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import type { WriteHandle } from '#ledger/ledger'
import { readNodeSettings, saveNodeSettings } from '#ledger/node-connection'
import { settleOnNode, wantOnNode } from '#ledger/node-position'
import { nodePosition } from '../../src-main/services/node-position.ts'
import { positionAct } from '../../src-main/services/position-act.ts'
import type { NodePosition } from '../../src-main/simulator/node/records.ts'
import type { RehearsalNode } from '../../src-main/simulator/node/server.ts'
import { positionAt } from '../../src-main/simulator/node/states.ts'
import { members, type Office, openOffice, outcome } from './office.ts'
import { minutesLater, nodeOf, publish } from './support/published.ts'

/** What happens to a position while the node holds it. */

let office: Office
let node: RehearsalNode

afterEach(async () => {
  await office?.close()
})

type Ids = Id<'debtPosition'>[]

const PLAN = { count: 3, withSingle: true, firstDue: '2026-06-30', everyMonths: 1 }
const DAY = 24 * 60

async function published(count: number, choice: object = {}, daysAfter = 0): Promise<Ids> {
  office = await openOffice()
  await office.raise(members(count, { dueDate: null }))
  await office.generate({ dueDate: '2026-06-30', ...choice })
  node = await nodeOf(office)
  node.settings.massiveEveryMs = 0
  const ids = (await office.positions()).rows.map((row) => row.id)
  minutesLater(office, daysAfter * DAY)
  await publish(office, ids)
  return ids
}

function write<T>(work: (db: WriteHandle) => Promise<T>) {
  const { ledger, clock } = office.context
  return ledger.write({ command: 'test', operator: 'prova', payload: {}, at: clock.now() }, work)
}

async function settled(): Promise<void> {
  for (let round = 0; round < 60; round += 1) {
    office.context.nodePublisher.kick()
    await office.context.nodePublisher.idle()
    const { waiting, stopped } = await call(nodePosition.status, undefined, office.options())
    if (waiting === 0 || stopped !== null) return
    minutesLater(office, 1)
  }
  throw new Error('it goes on for an hour')
}

async function change(ids: Ids, how: object) {
  const selection = { ids }
  const change = how as never
  const { count, stamp } = await call(positionAct.changePreview, { selection, change }, office.options())
  const input = { selection, change, reason: 'Cambia', expected: count, stamp }
  return outcome(await call(positionAct.change, input, office.options()))
}

async function cancel(ids: Ids) {
  const selection = { ids }
  const { count, stamp } = await call(positionAct.cancelPreview, { selection }, office.options())
  const input = { selection, reason: 'Emesse per errore', expected: count, stamp }
  return outcome(await call(positionAct.cancel, input, office.options()))
}

const refresh = async () => outcome(await call(nodePosition.refresh, { open: true } as never, office.options()))
const stands = async () => (await office.positions()).rows.map((row) => `${row.syncState} ${row.nodeState}`)
const there = () =>
  [...node.store.all('position')]
    .map((one) => positionAt(one, office.context.clock.now()))
    .filter(({ status }) => status !== 'INVALID')
const asked = (position: NodePosition) =>
  position.options.flatMap((option) => option.payments.map((one) => `${one.nav} ${one.amount}`)).sort()

/** Number and amount of each payment that the current versions ask for. */
const wanted = () =>
  office.context.ledger.read(async (db) => {
    const rows = await db
      .selectFrom('debtPosition as p')
      .innerJoin('paymentOption as o', (join) =>
        join.onRef('o.debtPositionId', '=', 'p.id').onRef('o.version', '=', 'p.currentVersion'),
      )
      .innerJoin('installment as i', 'i.paymentOptionId', 'o.id')
      .innerJoin('iuvAssignment as n', 'n.iuv', 'i.iuv')
      .where('p.lifecycle', '=', 'issued')
      .select(['n.noticeNumber', 'i.cents'])
      .execute()
    return rows.map((row) => `${row.noticeNumber} ${row.cents}`).sort()
  })

function seen(): string[] {
  const said: string[] = []
  const { onExchange } = node
  node.onExchange = (exchange) => {
    said.push(`${exchange.method} ${exchange.path.replace(/\?.*$/, '')}`)
    onExchange?.(exchange)
  }
  return said
}

test('one payment becomes a plan and one payment again: the node asks what the books ask', async () => {
  const ids = await published(7)
  await change(ids, { terms: { kind: 'rule', rule: PLAN } })
  await settled()
  expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
  expect(there().flatMap(asked).sort()).toEqual(await wanted())
  expect(await wanted()).toHaveLength(28)
  await change(ids, { terms: { kind: 'once', dueDate: '2026-07-31' } })
  await settled()
  expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
  expect(there().flatMap(asked).sort()).toEqual(await wanted())
  expect(await wanted()).toHaveLength(7)
})

/** Published when all its dates had passed: on the node it falls due with its validity, and runs out there. */
async function ranOut(count: number): Promise<Ids> {
  const ids = await published(count, { installments: PLAN, validUntil: '2026-12-31' }, 240)
  expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
  minutesLater(office, 150 * DAY)
  await refresh()
  expect(new Set(await stands())).toEqual(new Set(['diverged UNPAYABLE']))
  return ids
}

test('a plan that ran out on the node is payable again with its new dates', async () => {
  const ids = await ranOut(2)
  const dates = { dueDate: '2027-08-31', validUntil: '2027-12-31' }
  await change(ids.slice(0, 1), { dueDate: { kind: 'to', date: dates.dueDate }, validUntil: dates.validUntil })
  await settled()
  expect((await stands()).sort()).toEqual(['diverged UNPAYABLE', 'synced VALID'])
})

test('a plan that ran out on the node is issued again in one click', async () => {
  const ids = await ranOut(1)
  const input = { debtPositionIds: ids, dueDate: '2027-08-31', validUntil: '2027-12-31' } as never
  await outcome(await call(nodePosition.reissue, input, office.options()))
  await settled()
  expect(await stands()).toEqual(['synced VALID'])
  const payable = there().filter(({ status }) => status === 'VALID')
  expect(payable.flatMap(asked).sort()).toEqual(await wanted())
})

test('thousands are changed in a file, and taken away in a file', async () => {
  const ids = await published(12)
  await write(async (db) =>
    saveNodeSettings(db, 'rehearsal', { ...(await readNodeSettings(db, 'rehearsal')), massiveFrom: 10 }),
  )
  const said = seen()
  await change(ids, { dueDate: { kind: 'to', date: '2026-09-30' } })
  await settled()
  expect(said.filter((one) => /^PUT/.test(one))).toEqual([expect.stringMatching(/file$/)])
  expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
  expect(new Set(there().map((one) => one.options[0]?.payments[0]?.dueDate.slice(0, 10)))).toEqual(
    new Set(['2026-09-30']),
  )
  // Back to drafts by another hand: what is a draft is taken away, not invalidated.
  await call(nodePosition.pause, { paused: true }, office.options())
  await cancel(ids)
  node.store.change(({ put }) => {
    for (const one of [...node.store.all('position')]) {
      put('position', `${one.organizationFiscalCode}/${one.iupd}`, { ...one, status: 'DRAFT' })
    }
  })
  await refresh()
  await call(nodePosition.pause, { paused: false }, office.options())
  await settled()
  expect(said.filter((one) => /^DELETE/.test(one))).toEqual([expect.stringMatching(/file$/)])
  expect(there()).toEqual([])
  expect(new Set(await stands())).toEqual(new Set(['synced ABSENT']))
})

/** Published, changed, and the change refused: what can be issued again under other numbers. */
async function refusedChange(count: number): Promise<Ids> {
  const ids = await published(count)
  await call(nodePosition.pause, { paused: true }, office.options())
  await change(ids, { dueDate: { kind: 'to', date: '2026-09-30' } })
  const refused = {
    faultKind: 'refused',
    faultStep: 'update',
    faultVersion: 2,
    faultReason: 'Causale non valida',
  } as const
  await write(async (db) => {
    await db.updateTable('nodePosition').set(refused).execute()
    await settleOnNode(db, 'rehearsal', ids)
  })
  await call(nodePosition.pause, { paused: false }, office.options())
  await settled()
  expect(new Set(await stands())).toEqual(new Set(['failed VALID']))
  return ids
}

test('issued again because the node refused the change: the old ones leave before the new ones come', async () => {
  const ids = await refusedChange(7)
  node.faults.set([{ kind: 'slow', share: 1, ms: 300, operation: 'invalidatePosition' }])
  const said = seen()
  await outcome(await call(nodePosition.reissue, { debtPositionIds: ids } as never, office.options()))
  await settled()
  expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
  const acts = said.filter((one) => /^(POST|PUT|DELETE)/.test(one)).map((one) => one.replace(/^(\w+) .*\//, '$1 '))
  expect(acts).toEqual([...Array(7).fill('POST invalidate'), 'POST debtpositions'])
  expect(there().flatMap(asked).sort()).toEqual(await wanted())
})

test.each([
  { name: 'for a while', times: { times: 3 }, stand: 'synced VALID' },
  { name: 'at all', times: {}, stand: 'toSync null' },
])('issued again while the old one cannot leave $name: never two to pay', async ({ times, stand }) => {
  const ids = await refusedChange(1)
  node.faults.set([{ kind: 'serverError', share: 1, operation: 'invalidatePosition', ...times }])
  const payable: number[] = []
  const { onExchange } = node
  node.onExchange = (exchange) => {
    payable.push(there().filter(({ status }) => status === 'VALID').length)
    onExchange?.(exchange)
  }
  await outcome(await call(nodePosition.reissue, { debtPositionIds: ids } as never, office.options()))
  for (let round = 0; round < 30; round += 1) {
    office.context.nodePublisher.kick()
    await office.context.nodePublisher.idle()
    minutesLater(office, 2)
  }
  expect(Math.max(...payable)).toBe(1)
  expect(await stands()).toEqual([stand])
})

test('changed or cancelled while it is being sent: the node ends with what the books ask', async () => {
  office = await openOffice()
  await office.raise(members(8, { dueDate: null }))
  await office.generate({ dueDate: '2026-06-30' })
  node = await nodeOf(office)
  const all = (await office.positions()).rows.map((row) => row.id)
  node.faults.set([{ kind: 'slow', share: 1, ms: 500 }])
  const said = seen()
  await write((db) => wantOnNode(db, 'rehearsal', all))
  office.context.nodePublisher.kick()
  await expect.poll(stands).toContain('inFlight null')
  const [first, last] = [all[0], all[7]] as [Ids[number], Ids[number]]
  const accertamentoId = await write((db) =>
    db
      .selectFrom('positionDebt')
      .where('debtPositionId', '=', first)
      .select('accertamentoId')
      .executeTakeFirstOrThrow()
      .then((row) => row.accertamentoId),
  )
  await change([first], { amounts: [{ accertamentoId, cents: 12_345 }] })
  await cancel([last])
  expect(said).toEqual([])
  node.faults.set([])
  await settled()
  expect(there().flatMap(asked).sort()).toEqual(await wanted())
  expect((await wanted()).some((one) => one.endsWith(' 12345'))).toBe(true)
  expect((await stands()).sort()).toEqual([...Array(7).fill('synced VALID'), 'synced INVALID'].sort())
})
