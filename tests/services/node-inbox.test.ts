import { call } from '@orpc/server'
import { afterEach, expect, test } from 'vitest'
import { type Instant, instantOf } from '#domain/date'
import { saveNodeSettings } from '#ledger/node-connection'
import { intake } from '#services/intake'
import { nodeInbox } from '#services/node-inbox'
import { openNodeReceiver, receiveFromNode } from '#services/node-inbox-read'
import { receipt } from '#services/receipt'
import { flowXml } from '#simulator/node/fdr'
import { receiptXml } from '#simulator/node/receipt-xml'
import { publishAgain, settle } from '#simulator/node/settle'
import { inBothOffices } from './support/both-offices.ts'
import { drain } from './support/collection-office.ts'
import { DOWN, NodeOffice } from './support/node-office.ts'

let at: NodeOffice | null = null
afterEach(async () => {
  await at?.close()
  at = null
})

const state = ({ ctx }: NodeOffice) => call(nodeInbox.state, undefined, { context: ctx })
const BOTH = ['receipts', 'flows'] as const

/** Everything that came, as the books keep it. */
async function kept({ office }: NodeOffice) {
  return office.ledger.read(async (db) => ({
    receipts: await db.selectFrom('receipt').select(['iuv', 'iur', 'cents', 'source']).orderBy('iuv').execute(),
    versions: await db
      .selectFrom('reportingFlowVersion as v')
      .innerJoin('reportingFlow as f', 'f.id', 'v.reportingFlowId')
      .select(['f.flowId', 'v.revision', 'v.source'])
      .orderBy('f.flowId')
      .orderBy('v.revision')
      .execute(),
    rows: await db.selectFrom('flowRow').select(['iuv', 'cents']).execute(),
  }))
}

inBothOffices('what comes back from the node', (open) => {
  test('receipts and flows of what was paid come once, and the positions know it', async () => {
    at = await NodeOffice.open(open)
    const quotas = [await at.office.quota(21_500), await at.office.quota(18_000), await at.office.quota(9_900)]
    for (const [i, { iuv }] of quotas.entries()) at.pay(iuv, [21_500, 18_000, 9_900][i] as number)
    at.goTo('2026-03-20T08:00:00.000Z')
    settle(at.node.store, at.office.clock.now())
    const first = await receiveFromNode(at.ctx, BOTH)
    expect(first.problems).toEqual([])
    expect(first.receipts).toMatchObject({ listed: 3, added: 3, already: 0, unread: 0, raised: 0, toAssign: 0 })
    expect(first.flows).toMatchObject({ added: 1, newVersions: 0, unread: 0 })
    const after = await kept(at)
    expect(after.receipts.map((r) => [r.cents, r.source])).toEqual([
      [21_500, 'node'],
      [18_000, 'node'],
      [9_900, 'node'],
    ])
    expect(after.versions.map((v) => [v.revision, v.source])).toEqual([[1, 'api']])
    const again = await receiveFromNode(at.ctx, BOTH)
    expect(again.receipts).toMatchObject({ added: 0, unread: 0 })
    expect(again.flows).toMatchObject({ listed: 1, added: 0, already: 1 })
    expect(await kept(at)).toEqual(after)
    const list = await call(receipt.list, { filters: {} }, { context: at.ctx })
    expect(list.rows.map((r) => r.label.code)).toEqual(['RT_IN_FLOW', 'RT_IN_FLOW', 'RT_IN_FLOW'])
    expect(await at.office.equations()).toEqual([])
  })

  test('what came by file and by the node is one, whichever came first', async () => {
    at = await NodeOffice.open(open)
    const [a, b] = [await at.office.quota(21_500), await at.office.quota(18_000)]
    const [paidA, paidB] = [at.pay(a.iuv, 21_500), at.pay(b.iuv, 18_000)]
    const codes = { brokerCode: paidA.creditor, stationCode: `${paidA.creditor}_01` }
    at.goTo('2026-03-20T08:00:00.000Z')
    const [flow] = settle(at.node.store, at.office.clock.now())
    if (flow === undefined) throw new Error('no flow')
    const { office, ctx, node } = at
    const load = async () => {
      const tokens = [
        await office.upload('a.xml', receiptXml(paidA, codes)),
        await office.upload('f.xml', flowXml(flow, node.desk)),
      ]
      return drain(await call(intake.import, { tokens }, { context: ctx }))
    }
    expect((await load()).files.map((f: { readonly outcome: string }) => f.outcome)).toEqual(['added', 'added'])
    const came = await receiveFromNode(at.ctx, BOTH)
    expect(came.receipts).toMatchObject({ added: 1, already: 1 })
    expect(came.flows).toMatchObject({ added: 0, newVersions: 0, already: 1 })
    expect((await load()).files.map((f: { readonly outcome: string }) => f.outcome)).toEqual(['already', 'already'])
    const all = await kept(at)
    expect(all.receipts.map((r) => r.iur).sort()).toEqual([paidA.iur, paidB.iur].sort())
    expect(all.versions).toHaveLength(1)
  })

  test('a flow whose XML has no time zone is the one that the node gives with its own', async () => {
    at = await NodeOffice.open(open)
    const { office, ctx, node } = at
    at.pay((await office.quota(21_500)).iuv, 21_500)
    at.goTo('2026-03-20T08:00:00.000Z')
    const [flow] = settle(node.store, office.clock.now())
    if (flow === undefined) throw new Error('no flow')
    const xml = new TextDecoder().decode(flowXml(flow, node.desk))
    const local = xml.replace(/(<(?:\w+:)?dataOraFlusso>[^<]*?)(?:\.\d+)?Z</, '$1<')
    expect(local).not.toBe(xml)
    const load = async (text: string) => {
      const token = await office.upload('f.xml', new TextEncoder().encode(text))
      return (await drain(await call(intake.import, { tokens: [token] }, { context: ctx }))).files[0]?.outcome
    }
    expect(await load(local)).toBe('added')
    expect((await receiveFromNode(ctx, ['flows'])).flows).toMatchObject({ added: 0, newVersions: 0, already: 1 })
    expect(await load(xml)).toBe('already')
    // Another hour on the clock is another version.
    expect(await load(local.replace(/(dataOraFlusso>[^T]*T)\d\d/, '$123'))).toBe('newVersion')
  })

  test('each revision is a version; those that were never listed come too', async () => {
    at = await NodeOffice.open(open)
    for (const amount of [21_500, 18_000]) at.pay((await at.office.quota(amount)).iuv, amount)
    at.goTo('2026-03-20T08:00:00.000Z')
    const [flow] = settle(at.node.store, at.office.clock.now())
    if (flow === undefined) throw new Error('no flow')
    at.goTo('2026-03-20T09:00:00.000Z')
    const second = publishAgain(at.node.store, flow, at.office.clock.now(), true)
    expect((await receiveFromNode(at.ctx, ['flows'])).flows).toMatchObject({ added: 1, newVersions: 1 })
    at.goTo('2026-03-20T10:00:00.000Z')
    publishAgain(at.node.store, second, at.office.clock.now())
    expect((await receiveFromNode(at.ctx, ['flows'])).flows).toMatchObject({ added: 0, newVersions: 1 })
    expect((await kept(at)).versions.map((v) => v.revision)).toEqual([1, 2, 3])
    expect((await receiveFromNode(at.ctx, ['flows'])).flows).toMatchObject({ added: 0, newVersions: 0 })
  })
})

test('a receipt that cannot be read stops no other, is told, and comes at the next reading', async () => {
  at = await NodeOffice.open()
  const quotas = [await at.office.quota(21_500), await at.office.quota(18_000), await at.office.quota(9_900)]
  for (const [i, { iuv }] of quotas.entries()) at.pay(iuv, [21_500, 18_000, 9_900][i] as number)
  const bad = quotas[1]?.iuv as string
  const { receipts } = at.ctx.node
  const spoiling = at.with({
    receipts: {
      ...receipts,
      xml: async (to, iuv, signal) =>
        iuv === bad
          ? { kind: 'ok', value: new TextEncoder().encode('<paSendRTV2Request/>') }
          : receipts.xml(to, iuv, signal),
    },
  })
  expect((await receiveFromNode(spoiling, ['receipts'])).receipts).toMatchObject({ added: 2, unread: 1 })
  const told = await state(at)
  expect(told.unread.map((u) => [u.kind, u.reference, u.attempts])).toEqual([['receipts', bad, 1]])
  expect(told.unread[0]?.reason).not.toBe('')
  expect((await receiveFromNode(spoiling, ['receipts'])).receipts).toMatchObject({ added: 0, unread: 1 })
  // Far later, out of the days that are read again.
  at.goTo('2026-03-29T08:00:00.000Z')
  expect((await receiveFromNode(at.ctx, ['receipts'])).receipts).toMatchObject({ added: 1, unread: 0 })
  expect((await state(at)).unread).toEqual([])
})

test('one that a person leaves is asked for no more', async () => {
  at = await NodeOffice.open()
  const { iuv } = await at.office.quota(21_500)
  at.pay(iuv, 21_500)
  let asked = 0
  const none = at.with({
    receipts: {
      ...at.ctx.node.receipts,
      xml: async () => {
        asked += 1
        return { kind: 'refused', status: 404, reply: '', reason: 'Il nodo non ha questa ricevuta.' }
      },
    },
  })
  await receiveFromNode(none, ['receipts'])
  const [one] = (await state(at)).unread
  expect(one?.reason).toBe('Il nodo non ha questa ricevuta.')
  await call(nodeInbox.leaveUnread, { id: one?.id as never }, { context: at.ctx })
  expect((await state(at)).unread).toEqual([])
  await receiveFromNode(none, ['receipts'])
  expect(asked).toBe(1)
})

test('a service that is down says so, keeps what came, and the other kind is read all the same', async () => {
  at = await NodeOffice.open()
  for (const amount of [21_500, 18_000]) at.pay((await at.office.quota(amount)).iuv, amount)
  at.goTo('2026-03-20T08:00:00.000Z')
  settle(at.node.store, at.office.clock.now())
  const down = at.with({ receipts: { ...at.ctx.node.receipts, list: async () => DOWN } })
  const came = await receiveFromNode(down, BOTH)
  expect(came.problems.map((p) => p.code)).toEqual(['NODE_READING_STOPPED'])
  expect(came.flows.added).toBe(1)
  const [receipts, flows] = (await state(at)).readings
  expect([receipts?.lastAt, receipts?.error]).toEqual([null, 'Il nodo non risponde.'])
  expect([flows?.lastAt, flows?.error]).toEqual(['2026-03-20T08:00:00.000Z', null])
  await receiveFromNode(at.ctx, BOTH)
  expect((await state(at)).readings.map((r) => r.error)).toEqual([null, null])
})

test('where one service is off the other is read, and the page says which', async () => {
  at = await NodeOffice.open()
  at.pay((await at.office.quota(21_500)).iuv, 21_500)
  const products = { ...SETTINGS.products, fdr: false }
  await at.office.write((db) => saveNodeSettings(db, 'rehearsal', { ...SETTINGS, products, receiveEveryMinutes: 60 }))
  const came = await receiveFromNode(at.ctx, BOTH)
  expect(came.receipts.added).toBe(1)
  expect(came.problems.map((p) => p.code)).toEqual(['NODE_PRODUCT_OFF'])
  await expect(receiveFromNode(at.ctx, ['flows'])).rejects.toMatchObject({ problems: [{ code: 'NODE_PRODUCT_OFF' }] })
})

test('faults on the way are asked again and change nothing', async () => {
  at = await NodeOffice.open()
  for (const amount of [21_500, 18_000, 9_900, 4_400]) at.pay((await at.office.quota(amount)).iuv, amount)
  at.goTo('2026-03-20T08:00:00.000Z')
  settle(at.node.store, at.office.clock.now())
  at.node.faults.set((['serverError', 'truncated', 'hangUp'] as const).map((kind) => ({ kind, share: 0.5, times: 1 })))
  const came = await receiveFromNode(at.ctx, BOTH)
  expect(came.problems).toEqual([])
  expect(came.receipts).toMatchObject({ added: 4, unread: 0 })
  expect(came.flows).toMatchObject({ added: 1, unread: 0 })
})

test('a reading without news is not written down again within the hour, and is known all the same', async () => {
  at = await NodeOffice.open()
  await receiveFromNode(at.ctx, BOTH)
  const revision = await at.office.ledger.revision()
  at.goTo('2026-03-15T08:20:00.000Z')
  await receiveFromNode(at.ctx, BOTH)
  expect(await at.office.ledger.revision()).toBe(revision)
  expect((await state(at)).readings.map((r) => r.lastAt)).toEqual(Array(2).fill('2026-03-15T08:20:00.000Z'))
})

test('what arrived while the program was off is found; days out of reach are told, before and after', async () => {
  at = await NodeOffice.open()
  await receiveFromNode(at.ctx, BOTH)
  const { iuv } = await at.office.quota(21_500)
  const late = await at.office.quota(18_000)
  at.pay(iuv, 21_500, { at: '2026-03-17T10:00:00.000Z' as Instant })
  const day = 86_400_000
  const from = Date.parse('2026-03-15T08:00:00.000Z')
  const warned = async (days: number) => {
    at?.goTo(instantOf(from + days * day))
    return (await state(at as NodeOffice)).readings[0]?.warning ?? null
  }
  expect(await warned(19)).toBeNull()
  expect(await warned(22)).toMatchObject({ level: 'soon', days: 9 })
  at.pay(late.iuv, 18_000, { at: '2026-04-10T10:00:00.000Z' as Instant })
  expect(await warned(40)).toMatchObject({ level: 'lost', from: '2026-03-15', until: '2026-03-25' })
  const came = await receiveFromNode(at.ctx, ['receipts'])
  expect(came.receipts).toMatchObject({ added: 1 })
  // What was lost stays told until a person has dealt with it.
  expect((await state(at)).readings[0]?.warning).toMatchObject({
    level: 'lost',
    from: '2026-03-15',
    until: '2026-03-25',
  })
  await call(nodeInbox.leaveLost, { kind: 'receipts' }, { context: at.ctx })
  expect((await state(at)).readings[0]?.warning).toBeNull()
})

test('cancelled in the midst, what came stays and the rest comes next time', async () => {
  at = await NodeOffice.open()
  for (let i = 0; i < 12; i += 1) at.pay((await at.office.quota(1_000 + i)).iuv, 1_000 + i)
  let beats = 0
  const stop = () => {
    beats += 1
    if (beats > 6) throw new Error('basta')
  }
  await expect(receiveFromNode(at.ctx, ['receipts'], stop)).rejects.toThrow('basta')
  const some = (await kept(at)).receipts.length
  expect(some).toBeGreaterThan(0)
  expect(some).toBeLessThan(12)
  expect((await receiveFromNode(at.ctx, ['receipts'])).receipts).toMatchObject({ added: 12 - some })
  expect((await kept(at)).receipts).toHaveLength(12)
})

test('by itself it reads once the node was met, then as often as the settings say, and again after the program was off', async () => {
  at = await NodeOffice.open()
  const { ctx } = at
  at.pay((await at.office.quota(21_500)).iuv, 21_500)
  const { calls } = countCalls(at)
  let receiver = openNodeReceiver(ctx)
  await receiver.look()
  expect(calls()).toBe(0)
  await receiveFromNode(ctx, ['receipts', 'flows'])
  at.pay((await at.office.quota(18_000)).iuv, 18_000)
  await receiver.look()
  const count = async () => (await kept(at as NodeOffice)).receipts.length
  expect(await count()).toBe(2)
  const before = calls()
  await receiver.look()
  expect(calls()).toBe(before)
  expect((await state(at)).nextAt).toBe('2026-03-15T09:00:00.000Z')
  at.pay((await at.office.quota(9_000)).iuv, 9_000)
  at.goTo('2026-03-15T09:01:00.000Z')
  await receiver.look()
  expect(await count()).toBe(3)
  await receiver.close()
  at.pay((await at.office.quota(7_000)).iuv, 7_000)
  at.goTo('2026-03-18T07:00:00.000Z')
  receiver = openNodeReceiver(ctx)
  await receiver.look()
  expect(await count()).toBe(4)
  await at.office.write((db) => saveNodeSettings(db, 'rehearsal', { ...SETTINGS, receiveEveryMinutes: 0 }))
  at.goTo('2026-03-19T07:00:00.000Z')
  const quiet = calls()
  await receiver.look()
  expect(calls()).toBe(quiet)
  await receiver.close()
})

const SETTINGS = {
  ...{ brokerCode: null, stationCode: null, activeFrom: null, returnUrls: null, autoPublish: false, massiveFrom: 1000 },
  ...{ products: { gpd: true, fdr: true, checkout: true, backoffice: true }, ioOnPublication: false },
  ibansCheckedAt: null,
}

function countCalls({ node }: NodeOffice): { readonly calls: () => number } {
  let n = 0
  const { onExchange } = node
  node.onExchange = (exchange) => {
    n += 1
    onExchange?.(exchange)
  }
  return { calls: () => n }
}
