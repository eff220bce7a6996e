import type { Brand } from './brand.ts'
import { err, ok, type Result } from './result.ts'

/** Integer euro cents, signed, within the safe integers. Sums of `Cents` go through this file only. */
export type Cents = Brand<number, 'Cents'>

export const ZERO = 0 as Cents

export function isCents(value: unknown): value is Cents {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

/** @throws RangeError when `value` is not a safe integer: a programmer's error, never a user's. */
export function cents(value: number): Cents {
  if (!isCents(value)) throw new RangeError(`not an amount in cents: ${value}`)
  return (value === 0 ? 0 : value) as Cents
}

export function add(a: Cents, b: Cents): Cents {
  return cents(a + b)
}

export function subtract(a: Cents, b: Cents): Cents {
  return cents(a - b)
}

export function negate(a: Cents): Cents {
  return cents(-a)
}

export function sum(values: Iterable<Cents>): Cents {
  let total = 0
  for (const value of values) total += value
  return cents(total)
}

/** Amount as it is printed and shown: `1.234,56`, minus sign U+2212, no currency (DOMAIN.md, SCREENS.md §4). */
export function formatCents(value: Cents): string {
  const digits = String(Math.abs(value)).padStart(3, '0')
  const units = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, '.')
  return `${value < 0 ? '\u2212' : ''}${units},${digits.slice(-2)}`
}

/** Amount as XML and CSV of pagoPA want it: `1234.56`, ASCII minus, always two decimals. */
export function formatDecimal(value: Cents): string {
  const digits = String(Math.abs(value)).padStart(3, '0')
  return `${value < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

export type AmountProblem = 'AMOUNT_EMPTY' | 'AMOUNT_UNREADABLE' | 'AMOUNT_TOO_LARGE'

/** 13 integer digits: beyond any amount of a professional order, well inside the safe integers. */
const MAX_INTEGER_DIGITS = 13

/**
 * Italian amount text, strictly: `215`, `215,5`, `1.234,56`, with an optional sign; blanks only at the ends.
 * Thousands points must stand every three digits; a decimal point (`1,234.56`, `12.5`) is refused, never guessed.
 */
export function parseAmount(text: string): Result<Cents, AmountProblem> {
  const trimmed = text.trim()
  if (trimmed === '') return err('AMOUNT_EMPTY')
  const match = /^([+\-\u2212]?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}))?$/.exec(trimmed)
  if (!match) return err('AMOUNT_UNREADABLE')
  return fromParts(match[1] as string, (match[2] as string).replaceAll('.', ''), match[3] ?? '')
}

/** Amount text of pagoPA's XML, `1234.56`: decimals one or two after a point, optional ASCII sign. */
export function parseDecimal(text: string): Result<Cents, AmountProblem> {
  const trimmed = text.trim()
  if (trimmed === '') return err('AMOUNT_EMPTY')
  const match = /^([+-]?)(\d+)(?:\.(\d{1,2}))?$/.exec(trimmed)
  if (!match) return err('AMOUNT_UNREADABLE')
  return fromParts(match[1] as string, match[2] as string, match[3] ?? '')
}

function fromParts(sign: string, integer: string, decimals: string): Result<Cents, AmountProblem> {
  const digits = integer.replace(/^0+(?=\d)/, '')
  if (digits.length > MAX_INTEGER_DIGITS) return err('AMOUNT_TOO_LARGE')
  const value = Number(digits) * 100 + Number(decimals.padEnd(2, '0'))
  return ok(cents(sign === '' || sign === '+' ? value : -value))
}

/** A spreadsheet number (euro) to cents; refuses what has more than two decimals instead of rounding it. */
export function centsOfNumber(euro: number): Result<Cents, AmountProblem> {
  if (!Number.isFinite(euro)) return err('AMOUNT_UNREADABLE')
  const scaled = Math.round(euro * 100)
  if (!Number.isSafeInteger(scaled)) return err('AMOUNT_TOO_LARGE')
  // Room for what sums of doubles lose, never for a thousandth of a euro.
  if (Math.abs(euro * 100 - scaled) > Math.max(1e-6, 1e-11 * Math.abs(euro))) return err('AMOUNT_UNREADABLE')
  return ok(cents(scaled))
}

/**
 * Splits `total` in proportion to `weights`: floors first, then one cent each to the largest remainders, ties to the
 * first (DOMAIN.md §5 rule 1). The parts always sum to `total`.
 * @throws RangeError when a weight or the total is negative, or every weight is zero.
 */
export function splitByLargestRemainder(total: Cents, weights: readonly number[]): Cents[] {
  const weightSum = weights.reduce((a, b) => a + b, 0)
  if (total < 0 || weightSum <= 0 || weights.some((w) => w < 0 || !Number.isSafeInteger(w))) {
    throw new RangeError('split: total and integer weights must not be negative, nor all weights zero')
  }
  const exact = weights.map((w) => BigInt(total) * BigInt(w))
  const parts = exact.map((e) => Number(e / BigInt(weightSum)))
  const remainders = exact.map((e, i) => ({ i, r: e % BigInt(weightSum) }))
  remainders.sort((a, b) => (a.r === b.r ? a.i - b.i : a.r > b.r ? -1 : 1))
  let left = total - parts.reduce((a, b) => a + b, 0)
  for (const { i } of remainders) {
    if (left === 0) break
    parts[i] = (parts[i] as number) + 1
    left -= 1
  }
  return parts.map(cents)
}
