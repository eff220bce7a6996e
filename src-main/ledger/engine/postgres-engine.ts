import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Clock } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import type { Backup, ReadHandle, WriteHandle } from '../ledger.ts'
import type { Schema } from '../schema.ts'
import type { Engine } from './engine.ts'
import { serverClock } from './server-clock.ts'

const INT8 = 20
const NUMERIC = 1700

/** Any number of ours, first half of the advisory key; the second comes from the schema's name. */
const LOCK_SPACE = 0x51746e7a

/** One schema per ledger. Writes of all workstations are serialised by one advisory lock. */
export class PostgresEngine implements Engine {
  readonly dialect = 'postgres'
  readonly place: string
  readonly clock: Clock
  readonly #schema: string
  readonly #db: Kysely<Schema>

  private constructor(pool: pg.Pool, place: string, schema: string, clock: Clock) {
    this.place = place
    this.#schema = schema
    this.clock = clock
    this.#db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  }

  /** @throws ProblemError LEDGER_UNREACHABLE when the server does not answer or refuses. */
  static async open(url: string, schema: string, clock: Clock, useServerClock: boolean): Promise<PostgresEngine> {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(schema)) throw new RangeError(`name of a schema: ${schema}`)
    const place = placeOf(url, schema)
    const pool = new pg.Pool({
      connectionString: url,
      max: 10,
      connectionTimeoutMillis: 10_000,
      options: `-c search_path="${schema}" -c TimeZone=UTC`,
      types: { getTypeParser: safeParser as never },
    })
    // An idle connection that the server drops must not end the program: the next query says it.
    pool.on('error', () => {})
    try {
      await createSchema(pool, schema)
      const own = useServerClock ? await serverClock(pool, clock) : clock
      return new PostgresEngine(pool, place, schema, own)
    } catch (cause) {
      await pool.end()
      const reason = cause instanceof Error ? cause.message || cause.name : String(cause)
      throw new ProblemError(problem('LEDGER_UNREACHABLE', { place, reason }))
    }
  }

  read<T>(fn: (db: ReadHandle) => Promise<T>): Promise<T> {
    return this.#db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((db) => fn(db as never))
  }

  write<T>(fn: (db: WriteHandle) => Promise<T>): Promise<T> {
    return this.#db.transaction().execute(async (db) => {
      await sql`SELECT pg_advisory_xact_lock(${sql.lit(LOCK_SPACE)}, hashtext(${this.#schema}))`.execute(db)
      return fn(db as WriteHandle)
    })
  }

  reshape<T>(fn: (db: WriteHandle) => Promise<T>): Promise<T> {
    return this.write(fn)
  }

  async isEmpty(): Promise<boolean> {
    const found =
      await sql`SELECT 1 FROM information_schema.tables WHERE table_schema = ${this.#schema} LIMIT 1`.execute(this.#db)
    return found.rows.length === 0
  }

  /** The server checks its own pages. */
  async integrity(): Promise<readonly string[]> {
    return []
  }

  async backup(): Promise<Backup> {
    throw new ProblemError(problem('LEDGER_BACKUP_ON_SERVER', { place: this.place }))
  }

  async close(): Promise<void> {
    await this.#db.destroy()
  }
}

/** Under the ledger's lock: two workstations that open a new ledger together would else collide. */
async function createSchema(pool: pg.Pool, schema: string): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_SPACE, schema])
    await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`)
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}

function placeOf(url: string, schema: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname} (${schema})`
}

/** COUNT is int8 and SUM of int8 is numeric: both become numbers, and what a number cannot hold is an error. */
function safeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid !== INT8 && oid !== NUMERIC) return pg.types.getTypeParser(oid, format as 'text')
  return (value) => {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw new ProblemError(problem('LEDGER_NUMBER_UNSAFE', { value }))
    return number
  }
}
