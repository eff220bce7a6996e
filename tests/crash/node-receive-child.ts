// Fetches receipts and flows from the node of whoever started it, on its ledger, until nothing is missing; it says what it
// begins and what came. Whoever started it kills it in the middle.

import { mkdir } from 'node:fs/promises'
import { nodeApi } from '../../src-main/gateways/node-api.ts'
import { openBackend } from '../../src-main/hosts/backend.ts'
import { receiveFromNode } from '../../src-main/services/node-inbox-read.ts'
import type { NodeKeys } from '../../src-main/simulator/node/keys.ts'
import { shiftedClock } from './shifted-clock.ts'

export interface Order {
  readonly folder: string
  readonly file: string
  readonly shiftMs: number
  readonly node: { readonly origin: string; readonly keys: NodeKeys; readonly pageUrl: string }
}

export type Said = { readonly begin: string } | { readonly came: { readonly receipts: number; readonly flows: number } }

const order = JSON.parse(process.argv[2] as string) as Order
await mkdir(order.folder, { recursive: true })
const clock = shiftedClock(order.shiftMs)
const backend = await openBackend({
  ...{ folder: order.folder, fileSecretsOnly: true, clock, delivers: false },
  target: { engine: 'sqlite', file: order.file },
})
const context = {
  ...backend.context,
  node: nodeApi({ clock, timeouts: { askMs: 1_500 } }),
  rehearsalNode: { open: async () => order.node },
}
const say = (said: Said) => process.stdout.write(`${JSON.stringify(said)}\n`)

// A fault in a hundred stops a reading: the next one begins where it ended.
for (let reading = 1; ; reading += 1) {
  say({ begin: `reading ${reading}` })
  const { receipts, flows, problems } = await receiveFromNode(context, ['receipts', 'flows'])
  say({ came: { receipts: receipts.added, flows: flows.added + flows.newVersions } })
  if (problems.length === 0 && receipts.unread + flows.unread === 0) break
  if (reading > 40) throw new Error(`never whole: ${JSON.stringify(problems)}`)
}
await backend.close()
