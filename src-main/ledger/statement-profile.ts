import type { StatementMapping } from '#domain/bank-statement'
import type { Id } from '#domain/brand'
import { canonicalJson, type JsonValue } from '#domain/json'
import type { ReadHandle, WriteHandle } from './ledger.ts'

/** A format that a person described and named: how files whose headings are these are read, whatever the account. */
export interface NamedProfile {
  readonly id: Id<'profile'>
  readonly name: string
  readonly mapping: StatementMapping
  /** Headings of such files, folded; empty where they have none, and then no file is recognised by them. */
  readonly headings: readonly string[]
}

const KIND = 'statement'

export async function listProfiles(db: ReadHandle): Promise<NamedProfile[]> {
  const rows = await db.selectFrom('profile').selectAll().where('kind', '=', KIND).orderBy('name').execute()
  return rows.map(({ id, name, mappingJson }) => ({
    id,
    name,
    ...(JSON.parse(mappingJson) as Pick<NamedProfile, 'mapping' | 'headings'>),
  }))
}

/** Keeps a format under its name; one of that name is replaced. */
export async function keepProfile(db: WriteHandle, profile: Omit<NamedProfile, 'id'>): Promise<void> {
  const { mapping, headings } = profile
  const mappingJson = canonicalJson({ mapping, headings } as unknown as JsonValue)
  await db
    .insertInto('profile')
    .values({ kind: KIND, name: profile.name, mappingJson })
    .onConflict((conflict) => conflict.columns(['kind', 'name']).doUpdateSet({ mappingJson }))
    .execute()
}

export async function renameProfile(db: WriteHandle, id: Id<'profile'>, name: string): Promise<void> {
  await db.updateTable('profile').set({ name }).where('id', '=', id).where('kind', '=', KIND).execute()
}

export async function removeProfile(db: WriteHandle, id: Id<'profile'>): Promise<void> {
  await db.deleteFrom('profile').where('id', '=', id).where('kind', '=', KIND).execute()
}
