import { describe, expect, it } from 'vitest'
import { isoDate } from '#domain/date'
import { installmentDueDates } from '#domain/installment-split'
import {
  paymentMode,
  proposedRule,
  proposedValidity,
  withMode,
} from '../../src-renderer/pages/generate/payment-mode.ts'

const today = isoDate('2026-02-02')
const usual = { count: 3, withSingle: true, firstDue: '2026-03-31', everyMonths: 1 }

describe('proposedRule', () => {
  it('begins with three monthly instalments from the end of the month that follows', () => {
    expect(proposedRule(today, undefined)).toEqual(usual)
    expect(proposedRule(isoDate('2027-12-31'), null).firstDue).toBe('2028-01-31')
    expect(proposedRule(isoDate('2027-01-15'), 'x').firstDue).toBe('2027-02-28')
  })

  it('takes the last choices, but no day that has passed', () => {
    const last = { count: 6, withSingle: false, firstDue: '2026-05-15', everyMonths: 2 }
    expect(proposedRule(today, last)).toEqual(last)
    expect(proposedRule(isoDate('2026-05-15'), last).firstDue).toBe('2026-06-30')
  })

  it('never proposes what the program would refuse, whatever was remembered', () => {
    const odd = { count: 99, withSingle: 'sì', firstDue: '31/03/2026', everyMonths: 0 }
    expect(proposedRule(today, odd)).toEqual(usual)
    expect(proposedRule(today, { count: 2.5, everyMonths: 13 })).toEqual(usual)
    expect(installmentDueDates(proposedRule(today, { count: 24, everyMonths: 12 }))).toHaveLength(24)
  })
})

describe('paymentMode', () => {
  it('goes to and fro without losing the rule', () => {
    const rule = proposedRule(today, null)
    for (const mode of ['single', 'both', 'plan'] as const) expect(paymentMode(withMode(mode, rule))).toBe(mode)
    expect(withMode('plan', { ...rule, count: 9 })).toEqual({ ...rule, count: 9, withSingle: false })
  })
})

describe('proposedValidity', () => {
  it('lasts until the end of the year in which the last instalment falls', () => {
    expect(proposedValidity(2026, today, null)).toBe('2026-12-31')
    expect(proposedValidity(2025, today, null)).toBe('2026-12-31')
    expect(proposedValidity(2026, undefined, null)).toBe('2026-12-31')
    const late = { count: 3, withSingle: true, firstDue: isoDate('2026-11-30'), everyMonths: 1 }
    expect(proposedValidity(2026, today, late)).toBe('2027-12-31')
  })
})
