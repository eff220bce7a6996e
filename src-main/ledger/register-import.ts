import { type Insertable, sql } from 'kysely'
import type { Id } from '#domain/brand'
import { type Cents, cents } from '#domain/money'
import type { Beat } from './beat.ts'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { likeText } from './person-search.ts'
import type { ImportRowStatus, ImportRowTable, RegisterImportState, RegisterImportTable } from './schema/register.ts'

export type ImportHead = Omit<Insertable<RegisterImportTable>, 'id'>
export type NewImportRow = Omit<Insertable<ImportRowTable>, 'id' | 'importId'>

export interface RegisterImportRow extends ImportHead {
  readonly id: Id<'registerImport'>
}

export interface StoredImportRow extends Omit<ImportRowTable, 'id'> {
  readonly id: Id<'importRow'>
}

export async function readImport(db: ReadHandle, id: Id<'registerImport'>): Promise<RegisterImportRow | null> {
  return (await db.selectFrom('registerImport').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** The confirmed import of a file with these bytes, or one still pending. */
export async function findImport(
  db: ReadHandle,
  sha256: string,
  state: RegisterImportState,
): Promise<RegisterImportRow | null> {
  const row = await db
    .selectFrom('registerImport')
    .selectAll()
    .where('sha256', '=', sha256)
    .where('state', '=', state)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row ?? null
}

/** An import with its pending rows: nothing of it is in the books. */
export async function insertImport(
  db: WriteHandle,
  head: ImportHead,
  rows: readonly NewImportRow[],
  beat: Beat,
): Promise<Id<'registerImport'>> {
  const { id } = await db.insertInto('registerImport').values(head).returning('id').executeTakeFirstOrThrow()
  await insertMany(
    db,
    'importRow',
    rows.map((row) => ({ ...row, importId: id })),
    beat,
  )
  return id
}

/** Removes a pending import with its rows: it never was in the books. */
export async function deleteImport(db: WriteHandle, id: Id<'registerImport'>): Promise<void> {
  await db.deleteFrom('importRow').where('importId', '=', id).execute()
  await db.deleteFrom('registerImport').where('id', '=', id).execute()
}

export async function setImportState(
  db: WriteHandle,
  id: Id<'registerImport'>,
  state: RegisterImportState,
  counts: Partial<Pick<ImportHead, 'goodCount' | 'warningCount' | 'errorCount' | 'alreadyCount' | 'totalCents'>> = {},
): Promise<void> {
  await db
    .updateTable('registerImport')
    .set({ state, ...counts })
    .where('id', '=', id)
    .execute()
}

export interface StatusSum {
  readonly status: ImportRowStatus
  readonly ticked: boolean
  readonly live: boolean
  readonly count: number
  readonly cents: Cents
}

/** Count and money of the rows by status, by tick, and by whether their accertamento stands. */
export async function sumImportRows(db: ReadHandle, id: Id<'registerImport'>): Promise<StatusSum[]> {
  const rows = await db
    .selectFrom('importRow')
    .where('importId', '=', id)
    .groupBy(['status', 'ticked', 'live'])
    .select(['status', 'ticked', 'live'])
    .select(sql<number>`count(*)`.as('count'))
    .select(sql<number>`coalesce(sum("cents"), 0)`.as('cents'))
    .execute()
  return rows.map((row) => ({
    status: row.status,
    ticked: row.ticked === 1,
    live: row.live === 1,
    count: Number(row.count),
    cents: cents(Number(row.cents)),
  }))
}

/** Count and money of the accertamenti that the import raised and that no cancellation has emptied. */
export async function sumRaised(
  db: ReadHandle,
  id: Id<'registerImport'>,
): Promise<{ readonly count: number; readonly cents: Cents }> {
  const row = await db
    .selectFrom('importRow')
    .innerJoin('accertamento', 'accertamento.importRowId', 'importRow.id')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .where('importRow.importId', '=', id)
    .where('accertamentoBalance.state', '!=', 'cancelled')
    .select(sql<number>`count(*)`.as('count'))
    .select(sql<number>`coalesce(sum("accertamentoBalance"."dueCents"), 0)`.as('cents'))
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), cents: cents(Number(row.cents)) }
}

/** `Problem[]` texts of the rows that have any, in the order of the file. */
export async function listImportProblems(db: ReadHandle, id: Id<'registerImport'>): Promise<string[]> {
  const rows = await db
    .selectFrom('importRow')
    .select('problemsJson')
    .where('importId', '=', id)
    .where('problemsJson', '!=', '[]')
    .orderBy('rowNumber')
    .execute()
  return rows.map((row) => row.problemsJson)
}

export interface ImportRowQuery {
  readonly importId: Id<'registerImport'>
  readonly status: readonly ImportRowStatus[]
  readonly search: string
  readonly sort: { readonly column: string; readonly direction: 'asc' | 'desc' } | null
  readonly offset: number
  readonly limit: number
}

/** Rows of an import by status and by text of their cells, in the order of the file unless sorted. */
export async function listImportRows(
  db: ReadHandle,
  query: ImportRowQuery,
): Promise<{ rows: StoredImportRow[]; count: number; cents: Cents }> {
  let from = db.selectFrom('importRow').where('importId', '=', query.importId)
  if (query.status.length > 0) from = from.where('status', 'in', query.status)
  if (query.search !== '') from = from.where(matchesCells(query.search))
  const sums = await from
    .select(sql<number>`count(*)`.as('count'))
    .select(sql<number>`coalesce(sum("cents"), 0)`.as('cents'))
    .executeTakeFirstOrThrow()
  const sorted =
    query.sort?.column === 'amountCents'
      ? from.orderBy('cents', query.sort.direction)
      : query.sort?.column === 'status'
        ? from.orderBy('status', query.sort.direction)
        : from
  const rows = await sorted
    .orderBy('rowNumber', query.sort?.column === 'row' ? query.sort.direction : 'asc')
    .selectAll()
    .offset(query.offset)
    .limit(query.limit)
    .execute()
  return { rows, count: Number(sums.count), cents: cents(Number(sums.cents)) }
}

function matchesCells(search: string) {
  const text = likeText(search.trim())
  return sql<boolean>`(lower("rawJson") like ${text} escape '\\' or lower("parsedJson") like ${text} escape '\\')`
}

export async function readImportRow(db: ReadHandle, id: Id<'importRow'>): Promise<StoredImportRow | null> {
  return (await db.selectFrom('importRow').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function updateImportRow(
  db: WriteHandle,
  id: Id<'importRow'>,
  values: Partial<Omit<NewImportRow, 'sheet' | 'rowNumber'>>,
): Promise<void> {
  await db.updateTable('importRow').set(values).where('id', '=', id).execute()
}

export async function tickImportRows(
  db: WriteHandle,
  importId: Id<'registerImport'>,
  ids: readonly Id<'importRow'>[],
  ticked: boolean,
): Promise<void> {
  for (const slice of chunks(ids, 500)) {
    await db
      .updateTable('importRow')
      .set({ ticked: ticked ? 1 : 0 })
      .where('id', 'in', slice)
      .where('importId', '=', importId)
      .where('status', '=', 'already')
      .execute()
  }
}

/** Rows that may enter the books, in the order of the file. */
export async function listRowsToRaise(db: ReadHandle, id: Id<'registerImport'>): Promise<StoredImportRow[]> {
  return db
    .selectFrom('importRow')
    .selectAll()
    .where('importId', '=', id)
    .where((eb) =>
      eb.or([eb('status', 'in', ['good', 'warning']), eb.and([eb('status', '=', 'already'), eb('ticked', '=', 1)])]),
    )
    .orderBy('rowNumber')
    .execute()
}

/** Ties each raised row to its accertamento, before the import is confirmed. Rows in `bare` give up their reference. */
export async function linkRaisedRows(
  db: WriteHandle,
  id: Id<'registerImport'>,
  bare: readonly Id<'importRow'>[],
): Promise<void> {
  for (const slice of chunks(bare, 500)) {
    await db.updateTable('importRow').set({ externalReference: null }).where('id', 'in', slice).execute()
  }
  await db
    .updateTable('importRow')
    .set({
      live: 1,
      accertamentoId: sql`(select a."id" from "accertamento" a where a."importRowId" = "importRow"."id")`,
    })
    .where('importId', '=', id)
    .where(sql<boolean>`exists (select 1 from "accertamento" a where a."importRowId" = "importRow"."id")`)
    .execute()
}

export async function clearLiveRows(db: WriteHandle, id: Id<'registerImport'>): Promise<void> {
  await db.updateTable('importRow').set({ live: 0 }).where('importId', '=', id).where('live', '=', 1).execute()
}

/** Imports of this ledger, newest first. */
export async function listImports(
  db: ReadHandle,
  query: { readonly state: readonly RegisterImportState[]; readonly offset: number; readonly limit: number },
): Promise<{ rows: RegisterImportRow[]; count: number }> {
  let from = db.selectFrom('registerImport')
  if (query.state.length > 0) from = from.where('state', 'in', query.state)
  const { count } = await from.select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow()
  const rows = await from.selectAll().orderBy('id', 'desc').offset(query.offset).limit(query.limit).execute()
  return { rows, count: Number(count) }
}

/** What the books already hold: «fiscalCode|serviceTypeId|competenceYear|causale|cents» and external references. */
export interface KnownDues {
  readonly byKey: ReadonlyMap<string, { readonly number: string; readonly date: string }>
  readonly byReference: ReadonlyMap<string, { readonly number: string; readonly date: string }>
}

export async function readKnownDues(db: ReadHandle): Promise<KnownDues> {
  const rows = await db
    .selectFrom('accertamento')
    .innerJoin('person', 'person.id', 'accertamento.personId')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .where('accertamentoBalance.state', '!=', 'cancelled')
    .select([
      'person.fiscalCode',
      'accertamento.serviceTypeId',
      'accertamento.competenceYear',
      'accertamento.causale',
      'accertamento.assessedCents',
      'accertamento.externalReference',
      'accertamento.number',
      'accertamento.exercise',
      'accertamento.date',
    ])
    .execute()
  const byKey = new Map<string, { number: string; date: string }>()
  const byReference = new Map<string, { number: string; date: string }>()
  for (const row of rows) {
    const found = { number: `${row.number}/${row.exercise}`, date: row.date }
    byKey.set(
      dueKey(row.fiscalCode ?? '', row.serviceTypeId, row.competenceYear, row.causale, row.assessedCents),
      found,
    )
    if (row.externalReference !== null) byReference.set(row.externalReference, found)
  }
  const live = await db
    .selectFrom('importRow')
    .innerJoin('accertamento', 'accertamento.importRowId', 'importRow.id')
    .where('importRow.live', '=', 1)
    .where('importRow.externalReference', 'is not', null)
    .select(['importRow.externalReference', 'accertamento.number', 'accertamento.exercise', 'accertamento.date'])
    .execute()
  for (const row of live) {
    if (row.externalReference === null) continue
    byReference.set(row.externalReference, { number: `${row.number}/${row.exercise}`, date: row.date })
  }
  return { byKey, byReference }
}

/** Identity of a quota whoever wrote it: the same one imported twice is «già importata» (DOMAIN.md §3). */
export function dueKey(
  fiscalCode: string,
  serviceTypeId: number,
  competenceYear: number,
  causale: string,
  amount: number,
): string {
  return `${fiscalCode}|${serviceTypeId}|${competenceYear}|${causale.trim().toLowerCase()}|${amount}`
}
