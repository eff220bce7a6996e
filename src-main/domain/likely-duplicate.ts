import { searchKey } from './search-key.ts'

/** What is looked at to tell whether two people are one. Addresses, e-mails and numbers are those in force. */
export interface Likeness {
  readonly name: string
  readonly fiscalCode: string | null
  readonly vatNumber: string | null
  /** E-mail and PEC. */
  readonly mail: readonly string[]
  readonly addresses: readonly string[]
  /** «albo|number» */
  readonly alboNumbers: readonly string[]
}

export type DuplicateReason =
  | 'sameCode'
  | 'omocodia'
  | 'oneCharacter'
  | 'vatNumber'
  | 'email'
  | 'address'
  | 'alboNumber'

const WORDS: Readonly<Record<DuplicateReason, string>> = {
  sameCode: 'stesso codice fiscale',
  omocodia: 'codici fiscali uguali tranne che per l’omocodia',
  oneCharacter: 'codici fiscali diversi per un solo carattere',
  vatNumber: 'stessa partita IVA',
  email: 'stesso nome e stessa e-mail o PEC',
  address: 'stesso nome e stesso indirizzo',
  alboNumber: 'stesso nome e stesso numero d’albo',
}

/** «stessa partita IVA, stesso nome e stesso indirizzo» */
export function reasonWords(reasons: readonly DuplicateReason[]): string {
  return reasons.map((reason) => WORDS[reason]).join(', ')
}

/** Why two people look like one, the surest reason first; none when they do not. */
export function duplicateReasons(a: Likeness, b: Likeness): DuplicateReason[] {
  const reasons: DuplicateReason[] = []
  const code = codeReason(a.fiscalCode, b.fiscalCode)
  if (code !== null) reasons.push(code)
  if (a.vatNumber !== null && a.vatNumber === b.vatNumber) reasons.push('vatNumber')
  if (searchKey(a.name) === searchKey(b.name)) {
    if (meet(a.mail, b.mail, (text) => text.toLowerCase())) reasons.push('email')
    if (meet(a.addresses, b.addresses, searchKey)) reasons.push('address')
    if (meet(a.alboNumbers, b.alboNumbers, (text) => text.toLowerCase())) reasons.push('alboNumber')
  }
  return reasons
}

function codeReason(a: string | null, b: string | null): DuplicateReason | null {
  if (a === null || b === null || a.length !== b.length) return null
  if (a === b) return 'sameCode'
  if (a.length === 16 && withoutOmocodia(a) === withoutOmocodia(b)) return 'omocodia'
  return differsByOne(a, b) ? 'oneCharacter' : null
}

function differsByOne(a: string, b: string): boolean {
  let different = 0
  for (let i = 0; i < a.length && different < 2; i += 1) if (a[i] !== b[i]) different += 1
  return different === 1
}

/** Places of a fiscal code that hold digits, or the letter of omocodia in the place of one. */
const DIGIT_PLACES = [6, 7, 9, 10, 12, 13, 14]
const OMOCODIA = 'LMNPQRSTUV'

/** The code of 16 as it was before the tax office told namesakes apart, without its check letter. */
export function withoutOmocodia(code: string): string {
  const letters = [...code.slice(0, 15)]
  for (const place of DIGIT_PLACES) {
    const digit = OMOCODIA.indexOf(letters[place] ?? '')
    if (digit >= 0) letters[place] = String(digit)
  }
  return letters.join('')
}

function meet(a: readonly string[], b: readonly string[], fold: (text: string) => string): boolean {
  const seen = new Set(a.map((text) => fold(text)).filter((text) => text !== ''))
  return b.some((text) => seen.has(fold(text)))
}

/**
 * Pairs of places in a list of codes that differ by exactly one character, each once. For each place in the code the others
 * are compared as one text: the time grows with the list, never with its square.
 */
export function pairsByOneCharacter(codes: readonly string[]): (readonly [number, number])[] {
  const pairs = new Map<string, readonly [number, number]>()
  const longest = codes.reduce((most, code) => Math.max(most, code.length), 0)
  for (let place = 0; place < longest; place += 1) {
    const seen = new Map<string, number[]>()
    for (const [index, code] of codes.entries()) {
      if (place >= code.length) continue
      const rest = `${code.slice(0, place)}_${code.slice(place + 1)}`
      const same = seen.get(rest)
      if (same === undefined) seen.set(rest, [index])
      else if (same.length < MOST_ALIKE) {
        for (const other of same) if (codes[other] !== code) pairs.set(`${other} ${index}`, [other, index])
        same.push(index)
      }
    }
  }
  return [...pairs.values()]
}

/** More codes than these that differ in one place only are no mistake of typing. */
const MOST_ALIKE = 5
