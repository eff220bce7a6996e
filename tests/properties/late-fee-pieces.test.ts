import { describe, expect, it } from 'vitest'
import { addDays, endOfDayInRome, type IsoDate, isoDate } from '#domain/date'
import { type AskedFee, type AskedPart, type LateFeeRule, lateFeeOfDebt } from '#domain/late-fee'
import { cents } from '#domain/money'

const CASES = process.env.QUIETANZA_LONG === '1' ? 20_000 : 1_500
const RATES = new Map([
  [2024, 250],
  [2025, 200],
  [2026, 160],
  [2027, 175],
])

/** Numbers of a seed, the same at each run. */
function numbersOf(seed: number) {
  let state = seed * 2_654_435_761 + 1
  return (most: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}

function ruleOf(n: (most: number) => number): LateFeeRule {
  const interest: LateFeeRule['interest'][] = [{ kind: 'legal' }, { kind: 'yearly', basisPoints: 1 + n(1500) }, null]
  const from = n(40)
  const fixed = n(3) * 250
  const steps = [
    { afterDays: from, basisPoints: n(900), fixedCents: cents(fixed) },
    { afterDays: from + 1 + n(90), basisPoints: 1000 + n(1000), fixedCents: cents(fixed + n(3) * 250) },
  ]
  const most = 2_000 + n(5_000)
  return {
    ...{ graceDays: n(3) * 10, steps: steps.slice(0, n(3)), interest: interest[n(3)] ?? null },
    ...{ minCents: n(4) === 0 ? cents(n(1_500)) : null, maxCents: n(4) === 0 ? cents(most) : null },
  }
}

interface Case {
  readonly rule: LateFeeRule
  readonly debt: Omit<Parameters<typeof lateFeeOfDebt>[1], 'fees'>
  readonly days: readonly IsoDate[]
}

/** A debt in some instalments, or in none, and some days of a year on which its fee is asked. */
function caseOf(seed: number): Case {
  const n = numbersOf(seed)
  const due = addDays(isoDate('2025-10-01'), n(120))
  const plan = n(3) === 0 ? 0 : 1 + n(5)
  const dates = Array.from({ length: plan }, (_, i) => addDays(due, i * (15 + n(30))))
  const parts = dates
    .sort()
    .map((dueDate): AskedPart => ({ kind: 'plan', dueDate, cents: cents(1 + n(40_000)), unpaid: true, dates: [] }))
  const whole = parts.reduce((sum, part) => sum + part.cents, 0) || 1 + n(90_000)
  const days = Array.from({ length: 1 + n(7) }, () => addDays(due, n(400))).sort()
  return { rule: ruleOf(n), debt: { dueDate: due, outstandingCents: cents(whole), parts }, days }
}

function askedOn({ rule, debt }: Case, fees: readonly AskedFee[], day: IsoDate): AskedFee | null {
  const found = lateFeeOfDebt(rule, { ...debt, fees }, day, RATES)
  if (found?.outcome.kind !== 'fee') return null
  const { daysLate, cents: amount } = found.outcome.fee
  return { cents: amount, daysLate, baseCents: found.baseCents, at: endOfDayInRome(day) }
}

describe('late fees asked in pieces', () => {
  it('add up to the fee asked at once on the last of their days, to the cent', () => {
    let pieces = 0
    for (let seed = 1; seed <= CASES; seed += 1) {
      const one = caseOf(seed)
      const fees: AskedFee[] = []
      for (const day of one.days) {
        const fee = askedOn(one, fees, day)
        if (fee !== null) fees.push(fee)
      }
      const at = one.days.at(-1) as IsoDate
      const sum = fees.reduce((total, fee) => total + fee.cents, 0)
      expect({ seed, sum }).toEqual({ seed, sum: askedOn(one, [], at)?.cents ?? 0 })
      expect({ seed, again: askedOn(one, fees, at) }).toEqual({ seed, again: null })
      pieces += fees.length
    }
    expect(pieces).toBeGreaterThan(CASES)
  })
})
