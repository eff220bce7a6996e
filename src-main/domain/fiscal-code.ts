import type { Brand } from './brand.ts'

/** Codice fiscale: 16 characters of a person, or the 11 digits of an entity or of a provisional code. Upper case. */
export type FiscalCode = Brand<string, 'FiscalCode'>

const STRUCTURE = /^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$/

/** Values of odd places, index 0–9 for digits and A–J alike, 10–25 for K–Z (pagopa.md §12.1). */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]

/** What a code looks like: `ok`, wrong in form (never accepted), or right in form with a check that fails (suspicious). */
export type FiscalCodeReading =
  | { readonly state: 'ok'; readonly code: FiscalCode; readonly kind: 'F' | 'G' }
  | { readonly state: 'suspicious'; readonly code: FiscalCode; readonly kind: 'F' | 'G'; readonly expected: string }
  | { readonly state: 'wrong'; readonly reason: 'empty' | 'length' | 'structure'; readonly length: number }

/**
 * Reads a fiscal code. Many real and published codes have a wrong check letter, so a failing check is `suspicious`
 * (with the expected last character), not `wrong` (pagopa.md §12.1).
 */
export function readFiscalCode(text: string): FiscalCodeReading {
  const code = text.replace(/\s+/g, '').toUpperCase()
  if (code === '') return { state: 'wrong', reason: 'empty', length: 0 }
  if (/^[0-9]{11}$/.test(code)) {
    const expected = vatCheckDigit(code.slice(0, 10))
    return expected === code[10]
      ? { state: 'ok', code: code as FiscalCode, kind: 'G' }
      : { state: 'suspicious', code: code as FiscalCode, kind: 'G', expected }
  }
  if (code.length !== 16) return { state: 'wrong', reason: 'length', length: code.length }
  if (!STRUCTURE.test(code)) return { state: 'wrong', reason: 'structure', length: 16 }
  const expected = personCheckLetter(code.slice(0, 15))
  return expected === code[15]
    ? { state: 'ok', code: code as FiscalCode, kind: 'F' }
    : { state: 'suspicious', code: code as FiscalCode, kind: 'F', expected }
}

/** Check letter of the first 15 characters. */
export function personCheckLetter(first15: string): string {
  return checkLetter(first15)
}

/** Check digit of the first 10 digits of a VAT number or entity code (pagopa.md §12.2). */
export function vatCheckDigit(first10: string): string {
  let total = 0
  for (let i = 0; i < 10; i += 1) {
    const digit = Number(first10[i])
    const doubled = i % 2 === 0 ? digit : digit * 2
    total += doubled > 9 ? doubled - 9 : doubled
  }
  return String((10 - (total % 10)) % 10)
}

/** The sum shared by the fiscal code and by the CIN of an IBAN: odd places by table, even places by value. */
export function checkLetter(text: string): string {
  let total = 0
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    const value = code <= 57 ? code - 48 : code - 65
    total += i % 2 === 0 ? (ODD[value] ?? 0) : value
  }
  return String.fromCharCode(65 + (total % 26))
}

/** Places, from 0, whose digits a letter may stand for in case of omocodia (pagopa.md §12.1). */
const OMOCODIA_PLACES = [6, 7, 9, 10, 12, 13, 14]
const OMOCODIA_LETTERS = 'LMNPQRSTUV'
const PLAIN = /^.{6}\d\d.\d\d.\d\d\d.$/

/** Whether letters stand for digits, because two people would have the same code. */
export function isOmocodic(code: FiscalCode): boolean {
  return code.length === 16 && !PLAIN.test(code)
}

/** First 15 characters with digits where omocodia put letters: who shares them may be the same person. */
export function withoutOmocodia(code: FiscalCode): string {
  if (!isOmocodic(code)) return code.slice(0, 15)
  const plain = [...code.slice(0, 15)]
  for (const place of OMOCODIA_PLACES) {
    const digit = OMOCODIA_LETTERS.indexOf(plain[place] as string)
    if (digit >= 0) plain[place] = String(digit)
  }
  return plain.join('')
}

const MONTHS = 'ABCDEHLMPRST'
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Sex and day of birth that a person's code says; null where that day does not exist. The century is not in the code. */
export function birthOf(
  code: FiscalCode,
): { readonly sex: 'F' | 'M'; readonly day: number; readonly month: number; readonly year: number } | null {
  const plain = withoutOmocodia(code)
  const year = Number(plain.slice(6, 8))
  const month = MONTHS.indexOf(plain[8] as string) + 1
  const written = Number(plain.slice(9, 11))
  const day = written > 40 ? written - 40 : written
  // 1900 had no 29 February, but 2000 had.
  const last = month === 2 && year % 4 !== 0 ? 28 : (DAYS[month - 1] ?? 0)
  return day < 1 || day > last ? null : { sex: written > 40 ? 'F' : 'M', day, month, year }
}
