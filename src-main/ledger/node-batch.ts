import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Id } from '#domain/brand'
import type { NodeEnvironment } from '#domain/node-ports'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { NodeBatchTable } from './schema/node-publish.ts'

export type NodeBatchRow = Selectable<NodeBatchTable>

export async function insertNodeBatch(
  db: WriteHandle,
  batch: Omit<Insertable<NodeBatchTable>, 'id'>,
): Promise<Id<'nodeBatch'>> {
  const { id } = await db.insertInto('nodeBatch').values(batch).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function moveNodeBatch(
  db: WriteHandle,
  id: Id<'nodeBatch'>,
  patch: Pick<Updateable<NodeBatchTable>, 'state' | 'fileId' | 'owner' | 'endedAt'>,
): Promise<void> {
  await db.updateTable('nodeBatch').set(patch).where('id', '=', id).execute()
}

/** Loads that have not come to their end, oldest first. */
export function openNodeBatches(db: ReadHandle, environment: NodeEnvironment): Promise<NodeBatchRow[]> {
  return db
    .selectFrom('nodeBatch')
    .selectAll()
    .where('environment', '=', environment)
    .where('state', 'in', ['sending', 'unknown', 'sent'])
    .orderBy('id')
    .execute()
}

/** Files that some load of ours is known by: another one is not among them. */
export async function knownNodeFiles(db: ReadHandle, environment: NodeEnvironment): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('nodeBatch')
    .where('environment', '=', environment)
    .where('fileId', 'is not', null)
    .select('fileId')
    .execute()
  return new Set(rows.flatMap((row) => row.fileId ?? []))
}

/** Loads of a run of the program that is no more are followed by this one; which of them never had an answer is looked for. */
export async function adoptNodeBatches(
  db: WriteHandle,
  batches: readonly NodeBatchRow[],
  owner: string,
): Promise<void> {
  for (const { id, state } of batches) {
    await moveNodeBatch(db, id, { owner, state: state === 'sending' ? 'unknown' : state })
    await db.updateTable('nodePosition').set({ stepOwner: owner }).where('batchId', '=', id).execute()
  }
}
