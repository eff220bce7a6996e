import type { Id } from '#domain/brand'
import { canonicalJson, type JsonValue } from '#domain/json'
import type { RegisterMapping } from '#domain/register-mapping'
import type { RegisterProfile } from '#domain/register-profile'
import type { ReadHandle, WriteHandle } from './ledger.ts'

const KIND = 'register'

/** Id of a saved profile on the wire: `n12`. */
const profileIdOf = (id: Id<'profile'>): string => `n${id}`

/** The row of a saved profile, null for ids of another form. */
function rowIdOf(id: string): Id<'profile'> | null {
  const digits = /^n(\d{1,15})$/.exec(id)?.[1]
  return digits === undefined ? null : (Number(digits) as Id<'profile'>)
}

/** The office's own layouts of register files, by name. */
export async function listRegisterProfiles(db: ReadHandle): Promise<RegisterProfile[]> {
  const rows = await db.selectFrom('profile').selectAll().where('kind', '=', KIND).orderBy('name').execute()
  return rows.map(({ id, name, mappingJson }) => ({
    ...{ id: profileIdOf(id), name, shipped: false, assumption: false },
    ...(JSON.parse(mappingJson) as { mapping: RegisterMapping; headings: string[] }),
  }))
}

/** Keeps a layout under its name; one of that name is replaced. */
export async function keepRegisterProfile(
  db: WriteHandle,
  profile: Pick<RegisterProfile, 'name' | 'mapping' | 'headings'>,
): Promise<void> {
  const { name, mapping, headings } = profile
  const mappingJson = canonicalJson({ mapping, headings } as unknown as JsonValue)
  await db
    .insertInto('profile')
    .values({ kind: KIND, name, mappingJson })
    .onConflict((conflict) => conflict.columns(['kind', 'name']).doUpdateSet({ mappingJson }))
    .execute()
}

export async function renameRegisterProfile(db: WriteHandle, id: string, name: string): Promise<void> {
  await db.updateTable('profile').set({ name }).where('id', '=', rowIdOf(id)).where('kind', '=', KIND).execute()
}

export async function removeRegisterProfile(db: WriteHandle, id: string): Promise<void> {
  await db.deleteFrom('profile').where('id', '=', rowIdOf(id)).where('kind', '=', KIND).execute()
}
