import { formatDate } from '#domain/date'
import { add, type Cents, formatCents, ZERO } from '#domain/money'
import { type Problem, problem } from '#domain/problem'
import type { Progress } from '#domain/progress'
import type { RegisterField } from '#domain/register-field'
import { CATEGORY_NAMES, foldCell, type RegisterMapping } from '#domain/register-mapping'
import type { PostalAddress, RegisterPerson, RegisterReading, RegisterRow, RegisterSummary } from '#domain/register-row'
import { type ByteSource, Refusal, stopIfAborted } from './refusal.ts'
import { RowCells } from './register-cells.ts'
import {
  findTracciato,
  type LayoutFound,
  layMapping,
  type RegisterLayout,
  sheetPlace,
  TRACCIATO,
} from './register-layout.ts'
import { openWorkbook, type Workbook } from './workbook.ts'
import { columnName, columnOfReference, shown, type XlsxRow } from './xlsx-cell.ts'

/** Rows that a register may have. */
const MAX_ROWS = 300_000

/** One row of the file with all that can be said of it without the books. */
export interface ReadRow {
  readonly sheet: string
  readonly rowNumber: number
  /** A quota with its person, or a person alone, as the layout's purpose says; null when the row has errors. */
  readonly row: RegisterRow | RegisterPerson | null
  readonly problems: readonly Problem[]
  /** Text of each cell by letter; null when the values of a good row say the same (`RegisterLayout.plain`). */
  readonly cells: Readonly<Record<string, string>> | null
}

export interface RegisterOptions {
  readonly signal?: AbortSignal
  /** How the file is read; the tracciato when left out. */
  readonly mapping?: RegisterMapping | null
  /**
   * Rows as they are read, a few hundred at a time, and problems of the file as a whole or of rows given before (merged
   * cells stand after the rows in the file); awaited, so the reader never runs ahead.
   */
  readonly onBatch?: (lines: readonly ReadRow[], problems: readonly Problem[]) => void | Promise<void>
  readonly onProgress?: (progress: Progress) => void
  /** Years admitted for competence and due dates; 2000–2099 when left out. */
  readonly years?: { readonly from: number; readonly to: number }
  readonly maxRows?: number
}

/** What was read, and how. */
export interface RegisterRead extends RegisterSummary {
  /** Null when the file cannot be read so. */
  readonly layout: RegisterLayout | null
}

/**
 * Reads a register file of any kind (`openWorkbook`) as the mapping says, or as the tracciato: every row with every
 * problem, in the order of the file. An aborted signal rejects with its reason.
 */
export async function readRegister(source: ByteSource, options: RegisterOptions = {}): Promise<RegisterRead> {
  const { signal, mapping } = options
  const book = await openWorkbook(source, {
    ...(signal ? { signal } : {}),
    encoding: mapping?.encoding ?? null,
    separator: mapping?.separator ?? null,
  })
  if (!book.ok) return refused([book.error], options)
  return readBook(book.value, options)
}

/** The same of a file that is open already. */
export async function readBook(book: Workbook, options: RegisterOptions = {}): Promise<RegisterRead> {
  let found: LayoutFound
  try {
    const { signal, mapping } = options
    found = mapping ? await layMapping(book, mapping, signal) : await findTracciato(book, signal)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refused([error.problem], options)
  }
  if (found.layout === null) return refused(found.problems, options)
  const run = new RegisterRun(found.layout, options, found.problems)
  try {
    await run.read(book)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    run.problems.push(error.problem)
  }
  await run.flush()
  return run.summary()
}

async function refused(problems: readonly Problem[], options: RegisterOptions): Promise<RegisterRead> {
  await options.onBatch?.([], problems)
  const errorCount = problems.filter((p) => p.severity === 'error').length
  return {
    ...{ profile: TRACCIATO, sheet: null, headerRow: null, layout: null },
    ...{ rowCount: 0, goodRowCount: 0, skippedCount: 0, totalCents: ZERO },
    ...{ errorCount, warningCount: problems.length - errorCount },
  }
}

/** The same, collected: at most `maxProblems` problems are kept (500), the counts say how many there were. */
export async function readRegisterWhole(
  source: ByteSource,
  options: Omit<RegisterOptions, 'onBatch'> & { readonly maxProblems?: number } = {},
): Promise<RegisterReading> {
  const rows = new Map<number, RegisterRow>()
  const people = new Map<number, RegisterPerson>()
  const problems: Problem[] = []
  const limit = options.maxProblems ?? 500
  const { layout: _, ...summary } = await readRegister(source, {
    ...options,
    onBatch(lines, found) {
      const all = [...lines.flatMap((line) => line.problems), ...found]
      for (const p of all) if (problems.length < limit) problems.push(p)
      for (const { rowNumber, row } of lines) {
        if (row === null) continue
        if ('amountCents' in row) rows.set(rowNumber, row)
        else people.set(rowNumber, row)
      }
      for (const p of found) {
        if (p.severity !== 'error' || p.position?.row === undefined) continue
        people.delete(p.position.row)
        rows.delete(p.position.row)
      }
    },
  })
  return { ...summary, rows: [...rows.values()], people: [...people.values()], problems }
}

/** Reads the rows of one file by its layout, remembering what it must compare between them. */
export class RowReader {
  readonly #layout: RegisterLayout
  readonly #years: { readonly from: number; readonly to: number }
  readonly #madeCausale: boolean
  readonly #byKey = new Map<string, number>()
  readonly #byReference = new Map<string, number>()
  readonly #names = new Map<string, { readonly name: string; readonly row: number }>()

  constructor(layout: RegisterLayout, years: RegisterOptions['years'] = { from: 2000, to: 2099 }) {
    this.#layout = layout
    this.#years = years
    this.#madeCausale = (layout.fields.get('causale')?.template ?? null) !== null
  }

  /** `skipped` for a row that the mapping leaves out, null for one that says nothing. */
  read(row: XlsxRow): ReadRow | 'skipped' | null {
    return this.#read(row, null)
  }

  /** The same, with each field as it was read, those of wrong rows too. */
  readShown(row: XlsxRow): { readonly line: ReadRow; readonly values: ShownValues } | 'skipped' | null {
    const values: ShownValues = {}
    const line = this.#read(row, values)
    return line === null || line === 'skipped' ? line : { line, values }
  }

  #read(row: XlsxRow, seen: ShownValues | null): ReadRow | 'skipped' | null {
    const layout = this.#layout
    if (row.number <= layout.headerRow || isBlank(row)) return null
    for (const { column, texts } of layout.skip) {
      const cell = row.cells.get(column)
      if (texts.has(cell === undefined ? '' : foldCell(shown(cell)))) return 'skipped'
    }
    const cells = new RowCells(row, layout)
    const values = this.#values(cells, row.number, seen)
    return {
      sheet: layout.sheetName,
      rowNumber: row.number,
      row: cells.hasErrors ? null : values,
      problems: cells.problems,
      cells: layout.plain && cells.problems.length === 0 ? null : cellTexts(row, layout),
    }
  }

  #values(cells: RowCells, row: number, seen: ShownValues | null): RegisterRow | RegisterPerson | null {
    const { from, to } = this.#years
    const dues = this.#layout.purpose === 'dues'
    const fiscalCode = cells.fiscalCode()
    const vatNumber = cells.vatNumber()
    const name = cells.name()
    const category = cells.category()
    const alboNumber = cells.text('alboNumber')
    const address = addressOf(cells)
    const email = cells.email('email')
    const pec = cells.email('pec')
    const phone = cells.text('phone')
    const albo = cells.text('albo')
    const section = cells.text('section')
    const enrolmentDate = cells.date('enrolmentDate', 1900, to)
    const iban = cells.iban()
    const service = dues ? cells.text('service') : null
    const competenceYear = dues ? cells.year(from, to) : null
    const written = dues && !this.#madeCausale ? cells.causale({}) : null
    const amountCents = dues ? cells.amount() : null
    const dueDate = dues ? cells.date('dueDate', from, to) : null
    const capitolo = dues ? cells.text('capitolo') : null
    const externalReference = dues ? cells.text('externalReference') : null
    const made = () =>
      cells.causale({
        codiceFiscale: fiscalCode ?? '',
        nome: name ?? '',
        categoria: category === null ? '' : CATEGORY_NAMES[category],
        numeroAlbo: alboNumber ?? '',
        albo: albo ?? '',
        sezione: section ?? '',
        servizio: service ?? '',
        anno: competenceYear === null ? '' : String(competenceYear),
        importo: amountCents === null ? '' : formatCents(amountCents),
        scadenza: dueDate === null ? '' : formatDate(dueDate),
        riferimento: externalReference ?? '',
      })
    const causale = dues && this.#madeCausale ? made() : written
    if (seen !== null) {
      show(seen, { fiscalCode, vatNumber, name, alboNumber, email, pec, phone, albo, section, iban })
      show(seen, { ...address, service, causale, capitolo, externalReference })
      show(seen, {
        category: category && CATEGORY_NAMES[category],
        competenceYear: competenceYear === null ? null : String(competenceYear),
        amount: amountCents === null ? null : formatCents(amountCents),
        dueDate: dueDate && formatDate(dueDate),
        enrolmentDate: enrolmentDate && formatDate(enrolmentDate),
      })
    }
    if (fiscalCode?.length === 11 && (category === 'professionista' || category === 'praticante')) {
      const params = { value: fiscalCode, category: CATEGORY_NAMES[category] }
      cells.note('fiscalCode', 'FISCAL_CODE_CATEGORY', params, 'warning')
    }
    if (fiscalCode !== null && name !== null) this.#noteName(cells, fiscalCode, name, row)
    if (externalReference !== null) {
      const first = this.#byReference.get(externalReference)
      if (first === undefined) this.#byReference.set(externalReference, row)
      else cells.note('externalReference', 'REFERENCE_DUPLICATE', { value: externalReference, row: first })
    }
    if (fiscalCode === null || name === null || category === null) return null
    const person: RegisterPerson = {
      ...{ row, sheet: this.#layout.sheetName, fiscalCode, vatNumber, name, category, alboNumber, address, email, pec },
      ...{ phone, iban, albo, section, enrolmentDate },
    }
    if (!dues) {
      const first = this.#first(fiscalCode, row)
      if (first !== null) cells.note('fiscalCode', 'PERSON_DUPLICATE', { row: first }, 'warning')
      return person
    }
    if (service === null || causale === null || competenceYear === null || amountCents === null) return null
    // Two rows that the register itself tells apart by reference are two dues (DOMAIN.md §3, Import).
    const due = [fiscalCode, foldCell(service), competenceYear, foldCell(causale), amountCents, externalReference ?? '']
    const first = this.#first(due.join('|'), row)
    if (first !== null && externalReference === null) cells.note('fiscalCode', 'ROW_DUPLICATE', { row: first })
    return { ...person, service, competenceYear, causale, amountCents, dueDate, capitolo, externalReference }
  }

  /** The row that had this key before; null, and this row is it, when none had. */
  #first(key: string, row: number): number | null {
    const first = this.#byKey.get(key)
    if (first === undefined) this.#byKey.set(key, row)
    return first ?? null
  }

  #noteName(cells: RowCells, fiscalCode: string, name: string, row: number): void {
    const first = this.#names.get(fiscalCode)
    if (first === undefined) this.#names.set(fiscalCode, { name, row })
    else if (first.name !== name && foldCell(first.name) !== foldCell(name)) {
      const key = this.#layout.fields.has('name') ? 'name' : 'surname'
      cells.note(key, 'NAME_DIFFERS', { value: name, other: first.name, row: first.row }, 'warning')
    }
  }
}

/** Fields as they are shown: amounts 1.234,56, dates 31/03/2026. */
export type ShownValues = Partial<Record<RegisterField, string>>

function show(seen: ShownValues, values: Partial<Record<RegisterField, string | null>>): void {
  for (const [field, value] of Object.entries(values)) if (value) seen[field as RegisterField] = value
}

class RegisterRun {
  problems: Problem[]
  readonly #lines: ReadRow[] = []
  readonly #layout: RegisterLayout
  readonly #options: RegisterOptions
  readonly #reader: RowReader
  #rowCount = 0
  #goodRowCount = 0
  #skippedCount = 0
  readonly #taken = new Set<number>()
  #total: Cents = ZERO
  #errorCount = 0
  #warningCount = 0
  #lastRow = 0

  constructor(layout: RegisterLayout, options: RegisterOptions, problems: readonly Problem[]) {
    this.#layout = layout
    this.#options = options
    this.#reader = new RowReader(layout, options.years)
    this.problems = [...problems]
  }

  async read(book: Workbook): Promise<void> {
    const { signal, onProgress, maxRows = MAX_ROWS } = this.#options
    const { sheet, sheetName, headerRow } = this.#layout
    const merged: string[] = []
    let share = 0
    const told = {
      merged: (range: string) => void merged.push(range),
      progress: (read: number) => {
        share = read
      },
    }
    for await (const batch of book.rows(sheet, { ...(signal ? { signal } : {}), ...told })) {
      stopIfAborted(signal)
      for (const row of batch) {
        const line = this.#reader.read(row)
        if (line === null) continue
        if (line === 'skipped') {
          this.#skippedCount += 1
          continue
        }
        this.#lastRow = row.number
        this.#taken.add(row.number)
        this.#rowCount += 1
        if (this.#rowCount > maxRows) {
          const at = { position: { ...sheetPlace(sheetName), row: row.number } }
          this.problems.push(problem('REGISTER_TOO_MANY_ROWS', { limit: maxRows.toLocaleString('it-IT') }, at))
          return
        }
        this.#take(line)
      }
      await this.flush()
      const done = this.#rowCount
      const total = share > 0 && share < 1 ? Math.round(done / share) : null
      onProgress?.({ step: 'Lettura del registro', done, total })
    }
    onProgress?.({ step: 'Lettura del registro', done: this.#rowCount, total: this.#rowCount })
    this.#noteMerged(merged)
    if (this.#rowCount === 0) {
      const at = { position: { ...sheetPlace(sheetName), ...(headerRow === 0 ? {} : { row: headerRow }) } }
      this.problems.push(problem('REGISTER_NO_ROWS', {}, at))
    }
  }

  async flush(): Promise<void> {
    const lines = this.#lines.splice(0)
    const { problems } = this
    this.problems = []
    this.#count(problems)
    if (lines.length > 0 || problems.length > 0) await this.#options.onBatch?.(lines, problems)
  }

  summary(): RegisterRead {
    return {
      profile: TRACCIATO,
      layout: this.#layout,
      sheet: this.#layout.sheetName,
      headerRow: this.#layout.headerRow,
      rowCount: this.#rowCount,
      goodRowCount: this.#goodRowCount,
      skippedCount: this.#skippedCount,
      totalCents: this.#total,
      errorCount: this.#errorCount,
      warningCount: this.#warningCount,
    }
  }

  #take(line: ReadRow): void {
    this.#lines.push(line)
    this.#count(line.problems)
    if (line.row === null) return
    this.#goodRowCount += 1
    if ('amountCents' in line.row) this.#total = add(this.#total, line.row.amountCents)
  }

  #count(problems: readonly Problem[]): void {
    for (const p of problems) {
      if (p.severity === 'error') this.#errorCount += 1
      else this.#warningCount += 1
    }
  }

  /**
   * Each row under a merged cell of a column that is read, once: but the first they are empty, and would say nothing. What
   * is no row of the register may be merged: totals that the mapping leaves out, blank stripes.
   */
  #noteMerged(ranges: readonly string[]): void {
    const read = [...this.#layout.fields.values()].flatMap(({ columns }) => columns).sort((a, b) => a - b)
    const found = ranges.flatMap((range) => {
      const [from = '', to = from] = range.split(':')
      const [left, right] = [columnOfReference(from), columnOfReference(to)]
      const column = read.find((c) => c >= left && c <= right)
      const [top, bottom] = [Number(/\d+/.exec(from)?.[0]), Number(/\d+/.exec(to)?.[0])]
      return column === undefined || !(bottom >= top) ? [] : [{ range, column, top, bottom }]
    })
    // From the top, so that no row is gone over twice however many ranges lie on it.
    let noted = this.#layout.headerRow
    for (const { range, column, top, bottom } of found.sort((a, b) => a.top - b.top)) {
      for (let row = Math.max(top, noted + 1); row <= Math.min(bottom, this.#lastRow); row += 1) {
        if (!this.#taken.has(row)) continue
        const position = { ...sheetPlace(this.#layout.sheetName), row, column: columnName(column) }
        this.problems.push(problem('CELL_MERGED', { range }, { position }))
      }
      noted = Math.max(noted, bottom)
    }
  }
}

/**
 * Texts of the filled cells by letter, such that reading them again by the same layout gives the same: a number or a date
 * of Excel takes the form in which the layout reads texts.
 */
function cellTexts(row: XlsxRow, layout: RegisterLayout): Record<string, string> {
  const amount = layout.amountForm === 'comma' ? undefined : layout.fields.get('amount')?.columns[0]
  const dated = layout.dateForm !== 'dmy'
  const texts: Record<string, string> = {}
  for (const [index, cell] of row.cells) {
    texts[columnName(index)] =
      cell.kind === 'number' && index === amount
        ? String(cell.value)
        : cell.kind === 'date' && dated && cell.date !== null
          ? cell.date
          : shown(cell)
  }
  return texts
}

function addressOf(cells: RowCells): PostalAddress | null {
  const country = cells.country()
  const street = cells.text('street')
  const civicNumber = cells.text('civicNumber')
  const postalCode = cells.postalCode(country)
  const city = cells.text('city')
  const province = cells.province(country)
  if (cells.hasErrorAt(['country', 'street', 'civicNumber', 'postalCode', 'city', 'province'])) return null
  if (street === null && civicNumber === null && postalCode === null && city === null && province === null) return null
  const missing: [RegisterField, string][] = []
  if (street === null) missing.push(['street', 'la via'])
  if (postalCode === null) missing.push(['postalCode', 'il CAP'])
  if (city === null) missing.push(['city', 'il comune'])
  if (province === null && country === 'IT') missing.push(['province', 'la provincia'])
  if (street !== null && postalCode !== null && city !== null && missing.length === 0) {
    return { street, civicNumber, postalCode, city, province, country }
  }
  const first = missing[0] as [RegisterField, string]
  cells.note(first[0], 'ADDRESS_INCOMPLETE', { missing: missing.map((m) => m[1]).join(', ') })
  return null
}

function isBlank(row: XlsxRow): boolean {
  for (const cell of row.cells.values()) if (cell.kind !== 'text' || cell.text.trim() !== '') return false
  return true
}
