import { addDays, daysBetween, type IsoDate, isoDateOf, yearOf } from './date.ts'

/** Easter Sunday (Gregorian, Meeus–Jones–Butcher). */
export function easterOf(year: number): IsoDate {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114
  return isoDateOf(year, Math.floor(f / 31), (f % 31) + 1) as IsoDate
}

/** A day on which euro transfers settle (the calendar of TARGET, which pagoPA follows). */
export function isWorkingDay(date: IsoDate): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  if (weekday === 0 || weekday === 6) return false
  if (['01-01', '05-01', '12-25', '12-26'].includes(date.slice(5))) return false
  const easter = easterOf(yearOf(date))
  return date !== addDays(easter, -2) && date !== addDays(easter, 1)
}

/** Working days after `from` up to `to`, 0 when `to` is not later. Beyond two years counts 5 of 7: only an age to show. */
export function workingDaysBetween(from: IsoDate, to: IsoDate): number {
  const days = daysBetween(from, to)
  if (days <= 0) return 0
  if (days > 730) return Math.floor((days * 5) / 7)
  let count = 0
  for (let i = 1; i <= days; i++) if (isWorkingDay(addDays(from, i))) count += 1
  return count
}
