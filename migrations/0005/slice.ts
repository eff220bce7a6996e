import type { DialectName } from '../ddl/dialect.ts'
import type { Column, Table } from '../ddl/table.ts'
import type { Refusal } from '../ddl/trigger.ts'

/** What one subject adds to the tables. */
export interface Slice {
  /** By table; each with the SQL value that rows already there get, null where the column is nullable. */
  readonly addedColumns: Readonly<Record<string, Readonly<Record<string, readonly [Column, string | null]>>>>
  readonly newTables: readonly Table[]
  readonly refusals: readonly Refusal[]
  /** What no list can say, after them: checks widened, tables made again. */
  readonly more?: (dialect: DialectName) => string[]
}
