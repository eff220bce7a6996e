import type { StatementAmountRule, StatementMapping } from '#domain/bank-statement'
import { type Problem, problem } from '#domain/problem'
import { detectDateFormat, detectDecimalMark, parseBankAmount, parseBankDate } from './statement-cells.ts'
import { currencyColumn } from './statement-currency.ts'
import type { StatementTable } from './statement-table.ts'

export interface MappingProposal {
  readonly mapping: StatementMapping | null
  /** Why there is none, or what the person must decide. */
  readonly problem: Problem | null
}

interface ColumnFacts {
  readonly index: number
  readonly heading: string
  readonly cells: readonly string[]
  readonly filled: number
  readonly isDate: boolean
  readonly isAmount: boolean
  readonly meanLength: number
}

const DEBIT = /dare|addebit|uscit|pagament|debit|\bsoll\b/i
const CREDIT = /avere|accredit|entrat|incass|credit|\bhaben\b/i

/** Columns of a CSV of no known bank, from what stands in them. A proposal: a person confirms it before anything is booked. */
export function proposeMapping(table: StatementTable): MappingProposal {
  const first = firstDataRow(table)
  if (first === null) return { mapping: null, problem: problem('STATEMENT_LAYOUT_UNKNOWN', {}) }
  const headerRow = first > 0 ? first - 1 : null
  const facts = columnFacts(table, first, headerRow)
  const dates = facts.filter((f) => f.isDate)
  const amounts = facts.filter(
    (f) => f.isAmount && !/saldo|balance|progressiv|numero|^n\.?$|abi$|cab$/i.test(f.heading),
  )
  const booking =
    dates.find((f) => /contab|registr|operaz|buchung/i.test(f.heading)) ??
    dates.find((f) => !/valuta|wertst/i.test(f.heading)) ??
    dates[0]
  const amount = amountRule(amounts)
  if (!booking || !amount) return { mapping: null, problem: problem('STATEMENT_LAYOUT_UNKNOWN', {}) }
  const value =
    dates.find((f) => f !== booking && /valuta|value|wertst/i.test(f.heading)) ?? dates.find((f) => f !== booking)
  const order = detectDateFormat(dates.flatMap((f) => f.cells))
  if (order === 'ambiguous' || order === null) {
    const sample = booking.cells.find((cell) => cell.trim() !== '') ?? ''
    return { mapping: null, problem: problem('STATEMENT_DATE_AMBIGUOUS', { value: sample }, { excerpt: sample }) }
  }
  const currency = currencyColumn(table, first, booking.index)
  const texts = facts.filter((f) => !f.isDate && !f.isAmount && f.filled > 0 && f.index !== currency)
  const named = texts.filter((f) => /descr|causale|dettagl|note|operazion|motivo|beschreib|zweck/i.test(f.heading))
  const longest = texts.toSorted((a, b) => b.meanLength - a.meanLength)[0]
  const description = named.length > 0 ? named : longest ? [longest] : []
  const columns = amount.kind === 'debitCredit' ? [amount.debitColumn, amount.creditColumn] : [amount.column]
  const cells = facts.filter((f) => columns.includes(f.index)).flatMap((f) => f.cells)
  return {
    problem: null,
    mapping: {
      encoding: table.encoding,
      separator: table.separator,
      headerRow,
      bookingDateColumn: booking.index,
      valueDateColumn: value?.index ?? null,
      amount,
      descriptionColumns: description.map((f) => f.index),
      referenceColumn: facts.find((f) => /riferiment|\btrn\b|\bcro\b|provv/i.test(f.heading))?.index ?? null,
      dateFormat: order,
      decimalMark: detectDecimalMark(cells) ?? ',',
    },
  }
}

function looksLikeDate(text: string): boolean {
  return (['dmy', 'ymd', 'mdy', 'd-month-y'] as const).some((format) => parseBankDate(text, format) !== null)
}

function looksLikeAmount(text: string): boolean {
  return parseBankAmount(text, ',') !== null || parseBankAmount(text, '.') !== null
}

/** Whether some record has a date and an amount. */
export function hasMovements(table: StatementTable): boolean {
  return firstDataRow(table) !== null
}

/** The first record that has a date and an amount, followed by another such or by the end. */
function firstDataRow(table: StatementTable): number | null {
  const index = table.records.findIndex((r) => isDataRow(r.cells))
  return index < 0 ? null : index
}

function isDataRow(cells: readonly string[]): boolean {
  return cells.some(looksLikeDate) && cells.some((c) => !looksLikeDate(c) && looksLikeAmount(c))
}

function columnFacts(table: StatementTable, first: number, headerRow: number | null): ColumnFacts[] {
  const data = table.records.slice(first).filter((r) => isDataRow(r.cells))
  const width = data.reduce((most, r) => Math.max(most, r.cells.length), 0)
  return Array.from({ length: width }, (_, index) => {
    const cells = data.map((r) => r.cells[index] ?? '')
    const filled = cells.filter((c) => c.trim() !== '')
    const share = (test: (text: string) => boolean) =>
      filled.length > 0 && filled.filter(test).length >= filled.length * 0.9
    const isDate = share(looksLikeDate)
    return {
      index,
      heading: headerRow === null ? '' : (table.records[headerRow]?.cells[index] ?? '').trim(),
      cells,
      filled: filled.length,
      isDate,
      isAmount: !isDate && share(looksLikeAmount),
      meanLength: filled.reduce((n, c) => n + c.length, 0) / Math.max(1, filled.length),
    }
  })
}

function amountRule(amounts: readonly ColumnFacts[]): StatementAmountRule | null {
  const debit = amounts.find((f) => DEBIT.test(f.heading) && !CREDIT.test(f.heading))
  const credit = amounts.find((f) => CREDIT.test(f.heading) && f !== debit)
  if (debit && credit) return { kind: 'debitCredit', debitColumn: debit.index, creditColumn: credit.index }
  const signed =
    amounts.find((f) => /import|amount|ammontare|betrag/i.test(f.heading)) ??
    amounts.find((f) => f.cells.some((c) => /^\s*[-\u2212]|-\s*$/.test(c))) ??
    amounts.find((f) => f.cells.some((c) => /[.,]\d{2}\s*$/.test(c))) ??
    amounts[0]
  return signed ? { kind: 'signed', column: signed.index } : null
}
