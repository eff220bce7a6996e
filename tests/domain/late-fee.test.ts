import { describe, expect, it } from 'vitest'
import { type Instant, isoDate } from '#domain/date'
import {
  type AskedFee,
  type AskedPart,
  type LateFeeRule,
  lateFeeOf,
  lateFeeOfDebt,
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

const part = (kind: 'single' | 'plan', dueDate: string | null, amount: number, unpaid = true): AskedPart => ({
  kind,
  dueDate: dueDate === null ? null : isoDate(dueDate),
  cents: cents(amount),
  unpaid,
  dates: [],
})
const asked = (day: string, daysLate: number, base: number, amount: number): AskedFee => ({
  cents: cents(amount),
  daysLate,
  baseCents: cents(base),
  at: `${day}T09:00:00.000Z` as Instant,
})

describe('what of a debt is late', () => {
  const late = (dueDate: string | null, parts: AskedPart[], day = '2026-07-01', outstanding = 30_000) =>
    overdueOf(
      {
        ...{ dueDate: dueDate === null ? null : isoDate(dueDate), outstandingCents: cents(outstanding) },
        ...{ parts, fees: [] },
      },
      isoDate(day),
    ).map((one) => [one.dueDate, one.cents])

  it('is all of it by its own date where nobody has asked for it yet', () => {
    expect(late('2026-03-31', [])).toEqual([['2026-03-31', 30_000]])
    expect(late('2026-07-01', [])).toEqual([])
    expect(late(null, [])).toEqual([])
  })

  it('goes by the date of its notice, not by the one with which it was raised', () => {
    expect(late('2026-03-31', [part('single', '2026-09-30', 30_000)])).toEqual([])
    expect(late('2026-03-31', [part('single', '2026-05-31', 30_000)])).toEqual([['2026-05-31', 30_000]])
  })

  it('is only the instalments that have passed, once they are being paid', () => {
    const plan = [
      part('plan', '2026-03-31', 10_000, false),
      part('plan', '2026-05-31', 10_000),
      part('plan', '2026-09-30', 10_000),
    ]
    expect(late('2026-03-31', plan)).toEqual([['2026-05-31', 10_000]])
    expect(late('2026-03-31', [part('single', '2026-03-31', 30_000), ...plan])).toEqual([['2026-05-31', 10_000]])
  })

  it('is each instalment by its own date; money that came another way went to the oldest', () => {
    const plan = [part('plan', '2026-05-31', 10_000), part('plan', '2026-03-31', 10_000)]
    expect(late(null, plan)).toEqual([
      ['2026-03-31', 10_000],
      ['2026-05-31', 10_000],
    ])
    expect(late(null, plan, '2026-07-01', 14_000)).toEqual([
      ['2026-03-31', 4_000],
      ['2026-05-31', 10_000],
    ])
    expect(late(null, plan, '2026-07-01', 4_000)).toEqual([['2026-05-31', 4_000]])
  })

  it('waits for the later of the two ways while the payer may still choose', () => {
    const parts = [
      part('single', '2026-03-31', 30_000),
      part('plan', '2026-08-31', 15_000),
      part('plan', '2026-10-31', 15_000),
    ]
    expect(late(null, parts)).toEqual([])
    expect(late(null, parts, '2026-09-01')).toEqual([['2026-08-31', 30_000]])
  })
})

describe('what is asked again, worked out by hand', () => {
  const YEARLY: LateFeeRule = { ...NONE, interest: { kind: 'yearly', basisPoints: 1000 } }
  const again = (rule: LateFeeRule, parts: AskedPart[], fees: AskedFee[], day: string, outstanding = 30_000) => {
    const debt = { dueDate: isoDate('2026-03-31'), outstandingCents: cents(outstanding), parts, fees }
    const outcome = lateFeeOfDebt(rule, debt, isoDate(day), RATES)?.outcome
    if (outcome?.kind === 'fee') return [outcome.fee.cents, outcome.fee.why]
    return outcome?.kind === 'none' ? outcome.why : ''
  }
  const PLAN = [part('plan', '2026-03-31', 10_000), part('plan', '2026-05-31', 10_000)]

  it('is the step of each instalment, once', () => {
    const first = asked('2026-05-15', 45, 10_000, 1000)
    expect(again(STEPS, PLAN, [], '2026-05-15')).toEqual([1000, '10 % di 100,00 €, oltre 30 giorni'])
    expect(again(STEPS, PLAN, [first], '2026-05-15')).toBe('Per questo ritardo la mora è già stata chiesta: 10,00 €')
    // On 30/06 the first one is 91 days late, on the second step; the second one 30: not yet on its first.
    const next = '20 % di 100,00 €, oltre 90 giorni, meno 10,00 € già chiesti'
    expect(again(STEPS, PLAN, [first], '2026-06-30')).toEqual([1000, next])
    expect(again(STEPS, PLAN, [first], '2026-07-01')).toEqual([
      2000,
      `rata del 31/03/2026: ${next}; rata del 31/05/2026: 10 % di 100,00 €, oltre 30 giorni`,
    ])
    const both = asked('2026-07-01', 92, 20_000, 2000)
    expect(again(STEPS, PLAN, [first, both], '2026-08-29')).toBe(
      'Per questo ritardo la mora è già stata chiesta: 30,00 €',
    )
  })

  it('is of the second instalment though the first one was paid with its fee', () => {
    const plan = [part('plan', '2026-03-31', 10_000, false), part('plan', '2026-05-31', 10_000)]
    const first = asked('2026-05-15', 45, 10_000, 1000)
    expect(again(STEPS, plan, [first], '2026-07-01', 20_000)).toEqual([1000, '10 % di 100,00 €, oltre 30 giorni'])
  })

  it('is nothing of an instalment that was in a fee on the whole debt, nor where only its date has moved', () => {
    // On 20/06 both are between their 31st and 90th day; the fee of 10/05 was on all three.
    const plan = ['2026-03-31', '2026-05-15', '2026-07-31'].map((due) => part('plan', due, 10_000))
    const whole = asked('2026-05-10', 40, 30_000, 3000)
    expect(again(STEPS, plan, [whole], '2026-06-20')).toBe('Per questo ritardo la mora è già stata chiesta: 30,00 €')
    expect(again(STEPS, plan, [asked('2026-05-10', 40, 10_000, 1000)], '2026-06-20')[0]).toBe(1000)
    const moved = {
      ...part('plan', '2026-06-30', 10_000),
      dates: [
        { from: '2026-01-01T00:00:00.000Z' as Instant, dueDate: isoDate('2026-03-31') },
        { from: '2026-05-15T09:00:00.000Z' as Instant, dueDate: isoDate('2026-06-30') },
      ],
    }
    const first = asked('2026-05-15', 45, 10_000, 1000)
    expect(again(STEPS, [moved], [first], '2026-08-15')).toBe('Per questo ritardo la mora è già stata chiesta: 10,00 €')
    expect(again(STEPS, [moved], [first], '2026-09-29')).toEqual([
      1000,
      '20 % di 100,00 €, oltre 90 giorni, meno 10,00 € già chiesti',
    ])
  })

  it('is interest for the days that came since, and says which', () => {
    // 365,00 at 10 % is 0,10 a day: 45 days to 15/05, 31 more to 15/06.
    expect(again(YEARLY, [], [], '2026-05-15', 36_500)).toEqual([
      450,
      'interessi di 45 giorni, dal 01/04/2026 al 15/05/2026: 4,50 €',
    ])
    const first = asked('2026-05-15', 45, 36_500, 450)
    expect(again(YEARLY, [], [first], '2026-05-15', 36_500)).toBe(
      'Per questo ritardo la mora è già stata chiesta: 4,50 €',
    )
    expect(again(YEARLY, [], [first], '2026-06-15', 36_500)).toEqual([
      310,
      'interessi di 31 giorni, dal 16/05/2026 al 15/06/2026: 3,10 €',
    ])
    // Half was paid meanwhile: the days since are of what is left.
    expect(again(YEARLY, [], [first], '2026-06-15', 18_250)[0]).toBe(155)
    // The notice was given another date: no interest for the days up to it.
    expect(again(YEARLY, [part('single', '2026-06-10', 36_500)], [first], '2026-06-15', 36_500)).toEqual([
      50,
      'interessi di 5 giorni, dal 11/06/2026 al 15/06/2026: 0,50 €',
    ])
  })

  it('lets a discount by hand stand, and takes off what was asked in excess', () => {
    const day = '2026-06-15'
    expect(again(YEARLY, [], [asked('2026-05-15', 45, 36_500, 100)], day, 36_500)[0]).toBe(310)
    expect(again(YEARLY, [], [asked('2026-05-15', 45, 36_500, 550)], day, 36_500)).toEqual([
      210,
      'interessi di 31 giorni, dal 16/05/2026 al 15/06/2026: 3,10 €, meno 1,00 € chiesti in più a mano',
    ])
    expect(again(STEPS, [], [asked('2026-04-15', 15, 21_500, 1000)], '2026-05-15', 21_500)[0]).toBe(1150)
  })

  it('keeps minimum and maximum of all that is asked for a delay', () => {
    const between = { ...YEARLY, minCents: cents(600), maxCents: cents(800) }
    const first = asked('2026-05-15', 45, 36_500, 600)
    expect(again(between, [], [first], '2026-05-20', 36_500)).toBe(
      'Per questo ritardo la mora è già stata chiesta: 6,00 €',
    )
    expect(again(between, [], [first], '2026-06-15', 36_500)).toEqual([
      160,
      'interessi di 76 giorni, dal 01/04/2026 al 15/06/2026: 7,60 €, meno 6,00 € già chiesti',
    ])
    expect(again(between, [], [first], '2026-12-31', 36_500)[0]).toBe(200)
  })
})
