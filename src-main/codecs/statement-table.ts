import type { StatementEncoding, StatementSeparator } from '#domain/bank-statement'
import { centsOfNumber, formatCents } from '#domain/money'
import { type Problem, problem } from '#domain/problem'
import { err, ok, type Result } from '#domain/result'
import { type CsvRecord, detectSeparator, readCsv } from './csv-read.ts'
import { looksLikeHtml, readHtmlTable } from './html-table.ts'
import { formatBytes, Refusal } from './refusal.ts'
import { decodeText, decodeTextAs } from './text-decode.ts'
import { looksLikeXls, readXls } from './xls-read.ts'
import { shown, type XlsxCell, type XlsxRow } from './xlsx-cell.ts'
import { openXlsx } from './xlsx-read.ts'

const MAX_BYTES = 64 * 1_048_576

/** A statement as records of text cells, whatever it was: CSV of any separator and encoding, or one sheet of a workbook. */
export interface StatementTable {
  readonly encoding: StatementEncoding
  readonly separator: StatementSeparator
  readonly records: readonly CsvRecord[]
}

/** The table of a text file, or those of a workbook: one for each filled sheet that is not hidden, at least one. */
export async function readStatementTables(
  bytes: Uint8Array,
  as?: { readonly encoding: StatementEncoding; readonly separator: StatementSeparator },
): Promise<Result<StatementTable[], Problem>> {
  if (bytes.length > MAX_BYTES) {
    const limit = formatBytes(MAX_BYTES)
    return err(problem('FILE_TOO_LARGE', { size: `più di ${limit}`, limit }))
  }
  if (looksLikeXls(bytes)) return readOldWorkbook(bytes)
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return readWorkbook(bytes)
  const decoded = as ? decodeTextAs(bytes, as.encoding) : decodeText(bytes)
  if (!decoded.ok) return decoded
  const { text, encoding } = decoded.value
  if (text.trim() === '') return err(problem('FILE_EMPTY', {}))
  if (looksLikeHtml(text)) return ok([{ encoding, separator: ';', records: readHtmlTable(text) }])
  const separator = as?.separator ?? detectSeparator(text) ?? ';'
  const records = readCsv(text, separator)
  return records.ok ? ok([{ encoding, separator, records: records.value }]) : records
}

async function readWorkbook(bytes: Uint8Array): Promise<Result<StatementTable[], Problem>> {
  const book = await openXlsx(bytes)
  if (!book.ok) return book
  try {
    const tables: StatementTable[] = []
    for (const [index, sheet] of book.value.sheets.entries()) {
      if (sheet.hidden) continue
      const records: CsvRecord[] = []
      for await (const rows of book.value.rows(index)) {
        for (const row of rows) records.push(recordOf(row))
      }
      if (records.length > 0) tables.push({ encoding: 'utf-8', separator: ';', records })
    }
    return tables.length === 0 ? err(problem('FILE_EMPTY', {})) : ok(tables)
  } catch (error) {
    if (error instanceof Refusal) return err(error.problem)
    throw error
  }
}

function readOldWorkbook(bytes: Uint8Array): Result<StatementTable[], Problem> {
  const sheets = readXls(bytes)
  if (!sheets.ok) return sheets
  const filled = sheets.value.filter((sheet) => !sheet.hidden && sheet.rows.length > 0)
  if (filled.length === 0) return err(problem('FILE_EMPTY', {}))
  return ok(filled.map(({ rows }) => ({ encoding: 'utf-8', separator: ';', records: rows.map(recordOf) })))
}

function recordOf(row: XlsxRow): CsvRecord {
  const width = Math.max(...row.cells.keys()) + 1
  return { line: row.number, cells: Array.from({ length: width }, (_, i) => cellText(row.cells.get(i))) }
}

/** Numbers with at most two decimals are written the Italian way; all else as the person sees it. */
function cellText(cell: XlsxCell | undefined): string {
  if (cell === undefined) return ''
  if (cell.kind !== 'number') return shown(cell)
  if (Number.isInteger(cell.value)) return String(cell.value)
  const read = centsOfNumber(cell.value)
  return read.ok ? formatCents(read.value).replace('\u2212', '-') : shown(cell)
}
