import type { AlboProfileId } from '#domain/albo-profile'
import type { Id } from '#domain/brand'
import type { FolderToken } from '#domain/ports'
import type { AlboMark } from './albo.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { AlboDestinationTable } from './schema/albo.ts'

export interface AlboDestinationValues {
  readonly name: string
  readonly profile: AlboProfileId
  readonly way: AlboDestinationTable['way']
  readonly folder: FolderToken | null
  readonly place: string
  readonly fileAccountId: Id<'fileAccount'> | null
  readonly automatic: boolean
}

export interface AlboDestination extends AlboDestinationValues {
  readonly id: Id<'alboDestination'>
  readonly active: boolean
}

/** Destinations by name, those taken away too: lists that went there name them. */
export async function listAlboDestinations(db: ReadHandle): Promise<AlboDestination[]> {
  const rows = await db.selectFrom('alboDestination').selectAll().execute()
  return rows
    .map(({ profile, folder, automatic, active, fromWriteBackId: _w, fromAnnulmentId: _a, ...row }) => ({
      ...row,
      profile: profile as AlboProfileId,
      folder: folder as FolderToken | null,
      automatic: automatic === 1,
      active: active === 1,
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'it'))
}

/** @param from the mark after which a new one begins; one that is there keeps its own */
export async function saveAlboDestination(
  db: WriteHandle,
  id: Id<'alboDestination'> | null,
  { automatic, ...values }: AlboDestinationValues,
  from: AlboMark,
): Promise<Id<'alboDestination'>> {
  const row = { ...values, automatic: automatic ? (1 as const) : (0 as const), active: 1 as const }
  if (id !== null) {
    await db.updateTable('alboDestination').set(row).where('id', '=', id).execute()
    return id
  }
  const begin = { fromWriteBackId: from.lastWriteBackId, fromAnnulmentId: from.lastAnnulmentId }
  const added = await db
    .insertInto('alboDestination')
    .values({ ...row, ...begin })
    .returning('id')
  return (await added.executeTakeFirstOrThrow()).id
}

/** It makes no lists any more; what waited to leave stays where it is. */
export async function retireAlboDestination(db: WriteHandle, id: Id<'alboDestination'>): Promise<void> {
  await db.updateTable('alboDestination').set({ active: 0, automatic: 0 }).where('id', '=', id).execute()
}
