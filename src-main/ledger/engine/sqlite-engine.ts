import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join, parse } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely } from 'kysely'
import type { Clock } from '#domain/ports'
import type { Backup, ReadHandle, WriteHandle } from '../ledger.ts'
import type { Schema } from '../schema.ts'
import type { Engine } from './engine.ts'
import { ImmediateSqliteDialect } from './sqlite-dialect.ts'
import { APPLICATION_ID } from './sqlite-file.ts'

/** Reads that may be under way together; one more waits. */
const MAX_READERS = 8

/**
 * One connection writes; reads run on connections opened read-only, each read in its own transaction, so each sees one
 * snapshot even while a write is under way (WAL).
 */
export class SqliteEngine implements Engine {
  readonly dialect = 'sqlite'
  readonly place: string
  readonly clock: Clock
  readonly #file: string
  readonly #raw: Database.Database
  readonly #writer: Kysely<Schema>
  readonly #idle: Kysely<Schema>[] = []
  readonly #waiting: ((reader: Kysely<Schema>) => void)[] = []
  #readers = 0

  constructor(file: string, clock: Clock) {
    this.#file = file
    this.place = file
    this.clock = clock
    this.#raw = new Database(file)
    applyPragmas(this.#raw)
    // Before WAL, so that the mark is in the file itself whatever happens next.
    if (this.#raw.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
      this.#raw.pragma(`application_id = ${APPLICATION_ID}`)
    }
    this.#raw.pragma('journal_mode = WAL')
    this.#writer = new Kysely<Schema>({ dialect: new ImmediateSqliteDialect(this.#raw, 'begin immediate') })
  }

  async read<T>(fn: (db: ReadHandle) => Promise<T>): Promise<T> {
    const reader = await this.#takeReader()
    try {
      return await reader.transaction().execute((db) => fn(db as never))
    } finally {
      const next = this.#waiting.shift()
      if (next) next(reader)
      else this.#idle.push(reader)
    }
  }

  write<T>(fn: (db: WriteHandle) => Promise<T>): Promise<T> {
    return this.#writer.transaction().execute((db) => fn(db as WriteHandle))
  }

  async reshape<T>(fn: (db: WriteHandle) => Promise<T>): Promise<T> {
    // Inside a transaction the pragma would do nothing.
    this.#raw.pragma('foreign_keys = OFF')
    try {
      return await this.write(async (db) => {
        const result = await fn(db)
        const orphans = this.#orphans()
        if (orphans.length > 0) throw new Error(`foreign keys: ${orphans.slice(0, 3).join('; ')}`)
        return result
      })
    } finally {
      this.#raw.pragma('foreign_keys = ON')
    }
  }

  async isEmpty(): Promise<boolean> {
    return this.#raw.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() === undefined
  }

  async integrity(full: boolean): Promise<readonly string[]> {
    const pages = this.#raw.pragma(full ? 'integrity_check(20)' : 'quick_check(20)') as Record<string, string>[]
    const findings = pages.map((row) => Object.values(row)[0] as string).filter((text) => text !== 'ok')
    if (!full || findings.length > 0) return findings
    return this.#orphans().slice(0, 20)
  }

  #orphans(): string[] {
    const rows = this.#raw.pragma('foreign_key_check') as { table: string; rowid: number; parent: string }[]
    return rows.map((o) => `${o.table} ${o.rowid} → ${o.parent}`)
  }

  async backup(folder: string | undefined): Promise<Backup> {
    const target = this.#backupPath(folder ?? join(dirname(this.#file), 'copie'))
    mkdirSync(dirname(target), { recursive: true })
    this.#raw.prepare('VACUUM INTO ?').run(target)
    return { file: target, bytes: statSync(target).size }
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((reader) => reader.destroy()))
    this.#raw.pragma('wal_checkpoint(TRUNCATE)')
    await this.#writer.destroy()
  }

  /** `ordine-20260202-080000-123.quietanza`: sorts by time, overwrites nothing. */
  #backupPath(folder: string): string {
    const { name, ext } = parse(this.#file)
    const stamp = this.clock.now().replace(/[-:Z]/g, '').replace('T', '-').replace('.', '-')
    for (let i = 1; ; i += 1) {
      const path = join(folder, `${name}-${stamp}${i === 1 ? '' : `-${i}`}${ext}`)
      if (!existsSync(path)) return path
    }
  }

  async #takeReader(): Promise<Kysely<Schema>> {
    const idle = this.#idle.pop()
    if (idle) return idle
    if (this.#readers >= MAX_READERS) return new Promise((resolve) => this.#waiting.push(resolve))
    this.#readers += 1
    const raw = new Database(this.#file, { readonly: true })
    applyPragmas(raw)
    return new Kysely<Schema>({ dialect: new ImmediateSqliteDialect(raw, 'begin') })
  }
}

/** performance.md §3: WAL alone would leave `synchronous` at NORMAL here, so each connection asks for FULL. */
function applyPragmas(raw: Database.Database): void {
  raw.pragma('synchronous = FULL')
  raw.pragma('foreign_keys = ON')
  raw.pragma('busy_timeout = 5000')
  raw.pragma('trusted_schema = OFF')
  raw.pragma('cell_size_check = ON')
  // Without it INSERT OR REPLACE would remove a row behind the delete triggers' back.
  raw.pragma('recursive_triggers = ON')
  if (process.platform === 'darwin') {
    raw.pragma('fullfsync = ON')
    raw.pragma('checkpoint_fullfsync = ON')
  }
}
