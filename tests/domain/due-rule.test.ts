import { describe, expect, it } from 'vitest'
import { isoDate } from '#domain/date'
import { type DueRule, dueDateOf, dueRuleInWords, readDueRule } from '#domain/due-rule'

const due = (rule: DueRule, issued: string, year = 2026) => dueDateOf(rule, isoDate(issued), year)

describe('due rule', () => {
  it('is a fixed day of the year of competence, whenever it is raised', () => {
    const rule: DueRule = { kind: 'fixedDay', month: 3, day: 31, workingDay: false }
    expect(due(rule, '2025-11-10')).toBe('2026-03-31')
    expect(due(rule, '2026-06-01')).toBe('2026-03-31')
    expect(due({ ...rule, month: 2, day: 29 }, '2026-01-01')).toBe('2026-02-28')
    expect(due({ ...rule, month: 2, day: 29 }, '2026-01-01', 2028)).toBe('2028-02-29')
  })

  it('is so many days after it is raised', () => {
    expect(due({ kind: 'daysAfter', days: 30, workingDay: false }, '2026-01-31')).toBe('2026-03-02')
    expect(due({ kind: 'daysAfter', days: 0, workingDay: false }, '2026-01-31')).toBe('2026-01-31')
  })

  it('is the end of a month, over the turn of the year and in leap years', () => {
    expect(due({ kind: 'endOfMonth', months: 0, workingDay: false }, '2026-04-01')).toBe('2026-04-30')
    expect(due({ kind: 'endOfMonth', months: 1, workingDay: false }, '2026-12-31')).toBe('2027-01-31')
    expect(due({ kind: 'endOfMonth', months: 14, workingDay: false }, '2026-12-01')).toBe('2028-02-29')
  })

  it('moves to the next working day where asked: 31 January 2026 is a Saturday, Easter Monday is closed', () => {
    expect(due({ kind: 'endOfMonth', months: 0, workingDay: true }, '2026-01-05')).toBe('2026-02-02')
    expect(due({ kind: 'fixedDay', month: 4, day: 3, workingDay: true }, '2026-01-05')).toBe('2026-04-07')
  })

  it('is read back as it was stored, and is nothing where it is not one of ours', () => {
    const rules: DueRule[] = [
      { kind: 'fixedDay', month: 3, day: 31, workingDay: true },
      { kind: 'daysAfter', days: 60, workingDay: false },
      { kind: 'endOfMonth', months: 2, workingDay: false },
    ]
    for (const rule of rules) expect(readDueRule(JSON.stringify(rule))).toEqual(rule)
    expect(readDueRule(null)).toBeNull()
    expect(readDueRule('{"kind":"fixedDay","month":13,"day":1}')).toBeNull()
    expect(readDueRule('{"kind":"whenever"}')).toBeNull()
  })

  it('says itself', () => {
    expect(dueRuleInWords({ kind: 'fixedDay', month: 3, day: 31, workingDay: false })).toBe(
      'il 31 marzo dell’anno di competenza',
    )
    expect(dueRuleInWords({ kind: 'endOfMonth', months: 0, workingDay: true })).toBe(
      'a fine mese, o il primo giorno lavorativo dopo',
    )
  })
})
