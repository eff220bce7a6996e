import { type IsoDate, isoDateOf } from './date.ts'
import { type AmountProblem, type Cents, cents, parseAmount, parseDecimal } from './money.ts'
import type { RegisterAmountForm, RegisterDateForm } from './register-mapping.ts'
import { err, ok, type Result } from './result.ts'

/** How a form is told to a person. */
export const AMOUNT_FORM_WORDS: Readonly<Record<RegisterAmountForm, string>> = {
  comma: '1.234,56',
  point: '1,234.56',
  cents: 'centesimi, 123456',
}

export const DATE_FORM_WORDS: Readonly<Record<RegisterDateForm, string>> = {
  dmy: 'giorno, mese, anno',
  mdy: 'mese, giorno, anno',
  ymd: 'anno, mese, giorno',
}

/** Largest number of cents that a text may say: 13 digits of euro, as `parseAmount`. */
const CENTS_DIGITS = 15

/**
 * Text of an amount in one form, strictly: thousands stand every three digits or not at all, at most two decimals, the
 * sign of the euro before or after. What fits another form only is refused, never guessed.
 */
export function readRegisterAmount(text: string, form: RegisterAmountForm): Result<Cents, AmountProblem> {
  // Blanks are left to `trim`: a pattern that takes them would go over a long run of them once for each.
  const bare = text
    .trim()
    .replace(/^(?:€|EUR)/i, '')
    .replace(/(?:€|EUR)$/i, '')
    .trim()
  if (bare === '') return err('AMOUNT_EMPTY')
  switch (form) {
    case 'comma':
      return parseAmount(bare)
    case 'point':
      return parsePoint(bare)
    case 'cents':
      return parseCents(bare)
  }
}

function parsePoint(text: string): Result<Cents, AmountProblem> {
  const match = /^([+\-\u2212]?)(\d{1,3}(?:,\d{3})+|\d+)((?:\.\d{1,2})?)$/.exec(text)
  if (!match) return err('AMOUNT_UNREADABLE')
  const sign = match[1] === '' || match[1] === '+' ? '' : '-'
  return parseDecimal(`${sign}${(match[2] as string).replaceAll(',', '')}${match[3]}`)
}

function parseCents(text: string): Result<Cents, AmountProblem> {
  const match = /^([+\-\u2212]?)0*(\d+)$/.exec(text)
  if (!match) return err('AMOUNT_UNREADABLE')
  const digits = match[2] as string
  if (digits.length > CENTS_DIGITS) return err('AMOUNT_TOO_LARGE')
  return ok(cents(match[1] === '' || match[1] === '+' ? Number(digits) : -Number(digits)))
}

export type DateProblem = 'DATE_UNREADABLE' | 'DATE_NOT_EXISTING' | 'DATE_SHORT_YEAR'

/** A time of day after the date, as programs write it: it is not read. */
const TIME = /(?:[ T]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?)?$/

/** Text of a day in one form; `2026-03-31` is clear in each. A year of two digits is refused. */
export function readRegisterDate(text: string, form: RegisterDateForm): Result<IsoDate, DateProblem> {
  const bare = text.trim().replace(TIME, '')
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(bare)
  if (iso) return day(iso[1], iso[2], iso[3])
  if (form === 'ymd') {
    const parts = /^(\d{4})([/.-])(\d{1,2})\2(\d{1,2})$/.exec(bare) ?? /^(\d{4})()(\d{2})(\d{2})$/.exec(bare)
    if (parts) return day(parts[1], parts[3], parts[4])
    return err(/^\d{2}([/.-])\d{1,2}\1\d{1,2}$/.test(bare) ? 'DATE_SHORT_YEAR' : 'DATE_UNREADABLE')
  }
  const parts = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$/.exec(bare)
  if (!parts) return err('DATE_UNREADABLE')
  if (parts[4]?.length === 2) return err('DATE_SHORT_YEAR')
  return form === 'dmy' ? day(parts[4], parts[3], parts[1]) : day(parts[4], parts[1], parts[3])
}

function day(year?: string, month?: string, date?: string): Result<IsoDate, DateProblem> {
  const found = isoDateOf(Number(year), Number(month), Number(date))
  return found === null ? err('DATE_NOT_EXISTING') : ok(found)
}

/** The forms under which every text is a day that exists: one is certain, more are a question, none means no dates. */
export function dateFormsOf(texts: readonly string[]): RegisterDateForm[] {
  const forms: readonly RegisterDateForm[] = ['dmy', 'mdy', 'ymd']
  return texts.length === 0 ? [] : forms.filter((form) => texts.every((text) => readRegisterDate(text, form).ok))
}

/** The forms under which every text is an amount. `cents` is never proposed: euro without decimals look the same. */
export function amountFormsOf(texts: readonly string[]): RegisterAmountForm[] {
  const forms: readonly RegisterAmountForm[] = ['comma', 'point']
  return texts.length === 0 ? [] : forms.filter((form) => texts.every((text) => readRegisterAmount(text, form).ok))
}
