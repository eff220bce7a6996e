import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { canonicalJson, type JsonValue } from '#domain/json'
import type { FolderToken } from '#domain/ports'
import type { Problem } from '#domain/problem'
import type { KnownFile } from './import-file.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'

export type WatchedKind = 'flow' | 'receipt'

/** A statement that stays in its folder, and why. */
export interface WaitingFile {
  readonly name: string
  readonly problems: readonly Problem[]
}

export interface WatchedFolderRow {
  readonly id: Id<'watchedFolder'>
  readonly folder: FolderToken
  readonly name: string
  readonly kinds: readonly WatchedKind[]
  readonly active: boolean
  readonly after: 'keep' | 'move'
  readonly lastScanAt: Instant | null
  readonly note: string | null
  /** Whose statements those are that name no account. */
  readonly bankAccountId: Id<'bankAccount'> | null
  readonly waiting: readonly WaitingFile[]
}

export async function listWatchedFolders(db: ReadHandle): Promise<WatchedFolderRow[]> {
  const rows = await db.selectFrom('watchedFolder').selectAll().orderBy('name').orderBy('id').execute()
  return rows.map(({ waitingJson, ...r }) => ({
    ...r,
    waiting: JSON.parse(waitingJson),
    folder: r.folder as FolderToken,
    kinds: r.kinds.split(',') as WatchedKind[],
    active: r.active === 1,
  }))
}

export async function saveWatchedFolder(
  db: WriteHandle,
  id: Id<'watchedFolder'> | null,
  folder: Pick<WatchedFolderRow, 'folder' | 'name' | 'kinds' | 'active' | 'after' | 'bankAccountId'>,
): Promise<Id<'watchedFolder'>> {
  const columns = { ...folder, kinds: folder.kinds.join(','), active: folder.active ? 1 : 0 } as const
  if (id === null) {
    const row = await db
      .insertInto('watchedFolder')
      .values({ ...columns, lastScanAt: null, note: null, waitingJson: '[]' })
      .returning('id')
      .executeTakeFirstOrThrow()
    return row.id
  }
  await db
    .updateTable('watchedFolder')
    .set({ ...columns, note: null })
    .where('id', '=', id)
    .execute()
  return id
}

export async function removeWatchedFolder(db: WriteHandle, id: Id<'watchedFolder'>): Promise<void> {
  await db.deleteFrom('watchedFolder').where('id', '=', id).execute()
}

export async function noteScan(
  db: WriteHandle,
  id: Id<'watchedFolder'>,
  found: { readonly at: Instant; readonly note: string | null; readonly waiting: readonly WaitingFile[] },
): Promise<void> {
  const { at, note, waiting } = found
  const waitingJson = canonicalJson(waiting as unknown as JsonValue)
  await db.updateTable('watchedFolder').set({ lastScanAt: at, note, waitingJson }).where('id', '=', id).execute()
}

/** The latest files that came from watched folders. */
export async function filesFromFolders(db: ReadHandle, limit: number): Promise<Omit<KnownFile, 'sha256' | 'source'>[]> {
  const rows = await db
    .selectFrom('importFile')
    .select(['id', 'kind', 'name', 'outcome', 'problemsJson', 'at', 'operator'])
    .where('source', '=', 'folder')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ problemsJson, ...row }) => ({ ...row, problems: JSON.parse(problemsJson) }))
}
