import type { Id } from '#domain/brand'
import { canonicalJson } from '#domain/json'
import { searchKey } from '#domain/search-key'
import type { WriteHandle } from './ledger.ts'
import { readSetting, writeSetting } from './setting.ts'

const SETTING = 'unidentifiedPerson'
const NAME = 'Versante da identificare'

/** In whose name money without an owner is raised: one row of the register for all of it, made the first time. */
export async function unidentifiedPerson(db: WriteHandle): Promise<Id<'person'>> {
  const known = await readSetting(db, SETTING)
  if (known !== null) return JSON.parse(known) as Id<'person'>
  const { id } = await db
    .insertInto('person')
    .values({
      ...{ kind: 'G', fiscalCode: null, vatNumber: null, name: NAME, category: 'altro', mergedIntoId: null },
      searchKey: searchKey(NAME),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await writeSetting(db, SETTING, canonicalJson(id))
  return id
}
