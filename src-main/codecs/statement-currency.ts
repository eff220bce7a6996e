import { foldHeading } from '#domain/register-mapping'
import { parseBankDate } from './statement-cells.ts'
import type { StatementTable } from './statement-table.ts'

/** Headings of a column that says in which currency an amount is; «Valuta» is oftener that of the value date. */
const HEADINGS: ReadonlySet<string> = new Set(
  ['Divisa', 'Div.', 'Valuta', 'Codice divisa', 'Codice valuta', 'Moneta', 'Currency', 'Ccy', 'Währung'].map(
    foldHeading,
  ),
)

const EURO = /^(eur|euro|€)$/i
const CODE = /^([a-z]{3}|euro|€)$/i

/**
 * The column that says the currency of each row, by its heading and by what stands under it: every filled cell beside a date
 * is the code of a currency. Null where the table has none.
 */
export function currencyColumn(table: StatementTable, firstRow: number, dateColumn: number): number | null {
  const headings = table.records.slice(Math.max(0, firstRow - 2), firstRow)
  const rows = table.records.slice(firstRow).filter(({ cells }) => isDate((cells[dateColumn] ?? '').trim()))
  const columns = headings.flatMap(({ cells }) =>
    cells.flatMap((cell, i) => (HEADINGS.has(foldHeading(cell)) ? [i] : [])),
  )
  const found = columns.find((column) => {
    const filled = rows.map(({ cells }) => (cells[column] ?? '').trim()).filter((text) => text !== '')
    return filled.length > 0 && filled.every((text) => CODE.test(text))
  })
  return found ?? null
}

/** What stands where an amount is not in euro; null where it is, or nothing is said. */
export function foreignCurrency(cells: readonly string[], column: number | null): string | null {
  const text = column === null ? '' : (cells[column] ?? '').trim()
  return text === '' || EURO.test(text) ? null : text
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** The heading that says of a whole column of amounts that it is not in euro: «Importo (CHF)». */
export function foreignHeading(table: StatementTable, firstRow: number, amounts: readonly number[]) {
  for (const record of table.records.slice(Math.max(0, firstRow - 2), firstRow)) {
    for (const column of amounts) {
      const codes = (record.cells[column] ?? '').match(/\b[A-Z]{3}\b/g) ?? []
      const currency = codes.find((code) => code !== 'EUR' && CURRENCIES.has(code))
      if (currency !== undefined) return { record, column, currency }
    }
  }
  return null
}

function isDate(text: string): boolean {
  return (['dmy', 'ymd', 'mdy', 'd-month-y'] as const).some((format) => parseBankDate(text, format) !== null)
}
