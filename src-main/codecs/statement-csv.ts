import type { StatementHead, StatementMapping, StatementMovement, StatementReading } from '#domain/bank-statement'
import type { IsoDate } from '#domain/date'
import { add, type Cents, formatCents, negate, subtract, sum } from '#domain/money'
import { type Problem, type ProblemPlace, problem } from '#domain/problem'
import { ok, type Result } from '#domain/result'
import type { CsvRecord } from './csv-read.ts'
import { parseBalance, parseBankAmount, parseBankDate } from './statement-cells.ts'
import { type RecognisedLayout, recogniseLayout } from './statement-profiles/recognise.ts'
import { proposeMapping } from './statement-propose.ts'
import { readStatementTable, type StatementTable } from './statement-table.ts'
import { columnName } from './xlsx-cell.ts'

/** Name of the profile when a person said how to read the file. */
const MAPPED_PROFILE = 'mapping'
const PROPOSED_PROFILE = 'proposta'

/**
 * Reads a bank statement (CSV of any kind, or a workbook). With a mapping: as it says; without: the layout is recognised
 * by its headings, else columns are proposed and a warning says that a person must confirm them. Balances, totals and
 * counts that the file carries are checked. Movements are those that could be read; an error means: do not book.
 */
export async function readStatement(bytes: Uint8Array, mapping?: StatementMapping): Promise<StatementReading> {
  const table = await readStatementTable(bytes, mapping)
  if (!table.ok) return nothing(MAPPED_PROFILE, table.error)
  if (mapping) {
    const firstRow = mapping.headerRow === null ? 0 : mapping.headerRow + 1
    return new StatementReader(table.value, { profile: MAPPED_PROFILE, mapping, firstRow, pending: null }).read()
  }
  const layout = recogniseLayout(table.value)
  if (layout) return new StatementReader(table.value, layout).read()
  const proposal = proposeMapping(table.value)
  if (!proposal.mapping) return nothing(PROPOSED_PROFILE, proposal.problem ?? problem('STATEMENT_LAYOUT_UNKNOWN', {}))
  const firstRow = proposal.mapping.headerRow === null ? 0 : proposal.mapping.headerRow + 1
  const layoutProposed = { profile: PROPOSED_PROFILE, mapping: proposal.mapping, firstRow, pending: null }
  const reading = new StatementReader(table.value, layoutProposed).read()
  const unknown = problem('STATEMENT_LAYOUT_UNKNOWN', {}, { severity: 'warning' })
  return { ...reading, problems: [unknown, ...reading.problems] }
}

/** The first records and what the program makes of them, for the page on which a person maps the columns. */
export async function readStatementHead(bytes: Uint8Array, rows = 40): Promise<Result<StatementHead, Problem>> {
  const table = await readStatementTable(bytes)
  if (!table.ok) return table
  const layout = recogniseLayout(table.value)
  return ok({
    encoding: table.value.encoding,
    separator: table.value.separator,
    rows: table.value.records.slice(0, rows).map((r) => r.cells),
    profile: layout?.profile ?? null,
    proposal: layout?.mapping ?? proposeMapping(table.value).mapping,
  })
}

function nothing(profile: string, reason: Problem): StatementReading {
  return { profile, movements: [], parts: [], outcomes: [], pages: null, problems: [reason] }
}

interface SignedAmount {
  readonly cents: Cents
  readonly explicit: boolean
}

class StatementReader {
  readonly #table: StatementTable
  readonly #layout: RecognisedLayout
  readonly #mapping: StatementMapping
  readonly #problems: Problem[] = []
  readonly #movements: StatementMovement[] = []
  readonly #totals: { readonly label: string; readonly record: CsvRecord }[] = []
  #opening: Cents | null = null
  #closing: Cents | null = null
  #explicitSign = false

  constructor(table: StatementTable, layout: RecognisedLayout) {
    this.#table = table
    this.#layout = layout
    this.#mapping = layout.mapping
  }

  read(): StatementReading {
    if (this.#columnsExist()) {
      this.#preamble()
      for (const record of this.#table.records.slice(this.#layout.firstRow)) this.#record(record)
      this.#check()
    }
    return {
      profile: this.#layout.profile,
      movements: this.#movements,
      parts: [{ account: null, openingCents: this.#opening, closingCents: this.#closing }],
      outcomes: [],
      pages: null,
      problems: this.#problems,
    }
  }

  #columnsExist(): boolean {
    const m = this.#mapping
    const width = Math.max(0, ...this.#table.records.map((r) => r.cells.length))
    const asked: [string, number | null][] = [
      ['la data contabile', m.bookingDateColumn],
      ['la data valuta', m.valueDateColumn],
      ...amountColumns(m).map((c): [string, number] => ['l’importo', c]),
      ...m.descriptionColumns.map((c): [string, number] => ['la descrizione', c]),
      ['il riferimento', m.referenceColumn],
    ]
    for (const [field, column] of asked) {
      if (column !== null && column >= width) {
        this.#problems.push(problem('STATEMENT_COLUMN_MISSING', { field, number: column + 1 }))
      }
    }
    return this.#problems.length === 0
  }

  /** Balances above the headings, in whatever cell stands last on their record. */
  #preamble(): void {
    for (const record of this.#table.records.slice(0, this.#layout.firstRow)) this.#balance(record)
  }

  #balance(record: CsvRecord): boolean {
    const label = record.cells.find((cell) => balanceKind(cell) !== null)
    const kind = label === undefined ? null : balanceKind(label)
    if (kind === null) return false
    const value = this.#lastAmount(record)
    if (value !== null && kind === 'opening') this.#opening ??= value
    if (value !== null && kind === 'closing') this.#closing ??= value
    return true
  }

  /** A balance in the debit column is negative where debits are written without sign, its own sign where they have one. */
  #lastAmount(record: CsvRecord): Cents | null {
    const rule = this.#mapping.amount
    for (const [i, cell] of [...record.cells.entries()].reverse()) {
      const value = parseBalance(cell.includes(':') ? (cell.split(':').at(-1) as string) : cell)
      if (value === null) continue
      if (rule.kind !== 'debitCredit' || i !== rule.debitColumn || value <= 0) return value
      const debits = this.#debitSigns(rule.debitColumn)
      return debits === 'none' ? null : debits === 'unsigned' ? negate(value) : value
    }
    return null
  }

  #debitSigns(column: number): 'signed' | 'unsigned' | 'none' {
    const m = this.#mapping
    const cells = this.#table.records
      .slice(this.#layout.firstRow)
      .filter((r) => parseBankDate(r.cells[m.bookingDateColumn] ?? '', m.dateFormat) !== null)
      .map((r) => parseBankAmount(r.cells[column] ?? '', m.decimalMark)?.cents ?? 0)
    return cells.some((c) => c < 0) ? 'signed' : cells.some((c) => c > 0) ? 'unsigned' : 'none'
  }

  #record(record: CsvRecord): void {
    const m = this.#mapping
    const { cells } = record
    if (cells.every((cell) => cell.trim() === '')) return
    const dateText = (cells[m.bookingDateColumn] ?? '').trim()
    const bookingDate = parseBankDate(dateText, m.dateFormat)
    const description = joinDescription(m.descriptionColumns.map((c) => cells[c] ?? ''))
    // A dated row is a balance only when it says nothing else: «Saldo finale fattura 12» is a payment.
    const datedBalance = /^saldo (contabile )?(iniziale|finale)( in euro)?$/i.test(description)
    if (bookingDate === null || datedBalance) {
      if (this.#balance(record)) return
      const total = cells.find((cell) => /^\s*total[ei]\b/i.test(cell))
      if (total !== undefined) {
        this.#totals.push({ label: total.trim(), record })
        return
      }
    }
    const { pending } = this.#layout
    if (pending?.test.test(cells[pending.column] ?? '')) {
      const value = (cells[pending.column] ?? '').trim()
      this.#problems.push(
        problem('STATEMENT_PENDING', { value }, { ...at(record, pending.column), severity: 'warning' }),
      )
      return
    }
    const amountTexts = amountColumns(m).map((c) => (cells[c] ?? '').trim())
    if (bookingDate === null) {
      // Notes under the list («Dati aggiornati al…») have no amount; a line with one is a movement that must be read.
      if (amountTexts.every((text) => text === '')) return
      const params = { value: dateText, field: 'Data contabile' }
      this.#problems.push(
        problem('STATEMENT_DATE_UNREADABLE', params, { ...at(record, m.bookingDateColumn), excerpt: dateText }),
      )
      return
    }
    const valueDate = this.#valueDate(record)
    const amount = this.#amount(record)
    if (amount === null || valueDate === undefined) return
    if (amount.cents === 0) {
      this.#problems.push(
        problem('STATEMENT_AMOUNT_ZERO', {}, { ...at(record), severity: 'warning', excerpt: description }),
      )
      return
    }
    this.#explicitSign ||= amount.explicit
    const reference = m.referenceColumn === null ? '' : (cells[m.referenceColumn] ?? '').trim()
    this.#movements.push({
      bookingDate,
      valueDate,
      amountCents: amount.cents,
      description,
      reference: reference === '' ? null : reference,
      provvisorio: null,
      part: 0,
      line: record.line,
    })
  }

  /** Undefined when it was refused. */
  #valueDate(record: CsvRecord): IsoDate | null | undefined {
    const column = this.#mapping.valueDateColumn
    const text = column === null ? '' : (record.cells[column] ?? '').trim()
    if (column === null || text === '') return null
    const date = parseBankDate(text, this.#mapping.dateFormat)
    if (date !== null) return date
    const params = { value: text, field: 'Data valuta' }
    this.#problems.push(problem('STATEMENT_DATE_UNREADABLE', params, { ...at(record, column), excerpt: text }))
    return undefined
  }

  #amount(record: CsvRecord): SignedAmount | null {
    const rule = this.#mapping.amount
    const text = (column: number) => (record.cells[column] ?? '').trim()
    if (rule.kind === 'debitCredit') {
      const [debitText, creditText] = [text(rule.debitColumn), text(rule.creditColumn)]
      const debit = debitText === '' ? null : this.#parse(record, rule.debitColumn)
      const credit = creditText === '' ? null : this.#parse(record, rule.creditColumn)
      if ((debitText !== '' && debit === null) || (creditText !== '' && credit === null)) return null
      // Some banks fill the column that does not apply with 0,00.
      if (debit && credit && debit.cents !== 0 && credit.cents !== 0) {
        const place = { ...at(record), excerpt: `${debitText} │ ${creditText}` }
        this.#problems.push(problem('STATEMENT_BOTH_AMOUNTS', { debit: debitText, credit: creditText }, place))
        return null
      }
      const filled = debit && debit.cents !== 0 ? debit : (credit ?? debit)
      if (filled === null) return this.#noAmount(record)
      const size = filled.cents < 0 ? negate(filled.cents) : filled.cents
      return { cents: filled === debit ? negate(size) : size, explicit: true }
    }
    if (text(rule.column) === '') return this.#noAmount(record)
    const read = this.#parse(record, rule.column)
    if (read === null) return null
    if (rule.kind === 'creditsOnly') return { cents: read.cents, explicit: true }
    if (rule.kind === 'signed') return { cents: read.cents, explicit: read.signed }
    const sign = text(rule.signColumn).toUpperCase()
    const size = read.cents < 0 ? negate(read.cents) : read.cents
    if (rule.debit.some((t) => t.toUpperCase() === sign)) return { cents: negate(size), explicit: true }
    if (rule.credit.some((t) => t.toUpperCase() === sign)) return { cents: size, explicit: true }
    this.#problems.push(problem('STATEMENT_SIGN_WRONG', { value: sign }, at(record, rule.signColumn)))
    return null
  }

  #noAmount(record: CsvRecord): null {
    this.#problems.push(problem('STATEMENT_AMOUNT_EMPTY', {}, at(record)))
    return null
  }

  #parse(record: CsvRecord, column: number): { readonly cents: Cents; readonly signed: boolean } | null {
    const text = (record.cells[column] ?? '').trim()
    const read = parseBankAmount(text, this.#mapping.decimalMark)
    if (read !== null) return read
    const form = this.#mapping.decimalMark === ',' ? '1.234,56' : '1234.56'
    const place = { ...at(record, column), excerpt: text }
    this.#problems.push(problem('STATEMENT_AMOUNT_UNREADABLE', { value: text, form }, place))
    return null
  }

  #check(): void {
    if (this.#movements.length === 0) {
      if (this.#problems.length === 0) this.#problems.push(problem('STATEMENT_NO_MOVEMENTS', {}))
      return
    }
    const whole = !this.#problems.some((p) => p.severity === 'error')
    const amounts = this.#movements.map((m) => m.amountCents)
    const total = sum(amounts)
    const balanced = this.#opening !== null && this.#closing !== null && add(this.#opening, total) === this.#closing
    if (!this.#explicitSign && !balanced) this.#problems.push(problem('STATEMENT_NO_SIGN', {}))
    if (!whole) return
    if (this.#opening !== null && this.#closing !== null && !balanced) {
      const params = {
        opening: formatCents(this.#opening),
        sum: formatCents(total),
        closing: formatCents(this.#closing),
        difference: formatCents(subtract(this.#closing, add(this.#opening, total))),
      }
      this.#problems.push(problem('STATEMENT_BALANCE_DIFFERS', params))
    }
    const credits = sum(amounts.filter((a) => a > 0))
    const debits = sum(amounts.filter((a) => a < 0))
    for (const { label, record } of this.#totals) this.#checkTotal(label, record, credits, debits)
    this.#checkCount()
  }

  #checkTotal(label: string, record: CsvRecord, credits: Cents, debits: Cents): void {
    const rule = this.#mapping.amount
    const expect = (declaredText: string, found: Cents) => {
      const declared = parseBalance(declaredText)
      const size = (c: Cents) => (c < 0 ? negate(c) : c)
      if (declared === null || size(declared) === size(found)) return
      const params = { label, declared: formatCents(declared), found: formatCents(found) }
      this.#problems.push(problem('STATEMENT_TOTAL_DIFFERS', params, at(record)))
    }
    const last = [...record.cells].reverse().find((cell) => parseBalance(cell) !== null) ?? ''
    if (/entrate|accredit|avere/i.test(label)) expect(last, credits)
    else if (/uscite|addebit|dare/i.test(label)) expect(last, debits)
    else if (rule.kind === 'debitCredit' && /^totale$/i.test(label)) {
      expect(record.cells[rule.debitColumn] ?? '', debits)
      expect(record.cells[rule.creditColumn] ?? '', credits)
    }
  }

  /** «I movimenti selezionati sono: 12» of Intesa. */
  #checkCount(): void {
    for (const record of this.#table.records.slice(0, this.#layout.firstRow)) {
      const match = /movimenti selezionati sono\D*(\d+)/i.exec(record.cells.join(' '))
      if (!match || Number(match[1]) === this.#movements.length) continue
      const params = { declared: Number(match[1]), found: this.#movements.length }
      this.#problems.push(problem('STATEMENT_COUNT_DIFFERS', params, at(record)))
    }
  }
}

function balanceKind(text: string): 'opening' | 'closing' | 'other' | null {
  const match = /^\s*saldo\b(.*)/i.exec(text)
  if (!match) return null
  const rest = match[1] as string
  if (/iniziale/i.test(rest) && !/disponibile/i.test(rest)) return 'opening'
  if (/finale/i.test(rest) && !/disponibile/i.test(rest)) return 'closing'
  return /contabile|liquido|disponibil/i.test(rest) || rest.trim() === '' ? 'other' : null
}

function amountColumns(m: StatementMapping): readonly number[] {
  return m.amount.kind === 'debitCredit' ? [m.amount.debitColumn, m.amount.creditColumn] : [m.amount.column]
}

/**
 * Columns joined with one blank. Blanks inside stay as the bank wrote them: UniCredit pads chunks of 50 characters, and a
 * flow id may run over the edge of one.
 */
function joinDescription(parts: readonly string[]): string {
  return parts
    .map((part) => part.replaceAll(/[ \t]*[\r\n]+[ \t]*/g, ' ').trim())
    .filter((part) => part !== '')
    .join(' ')
}

function at(record: CsvRecord, column?: number): ProblemPlace {
  return { position: { line: record.line, ...(column === undefined ? {} : { column: columnName(column) }) } }
}
