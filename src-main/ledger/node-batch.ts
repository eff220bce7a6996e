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

/** States of a load that has not come to its end. */
export const OPEN_BATCH = ['sending', 'unknown', 'sent'] as const

/** Only by who follows it, and while it is open: whoever slept too long finds it followed by another. Says whether it moved. */
export async function moveNodeBatch(
  db: WriteHandle,
  id: Id<'nodeBatch'>,
  owner: string,
  patch: Pick<Updateable<NodeBatchTable>, 'state' | 'fileId' | 'endedAt'>,
): Promise<boolean> {
  const moved = await db
    .updateTable('nodeBatch')
    .set(patch)
    .where('id', '=', id)
    .where('owner', '=', owner)
    .where('state', 'in', OPEN_BATCH)
    .executeTakeFirst()
  return Number(moved.numUpdatedRows) > 0
}

/** Loads that have not come to their end, oldest first. */
export function openNodeBatches(db: ReadHandle, environment: NodeEnvironment): Promise<NodeBatchRow[]> {
  return db
    .selectFrom('nodeBatch')
    .selectAll()
    .where('environment', '=', environment)
    .where('state', 'in', OPEN_BATCH)
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
    const adopted = { owner, state: state === 'sending' ? ('unknown' as const) : state }
    await db.updateTable('nodeBatch').set(adopted).where('id', '=', id).execute()
    await db.updateTable('nodePosition').set({ stepOwner: owner }).where('batchId', '=', id).execute()
  }
}
