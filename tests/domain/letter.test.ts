import { describe, expect, it } from 'vitest'
import { addressLines } from '#domain/address-lines'
import { isoDate } from '#domain/date'
import { installmentWords, LETTER_FIELDS, letterValues } from '#domain/letter'
import { STANDARD_BODY, STANDARD_SUBJECT } from '#domain/mail-template'
import { cents } from '#domain/money'
import type { NoticeData, NoticePayment } from '#domain/notice'
import type { NoticeNumber } from '#domain/notice-number'
import { fillTemplate, unknownField } from '#domain/template'

const payment = (n: number, amount: number, due: string | null): NoticePayment => ({
  noticeNumber: `34700000000000${String(1000 + n)}` as NoticeNumber,
  cents: cents(amount),
  dueDate: due === null ? null : isoDate(due),
})

const NOTICE: NoticeData = {
  single: payment(0, 30_000, '2026-03-31'),
  installments: [],
  subject: 'Quota 2026',
  debtor: { name: 'Zita {ente} D’Albarosa', fiscalCode: null, addressLines: [] },
}
const MORE = { institution: 'Ordine di prova', today: isoDate('2026-01-15'), year: 2026 }

const THIRDS = [payment(1, 10_000, '2026-03-31'), payment(2, 10_000, '2026-04-30'), payment(3, 10_000, '2026-05-31')]

describe('fields of letters and mails', () => {
  it('says the instalments in words', () => {
    expect(installmentWords([])).toBe('')
    expect(installmentWords(THIRDS)).toBe('in 3 rate da 100,00 euro il 31/03/2026, il 30/04/2026 e il 31/05/2026')
    expect(installmentWords([payment(1, 10_834, '2026-03-31'), payment(2, 10_833, '2026-04-30')])).toBe(
      'in 2 rate: 108,34 euro il 31/03/2026 e 108,33 euro il 30/04/2026',
    )
    expect(installmentWords([payment(1, 500, null), payment(2, 500, null)])).toBe('in 2 rate da 5,00 euro')
  })

  it('takes the whole amount, and number and due date of the payment that leads', () => {
    const plan = letterValues({ ...NOTICE, single: null, installments: THIRDS }, MORE)
    expect(plan).toMatchObject({ importo: '300,00', scadenza: '31/03/2026', numeroAvviso: '3470 0000 0000 0010 01' })
    expect(letterValues(NOTICE, MORE)).toMatchObject({ importo: '300,00', rate: '', data: '15/01/2026', anno: '2026' })
    expect(Object.keys(plan)).toEqual([...LETTER_FIELDS])
  })

  it('names the first field that nobody knows', () => {
    expect(unknownField('{nome} e {cognome} e {altro}', LETTER_FIELDS)).toBe('cognome')
    expect(unknownField(STANDARD_SUBJECT + STANDARD_BODY, LETTER_FIELDS)).toBeNull()
    expect(unknownField('{constructor}', LETTER_FIELDS)).toBe('constructor')
  })

  it('never reads a value as a template, and drops a line with nothing to say', () => {
    const text = 'Gentile {nome},\n\nsi può pagare {rate}.\n{toString} {ente}'
    expect(fillTemplate(text, letterValues(NOTICE, MORE))).toBe(
      'Gentile Zita {ente} D’Albarosa,\n\n{toString} Ordine di prova',
    )
  })
})

describe('lines of an address', () => {
  const parts = {
    street: 'Via Roma',
    civicNumber: '12',
    postalCode: '09124',
    city: 'Cagliari',
    province: 'CA',
    country: 'IT',
    value: 'Via Roma 12, 09124 Cagliari (CA)',
  }
  it('are those of an envelope', () => {
    expect(addressLines(parts)).toEqual(['Via Roma 12', '09124 Cagliari (CA)'])
    expect(addressLines({ ...parts, civicNumber: null, province: '', country: null })).toEqual([
      'Via Roma',
      '09124 Cagliari',
    ])
    expect(addressLines({ ...parts, street: '10 Downing Street', civicNumber: null, country: 'GB' }).at(-1)).toBe(
      'Regno Unito',
    )
    expect(addressLines({ ...parts, country: 'QQ' }).at(-1)).toBe('QQ')
    expect(addressLines({ ...parts, street: null })).toEqual([parts.value])
    expect(addressLines(null)).toEqual([])
  })
})
