import { setImmediate as nextTurn } from 'node:timers/promises'
import { CompiledQuery, type Insertable, PostgresAdapter, type Selectable, sql } from 'kysely'
import type { WriteHandle } from './ledger.ts'
import type { Schema } from './schema.ts'

const ROWS_PER_STATEMENT = 200

/** SQLite takes 32 766 parameters in a statement, PostgreSQL 65 535. */
const MAX_PARAMETERS = 30_000

/**
 * Inserts many rows of one shape, about 200 a statement; the text of a full batch is compiled once and run as it is.
 * Yields to the event loop between batches; `onBatch` is told how many rows are in and may throw to stop.
 * @throws RangeError when a row lacks a column of the first one.
 */
export async function insertMany<T extends keyof Schema & string>(
  db: WriteHandle,
  table: T,
  rows: readonly Insertable<Schema[T]>[],
  onBatch?: (done: number) => void,
): Promise<void> {
  const first = rows[0]
  if (first === undefined) return
  const columns = Object.keys(first)
  const size = Math.max(1, Math.min(ROWS_PER_STATEMENT, Math.floor(MAX_PARAMETERS / columns.length)))
  const whole = rows.length >= size ? compile(db, table, columns, size) : null
  for (let start = 0; start < rows.length; start += size) {
    const batch = rows.slice(start, start + size)
    const text = batch.length === size && whole !== null ? whole : compile(db, table, columns, batch.length)
    const parameters: unknown[] = []
    for (const row of batch) for (const column of columns) parameters.push(cellOf(row as object, column, table))
    await db.executeQuery(CompiledQuery.raw(text, parameters))
    onBatch?.(start + batch.length)
    if (start + size < rows.length) await nextTurn()
  }
}

/**
 * Keys for rows about to be inserted, rising and consecutive on SQLite: who writes a tree of rows knows them before.
 * Only inside the write that uses them.
 */
export async function reserveIds<T extends keyof Schema & string>(
  db: WriteHandle,
  table: T,
  count: number,
): Promise<Selectable<Schema[T]> extends { id: infer I } ? I[] : never> {
  if (count === 0) return [] as never
  if (db.getExecutor().adapter instanceof PostgresAdapter) {
    const reply = await sql<{
      id: number
    }>`SELECT nextval(pg_get_serial_sequence(${`"${table}"`}, 'id')) AS "id" FROM generate_series(1, ${count})`.execute(
      db,
    )
    return reply.rows.map((row) => row.id).sort((a, b) => a - b) as never
  }
  const last = await sql<{ id: number | null }>`SELECT MAX("id") AS "id" FROM ${sql.table(table)}`.execute(db)
  const base = last.rows[0]?.id ?? 0
  return Array.from({ length: count }, (_, i) => base + 1 + i) as never
}

function compile(db: WriteHandle, table: string, columns: readonly string[], rows: number): string {
  const row = Object.fromEntries(columns.map((column) => [column, 0]))
  return db
    .insertInto(table as never)
    .values(Array.from({ length: rows }, () => row) as never)
    .compile().sql
}

function cellOf(row: object, column: string, table: string): unknown {
  const value = (row as Record<string, unknown>)[column]
  if (value === undefined) throw new RangeError(`${table}: a row without ${column}`)
  return value
}
