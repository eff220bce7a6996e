import type { NodeEnvironment } from '#domain/node-ports'
import type { ReadHandle } from '#ledger/ledger'
import { adoptNodeBatches, openNodeBatches } from '#ledger/node-batch'
import { lostRows, recoverRows } from '#ledger/node-position-work'
import { command } from '../command.ts'
import type { ServiceContext } from '../context.ts'

/**
 * What a run of the program that is no more left half way: single steps are asked about, loads are followed by whoever is here. Whose
 * lane this is, nobody else is at work.
 */
export async function recoverSteps(
  context: ServiceContext,
  environment: NodeEnvironment,
  owner: string,
): Promise<void> {
  const { ledger } = context
  const left = async (db: ReadHandle) => (await openNodeBatches(db, environment)).filter((one) => one.owner !== owner)
  const { rows, batches } = await ledger.read(async (db) => ({
    rows: (await lostRows(db, environment, owner)).length,
    batches: await left(db),
  }))
  if (rows + batches.length === 0) return
  context.log.warn('steps on the node left half way', { rows, files: batches.length })
  await ledger.write(
    command(context, 'nodePosition.recover', { positions: rows, rows: batches.length }),
    async (db) => {
      await recoverRows(db, environment, owner, ledger.clock.now())
      await adoptNodeBatches(db, await left(db), owner)
    },
  )
}
