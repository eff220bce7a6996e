import type { DialectName } from './dialect.ts'
import { addColumnSql, type Column, type Table, tableSql } from './table.ts'
import { type Refusal, refusalSql } from './trigger.ts'

/** What one subject adds to the tables. */
export interface Slice {
  /** By table; each with the SQL value that rows already there get, null where the column is nullable. */
  readonly addedColumns: Readonly<Record<string, Readonly<Record<string, readonly [Column, string | null]>>>>
  readonly newTables: readonly Table[]
  readonly refusals: readonly Refusal[]
  /** What no list can say, after them: checks widened, tables made again. */
  readonly more?: (dialect: DialectName) => string[]
}

/** Its statements: columns, tables, refusals, then the rest. */
export function sliceSql({ addedColumns, newTables, refusals, more }: Slice, dialect: DialectName): string[] {
  return [
    ...Object.entries(addedColumns).flatMap(([table, columns]) =>
      Object.entries(columns).map(([name, [column, value]]) => addColumnSql(table, name, column, dialect, value)),
    ),
    ...newTables.flatMap((table) => tableSql(table, dialect)),
    ...refusals.flatMap((refusal) => refusalSql(refusal, dialect)),
    ...(more?.(dialect) ?? []),
  ]
}
