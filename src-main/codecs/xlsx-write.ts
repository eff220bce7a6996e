import { PassThrough } from 'node:stream'
import ExcelJS from 'exceljs'
import { epochMsOf, type Instant } from '#domain/date'
import type { TableCell, TableColumn, TableRows } from './table.ts'
import { columnName } from './xlsx-cell.ts'

/** A drop-down or a check that Excel applies to the cells of one column under the heading. */
export interface XlsxValidation {
  /** Index of the column from 0. */
  readonly column: number
  readonly rule: ExcelJS.DataValidation
  /** Last row it reaches. */
  readonly toRow: number
}

export interface XlsxSheetSpec {
  readonly name: string
  readonly columns: readonly TableColumn[]
  readonly rows: TableRows
  /** Lines above the headings, one cell each: the title (bold) and the filters in force. */
  readonly title?: readonly string[]
  readonly autoFilter?: boolean
  readonly validations?: readonly XlsxValidation[]
}

export interface XlsxMeta {
  /** Written into the file as created and modified, and on every part of the archive: same rows, same bytes. */
  readonly createdAt: Instant
  readonly creator?: string
}

const FORMATS = { text: '@', date: 'dd/mm/yyyy', money: '#,##0.00', integer: '0' } as const
const DAY_MS = 86_400_000

/**
 * A workbook in chunks: headings bold and frozen, typed columns. Text stays text whatever it begins with, so no cell is
 * ever a formula. Two runs on the same input give the same bytes.
 */
export async function* writeXlsx(sheets: readonly XlsxSheetSpec[], meta: XlsxMeta): AsyncGenerator<Uint8Array> {
  const out = new PassThrough({ highWaterMark: 1_048_576 })
  const created = new Date(epochMsOf(meta.createdAt))
  const book = stampedWriter(created, { stream: out, useStyles: true, useSharedStrings: true })
  book.created = created
  book.modified = created
  book.creator = meta.creator ?? 'Quietanza'
  book.lastModifiedBy = book.creator
  const written = writeSheets(book, sheets)
  written.catch((error: Error) => out.destroy(error))
  for await (const chunk of out as AsyncIterable<Buffer>) yield chunk
  await written
}

/** The whole workbook in one buffer, for the small ones. */
export async function xlsxBytes(sheets: readonly XlsxSheetSpec[], meta: XlsxMeta): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of writeXlsx(sheets, meta)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

type Writer = ExcelJS.stream.xlsx.WorkbookWriter
type WriterInside = Writer & { zip: { append(source: unknown, data: object): unknown }; addThemes(): Promise<void> }
const WriterBase = ExcelJS.stream.xlsx.WorkbookWriter as unknown as new (
  options: Partial<ExcelJS.stream.xlsx.WorkbookStreamWriterOptions>,
) => WriterInside

/** exceljs lets its archiver put the clock's time on every part; the themes are the first part that it appends. */
function stampedWriter(date: Date, options: Partial<ExcelJS.stream.xlsx.WorkbookStreamWriterOptions>): Writer {
  class StampedWriter extends WriterBase {
    override addThemes(): Promise<void> {
      const append = this.zip.append.bind(this.zip)
      this.zip.append = (source, data) => append(source, { ...data, date })
      return super.addThemes()
    }
  }
  return new StampedWriter(options)
}

async function writeSheets(book: ExcelJS.stream.xlsx.WorkbookWriter, sheets: readonly XlsxSheetSpec[]): Promise<void> {
  for (const spec of sheets) {
    const titleRows = spec.title?.length ?? 0
    const headRow = titleRows + 1
    const sheet = book.addWorksheet(sheetName(spec.name), {
      views: [{ state: 'frozen', xSplit: 0, ySplit: headRow, activeCell: `A${headRow + 1}` }],
      pageSetup: { orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0, paperSize: 9 },
    })
    sheet.columns = spec.columns.map((c) => ({ width: c.width ?? 14, style: { numFmt: FORMATS[c.kind] } }))
    spec.title?.forEach((line, i) => {
      const row = sheet.addRow([line])
      row.getCell(1).numFmt = '@'
      if (i === 0) row.font = { bold: true, size: 13 }
      row.commit()
    })
    const head = sheet.addRow(spec.columns.map((c) => c.heading))
    head.eachCell((cell, i) => {
      cell.numFmt = '@'
      cell.font = { bold: true }
      cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFEDF1F5' } }
      const kind = spec.columns[i - 1]?.kind
      cell.alignment = { vertical: 'middle', horizontal: kind === 'money' || kind === 'integer' ? 'right' : 'left' }
    })
    head.commit()
    for (const { column, rule, toRow } of spec.validations ?? []) addValidation(sheet, column, headRow + 1, toRow, rule)
    if (spec.autoFilter) {
      sheet.autoFilter = { from: { row: headRow, column: 1 }, to: { row: headRow, column: spec.columns.length } }
    }
    for await (const cells of spec.rows) {
      const row = sheet.addRow(spec.columns.map((column, i) => cellValue(column, cells[i] ?? null)))
      row.commit()
    }
    sheet.commit()
  }
  await book.commit()
}

/** exceljs types this member on no public class, though its writer has it. */
function addValidation(
  sheet: ExcelJS.Worksheet,
  column: number,
  from: number,
  to: number,
  rule: ExcelJS.DataValidation,
): void {
  const letter = columnName(column)
  const validations = (sheet as unknown as { dataValidations: { add(range: string, rule: object): void } })
    .dataValidations
  validations.add(`${letter}${from}:${letter}${to}`, rule)
}

function cellValue(column: TableColumn, cell: TableCell): string | number | Date | null {
  if (cell === null) return null
  switch (column.kind) {
    case 'money':
      return (cell as number) / 100
    case 'integer':
      return cell as number
    case 'date':
      return new Date(Math.round(Date.parse(`${cell}T00:00:00Z`) / DAY_MS) * DAY_MS)
    case 'text':
      return String(cell)
  }
}

/** Excel forbids these characters, a quote at the ends, and more than 31 in all. */
function sheetName(name: string): string {
  return name
    .replaceAll(/[\\/?*[\]:]/g, ' ')
    .replaceAll(/^'+|'+$/g, '')
    .slice(0, 31)
}
