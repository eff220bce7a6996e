import { type Insertable, sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { insertMany, reserveIds } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { ReceiptTable, ReceiptTransferTable } from './schema/evidence.ts'

export type NewReceiptTransfer = Omit<Insertable<ReceiptTransferTable>, 'id' | 'receiptId'>

export interface NewReceipt {
  readonly receipt: Omit<Insertable<ReceiptTable>, 'id'>
  readonly transfers: readonly NewReceiptTransfer[]
}

/** What makes two files the same receipt: the rest (names, form of the file) may differ. */
export interface ReceiptFacts {
  readonly iuv: string
  readonly iur: string
  readonly ok: 0 | 1
  readonly cents: Cents
  readonly paidAt: string
  readonly transfers: readonly { readonly fiscalCode: string; readonly cents: Cents }[]
}

/** Receipts kept of these IUVs. */
export async function receiptsOf(db: ReadHandle, iuvs: readonly string[]): Promise<ReceiptFacts[]> {
  const found: ReceiptFacts[] = []
  for (const part of chunks([...new Set(iuvs)])) {
    const rows = await db
      .selectFrom('receipt')
      .select(['id', 'iuv', 'iur', 'ok', 'cents', 'paidAt'])
      .where('iuv', 'in', [...part])
      .execute()
    if (rows.length === 0) continue
    const transfers = Map.groupBy(
      await db
        .selectFrom('receiptTransfer')
        .select(['receiptId', 'fiscalCode', 'cents'])
        .where(
          'receiptId',
          'in',
          rows.map((r) => r.id),
        )
        .execute(),
      (t) => t.receiptId,
    )
    found.push(...rows.map(({ id, ...row }) => ({ ...row, transfers: transfers.get(id) ?? [] })))
  }
  return found
}

/** Keeps receipts with their transfers. */
export async function insertReceipts(db: WriteHandle, receipts: readonly NewReceipt[]): Promise<void> {
  const ids = await reserveIds(db, 'receipt', receipts.length)
  await insertMany(
    db,
    'receipt',
    receipts.map(({ receipt }, i) => ({ ...receipt, id: ids[i] as Id<'receipt'> })),
  )
  await insertMany(
    db,
    'receiptTransfer',
    receipts.flatMap(({ transfers }, i) => transfers.map((t) => ({ ...t, receiptId: ids[i] as Id<'receipt'> }))),
  )
}

export interface ReceiptRow {
  readonly id: Id<'receipt'>
  readonly iuv: string
  readonly iur: string
  readonly noticeNumber: string | null
  readonly ok: 0 | 1
  readonly cents: Cents
  readonly feeCents: Cents | null
  readonly paidAt: string
  readonly pspName: string | null
  readonly payerName: string | null
  readonly payerFiscalCode: string | null
  readonly debtorName: string | null
  readonly debtorFiscalCode: string | null
  readonly fileName: string | null
  readonly source: 'file' | 'node'
  readonly importedAt: Instant
  readonly debtPositionId: Id<'debtPosition'> | null
  /** Of the position that the IUV belongs to. */
  readonly personName: string | null
  readonly code: string | null
  readonly paramsJson: string | null
}

export interface ReceiptFilter {
  readonly id?: Id<'receipt'>
  readonly ids?: readonly Id<'receipt'>[]
  readonly from?: IsoDate | null
  readonly to?: IsoDate | null
  readonly ok?: boolean | null
  readonly code?: readonly string[]
  readonly iuv?: string | null
}

function receiptsBy(db: ReadHandle, filter: ReceiptFilter) {
  let query = db.selectFrom('receipt as r').leftJoin('receiptLabel as l', 'l.receiptId', 'r.id')
  if (filter.id !== undefined) query = query.where('r.id', '=', filter.id)
  if (filter.ids !== undefined) query = query.where('r.id', 'in', filter.ids)
  if (filter.from != null) query = query.where('r.paidAt', '>=', filter.from)
  // A day and an instant of that day begin alike.
  if (filter.to != null) query = query.where('r.paidAt', '<=', `${filter.to}~`)
  if (filter.ok != null) query = query.where('r.ok', '=', filter.ok ? 1 : 0)
  if (filter.code && filter.code.length > 0) query = query.where('l.code', 'in', [...filter.code])
  if (filter.iuv != null) query = query.where('r.iuv', 'like', `%${filter.iuv.replace(/\s+/g, '')}%`)
  return query
}

/** How many receipts, how many of them say paid, and what those paid. */
export async function sumReceipts(
  db: ReadHandle,
  filter: ReceiptFilter,
): Promise<{ readonly count: number; readonly paid: number; readonly cents: Cents }> {
  const row = await receiptsBy(db, filter)
    .select(sql<number>`count(*)`.as('count'))
    .select(sql<number>`cast(coalesce(sum(r."ok"), 0) as bigint)`.as('paid'))
    .select(sql<number>`cast(coalesce(sum(case when r."ok" = 1 then r."cents" else 0 end), 0) as bigint)`.as('cents'))
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), paid: Number(row.paid), cents: Number(row.cents) as Cents }
}

/** The register of receipts, latest payment first: a page of it, or all. */
export async function listReceipts(
  db: ReadHandle,
  filter: ReceiptFilter,
  page?: { readonly offset: number; readonly limit: number },
): Promise<ReceiptRow[]> {
  const latest = (p: { readonly offset: number; readonly limit: number }) =>
    receiptsBy(db, filter)
      .select('r.id')
      .orderBy('r.paidAt', 'desc')
      .orderBy('r.iuv')
      .orderBy('r.iur')
      .offset(p.offset)
      .limit(p.limit)
  // The page is chosen before its names are looked up: a database looks up those of every row that it sorts.
  const rows = page === undefined ? receiptsBy(db, filter) : receiptsBy(db, {}).where('r.id', 'in', latest(page))
  return rows
    .leftJoin('iuvAssignment as a', (join) => join.on(sql<boolean>`a."iuv" = r."iuv"`))
    .leftJoin('debtPosition as d', 'd.id', 'a.debtPositionId')
    .leftJoin('person as p', 'p.id', 'd.personId')
    .selectAll('r')
    .select(['l.code', 'l.paramsJson', 'd.id as debtPositionId', 'p.name as personName'])
    .orderBy('r.paidAt', 'desc')
    .orderBy('r.iuv')
    .orderBy('r.iur')
    .execute()
}

export type ReceiptColumn =
  | `r.${'paidAt' | 'iuv' | 'iur' | 'debtorName' | 'debtorFiscalCode' | 'payerName' | 'pspName' | 'fileName' | 'importedAt'}`
  | `r.${'cents' | 'feeCents'}`
  | 'l.code'

/** What one column says of each receipt, latest payment first. */
export async function receiptValues(db: ReadHandle, filter: ReceiptFilter, column: ReceiptColumn) {
  return receiptsBy(db, filter)
    .select(['r.id', sql<string | number | null>`${sql.ref(column)}`.as('value')])
    .orderBy('r.paidAt', 'desc')
    .orderBy('r.iuv')
    .orderBy('r.iur')
    .execute()
}

/** How many receipts of each label; the parameters of one stand for all. */
export async function countReceipts(
  db: ReadHandle,
): Promise<{ readonly code: string | null; readonly paramsJson: string | null; readonly count: number }[]> {
  const rows = await db
    .selectFrom('receipt as r')
    .leftJoin('receiptLabel as l', 'l.receiptId', 'r.id')
    .groupBy('l.code')
    .select((eb) => ['l.code', eb.fn.min('l.paramsJson').as('paramsJson'), eb.fn.countAll().as('count')])
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

export async function receiptTransfers(db: ReadHandle, id: Id<'receipt'>) {
  return db
    .selectFrom('receiptTransfer')
    .select(['idTransfer', 'fiscalCode', 'cents', 'iban', 'stamp'])
    .where('receiptId', '=', id)
    .orderBy('idTransfer')
    .execute()
}

/** Flows that report the payment of a receipt: by its IUR, else of its IUV, since some providers write another IUR. */
export async function flowsOfReceipt(db: ReadHandle, iuv: string, iur: string) {
  const rows = await db
    .selectFrom('flowRow as w')
    .innerJoin('reportingFlowVersion as v', 'v.id', 'w.versionId')
    .innerJoin('reportingFlow as f', 'f.id', 'v.reportingFlowId')
    .where('w.iuv', '=', iuv)
    .select(['f.id', 'f.flowId', 'w.cents', 'v.regulationDate', 'w.iur'])
    .distinct()
    .orderBy('v.regulationDate')
    .execute()
  const exact = rows.filter((row) => row.iur === iur)
  return (exact.length > 0 ? exact : rows).map(({ iur: _, ...row }) => row)
}
