import type { Kysely } from 'kysely'
import type { Clock } from '#domain/ports'
import type { DialectName } from '#migrations/ddl/dialect'
import type { Backup, ReadHandle, WriteHandle } from '../ledger.ts'

/** What differs between the two databases; everything else of the ledger stands on this. */
export interface Engine {
  readonly dialect: DialectName
  /** Where the ledger is, in words for the screen; never a password. */
  readonly place: string
  /** The clock that dates IUVs: the server's on PostgreSQL. */
  readonly clock: Clock
  read<T>(fn: (db: ReadHandle) => Promise<T>): Promise<T>
  /** One write transaction under the ledger's lock. Not serialised inside the process: `WriteQueue` does that. */
  write<T>(fn: (db: WriteHandle) => Promise<T>): Promise<T>
  /**
   * The write transaction of the migrations: tables may be made again. On SQLite foreign keys are off meanwhile and all
   * checked before the commit; one that points nowhere undoes the whole.
   */
  reshape<T>(fn: (db: WriteHandle) => Promise<T>): Promise<T>
  /** True when the ledger has no table at all. */
  isEmpty(): Promise<boolean>
  /** Findings in words, empty when sound. `full` reads every page. */
  integrity(full: boolean): Promise<readonly string[]>
  backup(folder: string | undefined): Promise<Backup>
  close(): Promise<void>
}

/** Handle used by migrations: before them the schema's types are not true yet. */
export function untyped(db: WriteHandle): Kysely<unknown> {
  return db as unknown as Kysely<unknown>
}
