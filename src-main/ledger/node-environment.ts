import type { NodeEnvironment } from '#domain/node-ports'
import type { ReadHandle, WriteHandle } from './ledger.ts'

/** What an environment holds of ours, and what came into the books from those where no money is real. */
export interface NodeStake {
  /** Positions that its node holds. */
  readonly held: number
  /** Of which still to be paid. */
  readonly open: number
  readonly inventedReceipts: number
  readonly inventedFlows: number
}

const OPEN = ['DRAFT', 'PUBLISHED', 'VALID', 'PARTIALLY_PAID']

export async function readNodeStake(db: ReadHandle, environment: NodeEnvironment): Promise<NodeStake> {
  const states = await db
    .selectFrom('nodePosition')
    .select(({ fn }) => ['state', fn.countAll<number>().as('n')])
    .where('environment', '=', environment)
    .where('state', 'is not', null)
    .where('state', '<>', 'ABSENT')
    .groupBy('state')
    .execute()
  const receipts = await db
    .selectFrom('nodeReceipt')
    .select(({ fn }) => fn.count<number>('receiptId').distinct().as('n'))
    .where('environment', '<>', 'production')
    .executeTakeFirstOrThrow()
  const flows = await db
    .selectFrom('nodeFlow')
    .select(({ fn }) => fn.count<number>('versionId').distinct().as('n'))
    .where('environment', '<>', 'production')
    .executeTakeFirstOrThrow()
  const count = (rows: readonly { readonly n: number }[]) => rows.reduce((total, row) => total + Number(row.n), 0)
  return {
    held: count(states),
    open: count(states.filter(({ state }) => OPEN.includes(state ?? ''))),
    inventedReceipts: count([receipts]),
    inventedFlows: count([flows]),
  }
}

export async function writeEnvironment(db: WriteHandle, environment: NodeEnvironment): Promise<void> {
  await db.updateTable('creditorInstitution').set({ environment }).execute()
}
