import { describe, expect, it } from 'vitest'
import { isoDate } from '#domain/date'
import {
  type AskedPart,
  type LateFeeRule,
  lateFeeOf,
  lateFeeRuleInWords,
  overdueOf,
  percentText,
} from '#domain/late-fee'
import { cents } from '#domain/money'

const NONE: LateFeeRule = { graceDays: 0, steps: [], interest: null, minCents: null, maxCents: null }
const step = (afterDays: number, basisPoints: number, fixedCents = 0) => ({
  afterDays,
  basisPoints,
  fixedCents: cents(fixedCents),
})
/** 10 % after 30 days, 20 % after 90. */
const STEPS: LateFeeRule = { ...NONE, steps: [step(30, 1000), step(90, 2000)] }
const RATES = new Map([
  [2024, 250],
  [2025, 200],
  [2026, 160],
])

function feeOf(rule: LateFeeRule, base: number, due: string, day: string) {
  const outcome = lateFeeOf(rule, cents(base), isoDate(due), isoDate(day), RATES)
  if (outcome.kind === 'fee') return outcome.fee.cents
  return outcome.kind === 'none' ? null : `manca ${outcome.year}`
}

describe('late fee, worked out by hand', () => {
  it('asks nothing up to the day of each step, and the next step takes the place of the one before', () => {
    // 215,00 due on 31/03: the 30th day of delay is 30/04, the 90th 29/06.
    expect(feeOf(STEPS, 21_500, '2026-03-31', '2026-03-31')).toBeNull()
    expect(feeOf(STEPS, 21_500, '2026-03-31', '2026-04-30')).toBeNull()
    expect(feeOf(STEPS, 21_500, '2026-03-31', '2026-05-01')).toBe(2150)
    expect(feeOf(STEPS, 21_500, '2026-03-31', '2026-06-29')).toBe(2150)
    expect(feeOf(STEPS, 21_500, '2026-03-31', '2026-06-30')).toBe(4300)
  })

  it('rounds a percentage once, half a cent up', () => {
    // 10 % of 0,05 is 0,005; of 0,04 is 0,004; 2,5 % of 215,30 is 5,3825.
    expect(feeOf({ ...NONE, steps: [step(0, 1000)] }, 5, '2026-01-01', '2026-01-02')).toBe(1)
    expect(feeOf({ ...NONE, steps: [step(0, 1000)] }, 4, '2026-01-01', '2026-01-02')).toBeNull()
    expect(feeOf({ ...NONE, steps: [step(0, 250)] }, 21_530, '2026-01-01', '2026-01-02')).toBe(538)
  })

  it('adds a fixed sum, and keeps between minimum and maximum', () => {
    const rule = { ...NONE, steps: [step(0, 1000, 500)] }
    expect(feeOf(rule, 10_000, '2026-01-01', '2026-01-02')).toBe(1500)
    expect(feeOf({ ...rule, minCents: cents(2000) }, 10_000, '2026-01-01', '2026-01-02')).toBe(2000)
    expect(feeOf({ ...rule, maxCents: cents(1200) }, 10_000, '2026-01-01', '2026-01-02')).toBe(1200)
  })

  it('lets the days of grace pass, and then counts the delay from the due date', () => {
    const rule: LateFeeRule = { ...NONE, graceDays: 15, interest: { kind: 'yearly', basisPoints: 1000 } }
    expect(feeOf(rule, 36_500, '2026-03-01', '2026-03-16')).toBeNull()
    // 365,00 at 10 % is 0,10 a day: 16 days.
    expect(feeOf(rule, 36_500, '2026-03-01', '2026-03-17')).toBe(160)
  })

  it('sums the legal interest of each year by its own rate and rounds the sum', () => {
    const rule: LateFeeRule = { ...NONE, interest: { kind: 'legal' } }
    // 1.000,00 from 01/12/2024 to 31/01/2026: 30 days at 2,5 %, 365 at 2 %, 31 at 1,6 %:
    // (30×250 + 365×200 + 31×160) × 100000 / 3650000 = 85460 × 100000 / 3650000 = 2341,37 cents.
    expect(feeOf(rule, 100_000, '2024-12-01', '2026-01-31')).toBe(2341)
    expect(feeOf(rule, 100_000, '2023-12-01', '2024-01-31')).toBe('manca 2023')
    // Due on 31/12/2023: no day of that year is late, so its rate is not needed. 31 × 250 × 100000 / 3650000 = 212,33.
    expect(feeOf(rule, 100_000, '2023-12-31', '2024-01-31')).toBe(212)
  })

  it('stays exact where floating point would not', () => {
    const rule: LateFeeRule = { ...NONE, interest: { kind: 'yearly', basisPoints: 1 } }
    // 9.999.999.999,99 × 0,01 % × 3650 days / 365 = 9.999.999,99999 → 10.000.000,00.
    expect(feeOf(rule, 999_999_999_999, '2016-01-01', '2025-12-29')).toBe(1_000_000_000)
  })

  it('says why in words', () => {
    const outcome = lateFeeOf(STEPS, cents(21_500), isoDate('2026-03-31'), isoDate('2026-07-31'), RATES)
    expect(outcome).toMatchObject({
      kind: 'fee',
      fee: { step: 2, daysLate: 122, why: '20 % di 215,00 €, oltre 90 giorni' },
    })
    expect(lateFeeRuleInWords(STEPS)).toBe('oltre 30 giorni 10 %; oltre 90 giorni 20 %')
    expect([percentText(1000), percentText(250), percentText(1)]).toEqual(['10 %', '2,5 %', '0,01 %'])
  })
})

describe('what of a debt is late', () => {
  const part = (kind: 'single' | 'plan', dueDate: string | null, amount: number, unpaid = true): AskedPart => ({
    kind,
    dueDate: dueDate === null ? null : isoDate(dueDate),
    cents: cents(amount),
    unpaid,
  })
  const late = (dueDate: string | null, parts: AskedPart[], day = '2026-07-01') =>
    overdueOf(
      { dueDate: dueDate === null ? null : isoDate(dueDate), outstandingCents: cents(30_000), parts },
      isoDate(day),
    )

  it('is all of it by its own date where nobody has asked for it yet', () => {
    expect(late('2026-03-31', [])).toEqual({ dueDate: '2026-03-31', cents: 30_000 })
    expect(late('2026-07-01', [])).toBeNull()
    expect(late(null, [])).toBeNull()
  })

  it('goes by the date of its notice, not by the one with which it was raised', () => {
    expect(late('2026-03-31', [part('single', '2026-09-30', 30_000)])).toBeNull()
    expect(late('2026-03-31', [part('single', '2026-05-31', 30_000)])?.dueDate).toBe('2026-05-31')
  })

  it('is only the instalments that have passed, once they are being paid', () => {
    const plan = [
      part('plan', '2026-03-31', 10_000, false),
      part('plan', '2026-05-31', 10_000),
      part('plan', '2026-09-30', 10_000),
    ]
    expect(late('2026-03-31', plan)).toEqual({ dueDate: '2026-05-31', cents: 10_000 })
    expect(late('2026-03-31', [part('single', '2026-03-31', 30_000), ...plan])?.cents).toBe(10_000)
  })

  it('waits for the later of the two ways while the payer may still choose', () => {
    const parts = [
      part('single', '2026-03-31', 30_000),
      part('plan', '2026-08-31', 15_000),
      part('plan', '2026-10-31', 15_000),
    ]
    expect(late(null, parts)).toBeNull()
    expect(late(null, parts, '2026-09-01')).toEqual({ dueDate: '2026-08-31', cents: 30_000 })
  })
})
