import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { personCheckLetter, readFiscalCode, vatCheckDigit } from '#domain/fiscal-code'
import { readIban } from '#domain/iban'
import {
  composeNoticeNumber,
  epochMsOfTick,
  groupNoticeNumber,
  readNoticeNumber,
  type SegregationCode,
  ticksOf,
} from '#domain/notice-number'
import { isTaxonomyCode } from '#domain/taxonomy'

describe('notice numbers', () => {
  it.each([
    ['000000000000000101', '0', null, '000000000000101', '01'],
    ['001202600000012329', '0', null, '202600000012329', '29'],
    ['002160020399398578', '0', null, '160020399398578', '78'],
    ['116002039939851111', '1', null, '16002039939851111', null],
    ['200000000000000103', '2', null, '00000000000000103', '03'],
    ['216002039939851192', '2', null, '16002039939851192', '92'],
    ['301202600000012332', '3', '01', '01202600000012332', '32'],
    ['300000000000009303', '3', '00', '00000000000009303', '03'],
    ['347160020399398521', '3', '47', '47160020399398521', '21'],
  ])('reads %s', (text, auxDigit, segregationCode, iuv, checkDigits) => {
    expect(readNoticeNumber(text)).toEqual({ valid: true, auxDigit, segregationCode, iuv, checkDigits })
  })

  it('composes what it reads and finds every single wrong digit of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9_999_999_999_999 }),
        fc.nat(99),
        fc.nat(16),
        fc.nat(8),
        (base, seg, at, by) => {
          const code = String(seg).padStart(2, '0') as SegregationCode
          const { noticeNumber, iuv } = composeNoticeNumber(code, base)
          const reading = readNoticeNumber(groupNoticeNumber(noticeNumber))
          expect(reading).toMatchObject({ valid: true, segregationCode: code, iuv })
          const place = at + 1
          const digit = (Number(noticeNumber[place]) + by + 1) % 10
          if (digit === Number(noticeNumber[place])) return
          const wrong = noticeNumber.slice(0, place) + digit + noticeNumber.slice(place + 1)
          expect(readNoticeNumber(wrong).valid).toBe(false)
        },
      ),
    )
  })

  it.each(['', '30120260000001233', '3012026000000123321', '30120260000001233A', '501202600000012332'])(
    'refuses %j',
    (text) => {
      expect(readNoticeNumber(text).valid).toBe(false)
    },
  )

  it('counts ticks of a tenth of a millisecond since 2020', () => {
    expect(ticksOf(Date.UTC(2026, 10, 21))).toBe(2_173_824_000_000)
    expect(ticksOf(epochMsOfTick(2_173_824_000_003))).toBe(2_173_824_000_003)
  })
})

describe('fiscal codes', () => {
  it.each([
    'RSSMRA85T10A562S',
    'RSSMRA85T10A56NH',
    'RSSMRA85T10A5SNT',
    'RSSMRA8RT1LARSND',
    '80087670016',
    '00743110157',
  ])('accepts %s', (code) => {
    expect(readFiscalCode(code).state).toBe('ok')
  })

  it('tells wrong in form from merely suspicious, with the character that it expected', () => {
    expect(readFiscalCode('RSSMRA85T10A562X')).toMatchObject({ state: 'suspicious', expected: 'S' })
    expect(readFiscalCode('80087670017')).toMatchObject({ state: 'suspicious', expected: '6' })
    expect(readFiscalCode('RSSMRA85T10A562')).toEqual({ state: 'wrong', reason: 'length', length: 15 })
    expect(readFiscalCode('1234567890123456')).toEqual({ state: 'wrong', reason: 'structure', length: 16 })
    expect(readFiscalCode(' ')).toEqual({ state: 'wrong', reason: 'empty', length: 0 })
  })

  it('reads lower case and blanks as people type them', () => {
    expect(readFiscalCode(' rssmra85t10 a562s ')).toMatchObject({ state: 'ok', code: 'RSSMRA85T10A562S' })
  })

  it('computes both check characters', () => {
    expect(personCheckLetter('RSSMRA85T10A562')).toBe('S')
    expect(vatCheckDigit('0217495069')).toBe('7')
  })
})

describe('IBANs', () => {
  it.each(['IT60X0542811101000000123456', 'IT94E0760115500001012531156', 'IT45R0760103200000000001016'])(
    'accepts %s',
    (text) => {
      expect(readIban(text).state).toBe('ok')
    },
  )

  it('finds the account of a postal one', () => {
    expect(readIban('IT94 E076 0115 5000 0101 2531 156')).toMatchObject({ state: 'ok', postalAccount: '001012531156' })
  })

  it('checks the CIN beside the two digits', () => {
    expect(readIban('IT40S0542811101000000123456')).toEqual({ state: 'wrong', reason: 'cin' })
    expect(readIban('IT61X0542811101000000123456')).toEqual({ state: 'wrong', reason: 'check' })
    expect(readIban('IT60X05428111010000001234')).toEqual({ state: 'wrong', reason: 'structure' })
  })
})

describe('taxonomy codes', () => {
  it.each(['9/0401107TS/', '6/0401109SA/', '9/0401107TS/ABC'])('accepts %s', (code) => {
    expect(isTaxonomyCode(code)).toBe(true)
  })
  it.each(['9/0401107TS', '5/0401107TS/', '9/040110TS/', '0401107TS', '9/0401107XX/'])('refuses %s', (code) => {
    expect(isTaxonomyCode(code)).toBe(false)
  })
})
