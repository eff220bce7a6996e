import type { Id } from '#domain/brand'
import type { Pacing } from '#domain/pacing'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { pacingColumns, withPacing } from './pacing-columns.ts'
import type { FileAccountTable } from './schema/delivery.ts'

export interface FileAccountValues
  extends Pick<FileAccountTable, 'name' | 'protocol' | 'host' | 'port' | 'user' | 'auth' | 'remoteFolder' | 'pinned'> {
  readonly pacing: Pacing
}

export interface FileAccountRow extends FileAccountValues {
  readonly id: Id<'fileAccount'>
}

/** Accounts in use, by name. */
export async function listFileAccounts(db: ReadHandle): Promise<FileAccountRow[]> {
  const rows = await db.selectFrom('fileAccount').selectAll().where('active', '=', 1).execute()
  return rows.map(({ active: _active, ...row }) => withPacing(row)).sort((a, b) => a.name.localeCompare(b.name, 'it'))
}

export async function saveFileAccount(
  db: WriteHandle,
  id: Id<'fileAccount'> | null,
  { pacing, ...values }: FileAccountValues,
): Promise<Id<'fileAccount'>> {
  const columns = { ...values, ...pacingColumns(pacing) }
  if (id !== null) {
    await db.updateTable('fileAccount').set(columns).where('id', '=', id).execute()
    return id
  }
  const row = await db
    .insertInto('fileAccount')
    .values({ ...columns, active: 1 })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Past campaigns may name it: it only leaves the lists, and its name becomes free. */
export async function retireFileAccount(db: WriteHandle, id: Id<'fileAccount'>, name: string): Promise<void> {
  await db
    .updateTable('fileAccount')
    .set({ active: 0, name: `${name} (tolto, n. ${id})` })
    .where('id', '=', id)
    .execute()
}
