import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Insertable } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import { insertMany, reserveIds } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { readFormerCodes, shownId } from './person-family.ts'
import type { AlboEntryTable, ContactKind, ContactPointTable, PersonTable } from './schema/person.ts'

export interface KnownPerson {
  readonly id: Id<'person'>
  readonly fiscalCode: FiscalCode | null
  readonly name: string
  readonly category: PersonTable['category']
  readonly vatNumber: string | null
  readonly erasedAt: Instant | null
}

/** Which people are asked for: those of these codes, VAT numbers or keys. */
export interface PeopleScope {
  readonly codes: readonly string[]
  readonly vatNumbers: readonly string[]
  readonly ids: readonly Id<'person'>[]
}

const COLUMNS = ['id', 'fiscalCode', 'name', 'category', 'vatNumber', 'erasedAt'] as const

/** Everybody who was not merged into somebody else, or those of `scope`. */
export async function readKnownPeople(db: ReadHandle, scope: PeopleScope | null): Promise<KnownPerson[]> {
  const from = db.selectFrom('person').where('mergedIntoId', 'is', null).select(COLUMNS)
  if (scope === null) return from.execute()
  const found = new Map<Id<'person'>, KnownPerson>()
  for (const [column, values] of [
    ['fiscalCode', scope.codes],
    ['vatNumber', scope.vatNumbers],
    ['id', scope.ids],
  ] as const) {
    for (const slice of chunks<unknown>(values, 500)) {
      for (const person of await from.where(column, 'in', slice as never).execute()) found.set(person.id, person)
    }
  }
  return [...found.values()]
}

/** Codes that merges left behind, and who stands for them now. */
export async function readMergedCodes(db: ReadHandle): Promise<Map<string, Id<'person'>>> {
  return new Map((await readFormerCodes(db)).map(({ code, id }) => [code, id]))
}

/** Reserved keys; the caller keeps the order of `people`. */
export async function insertPeople(
  db: WriteHandle,
  people: readonly Omit<Insertable<PersonTable>, 'id'>[],
): Promise<Id<'person'>[]> {
  const ids = await reserveIds(db, 'person', people.length)
  await insertMany(
    db,
    'person',
    people.map((person, i) => ({ id: ids[i] as Id<'person'>, ...person })),
  )
  return ids
}

export async function updatePerson(
  db: WriteHandle,
  id: Id<'person'>,
  values: Partial<Pick<PersonTable, 'name' | 'category' | 'vatNumber' | 'searchKey'>>,
): Promise<void> {
  // Whoever was merged into it is seen with its data.
  await db
    .updateTable('person')
    .set(values)
    .where((eb) => eb.or([eb('id', '=', id), eb('mergedIntoId', '=', id)]))
    .execute()
}

export interface OpenContact {
  readonly id: Id<'contactPoint'>
  readonly personId: Id<'person'>
  readonly kind: ContactKind
  readonly value: string
}

/** Contacts in force of these people. */
export async function readOpenContacts(db: ReadHandle, personIds: readonly Id<'person'>[]): Promise<OpenContact[]> {
  const found: OpenContact[] = []
  for (const slice of chunks(personIds, 500)) {
    const rows = await db
      .selectFrom('contactPoint')
      .select(['id', 'personId', 'kind', 'value'])
      .where('personId', 'in', slice)
      .where('validTo', 'is', null)
      .orderBy('id')
      .execute()
    for (const row of rows) found.push(row)
    await nextTurn()
  }
  return found
}

/** Who has which e-mail address in force; of these addresses (lower case), or everybody. */
export async function readOpenMails(
  db: ReadHandle,
  mails: readonly string[] | null,
): Promise<{ readonly personId: Id<'person'>; readonly value: string }[]> {
  const from = db
    .selectFrom('contactPoint')
    .select(['personId', 'value'])
    .where('kind', '=', 'email')
    .where('validTo', 'is', null)
  if (mails === null) return from.execute()
  if (mails.length === 0) return []
  return from.where((eb) => eb(eb.fn<string>('lower', ['value']), 'in', mails as string[])).execute()
}

export async function closeContacts(db: WriteHandle, ids: readonly Id<'contactPoint'>[], validTo: IsoDate) {
  for (const slice of chunks(ids, 500)) {
    await db.updateTable('contactPoint').set({ validTo }).where('id', 'in', slice).execute()
  }
}

export type NewContact = Omit<Insertable<ContactPointTable>, 'id'>

/** Contacts of people who had none: nothing can be there already. */
export async function insertFirstContacts(
  db: WriteHandle,
  contacts: readonly NewContact[],
): Promise<Id<'contactPoint'>[]> {
  const ids = await reserveIds(db, 'contactPoint', contacts.length)
  await insertMany(
    db,
    'contactPoint',
    contacts.map((contact, i) => ({ id: ids[i] as Id<'contactPoint'>, ...contact })),
  )
  return ids
}

/** New contacts, in their order; one that was closed on the day it began is opened again. */
export async function insertContacts(db: WriteHandle, contacts: readonly NewContact[]): Promise<Id<'contactPoint'>[]> {
  const ids: Id<'contactPoint'>[] = []
  const key = (c: Pick<NewContact, 'personId' | 'kind' | 'value'>) => `${c.personId}|${c.kind}|${c.value}`
  for (const slice of chunks(contacts)) {
    const rows = await db
      .insertInto('contactPoint')
      .values([...slice])
      .onConflict((conflict) =>
        conflict.columns(['personId', 'kind', 'value', 'validFrom']).doUpdateSet({ validTo: null, failedAt: null }),
      )
      .returning(['id', 'personId', 'kind', 'value'])
      .execute()
    const byKey = new Map(rows.map((row) => [key(row), row.id]))
    for (const contact of slice) ids.push(byKey.get(key(contact)) as Id<'contactPoint'>)
    await nextTurn()
  }
  return ids
}

export interface KnownAlboEntry {
  readonly id: Id<'alboEntry'>
  readonly personId: Id<'person'>
  readonly albo: string
  readonly section: string | null
  readonly number: string
  readonly from: IsoDate
  readonly to: IsoDate | null
}

interface AlboScope {
  readonly numbers: readonly string[]
  readonly personIds: readonly Id<'person'>[]
}

/** Albo positions in force, each of whom it is seen as after a merge: everybody's, or those of one of these numbers and of these people. */
export async function readOpenAlboEntries(db: ReadHandle, scope: AlboScope | null): Promise<KnownAlboEntry[]> {
  return alboEntries(db, scope, true)
}

/** The same with those that ended. */
export async function readAlboEntries(db: ReadHandle, scope: AlboScope | null): Promise<KnownAlboEntry[]> {
  return alboEntries(db, scope, false)
}

async function alboEntries(db: ReadHandle, scope: AlboScope | null, open: boolean): Promise<KnownAlboEntry[]> {
  const all = db
    .selectFrom('alboEntry')
    .innerJoin('person as p', 'p.id', 'alboEntry.personId')
    .select(['alboEntry.id', shownId('p').as('personId'), 'albo', 'section', 'number', 'from', 'to'])
    .orderBy('alboEntry.id')
  const from = open ? all.where('to', 'is', null) : all
  if (scope === null) return from.execute()
  const { numbers, personIds } = scope
  if (numbers.length + personIds.length === 0) return []
  // PostgreSQL takes no empty list.
  return from
    .where((eb) =>
      eb.or([
        ...(numbers.length > 0 ? [eb('number', 'in', numbers)] : []),
        ...(personIds.length > 0 ? [eb('p.id', 'in', personIds), eb('p.mergedIntoId', 'in', personIds)] : []),
      ]),
    )
    .execute()
}

export async function closeAlboEntries(db: WriteHandle, ids: readonly Id<'alboEntry'>[], to: IsoDate): Promise<void> {
  for (const slice of chunks(ids, 500)) {
    await db.updateTable('alboEntry').set({ to }).where('id', 'in', slice).execute()
  }
}

export interface EnrolmentChange {
  readonly entry: Pick<KnownAlboEntry, 'id' | 'albo' | 'number' | 'from'>
  readonly from: IsoDate
}

/** Positions begin on another day; not where the same number has begun on that day already. Tells which were changed. */
export async function moveEnrolments<C extends EnrolmentChange>(db: WriteHandle, changes: readonly C[]): Promise<C[]> {
  const wanted = changes.map(({ entry, from }) => ({ albo: entry.albo, number: entry.number, from }))
  const taken = await readTakenNumbers(db, wanted)
  const done: C[] = []
  for (const change of changes) {
    const key = alboKey({ ...change.entry, from: change.from })
    if (taken.has(key)) continue
    taken.add(key)
    await db.updateTable('alboEntry').set({ from: change.from }).where('id', '=', change.entry.id).execute()
    done.push(change)
  }
  return done
}

export type NewAlboEntry = Omit<Insertable<AlboEntryTable>, 'id'>

const alboKey = (e: Pick<NewAlboEntry, 'albo' | 'number' | 'from'>) => `${e.albo}|${e.number}|${e.from}`

/** New entries; the same number from the same day is left as it stands, and has no key in the answer. */
export async function insertAlboEntries(
  db: WriteHandle,
  entries: readonly NewAlboEntry[],
): Promise<(Id<'alboEntry'> | null)[]> {
  const taken = await readTakenNumbers(db, entries)
  const free = entries.filter((entry) => {
    const key = alboKey(entry)
    return !taken.has(key) && taken.add(key)
  })
  const ids = await reserveIds(db, 'alboEntry', free.length)
  await insertMany(
    db,
    'alboEntry',
    free.map((entry, i) => ({ id: ids[i] as Id<'alboEntry'>, ...entry })),
  )
  const idOf = new Map(free.map((entry, i) => [entry, ids[i] as Id<'alboEntry'>]))
  return entries.map((entry) => idOf.get(entry) ?? null)
}

/** Which of these entries, or more, are in the albo already. */
async function readTakenNumbers(
  db: ReadHandle,
  entries: readonly Pick<NewAlboEntry, 'albo' | 'number' | 'from'>[],
): Promise<Set<string>> {
  const from = db.selectFrom('alboEntry').select(['albo', 'number', 'from'])
  const taken = new Set<string>()
  const numbers = entries.map((entry) => entry.number)
  // Of many all are read: tens of thousands of single look-ups would take longer.
  for (const slice of numbers.length > 5000 ? [null] : chunks(numbers, 500)) {
    for (const row of await (slice === null ? from : from.where('number', 'in', slice)).execute())
      taken.add(alboKey(row))
  }
  return taken
}
