import type { MovementDetails, StatementAccount, StatementMovement, StatementReading } from '#domain/bank-statement'
import { daysBetween, type IsoDate, isoDateOf, yearOf } from '#domain/date'
import { readIban } from '#domain/iban'
import { type Cents, negate } from '#domain/money'
import { type Problem, type ProblemPlace, problem } from '#domain/problem'
import { bankCents } from './statement-cells.ts'
import {
  remittanceDetails,
  remittanceText,
  type SwiftField,
  type SwiftMessage,
  splitMessages,
} from './statement-mt940-fields.ts'
import { assembleParts, type ReadPart } from './statement-parts.ts'
import { decodeText } from './text-decode.ts'

export const MT940_PROFILE = 'mt940'

interface Balance {
  readonly cents: Cents
  readonly date: IsoDate
}

type Movement = Omit<StatementMovement, 'part'>

/** Reads MT940 messages (bank.md §5): one part a message, whose opening balance and movements must give the closing one. */
export function readStatementMt940(bytes: Uint8Array): StatementReading {
  const decoded = decodeText(bytes)
  if (!decoded.ok) return assembleParts(MT940_PROFILE, [], [decoded.error])
  const problems: Problem[] = []
  const parts = splitMessages(decoded.value.text).map((message) => readMessage(message, problems))
  return assembleParts(MT940_PROFILE, parts, problems)
}

function readMessage(message: SwiftMessage, problems: Problem[]): ReadPart {
  let account: StatementAccount | null = null
  let opening: Balance | null = null
  let closing: SwiftField | null = null
  let balance: Balance | null = null
  const movements: Movement[] = []
  let entry: Entry | null = null
  const leave = () => {
    const movement = entry === null ? null : movementOf(entry, problems)
    if (movement) movements.push(movement)
    entry = null
  }
  for (const field of message.fields) {
    if (field.tag !== '86') leave()
    switch (field.tag) {
      case '25':
      case '25P':
        account = accountOf(field)
        break
      case '60F':
      case '60M':
        opening = readBalance(field, 'Saldo iniziale', problems)
        break
      case '61':
        if (closing) misplaced(field, 'il saldo finale è già stato scritto', problems)
        entry = readEntry(field, problems)
        break
      case '86':
        // After the closing balance it speaks to the owner of the account, not of a movement.
        if (entry !== null) {
          const said = remittanceDetails(field.lines)
          entry = { ...(entry as Entry), remittance: remittanceText(field.lines), said }
        }
        break
      case '62F':
      case '62M':
        closing = field
        balance = readBalance(field, 'Saldo finale', problems)
        break
      default:
    }
  }
  leave()
  const lastLine = lastLineOf(message)
  if (!message.fields.some((f) => /^60[FM]$/.test(f.tag))) {
    problems.push(problem('STATEMENT_INCOMPLETE', { missing: 'il saldo iniziale (:60F:)' }, line(message.line)))
  }
  if (!closing) problems.push(problem('STATEMENT_INCOMPLETE', { missing: 'il saldo finale (:62F:)' }, line(lastLine)))
  return {
    account,
    from: opening?.date ?? null,
    to: balance?.date ?? null,
    openingCents: opening?.cents ?? null,
    closingCents: balance?.cents ?? null,
    line: message.line,
    closingLine: (closing as SwiftField | null)?.line ?? lastLine,
    movements,
  }
}

function lastLineOf(message: SwiftMessage): number {
  const last = message.fields.at(-1)
  return last ? last.line + last.lines.length - 1 : message.line
}

interface Entry {
  readonly line: number
  readonly valueDate: IsoDate
  readonly bookingDate: IsoDate
  readonly amountCents: Cents
  readonly pending: boolean
  readonly reference: string | null
  readonly details: string
  readonly remittance: string
  /** Kind of the operation: N, S or F and three characters. */
  readonly code: string | null
  /** The bank marks it as a credit taken back. */
  readonly reversal: boolean
  readonly said: Pick<MovementDetails, 'counterparty' | 'endToEndId'>
}

const ENTRY =
  /^(\d{6})(\d{4})?(RC|RD|EC|ED|C|D)([A-Z])?(\d{1,13},\d{0,2})(?:([NSF][A-Z0-9]{3})([^/]*(?:\/(?!\/)[^/]*)*)(?:\/\/(.*))?)?$/

/** `:61:`: value date, day and month of booking, mark, amount, kind, references; the second line is of the bank's own. */
function readEntry(field: SwiftField, problems: Problem[]): Entry | null {
  const first = (field.lines[0] ?? '').trimEnd()
  const match = ENTRY.exec(first)
  const valueDate = match ? swiftDate(match[1] as string) : null
  const bookingDate = valueDate && match?.[2] ? dayNear(match[2], valueDate) : valueDate
  const amount = match ? bankCents((match[5] as string).replace(/,$/, '')) : null
  if (!match || !valueDate || !bookingDate || amount === null) {
    wrong(field, 'Movimento', first, problems)
    return null
  }
  const mark = match[3] as string
  // A reversed credit takes money away, a reversed debit gives it back.
  const debit = mark === 'D' || mark === 'RC' || mark === 'ED'
  const [customer, bank] = [(match[7] ?? '').trim(), (match[8] ?? '').trim()]
  const reference = [bank, customer].find((text) => text !== '' && text !== 'NONREF') ?? null
  return {
    line: field.line,
    valueDate,
    bookingDate,
    amountCents: debit ? negate(amount) : amount,
    pending: mark.startsWith('E'),
    reference,
    details: field.lines.slice(1).join(' ').trim(),
    remittance: '',
    code: match[6] ?? null,
    reversal: mark === 'RC',
    said: { counterparty: null, endToEndId: null },
  }
}

function movementOf(entry: Entry, problems: Problem[]): Movement | null {
  const description = [entry.details, entry.remittance].filter((text) => text !== '').join(' ')
  const place = { ...line(entry.line), severity: 'warning', excerpt: description } as const
  if (entry.pending) {
    problems.push(problem('STATEMENT_PENDING', { value: 'EC/ED' }, place))
    return null
  }
  if (entry.amountCents === 0) {
    problems.push(problem('STATEMENT_AMOUNT_ZERO', {}, place))
    return null
  }
  const { bookingDate, valueDate, amountCents, reference } = entry
  const details: MovementDetails = {
    ...entry.said,
    transactionCode: entry.code,
    takesBack: entry.reversal ? { kind: 'reversal' } : null,
  }
  const of = { bookingDate, valueDate, amountCents, description, reference, ...details }
  return { ...of, provvisorio: null, line: entry.line }
}

/** `C260301EUR1000,00`. */
function readBalance(field: SwiftField, name: string, problems: Problem[]): Balance | null {
  const text = field.lines.join('').trim()
  const match = /^([CD])(\d{6})([A-Z]{3})(\d{1,13},\d{0,2})$/.exec(text)
  const date = match ? swiftDate(match[2] as string) : null
  const amount = match ? bankCents((match[4] as string).replace(/,$/, '')) : null
  if (!match || !date || amount === null) {
    wrong(field, name, text, problems)
    return null
  }
  const currency = match[3] as string
  if (currency !== 'EUR' && field.tag.startsWith('60')) {
    problems.push(problem('STATEMENT_CURRENCY', { currency }, { ...line(field.line), excerpt: text }))
  }
  return { date, cents: match[1] === 'D' ? negate(amount) : amount }
}

/** An IBAN anywhere in the field (a BIC may stand before it), else the account as written. */
function accountOf(field: SwiftField): StatementAccount | null {
  const text = field.lines.join('').trim()
  if (text === '') return null
  for (const [piece] of text.toUpperCase().matchAll(/[A-Z]{2}\d{2}[A-Z0-9]{11,30}/g)) {
    const reading = readIban(piece)
    if (reading.state === 'ok') return { iban: reading.iban, text: reading.iban }
  }
  return { iban: null, text: `conto ${text}` }
}

function swiftDate(yymmdd: string): IsoDate | null {
  return isoDateOf(2000 + Number(yymmdd.slice(0, 2)), Number(yymmdd.slice(2, 4)), Number(yymmdd.slice(4, 6)))
}

/** `MMDD` of the year that brings it nearest to the value date: the two may stand on either side of New Year. */
function dayNear(mmdd: string, value: IsoDate): IsoDate | null {
  if (value.slice(5, 7) + value.slice(8) === mmdd) return value
  const days = [-1, 0, 1].flatMap((step) => {
    const day = isoDateOf(yearOf(value) + step, Number(mmdd.slice(0, 2)), Number(mmdd.slice(2, 4)))
    return day === null ? [] : [day]
  })
  const distance = (day: IsoDate) => Math.abs(daysBetween(day, value))
  return days.toSorted((a, b) => distance(a) - distance(b))[0] ?? null
}

function wrong(field: SwiftField, name: string, value: string, problems: Problem[]): void {
  const params = { field: `${name} (:${field.tag}:)`, value }
  problems.push(problem('STATEMENT_FIELD_WRONG', params, { ...line(field.line), excerpt: `:${field.tag}:${value}` }))
}

function misplaced(field: SwiftField, expected: string, problems: Problem[]): void {
  problems.push(problem('STATEMENT_RECORD_ORDER', { found: `:${field.tag}:`, expected }, line(field.line)))
}

function line(number: number): ProblemPlace {
  return { position: { line: number } }
}
