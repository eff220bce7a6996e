import { describe, expect, it } from 'vitest'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import { type Draft, numbered, type Ready } from '../../src-renderer/pages/reversali/ready.ts'

function draft(key: string, date: string): Draft {
  return {
    key,
    exercise: 2026,
    capitolo: '10.1 Quote iscritti',
    originYear: 2026,
    residui: false,
    bankAccountId: 1 as Draft['bankAccountId'],
    account: 'Banca',
    flowId: null,
    date: isoDate(date),
    earliestDate: isoDate(date),
    causale: `Incasso ${key}`,
    cents: cents(100),
    lines: [],
  }
}

const READY: Ready = {
  drafts: [draft('a', '2026-03-01'), draft('b', '2026-03-02'), draft('c', '2026-03-09')],
  totals: { count: 3, cents: cents(300) },
  payments: 3,
  nextNumber: 41,
  exercise: 2026,
  nextNumbers: [{ exercise: 2026, number: 41 }],
  late: [],
  warnings: [],
  alarms: [],
}

describe('ready reversali', () => {
  it('take the numbers after the last one, in the order of posting', () => {
    expect(numbered(READY, {}).map((d) => [d.key, d.number, d.date])).toEqual([
      ['a', 41, '2026-03-01'],
      ['b', 42, '2026-03-02'],
      ['c', 43, '2026-03-09'],
    ])
  })

  it('each exercise has numbers of its own', () => {
    const next = { ...draft('d', '2027-01-10'), exercise: 2027 }
    const nextNumbers = [...READY.nextNumbers, { exercise: 2027, number: 1 }]
    const both = numbered({ ...READY, drafts: [...READY.drafts, next], nextNumbers }, {})
    expect(both.map((d) => `${d.number}/${d.exercise}`)).toEqual(['41/2026', '42/2026', '43/2026', '1/2027'])
  })

  it('a date moved later carries along those after it, never before, and only as far as needed', () => {
    const moved = numbered(READY, { a: { date: isoDate('2026-03-05'), causale: 'Altra' } })
    expect(moved.map((d) => [d.date, d.causale, d.changed])).toEqual([
      ['2026-03-05', 'Altra', true],
      ['2026-03-05', 'Incasso b', false],
      ['2026-03-09', 'Incasso c', false],
    ])
  })
})
