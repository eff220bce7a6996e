import { type Insertable, type RawBuilder, sql } from 'kysely'
import type { Id } from '#domain/brand'
import { parseItalianDate } from '#domain/date'
import { type Cents, cents, parseAmount } from '#domain/money'
import { isIssued } from './accertamento-raise.ts'
import type { Beat } from './beat.ts'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { likeText } from './person-search.ts'
import type { ImportRowStatus, ImportRowTable, RegisterImportState, RegisterImportTable } from './schema/register.ts'

type HeadLater =
  | 'confirmedAt'
  | 'confirmedBy'
  | 'createdPeople'
  | 'createdContacts'
  | 'createdAlboEntries'
  | 'updatedPeople'
  | 'undoneAt'
  | 'undoneBy'
  | 'undoReason'

/** What is known of an import when it is read. */
export type ImportHead = Omit<Insertable<RegisterImportTable>, 'id' | HeadLater>
export type NewImportRow = Omit<Insertable<ImportRowTable>, 'id' | 'importId'>

export interface RegisterImportRow extends Omit<RegisterImportTable, 'id'> {
  readonly id: Id<'registerImport'>
}

export interface StoredImportRow extends Omit<ImportRowTable, 'id'> {
  readonly id: Id<'importRow'>
}

export async function readImport(db: ReadHandle, id: Id<'registerImport'>): Promise<RegisterImportRow | null> {
  return (await db.selectFrom('registerImport').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** The confirmed import of a file with these bytes for this purpose, or one still pending. */
export async function findImport(
  db: ReadHandle,
  file: Pick<RegisterImportRow, 'sha256' | 'purpose'>,
  state: RegisterImportState,
): Promise<RegisterImportRow | null> {
  const row = await db
    .selectFrom('registerImport')
    .selectAll()
    .where('sha256', '=', file.sha256)
    .where('purpose', '=', file.purpose)
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
  const none = { createdPeople: 0, createdContacts: 0, createdAlboEntries: 0, updatedPeople: 0 }
  const { id } = await db
    .insertInto('registerImport')
    .values({ ...head, ...none })
    .returning('id')
    .executeTakeFirstOrThrow()
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
  await db.deleteFrom('importDifference').where('importId', '=', id).execute()
  await db.deleteFrom('importRow').where('importId', '=', id).execute()
  await db.deleteFrom('registerImport').where('id', '=', id).execute()
}

export async function setImportState(
  db: WriteHandle,
  id: Id<'registerImport'>,
  state: RegisterImportState,
  values: Partial<Omit<RegisterImportTable, 'id' | 'fileName' | 'sha256' | 'state'>> = {},
): Promise<void> {
  await db
    .updateTable('registerImport')
    .set({ state, ...values })
    .where('id', '=', id)
    .execute()
}

export interface StatusSum {
  readonly status: ImportRowStatus
  readonly ticked: boolean
  readonly leftOut: boolean
  /** An accertamento came of it, whatever became of that later. */
  readonly raised: boolean
  readonly count: number
  readonly cents: Cents
}

/** Count and money of the rows by status, by tick, and by whether they were left out or raised. */
export async function sumImportRows(db: ReadHandle, id: Id<'registerImport'>): Promise<StatusSum[]> {
  const rows = await db
    .selectFrom('importRow')
    .where('importId', '=', id)
    .groupBy(['status', 'ticked', 'leftOut', sql`case when "accertamentoId" is null then 0 else 1 end`])
    .select(['status', 'ticked', 'leftOut'])
    .select(sql<number>`case when "accertamentoId" is null then 0 else 1 end`.as('raised'))
    .select(sql<number>`count(*)`.as('count'))
    .select(sql<number>`coalesce(sum("cents"), 0)`.as('cents'))
    .execute()
  return rows.map((row) => ({
    status: row.status,
    ticked: row.ticked === 1,
    leftOut: row.leftOut === 1,
    raised: Number(row.raised) === 1,
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
    .where('leftOut', '=', 0)
    .orderBy('rowNumber')
    .execute()
  return rows.map((row) => row.problemsJson)
}

export interface ImportRowQuery {
  readonly importId: Id<'registerImport'>
  readonly status: readonly ImportRowStatus[]
  readonly leftOut: boolean | null
  readonly search: string
  /** What stands in the stored rows beside the texts of their cells: it is not found. */
  readonly syntax: readonly string[]
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
  if (query.leftOut !== null) from = from.where('leftOut', '=', query.leftOut ? 1 : 0)
  if (query.search !== '') from = from.where(matchesCells(query.search.trim(), query.syntax))
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

/** A letter that so many names hold stands in the cells of a row too: to look there takes seconds, and changes nothing. */
const MANY_NAMES = 8

/** The text in a cell; an amount and a day also as a good row keeps them. */
function matchesCells(search: string, syntax: readonly string[]) {
  const day = parseItalianDate(search)
  const amount = search.includes(',') ? parseAmount(search) : null
  const found = [search, ...(day === null ? [] : [day])].map((text) => {
    const json = JSON.stringify(text).slice(1, -1)
    const named = [':null', ...syntax].filter((part) => part.toLowerCase().includes(json.toLowerCase()))
    const beside = named.length > MANY_NAMES ? [] : named
    const holds = (column: string) => {
      const like = (of: RawBuilder<unknown>) => sql<boolean>`lower(${of}) like ${likeText(json)} escape '\\'`
      const whole = sql.ref(column)
      if (beside.length === 0) return like(whole)
      // The whole is looked at first: most rows end there.
      const cells = beside.reduce<RawBuilder<unknown>>(
        (of, part) => sql`replace(${of}, ${part}, ${part === ':null' ? ':' : ''})`,
        whole,
      )
      return sql<boolean>`(${like(whole)} and ${like(cells)})`
    }
    return sql<boolean>`(${holds('rawJson')} or ${holds('parsedJson')})`
  })
  if (amount?.ok) found.push(sql<boolean>`"cents" = ${amount.value}`)
  return sql<boolean>`(${sql.join(found, sql` or `)})`
}

export async function readImportRow(db: ReadHandle, id: Id<'importRow'>): Promise<StoredImportRow | null> {
  return (await db.selectFrom('importRow').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Rows of an import by their numbers in the file. */
export async function listRowsAt(
  db: ReadHandle,
  importId: Id<'registerImport'>,
  numbers: readonly number[],
): Promise<StoredImportRow[]> {
  const found: StoredImportRow[] = []
  for (const slice of chunks(numbers, 500)) {
    const rows = db.selectFrom('importRow').selectAll().where('importId', '=', importId)
    found.push(...(await rows.where('rowNumber', 'in', slice).orderBy('rowNumber').execute()))
  }
  return found
}

/** Rows that a person left out or ticked. */
export async function listMarkedRows(db: ReadHandle, importId: Id<'registerImport'>): Promise<StoredImportRow[]> {
  return db
    .selectFrom('importRow')
    .selectAll()
    .where('importId', '=', importId)
    .where((eb) => eb.or([eb('leftOut', '=', 1), eb('ticked', '=', 1)]))
    .orderBy('rowNumber')
    .execute()
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

/** Leaves rows out of a pending import, or takes them in again. */
export async function leaveRowsOut(
  db: WriteHandle,
  importId: Id<'registerImport'>,
  ids: readonly Id<'importRow'>[],
  leftOut: boolean,
): Promise<void> {
  for (const slice of chunks(ids, 500)) {
    await db
      .updateTable('importRow')
      .set({ leftOut: leftOut ? 1 : 0 })
      .where('id', 'in', slice)
      .where('importId', '=', importId)
      .execute()
  }
}

/** Fiscal codes of these rows. */
export async function readRowCodes(db: ReadHandle, ids: readonly Id<'importRow'>[]): Promise<string[]> {
  const codes = new Set<string>()
  for (const slice of chunks(ids, 500)) {
    const rows = await db.selectFrom('importRow').select('fiscalCode').where('id', 'in', slice).execute()
    for (const { fiscalCode } of rows) if (fiscalCode !== null) codes.add(fiscalCode)
  }
  return [...codes]
}

export type SpeakingRow = Pick<StoredImportRow, 'id' | 'sheet' | 'rowNumber' | 'status' | 'ticked'> & {
  readonly parsedJson: string
}

/** Rows of an import that say something of somebody: neither wrong nor left out; all, or those of these codes. In the order of the file. */
export async function listSpeakingRows(
  db: ReadHandle,
  importId: Id<'registerImport'>,
  codes: readonly string[] | null,
): Promise<SpeakingRow[]> {
  const from = db
    .selectFrom('importRow')
    .select(['id', 'sheet', 'rowNumber', 'status', 'ticked', 'parsedJson'])
    .where('importId', '=', importId)
    .where('leftOut', '=', 0)
    .where('status', '!=', 'error')
    .orderBy('rowNumber')
  const rows: Awaited<ReturnType<typeof from.execute>> = []
  for (const slice of codes === null ? [null] : chunks(codes, 500)) {
    for (const row of await (slice === null ? from : from.where('fiscalCode', 'in', slice)).execute()) rows.push(row)
  }
  return rows.flatMap(({ parsedJson, ...row }) => (parsedJson === null ? [] : [{ ...row, parsedJson }]))
}

/** How many people the rows speak of who are not in the archive. `known` are codes that lead there all the same (merges). */
export async function countNewPeople(
  db: ReadHandle,
  importId: Id<'registerImport'>,
  known: readonly string[],
): Promise<number> {
  const unknown = db
    .selectFrom('importRow')
    .where('importId', '=', importId)
    .where('leftOut', '=', 0)
    .where('status', '!=', 'error')
    .where('fiscalCode', 'is not', null)
    .where(
      sql<boolean>`not exists (select 1 from "person" p where p."fiscalCode" = "importRow"."fiscalCode" and p."fiscalCode" is not null and p."mergedIntoId" is null)`,
    )
    .select(sql<number>`count(distinct "fiscalCode")`.as('count'))
  const all = await unknown.executeTakeFirstOrThrow()
  let merged = 0
  for (const slice of chunks(known, 500)) {
    merged += Number((await unknown.where('fiscalCode', 'in', slice).executeTakeFirstOrThrow()).count)
  }
  return Number(all.count) - merged
}

/** Other rows of the same import, of the person or of the reference of this one; neither wrong nor left out. */
export async function listTwins(
  db: ReadHandle,
  { id, importId }: Pick<StoredImportRow, 'id' | 'importId'>,
  by: { readonly fiscalCode: string; readonly externalReference: string | null },
): Promise<{ readonly rowNumber: number; readonly parsedJson: string }[]> {
  const { fiscalCode, externalReference } = by
  const rows = await db
    .selectFrom('importRow')
    .select(['rowNumber', 'parsedJson'])
    .where('importId', '=', importId)
    .where((eb) =>
      eb.or([
        eb('fiscalCode', '=', fiscalCode),
        ...(externalReference === null ? [] : [eb('externalReference', '=', externalReference)]),
      ]),
    )
    .where('id', '!=', id)
    .where('status', '!=', 'error')
    .where('leftOut', '=', 0)
    .orderBy('rowNumber', 'desc')
    .execute()
  return rows.flatMap(({ rowNumber, parsedJson }) => (parsedJson === null ? [] : [{ rowNumber, parsedJson }]))
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
    .from('accertamento as a')
    .set((eb) => ({ live: 1 as const, accertamentoId: eb.ref('a.id') }))
    .whereRef('a.importRowId', '=', 'importRow.id')
    .where('importRow.importId', '=', id)
    .execute()
}

export async function clearLiveRows(db: WriteHandle, id: Id<'registerImport'>): Promise<void> {
  await db.updateTable('importRow').set({ live: 0 }).where('importId', '=', id).where('live', '=', 1).execute()
}

/** Every import of this ledger, newest first: tens a year. */
export async function listImports(db: ReadHandle): Promise<RegisterImportRow[]> {
  return db.selectFrom('registerImport').selectAll().orderBy('id', 'desc').execute()
}

export interface Held {
  /** Count and money of the accertamenti that it raised, as `sumRaised` has them. */
  readonly raised: { readonly count: number; readonly cents: Cents }
  readonly issued: number
  readonly collected: number
}

/** Accertamenti of an import that a live position asks for, and those of which something is collected. */
export async function countHeld(db: ReadHandle, id: Id<'registerImport'>): Promise<Held> {
  const stands = sql`case when "accertamentoBalance"."state" <> 'cancelled'`
  const row = await db
    .selectFrom('importRow')
    .innerJoin('accertamento', 'accertamento.importRowId', 'importRow.id')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .where('importRow.importId', '=', id)
    .select(sql<number>`coalesce(sum(${stands} then 1 else 0 end), 0)`.as('count'))
    .select(sql<number>`coalesce(sum(${stands} then "accertamentoBalance"."dueCents" else 0 end), 0)`.as('cents'))
    .select(sql<number>`coalesce(sum(${isIssued('accertamento')}), 0)`.as('issued'))
    .select(sql<number>`coalesce(sum(case when "collectedCents" > 0 then 1 else 0 end), 0)`.as('collected'))
    .executeTakeFirstOrThrow()
  return {
    raised: { count: Number(row.count), cents: cents(Number(row.cents)) },
    issued: Number(row.issued),
    collected: Number(row.collected),
  }
}
