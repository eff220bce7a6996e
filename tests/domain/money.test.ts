import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  add,
  cents,
  centsOfNumber,
  formatCents,
  formatDecimal,
  parseAmount,
  parseDecimal,
  splitByLargestRemainder,
  sum,
} from '#domain/money'

const anyCents = fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }).map(cents)

describe('amounts', () => {
  it.each([
    ['215', 21_500],
    ['215,5', 21_550],
    ['1.234,56', 123_456],
    ['1234,56', 123_456],
    ['-0,01', -1],
    ['\u22121.000,00', -100_000],
    [' 10,00 ', 1000],
  ])('reads %j', (text, expected) => {
    expect(parseAmount(text)).toEqual({ ok: true, value: expected })
  })

  it.each([
    '1,234.56',
    '12.5',
    '1.23,00',
    '12.3456',
    '1 000,00',
    '10,005',
    '€ 10',
    'abc',
    '1.,5',
    '--1',
    '1e3',
    '0x10',
  ])('refuses %j instead of guessing', (text) => {
    expect(parseAmount(text)).toEqual({ ok: false, error: 'AMOUNT_UNREADABLE' })
  })

  it('tells an empty cell from an unreadable one, and a huge one from both', () => {
    expect(parseAmount('  ')).toEqual({ ok: false, error: 'AMOUNT_EMPTY' })
    expect(parseAmount('99999999999999')).toEqual({ ok: false, error: 'AMOUNT_TOO_LARGE' })
  })

  it('prints what it reads, in both forms', () => {
    fc.assert(
      fc.property(anyCents, (value) => {
        expect(parseAmount(formatCents(value))).toEqual({ ok: true, value })
        expect(parseDecimal(formatDecimal(value))).toEqual({ ok: true, value })
      }),
    )
    expect(formatCents(cents(-123_456_789))).toBe('\u22121.234.567,89')
  })

  it('takes spreadsheet numbers with at most two decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_999_999_999, max: 9_999_999_999 }), (value) => {
        expect(centsOfNumber(value / 100)).toEqual({ ok: true, value: value === 0 ? 0 : value })
      }),
    )
    expect(centsOfNumber(10.005)).toEqual({ ok: false, error: 'AMOUNT_UNREADABLE' })
    expect(centsOfNumber(Number.NaN)).toEqual({ ok: false, error: 'AMOUNT_UNREADABLE' })
  })

  it('never adds beyond what integers hold', () => {
    expect(() => add(cents(Number.MAX_SAFE_INTEGER), cents(1))).toThrow(RangeError)
  })
})

describe('splitByLargestRemainder', () => {
  it('gives the odd cent to the first', () => {
    expect(splitByLargestRemainder(cents(32_500), [1, 1, 1])).toEqual([10_834, 10_833, 10_833])
  })

  it('loses no cent and strays less than one from the exact share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 12 }),
        (total, weights) => {
          const weightSum = weights.reduce((a, b) => a + b, 0)
          fc.pre(weightSum > 0)
          const parts = splitByLargestRemainder(cents(total), weights)
          expect(sum(parts)).toBe(total)
          for (const [i, part] of parts.entries()) {
            expect(Math.abs(part - (total * (weights[i] as number)) / weightSum)).toBeLessThan(1)
          }
        },
      ),
    )
  })

  it('refuses weights that mean nothing', () => {
    expect(() => splitByLargestRemainder(cents(1), [0, 0])).toThrow(RangeError)
    expect(() => splitByLargestRemainder(cents(1), [-1, 2])).toThrow(RangeError)
  })
})
