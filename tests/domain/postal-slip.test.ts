import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import type { NoticeCreditor, NoticePayment } from '#domain/notice'
import { composeNoticeNumber, type NoticeNumber, type SegregationCode } from '#domain/notice-number'
import { plainCapitals } from '#domain/plain-capitals'
import { POSTAL_SLIP_LENGTH, postalSlipText, readPostalSlipText } from '#domain/postal-slip'
import { ProblemError } from '#domain/problem'

const creditor = {
  fiscalCode: '80087670016',
  name: 'Ordine dei Periti Inventati di Prova',
  office: null,
  info: null,
  cbill: null,
  online: null,
  postal: { number: '1234567', holder: 'Ordine dei Periti Inventati', authorisation: null },
} satisfies NoticeCreditor

const payment: NoticePayment = {
  noticeNumber: composeNoticeNumber('01' as SegregationCode, 2_026_000_000_123).noticeNumber,
  cents: cents(21_500),
  dueDate: isoDate('2026-03-31'),
}

const debtor = { name: 'Ada D’ANGELO', fiscalCode: 'DNGDAA80A41H501B' }

const codesOf = (run: () => unknown): readonly string[] => {
  try {
    run()
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map((p) => p.code)
    throw error
  }
  return []
}

describe('the text of the postal slip', () => {
  test('each field stands at its place', () => {
    const text = postalSlipText(payment, creditor, debtor, 'Quota annuale di iscrizione all’albo 2026')
    expect(text).toHaveLength(POSTAL_SLIP_LENGTH)
    expect(text.slice(0, 77)).toBe(
      `codfase=NBPA;18${payment.noticeNumber}12000001234567${'10'}000002150038961P180087670016`,
    )
    expect(text.slice(77, 93)).toBe('DNGDAA80A41H501B')
    expect(text.slice(93, 133)).toBe("ADA D'ANGELO".padEnd(40))
    expect(text.slice(133, 243)).toBe("QUOTA ANNUALE DI ISCRIZIONE ALL'ALBO 2026".padEnd(110))
    expect(text.slice(243)).toBe('            A')
  })

  test('the published example, but for its mixed case', () => {
    // pagopa.md §2.2: decoded from pagoPA's own sample.
    const text = postalSlipText(
      { noticeNumber: '470000008800999051' as NoticeNumber, cents: cents(100), dueDate: null },
      { ...creditor, fiscalCode: '99999000013', postal: { ...creditor.postal, number: '232323' } },
      { name: 'Mario Rossi', fiscalCode: 'FFFCST83A15L113V' },
      'Avviso Pagamento di TEST',
    )
    const published = [
      'codfase=NBPA;1847000000880099905112000000232323100000000100',
      '38961P199999000013FFFCST83A15L113V',
      'Mario Rossi'.padEnd(40),
      'Avviso Pagamento di TEST'.padEnd(110),
      `${' '.repeat(12)}A`,
    ].join('')
    expect(text.slice(0, 93)).toBe(published.slice(0, 93))
    expect(text.slice(93)).toBe(published.slice(93).toUpperCase())
  })

  test('a foreigner without fiscal code, a company with eleven digits', () => {
    expect(postalSlipText(payment, creditor, { ...debtor, fiscalCode: null }, 'Q').slice(77, 93)).toBe(' '.repeat(16))
    const company = postalSlipText(payment, creditor, { ...debtor, fiscalCode: '12345678903' }, 'Q')
    expect(company.slice(77, 94)).toBe('12345678903     A')
    expect(readPostalSlipText(company)?.debtorFiscalCode).toBe('12345678903')
  })

  test('name and subject are cut at 40 and 110, counted after the letters have been replaced', () => {
    const text = postalSlipText(payment, creditor, { ...debtor, name: 'ß'.repeat(70) }, 'æ'.repeat(140))
    expect(text.slice(93, 133)).toBe('S'.repeat(40))
    expect(text.slice(133, 243)).toBe('AE'.repeat(55))
    expect(text).toHaveLength(256)
  })

  test('amounts of more than ten digits and accounts of more than twelve are refused in words', () => {
    const largest = { ...payment, cents: cents(9_999_999_999) }
    expect(readPostalSlipText(postalSlipText(largest, creditor, debtor, 'Q'))?.cents).toBe(9_999_999_999)
    for (const wrong of [10_000_000_000, 0, -1])
      expect(codesOf(() => postalSlipText({ ...payment, cents: cents(wrong) }, creditor, debtor, 'Q'))).toEqual([
        'SLIP_AMOUNT_RANGE',
      ])
    for (const number of ['1234567890123', '', '12 345', '12-A'])
      expect(
        codesOf(() => postalSlipText(payment, { ...creditor, postal: { ...creditor.postal, number } }, debtor, 'Q')),
      ).toEqual(['SLIP_ACCOUNT_WRONG'])
    expect(() => postalSlipText({ ...payment, cents: cents(10_000_000_000) }, creditor, debtor, 'Q')).toThrow(
      /100\.000\.000,00 euro dell’avviso di Ada D’ANGELO/,
    )
    expect(() => postalSlipText(payment, creditor, { ...debtor, fiscalCode: 'A'.repeat(17) }, 'Q')).toThrow(RangeError)
  })

  test('whatever the texts, 256 characters of the plain set, and every field read back', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 160 }), fc.string({ maxLength: 160 }))
    fc.assert(
      fc.property(
        text,
        text,
        fc.integer({ min: 1, max: 9_999_999_999 }),
        fc.nat(),
        (name, subject, amount, account) => {
          const paid = { ...payment, cents: cents(amount) }
          const postal = { ...creditor.postal, number: String(account) }
          const written = postalSlipText(
            paid,
            { ...creditor, postal },
            { name, fiscalCode: debtor.fiscalCode },
            subject,
          )
          expect(written).toMatch(/^codfase=NBPA;[A-Z0-9'()+,\-./:? ]{243}$/)
          expect(written).toHaveLength(256)
          expect(readPostalSlipText(written)).toEqual({
            noticeNumber: payment.noticeNumber,
            account: String(account).padStart(12, '0'),
            cents: amount,
            creditorFiscalCode: creditor.fiscalCode,
            debtorFiscalCode: debtor.fiscalCode,
            debtorName: plainCapitals(name).slice(0, 40).trim(),
            subject: plainCapitals(subject).slice(0, 110).trim(),
          })
        },
      ),
      { numRuns: 500 },
    )
  })

  test('the reader trusts the first 77 characters only', () => {
    const text = postalSlipText(payment, creditor, debtor, 'Quota')
    expect(readPostalSlipText(text.slice(0, 255))?.noticeNumber).toBe(payment.noticeNumber)
    expect(readPostalSlipText(text.slice(0, 77))).toMatchObject({
      debtorFiscalCode: null,
      debtorName: '',
      cents: 21_500,
    })
    expect(readPostalSlipText(text.slice(0, 76))).toBeNull()
    expect(readPostalSlipText(text.replace('1P1', 'P1'))).toBeNull()
    expect(readPostalSlipText(text.replace(/12000/, '13000'))).toBeNull()
  })
})

describe('plain capitals', () => {
  test.each([
    ['Società Müller & Figli', 'SOCIETA MULLER + FIGLI'],
    ['Željko Đorđević-Strauß', 'ZELJKO DORDEVIC-STRAUSS'],
    ['Łódź Œuvre Ærø Þór ĳ', 'LODZ OEUVRE AERO THOR IJ'],
    ['D’Angelo D´Angelo D`Angelo d‘Angelo', "D'ANGELO D'ANGELO D'ANGELO D'ANGELO"],
    ['«Quota» 2025–2026 — saldo…', 'QUOTA 2025-2026 - SALDO...'],
    ['n° 3, 1ª rata: 50 €', 'N 3, 1A RATA: 50 EUR'],
    ['Jose\u0301 I\u0307 ı \u00a0 a\u00adb\tc\nd', 'JOSE I I AB C D'],
    ['Дмитрий 😀 Prova', 'PROVA'],
    ['[a] {b} c|d \\ e_f; g!', '(A) (B) C/D / E-F, G.'],
  ])('%s', (written, plain) => {
    expect(plainCapitals(written)).toBe(plain)
  })
})
