import { type Insertable, sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { RegisterContact } from '#domain/person-difference'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { AlboEntryTable, ContactPointTable } from './schema/person.ts'
import type { ImportPersonTable } from './schema/register.ts'

type PersonField = 'name' | 'category' | 'vatNumber'

/** What a confirmed import did to one person, as it must be known to take it back. */
export interface ImportEffect {
  readonly changed: readonly { readonly field: PersonField; readonly before: string | null; readonly after: string }[]
  readonly contacts: readonly {
    readonly kind: RegisterContact
    readonly opened: Id<'contactPoint'>
    readonly closed: readonly Id<'contactPoint'>[]
  }[]
  /** Since when the person had been erased; the import made it a person again. */
  readonly erasedAt?: Instant
  readonly albo: readonly { readonly opened: Id<'alboEntry'>; readonly closed: readonly Id<'alboEntry'>[] }[]
  /** Positions that begin on another day. */
  readonly enrolled?: readonly { readonly entry: Id<'alboEntry'>; readonly before: IsoDate; readonly after: IsoDate }[]
}

export async function insertEffects(
  db: WriteHandle,
  rows: readonly Omit<Insertable<ImportPersonTable>, 'id'>[],
): Promise<void> {
  await insertMany(db, 'importPerson', rows)
}

export interface TouchedPerson {
  readonly personId: Id<'person'>
  readonly created: boolean
  readonly effect: ImportEffect
}

export async function listEffects(db: ReadHandle, importId: Id<'registerImport'>): Promise<TouchedPerson[]> {
  const rows = await db
    .selectFrom('importPerson')
    .select(['personId', 'created', 'effectJson'])
    .where('importId', '=', importId)
    .orderBy('personId')
    .execute()
  return rows.map(({ personId, created, effectJson }) => ({
    personId,
    created: created === 1,
    effect: JSON.parse(effectJson) as ImportEffect,
  }))
}

export interface PersonNow {
  readonly id: Id<'person'>
  readonly name: string
  readonly category: string
  readonly vatNumber: string | null
  readonly fiscalCode: string | null
  readonly mergedIntoId: Id<'person'> | null
  readonly erasedAt: string | null
}

/** These people as they are now; who is gone is not among them. */
export async function readPeopleNow(
  db: ReadHandle,
  ids: readonly Id<'person'>[],
): Promise<Map<Id<'person'>, PersonNow>> {
  const found = new Map<Id<'person'>, PersonNow>()
  for (const slice of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('person')
      .select(['id', 'name', 'category', 'vatNumber', 'fiscalCode', 'mergedIntoId', 'erasedAt'])
      .where('id', 'in', slice)
      .execute()
    for (const row of rows) found.set(row.id, row)
  }
  return found
}

export type ContactNow = Pick<ContactPointTable, 'kind' | 'value' | 'validTo' | 'source'> & { readonly used: boolean }

/** These contacts as they are now; `used` when a delivery went, or waits to go, there. */
export async function readContactsNow(
  db: ReadHandle,
  ids: readonly Id<'contactPoint'>[],
): Promise<Map<Id<'contactPoint'>, ContactNow>> {
  const found = new Map<Id<'contactPoint'>, ContactNow>()
  for (const slice of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('contactPoint')
      .select(['id', 'kind', 'value', 'validTo', 'source'])
      .select(
        sql<number>`case when exists (select 1 from "delivery" d where d."contactPointId" = "contactPoint"."id") then 1 else 0 end`.as(
          'used',
        ),
      )
      .where('id', 'in', slice)
      .execute()
    for (const { id, used, ...row } of rows) found.set(id, { ...row, used: Number(used) === 1 })
  }
  return found
}

export async function readAlboNow(
  db: ReadHandle,
  ids: readonly Id<'alboEntry'>[],
): Promise<Map<Id<'alboEntry'>, Pick<AlboEntryTable, 'albo' | 'number' | 'from' | 'to'>>> {
  const found = new Map<Id<'alboEntry'>, Pick<AlboEntryTable, 'albo' | 'number' | 'from' | 'to'>>()
  for (const slice of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('alboEntry')
      .select(['id', 'albo', 'number', 'from', 'to'])
      .where('id', 'in', slice)
      .execute()
    for (const { id, ...row } of rows) found.set(id, row)
  }
  return found
}

/**
 * Every table that names a person, beside those whose rows an import takes back itself (contacts, albo positions,
 * differences). A test finds the ones that are missing here.
 */
export const PERSON_NAMED_IN = [
  ['accertamento', 'personId'],
  ['debtPosition', 'personId'],
  ['reversale', 'personId'],
  ['deliveryStop', 'personId'],
  ['alboWriteBack', 'personId'],
  ['personMerge', 'personId'],
  ['personMerge', 'intoId'],
  ['personChange', 'personId'],
  ['personDistinct', 'firstId'],
  ['personDistinct', 'secondId'],
  ['person', 'mergedIntoId'],
] as const

/** Which of these people something else names, and whether it is an accertamento. `own` are contacts and albo positions that do not count. */
export async function readPeopleInUse(
  db: ReadHandle,
  ids: readonly Id<'person'>[],
  own: { readonly contacts: ReadonlySet<Id<'contactPoint'>>; readonly albo: ReadonlySet<Id<'alboEntry'>> },
): Promise<Map<Id<'person'>, 'dues' | 'used'>> {
  const found = new Map<Id<'person'>, 'dues' | 'used'>()
  for (const slice of chunks(ids, 500)) {
    const contacts = await db
      .selectFrom('contactPoint')
      .select(['id', 'personId'])
      .where('personId', 'in', slice)
      .execute()
    const albo = await db.selectFrom('alboEntry').select(['id', 'personId']).where('personId', 'in', slice).execute()
    const notes = await db
      .selectFrom('note')
      .select('subjectId')
      .where('subjectKind', '=', 'person')
      .where('subjectId', 'in', slice)
      .execute()
    for (const { id, personId } of contacts) if (!own.contacts.has(id)) found.set(personId, 'used')
    for (const { id, personId } of albo) if (!own.albo.has(id)) found.set(personId, 'used')
    for (const { subjectId } of notes) found.set(subjectId as Id<'person'>, 'used')
  }
  for (const [table, column] of PERSON_NAMED_IN) {
    for (const slice of chunks(ids, 500)) {
      const rows = await db
        .selectFrom(table as 'accertamento')
        .where(column as 'personId', 'in', slice)
        .select(sql.ref<Id<'person'>>(column).as('id'))
        .distinct()
        .execute()
      for (const { id } of rows) {
        // Accertamenti are the reason that counts: they never go.
        if (table === 'accertamento' || !found.has(id)) found.set(id, table === 'accertamento' ? 'dues' : 'used')
      }
    }
  }
  return found
}

export async function reopenContacts(db: WriteHandle, ids: readonly Id<'contactPoint'>[]): Promise<void> {
  for (const slice of chunks(ids, 500)) {
    await db.updateTable('contactPoint').set({ validTo: null }).where('id', 'in', slice).execute()
  }
}

export async function deleteContacts(db: WriteHandle, ids: readonly Id<'contactPoint'>[]): Promise<void> {
  for (const slice of chunks(ids, 500)) await db.deleteFrom('contactPoint').where('id', 'in', slice).execute()
}

export async function reopenAlboEntries(db: WriteHandle, ids: readonly Id<'alboEntry'>[]): Promise<void> {
  for (const slice of chunks(ids, 500)) {
    await db.updateTable('alboEntry').set({ to: null }).where('id', 'in', slice).execute()
  }
}

export async function deleteAlboEntries(db: WriteHandle, ids: readonly Id<'alboEntry'>[]): Promise<void> {
  for (const slice of chunks(ids, 500)) await db.deleteFrom('alboEntry').where('id', 'in', slice).execute()
}

/** People whom nothing names, with what waiting imports say of them. */
export async function deletePeople(db: WriteHandle, ids: readonly Id<'person'>[]): Promise<void> {
  for (const slice of chunks(ids, 500)) {
    await db.deleteFrom('importDifference').where('personId', 'in', slice).execute()
    await db.deleteFrom('person').where('id', 'in', slice).execute()
  }
}
