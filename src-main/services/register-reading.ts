import type { LaidFile, RegisterFileColumn, RegisterLayout } from '#codecs/register-layout'
import { layAgain, sheetPlace } from '#codecs/register-layout'
import { type ReadRow, type RegisterOptions, RowReader, readBook, readRegister } from '#codecs/register-read'
import type { Workbook } from '#codecs/workbook'
import { columnOfReference } from '#codecs/xlsx-cell'
import { type Problem, ProblemError } from '#domain/problem'
import { REGISTER_FIELDS } from '#domain/register-field'
import type { RegisterMapping, RegisterPurpose } from '#domain/register-mapping'
import type { PostalAddress, RegisterPerson, RegisterRow } from '#domain/register-row'
import type { Report } from './long-work.ts'
import { cellTextOf, type PlaceOf } from './register-check.ts'

export type { RegisterFileColumn }

export interface ReadFile extends LaidFile {
  readonly purpose: RegisterPurpose
  readonly rows: readonly ReadRow[]
  /** Warnings about the file as a whole, as a column that is not read. */
  readonly problems: readonly Problem[]
}

/**
 * Reads a register file whole, in one pass, without touching the books; as the tracciato when there is no mapping. A book
 * that is open already is not opened again.
 * @throws ProblemError when it cannot be read so at all (a column missing, no table).
 */
export async function readRegisterFile(
  source: Uint8Array | Workbook,
  mapping: RegisterMapping | null,
  report: Report,
  signal?: AbortSignal,
): Promise<ReadFile> {
  const rows: ReadRow[] = []
  const whole: Problem[] = []
  const late: Problem[] = []
  const options: RegisterOptions = {
    mapping,
    ...(signal ? { signal } : {}),
    onBatch(lines, found) {
      for (const line of lines) rows.push(line)
      const last = rows.at(-1)?.rowNumber ?? 0
      for (const p of found) {
        const row = p.position?.row ?? 0
        if (rows.length > 0 && row <= last && row >= (rows[0]?.rowNumber ?? 0)) late.push(p)
        else whole.push(p)
      }
    },
    onProgress: ({ done, total }) => report('Leggo il registro', done, total),
  }
  const { layout } = await (source instanceof Uint8Array ? readRegister(source, options) : readBook(source, options))
  const errors = whole.filter((p) => p.severity === 'error')
  if (layout === null || errors.length > 0) throw new ProblemError(...errors.slice(0, 500))
  const { purpose, sheetName: sheet, columns } = layout
  return { purpose, mapping, sheet, columns, problems: whole, rows: withLate(rows, late, layout) }
}

/** What stands after the rows in the file belongs to them all the same: a row under merged cells is wrong. */
function withLate(rows: readonly ReadRow[], late: readonly Problem[], { columns }: RegisterLayout): readonly ReadRow[] {
  if (late.length === 0) return rows
  const byRow = Map.groupBy(late, (p) => p.position?.row ?? 0)
  return rows.map((line) => {
    const more = byRow.get(line.rowNumber)
    if (more === undefined) return line
    return {
      ...line,
      row: null,
      problems: [...line.problems, ...more],
      cells: cellsOf(line.row, line.cells ?? {}, columns),
    }
  })
}

/** Texts of a row by letter, from the file or made again from its values. */
export function cellsOf(
  row: RegisterRow | RegisterPerson | null,
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
    return {
      position: { ...sheetPlace(sheet), row: rowNumber, ...(column === undefined ? {} : { column: column.letter }) },
      field: REGISTER_FIELDS[key].label,
      excerpt,
    }
  }
}

/** Reads one row again after a cell was corrected: the very reader of files judges both alike. */
export function readRowAgain(
  cells: Readonly<Record<string, string>>,
  file: LaidFile,
  rowNumber: number,
): { readonly row: RegisterRow | RegisterPerson | null; readonly problems: readonly Problem[] } {
  const layout = layAgain(file)
  if (layout === null) throw new Error('a file that was read cannot be laid again')
  const row = {
    number: rowNumber,
    cells: new Map(
      Object.entries(cells).map(([letter, text]) => [columnOfReference(letter), { kind: 'text', text }] as const),
    ),
  }
  const line = new RowReader(layout).read(row)
  return line === null || line === 'skipped' ? { row: null, problems: [] } : { row: line.row, problems: line.problems }
}

const VALUES: Readonly<Record<keyof RegisterRow | keyof PostalAddress, true>> = {
  ...{ row: true, sheet: true, fiscalCode: true, vatNumber: true, name: true, category: true, alboNumber: true },
  ...{ address: true, email: true, pec: true, phone: true, iban: true, albo: true, section: true },
  ...{ enrolmentDate: true, service: true, competenceYear: true, causale: true, amountCents: true, dueDate: true },
  ...{ capitolo: true, externalReference: true },
  ...{ street: true, civicNumber: true, postalCode: true, city: true, province: true, country: true },
}

/** What the stored JSON of a file's rows holds beside the texts of their cells: names of values, letters of columns, its sheet. */
export function rowSyntax({ sheet, columns }: LaidFile): string[] {
  const keys = [...Object.keys(VALUES), ...columns.map(({ letter }) => letter)]
  return [`"sheet":${JSON.stringify(sheet)}`, ...keys.map((key) => `"${key}":`)]
}
