import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'

/** What a column of an export holds: `money` cells are cents, `date` cells ISO days, `integer` cells whole numbers. */
export interface TableColumn {
  readonly heading: string
  readonly kind: 'text' | 'date' | 'money' | 'integer'
  /** Width in characters; 14 when left out. */
  readonly width?: number
}

/** One cell, in its column's kind; null is an empty cell. */
export type TableCell = string | IsoDate | Cents | number | null
export type TableRow = readonly TableCell[]
export type TableRows = Iterable<TableRow> | AsyncIterable<TableRow>
