import type { StatementAccount, StatementMapping, StatementMovement, StatementReading } from '#domain/bank-statement'
import type { IsoDate } from '#domain/date'
import { readIban } from '#domain/iban'
import { type Cents, negate } from '#domain/money'
import { type Problem, problem } from '#domain/problem'
import type { CsvRecord } from './csv-read.ts'
import { amountColumns, placeOf, StatementAmounts } from './statement-amounts.ts'
import { parseBalance, parseBankAmount, parseBankDate } from './statement-cells.ts'
import { checkTable } from './statement-checks.ts'
import { currencyColumn, foreignCurrency, foreignHeading } from './statement-currency.ts'
import { givenText } from './statement-details.ts'
import type { RecognisedLayout } from './statement-profiles/recognise.ts'
import type { StatementTable } from './statement-table.ts'

interface OpenMovement extends Omit<StatementMovement, 'description'> {
  readonly pieces: string[]
}

/** Days as the bank writes them, whatever stands between the words. */
const PERIOD = /\bperiodo\b\D*?\bdal:?\s*(\d{1,2}\D\d{1,2}\D\d{4})\s+al:?\s*(\d{1,2}\D\d{1,2}\D\d{4})\b/i

/** Rows of a table of movements under one layout, and what the table says against them. */
export class StatementRows {
  readonly #table: StatementTable
  readonly #layout: RecognisedLayout
  readonly #mapping: StatementMapping
  readonly #problems: Problem[] = []
  readonly #movements: OpenMovement[] = []
  readonly #totals: { readonly label: string; readonly record: CsvRecord }[] = []
  readonly #accounts = new Map<string, StatementAccount | null>()
  readonly #amounts: StatementAmounts
  readonly #currency: number | null
  /** The movement that the next row may go on with. */
  #current: OpenMovement | null = null
  #opening: Cents | null = null
  #closing: Cents | null = null
  #explicitSign = false

  constructor(table: StatementTable, layout: RecognisedLayout) {
    this.#table = table
    this.#layout = layout
    this.#mapping = layout.mapping
    this.#amounts = new StatementAmounts(layout.mapping, this.#problems)
    this.#currency = currencyColumn(table, layout.firstRow, layout.mapping.bookingDateColumn)
  }

  read(): StatementReading {
    const preamble = this.#table.records.slice(0, this.#layout.firstRow)
    if (this.#columnsExist()) {
      const foreign = foreignHeading(this.#table, this.#layout.firstRow, amountColumns(this.#mapping))
      if (foreign) {
        const { record, column, currency } = foreign
        this.#problems.push(problem('STATEMENT_CURRENCY', { currency }, placeOf(record, column)))
      }
      for (const record of preamble) this.#balance(record)
      for (const record of this.#rows()) this.#record(record)
      this.#check(preamble)
    }
    const joint = this.#mapping.descriptionJoint === 'none' ? '' : ' '
    const accounts = [...this.#accounts.values()]
    const single = accounts.length <= 1
    const account = accounts[0] ?? accountAbove(preamble)
    return {
      profile: this.#layout.profile,
      movements: this.#movements.map(({ pieces, ...m }) => ({ ...m, description: pieces.join(joint) })),
      parts: single
        ? [{ account, openingCents: this.#opening, closingCents: this.#closing, ...this.#period(preamble) }]
        : accounts.map((each) => ({ account: each, openingCents: null, closingCents: null })),
      outcomes: [],
      pages: null,
      problems: this.#problems,
    }
  }

  /** «Periodo dal: 01/03/2026 al: 31/03/2026» above the list, while no movement is outside it. */
  #period(preamble: readonly CsvRecord[]): { readonly from: IsoDate; readonly to: IsoDate } | undefined {
    for (const { cells } of preamble) {
      const [, first = '', last = ''] = PERIOD.exec(cells.join(' ')) ?? []
      const [from, to] = [parseBankDate(first, 'dmy'), parseBankDate(last, 'dmy')]
      if (from === null || to === null || from > to) continue
      const outside = this.#movements.some(({ bookingDate }) => bookingDate < from || bookingDate > to)
      return outside ? undefined : { from, to }
    }
    return undefined
  }

  #columnsExist(): boolean {
    const m = this.#mapping
    let width = 0
    for (const { cells } of this.#table.records) width = Math.max(width, cells.length)
    const asked: [string, number | null | undefined][] = [
      ['la data contabile', m.bookingDateColumn],
      ['la data valuta', m.valueDateColumn],
      ...amountColumns(m).map((c): [string, number] => ['l’importo', c]),
      ...(m.amount.kind === 'signColumn' ? [['il segno', m.amount.signColumn] as [string, number]] : []),
      ...m.descriptionColumns.map((c): [string, number] => ['la descrizione', c]),
      ['il riferimento', m.referenceColumn],
      ['il provvisorio', m.provvisorioColumn],
      ['le righe da saltare', m.skipWhere?.column],
    ]
    for (const [field, column] of asked) {
      if (column != null && column >= width) {
        this.#problems.push(problem('STATEMENT_COLUMN_MISSING', { field, number: column + 1 }))
      }
    }
    return this.#problems.length === 0
  }

  /** Filled records from the first of data to the last that is not to be skipped. */
  #rows(): CsvRecord[] {
    const rows: CsvRecord[] = []
    for (let i = this.#layout.firstRow; i < this.#table.records.length; i += 1) {
      const record = this.#table.records[i] as CsvRecord
      if (record.cells.some((cell) => cell.trim() !== '')) rows.push(record)
    }
    const skipped = this.#mapping.skipBottom ?? 0
    return skipped === 0 ? rows : rows.slice(0, Math.max(0, rows.length - skipped))
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
    const dateText = (cells[m.bookingDateColumn] ?? '').trim()
    const bookingDate = parseBankDate(dateText, m.dateFormat)
    const pieces = piecesOf(m.descriptionColumns, cells)
    if (dateText === '' && this.#goesOn(record, pieces)) return
    this.#current = null
    // A dated row is a balance only when it says nothing else: «Saldo finale fattura 12» is a payment.
    const datedBalance = /^saldo (contabile )?(iniziale|finale)( in euro)?$/i.test(pieces.join(' '))
    if (bookingDate === null || datedBalance) {
      if (this.#balance(record)) return
      const total = cells.find((cell) => /^\s*total[ei]\b/i.test(cell))
      if (total !== undefined) {
        this.#totals.push({ label: total.trim(), record })
        return
      }
    }
    if (this.#pending(record)) return
    const amountTexts = amountColumns(m).map((c) => (cells[c] ?? '').trim())
    if (bookingDate === null) {
      // Notes under the list («Dati aggiornati al…») have no amount; a line with one is a movement that must be read.
      if (amountTexts.every((text) => text === '')) return
      const params = { value: dateText, field: 'Data contabile' }
      this.#problems.push(
        problem('STATEMENT_DATE_UNREADABLE', params, { ...placeOf(record, m.bookingDateColumn), excerpt: dateText }),
      )
      return
    }
    const valueDate = this.#valueDate(record)
    const amount = this.#amounts.read(record)
    if (amount === null || valueDate === undefined) return
    if (amount.cents === 0) {
      const place = { ...placeOf(record), severity: 'warning', excerpt: pieces.join(' ') } as const
      this.#problems.push(problem('STATEMENT_AMOUNT_ZERO', {}, place))
      return
    }
    this.#explicitSign ||= amount.signed
    const currency = foreignCurrency(cells, this.#currency)
    if (currency !== null) {
      const place = { ...placeOf(record, this.#currency as number), excerpt: pieces.join(' ') }
      this.#problems.push(problem('STATEMENT_CURRENCY', { currency }, place))
      return
    }
    const cell = (column: number | null | undefined) => (column == null ? '' : (cells[column] ?? '').trim())
    const reference = cell(m.referenceColumn)
    const provvisorio = cell(m.provvisorioColumn).replaceAll(/\D/g, '').replace(/^0+/, '')
    this.#current = {
      bookingDate,
      valueDate,
      amountCents: amount.cents,
      pieces,
      reference: reference === '' ? null : reference,
      counterparty:
        this.#layout.details.counterparty
          .map(cell)
          .filter((part) => part !== '')
          .join(' ') || null,
      endToEndId: givenText(cell(this.#layout.details.endToEndId)),
      transactionCode: cell(this.#layout.details.transactionCode) || null,
      takesBack: null,
      provvisorio: provvisorio === '' ? null : provvisorio,
      part: this.#partOf(record),
      line: record.line,
    }
    this.#movements.push(this.#current)
  }

  /** Whether the row only goes on with the description of the movement above. */
  #goesOn(record: CsvRecord, pieces: readonly string[]): boolean {
    const m = this.#mapping
    if (m.descriptionRows !== 'until-next-date' || pieces.length === 0) return false
    if (amountColumns(m).some((c) => (record.cells[c] ?? '').trim() !== '')) return false
    const isLabel = record.cells.some((cell) => balanceKind(cell) !== null || /^\s*total[ei]\b/i.test(cell))
    if (isLabel && this.#lastAmount(record) !== null) return false
    this.#current?.pieces.push(...pieces)
    return true
  }

  #pending(record: CsvRecord): boolean {
    const { pending } = this.#layout
    const where = this.#mapping.skipWhere
    const folded = (text: string) => text.trim().toUpperCase()
    const column =
      pending?.test.test(record.cells[pending.column] ?? '') && this.#mayBePending(record, pending.column)
        ? pending.column
        : where?.texts.some((text) => folded(text) === folded(record.cells[where.column] ?? ''))
          ? where.column
          : null
    if (column === null) return false
    const value = (record.cells[column] ?? '').trim() || 'senza data contabile'
    this.#problems.push(problem('STATEMENT_PENDING', { value }, { ...placeOf(record, column), severity: 'warning' }))
    return true
  }

  /** Where only the missing booking date tells: a movement by all the rest, with its value date and its amount. */
  #mayBePending({ cells }: CsvRecord, column: number): boolean {
    const m = this.#mapping
    if (column !== m.bookingDateColumn) return true
    const valueDate = m.valueDateColumn === null ? null : parseBankDate(cells[m.valueDateColumn] ?? '', m.dateFormat)
    const amounts = amountColumns(m).map((c) => parseBankAmount(cells[c] ?? '', m.decimalMark))
    return valueDate !== null && amounts.filter((amount) => amount !== null).length === 1
  }

  #partOf(record: CsvRecord): number {
    const account = this.#layout.account?.(record.cells) ?? null
    const key = account?.text ?? ''
    if (!this.#accounts.has(key)) this.#accounts.set(key, account)
    return [...this.#accounts.keys()].indexOf(key)
  }

  /** Undefined when it was refused. */
  #valueDate(record: CsvRecord): IsoDate | null | undefined {
    const column = this.#mapping.valueDateColumn
    const text = column === null ? '' : (record.cells[column] ?? '').trim()
    if (column === null || text === '') return null
    const date = parseBankDate(text, this.#mapping.dateFormat)
    if (date !== null) return date
    const params = { value: text, field: 'Data valuta' }
    this.#problems.push(problem('STATEMENT_DATE_UNREADABLE', params, { ...placeOf(record, column), excerpt: text }))
    return undefined
  }

  #check(preamble: readonly CsvRecord[]): void {
    if (this.#movements.length === 0) {
      if (this.#problems.length === 0) this.#problems.push(problem('STATEMENT_NO_MOVEMENTS', {}))
      return
    }
    const single = this.#accounts.size <= 1
    this.#problems.push(
      ...checkTable({
        amounts: this.#movements.map((m) => m.amountCents),
        rule: this.#mapping.amount,
        openingCents: single ? this.#opening : null,
        closingCents: single ? this.#closing : null,
        explicitSign: this.#explicitSign,
        mixedSign: this.#amounts.mixedSign,
        negativeCredit: this.#amounts.negativeCredit,
        totals: this.#totals,
        preamble,
        whole: !this.#problems.some((p) => p.severity === 'error'),
      }),
    )
  }
}

/** The only IBAN that stands above the list, in a cell of its own or after its label. */
function accountAbove(preamble: readonly CsvRecord[]): StatementAccount | null {
  const found = new Set<string>()
  for (const { cells } of preamble) {
    for (const cell of cells) {
      const reading = readIban(cell.replace(/^[^:]*:/, ''))
      if (reading.state === 'ok') found.add(reading.iban)
    }
  }
  const [iban] = found
  return iban === undefined || found.size > 1 ? null : { iban, text: iban }
}

function balanceKind(text: string): 'opening' | 'closing' | 'other' | null {
  if (/^\s*disponibilit[aà](?![a-zà])/i.test(text)) return 'other'
  const match = /^\s*saldo\b(.*)/i.exec(text)
  if (!match) return null
  const rest = match[1] as string
  if (/iniziale/i.test(rest) && !/disponibile/i.test(rest)) return 'opening'
  if (/finale/i.test(rest) && !/disponibile/i.test(rest)) return 'closing'
  return /contabile|liquido|disponibil/i.test(rest) || rest.trim() === '' ? 'other' : null
}

/**
 * Filled columns of a description. Blanks inside stay as the bank wrote them: UniCredit pads chunks of 50 characters,
 * and a flow id may run over the edge of one. A line end inside a cell becomes one blank.
 */
function piecesOf(columns: readonly number[], cells: readonly string[]): string[] {
  const pieces: string[] = []
  for (const column of columns) {
    const text = cells[column]
    if (text === undefined) continue
    const piece = (/[\r\n]/.test(text) ? text.replaceAll(/[ \t]*[\r\n]+[ \t]*/g, ' ') : text).trim()
    if (piece !== '') pieces.push(piece)
  }
  return pieces
}
