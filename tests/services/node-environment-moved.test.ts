import { call } from '@orpc/server'
import { afterEach, expect, test } from 'vitest'
import type { NodeEnvironment } from '#domain/node-ports'
import type { Ledger } from '#ledger/ledger'
import { writeEnvironment } from '#ledger/node-environment'
import { showEnvironment, wantOnNode } from '#ledger/node-position'
import { nodeInbox } from '#services/node-inbox'
import { receiveFromNode } from '#services/node-inbox-read'
import { settle } from '#simulator/node/settle'
import { node } from '../../src-main/services/node.ts'
import { nodePosition } from '../../src-main/services/node-position.ts'
import { members, type Office, openOffice } from './office.ts'
import { inBothOffices } from './support/both-offices.ts'
import { NodeOffice } from './support/node-office.ts'
import { nodeOf } from './support/published.ts'

let close: (() => Promise<void>) | null = null
afterEach(async () => {
  await close?.()
  close = null
})

/** Another window, or another workstation, chooses meanwhile. */
function choose(ledger: Ledger, environment: NodeEnvironment) {
  const at = ledger.clock.now()
  return ledger.write({ command: 'test', operator: 'prova', payload: {}, at }, async (db) => {
    await writeEnvironment(db, environment)
    await showEnvironment(db, environment)
  })
}

const MOVED = { problems: [{ code: 'NODE_ENVIRONMENT_MOVED', params: { seen: 'Prova', now: 'Produzione' } }] }

inBothOffices('a reading under way', (open) => {
  test('invented payments that come while production is chosen stay out of its books', async () => {
    const at = await NodeOffice.open(open)
    close = () => at.close()
    const { ledger, clock } = at.office
    at.pay((await at.office.quota(21_500)).iuv, 21_500)
    at.goTo('2026-03-20T08:00:00.000Z')
    settle(at.node.store, clock.now())
    const { receipts, fdr } = at.ctx.node
    const turning = at.with({
      receipts: {
        ...receipts,
        xml: async (...asked) => {
          const came = await receipts.xml(...asked)
          await choose(ledger, 'production')
          return came
        },
      },
      fdr: {
        ...fdr,
        flow: async (...asked) => {
          const came = await fdr.flow(...asked)
          await choose(ledger, 'production')
          return came
        },
      },
    })
    for (const kind of ['receipts', 'flows'] as const) {
      await choose(ledger, 'rehearsal')
      await expect(receiveFromNode(turning, [kind])).rejects.toMatchObject(MOVED)
    }
    const kept = await ledger.read(async (db) => [
      ...(await db.selectFrom('receipt').select('id').execute()),
      ...(await db.selectFrom('reportingFlow').select('id').execute()),
    ])
    expect(kept).toEqual([])
  })
})

test('what was read in one environment was not read in another', async () => {
  const office = await openOffice()
  close = () => office.close()
  await receiveFromNode(office.context, ['receipts', 'flows'])
  const unread = async () => {
    const { readings } = await call(nodeInbox.state, undefined, office.options())
    return readings.map(({ lastAt, mark }) => lastAt === null && mark === null)
  }
  expect(await unread()).toEqual([false, false])
  await choose(office.context.ledger, 'uat')
  expect(await unread()).toEqual([true, true])
})

test('who leaves an environment leaves it: nothing more is published there', async () => {
  const office: Office = await openOffice()
  close = () => office.close()
  const { ledger, nodePublisher } = office.context
  await office.raise(members(40, { dueDate: null }))
  const installments = { count: 2, withSingle: true, firstDue: '2026-06-30', everyMonths: 1 }
  await office.generate({ dueDate: '2026-06-30', installments })
  const server = await nodeOf(office)
  // One by one, and slowly: the choice falls in the middle.
  server.faults.set([{ kind: 'slow', ms: 200, share: 1, service: 'gpd' }])
  const told = server.onExchange
  let chosen: Promise<unknown> | null = null
  server.onExchange = (exchange) => {
    told?.(exchange)
    chosen ??= choose(ledger, 'uat')
  }
  const ids = (await office.positions()).rows.map((row) => row.id)
  const at = ledger.clock.now()
  await ledger.write({ command: 'test', operator: 'prova', payload: {}, at }, (db) => wantOnNode(db, 'rehearsal', ids))
  nodePublisher.kick()
  await nodePublisher.idle()
  await chosen
  await nodePublisher.idle()
  expect(server.store.count('position')).toBeLessThan(ids.length)
  expect(server.store.count('position')).toBeGreaterThan(0)
  expect((await call(nodePosition.status, undefined, office.options())).waiting).toBe(0)
})

test('what stopped the work in one environment stops no other', async () => {
  const office = await openOffice()
  close = () => office.close()
  const { ledger, nodePublisher, rehearsalNode } = office.context
  await office.raise(members(2, { dueDate: null }))
  await office.generate({ dueDate: '2026-06-30' })
  const open = rehearsalNode?.open.bind(rehearsalNode) as NonNullable<typeof rehearsalNode>['open']
  const broken: typeof open = async () => {
    const there = await open()
    return { ...there, keys: { ...there.keys, gpd: 'un-altra' } }
  }
  Object.assign(rehearsalNode as object, { open: broken })
  const ids = (await office.positions()).rows.map((row) => row.id)
  const at = ledger.clock.now()
  await ledger.write({ command: 'test', operator: 'prova', payload: {}, at }, (db) => wantOnNode(db, 'rehearsal', ids))
  nodePublisher.kick()
  await nodePublisher.idle()
  const status = () => call(nodePosition.status, undefined, office.options())
  expect((await status()).stopped).not.toBeNull()
  await call(node.chooseEnvironment, { environment: 'uat' }, office.options())
  await nodePublisher.idle()
  expect((await status()).stopped).toBeNull()
})
