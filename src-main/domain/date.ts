import type { Brand } from './brand.ts'

/** Calendar day `YYYY-MM-DD`, proleptic Gregorian, no zone. */
export type IsoDate = Brand<string, 'IsoDate'>

/** Point in time `YYYY-MM-DDTHH:mm:ss.sssZ`, UTC, always with milliseconds so that text order is time order. */
export type Instant = Brand<string, 'Instant'>

const DAY_MS = 86_400_000

export function isIsoDate(value: unknown): value is IsoDate {
  if (typeof value !== 'string') return false
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  return match !== null && existsDay(Number(match[1]), Number(match[2]), Number(match[3]))
}

/** @throws RangeError when `text` is not a day that exists. */
export function isoDate(text: string): IsoDate {
  if (!isIsoDate(text)) throw new RangeError(`not an ISO date: ${text}`)
  return text
}

export function existsDay(year: number, month: number, day: number): boolean {
  if (!Number.isInteger(year) || year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false
  return day <= daysInMonth(year, month)
}

export function daysInMonth(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
}

export function isoDateOf(year: number, month: number, day: number): IsoDate | null {
  if (!existsDay(year, month, day)) return null
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` as IsoDate
}

/** `dd/mm/yyyy` strictly, two-digit day and month not required; null when unreadable or not a day that exists. */
export function parseItalianDate(text: string): IsoDate | null {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim())
  return match ? isoDateOf(Number(match[3]), Number(match[2]), Number(match[1])) : null
}

/** `2026-03-31` → `31/03/2026`. */
export function formatDate(date: IsoDate): string {
  return `${date.slice(8, 10)}/${date.slice(5, 7)}/${date.slice(0, 4)}`
}

export function yearOf(date: IsoDate): number {
  return Number(date.slice(0, 4))
}

export function addDays(date: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10) as IsoDate
}

/** Whole days from `a` to `b`, negative when `b` is earlier. */
export function daysBetween(a: IsoDate, b: IsoDate): number {
  return Math.round((Date.parse(`${b}T00:00:00Z`) - Date.parse(`${a}T00:00:00Z`)) / DAY_MS)
}

export function maxDate(a: IsoDate, b: IsoDate): IsoDate {
  return a >= b ? a : b
}

export function isInstant(value: unknown): value is Instant {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  )
}

/** Milliseconds since 1970 UTC → `Instant`. */
export function instantOf(epochMs: number): Instant {
  return new Date(epochMs).toISOString() as Instant
}

export function epochMsOf(instant: Instant): number {
  return Date.parse(instant)
}

const ROME = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Rome',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

/** The day on the wall calendar in Italy at that instant: the books' «today». */
export function romeDate(instant: Instant): IsoDate {
  return ROME.format(new Date(instant)).slice(0, 10) as IsoDate
}

/** `2026-03-12 08:41:00` as the wall clock in Italy reads. */
export function romeDateTime(instant: Instant): string {
  return ROME.format(new Date(instant))
}

/** The last second of that day on Rome's clock: a due date without it would end at one or two in the morning. */
export function endOfDayInRome(date: IsoDate): Instant {
  const asUtc = epochMsOf(`${date}T23:59:59.000Z` as Instant)
  for (const hours of [1, 2]) {
    const at = instantOf(asUtc - hours * 3_600_000)
    if (romeDateTime(at) === `${date} 23:59:59`) return at
  }
  return instantOf(asUtc - 3_600_000)
}
