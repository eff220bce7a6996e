import type { Transaction } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { Instant } from '#domain/date'
import type { JsonValue } from '#domain/json'
import type { Clock, Log } from '#domain/ports'
import type { Schema } from './schema.ts'

/** A handle that cannot write, by type and at run time. Valid only inside the callback of `read`. */
export type ReadHandle = ReadonlyKysely<Schema>

/** The one open write transaction. Valid only inside the callback of `write`; never await `ledger.read` inside it. */
export type WriteHandle = Transaction<Schema> & ReadHandle

/** What goes into the journal row of a write, in the same transaction. Amounts in cents, no secrets. */
export interface WriteCommand {
  /** Name of the procedure, «debtPosition.issue». */
  readonly command: string
  readonly operator: string
  readonly payload: JsonValue
  readonly at: Instant
}

export type LedgerTarget =
  | { readonly engine: 'sqlite'; readonly file: string }
  | {
      readonly engine: 'postgres'
      readonly url: string
      /** One schema is one ledger; «quietanza» when absent. */
      readonly schema?: string
      /** Who dates IUVs: the server unless a rehearsal or a test brings its own clock. */
      readonly clock?: 'server' | 'program'
    }

export interface LedgerTools {
  readonly log: Log
  readonly clock: Clock
}

export interface Backup {
  readonly file: string
  readonly bytes: number
}

/** What `doctor` prints; each line is a finding in Italian words. */
export interface LedgerHealth {
  readonly engine: 'sqlite' | 'postgres'
  readonly place: string
  readonly schemaVersion: string
  readonly integrity: readonly string[]
  readonly journal: readonly string[]
  readonly equations: readonly string[]
}

export interface Ledger {
  readonly target: LedgerTarget
  /** The clock that dates IUVs: the program's on SQLite, the server's on PostgreSQL. For `assignIuvBases`. */
  readonly clock: Clock
  /** Runs `fn` on one consistent snapshot. */
  read<T>(fn: (db: ReadHandle) => Promise<T>): Promise<T>
  /**
   * One transaction, serialised with every other write: `fn`, journal row, revision. Throws what `fn` throws, and a
   * `ProblemError` when the database refuses; then nothing is written. Not reentrant.
   */
  write<T>(command: WriteCommand, fn: (db: WriteHandle) => Promise<T>): Promise<T>
  /** The counter now, then each later value; ends when the signal aborts or the ledger closes. */
  revisions(signal?: AbortSignal): AsyncIterable<number>
  revision(): Promise<number>
  /** A consistent copy beside the ledger (SQLite) or where told. PostgreSQL refuses in words: its office has its own. */
  backup(folder?: string): Promise<Backup>
  health(): Promise<LedgerHealth>
  /** Takes nothing new, waits for what is under way, then leaves the file clean. */
  close(): Promise<void>
}
