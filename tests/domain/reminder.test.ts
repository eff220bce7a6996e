import { describe, expect, it } from 'vitest'
import { isoDate } from '#domain/date'
import { LETTER_FIELDS, letterValues } from '#domain/letter'
import { REMINDER_BODY, REMINDER_SUBJECT } from '#domain/mail-template'
import { cents } from '#domain/money'
import type { NoticeData, NoticePayment } from '#domain/notice'
import type { NoticeNumber } from '#domain/notice-number'
import { openCents, openPayments } from '#domain/open-payments'
import { FIRST_REMINDER, type ReminderChoice, readReminderChoice, reminderFilters } from '#domain/reminder'
import { whyNotSent } from '#domain/sending-rules'
import { fillTemplate, unknownField } from '#domain/template'

const today = isoDate('2026-04-10')
const payment = (n: number, amount: number, due: string | null): NoticePayment => ({
  noticeNumber: `34700000000000${String(1000 + n)}` as NoticeNumber,
  cents: cents(amount),
  dueDate: due === null ? null : isoDate(due),
})
const SINGLE = payment(0, 30_000, '2026-03-31')
const THIRDS = [payment(1, 10_000, '2026-03-31'), payment(2, 10_000, '2026-04-30'), payment(3, 10_000, '2026-05-31')]
const NOTICE: NoticeData = {
  ...{ single: SINGLE, installments: THIRDS, subject: 'Quota 2026' },
  debtor: { name: 'Zita D’Albarosa', fiscalCode: null, addressLines: [] },
}
const paid = (...numbers: NoticePayment[]) => openPayments(NOTICE, (one) => (numbers.includes(one) ? 'paid' : 'unpaid'))

describe('who is reminded', () => {
  it.each([
    ['issued', 'unpaid', null],
    ['issued', 'partiallyPaid', null],
    ['issued', 'paid', 'La posizione è già pagata'],
    ['issued', 'collected', 'La posizione è già pagata'],
    ['cancelled', 'unpaid', 'La posizione è annullata'],
  ])('%s and %s: %s', (lifecycle, payment, reason) => {
    expect(
      whyNotSent({ purpose: 'reminder', lifecycle, payment, isCurrent: true, stop: null, validUntil: null, today }),
    ).toBe(reason)
  })

  it.each([
    ['unpaid', '2026-04-10', null],
    ['partiallyPaid', '2026-04-10', null],
    ['unpaid', '2026-04-09', 'La posizione non si può più pagare: valeva fino al 09/04/2026'],
    ['partiallyPaid', '2026-04-09', 'La posizione non si può più pagare: valeva fino al 09/04/2026'],
    ['paid', '2026-04-09', 'La posizione è già pagata'],
  ])('%s and valid until %s: %s', (payment, until, reason) => {
    const facts = { lifecycle: 'issued', payment, isCurrent: true, stop: null, validUntil: isoDate(until), today }
    expect(whyNotSent({ ...facts, purpose: 'reminder' })).toBe(reason)
  })

  it('is chosen by what is due soon, overdue, never delivered, or all that is left', () => {
    const filters = (more: Partial<ReminderChoice>) => reminderFilters({ ...FIRST_REMINDER, ...more }, today)
    const all = ['issued', 'expired', 'partiallyPaid']
    expect(filters({ whom: 'all' })).toEqual({ state: all, delivery: null, dueFrom: null, dueTo: null })
    expect(filters({ whom: 'never' })).toEqual({ state: all, delivery: 'none', dueFrom: null, dueTo: null })
    expect(filters({ whom: 'soon', soonDays: 7 })).toMatchObject({ dueFrom: '2026-04-10', dueTo: '2026-04-17' })
    expect(filters({ whom: 'soon' }).state).toEqual(['issued', 'partiallyPaid'])
    expect(filters({ whom: 'overdue' })).toMatchObject({ dueFrom: null, dueTo: '2026-04-09' })
    expect(filters({ whom: 'overdue' }).state).toEqual(['expired', 'partiallyPaid'])
    expect(filters({ whom: 'overdue', overdueDays: 15 }).dueTo).toBe('2026-03-26')
  })

  it('is remembered, and what cannot be read is as at first', () => {
    const choice: ReminderChoice = { whom: 'soon', soonDays: 30, overdueDays: 60 }
    expect(readReminderChoice(JSON.stringify(choice))).toEqual(choice)
    for (const text of [
      null,
      'null',
      '[]',
      '{',
      '{"whom":"tutti","soonDays":8,"overdueDays":0}',
      '{"overdueDays":1.5}',
    ])
      expect(readReminderChoice(text)).toEqual(FIRST_REMINDER)
  })
})

describe('what is still to be paid', () => {
  it('is either way while nothing was paid, the other instalments afterwards, nothing when all is', () => {
    expect(paid()).toEqual({ single: SINGLE, installments: THIRDS })
    expect(paid(THIRDS[0] as NoticePayment)).toEqual({ single: null, installments: THIRDS.slice(1) })
    expect(openCents(paid(THIRDS[0] as NoticePayment))).toBe(20_000)
    expect(paid(...THIRDS)).toEqual({ single: null, installments: [] })
    expect(paid(SINGLE)).toEqual({ single: null, installments: [] })
  })
})

describe('the standard reminder', () => {
  const text = (day: string, open = paid()) =>
    fillTemplate(
      REMINDER_BODY,
      letterValues(NOTICE, { institution: 'Ordine di prova', today: isoDate(day), year: 2026, open }),
    )

  it('knows all its fields', () => {
    expect(unknownField(REMINDER_SUBJECT + REMINDER_BODY, LETTER_FIELDS)).toBeNull()
  })

  it('speaks of the days left before the due date, of the delay after it', () => {
    expect(text('2026-03-11')).toContain('La scadenza è fra 20 giorni.\n\nImporto')
    expect(text('2026-03-30')).toContain('La scadenza è domani.')
    expect(text('2026-03-31')).toContain('La scadenza è oggi.')
    expect(text('2026-03-31')).not.toContain('passata')
    expect(text('2026-04-01')).toContain('La scadenza è passata da ieri:')
    expect(text('2026-04-10')).toContain('La scadenza è passata da 10 giorni:')
    expect(text('2026-04-10')).not.toMatch(/\{|Resta|Rate|oggi|domani/)
  })

  it('asks who paid a part only for the rest, with the next number and due date', () => {
    const rest = text('2026-04-10', paid(THIRDS[0] as NoticePayment))
    expect(rest).toContain('La scadenza è fra 20 giorni.')
    expect(rest).toContain('Resta da pagare: 200,00 euro')
    expect(rest).toContain('Rate ancora aperte: in 2 rate da 100,00 euro il 30/04/2026 e il 31/05/2026')
    expect(rest).toContain('Numero avviso: 3470 0000 0000 0010 02')
    const last = text('2026-06-01', paid(...THIRDS.slice(0, 2)))
    expect(last).toContain('Rate ancora aperte: in una rata da 100,00 euro il 31/05/2026')
    expect(last).toContain('passata da ieri')
  })
})
