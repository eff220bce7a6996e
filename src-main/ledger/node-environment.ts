import { INVENTED_PSP_CODES } from '#domain/invented-psp'
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
  // What came from an environment without real money, and what its file says was paid at a provider of the rehearsal.
  const receipts = await db
    .selectFrom('receipt')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where((eb) =>
      eb.or([
        eb('pspCode', 'in', INVENTED_PSP_CODES),
        eb('id', 'in', (of) =>
          of
            .selectFrom('nodeReceipt')
            .select('receiptId')
            .where('environment', '<>', 'production')
            .where('receiptId', 'is not', null),
        ),
      ]),
    )
    .executeTakeFirstOrThrow()
  const flows = await db
    .selectFrom('reportingFlowVersion')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where((eb) =>
      eb.or([
        eb('pspCode', 'in', INVENTED_PSP_CODES),
        eb('id', 'in', (of) =>
          of
            .selectFrom('nodeFlow')
            .select('versionId')
            .where('environment', '<>', 'production')
            .where('versionId', 'is not', null),
        ),
      ]),
    )
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
