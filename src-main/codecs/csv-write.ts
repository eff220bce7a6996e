import Papa from 'papaparse'
import { formatDate, type IsoDate } from '#domain/date'
import { type Cents, formatCents } from '#domain/money'
import type { TableCell, TableColumn, TableRows } from './table.ts'

export interface CsvOptions {
  /** `;` by default: what an Italian Excel opens with a double click. */
  readonly separator?: ';' | ',' | '\t'
  /** Byte order mark, true by default, without which Excel mistakes accents. */
  readonly bom?: boolean
}

/** A table as UTF-8 CSV, CRLF, in chunks. Text that a spreadsheet would run as a formula gets an apostrophe in front. */
export async function* writeCsv(
  columns: readonly TableColumn[],
  rows: TableRows,
  options: CsvOptions = {},
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  const delimiter = options.separator ?? ';'
  let buffer = `${options.bom === false ? '' : '\uFEFF'}${csvLine(
    columns.map((c) => c.heading),
    delimiter,
  )}`
  for await (const row of rows) {
    buffer += csvLine(
      columns.map((column, i) => cellText(column, row[i] ?? null)),
      delimiter,
    )
    if (buffer.length > 64 * 1024) {
      yield encoder.encode(buffer)
      buffer = ''
    }
  }
  yield encoder.encode(buffer)
}

/** One record with its CRLF, quoted where needed. */
export function csvLine(cells: readonly string[], delimiter = ';'): string {
  return `${Papa.unparse([cells as string[]], { delimiter, newline: '\r\n' })}\r\n`
}

function cellText(column: TableColumn, cell: TableCell): string {
  if (cell === null) return ''
  switch (column.kind) {
    case 'money':
      return formatCents(cell as Cents).replace('\u2212', '-')
    case 'date':
      return formatDate(cell as IsoDate)
    case 'integer':
      return String(cell)
    case 'text':
      return defuse(String(cell))
  }
}

/** Spreadsheets run what begins like a formula, also after a tab or a line end (OWASP, CSV injection). */
export function defuse(text: string): string {
  return /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text
}
