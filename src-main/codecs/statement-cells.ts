import type { StatementDateFormat } from '#domain/bank-statement'
import { type IsoDate, isoDateOf } from '#domain/date'
import { type Cents, cents, type parseAmount, parseDecimal, parseAmount as parseItalian } from '#domain/money'

const MONTHS = ['gen', 'feb', 'mar', 'apr', 'mag', 'giu', 'lug', 'ago', 'set', 'ott', 'nov', 'dic']

export interface BankAmount {
  readonly cents: Cents
  /** The cell carries its own `+` or `-`. */
  readonly signed: boolean
}

/**
 * An amount as banks write it: blanks of any kind inside, `€` or `EUR`, a sign on either side, the `|` of old BancoPosta
 * lists (bank.md §2). Null when it is no amount under that decimal mark; with `cents`, when it is no whole number of them.
 */
export function parseBankAmount(text: string, mark: ',' | '.' | 'cents'): BankAmount | null {
  let bare = text
    .replaceAll(/[\s\u00A0\u202F']/g, '')
    .replaceAll('\u2212', '-')
    .replace(/\|$/, '')
    .replace(/^(?:€|EUR)|(?:€|EUR)$/gi, '')
  if (/^[^+-].*[+-]$/.test(bare)) bare = bare.slice(-1) + bare.slice(0, -1)
  if (bare === '') return null
  if (mark === 'cents') return wholeCents(bare)
  const read: ReturnType<typeof parseAmount> = mark === ',' ? parseItalian(bare) : parseDotted(bare)
  return read.ok && plausible(read.value) ? { cents: read.value, signed: /^[+-]/.test(bare) } : null
}

/** Ten thousand million euro: what is beyond is no amount of an institution's account, and would overflow sums. */
function plausible(value: number): boolean {
  return Math.abs(value) <= 1_000_000_000_000
}

/** An amount without sign and with a comma, as records and messages of banks have it; null when it is none. */
export function bankCents(text: string): Cents | null {
  const read = parseItalian(text)
  return read.ok && plausible(read.value) ? read.value : null
}

function wholeCents(bare: string): BankAmount | null {
  return /^[+-]?\d{1,12}$/.test(bare) ? { cents: cents(Number(bare)), signed: /^[+-]/.test(bare) } : null
}

/** `1,234.56` and `1234.56`: thousands commas every three digits or none. */
function parseDotted(bare: string): ReturnType<typeof parseAmount> {
  const grouped = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?$/.test(bare)
  return parseDecimal(grouped ? bare.replaceAll(',', '') : bare)
}

/** A balance whose mark may differ from that of the rows (Crédit Agricole): Italian if it reads so, else dotted. */
export function parseBalance(text: string): Cents | null {
  return (parseBankAmount(text, ',') ?? parseBankAmount(text, '.'))?.cents ?? null
}

/** The one mark under which every cell is an amount; null when none is. Whole numbers read the same under both. */
export function detectDecimalMark(cells: readonly string[]): ',' | '.' | null {
  const filled = cells.filter((cell) => cell.trim() !== '')
  if (filled.every((cell) => parseBankAmount(cell, ',') !== null)) return ','
  return filled.every((cell) => parseBankAmount(cell, '.') !== null) ? '.' : null
}

export function parseBankDate(text: string, format: StatementDateFormat): IsoDate | null {
  const trimmed = text.trim()
  if (format === 'd-month-y') return parseMonthName(trimmed)
  if (/^\d{8}$/.test(trimmed)) return parseCompact(trimmed, format)
  const match = /^(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?:[ T]\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)?$/.exec(trimmed)
  if (!match) return null
  const [a, b, c] = [match[1] as string, match[3] as string, match[4] as string]
  if (format === 'ymd') return a.length === 4 && c.length <= 2 ? isoDateOf(Number(a), Number(b), Number(c)) : null
  if (a.length > 2 || (c.length !== 4 && c.length !== 2)) return null
  const year = c.length === 2 ? 2000 + Number(c) : Number(c)
  return format === 'dmy' ? isoDateOf(year, Number(b), Number(a)) : isoDateOf(year, Number(a), Number(b))
}

/** Eight digits run together; only years of our time, because account numbers have eight digits too. */
function parseCompact(digits: string, format: StatementDateFormat): IsoDate | null {
  const at = format === 'ymd' ? [0, 4, 6] : format === 'dmy' ? [4, 2, 0] : [4, 0, 2]
  const [year, month, day] = at.map((from, i) => Number(digits.slice(from, from + (i === 0 ? 4 : 2)))) as [
    number,
    number,
    number,
  ]
  return year < 1990 || year > 2099 ? null : isoDateOf(year, month, day)
}

function parseMonthName(text: string): IsoDate | null {
  const match = /^(\d{1,2})[ /.-]+([a-z]+)\.?[ /.-]+(\d{4}|\d{2})$/i.exec(text)
  if (!match) return null
  const month = MONTHS.indexOf((match[2] as string).slice(0, 3).toLowerCase()) + 1
  const year = (match[3] as string).length === 2 ? 2000 + Number(match[3]) : Number(match[3])
  return month === 0 ? null : isoDateOf(year, month, Number(match[1]))
}

export type DateOrder = StatementDateFormat | 'ambiguous' | null

/** The order that fits every date; `ambiguous` when days never pass 12, null when no order fits. */
export function detectDateFormat(cells: readonly string[]): DateOrder {
  const filled = cells.filter((cell) => cell.trim() !== '')
  if (filled.length === 0) return null
  const fits = (format: StatementDateFormat) => filled.every((cell) => parseBankDate(cell, format) !== null)
  if (fits('ymd')) return 'ymd'
  if (fits('d-month-y')) return 'd-month-y'
  const [dmy, mdy] = [fits('dmy'), fits('mdy')]
  // 03/03/2026 alone says the same under both orders, and settles nothing about the next file.
  if (dmy && mdy) return 'ambiguous'
  return dmy ? 'dmy' : mdy ? 'mdy' : null
}
