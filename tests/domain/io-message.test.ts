import { describe, expect, it } from 'vitest'
import { endOfDayInRome, isoDate } from '#domain/date'
import { escapeMarkdown, ioMessage, ioRecipient } from '#domain/io-message'
import { LETTER_FIELDS, type LetterField } from '#domain/letter'

const values = (more: Partial<Record<LetterField, string>> = {}) =>
  ({ ...Object.fromEntries(LETTER_FIELDS.map((name) => [name, 'x'])), ...more }) as Record<LetterField, string>
const TO = {
  ...{ fiscalCode: 'DLBGVR80A41B354F', dueDate: isoDate('2026-03-31'), cents: 24_000 },
  ...{ noticeNumber: '301000000000001201', payeeFiscalCode: '80000000015' },
}
const BODY = `Gentile {nome},\nc’è un pagamento.\n\n${'Si paga dall’app. '.repeat(6)}`

describe('a message of App IO', () => {
  it('ends its day at the last second of Rome, winter, summer and on the days between', () => {
    expect(endOfDayInRome(isoDate('2026-01-31'))).toBe('2026-01-31T22:59:59.000Z')
    expect(endOfDayInRome(isoDate('2026-07-31'))).toBe('2026-07-31T21:59:59.000Z')
    expect(endOfDayInRome(isoDate('2026-03-28'))).toBe('2026-03-28T22:59:59.000Z')
    expect(endOfDayInRome(isoDate('2026-03-29'))).toBe('2026-03-29T21:59:59.000Z')
    expect(endOfDayInRome(isoDate('2026-10-24'))).toBe('2026-10-24T21:59:59.000Z')
    expect(endOfDayInRome(isoDate('2026-10-25'))).toBe('2026-10-25T22:59:59.000Z')
  })

  it('goes to people only', () => {
    expect(ioRecipient(' dlbgvr80a41b354f ')).toBe('DLBGVR80A41B354F')
    for (const code of [null, '', '80000000015', 'DLBGVR80A41B354', '../../../../etc/x', 'DLBGVR80A41B354F\n']) {
      expect(ioRecipient(code)).toBe(code === 'DLBGVR80A41B354F\n' ? 'DLBGVR80A41B354F' : null)
    }
  })

  it('keeps line ends and lets no value become Markdown, nor a header', () => {
    const name = '[qui](http://esempio) *x* <b> # `y`\r\nBcc: a@example.it'
    const made = ioMessage({ subject: 'Avviso per {nome}', body: BODY }, values({ nome: name }), TO)
    expect(made.ok).toBe(true)
    if (!made.ok) return
    expect(made.message.subject).not.toMatch(/[\r\n]/)
    expect(made.message.markdown).toContain(
      'Gentile \\[qui\\]\\(http://esempio\\) \\*x\\* \\<b\\> \\# \\`y\\` Bcc: a@example.it,  \nc’è',
    )
    expect(made.message.payment).toEqual({
      cents: 24_000,
      noticeNumber: TO.noticeNumber,
      payeeFiscalCode: '80000000015',
    })
    expect(escapeMarkdown('a\\b')).toBe('a\\\\b')
  })

  it.each([
    [{ subject: 'Breve', body: BODY }, 'L’oggetto per App IO deve avere almeno 10 caratteri: ne ha 5.'],
    [{ subject: 'x'.repeat(121), body: BODY }, 'L’oggetto per App IO può avere al massimo 120 caratteri: ne ha 121.'],
    [{ subject: 'Avviso di prova', body: 'corto' }, 'Il testo per App IO deve avere almeno 80 caratteri: ne ha 5.'],
    [
      { subject: 'Avviso di prova', body: 'x'.repeat(10_001) },
      'Il testo per App IO può avere al massimo 10000 caratteri: ne ha 10001.',
    ],
  ])('is neither cut nor padded', (template, reason) => {
    expect(ioMessage(template, values(), TO)).toEqual({ ok: false, reason })
  })

  it('refuses what its payment cannot say', () => {
    const template = { subject: 'Avviso di prova', body: BODY }
    expect(ioMessage(template, values(), { ...TO, cents: 0 })).toMatchObject({ ok: false })
    expect(ioMessage(template, values(), { ...TO, cents: 10_000_000_000 })).toMatchObject({ ok: false })
    expect(ioMessage(template, values(), { ...TO, noticeNumber: '901000000000001201' })).toMatchObject({ ok: false })
  })
})
