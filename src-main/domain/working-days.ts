import { addDays, type IsoDate, isoDateOf, yearOf } from './date.ts'

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

/** The days on which TARGET, the calendar that pagoPA follows, is closed besides Saturdays and Sundays. */
function holidaysOf(year: number): IsoDate[] {
  const easter = easterOf(year)
  const fixed = ['01-01', '05-01', '12-25', '12-26'].map((day) => `${year}-${day}` as IsoDate)
  return [...fixed, addDays(easter, -2), addDays(easter, 1)]
}

const holidays = new Map<number, readonly IsoDate[]>()

function weekdayHolidays(year: number): readonly IsoDate[] {
  let list = holidays.get(year)
  if (!list) {
    list = holidaysOf(year).filter((day) => !isWeekend(dayNumber(day)))
    holidays.set(year, list)
  }
  return list
}

/** Days since Monday 5 January 1970. */
function dayNumber(date: IsoDate): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000 - 4
}

function isWeekend(day: number): boolean {
  return ((day % 7) + 7) % 7 >= 5
}

/** Mondays to Fridays before that day. */
function weekdaysBefore(day: number): number {
  const weeks = Math.floor(day / 7)
  return weeks * 5 + Math.min(5, day - weeks * 7)
}

export function isWorkingDay(date: IsoDate): boolean {
  return !isWeekend(dayNumber(date)) && !weekdayHolidays(yearOf(date)).includes(date)
}

/** Days on which euro transfers settle, after `from` up to `to`; 0 when `to` is not later. */
export function workingDaysBetween(from: IsoDate, to: IsoDate): number {
  if (to <= from) return 0
  let count = weekdaysBefore(dayNumber(to) + 1) - weekdaysBefore(dayNumber(from) + 1)
  for (let year = yearOf(from); year <= yearOf(to); year++) {
    for (const day of weekdayHolidays(year)) if (day > from && day <= to) count -= 1
  }
  return count
}

/** Days on which offices and counters of Italy are closed besides Sundays; Saturdays are left to who asks. */
const CIVIL = ['01-01', '01-06', '04-25', '05-01', '06-02', '08-15', '11-01', '12-08', '12-25', '12-26']

/** The day itself, or the first after it that is no Saturday, Sunday or Italian holiday (Saint Francis from 2026 on). */
export function nextWorkingDay(date: IsoDate): IsoDate {
  let day = date
  for (;;) {
    const year = yearOf(day)
    const closed =
      CIVIL.includes(day.slice(5)) || (year >= 2026 && day.endsWith('-10-04')) || day === addDays(easterOf(year), 1)
    if (!closed && !isWeekend(dayNumber(day))) return day
    day = addDays(day, 1)
  }
}
