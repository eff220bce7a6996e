import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeQr } from '#codecs/barcode/qr'
import type { Canvas } from '#codecs/pdf/canvas'
import { checkNotice, drawNotice, layNotice, prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { isoDate } from '#domain/date'
import { cents, formatCents } from '#domain/money'
import { leadingPayment, type NoticeData, noticeQrText } from '#domain/notice'
import { groupNoticeNumber } from '#domain/notice-number'
import { problemText } from '#domain/problem'
import { overlaps } from './pdf-overlap.ts'
import { creditor, kitOf, longCreditor, named, notice, payment } from './pdf-samples.ts'
import { has, openPdf, pageTexts, pdfToText, qpdfCheck, readNoticeQr, readWithZxing } from './pdf-tools.ts'

const kit = prepareNoticeKit(kitOf(creditor))

/** One red point, 8-bit RGBA. */
const LOGO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
  'base64',
)

const cases: readonly [string, NoticeData][] = [
  ['plain', notice(1)],
  ['no due date', notice(2, { single: payment(2, { dueDate: null }) })],
  ['largest amount', notice(3, { single: payment(3, { cents: cents(99_999_999_999) }) })],
  ['one cent', notice(4, { single: payment(4, { cents: cents(1) }) })],
  ['no fiscal code, no address', notice(5, { debtor: { name: 'John McRae', fiscalCode: null, addressLines: [] } })],
  ['spelled as written', named(6, 'Željko Đorđević-Strauß Čapek McRae d’Angelo')],
  ['70 wide letters', named(7, 'W'.repeat(70))],
  [
    'subject of 140',
    notice(8, { subject: 'Quota annuale e diritti di segreteria per il tesserino '.repeat(3).slice(0, 140).trim() }),
  ],
  ['subject of 140 wide letters', notice(9, { subject: 'WM'.repeat(70) })],
  [
    'address of 140',
    notice(10, {
      debtor: {
        name: 'Società tra Professionisti Inventati e Associati di Prova a r.l. Torino',
        fiscalCode: '12345678903',
        addressLines: [
          'Via dell’Associazione Nazionale degli Inventori di Esempi Lunghissimi 1234/bis, scala sinistra',
          '00100 San Giovanni in Località Inventata (BO)',
        ],
      },
    }),
  ],
]

describe('the payment notice', () => {
  test.each(cases)('%s: every field is on the page and nothing overlaps', async (_, data) => {
    for (const used of [kit, prepareNoticeKit(kitOf(longCreditor))]) {
      const [text] = (await pageTexts(drawNotice(data, used))) as [string]
      const flat = text.replace(/\s+/g, '')
      const fields = [
        formatCents(leadingPayment(data).cents),
        groupNoticeNumber(leadingPayment(data).noticeNumber),
        data.subject,
        data.debtor.name,
        data.debtor.fiscalCode ?? '',
        ...data.debtor.addressLines,
        used.style.creditor.name,
        used.style.creditor.office ?? '',
        used.style.creditor.info ?? '',
        used.style.creditor.cbill ?? '',
        used.style.creditor.fiscalCode,
        leadingPayment(data).dueDate === null ? 'QUANTO PAGARE?' : 'Rata unica entro il 31/03/2026',
      ]
      for (const field of fields) expect(flat).toContain(field.replace(/\s+/g, ''))
      if (leadingPayment(data).dueDate === null) expect(text).not.toMatch(/entro il/)
      expect(layNotice(data, used).flatMap(overlaps)).toEqual([])
    }
  })

  test('the QR on the printed page reads back equal', async () => {
    for (const [, data] of cases) {
      const text = noticeQrText(leadingPayment(data).noticeNumber, creditor.fiscalCode, leadingPayment(data).cents)
      expect(await readNoticeQr(drawNotice(data, kit))).toBe(text)
    }
  }, 60_000)

  test('zxing reads the same from the picture of pdf.js', async () => {
    const [, data] = cases[0] as [string, NoticeData]
    expect(await readWithZxing(drawNotice(data, kit))).toBe(
      noticeQrText(leadingPayment(data).noticeNumber, creditor.fiscalCode, leadingPayment(data).cents),
    )
  })

  test.skipIf(!has('qpdf') || !has('pdftotext'))('qpdf finds nothing, pdftotext finds the fields', () => {
    for (const [, data] of cases) {
      const bytes = drawNotice(data, prepareNoticeKit(kitOf(creditor, LOGO)))
      expect(qpdfCheck(bytes)).toMatch(/No syntax or stream encoding errors/)
      const text = pdfToText(bytes)
      expect(text).toContain(groupNoticeNumber(leadingPayment(data).noticeNumber))
      expect(text).toContain(`${formatCents(leadingPayment(data).cents)} Euro`)
    }
  })

  test('same notice, same bytes; another notice, other bytes', () => {
    const again = prepareNoticeKit(kitOf({ ...creditor }))
    expect(Buffer.compare(drawNotice(notice(1), kit), drawNotice(notice(1), again))).toBe(0)
    expect(Buffer.compare(drawNotice(notice(1), kit), drawNotice(notice(2), kit))).not.toBe(0)
    expect(Buffer.from(drawNotice(notice(1), kit)).toString('latin1')).not.toMatch(/CreationDate|ModDate/)
  })

  test('is tagged, in Italian, titled, and light', async () => {
    const bytes = drawNotice(notice(1), kit)
    const document = await openPdf(bytes)
    const { info } = (await document.getMetadata()) as { info: { Title: string; Language: string } }
    expect(info.Title).toBe(`Avviso di pagamento ${groupNoticeNumber(leadingPayment(notice(1)).noticeNumber)}`)
    expect(info.Language).toBe('it-IT')
    const marked = (await document.getMarkInfo()) as unknown as Map<string, boolean>
    expect(marked.get('Marked')).toBe(true)
    const tree = await (await document.getPage(1)).getStructTree()
    expect(JSON.stringify(tree)).toContain('Codice QR per pagare l’intero importo')
    await document.loadingTask.destroy()
    expect(bytes.length).toBeLessThan(48_000)
  })

  test('a character that no face has is a problem that names person and character', () => {
    const [found] = checkNotice(named(1, 'Дмитрий Provetti'), kit)
    expect(found?.code).toBe('PAPER_CHARACTER')
    expect(found && problemText(found)).toContain('«Д» (U+0414)')
    expect(found && problemText(found)).toContain('Дмитрий Provetti')
    expect(() => drawNotice(named(1, 'Ada 😀 Prova'), kit)).toThrow(/😀/)
    expect(checkNotice(named(1, 'Jose\u0301 Prova-\u00adEsempio\u2011Due'), kit)).toEqual([])
  })

  test('what does not fit is a problem, never cut', () => {
    const [found] = checkNotice(notice(1, { subject: 'WWWWWWWWW '.repeat(60) }), kit)
    expect(found?.code).toBe('PAPER_TEXT_TOO_LONG')
    expect(checkNotice(notice(1, { single: payment(1, { cents: cents(0) }) }), kit)[0]?.code).toBe(
      'NOTICE_AMOUNT_RANGE',
    )
  })

  test('an institution whose name needs the further letters prints on every notice', async () => {
    const further = prepareNoticeKit(kitOf({ ...creditor, name: 'Zbornica Đorđe Čaša ß', office: 'Œuvre ŁÓDŹ' }))
    for (const n of [1, 2]) {
      const [text] = (await pageTexts(drawNotice(notice(n), further))) as [string]
      expect(text.replace(/\s+/g, '')).toContain('ZbornicaĐorđeČašaß')
      expect(text.replace(/\s+/g, '')).toContain('ŒuvreŁÓDŹ')
    }
    expect(() => prepareNoticeKit(kitOf({ ...creditor, name: 'Ордине' }))).toThrow(/«О» \(U\+041E\)/)
  })

  test('a logo that is no PNG is refused in words', () => {
    expect(() => prepareNoticeKit(kitOf(creditor, new Uint8Array(100)))).toThrow(/PNG/)
  })

  test('random notices up to the official lengths are whole and do not overlap', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZàèéìòùčšžđćßüöäñŁ  ’-.'
    const words = (max: number) =>
      fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: max }).filter((t) => t.trim() !== '')
    const data = fc.record({
      n: fc.integer({ min: 0, max: 9_999_999 }),
      amount: fc.integer({ min: 1, max: 99_999_999_999 }),
      subject: words(140),
      name: words(70),
      street: words(95),
      city: words(45),
      dated: fc.boolean(),
    })
    fc.assert(
      fc.property(data, ({ n, amount, subject, name, street, city, dated }) => {
        const drawn = notice(n, {
          single: payment(n, { cents: cents(amount), dueDate: dated ? isoDate('2026-12-31') : null }),
          subject,
          debtor: { name, fiscalCode: null, addressLines: [street, city] },
        })
        const [page] = layNotice(drawn, kit) as [Canvas]
        expect(overlaps(page)).toEqual([])
        const all = page.boxes
          .map((box) => box.text)
          .join('')
          .replace(/\s+/g, '')
        for (const field of [subject, name, street, city])
          expect(all).toContain(field.normalize('NFC').replace(/\s+/g, ''))
      }),
      { numRuns: 150 },
    )
  })

  test.skipIf(!process.env.QUIETANZA_LONG)(
    '2,000 random notices read back (long run)',
    async () => {
      for (let i = 0; i < 2000; i++) {
        const data = named(i * 7919, `Persona ${i}`, {
          single: payment(i * 7919, { cents: cents((i * 104_729 + 1) % 99_999_999_999) }),
        })
        expect(await readNoticeQr(drawNotice(data, kit))).toBe(
          noticeQrText(leadingPayment(data).noticeNumber, creditor.fiscalCode, leadingPayment(data).cents),
        )
      }
      expect(encodeQr('a').modules.length).toBe(1089)
    },
    900_000,
  )
})
