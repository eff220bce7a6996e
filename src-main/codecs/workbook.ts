import Papa from 'papaparse'
import { type Problem, problem } from '#domain/problem'
import type { RegisterEncoding, RegisterSeparator } from '#domain/register-mapping'
import { err, ok, type Result } from '#domain/result'
import { detectSeparator, readCsv } from './csv-read.ts'
import { htmlRows, looksLikeHtml } from './html-table.ts'
import { type ByteSource, collect, formatBytes, Refusal, stopIfAborted } from './refusal.ts'
import { decodeTable } from './text-decode.ts'
import { looksLikeXls, readXls, type XlsSheet } from './xls-read.ts'
import { columnName, type XlsxCell, type XlsxRow } from './xlsx-cell.ts'
import { openXlsx, XLSX_LIMITS, type XlsxBook } from './xlsx-read.ts'

export type WorkbookKind = 'xlsx' | 'xls' | 'csv' | 'html'

/** Rows of a file of any kind, sheet by sheet. A text file and a page have one sheet, without name. */
export interface Workbook extends XlsxBook {
  readonly kind: WorkbookKind
  /** Of a text, as found or as asked. */
  readonly encoding: RegisterEncoding | null
  readonly separator: RegisterSeparator | null
}

export interface WorkbookOptions {
  readonly signal?: AbortSignal
  /** Of a text file; found when left out. */
  readonly encoding?: RegisterEncoding | null
  readonly separator?: RegisterSeparator | null
}

/** Rows handed over together: readers breathe between batches. */
const BATCH = 500
/** Characters of a text that are taken apart together. */
const WINDOW = 256 * 1024
/** A register has a few dozen columns: more cells than this are no register, and would only take memory. */
const LIMITS = { ...XLSX_LIMITS, cells: 8_000_000 }
const MAX_COLUMNS = 2000

/** Opens a table by its content, never by its name: `.xlsx` and `.xlsm` in a stream, old `.xls`, CSV, a page called `.xls`. */
export async function openWorkbook(
  source: ByteSource,
  options: WorkbookOptions = {},
): Promise<Result<Workbook, Problem>> {
  const { signal } = options
  const bytes = await collect(source, LIMITS.bytes, signal)
  if (bytes === null) {
    const limit = formatBytes(LIMITS.bytes)
    return err(problem('FILE_TOO_LARGE', { size: `più di ${limit}`, limit }))
  }
  const none = { encoding: null, separator: null }
  if (looksLikeXls(bytes)) {
    const sheets = readXls(bytes)
    return sheets.ok ? ok({ ...oldBook(sheets.value), kind: 'xls', macros: false, ...none }) : sheets
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const book = await openXlsx(bytes, { limits: LIMITS, ...(signal ? { signal } : {}) })
    return book.ok ? ok({ ...book.value, kind: 'xlsx', ...none }) : book
  }
  return openText(bytes, options)
}

function openText(bytes: Uint8Array, options: WorkbookOptions): Result<Workbook, Problem> {
  const other = otherFormat(bytes)
  if (other !== null) return err(problem('WORKBOOK_OTHER_FORMAT', { format: other }))
  const decoded = decodeTable(bytes, options.encoding ?? null)
  if (!decoded.ok) return decoded
  const { encoding } = decoded.value
  const text = decoded.value.text.replaceAll(/\r\n?/g, '\n')
  if (text.trim() === '') return err(problem('FILE_EMPTY', {}))
  if (looksLikeHtml(text)) return ok({ ...page(text), kind: 'html', macros: false, encoding, separator: null })
  // Excel hides this line, so rows count from the one after it.
  const hint = /^sep=([;,\t|])\n/.exec(text)
  const body = hint ? text.slice(hint[0].length) : text
  const separator = options.separator ?? (hint?.[1] as RegisterSeparator | undefined) ?? detectSeparator(body) ?? ';'
  return ok({ ...textBook(body, separator), kind: 'csv', macros: false, encoding, separator })
}

/** What other common files begin with, in words. */
function otherFormat(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('latin1')
  if (head.startsWith('%PDF')) return 'un PDF'
  if (head.startsWith('{\\rtf')) return 'un testo RTF'
  if (head.startsWith('\x89PNG') || head.startsWith('\xff\xd8\xff')) return 'un’immagine'
  if (head.startsWith('Rar!') || head.startsWith('7z\xbc\xaf')) return 'un archivio compresso'
  return null
}

const ONE_SHEET = [{ name: '', hidden: false }]

function textBook(text: string, separator: RegisterSeparator): XlsxBook {
  return {
    sheets: ONE_SHEET,
    macros: false,
    countRows: async () => {
      let count = text.endsWith('\n') ? 0 : 1
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1
      return count
    },
    async *rows(_sheet, options = {}) {
      const counter = new CellCounter()
      const parser = new Papa.Parser({ delimiter: separator, newline: '\n' })
      let number = 0
      for (let at = 0, window = WINDOW; at < text.length; ) {
        stopIfAborted(options.signal)
        const last = at + window >= text.length
        // The last record of a window may go on in the next one: it is left for it.
        const { data, errors, meta }: Papa.ParseResult<string[]> = parser.parse(text.slice(at, at + window), 0, !last)
        if (errors.some((e) => e.type === 'Quotes')) throw new Refusal(brokenQuotes(text, separator))
        const rows: XlsxRow[] = []
        for (const cells of data) {
          number += 1
          const row = counter.row(number, cells)
          if (row.cells.size > 0) rows.push(row)
        }
        options.progress?.((at + window) / text.length)
        if (rows.length > 0) yield rows
        if (last) return
        at += meta.cursor
        window = meta.cursor === 0 ? window * 2 : WINDOW
      }
    },
  }
}

/** The line of the file at which quotes go wrong: told by the reader of whole texts, once it is known that they do. */
function brokenQuotes(text: string, separator: RegisterSeparator): Problem {
  const read = readCsv(text, separator)
  return read.ok ? problem('CSV_UNREADABLE', { reason: 'le virgolette non tornano' }) : read.error
}

function page(text: string): XlsxBook {
  return {
    sheets: ONE_SHEET,
    macros: false,
    countRows: async () => text.match(/<tr\b/gi)?.length ?? 0,
    async *rows(_sheet, options = {}) {
      const counter = new CellCounter()
      let number = 0
      let rows: XlsxRow[] = []
      for (const { cells, spans } of htmlRows(text)) {
        number += 1
        for (const { column, columns, rows: down } of spans) {
          options.merged?.(`${columnName(column)}${number}:${columnName(column + columns - 1)}${number + down - 1}`)
        }
        const row = counter.row(number, cells)
        if (row.cells.size > 0) rows.push(row)
        if (rows.length < BATCH) continue
        stopIfAborted(options.signal)
        yield rows
        rows = []
      }
      if (rows.length > 0) yield rows
    },
  }
}

/** Rows of texts as rows of cells, within the limits of a sheet. */
class CellCounter {
  #cells = 0

  row(number: number, texts: readonly string[]): XlsxRow {
    this.#cells += texts.length
    if (texts.length > MAX_COLUMNS) throw limit(`più di ${MAX_COLUMNS.toLocaleString('it-IT')} colonne`, number)
    if (this.#cells > LIMITS.cells) throw limit(`più di ${LIMITS.cells.toLocaleString('it-IT')} celle`, number)
    const cells = new Map<number, XlsxCell>()
    for (let column = 0; column < texts.length; column += 1) {
      const text = texts[column] as string
      if (text !== '') cells.set(column, { kind: 'text', text })
    }
    return { number, cells }
  }
}

function limit(text: string, row: number): Refusal {
  return new Refusal(problem('XLSX_LIMIT', { limit: text }, { position: { row } }))
}

function oldBook(sheets: readonly XlsSheet[]): XlsxBook {
  const at = (index: number) => sheets[index] as XlsSheet
  return {
    sheets: sheets.map(({ name, hidden }) => ({ name, hidden })),
    macros: false,
    countRows: async (index) => at(index).rows.at(-1)?.number ?? 0,
    async *rows(index, options = {}) {
      const { rows, merged } = at(index)
      for (let from = 0; from < rows.length; from += BATCH) {
        stopIfAborted(options.signal)
        options.progress?.((from + BATCH) / rows.length)
        yield rows.slice(from, from + BATCH)
      }
      for (const range of merged) options.merged?.(range)
    },
  }
}
