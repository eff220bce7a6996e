// Tells the node of whoever started it what its ledger wants there, until nothing waits; it says what it has in hand. Whoever
// started it kills it in the middle.

import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LedgerTarget } from '#ledger/ledger'
import { waitingRows } from '#ledger/node-position-work'
import { nodeApi } from '../../src-main/gateways/node-api.ts'
import { openBackend } from '../../src-main/hosts/backend.ts'
import { openNodePublisher } from '../../src-main/services/node-publish/publisher.ts'
import { RESTING_PUBLISHER } from '../../src-main/services/node-publish/publisher-port.ts'
import type { NodeKeys } from '../../src-main/simulator/node/keys.ts'
import { shiftedClock } from './shifted-clock.ts'

export interface Order {
  readonly folder: string
  readonly target: LedgerTarget
  readonly shiftMs: number
  readonly node: { readonly origin: string; readonly keys: NodeKeys; readonly pageUrl: string }
}

export type Said = { readonly begin: string } | { readonly waiting: number }

const order = JSON.parse(process.argv[2] as string) as Order
await mkdir(order.folder, { recursive: true })
const clock = shiftedClock(order.shiftMs)
const backend = await openBackend({
  ...{ folder: order.folder, fileSecretsOnly: true, clock, delivers: false, target: order.target },
})
const context = {
  ...backend.context,
  node: nodeApi({ clock, timeouts: { askMs: 700, loadMs: 2_500 } }),
  rehearsalNode: { open: async () => order.node },
  nodePublisher: RESTING_PUBLISHER,
}
const say = (said: Said) => process.stdout.write(`${JSON.stringify(said)}\n`)
const { ledger } = context
const publisher = openNodePublisher(context, {
  ...{ lookMs: 300, leaseMs: 2_000, pauses: { firstMs: 40, mostMs: 800 } },
  ...{ pollMs: 60, searchMs: [150, 400, 900], flushMs: 150 },
})
context.nodePublisher = publisher
while (true) {
  const { waiting } = await ledger.read((db) => waitingRows(db, 'rehearsal', ledger.clock.now()))
  const { stopped } = publisher.state()
  if (stopped !== null) throw new Error(`stopped: ${stopped.reason}`)
  if (waiting === 0) break
  say({ begin: `${waiting} waiting` })
  await sleep(100)
}
await publisher.close()
await backend.close()
say({ waiting: 0 })
