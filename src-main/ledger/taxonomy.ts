import { type Insertable, sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { TaxonomyEntry } from '#domain/taxonomy'
import { ORDER_CODES, type Taxonomy } from '#domain/taxonomy-judge'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { TaxonomyFileTable } from './schema/taxonomy.ts'

export interface KeptFile {
  readonly id: Id<'taxonomyFile'>
  readonly fileName: string
  readonly sha256: string
  readonly version: number
  readonly at: Instant
  readonly operator: string
}

/** The file that was taken up last; null while there is none. */
export async function readTaxonomyFile(db: ReadHandle): Promise<KeptFile | null> {
  const row = await db.selectFrom('taxonomyFile').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row ?? null
}

/** The codes as the last file says, those that it no longer has too; before any file, those of the orders. */
export async function readTaxonomy(db: ReadHandle): Promise<Taxonomy> {
  const file = await readTaxonomyFile(db)
  if (file === null) return ORDER_CODES
  const rows = await db.selectFrom('taxonomyCode').selectAll().orderBy('code').execute()
  return {
    version: file.version,
    codes: rows.map(({ fileId: _file, goneFileId, ...entry }) => ({ ...entry, gone: goneFileId !== null })),
  }
}

/** Takes a file up: its codes take the place of those of the last one, what it no longer has stays as gone. */
export async function keepTaxonomy(
  db: WriteHandle,
  file: Omit<Insertable<TaxonomyFileTable>, 'id'>,
  entries: readonly TaxonomyEntry[],
): Promise<void> {
  // The codes that the program brought stay known, where the first file has not all of them.
  const present = await readTaxonomy(db)
  const there = new Set(entries.map((one) => one.code))
  const lost = present.version === null ? present.codes.filter((one) => !there.has(one.code)) : []
  const { id } = await db.insertInto('taxonomyFile').values(file).returning('id').executeTakeFirstOrThrow()
  for (const part of chunks(entries)) {
    await db
      .deleteFrom('taxonomyCode')
      .where(
        'code',
        'in',
        part.map((one) => one.code),
      )
      .execute()
  }
  await db.updateTable('taxonomyCode').set({ goneFileId: id }).where('goneFileId', 'is', null).execute()
  await insertMany(db, 'taxonomyCode', [
    ...entries.map((entry) => ({ ...entry, fileId: id, goneFileId: null })),
    ...lost.map(({ gone: _gone, ...entry }) => ({ ...entry, fileId: id, goneFileId: id })),
  ])
}

/** Codes that transfers have, of whatever version: each once. */
export async function codesOfTransfers(db: ReadHandle): Promise<string[]> {
  // From one code to the next in the index: the database would read it all for a plain `distinct`.
  const { rows } = await sql<{ code: string | null }>`with recursive "used" ("code") as (
    select min("taxonomyCode") from "transfer"
    union all
    select (select min(t."taxonomyCode") from "transfer" t where t."taxonomyCode" > u."code") from "used" u where u."code" is not null
  ) select "code" from "used" where "code" is not null`.execute(db as never)
  return rows.flatMap(({ code }) => (code === null ? [] : [code]))
}

/** Transfers of positions that still ask for money, with one of these codes. */
function openTransfers(db: ReadHandle, codes: readonly string[]) {
  return db
    .selectFrom('transfer')
    .innerJoin('installment', 'installment.id', 'transfer.installmentId')
    .innerJoin('paymentOption', 'paymentOption.id', 'installment.paymentOptionId')
    .innerJoin('debtPosition', (join) =>
      join
        .onRef('debtPosition.id', '=', 'paymentOption.debtPositionId')
        .onRef('debtPosition.currentVersion', '=', 'paymentOption.version'),
    )
    .where('transfer.taxonomyCode', 'in', [...codes])
    .where('debtPosition.lifecycle', '=', 'issued')
    .where('debtPosition.payment', 'in', ['unpaid', 'partiallyPaid'])
    .select(({ fn }) => fn.count<number>('debtPosition.id').distinct().as('count'))
}

/** Positions that still ask for money with these codes, by code. */
export async function openPositionsOf(db: ReadHandle, codes: readonly string[]): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const part of chunks(codes)) {
    const rows = await openTransfers(db, part)
      .groupBy('transfer.taxonomyCode')
      .select('transfer.taxonomyCode as code')
      .execute()
    for (const row of rows) found.set(row.code, Number(row.count))
  }
  return found
}

/** Positions that still ask for money with any of these codes, each once. */
export async function countOpenPositions(db: ReadHandle, codes: readonly string[]): Promise<number> {
  if (codes.length === 0) return 0
  return Number((await openTransfers(db, codes).executeTakeFirst())?.count ?? 0)
}
