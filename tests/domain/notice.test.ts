import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { amountInWords } from '#domain/amount-in-words'
import { cents } from '#domain/money'
import { noticeQrText, readNoticeQrText } from '#domain/notice'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'

describe('amounts in words', () => {
  test.each([
    [0, 'zero/00'],
    [1, 'zero/01'],
    [100, 'uno/00'],
    [300, 'tre/00'],
    [2_100, 'ventuno/00'],
    [2_356, 'ventitré/56'],
    [2_800, 'ventotto/00'],
    [10_300, 'centotré/00'],
    [10_800, 'centotto/00'],
    [18_100, 'centottantuno/00'],
    [100_000, 'mille/00'],
    [123_456, 'milleduecentotrentaquattro/56'],
    [2_300_300, 'ventitremilatré/00'],
    [2_100_000, 'ventunomila/00'],
    [100_000_000, 'unmilione/00'],
    [99_999_999_999, 'novecentonovantanovemilioninovecentonovantanovemilanovecentonovantanove/99'],
    [-21_500, 'meno duecentoquindici/00'],
  ])('%i', (amount, words) => {
    expect(amountInWords(cents(amount))).toBe(words)
  })

  test('no two amounts read alike', () => {
    const seen = new Set<string>()
    for (let euro = 0; euro < 20_000; euro++) seen.add(amountInWords(cents(euro * 100)))
    expect(seen.size).toBe(20_000)
  })
})

describe('text of the QR', () => {
  test('as the format has it', () => {
    const { noticeNumber } = composeNoticeNumber('01' as SegregationCode, 2026000000123)
    expect(noticeQrText(noticeNumber, '80087670016', cents(21_500))).toBe(
      'PAGOPA|002|301202600000012332|80087670016|21500',
    )
    expect(readNoticeQrText('PAGOPA|002|301202600000012332|80087670016|0000021500')?.cents).toBe(21_500)
    expect(readNoticeQrText('PAGOPA|002|301202600000012333|80087670016|21500')).toBeNull()
    expect(readNoticeQrText('PAGOPA|001|301202600000012332|80087670016|21500')).toBeNull()
  })

  test('what is written is read', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9_999_999_999_999 }),
        fc.integer({ min: 1, max: 99_999_999_999 }),
        (base, amount) => {
          const { noticeNumber } = composeNoticeNumber('47' as SegregationCode, base)
          const text = noticeQrText(noticeNumber, '97249640588', cents(amount))
          expect(readNoticeQrText(text)).toEqual({ noticeNumber, creditorFiscalCode: '97249640588', cents: amount })
        },
      ),
    )
  })
})
