import type { Brand } from './brand.ts'

/** 18 digits, «codice avviso» (NAV). pagopa.md §1. */
export type NoticeNumber = Brand<string, 'NoticeNumber'>

/** Payment identifier, 1 to 35 characters; ours are 17 digits (aux digit 3). pagopa.md §1.1. */
export type Iuv = Brand<string, 'Iuv'>

/** Two digits, assigned by PagoPA to one generation point of the institution. */
export type SegregationCode = Brand<string, 'SegregationCode'>

export interface NoticeNumberReading {
  /** True when the 18 digits obey the rule of their aux digit (mod 93; aux 1 has no check). */
  readonly valid: boolean
  readonly auxDigit: string | null
  readonly segregationCode: string | null
  readonly iuv: string | null
  readonly checkDigits: string | null
}

const NONE: NoticeNumberReading = { valid: false, auxDigit: null, segregationCode: null, iuv: null, checkDigits: null }

/** Two check digits of a number: its first 16 digits mod 93, `00`–`92` (SACI 1.4 §2.2). */
export function checkDigitsOf(first16: string): string {
  return String(BigInt(first16) % 93n).padStart(2, '0')
}

/** Reads the 18 digits of a notice number of any aux digit 0–3; blanks between groups are ignored. */
export function readNoticeNumber(text: string): NoticeNumberReading {
  const digits = text.replace(/\s+/g, '')
  if (!/^[0-9]{18}$/.test(digits)) return NONE
  const aux = digits[0] as string
  const check = digits.slice(16)
  const checked = checkDigitsOf(digits.slice(0, 16)) === check
  switch (aux) {
    case '0':
      return { valid: checked, auxDigit: aux, segregationCode: null, iuv: digits.slice(3), checkDigits: check }
    case '1':
      return { valid: true, auxDigit: aux, segregationCode: null, iuv: digits.slice(1), checkDigits: null }
    case '2':
      return { valid: checked, auxDigit: aux, segregationCode: null, iuv: digits.slice(1), checkDigits: check }
    case '3':
      return {
        valid: checked,
        auxDigit: aux,
        segregationCode: digits.slice(1, 3),
        iuv: digits.slice(1),
        checkDigits: check,
      }
    default:
      return { ...NONE, auxDigit: aux, iuv: digits.slice(1), checkDigits: check }
  }
}

export function isNoticeNumber(value: unknown): value is NoticeNumber {
  return typeof value === 'string' && /^[0-9]{18}$/.test(value) && readNoticeNumber(value).valid
}

export function isSegregationCode(value: unknown): value is SegregationCode {
  return typeof value === 'string' && /^[0-9]{2}$/.test(value)
}

/**
 * Notice number and IUV with aux digit 3: `3` ‖ segregation ‖ 13-digit base ‖ mod 93 (DOMAIN.md §4).
 * @throws RangeError when `base` is not an integer of at most 13 digits.
 */
export function composeNoticeNumber(
  segregation: SegregationCode,
  base: number,
): { noticeNumber: NoticeNumber; iuv: Iuv } {
  if (!Number.isSafeInteger(base) || base < 0 || base > 9_999_999_999_999) throw new RangeError(`IUV base: ${base}`)
  const first16 = `3${segregation}${String(base).padStart(13, '0')}`
  const noticeNumber = (first16 + checkDigitsOf(first16)) as NoticeNumber
  return { noticeNumber, iuv: noticeNumber.slice(1) as Iuv }
}

/** Ticks of 0,1 ms since 2020-01-01 UTC: the base of an IUV comes from the clock (DOMAIN.md §4). */
const TICK_ORIGIN_MS = Date.UTC(2020, 0, 1)

export function ticksOf(epochMs: number): number {
  return Math.floor((epochMs - TICK_ORIGIN_MS) * 10)
}

export function epochMsOfTick(tick: number): number {
  return TICK_ORIGIN_MS + tick / 10
}

/** `301202600000012332` → `3012 0260 0000 0123 32`. */
export function groupNoticeNumber(noticeNumber: NoticeNumber): string {
  return noticeNumber.replace(/(.{4})(?=.)/g, '$1 ')
}
