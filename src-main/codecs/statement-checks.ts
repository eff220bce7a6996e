import type { StatementAmountRule } from '#domain/bank-statement'
import { add, type Cents, formatCents, negate, subtract, sum } from '#domain/money'
import { type Problem, problem } from '#domain/problem'
import type { CsvRecord } from './csv-read.ts'
import { parseBalance } from './statement-cells.ts'

/** Everything in a table that can contradict its rows. */
export interface TableEvidence {
  readonly amounts: readonly Cents[]
  readonly rule: StatementAmountRule
  readonly openingCents: Cents | null
  readonly closingCents: Cents | null
  /** Whether some amount carried a sign of its own, or stood in a column that is one. */
  readonly explicitSign: boolean
  /** First row whose amount has a sign that its column does not use elsewhere, and that amount. */
  readonly mixedSign: { readonly record: CsvRecord; readonly value: string } | null
  /** First row with an amount below zero in the column of credits. */
  readonly negativeCredit: { readonly record: CsvRecord; readonly value: string } | null
  /** Rows of totals under the list. */
  readonly totals: readonly { readonly label: string; readonly record: CsvRecord }[]
  readonly preamble: readonly CsvRecord[]
  /** Every row was read: sums can be held against what the bank declares. */
  readonly whole: boolean
}

/** What the file's own balances, totals, counts and signs say against the rows that were read (bank.md §2). */
export function checkTable(e: TableEvidence): Problem[] {
  const problems: Problem[] = []
  const total = sum(e.amounts)
  const { openingCents: opening, closingCents: closing } = e
  const balanced = opening !== null && closing !== null && add(opening, total) === closing
  if (!e.explicitSign && !balanced) problems.push(problem('STATEMENT_NO_SIGN', {}))
  if (e.mixedSign && !balanced) {
    const { record, value } = e.mixedSign
    problems.push(problem('STATEMENT_SIGNS_MIXED', { value }, { position: { line: record.line } }))
  }
  if (e.negativeCredit && !e.mixedSign && !balanced) {
    const { record, value } = e.negativeCredit
    problems.push(problem('STATEMENT_CREDIT_NEGATIVE', { value }, { position: { line: record.line } }))
  }
  if (!e.whole) return problems
  if (opening !== null && closing !== null && !balanced) {
    const params = {
      opening: formatCents(opening),
      sum: formatCents(total),
      closing: formatCents(closing),
      difference: formatCents(subtract(closing, add(opening, total))),
    }
    problems.push(problem('STATEMENT_BALANCE_DIFFERS', params))
  }
  const credits = sum(e.amounts.filter((a) => a > 0))
  const debits = sum(e.amounts.filter((a) => a < 0))
  for (const { label, record } of e.totals) problems.push(...checkTotal(e.rule, label, record, credits, debits))
  return [...problems, ...checkCount(e)]
}

function checkTotal(
  rule: StatementAmountRule,
  label: string,
  record: CsvRecord,
  credits: Cents,
  debits: Cents,
): Problem[] {
  const differs = (declaredText: string, found: Cents): Problem[] => {
    const declared = parseBalance(declaredText)
    const size = (c: Cents) => (c < 0 ? negate(c) : c)
    if (declared === null || size(declared) === size(found)) return []
    const params = { label, declared: formatCents(declared), found: formatCents(found) }
    return [problem('STATEMENT_TOTAL_DIFFERS', params, { position: { line: record.line } })]
  }
  const last = record.cells.findLast((cell) => parseBalance(cell) !== null) ?? ''
  if (/entrate|accredit|avere/i.test(label)) return differs(last, credits)
  if (/uscite|addebit|dare/i.test(label)) return differs(last, debits)
  if (rule.kind !== 'debitCredit' || !/^totale$/i.test(label)) return []
  return [
    ...differs(record.cells[rule.debitColumn] ?? '', debits),
    ...differs(record.cells[rule.creditColumn] ?? '', credits),
  ]
}

/** «I movimenti selezionati sono: 12» of Intesa. */
function checkCount(e: TableEvidence): Problem[] {
  return e.preamble.flatMap((record) => {
    const match = /movimenti selezionati sono\D*(\d+)/i.exec(record.cells.join(' '))
    if (!match || Number(match[1]) === e.amounts.length) return []
    const params = { declared: Number(match[1]), found: e.amounts.length }
    return [problem('STATEMENT_COUNT_DIFFERS', params, { position: { line: record.line } })]
  })
}
