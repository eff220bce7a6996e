import { type CausaleText, JOIN } from './causale-text.ts'
import { type Cents, parseDecimal } from './money.ts'
import { readNoticeNumber } from './notice-number.ts'

/** One payment's reference in a causale. `sure` when the causale says so (`/RFB/`, «IUV», a valid notice number). */
export interface IuvPlace {
  readonly iuv: string
  readonly cents: Cents | null
  readonly sure: boolean
  /** Span in `plain`. */
  readonly from: number
  readonly to: number
}

const RF_KEY = /(?<![A-Za-z0-9])RF([ABS])[^A-Za-z0-9]{1,3}/gi
const NAMED = /(?:IUV|AVVISO|NAV|BOLLETTINO)[^A-Za-z0-9]{1,4}(?:N\.? ?)?(?=\d)/gi
const BARE = /(?<![A-Za-z0-9.,])\d{15,18}(?![A-Za-z0-9])/g

export function findIuvs(text: CausaleText): IuvPlace[] {
  const places: IuvPlace[] = []
  const taken = (from: number): boolean => places.some((p) => from >= p.from && from < p.to)
  for (const match of text.plain.matchAll(RF_KEY)) {
    const start = match.index + match[0].length
    const place = readReference(text.plain, start)
    if (place) places.push({ ...place, from: match.index })
  }
  for (const match of text.plain.matchAll(NAMED)) {
    const start = match.index + match[0].length
    const place = taken(start) ? null : readDigits(text.plain, start)
    if (place) places.push(place)
  }
  for (const match of text.plain.matchAll(BARE)) {
    if (taken(match.index)) continue
    const digits = match[0]
    const iuv = iuvOf(digits)
    if (iuv === null) continue
    // One number in 93 passes the check by chance: enough for a reading, and the engine wants the amount too.
    const sure = digits.length === 18 || (digits.length === 17 && readNoticeNumber(`3${digits}`).valid)
    places.push({ iuv, cents: null, sure, from: match.index, to: match.index + digits.length })
  }
  return places
}

/** 15–17 digits are an IUV; 18 are a notice number, only if its check digits agree. */
function iuvOf(digits: string): string | null {
  if (digits.length >= 15 && digits.length <= 17) return digits
  if (digits.length !== 18) return null
  const reading = readNoticeNumber(digits)
  return reading.valid && reading.auxDigit !== '1' ? reading.iuv : null
}

function readReference(plain: string, start: number): IuvPlace | null {
  return /^RF/i.test(plain.slice(start)) ? readCreditorReference(plain, start) : readDigits(plain, start)
}

/** Groups of what `group` takes from `start`, parted by blanks or cut lines, until something else or an amount. */
function groupsFrom(plain: string, start: number, group: RegExp): { text: string; end: number }[] {
  const groups: { text: string; end: number }[] = []
  const pattern = new RegExp(`[ ${JOIN}]*(${group.source})`, 'y')
  let at = start
  for (;;) {
    pattern.lastIndex = at
    const match = pattern.exec(plain)
    if (!match) return groups
    at += match[0].length
    if (groups.length > 0 && match[0].startsWith(' ') && /^[.,]\d{1,2}(?!\d|[.,]\d)/.test(plain.slice(at)))
      return groups
    groups.push({ text: match[1] as string, end: at })
  }
}

function readDigits(plain: string, start: number): IuvPlace | null {
  const groups = groupsFrom(plain, start, /\d+/)
  if (groups.length === 0) return null
  const joined = groups.map((g) => g.text).join('')
  const last = groups.at(-1) as { end: number }
  const closed = !/^[A-Za-z]/.test(plain.slice(last.end))
  let best: { iuv: string; end: number } | null = null
  if (closed && iuvOf(joined) !== null) best = { iuv: iuvOf(joined) as string, end: last.end }
  let prefix = ''
  for (const group of groups) {
    if (best) break
    prefix += group.text
    const iuv = iuvOf(prefix)
    if (iuv !== null) best = { iuv, end: group.end }
  }
  return best ? { iuv: best.iuv, cents: amountAfter(plain, best.end), sure: true, from: start, to: best.end } : null
}

/** ISO 11649, `RF` + 2 check digits + up to 21, printed in groups of four. */
function readCreditorReference(plain: string, start: number): IuvPlace | null {
  const groups = groupsFrom(plain, start, /[A-Za-z0-9]+/)
  let prefix = ''
  let whole: { iuv: string; end: number } | null = null
  let valid: { iuv: string; end: number } | null = null
  for (const group of groups) {
    prefix += group.text.toUpperCase()
    const reading = { iuv: prefix.slice(0, 25), end: group.end }
    if (prefix.length >= 5 && prefix.length <= 25 && isCreditorReference(prefix)) valid = reading
    whole = reading
    if (prefix.length >= 25) break
  }
  const best = valid ?? (whole && /^RF\d\d[A-Z0-9]{11,21}$/.test(whole.iuv) && plain[whole.end] !== ' ' ? whole : null)
  return best ? { iuv: best.iuv, cents: amountAfter(plain, best.end), sure: true, from: start, to: best.end } : null
}

function isCreditorReference(text: string): boolean {
  if (!/^RF\d\d[A-Z0-9]{1,21}$/.test(text)) return false
  const moved = text.slice(4) + text.slice(0, 4)
  let rest = 0
  for (const char of moved) {
    const value = Number.parseInt(char, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

/** The amount that may follow a reference: `/100.99`, also with the slash or the point damaged. */
function amountAfter(plain: string, end: number): Cents | null {
  const match = /^ *[^A-Za-z0-9]? *(\d{1,11})[.,](\d{1,2})(?!\d)/.exec(plain.slice(end, end + 24).replaceAll(JOIN, ''))
  if (!match) return null
  const amount = parseDecimal(`${match[1]}.${match[2]}`)
  return amount.ok ? amount.value : null
}
