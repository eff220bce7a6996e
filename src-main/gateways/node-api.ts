import type { NodeGateway } from '#domain/node-ports'
import { nodeBackoffice } from './node-backoffice.ts'
import { type NodeApiOptions, nodeCaller } from './node-call.ts'
import { nodeCheckout } from './node-checkout.ts'
import { nodeFlows } from './node-flows.ts'
import { nodeMassive } from './node-massive.ts'
import { nodePositions } from './node-positions.ts'
import { nodeReceipts } from './node-receipts.ts'

/** The pagoPA platform over HTTPS (pagopa.md §4.4, 6.2, 7, 8). No answer, reason or call told to `onCall` repeats a key. */
export function nodeApi(options: NodeApiOptions): NodeGateway {
  const call = nodeCaller(options)
  return {
    gpd: nodePositions(call),
    massive: nodeMassive(call),
    receipts: nodeReceipts(call),
    fdr: nodeFlows(call),
    checkout: nodeCheckout(call),
    backoffice: nodeBackoffice(call),
  }
}
