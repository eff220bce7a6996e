import { columnOfHeading, REGISTER_COLUMNS, type RegisterKey } from '#codecs/register-columns'
import { readRegister, readRegisterWhole } from '#codecs/register-tracciato'
import { openWorkbook } from '#codecs/workbook'
import { columnName, columnOfReference, shown } from '#codecs/xlsx-cell'
import { xlsxBytes } from '#codecs/xlsx-write'
import type { Instant } from '#domain/date'
import { type Problem, ProblemError } from '#domain/problem'
import type { RegisterRow } from '#domain/register-row'
import type { Report } from './long-work.ts'
import { cellTextOf, type PlaceOf } from './register-check.ts'

/** A column of the file as it was recognised. */
export interface RegisterFileColumn {
  readonly letter: string
  readonly heading: string
  readonly field: RegisterKey | null
}

/** One row of the file with all that the reader said of it. `row` is null when it has errors. */
export interface ReadRow {
  readonly sheet: string
  readonly rowNumber: number
  readonly row: RegisterRow | null
  readonly problems: readonly Problem[]
  /** Text of each cell by letter, only for rows with problems: the others are made again from their values. */
  readonly cells: Readonly<Record<string, string>> | null
}

export interface ReadFile {
  readonly profile: string
  readonly sheet: string
  readonly columns: readonly RegisterFileColumn[]
  readonly rows: readonly ReadRow[]
  /** Warnings about the file as a whole, as a column that is not read. */
  readonly problems: readonly Problem[]
}

/**
 * Reads a register file whole, without touching the books. @throws ProblemError when it cannot be read as a register at
 * all (no headings, a column missing, not a workbook).
 */
export async function readRegisterFile(bytes: Uint8Array, report: Report, signal?: AbortSignal): Promise<ReadFile> {
  const rows = new Map<number, RegisterRow>()
  const problems: Problem[] = []
  const summary = await readRegister(bytes, {
    ...(signal ? { signal } : {}),
    onBatch(batch, found) {
      for (const row of batch) rows.set(row.row, row)
      for (const p of found) problems.push(p)
    },
    onProgress: ({ done, total }) => report('Leggo il registro', done, total),
  })
  const { headerRow, sheet } = summary
  if (headerRow === null || sheet === null) throw new ProblemError(...atLeastOne(problems))
  const inRows = new Map<number, Problem[]>()
  const whole: Problem[] = []
  for (const p of problems) {
    const row = p.position?.row ?? 0
    if (row <= headerRow) whole.push(p)
    else {
      const list = inRows.get(row)
      if (list === undefined) inRows.set(row, [p])
      else list.push(p)
    }
  }
  if (whole.some((p) => p.severity === 'error')) throw new ProblemError(...atLeastOne(whole))
  const { columns, cells } = await readCells(bytes, sheet, headerRow, inRows, signal)
  const numbers = [...new Set([...rows.keys(), ...inRows.keys()])].sort((a, b) => a - b)
  return {
    profile: summary.profile,
    sheet,
    columns,
    problems: whole,
    rows: numbers.map((rowNumber) => {
      const found = inRows.get(rowNumber) ?? []
      const wrong = found.some((p) => p.severity === 'error')
      return {
        sheet,
        rowNumber,
        row: wrong ? null : (rows.get(rowNumber) ?? null),
        problems: found,
        cells: cells.get(rowNumber) ?? null,
      }
    }),
  }
}

function atLeastOne(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter((p) => p.severity === 'error').slice(0, 500)
}

/** Headings of the file, and the texts of the rows that have problems. */
async function readCells(
  bytes: Uint8Array,
  sheetName: string,
  headerRow: number,
  wanted: ReadonlyMap<number, unknown>,
  signal?: AbortSignal,
): Promise<{ columns: RegisterFileColumn[]; cells: Map<number, Record<string, string>> }> {
  const columns: RegisterFileColumn[] = []
  const cells = new Map<number, Record<string, string>>()
  const book = await openWorkbook(bytes, signal ? { signal } : {})
  if (!book.ok) throw new ProblemError(book.error)
  const sheet = book.value.sheets.findIndex((s) => s.name === sheetName && !s.hidden)
  const last = wanted.size === 0 ? headerRow : Math.max(...wanted.keys())
  for await (const batch of book.value.rows(sheet, signal ? { signal } : {})) {
    for (const row of batch) {
      if (row.number > last) return { columns, cells }
      if (row.number === headerRow) {
        for (const [index, cell] of row.cells) {
          const heading = shown(cell).trim()
          if (heading === '') continue
          columns.push({ letter: columnName(index), heading, field: columnOfHeading(heading)?.key ?? null })
        }
      } else if (wanted.has(row.number)) {
        const texts: Record<string, string> = {}
        for (const [index, cell] of row.cells) texts[columnName(index)] = shown(cell)
        cells.set(row.number, texts)
      }
    }
  }
  return { columns, cells }
}

/** Texts of a row by letter, from the file or made again from its values. */
export function cellsOf(
  row: RegisterRow | null,
  raw: Readonly<Record<string, string>>,
  columns: readonly RegisterFileColumn[],
): Record<string, string> {
  const cells: Record<string, string> = { ...raw }
  if (row === null || Object.keys(cells).length > 0) return cells
  for (const { letter, field } of columns) {
    const text = field === null ? '' : cellTextOf(row, field)
    if (text !== '') cells[letter] = text
  }
  return cells
}

export function placeIn(columns: readonly RegisterFileColumn[], sheet: string, rowNumber: number): PlaceOf {
  return (key, excerpt) => {
    const column = columns.find((c) => c.field === key)
    const heading = REGISTER_COLUMNS.find((c) => c.key === key)?.heading
    return {
      position: { sheet, row: rowNumber, ...(column === undefined ? {} : { column: column.letter }) },
      ...(heading === undefined ? {} : { field: heading }),
      excerpt,
    }
  }
}

/**
 * Reads one row again after a cell was corrected: the very reader of files runs on a workbook of that row alone, so a
 * correction on screen and one in the file are judged alike.
 */
export async function readRowAgain(
  cells: Readonly<Record<string, string>>,
  columns: readonly RegisterFileColumn[],
  place: { readonly sheet: string; readonly rowNumber: number; readonly at: Instant },
): Promise<{ readonly row: RegisterRow | null; readonly problems: readonly Problem[] }> {
  const read = columns.filter((c) => c.field !== null)
  const bytes = await xlsxBytes(
    [
      {
        name: 'Riga',
        columns: read.map(({ heading }) => ({ heading, kind: 'text' as const })),
        rows: [read.map(({ letter }) => (cells[letter] ?? '') || null)],
      },
    ],
    { createdAt: place.at },
  )
  const reading = await readRegisterWhole(bytes)
  const problems = reading.problems.map((p): Problem => {
    const at = p.position?.column
    const letter = at === undefined ? undefined : read[columnOfReference(at)]?.letter
    return {
      ...p,
      position: { sheet: place.sheet, row: place.rowNumber, ...(letter === undefined ? {} : { column: letter }) },
    }
  })
  const row = reading.rows[0]
  return { row: row === undefined ? null : { ...row, row: place.rowNumber, sheet: place.sheet }, problems }
}
