import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe } from 'vitest'
import type { Clock } from '#domain/ports'
import type { Ledger, LedgerTarget } from '#ledger/ledger'
import { openLedger } from '#ledger/open-ledger'
import { FakeClock, silentLog } from './fake-clock.ts'

/** Address of a PostgreSQL server on which tests may make and drop schemas. */
export const PG_URL = process.env.QUIETANZA_PG_URL ?? null

export interface Bench {
  /** A new empty ledger of this engine; closed and thrown away after the file's tests. */
  open(clock?: Clock): Promise<Ledger>
  /** Runs SQL behind the ledger's back, with foreign keys on, as an attacker or a support engineer would. */
  raw(ledger: Ledger, sql: string): Promise<Record<string, unknown>[]>
}

/** Runs the same tests on SQLite and, where a server is given, on PostgreSQL; says so when it is not. */
export function onBothEngines(name: string, tests: (bench: Bench) => void): void {
  describe(`${name} · SQLite`, () => tests(sqliteBench()))
  if (PG_URL) describe(`${name} · PostgreSQL`, () => tests(postgresBench(PG_URL)))
  else describe.skip(`${name} · PostgreSQL (skipped: QUIETANZA_PG_URL is not set)`, () => tests(sqliteBench()))
}

function sqliteBench(): Bench {
  const opened: Ledger[] = []
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'quietanza-ledger-'))
  })
  afterAll(async () => {
    await Promise.all(opened.map((ledger) => ledger.close()))
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    async open(clock = new FakeClock()) {
      const target: LedgerTarget = { engine: 'sqlite', file: join(folder, `ordine-${opened.length}.quietanza`) }
      const ledger = await openLedger(target, { clock, log: silentLog })
      opened.push(ledger)
      return ledger
    },
    async raw(ledger, sql) {
      const { default: Database } = await import('better-sqlite3')
      const db = new Database((ledger.target as { file: string }).file)
      try {
        db.pragma('foreign_keys = ON')
        const statement = db.prepare(sql)
        if (statement.reader) return statement.all() as Record<string, unknown>[]
        statement.run()
        return []
      } finally {
        db.close()
      }
    },
  }
}

function postgresBench(url: string): Bench {
  const opened: { ledger: Ledger; schema: string }[] = []
  const run = async (schema: string, sql: string) => {
    const client = new pg.Client({ connectionString: url, options: `-c search_path="${schema}"` })
    await client.connect()
    try {
      return (await client.query(sql)).rows as Record<string, unknown>[]
    } finally {
      await client.end()
    }
  }
  afterAll(async () => {
    for (const { ledger, schema } of opened) {
      await ledger.close()
      await run('public', `DROP SCHEMA "${schema}" CASCADE`)
    }
  })
  return {
    async open(clock = new FakeClock()) {
      const schema = `t_${process.pid}_${Math.floor(performance.now() * 1000)}_${opened.length}`
      const ledger = await openLedger({ engine: 'postgres', url, schema, clock: 'program' }, { clock, log: silentLog })
      opened.push({ ledger, schema })
      return ledger
    },
    raw: (ledger, sql) => run((ledger.target as { schema: string }).schema, sql),
  }
}
