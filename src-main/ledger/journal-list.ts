import { sql } from 'kysely'
import type { Instant } from '#domain/date'
import type { JsonValue } from '#domain/json'
import type { ReadHandle } from './ledger.ts'

export interface JournalRow {
  readonly seq: number
  readonly at: Instant
  readonly operator: string
  readonly command: string
  readonly payload: JsonValue
}

export interface JournalFilter {
  readonly operator: string | null
  /** Instants, end exclusive. */
  readonly from: string | null
  readonly to: string | null
  readonly ascending: boolean
}

/** Entries of the activity register by number. */
export async function listJournal(
  db: ReadHandle,
  filter: JournalFilter,
  page: { readonly offset: number; readonly limit: number } | null,
): Promise<JournalRow[]> {
  let query = filtered(db, filter)
    .selectAll()
    .orderBy('seq', filter.ascending ? 'asc' : 'desc')
  if (page !== null) query = query.limit(page.limit).offset(page.offset)
  const rows = await query.execute()
  return rows.map(({ payloadJson, previousHash: _p, hash: _h, ...row }) => ({
    ...row,
    payload: JSON.parse(payloadJson) as JsonValue,
  }))
}

export async function countJournal(db: ReadHandle, filter: JournalFilter): Promise<number> {
  const row = await filtered(db, filter).select(sql<number>`count(*)`.as('n')).executeTakeFirstOrThrow()
  return Number(row.n)
}

function filtered(db: ReadHandle, filter: JournalFilter) {
  let query = db.selectFrom('journalEntry')
  if (filter.operator !== null) query = query.where('operator', '=', filter.operator)
  if (filter.from !== null) query = query.where('at', '>=', filter.from as Instant)
  if (filter.to !== null) query = query.where('at', '<', filter.to as Instant)
  return query
}
