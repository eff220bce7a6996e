import { add, type Cents, ZERO } from '#domain/money'
import { type Problem, problem } from '#domain/problem'
import type { Progress } from '#domain/progress'
import type { PostalAddress, RegisterReading, RegisterRow, RegisterSummary } from '#domain/register-row'
import { type ByteSource, Refusal, stopIfAborted } from './refusal.ts'
import { RowCells } from './register-cells.ts'
import { CATEGORY_NAMES, columnOfHeading, REGISTER_COLUMNS, type RegisterKey } from './register-columns.ts'
import { openWorkbook } from './workbook.ts'
import { columnName, columnOfReference, shown, type XlsxRow } from './xlsx-cell.ts'
import type { XlsxBook } from './xlsx-read.ts'

const REGISTER_PROFILE = 'tracciato-quote'
/** The headings must stand within these first rows of the sheet. */
const HEAD_ROWS = 30
/** A row with as many known headings is the heading row, even when some required ones are missing. */
const KNOWN_HEADINGS = 3

export interface RegisterOptions {
  readonly signal?: AbortSignal
  /** Good rows and problems as they are read, a few hundred at a time; awaited, so the reader never runs ahead. */
  readonly onBatch?: (rows: readonly RegisterRow[], problems: readonly Problem[]) => void | Promise<void>
  readonly onProgress?: (progress: Progress) => void
  /** Years admitted for competence and due dates; 2000–2099 when left out. */
  readonly years?: { readonly from: number; readonly to: number }
  readonly maxRows?: number
}

interface Head {
  readonly sheet: number
  readonly sheetName: string
  readonly row: number
  readonly places: ReadonlyMap<RegisterKey, number>
}

/**
 * Reads the register workbook, `.xlsx` in a stream or `.xls`: finds the sheet and the heading row, then gives every good row and every
 * problem, in the order of the file. An aborted signal rejects with its reason. A row with an error is not given.
 */
export async function readRegister(source: ByteSource, options: RegisterOptions = {}): Promise<RegisterSummary> {
  const run = new RegisterRun(options)
  const book = await openWorkbook(source, options.signal ? { signal: options.signal } : {})
  if (!book.ok) run.problems.push(book.error)
  else {
    try {
      const head = await run.findHead(book.value)
      if (head && !run.hasErrors) await run.readRows(book.value, head)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      run.problems.push(error.problem)
    }
  }
  await run.flush()
  return run.summary()
}

/** The same, collected: at most `maxProblems` problems are kept (500), the counts say how many there were. */
export async function readRegisterWhole(
  source: ByteSource,
  options: Omit<RegisterOptions, 'onBatch'> & { readonly maxProblems?: number } = {},
): Promise<RegisterReading> {
  const rows: RegisterRow[] = []
  const problems: Problem[] = []
  const limit = options.maxProblems ?? 500
  const summary = await readRegister(source, {
    ...options,
    onBatch(batch, found) {
      for (const row of batch) rows.push(row)
      for (const p of found) if (problems.length < limit) problems.push(p)
    },
  })
  return { ...summary, rows, problems }
}

class RegisterRun {
  problems: Problem[] = []
  #rows: RegisterRow[] = []
  #sheet: string | null = null
  #headerRow: number | null = null
  #rowCount = 0
  #goodRowCount = 0
  #total: Cents = ZERO
  #errorCount = 0
  #warningCount = 0
  readonly #byKey = new Map<string, number>()
  readonly #byReference = new Map<string, number>()
  readonly #names = new Map<string, { readonly name: string; readonly row: number }>()
  readonly #options: RegisterOptions

  constructor(options: RegisterOptions) {
    this.#options = options
  }

  get hasErrors(): boolean {
    return this.problems.some((p) => p.severity === 'error')
  }

  async findHead(book: XlsxBook): Promise<Head | null> {
    for (const [sheet, { name, hidden }] of book.sheets.entries()) {
      if (hidden) continue
      const row = await this.#headRow(book, sheet)
      if (row) return this.#readHead(sheet, name, row)
    }
    const sheets = book.sheets.map((s) => `«${s.name}»`).join(', ')
    this.problems.push(problem('REGISTER_NO_HEADINGS', { sheets }))
    return null
  }

  async #headRow(book: XlsxBook, sheet: number): Promise<XlsxRow | null> {
    for await (const rows of book.rows(sheet, this.#signal())) {
      for (const row of rows) {
        if (row.number > HEAD_ROWS) return null
        const known = new Set(
          [...row.cells.values()].map((c) => (c.kind === 'text' ? columnOfHeading(c.text)?.key : undefined)),
        )
        known.delete(undefined)
        if (known.size >= KNOWN_HEADINGS) return row
      }
    }
    return null
  }

  #readHead(sheet: number, sheetName: string, row: XlsxRow): Head {
    const places = new Map<RegisterKey, number>()
    for (const [index, cell] of row.cells) {
      const heading = shown(cell).trim()
      const column = columnOfHeading(heading)
      const at = { position: { sheet: sheetName, row: row.number, column: columnName(index) }, excerpt: heading }
      if (heading === '') continue
      if (column === null) {
        this.problems.push(problem('REGISTER_COLUMN_UNKNOWN', { heading }, { ...at, severity: 'warning' }))
        continue
      }
      const first = places.get(column.key)
      if (first === undefined) places.set(column.key, index)
      else
        this.problems.push(
          problem('REGISTER_COLUMN_REPEATED', { heading: column.heading, column: columnName(first) }, at),
        )
    }
    for (const column of REGISTER_COLUMNS) {
      if (!column.required || places.has(column.key)) continue
      const at = { position: { sheet: sheetName, row: row.number } }
      this.problems.push(problem('REGISTER_COLUMN_MISSING', { heading: column.heading }, at))
    }
    this.#sheet = sheetName
    this.#headerRow = row.number
    return { sheet, sheetName, row: row.number, places }
  }

  async readRows(book: XlsxBook, head: Head): Promise<void> {
    const total = await book.countRows(head.sheet, this.#options.signal)
    const limit = this.#options.maxRows ?? 300_000
    const merged: string[] = []
    const rows = book.rows(head.sheet, { ...this.#signal(), merged: (range) => merged.push(range) })
    for await (const batch of rows) {
      stopIfAborted(this.#options.signal)
      for (const row of batch) {
        if (row.number <= head.row || isBlank(row)) continue
        this.#rowCount += 1
        if (this.#rowCount > limit) {
          const at = { position: { sheet: head.sheetName, row: row.number } }
          this.problems.push(problem('REGISTER_TOO_MANY_ROWS', { limit: limit.toLocaleString('it-IT') }, at))
          return
        }
        this.#readRow(row, head)
      }
      await this.flush()
      this.#options.onProgress?.({
        step: 'Lettura del registro',
        done: this.#rowCount,
        total: Math.max(total - 1, this.#rowCount),
      })
    }
    for (const range of merged) this.#noteMerged(range, head)
    if (this.#rowCount === 0) {
      this.problems.push(problem('REGISTER_NO_ROWS', {}, { position: { sheet: head.sheetName, row: head.row } }))
    }
  }

  async flush(): Promise<void> {
    const { problems } = this
    const rows = this.#rows
    this.problems = []
    this.#rows = []
    for (const p of problems) {
      if (p.severity === 'error') this.#errorCount += 1
      else this.#warningCount += 1
    }
    if (rows.length > 0 || problems.length > 0) await this.#options.onBatch?.(rows, problems)
  }

  summary(): RegisterSummary {
    return {
      profile: REGISTER_PROFILE,
      sheet: this.#sheet,
      headerRow: this.#headerRow,
      rowCount: this.#rowCount,
      goodRowCount: this.#goodRowCount,
      totalCents: this.#total,
      errorCount: this.#errorCount,
      warningCount: this.#warningCount,
    }
  }

  #readRow(xlsxRow: XlsxRow, head: Head): void {
    const cells = new RowCells(xlsxRow, head.sheetName, head.places)
    const years = this.#options.years ?? { from: 2000, to: 2099 }
    const fiscalCode = cells.fiscalCode()
    const vatNumber = cells.vatNumber()
    const name = cells.text('name')
    const category = cells.category()
    const alboNumber = cells.text('alboNumber')
    const address = addressOf(cells)
    const email = cells.email('email')
    const pec = cells.email('pec')
    const service = cells.text('service')
    const competenceYear = cells.year(years.from, years.to)
    const causale = cells.text('causale')
    const amountCents = cells.amount()
    const dueDate = cells.date('dueDate', years.from, years.to)
    const capitolo = cells.text('capitolo')
    const externalReference = cells.text('externalReference')
    const row = xlsxRow.number
    if (fiscalCode?.length === 11 && (category === 'professionista' || category === 'praticante')) {
      cells.note(
        'fiscalCode',
        'FISCAL_CODE_CATEGORY',
        { value: fiscalCode, category: CATEGORY_NAMES[category] },
        'warning',
      )
    }
    if (fiscalCode !== null && name !== null) this.#noteName(cells, fiscalCode, name, row)
    if (externalReference !== null) {
      const first = this.#byReference.get(externalReference)
      if (first === undefined) this.#byReference.set(externalReference, row)
      else cells.note('externalReference', 'REFERENCE_DUPLICATE', { value: externalReference, row: first })
    }
    const whole = fiscalCode !== null && name !== null && category !== null && service !== null && causale !== null
    if (whole && competenceYear !== null && amountCents !== null) {
      // Two rows that the register itself tells apart by reference are two dues (DOMAIN.md §3, Import).
      const key = [fiscalCode, fold(service), competenceYear, fold(causale), amountCents, externalReference ?? ''].join(
        '|',
      )
      const first = this.#byKey.get(key)
      if (first === undefined) this.#byKey.set(key, row)
      else if (externalReference === null) cells.note('fiscalCode', 'ROW_DUPLICATE', { row: first })
      if (!cells.hasErrors) {
        this.#goodRowCount += 1
        this.#total = add(this.#total, amountCents)
        this.#rows.push({
          row,
          sheet: head.sheetName,
          fiscalCode,
          vatNumber,
          name,
          category,
          alboNumber,
          address,
          email,
          pec,
          phone: null,
          iban: null,
          albo: null,
          section: null,
          enrolmentDate: null,
          service,
          competenceYear,
          causale,
          amountCents,
          dueDate,
          capitolo,
          externalReference,
        })
      }
    }
    for (const p of cells.problems) this.problems.push(p)
  }

  #noteName(cells: RowCells, fiscalCode: string, name: string, row: number): void {
    const first = this.#names.get(fiscalCode)
    if (first === undefined) this.#names.set(fiscalCode, { name, row })
    else if (fold(first.name) !== fold(name)) {
      cells.note('name', 'NAME_DIFFERS', { value: name, other: first.name, row: first.row }, 'warning')
    }
  }

  #noteMerged(range: string, head: Head): void {
    const [from = '', to = ''] = range.split(':')
    const top = Number(/\d+/.exec(from)?.[0])
    const bottom = Number(/\d+/.exec(to)?.[0])
    if (!(bottom > head.row)) return
    const position = {
      sheet: head.sheetName,
      row: Math.max(top, head.row + 1),
      column: columnName(columnOfReference(from)),
    }
    this.problems.push(problem('CELL_MERGED', { range }, { position }))
  }

  #signal(): { readonly signal?: AbortSignal } {
    return this.#options.signal ? { signal: this.#options.signal } : {}
  }
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
  const missing: [RegisterKey, string][] = []
  if (street === null) missing.push(['street', 'la via'])
  if (postalCode === null) missing.push(['postalCode', 'il CAP'])
  if (city === null) missing.push(['city', 'il comune'])
  if (province === null && country === 'IT') missing.push(['province', 'la provincia'])
  if (street !== null && postalCode !== null && city !== null && missing.length === 0) {
    return { street, civicNumber, postalCode, city, province, country }
  }
  const first = missing[0] as [RegisterKey, string]
  cells.note(first[0], 'ADDRESS_INCOMPLETE', { missing: missing.map((m) => m[1]).join(', ') })
  return null
}

function isBlank(row: XlsxRow): boolean {
  for (const cell of row.cells.values()) if (cell.kind !== 'text' || cell.text.trim() !== '') return false
  return true
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}
