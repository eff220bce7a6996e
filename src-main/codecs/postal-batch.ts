import type { Instant } from '#domain/date'
import { writeCsv } from './csv-write.ts'
import type { TableColumn, TableRow } from './table.ts'
import { writeXlsx } from './xlsx-write.ts'

/** One letter of a postal batch, as its list says it (docs/lotto-postale.md). */
export interface PostalBatchRow {
  readonly file: string
  readonly recipient: string
  readonly presso: string
  readonly street: string
  readonly building: string
  readonly postalCode: string
  readonly city: string
  readonly province: string
  readonly country: string
  readonly fiscalCode: string
  readonly year: number
  readonly iuv: string
  readonly noticeNumber: string
  readonly pages: number
  /** Page of the file on which the letter begins, from 1. */
  readonly firstPage: number
}

/** The order is that of the layout; codes are text, so that no zero is lost. */
const COLUMNS: readonly (TableColumn & { readonly of: keyof PostalBatchRow })[] = [
  { heading: 'file_pdf', kind: 'text', width: 36, of: 'file' },
  { heading: 'destinatario', kind: 'text', width: 36, of: 'recipient' },
  { heading: 'presso', kind: 'text', width: 24, of: 'presso' },
  { heading: 'indirizzo', kind: 'text', width: 36, of: 'street' },
  { heading: 'edificio', kind: 'text', width: 18, of: 'building' },
  { heading: 'cap', kind: 'text', width: 10, of: 'postalCode' },
  { heading: 'comune', kind: 'text', width: 24, of: 'city' },
  { heading: 'provincia', kind: 'text', width: 10, of: 'province' },
  { heading: 'stato', kind: 'text', width: 16, of: 'country' },
  { heading: 'cf', kind: 'text', width: 18, of: 'fiscalCode' },
  { heading: 'anno', kind: 'integer', width: 7, of: 'year' },
  { heading: 'iuv', kind: 'text', width: 20, of: 'iuv' },
  { heading: 'numero_avviso', kind: 'text', width: 21, of: 'noticeNumber' },
  { heading: 'pagine', kind: 'integer', width: 8, of: 'pages' },
  { heading: 'pagina_da', kind: 'integer', width: 10, of: 'firstPage' },
]

function* tableRows(rows: readonly PostalBatchRow[]): Generator<TableRow> {
  for (const row of rows) yield COLUMNS.map(({ of }) => row[of])
}

/** The list as CSV: UTF-8 with its mark, semicolons, CRLF. Text that a spreadsheet would run gets an apostrophe in front. */
export function postalBatchCsv(rows: readonly PostalBatchRow[]): AsyncGenerator<Uint8Array> {
  return writeCsv(COLUMNS, tableRows(rows))
}

export function postalBatchXlsx(rows: readonly PostalBatchRow[], createdAt: Instant): AsyncGenerator<Uint8Array> {
  return writeXlsx([{ name: 'Indirizzi', columns: COLUMNS, rows: tableRows(rows), autoFilter: true }], { createdAt })
}
