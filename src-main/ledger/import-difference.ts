import { type Insertable, sql } from 'kysely'
import type { Id } from '#domain/brand'
import { DIFFERENCE_FIELDS, type DifferenceChoice, type DifferenceField } from '#domain/person-difference'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { matchesSearch } from './person-search.ts'
import type { ImportDifferenceTable } from './schema/register.ts'

export type NewDifference = Omit<Insertable<ImportDifferenceTable>, 'id'>

export async function insertDifferences(db: WriteHandle, rows: readonly NewDifference[]): Promise<void> {
  await insertMany(db, 'importDifference', rows)
}

/** A difference as it was shown, with what was chosen of it. */
export type ShownDifference = Pick<ImportDifferenceTable, 'oldValue' | 'newValue' | 'choice'>

/** What was shown and chosen so far, by `differenceKey`; of these people, or of all. */
export async function readShown(
  db: ReadHandle,
  importId: Id<'registerImport'>,
  personIds: readonly Id<'person'>[] | null,
): Promise<Map<string, ShownDifference>> {
  const from = db
    .selectFrom('importDifference')
    .select(['personId', 'field', 'oldValue', 'newValue', 'choice'])
    .where('importId', '=', importId)
  const shown = new Map<string, ShownDifference>()
  for (const slice of personIds === null ? [null] : chunks(personIds, 500)) {
    const rows = await (slice === null ? from : from.where('personId', 'in', slice)).execute()
    for (const { personId, field, ...row } of rows) shown.set(differenceKey(personId, field), row)
  }
  return shown
}

/** Fiscal codes of the people, these or all, about whose field the import says something else. */
export async function listDifferentCodes(
  db: ReadHandle,
  importId: Id<'registerImport'>,
  field: DifferenceField,
  personIds: readonly Id<'person'>[],
): Promise<string[]> {
  const from = db
    .selectFrom('importDifference')
    .innerJoin('person', 'person.id', 'importDifference.personId')
    .where('importDifference.importId', '=', importId)
    .where('importDifference.field', '=', field)
    .select('person.fiscalCode')
  const codes: string[] = []
  for (const slice of personIds.length === 0 ? [null] : chunks(personIds, 500)) {
    const rows = await (slice === null ? from : from.where('importDifference.personId', 'in', slice)).execute()
    for (const { fiscalCode } of rows) if (fiscalCode !== null) codes.push(fiscalCode)
  }
  return codes
}

export function differenceKey(personId: Id<'person'>, field: DifferenceField): string {
  return `${personId}|${field}`
}

/** Forgets the differences of these people, or all of an import. */
export async function deleteDifferences(
  db: WriteHandle,
  importId: Id<'registerImport'>,
  personIds: readonly Id<'person'>[] | null,
): Promise<void> {
  const from = db.deleteFrom('importDifference').where('importId', '=', importId)
  if (personIds === null) await from.execute()
  else for (const slice of chunks(personIds, 500)) await from.where('personId', 'in', slice).execute()
}

/** Chooses for some people or all (empty), for some fields or all (empty). */
export async function chooseDifferences(
  db: WriteHandle,
  importId: Id<'registerImport'>,
  to: {
    readonly personIds: readonly Id<'person'>[]
    readonly fields: readonly DifferenceField[]
    readonly choice: DifferenceChoice
  },
): Promise<void> {
  let from = db.updateTable('importDifference').set({ choice: to.choice }).where('importId', '=', importId)
  if (to.fields.length > 0) from = from.where('field', 'in', to.fields)
  if (to.personIds.length === 0) await from.execute()
  else for (const slice of chunks(to.personIds, 500)) await from.where('personId', 'in', slice).execute()
}

export interface DifferenceQuery {
  readonly importId: Id<'registerImport'>
  readonly field: readonly DifferenceField[]
  readonly choice: DifferenceChoice | null
  readonly search: string
}

export interface DifferenceSums {
  readonly people: number
  readonly update: number
  readonly keep: number
  readonly fields: { readonly field: DifferenceField; readonly update: number; readonly keep: number }[]
}

/** How many people, and how many differences of each field and choice, in the whole filter. */
export async function sumDifferences(db: ReadHandle, query: DifferenceQuery): Promise<DifferenceSums> {
  const { count } = await filtered(db, query)
    .select(sql<number>`count(distinct "importDifference"."personId")`.as('count'))
    .executeTakeFirstOrThrow()
  const sums = await filtered(db, query)
    .groupBy(['field', 'choice'])
    .select(['field', 'choice'])
    .select(sql<number>`count(*)`.as('count'))
    .execute()
  const of = (field: DifferenceField | null, choice: DifferenceChoice) =>
    sums
      .filter((sum) => sum.choice === choice && (field === null || sum.field === field))
      .reduce((total, sum) => total + Number(sum.count), 0)
  const present = DIFFERENCE_FIELDS.filter((field) => sums.some((sum) => sum.field === field))
  return {
    people: Number(count),
    update: of(null, 'update'),
    keep: of(null, 'keep'),
    fields: present.map((field) => ({ field, update: of(field, 'update'), keep: of(field, 'keep') })),
  }
}

export interface DifferentPerson {
  readonly personId: Id<'person'>
  readonly fiscalCode: string | null
  readonly name: string
  readonly row: number
  readonly changes: {
    readonly field: DifferenceField
    readonly old: string | null
    readonly new: string
    readonly choice: DifferenceChoice
  }[]
}

/** A page of people by name, each with the differences that the filter asks for. */
export async function listDifferences(
  db: ReadHandle,
  query: DifferenceQuery & { readonly offset: number; readonly limit: number },
): Promise<DifferentPerson[]> {
  const people = await filtered(db, query)
    .groupBy(['person.id', 'person.name', 'person.fiscalCode'])
    .select(['person.id', 'person.name', 'person.fiscalCode'])
    .orderBy('person.name')
    .orderBy('person.id')
    .offset(query.offset)
    .limit(query.limit)
    .execute()
  if (people.length === 0) return []
  const ids = people.map((person) => person.id)
  const changes = await filtered(db, { ...query, search: '' })
    .where('importDifference.personId', 'in', ids)
    .selectAll('importDifference')
    .execute()
  return people.map(({ id, name, fiscalCode }) => {
    const own = changes.filter((change) => change.personId === id)
    return {
      personId: id,
      name,
      fiscalCode,
      row: Math.max(...own.map((change) => change.rowNumber)),
      changes: DIFFERENCE_FIELDS.flatMap((field) =>
        own
          .filter((change) => change.field === field)
          .map(({ oldValue, newValue, choice }) => ({ field, old: oldValue, new: newValue, choice })),
      ),
    }
  })
}

function filtered(db: ReadHandle, query: DifferenceQuery) {
  let from = db
    .selectFrom('importDifference')
    .innerJoin('person', 'person.id', 'importDifference.personId')
    .where('importDifference.importId', '=', query.importId)
  if (query.field.length > 0) from = from.where('field', 'in', query.field)
  if (query.choice !== null) from = from.where('choice', '=', query.choice)
  if (query.search.trim() !== '') from = from.where(matchesSearch(query.search, ['importDifference.newValue']))
  return from
}
