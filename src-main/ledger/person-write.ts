import type { Insertable } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import { searchKey } from '#domain/search-key'
import { insertMany } from './bulk.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { AlboEntryTable, PersonTable } from './schema/person.ts'

/** What a person is, apart from contacts and albo. */
export type Identity = Pick<PersonTable, 'kind' | 'name' | 'fiscalCode' | 'vatNumber' | 'category'>

export async function insertPerson(db: WriteHandle, identity: Identity): Promise<Id<'person'>> {
  const { id } = await db
    .insertInto('person')
    .values({ ...identity, mergedIntoId: null, searchKey: keyOf(identity) })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Who stands under that code, merged people apart. */
export async function personWithCode(db: ReadHandle, code: FiscalCode): Promise<Id<'person'> | null> {
  const row = await db
    .selectFrom('person')
    .where('fiscalCode', '=', code)
    .where('mergedIntoId', 'is', null)
    .select('id')
    .executeTakeFirst()
  return row?.id ?? null
}

/** The person and whoever was merged into it: all are seen with these data. */
export async function writeIdentity(db: WriteHandle, id: Id<'person'>, identity: Identity): Promise<void> {
  await db
    .updateTable('person')
    .set({ ...identity, searchKey: keyOf(identity) })
    .where((eb) => eb.or([eb('id', '=', id), eb('mergedIntoId', '=', id)]))
    .execute()
}

export function keyOf({ name, fiscalCode, vatNumber }: Pick<Identity, 'name' | 'fiscalCode' | 'vatNumber'>): string {
  return searchKey(name, fiscalCode, vatNumber)
}

export type IdentityField = keyof Identity

export interface IdentityChange {
  readonly field: IdentityField
  readonly before: string
  readonly after: string
}

/** What two identities differ in. */
export function changesBetween(before: Identity, after: Identity): IdentityChange[] {
  return (['kind', 'name', 'fiscalCode', 'vatNumber', 'category'] as const).flatMap((field) =>
    before[field] === after[field]
      ? []
      : [{ field, before: String(before[field] ?? ''), after: String(after[field] ?? '') }],
  )
}

export async function keepChanges(
  db: WriteHandle,
  personId: Id<'person'>,
  changes: readonly IdentityChange[],
  by: { readonly at: Instant; readonly operator: string },
): Promise<void> {
  await insertMany(
    db,
    'personChange',
    changes.map((change) => ({ personId, ...change, ...by })),
  )
}

export async function readChanges(db: ReadHandle, ids: readonly Id<'person'>[]) {
  return db
    .selectFrom('personChange')
    .where('personId', 'in', ids)
    .select(['field', 'before', 'after', 'at', 'operator'])
    .orderBy('id', 'desc')
    .execute()
}

export async function readAlboEntry(db: ReadHandle, id: Id<'alboEntry'>) {
  return db.selectFrom('alboEntry').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function closeAlboEntry(db: WriteHandle, id: Id<'alboEntry'>, to: IsoDate): Promise<void> {
  await db.updateTable('alboEntry').set({ to }).where('id', '=', id).execute()
}

/** Who holds that number in that albo from that very day, if anybody does. */
export async function alboNumberTaken(
  db: ReadHandle,
  entry: Pick<AlboEntryTable, 'albo' | 'number' | 'from'>,
): Promise<string | null> {
  const row = await db
    .selectFrom('alboEntry as e')
    .innerJoin('person as p', 'p.id', 'e.personId')
    .where('e.albo', '=', entry.albo)
    .where('e.number', '=', entry.number)
    .where((eb) => eb.or([eb('e.from', '=', entry.from), eb('e.to', 'is', null)]))
    .select('p.name')
    .executeTakeFirst()
  return row?.name ?? null
}

export async function insertAlboEntry(
  db: WriteHandle,
  entry: Omit<Insertable<AlboEntryTable>, 'id'>,
): Promise<Id<'alboEntry'>> {
  const { id } = await db.insertInto('alboEntry').values(entry).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function markContactFailing(
  db: WriteHandle,
  id: Id<'contactPoint'>,
  failedAt: Instant | null,
): Promise<void> {
  await db.updateTable('contactPoint').set({ failedAt }).where('id', '=', id).execute()
}

export async function contactOwner(db: ReadHandle, id: Id<'contactPoint'>) {
  return db.selectFrom('contactPoint').select(['personId', 'kind']).where('id', '=', id).executeTakeFirst()
}
