import type { Kysely } from 'kysely'
import type { DialectName } from './dialect.ts'

/** One step of the ledger's shape, `up` only and frozen once released. Runs inside the caller's transaction. */
export interface Migration {
  /** Ordered by name: `0001-books`. */
  readonly name: string
  up(db: Kysely<unknown>, dialect: DialectName): Promise<void>
}
