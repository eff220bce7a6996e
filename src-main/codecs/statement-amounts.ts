import type { StatementMapping } from '#domain/bank-statement'
import { type Cents, negate } from '#domain/money'
import { type Problem, type ProblemPlace, problem } from '#domain/problem'
import type { CsvRecord } from './csv-read.ts'
import { type BankAmount, parseBankAmount } from './statement-cells.ts'
import { columnName } from './xlsx-cell.ts'

/** Amounts of a table's rows with their sign, as its mapping says; what cannot be one is told and refused. */
export class StatementAmounts {
  readonly #mapping: StatementMapping
  readonly #problems: Problem[]
  readonly #signs = { debit: { plus: false, minus: false }, credit: { plus: false, minus: false } }
  /** First row whose amount has a sign that its column does not use elsewhere. */
  mixedSign: { readonly record: CsvRecord; readonly value: string } | null = null
  /** First row with an amount below zero among the credits: a storno, or a sign that means nothing. */
  negativeCredit: { readonly record: CsvRecord; readonly value: string } | null = null

  constructor(mapping: StatementMapping, problems: Problem[]) {
    this.#mapping = mapping
    this.#problems = problems
  }

  /** `signed` where the file itself says which way the money went. Null when it was refused. */
  read(record: CsvRecord): BankAmount | null {
    const rule = this.#mapping.amount
    const text = (column: number) => (record.cells[column] ?? '').trim()
    if (rule.kind === 'debitCredit') return this.#twoColumns(record, rule.debitColumn, rule.creditColumn)
    if (text(rule.column) === '') return this.#noAmount(record)
    const read = this.#parse(record, rule.column)
    if (read === null) return null
    if (rule.kind === 'creditsOnly')
      return read.cents < 0 ? this.#negative(record, rule.column) : { ...read, signed: true }
    if (rule.kind === 'signed') return read
    const sign = text(rule.signColumn).toUpperCase()
    const size = read.cents < 0 ? negate(read.cents) : read.cents
    if (rule.debit.some((t) => t.toUpperCase() === sign)) return { cents: negate(size), signed: true }
    if (rule.credit.some((t) => t.toUpperCase() === sign)) return { cents: size, signed: true }
    this.#problems.push(problem('STATEMENT_SIGN_WRONG', { value: sign }, placeOf(record, rule.signColumn)))
    return null
  }

  #twoColumns(record: CsvRecord, debitColumn: number, creditColumn: number): BankAmount | null {
    const [debitText, creditText] = [debitColumn, creditColumn].map((c) => (record.cells[c] ?? '').trim()) as [
      string,
      string,
    ]
    const debit = debitText === '' ? null : this.#parse(record, debitColumn)
    const credit = creditText === '' ? null : this.#parse(record, creditColumn)
    if ((debitText !== '' && debit === null) || (creditText !== '' && credit === null)) return null
    // Some banks fill the column that does not apply with 0,00.
    if (debit && credit && debit.cents !== 0 && credit.cents !== 0) {
      const place = { ...placeOf(record), excerpt: `${debitText} │ ${creditText}` }
      this.#problems.push(problem('STATEMENT_BOTH_AMOUNTS', { debit: debitText, credit: creditText }, place))
      return null
    }
    const filled = debit && debit.cents !== 0 ? debit : (credit ?? debit)
    if (filled === null) return this.#noAmount(record)
    this.#noteSign(
      filled === debit ? 'debit' : 'credit',
      filled.cents,
      record,
      filled === debit ? debitText : creditText,
    )
    const size = filled.cents < 0 ? negate(filled.cents) : filled.cents
    return { cents: filled === debit ? negate(size) : size, signed: true }
  }

  /** A column of debits is written with minus or without: one that has both may hold a storno, and does not say which. */
  #noteSign(which: 'debit' | 'credit', cents: Cents, record: CsvRecord, value: string): void {
    if (cents === 0) return
    const seen = this.#signs[which]
    if (cents < 0) seen.minus = true
    else seen.plus = true
    if (seen.plus && seen.minus) this.mixedSign ??= { record, value }
    if (which === 'credit' && cents < 0) this.negativeCredit ??= { record, value }
  }

  /** A list of receipts holds no debits: what is below zero may be a storno, or the list of something else. */
  #negative(record: CsvRecord, column: number): null {
    const value = (record.cells[column] ?? '').trim()
    this.#problems.push(problem('STATEMENT_CREDIT_NEGATIVE', { value }, placeOf(record, column)))
    return null
  }

  #noAmount(record: CsvRecord): null {
    this.#problems.push(problem('STATEMENT_AMOUNT_EMPTY', {}, placeOf(record)))
    return null
  }

  #parse(record: CsvRecord, column: number): BankAmount | null {
    const m = this.#mapping
    const text = (record.cells[column] ?? '').trim()
    const inCents = m.amountUnit === 'cents'
    const read = parseBankAmount(text, inCents ? 'cents' : m.decimalMark)
    if (read !== null) return read
    const form = inCents ? '123456' : m.decimalMark === ',' ? '1.234,56' : '1234.56'
    const place = { ...placeOf(record, column), excerpt: text }
    this.#problems.push(problem('STATEMENT_AMOUNT_UNREADABLE', { value: text, form }, place))
    return null
  }
}

export function amountColumns(m: StatementMapping): readonly number[] {
  return m.amount.kind === 'debitCredit' ? [m.amount.debitColumn, m.amount.creditColumn] : [m.amount.column]
}

export function placeOf(record: CsvRecord, column?: number): ProblemPlace {
  return { position: { line: record.line, ...(column === undefined ? {} : { column: columnName(column) }) } }
}
