import { expect, test } from 'vitest'
import { addDays, isoDate } from '#domain/date'
import { easterOf, isWorkingDay, workingDaysBetween } from '#domain/working-days'

test('Easter and the days on which nothing settles', () => {
  expect([2024, 2025, 2026, 2027].map(easterOf)).toEqual(['2024-03-31', '2025-04-20', '2026-04-05', '2027-03-28'])
  for (const day of ['2026-04-03', '2026-04-06', '2026-05-01', '2026-12-25', '2026-03-14', '2026-03-15']) {
    expect(isWorkingDay(isoDate(day)), day).toBe(false)
  }
  for (const day of ['2026-04-07', '2026-06-02', '2026-08-17', '2026-12-24'])
    expect(isWorkingDay(isoDate(day)), day).toBe(true)
})

test('the count equals counting one by one', () => {
  const from = isoDate('2025-12-20')
  let expected = 0
  for (let i = 1; i <= 800; i++) {
    const to = addDays(from, i)
    if (isWorkingDay(to)) expected += 1
    expect(workingDaysBetween(from, to), to).toBe(expected)
  }
  expect(workingDaysBetween(from, from)).toBe(0)
})
