import { writeCsv } from '#codecs/csv-write'
import { drawList } from '#codecs/pdf/list'
import type { TableCell, TableColumn, TableRow } from '#codecs/table'
import { writeXlsx } from '#codecs/xlsx-write'
import type { FileResult } from '#contract/values'
import { formatDate, type IsoDate, romeDateTime } from '#domain/date'
import { type Cents, formatCents } from '#domain/money'
import { readInstitution } from '#ledger/institution'
import type { ServiceContext } from './context.ts'
import { pageOf } from './list-page.ts'
import { CSV_MIME, fileNameOf, PDF_MIME, produceFile, today, XLSX_MIME } from './produced-file.ts'

/** One column that a list can show. `code` is text in digits or capitals (IUV, fiscal code): never a number. */
export interface ExportColumn<R> {
  readonly kind: 'text' | 'money' | 'date' | 'integer' | 'code'
  value(row: R): string | number | null
  /** Width in characters, for paper and sheet; a sensible one by kind when left out. */
  readonly width?: number
}

/** What `exportInput` of the contract carries, without filters and sort: those are in the pages already. */
export interface ExportShape {
  readonly format: 'xlsx' | 'csv' | 'pdf'
  readonly title: string
  readonly filtersInWords: string
  readonly columns: readonly { readonly key: string; readonly heading: string }[]
}

interface ExportArgs<R> {
  readonly ctx: ServiceContext
  readonly input: ExportShape
  readonly columns: Readonly<Record<string, ExportColumn<R>>>
  readonly pages: (offset: number, limit: number) => Promise<readonly R[]>
  readonly totals?: Readonly<Record<string, Cents | number>>
}

/**
 * A list as a file, exactly as shown: the columns of `input`, in that order, over all rows of its filter and sort.
 * `pages` gives the rows from an offset (an empty answer ends it); `totals` are the list's own, by column key.
 * A key that the list does not know is left out. CSV carries headings, rows and totals only, so that it can be read
 * again; xlsx and pdf carry title and filters too. Formula-like text is defused by the writers.
 */
export async function exportList<R>(args: ExportArgs<R>): Promise<FileResult> {
  const { ctx, input } = args
  const shown = input.columns.flatMap(({ key, heading }) => {
    const column = Object.hasOwn(args.columns, key) ? args.columns[key] : undefined
    return column === undefined ? [] : [{ key, heading, column }]
  })
  const totals = totalsRow(shown, args.totals ?? {})
  const rows = async function* (): AsyncGenerator<TableRow> {
    for (let offset = 0; ; offset += PAGE) {
      const page = await args.pages(offset, PAGE)
      for (const row of page) yield shown.map(({ column }) => column.value(row))
      if (page.length < PAGE) break
    }
  }
  const day = today(ctx)
  const name = fileNameOf(input.title, day, input.format)
  const table: TableColumn[] = shown.map(({ heading, column }) => ({
    heading,
    kind: column.kind === 'code' ? 'text' : column.kind,
    width: widthOf(column),
  }))
  const withTotals = async function* (): AsyncGenerator<TableRow> {
    yield* rows()
    if (totals !== null) yield totals
  }
  switch (input.format) {
    case 'csv':
      return produceFile(ctx, name, CSV_MIME, writeCsv(table, withTotals()))
    case 'xlsx': {
      const title = [input.title, ...(input.filtersInWords === '' ? [] : [input.filtersInWords])]
      const sheet = { name: input.title, columns: table, rows: withTotals(), title }
      return produceFile(ctx, name, XLSX_MIME, writeXlsx([sheet], { createdAt: ctx.clock.now() }))
    }
    case 'pdf': {
      const institution = await ctx.ledger.read(readInstitution)
      const cells: string[][] = []
      for await (const row of rows()) cells.push(row.map((cell, i) => paperText(table[i] as TableColumn, cell)))
      const width = table.reduce((total, column) => total + (column.width ?? 0), 0)
      const document = {
        institution: institution?.name ?? '',
        title: input.title,
        filters: input.filtersInWords,
        columns: shown.map(({ heading, column }) => ({
          title: heading,
          width: widthOf(column),
          align: column.kind === 'money' || column.kind === 'integer' ? ('right' as const) : ('left' as const),
          mono: column.kind === 'code',
        })),
        rows: cells,
        totals: totals?.map((cell, i) => paperTotal(table[i] as TableColumn, cell)) ?? null,
        note: `Stampato il ${stamp(ctx)} da ${ctx.operator}`,
        orientation: width > PORTRAIT_CHARACTERS ? ('landscape' as const) : ('portrait' as const),
      }
      return produceFile(ctx, name, PDF_MIME, [drawList(document)])
    }
  }
}

/** The same of a list that is in memory already. */
export function exportRows<R>({
  rows,
  ...args
}: Omit<ExportArgs<R>, 'pages'> & { readonly rows: readonly R[] }): Promise<FileResult> {
  return exportList({ ...args, pages: async (offset, limit) => pageOf(rows, { offset, limit }) })
}

/** What fits on an upright page at the size of lists. */
const PORTRAIT_CHARACTERS = 90

function paperText(column: TableColumn, cell: TableCell): string {
  if (cell === null) return ''
  if (column.kind === 'money') return formatCents(cell as Cents)
  return column.kind === 'date' ? formatDate(cell as IsoDate) : String(cell)
}

/** The totals' cells are words or sums, never dates. */
function paperTotal(column: TableColumn, cell: TableCell): string {
  return typeof cell === 'string' ? cell : paperText(column, cell)
}

/** «12/03/2026 08:41» */
function stamp(ctx: ServiceContext): string {
  const now = ctx.clock.now()
  return `${formatDate(today(ctx))} ${romeDateTime(now).slice(11, 16)}`
}

/** Large, because each page sorts the whole list again. */
const PAGE = 50_000

const WIDTHS = { text: 28, money: 13, date: 11, integer: 8, code: 20 } as const

function widthOf<R>(column: ExportColumn<R>): number {
  return column.width ?? WIDTHS[column.kind]
}

/** «Totale» under the first column of words, or no row when nothing is summed. */
function totalsRow(
  shown: readonly { readonly key: string; readonly column: { readonly kind: string } }[],
  totals: Readonly<Record<string, number>>,
): TableCell[] | null {
  const cells: TableCell[] = shown.map(({ key }) => totals[key] ?? null)
  if (cells.every((cell) => cell === null)) return null
  const free = shown.findIndex(({ key, column }) => totals[key] === undefined && WORDS.has(column.kind))
  if (free >= 0) cells[free] = 'Totale'
  return cells
}

const WORDS = new Set(['text', 'code'])
