import type { Brand } from './brand.ts'
import { checkLetter } from './fiscal-code.ts'

/** IBAN without blanks, upper case, checked (Italian ones with their CIN too). */
export type Iban = Brand<string, 'Iban'>

export type IbanReading =
  | { readonly state: 'ok'; readonly iban: Iban; readonly postalAccount: string | null }
  | { readonly state: 'wrong'; readonly reason: 'empty' | 'structure' | 'check' | 'cin' }

/** pagopa.md §12.3: ISO 7064 mod 97-10 on all, CIN on Italian ones; a postal one (ABI 07601) carries its 12-digit account. */
export function readIban(text: string): IbanReading {
  const iban = text.replace(/\s+/g, '').toUpperCase()
  if (iban === '') return { state: 'wrong', reason: 'empty' }
  const italian = iban.startsWith('IT')
  const form = italian ? /^IT\d{2}[A-Z]\d{10}[A-Z0-9]{12}$/ : /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/
  if (!form.test(iban)) return { state: 'wrong', reason: 'structure' }
  if (mod97(iban.slice(4) + iban.slice(0, 4)) !== 1) return { state: 'wrong', reason: 'check' }
  if (italian && checkLetter(iban.slice(5)) !== iban[4]) return { state: 'wrong', reason: 'cin' }
  const postal = italian && iban.slice(5, 10) === '07601' ? iban.slice(15) : null
  return { state: 'ok', iban: iban as Iban, postalAccount: postal }
}

export function isIban(value: unknown): value is Iban {
  if (typeof value !== 'string') return false
  const reading = readIban(value)
  return reading.state === 'ok' && reading.iban === value
}

/** `IT60 X054 2811 1010 0000 0123 456`. */
export function groupIban(iban: Iban): string {
  return iban.replace(/(.{4})(?=.)/g, '$1 ')
}

/** Letters count A=10…Z=35; the decimal string mod 97. Shared with RF creditor references. */
export function mod97(text: string): number {
  let rest = 0
  for (const char of text) {
    const code = char.charCodeAt(0)
    const value = code <= 57 ? code - 48 : code - 55
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97
  }
  return rest
}
