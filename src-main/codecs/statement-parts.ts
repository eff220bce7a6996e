import type { StatementAccount, StatementMovement, StatementReading } from '#domain/bank-statement'
import { formatDate, type IsoDate } from '#domain/date'
import { checkLetter } from '#domain/fiscal-code'
import { mod97, readIban } from '#domain/iban'
import { add, type Cents, formatCents, subtract, sum } from '#domain/money'
import { type Problem, problem } from '#domain/problem'

/** A stretch of a file of records or messages as it was read, before its balances are trusted. */
export interface ReadPart {
  readonly account: StatementAccount | null
  /** Day of the opening balance, and of the closing one. */
  readonly from: IsoDate | null
  readonly to: IsoDate | null
  readonly openingCents: Cents | null
  readonly closingCents: Cents | null
  /** Line where the stretch begins, and that of its closing balance. */
  readonly line: number
  readonly closingLine: number
  readonly movements: readonly Omit<StatementMovement, 'part'>[]
}

/**
 * The reading that the parts make: a part sent twice counts once, two different ones of one day are refused, opening
 * and movements must give the closing balance, and balances that do not follow one another are told (bank.md §4).
 */
export function assembleParts(profile: string, read: readonly ReadPart[], found: readonly Problem[]): StatementReading {
  const problems = [...found]
  const parts = withoutRepeats(read, problems)
  for (const part of parts) checkBalance(part, problems)
  checkChain(parts, problems)
  const movements = parts.flatMap((part, index) =>
    part.movements.map((m): StatementMovement => ({ ...m, part: index })),
  )
  if (movements.length === 0 && problems.length === 0) problems.push(problem('STATEMENT_NO_MOVEMENTS', {}))
  return {
    profile,
    movements,
    parts: parts.map(({ account, openingCents, closingCents, from, to }) => ({
      ...{ account, openingCents, closingCents, from, to },
    })),
    outcomes: [],
    pages: null,
    problems,
  }
}

function withoutRepeats(read: readonly ReadPart[], problems: Problem[]): ReadPart[] {
  const kept: ReadPart[] = []
  const byDay = new Map<string, ReadPart[]>()
  for (const part of read) {
    const account = nameOf(part)
    const key = `${account}|${part.to ?? ''}|${part.openingCents ?? ''}`
    // Two pieces of one day follow one another; two that start from the same balance are the same day told twice.
    const others = part.to === null || part.openingCents === null ? [] : (byDay.get(key) ?? [])
    const date = part.to === null ? '' : formatDate(part.to)
    const position = { position: { line: part.line } }
    if (others.some((other) => sameContent(other, part))) {
      problems.push(problem('STATEMENT_PART_REPEATED', { account, date }, { ...position, severity: 'warning' }))
      continue
    }
    const other = others.find((o) => o.movements.length > 0 && part.movements.length > 0)
    if (other) problems.push(problem('STATEMENT_PART_CONFLICT', { account, date, other: other.line }, position))
    byDay.set(key, [...others, part])
    kept.push(part)
  }
  return kept
}

function nameOf(part: ReadPart): string {
  return part.account?.text ?? 'conto non indicato'
}

function sameContent(a: ReadPart, b: ReadPart): boolean {
  if (a.closingCents !== b.closingCents || a.movements.length !== b.movements.length) return false
  return a.movements.every((m, i) => {
    const other = b.movements[i]
    return (
      m.amountCents === other?.amountCents &&
      m.bookingDate === other.bookingDate &&
      m.description === other.description &&
      m.reference === other.reference
    )
  })
}

function checkBalance(part: ReadPart, problems: Problem[]): void {
  if (part.openingCents === null || part.closingCents === null) return
  const total = sum(part.movements.map((m) => m.amountCents))
  const difference = subtract(part.closingCents, add(part.openingCents, total))
  if (difference === 0) return
  // A movement that could not be read has been told already: the balance would only repeat it.
  if (problems.some((p) => p.severity === 'error' && within(p, part))) return
  const params = {
    opening: formatCents(part.openingCents),
    sum: formatCents(total),
    closing: formatCents(part.closingCents),
    difference: formatCents(difference),
  }
  problems.push(problem('STATEMENT_BALANCE_DIFFERS', params, { position: { line: part.closingLine } }))
}

function within(p: Problem, part: ReadPart): boolean {
  const line = p.position?.line
  return line !== undefined && line >= part.line && line <= part.closingLine
}

/** Parts of one account in the order of their days: where one ends the next begins. */
function checkChain(parts: readonly ReadPart[], problems: Problem[]): void {
  const last = new Map<string, ReadPart>()
  const dated = parts.filter((p) => p.to !== null && p.openingCents !== null && p.closingCents !== null)
  for (const part of dated.toSorted((a, b) => ((a.to as string) < (b.to as string) ? -1 : a.to === b.to ? 0 : 1))) {
    const account = nameOf(part)
    const before = last.get(account)
    last.set(account, part)
    if (!before || before.closingCents === part.openingCents) continue
    if (problems.some((p) => p.code === 'STATEMENT_PART_CONFLICT')) continue
    const params = {
      account,
      closing: formatCents(before.closingCents as Cents),
      opening: formatCents(part.openingCents as Cents),
      from: formatDate(before.to as IsoDate),
      to: formatDate(part.from ?? (part.to as IsoDate)),
    }
    problems.push(problem('STATEMENT_GAP', params, { position: { line: part.line }, severity: 'warning' }))
  }
}

/**
 * An Italian account from its pieces. The IBAN is the one written, if its digits are right; where check digits and CIN
 * are not written it is made from bank, branch and number, of which both are functions (pagopa.md §12.3).
 */
export function italianAccount(pieces: {
  readonly country?: string
  readonly check?: string
  readonly cin?: string
  readonly abi: string
  readonly cab: string
  readonly number: string
}): StatementAccount | null {
  const [abi, cab] = [pieces.abi.trim().padStart(5, '0'), pieces.cab.trim().padStart(5, '0')]
  const number = pieces.number.trim().padStart(12, '0').toUpperCase()
  if (!/^\d{5}$/.test(abi) || !/^\d{5}$/.test(cab) || !/^[A-Z0-9]{12}$/.test(number) || /^0+$/.test(abi + cab + number))
    return null
  const country = (pieces.country ?? '').trim() || 'IT'
  const cin = (pieces.cin ?? '').trim() || checkLetter(abi + cab + number)
  const bban = `${cin}${abi}${cab}${number}`
  const check = (pieces.check ?? '').trim() || String(98 - mod97(`${bban}${country}00`)).padStart(2, '0')
  const reading = readIban(`${country}${check}${bban}`)
  const text = `ABI ${abi} CAB ${cab} conto ${number}`
  return reading.state === 'ok' ? { iban: reading.iban, text: reading.iban } : { iban: null, text }
}
