import { type Problem, type ProblemPlace, problem } from '#domain/problem'
import { REGISTER_FIELD_NAMES, REGISTER_FIELDS, type RegisterField } from '#domain/register-field'
import {
  CAUSALE_FIELDS,
  foldCell,
  foldHeading,
  missingFields,
  type RegisterAmountForm,
  type RegisterColumnRef,
  type RegisterDateForm,
  type RegisterMapping,
  type RegisterPurpose,
} from '#domain/register-mapping'
import { unknownField } from '#domain/template'
import { stopIfAborted } from './refusal.ts'
import { columnOfHeading, REGISTER_COLUMNS } from './register-columns.ts'
import type { Workbook } from './workbook.ts'
import { columnName, columnOfReference, shown, type XlsxRow } from './xlsx-cell.ts'

export const TRACCIATO = 'tracciato-quote'
/** The headings must stand within these first rows of the sheet. */
export const HEAD_ROWS = 60
/** A row with as many known headings is the heading row of the tracciato, even when some required ones are missing. */
const KNOWN_HEADINGS = 3

/** Where a field stands in the rows of one file. */
export interface FieldPlace {
  /** From 0, joined with a blank; none for a constant and for a template. */
  readonly columns: readonly number[]
  /** By folded text of the file. */
  readonly translations: ReadonlyMap<string, string> | null
  /** A constant, or what stands for empty cells. */
  readonly otherwise: string | null
  readonly template: string | null
}

/** A column of the file as it was recognised. */
export interface RegisterFileColumn {
  readonly letter: string
  readonly heading: string
  /** The first field that it fills. */
  readonly field: RegisterField | null
}

/** A mapping, or the tracciato, laid on one file: the reader of rows needs nothing else. */
export interface RegisterLayout {
  readonly purpose: RegisterPurpose
  readonly sheet: number
  /** Empty for a text file and for a page. */
  readonly sheetName: string
  /** Row of the headings; 0 when there are none. */
  readonly headerRow: number
  readonly columns: readonly RegisterFileColumn[]
  readonly fields: ReadonlyMap<RegisterField, FieldPlace>
  readonly amountForm: RegisterAmountForm
  readonly dateForm: RegisterDateForm
  readonly skip: readonly { readonly column: number; readonly texts: ReadonlySet<string> }[]
  /** Each field is one column as the tracciato writes it: cells can be made again from the values of a row. */
  readonly plain: boolean
}

export interface LayoutFound {
  /** Null when some problem is an error. */
  readonly layout: RegisterLayout | null
  /** Of the file as a whole. */
  readonly problems: readonly Problem[]
}

/** The tracciato laid on the first sheet, not hidden, that has its headings. */
export async function findTracciato(book: Workbook, signal?: AbortSignal): Promise<LayoutFound> {
  for (const [sheet, { hidden }] of book.sheets.entries()) {
    if (hidden) continue
    for (const row of await headRows(book, sheet, HEAD_ROWS, signal)) {
      if (knownFields(row).size >= KNOWN_HEADINGS) return layTracciato(book.sheets, sheet, row)
    }
  }
  const sheets = book.sheets.map((s) => `«${s.name}»`).join(', ')
  const none = book.sheets.length === 1 && book.sheets[0]?.name === '' ? 'uno, senza nome' : sheets
  return { layout: null, problems: [problem('REGISTER_NO_HEADINGS', { sheets: none })] }
}

function knownFields(row: XlsxRow): Set<RegisterField> {
  const known = new Set<RegisterField>()
  for (const cell of row.cells.values()) {
    const column = cell.kind === 'text' ? columnOfHeading(cell.text) : null
    if (column !== null) known.add(column.key)
  }
  return known
}

function layTracciato(sheets: Sheets, sheet: number, row: XlsxRow): LayoutFound {
  const sheetName = sheets[sheet]?.name ?? ''
  const at = (column?: number): ProblemPlace => ({
    position: {
      ...sheetPlace(sheetName),
      row: row.number,
      ...(column === undefined ? {} : { column: columnName(column) }),
    },
  })
  const problems: Problem[] = []
  const fields = new Map<RegisterField, FieldPlace>()
  const columns: RegisterFileColumn[] = []
  for (const [index, cell] of row.cells) {
    const heading = shown(cell).trim()
    if (heading === '') continue
    const column = columnOfHeading(heading)
    columns.push({ letter: columnName(index), heading, field: column?.key ?? null })
    const place = { ...at(index), excerpt: heading }
    if (column === null) {
      problems.push(problem('REGISTER_COLUMN_UNKNOWN', { heading }, { ...place, severity: 'warning' }))
      continue
    }
    const first = fields.get(column.key)?.columns[0]
    if (first === undefined) fields.set(column.key, oneColumn(index))
    else {
      const params = { heading: column.heading, column: columnName(first) }
      problems.push(problem('REGISTER_COLUMN_REPEATED', params, place))
    }
  }
  for (const { key, heading, required } of REGISTER_COLUMNS) {
    if (!required || fields.has(key) || (key === 'name' && fields.has('surname'))) continue
    problems.push(problem('REGISTER_COLUMN_MISSING', { heading }, at()))
  }
  const forms = { amountForm: 'comma', dateForm: 'dmy' } as const
  const layout: RegisterLayout = {
    ...{ purpose: 'dues', sheet, sheetName, headerRow: row.number, columns, fields, ...forms, skip: [] },
    plain: !fields.has('surname') && !fields.has('firstName'),
  }
  return { layout: problems.some((p) => p.severity === 'error') ? null : layout, problems }
}

function oneColumn(index: number): FieldPlace {
  return { columns: [index], translations: null, otherwise: null, template: null }
}

/** A mapping laid on the sheet it names, else on the first one, not hidden, that has its columns. */
export async function layMapping(book: Workbook, mapping: RegisterMapping, signal?: AbortSignal): Promise<LayoutFound> {
  const wrong = mappingProblems(mapping)
  if (wrong.length > 0) return { layout: null, problems: wrong }
  const named = book.sheets.findIndex((s) => s.name === mapping.sheet)
  const open = book.sheets.flatMap((s, index) => (s.hidden ? [] : [index]))
  const candidates = named >= 0 ? [named] : open
  let closest: LayoutFound | null = null
  for (const sheet of candidates) {
    const rows = await headRows(book, sheet, Math.max(HEAD_ROWS, mapping.headerRow ?? 0), signal)
    const found = layOnSheet(book.sheets, sheet, rows, mapping)
    if (found.layout !== null) return found
    if (rows.length > 0 && (closest === null || found.problems.length < closest.problems.length)) closest = found
  }
  if (closest !== null && (mapping.sheet === null || named >= 0 || open.length === 1)) return closest
  const sheets = book.sheets.map((s) => `«${s.name}»`).join(', ')
  const gone = problem('REGISTER_SHEET_GONE', { name: mapping.sheet ?? '', sheets })
  return { layout: null, problems: [mapping.sheet === null ? problem('REGISTER_NO_ROWS', {}) : gone] }
}

/** What is wrong with a mapping whatever the file. */
function mappingProblems(mapping: RegisterMapping): Problem[] {
  const problems: Problem[] = missingFields(mapping).map((field) =>
    problem(
      'REGISTER_FIELD_UNMAPPED',
      { label: REGISTER_FIELDS[field].label },
      { field: REGISTER_FIELDS[field].label },
    ),
  )
  for (const field of REGISTER_FIELD_NAMES) {
    const source = mapping.fields[field]
    const { label, kind } = REGISTER_FIELDS[field]
    if (source?.kind === 'template' && field !== 'causale') {
      problems.push(problem('REGISTER_FIELD_UNMAPPED', { label }, { field: label }))
    } else if (source?.kind === 'template') {
      const unknown = unknownField(source.template, CAUSALE_FIELDS)
      const known = CAUSALE_FIELDS.map((name) => `{${name}}`).join(' ')
      if (unknown !== null)
        problems.push(problem('TEMPLATE_FIELD_UNKNOWN', { field: unknown, known }, { field: label }))
    }
    if (source?.kind === 'columns' && source.columns.length > 1 && kind !== 'text') {
      problems.push(problem('REGISTER_FIELD_JOINED', { label }, { field: label }))
    }
  }
  return problems
}

/** What is kept of a file that was read, to read one of its rows again. */
export interface LaidFile {
  /** Null for the tracciato. */
  readonly mapping: RegisterMapping | null
  readonly sheet: string
  readonly columns: readonly RegisterFileColumn[]
}

/** The layout that a file had, from what was kept of it. */
export function layAgain({ mapping, sheet, columns }: LaidFile): RegisterLayout | null {
  const head: XlsxRow = {
    number: 0,
    cells: new Map(columns.map(({ letter, heading }) => [columnOfReference(letter), { kind: 'text', text: heading }])),
  }
  const found =
    mapping === null
      ? layTracciato([{ name: sheet }], 0, head)
      : lay([{ name: sheet }], 0, mapping.headerRow === null ? null : head, mapping, columnsOf(mapping))
  return found.layout
}

type Sheets = readonly { readonly name: string }[]

function layOnSheet(sheets: Sheets, sheet: number, rows: readonly XlsxRow[], mapping: RegisterMapping): LayoutFound {
  const refs = columnsOf(mapping)
  if (mapping.headerRow === null) return lay(sheets, sheet, null, mapping, refs)
  const asked = rows.find((row) => row.number === mapping.headerRow)
  const wanted = refs.flatMap(({ heading }) => (heading === null ? [] : [foldHeading(heading)]))
  const has = (row: XlsxRow) => {
    const headings = new Set([...row.cells.values()].map((cell) => foldHeading(shown(cell))))
    return wanted.every((heading) => headings.has(heading))
  }
  // Titles above the headings come and go from one export to the next.
  const head = asked !== undefined && has(asked) ? asked : (rows.find((row) => wanted.length > 0 && has(row)) ?? asked)
  const nothing: XlsxRow = { number: mapping.headerRow, cells: new Map() }
  return lay(sheets, sheet, head ?? nothing, mapping, refs)
}

function lay(
  sheets: Sheets,
  sheet: number,
  head: XlsxRow | null,
  mapping: RegisterMapping,
  refs: readonly RegisterColumnRef[],
): LayoutFound {
  const sheetName = sheets[sheet]?.name ?? ''
  const problems: Problem[] = []
  const seen = new Map<string, number | null>()
  const columnAt = (ref: RegisterColumnRef): number | null => {
    const key = `${ref.letter} ${ref.heading ?? ''}`
    const known = seen.get(key)
    if (known !== undefined) return known
    const found = columnIn(head, ref)
    seen.set(key, typeof found === 'number' ? found : null)
    if (typeof found === 'number') return found
    const heading = ref.heading ?? ref.letter
    const position = { ...sheetPlace(sheetName), ...(head === null ? {} : { row: head.number }) }
    problems.push(
      problem(found === 'twice' ? 'REGISTER_COLUMN_TWICE' : 'REGISTER_COLUMN_GONE', { heading }, { position }),
    )
    return null
  }
  for (const ref of refs) columnAt(ref)
  const fields = new Map<RegisterField, FieldPlace>()
  let plain = mapping.purpose === 'dues' && mapping.amountForm === 'comma' && mapping.dateForm === 'dmy'
  for (const field of REGISTER_FIELD_NAMES) {
    const source = mapping.fields[field]
    if (source === undefined || (mapping.purpose === 'people' && REGISTER_FIELDS[field].group === 'due')) continue
    const none = { columns: [], translations: null, otherwise: null, template: null }
    if (source.kind !== 'columns') {
      plain = false
      fields.set(
        field,
        source.kind === 'constant' ? { ...none, otherwise: source.text } : { ...none, template: source.template },
      )
      continue
    }
    const { translations, otherwise } = source
    const columns = source.columns.flatMap((ref) => columnAt(ref) ?? [])
    if (columns.length !== 1 || translations.length > 0 || otherwise !== null) plain = false
    if (field === 'surname' || field === 'firstName') plain = false
    fields.set(field, {
      columns,
      translations:
        translations.length === 0 ? null : new Map(translations.map(({ from, to }) => [foldCell(from), to] as const)),
      otherwise,
      template: null,
    })
  }
  const skip = mapping.skip.flatMap(({ column, texts }) => {
    const index = columnAt(column)
    return index === null ? [] : [{ column: index, texts: new Set(texts.map(foldCell)) }]
  })
  const layout: RegisterLayout = {
    ...{ purpose: mapping.purpose, sheet, sheetName, headerRow: head?.number ?? 0, fields, skip, plain },
    ...{ amountForm: mapping.amountForm, dateForm: mapping.dateForm },
    columns: fileColumns(head, fields),
  }
  return { layout: problems.length > 0 ? null : layout, problems }
}

/** All columns of the heading row, and those that are read though they have no heading. */
function fileColumns(head: XlsxRow | null, fields: ReadonlyMap<RegisterField, FieldPlace>): RegisterFileColumn[] {
  const byColumn = new Map<number, RegisterField>()
  for (const [field, { columns }] of fields) {
    for (const column of columns) if (!byColumn.has(column)) byColumn.set(column, field)
  }
  const headings = new Map<number, string>()
  for (const [index, cell] of head?.cells ?? []) {
    const heading = shown(cell).replaceAll(/\s+/g, ' ').trim()
    if (heading !== '') headings.set(index, heading)
  }
  return [...new Set([...headings.keys(), ...byColumn.keys()])]
    .sort((a, b) => a - b)
    .map((index) => ({
      letter: columnName(index),
      heading: headings.get(index) ?? `Colonna ${columnName(index)}`,
      field: byColumn.get(index) ?? null,
    }))
}

/** By heading; its letter decides between two that are alike, and alone where there is no heading. */
function columnIn(head: XlsxRow | null, ref: RegisterColumnRef): number | 'gone' | 'twice' {
  const letter = columnOfReference(ref.letter)
  if (head === null || ref.heading === null) return letter
  const wanted = foldHeading(ref.heading)
  const same = [...head.cells].flatMap(([index, cell]) => (foldHeading(shown(cell)) === wanted ? [index] : []))
  if (same.includes(letter)) return letter
  return same.length > 1 ? 'twice' : (same[0] ?? 'gone')
}

function columnsOf(mapping: RegisterMapping): RegisterColumnRef[] {
  const refs = new Map<string, RegisterColumnRef>()
  const add = (ref: RegisterColumnRef) => refs.set(`${ref.letter} ${ref.heading ?? ''}`, ref)
  for (const field of REGISTER_FIELD_NAMES) {
    const source = mapping.fields[field]
    if (mapping.purpose === 'people' && REGISTER_FIELDS[field].group === 'due') continue
    if (source?.kind === 'columns') for (const ref of source.columns) add(ref)
  }
  for (const { column } of mapping.skip) add(column)
  return [...refs.values()]
}

/** A file without sheets says nothing of sheets. */
export function sheetPlace(name: string): { readonly sheet?: string } {
  return name === '' ? {} : { sheet: name }
}

/** The first rows of a sheet that are not empty, up to a row. */
export async function headRows(book: Workbook, sheet: number, upTo: number, signal?: AbortSignal): Promise<XlsxRow[]> {
  const head: XlsxRow[] = []
  for await (const rows of book.rows(sheet, signal ? { signal } : {})) {
    stopIfAborted(signal)
    for (const row of rows) {
      if (row.number > upTo) return head
      head.push(row)
    }
  }
  return head
}
