import type { StatementAccount, StatementAmountRule, StatementMapping } from '#domain/bank-statement'
import { readIban } from '#domain/iban'
import { foldHeading } from '#domain/register-mapping'
import type { CsvRecord } from '../csv-read.ts'
import { detectDateFormat, detectDecimalMark } from '../statement-cells.ts'
import { italianAccount } from '../statement-parts.ts'
import type { StatementTable } from '../statement-table.ts'
import { bancoposta } from './bancoposta.ts'
import { bcc } from './bcc.ts'
import { bper } from './bper.ts'
import { bpm } from './bpm.ts'
import { creditAgricole } from './credit-agricole.ts'
import { fineco } from './fineco.ts'
import { ing } from './ing.ts'
import { intesa } from './intesa.ts'
import { piemonte } from './piemonte.ts'
import type { StatementProfile } from './profile.ts'
import { raiffeisen } from './raiffeisen.ts'
import { sondrio } from './sondrio.ts'
import { treasurer } from './treasurer.ts'
import { unicredit } from './unicredit.ts'

const STATEMENT_PROFILES: readonly StatementProfile[] = [
  intesa,
  unicredit,
  bancoposta,
  bpm,
  bper,
  sondrio,
  creditAgricole,
  fineco,
  ing,
  bcc,
  piemonte,
  raiffeisen,
  treasurer,
].flat()

export interface RecognisedLayout {
  readonly profile: string
  readonly mapping: StatementMapping
  /** First record of data. */
  readonly firstRow: number
  readonly pending: { readonly column: number; readonly test: RegExp } | null
  /** Whose account a row is, where its columns say so. */
  readonly account: ((cells: readonly string[]) => StatementAccount | null) | null
  readonly details: DetailColumns
}

interface DetailColumns {
  readonly counterparty: readonly number[]
  readonly endToEndId: number | null
  readonly transactionCode: number | null
}

/** Of layouts that a person made, or that have no such columns. */
export const NO_DETAIL_COLUMNS: DetailColumns = { counterparty: [], endToEndId: null, transactionCode: null }

/** Known headings stand within the first records: preambles seen reach 28. */
const SEARCHED = 60

/** The bank's layout by its headings; the profile with most headings wins, so a bank's fuller layout beats a plainer one. */
export function recogniseLayout(table: StatementTable): RecognisedLayout | null {
  let best: { profile: StatementProfile; header: number; columns: ReadonlyMap<string, number> } | null = null
  for (let header = 0; header < Math.min(table.records.length, SEARCHED); header += 1) {
    for (const profile of STATEMENT_PROFILES) {
      const columns = headingsAt(table.records, header, profile.headerLines ?? 1)
      if (!profile.headings.every((h) => columns.has(foldHeading(h)))) continue
      if (profile.content && !describedAs(profile.content, table.records.slice(header + 1), profile, columns)) continue
      if (best === null || profile.headings.length > best.profile.headings.length) best = { profile, header, columns }
    }
  }
  return best === null ? posteTreasury(table) : layoutOf(table, best.profile, best.header, best.columns)
}

function describedAs(
  content: RegExp,
  data: readonly CsvRecord[],
  profile: StatementProfile,
  columns: ReadonlyMap<string, number>,
): boolean {
  const places = profile.description.map((heading) => columns.get(foldHeading(heading)) ?? -1)
  return data.some(({ cells }) => places.some((place) => content.test(cells[place] ?? '')))
}

function headingsAt(records: readonly CsvRecord[], header: number, lines: 1 | 2): ReadonlyMap<string, number> {
  const columns = new Map<string, number>()
  records[header]?.cells.forEach((cell, i) => {
    const second = lines === 2 ? (records[header + 1]?.cells[i] ?? '') : ''
    const key = foldHeading(cell + second)
    if (key !== '' && !columns.has(key)) columns.set(key, i)
  })
  return columns
}

function layoutOf(
  table: StatementTable,
  profile: StatementProfile,
  header: number,
  columns: ReadonlyMap<string, number>,
): RecognisedLayout {
  const firstRow = header + (profile.headerLines ?? 1)
  const at = (heading: string) => columns.get(foldHeading(heading)) ?? -1
  const maybe = (heading: string | null | undefined) => {
    const index = heading ? at(heading) : -1
    return index < 0 ? null : index
  }
  const amount = amountRule(profile, at)
  const data = table.records.slice(firstRow).map((r) => r.cells)
  const pending = profile.pending ? { column: at(profile.pending.column), test: profile.pending.test } : null
  const bookingDateColumn = at(profile.booking)
  // The same bank writes commas or dots, words or numbers for months, by the road the file came: content decides.
  const dates = data.map((cells) => cells[bookingDateColumn] ?? '').filter((text) => /^\d{1,4}\W/.test(text.trim()))
  const seen = detectDateFormat(dates)
  return {
    profile: profile.name,
    firstRow,
    pending,
    account: profile.account ? accountReader(profile.account, at) : null,
    details: {
      counterparty: (profile.details?.counterparty ?? []).map(at).filter((i) => i >= 0),
      endToEndId: maybe(profile.details?.endToEndId),
      transactionCode: maybe(profile.details?.transactionCode),
    },
    mapping: {
      encoding: table.encoding,
      separator: table.separator,
      headerRow: firstRow - 1,
      bookingDateColumn,
      valueDateColumn: maybe(profile.value),
      amount,
      descriptionColumns: profile.description.map(at).filter((i) => i >= 0),
      referenceColumn: maybe(profile.reference),
      dateFormat: seen === null || seen === 'ambiguous' || seen === 'mdy' ? profile.dateFormat : seen,
      decimalMark: detectDecimalMark(amountCells(data, amount, bookingDateColumn)) ?? ',',
      ...(profile.provvisorio ? { provvisorioColumn: maybe(profile.provvisorio) } : {}),
      ...(profile.descriptionRows ? { descriptionRows: profile.descriptionRows } : {}),
      ...(profile.amountUnit ? { amountUnit: profile.amountUnit } : {}),
      ...pendingTexts(data, pending),
    },
  }
}

function amountRule(profile: StatementProfile, at: (heading: string) => number): StatementAmountRule {
  const rule = profile.amount
  switch (rule.kind) {
    case 'debitCredit':
      return { kind: rule.kind, debitColumn: at(rule.debit), creditColumn: at(rule.credit) }
    case 'signColumn': {
      const { debitTexts: debit, creditTexts: credit } = rule
      return { kind: rule.kind, column: at(rule.column), signColumn: at(rule.sign), debit, credit }
    }
    default:
      return { kind: rule.kind, column: at(rule.column) }
  }
}

/** A mapping that starts from this layout leaves out the same rows: what marks them, as the file has it. */
function pendingTexts(
  data: readonly (readonly string[])[],
  pending: RecognisedLayout['pending'],
): Pick<StatementMapping, 'skipWhere'> {
  if (pending === null) return {}
  const { column, test } = pending
  const texts = [
    ...new Set(data.map((cells) => (cells[column] ?? '').trim()).filter((text) => text !== '' && test.test(text))),
  ]
  return texts.length === 0 ? {} : { skipWhere: { column, texts: texts.slice(0, 20).map((text) => text.slice(0, 60)) } }
}

/** The IBAN of the row, else the one that bank, branch and number make, else the names of bank and account. */
function accountReader(
  account: NonNullable<StatementProfile['account']>,
  at: (heading: string) => number,
): (cells: readonly string[]) => StatementAccount | null {
  const { iban, coordinates, text = [] } = account
  return (cells) => {
    const cell = (heading: string) => (cells[at(heading)] ?? '').trim()
    const reading = iban === undefined ? null : readIban(cell(iban))
    if (reading?.state === 'ok') return { iban: reading.iban, text: reading.iban }
    const [abi, cab, number] = (coordinates ?? []).map(cell)
    const made = abi && cab && number ? italianAccount({ abi, cab, number }) : null
    const named = text.map(cell).filter((part) => part !== '')
    return made ?? (named.length === 0 ? null : { iban: null, text: named.join(' ') })
  }
}

/** Amount cells of the records that have a booking date: totals and notes under the list do not vote. */
function amountCells(data: readonly (readonly string[])[], amount: StatementAmountRule, dateColumn: number): string[] {
  const columns = amount.kind === 'debitCredit' ? [amount.debitColumn, amount.creditColumn] : [amount.column]
  return data
    .filter((cells) => /^\d{1,4}[\W]/.test((cells[dateColumn] ?? '').trim()))
    .flatMap((cells) => columns.map((column) => cells[column] ?? ''))
}

/** BancoPosta's treasury file has no headings: an IBAN in the second field of the first line, then fixed positions. */
function posteTreasury(table: StatementTable): RecognisedLayout | null {
  const iban = table.records[0]?.cells[1]
  if (iban === undefined || readIban(iban).state !== 'ok' || (table.records[1]?.cells.length ?? 0) < 9) return null
  return {
    profile: 'bancoposta-tesoreria',
    firstRow: 1,
    pending: null,
    account: null,
    details: { ...NO_DETAIL_COLUMNS, transactionCode: 2 },
    mapping: {
      encoding: table.encoding,
      separator: table.separator,
      headerRow: 0,
      bookingDateColumn: 0,
      valueDateColumn: 1,
      amount: { kind: 'debitCredit', debitColumn: 5, creditColumn: 6 },
      descriptionColumns: [8],
      referenceColumn: null,
      dateFormat: 'dmy',
      decimalMark: '.',
    },
  }
}
