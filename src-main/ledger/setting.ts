import type { Id } from '#domain/brand'
import type { ReadHandle, WriteHandle } from './ledger.ts'

export async function readSetting(db: ReadHandle, key: string): Promise<string | null> {
  const row = await db.selectFrom('setting').select('valueJson').where('key', '=', key).executeTakeFirst()
  return row?.valueJson ?? null
}

/** `null` removes the choice. */
export async function writeSetting(db: WriteHandle, key: string, valueJson: string | null): Promise<void> {
  if (valueJson === null) {
    await db.deleteFrom('setting').where('key', '=', key).execute()
    return
  }
  await db
    .insertInto('setting')
    .values({ key, valueJson })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ valueJson }))
    .execute()
}

export interface SavedView {
  readonly id: Id<'savedView'>
  readonly name: string
  readonly stateJson: string
}

export async function listSavedViews(db: ReadHandle, page: string): Promise<SavedView[]> {
  const rows = await db.selectFrom('savedView').selectAll().where('page', '=', page).orderBy('id').execute()
  return rows.map((row) => ({ id: row.id, name: row.name, stateJson: row.queryJson }))
}

export async function saveView(
  db: WriteHandle,
  view: { id: Id<'savedView'> | null; page: string; name: string; stateJson: string },
): Promise<Id<'savedView'>> {
  const values = { page: view.page, name: view.name, queryJson: view.stateJson }
  if (view.id === null) {
    return (await db.insertInto('savedView').values(values).returning('id').executeTakeFirstOrThrow()).id
  }
  await db.updateTable('savedView').set(values).where('id', '=', view.id).execute()
  return view.id
}

export async function removeView(db: WriteHandle, id: Id<'savedView'>): Promise<void> {
  await db.deleteFrom('savedView').where('id', '=', id).execute()
}
