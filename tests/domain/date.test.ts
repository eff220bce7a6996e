import { describe, expect, it } from 'vitest'
import {
  addDays,
  daysBetween,
  formatDate,
  type Instant,
  isInstant,
  isIsoDate,
  isoDate,
  parseItalianDate,
  romeDate,
  romeDateTime,
} from '#domain/date'

describe('days', () => {
  it('reads only days that exist', () => {
    expect(parseItalianDate('29/02/2024')).toBe('2024-02-29')
    expect(parseItalianDate('29/02/2026')).toBeNull()
    expect(parseItalianDate('31/04/2026')).toBeNull()
    expect(parseItalianDate('2026-04-01')).toBeNull()
    expect(isIsoDate('2026-02-30')).toBe(false)
    expect(() => isoDate('2026-13-01')).toThrow(RangeError)
  })

  it('counts over month ends, leap days and the change of hour', () => {
    expect(addDays(isoDate('2024-02-28'), 2)).toBe('2024-03-01')
    expect(addDays(isoDate('2026-03-28'), 2)).toBe('2026-03-30')
    expect(daysBetween(isoDate('2026-10-24'), isoDate('2026-10-26'))).toBe(2)
    expect(daysBetween(isoDate('2026-01-02'), isoDate('2025-12-31'))).toBe(-2)
    expect(formatDate(isoDate('2026-03-31'))).toBe('31/03/2026')
  })

  it('knows the day in Italy, summer and winter', () => {
    expect(romeDate('2026-06-30T22:30:00.000Z' as Instant)).toBe('2026-07-01')
    expect(romeDate('2026-12-31T22:30:00.000Z' as Instant)).toBe('2026-12-31')
    expect(romeDateTime('2026-02-02T08:00:00.000Z' as Instant)).toBe('2026-02-02 09:00:00')
  })

  it('takes instants in one form only', () => {
    expect(isInstant('2026-02-02T08:00:00.000Z')).toBe(true)
    expect(isInstant('2026-02-02T08:00:00Z')).toBe(false)
    expect(isInstant('2026-02-30T25:00:00.000Z')).toBe(false)
  })
})
