import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Insertable } from 'kysely'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { AlboEntryTable, ContactKind, ContactPointTable, PersonTable } from './schema/person.ts'

export interface KnownPerson {
  readonly id: Id<'person'>
  readonly fiscalCode: FiscalCode
  readonly name: string
  readonly category: PersonTable['category']
  readonly vatNumber: string | null
}

/** Everybody with a fiscal code who was not merged into somebody else, by code. */
export async function readPeopleByCode(db: ReadHandle): Promise<Map<string, KnownPerson>> {
  const rows = await db
    .selectFrom('person')
    .where('mergedIntoId', 'is', null)
    .where('fiscalCode', 'is not', null)
    .select(['id', 'fiscalCode', 'name', 'category', 'vatNumber'])
    .execute()
  const people = new Map<string, KnownPerson>()
  for (const row of rows)
    if (row.fiscalCode !== null) people.set(row.fiscalCode, { ...row, fiscalCode: row.fiscalCode })
  return people
}

/** New people; answers their ids by fiscal code. */
export async function insertPeople(
  db: WriteHandle,
  people: readonly Omit<Insertable<PersonTable>, 'id'>[],
): Promise<Map<string, Id<'person'>>> {
  const ids = new Map<string, Id<'person'>>()
  for (const slice of chunks(people)) {
    const rows = await db
      .insertInto('person')
      .values([...slice])
      .returning(['id', 'fiscalCode'])
      .execute()
    for (const row of rows) if (row.fiscalCode !== null) ids.set(row.fiscalCode, row.id)
    await nextTurn()
  }
  return ids
}

export async function updatePerson(
  db: WriteHandle,
  id: Id<'person'>,
  values: Pick<PersonTable, 'name' | 'category' | 'vatNumber' | 'searchKey'>,
): Promise<void> {
  await db.updateTable('person').set(values).where('id', '=', id).execute()
}

export interface OpenContact {
  readonly id: Id<'contactPoint'>
  readonly personId: Id<'person'>
  readonly kind: ContactKind
  readonly value: string
  readonly validFrom: IsoDate
}

/** Contacts in force of these people. */
export async function readOpenContacts(db: ReadHandle, personIds: readonly Id<'person'>[]): Promise<OpenContact[]> {
  const found: OpenContact[] = []
  for (const slice of chunks(personIds, 500)) {
    found.push(
      ...(await db
        .selectFrom('contactPoint')
        .select(['id', 'personId', 'kind', 'value', 'validFrom'])
        .where('personId', 'in', slice)
        .where('validTo', 'is', null)
        .execute()),
    )
  }
  return found
}

export async function closeContacts(db: WriteHandle, ids: readonly Id<'contactPoint'>[], validTo: IsoDate) {
  for (const slice of chunks(ids, 500)) {
    await db.updateTable('contactPoint').set({ validTo }).where('id', 'in', slice).execute()
  }
}

/** New contacts; one that was closed on the day it began is opened again. */
export async function insertContacts(
  db: WriteHandle,
  contacts: readonly Omit<Insertable<ContactPointTable>, 'id'>[],
): Promise<void> {
  for (const slice of chunks(contacts)) {
    await db
      .insertInto('contactPoint')
      .values([...slice])
      .onConflict((conflict) =>
        conflict.columns(['personId', 'kind', 'value', 'validFrom']).doUpdateSet({ validTo: null, failedAt: null }),
      )
      .execute()
    await nextTurn()
  }
}

export interface OpenAlboEntry {
  readonly id: Id<'alboEntry'>
  readonly personId: Id<'person'>
  readonly albo: string
  readonly number: string
}

export async function readOpenAlboEntries(db: ReadHandle): Promise<OpenAlboEntry[]> {
  return db.selectFrom('alboEntry').select(['id', 'personId', 'albo', 'number']).where('to', 'is', null).execute()
}

export async function closeAlboEntries(db: WriteHandle, ids: readonly Id<'alboEntry'>[], to: IsoDate): Promise<void> {
  for (const slice of chunks(ids, 500)) {
    await db.updateTable('alboEntry').set({ to }).where('id', 'in', slice).execute()
  }
}

/** New entries; the same number from the same day is left as it stands. */
export async function insertAlboEntries(
  db: WriteHandle,
  entries: readonly Omit<Insertable<AlboEntryTable>, 'id'>[],
): Promise<void> {
  for (const slice of chunks(entries)) {
    await db
      .insertInto('alboEntry')
      .values([...slice])
      .onConflict((conflict) => conflict.columns(['albo', 'number', 'from']).doNothing())
      .execute()
  }
}
