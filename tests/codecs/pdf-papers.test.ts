import { describe, expect, test } from 'vitest'
import { drawLetter, drawLetterPages, LETTER_WINDOW } from '#codecs/pdf/letter'
import { drawList, layList } from '#codecs/pdf/list'
import { mergeNotices } from '#codecs/pdf/merge'
import { mergePapers } from '#codecs/pdf/merge-papers'
import { prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { drawQuietanza, layQuietanza } from '#codecs/pdf/quietanza'
import { drawReversale, layReversale } from '#codecs/pdf/reversale'
import { drawTransmissionList, layTransmissionList } from '#codecs/pdf/transmission-list'
import { isoDate } from '#domain/date'
import type { LetterPaper } from '#domain/letter-paper'
import { cents } from '#domain/money'
import { leadingPayment, noticeQrText } from '#domain/notice'
import type { TransmissionListDocument } from '#domain/transmission-list-paper'
import { overlaps } from './pdf-overlap.ts'
import { creditor, kitOf, list, named, quietanza, reversale } from './pdf-samples.ts'
import { spoken } from './pdf-spoken.ts'
import { has, openPdf, pageTexts, qpdfCheck, readNoticeQr } from './pdf-tools.ts'

const flat = (text: string): string => text.replace(/\s+/g, '')
const { institution } = quietanza

const letter: LetterPaper = {
  institution,
  date: isoDate('2026-03-12'),
  recipient: ['Željko Đorđević', 'Via delle Prove 12', '10100 Torino (TO)'],
  subject: 'Quota di iscrizione 2026',
  body: 'Gentile collega,\n\nle inviamo l’avviso della quota.\nGli uffici aprono il lunedì.\n\nCordiali saluti.',
  signature: 'Il Presidente\nMaria D’Invento',
}

/** `count` reversali from number 11 on, one euro more each. */
function distinta(count: number): TransmissionListDocument {
  const reversali = Array.from({ length: count }, (_, i) => ({
    number: 11 + i,
    date: isoDate('2026-03-12'),
    debtor: i % 2 === 0 ? 'diversi' : 'Željko Đorđević',
    causale: 'Incassi pagoPA, flusso 2026-03-11BANCAPROVA-000123456, accredito del 12/03/2026',
    cents: cents(10_000 + i * 100),
  }))
  const total = cents(reversali.reduce((sum, r) => sum + r.cents, 0))
  return {
    ...{ institution, exercise: 2026, number: 3, date: isoDate('2026-04-02'), reversali, cents: total },
    account: 'Banca di prova, IT66S0999912100000000012345',
    signatures: ['Il Tesoriere', 'Il Segretario', 'Il Presidente'],
  }
}

describe('quietanza', () => {
  test('says who, what, when, through whom, and which reversale', async () => {
    const text = flat((await pageTexts(drawQuietanza(quietanza))).join(''))
    for (const field of [
      'Quietanza n. 2026/12-1',
      'Željko Đorđević',
      'DRDZJK80A01Z118X',
      'duecentoventitré/56 euro',
      '€ 223,56',
      '10/03/2026',
      'Banca Inventata S.p.A.',
      '3012 0260 0000 0123 32',
      '01202600000012332',
      '9f2c4a1be60d4d1c8d7e52b3a1f0c9de',
      '2026-03-11BANCAPROVA-000123456',
      'n. 12 del 12/03/2026',
      '1.1.20 Diritti',
      '2026/118',
      'pagina 1 di 1',
    ]) {
      expect(text).toContain(flat(field))
    }
  })

  test('absent data leaves no label; an annulled one says so', async () => {
    const poor = {
      ...quietanza,
      psp: null,
      iur: null,
      noticeNumber: null,
      paidOn: null,
      creditedOn: null,
      flowId: null,
    }
    const text = (
      await pageTexts(drawQuietanza({ ...poor, annulled: { on: isoDate('2026-04-01'), reason: 'accredito stornato' } }))
    ).join('')
    expect(text).not.toMatch(/Tramite|IUR|Codice avviso|Pagato il|Flusso/)
    expect(text).toContain('ANNULLATA il 01/04/2026. Motivo: accredito stornato')
  })
})

describe('quietanza of an instalment', () => {
  test('says which, and who paid where it is somebody else', async () => {
    const paidBy = { name: 'Studio Associato Inventati S.r.l.', fiscalCode: '01234567890' }
    const said = await spoken(drawQuietanza({ ...quietanza, installment: { ordinal: 2, count: 3 }, paidBy }))
    expect(said).toContain('P Rata: 2 di 3')
    expect(said).toContain('P Pagato da: Studio Associato Inventati S.r.l.')
    expect(said).toContain('P Codice fiscale di chi ha pagato: 01234567890')
  })
})

describe('papers read aloud', () => {
  test('quietanza: headings, label and value together, a table of cells, nothing repeated', async () => {
    const said = await spoken(drawQuietanza(quietanza))
    expect(said.slice(0, 9)).toEqual([
      `P ${institution.name}`,
      'P Segreteria',
      `P Codice fiscale ${institution.fiscalCode}`,
      'P RICEVUTA PER CHI HA PAGATO',
      'H1 Quietanza n. 2026/12-1 del 12/03/2026',
      'P Ricevuto da: Željko Đorđević',
      'P Codice fiscale: DRDZJK80A01Z118X',
      'P Indirizzo: Via delle Prove 12 10100 Torino (TO)',
      'P La somma di: duecentoventitré/56 euro',
    ])
    expect(said.filter((s) => s.startsWith('Table'))).toEqual([
      ...['A titolo di', 'Accertamento', 'Capitolo', 'Importo'].map((t) => `Table > THead > TR > TH ${t}`),
      ...['Quota annuale 2026', '2026/118', '1.1.10 Quote iscritti', '200,00'].map(
        (t) => `Table > TBody > TR > TD ${t}`,
      ),
      ...['Diritti di segreteria', '2026/119', '1.1.20 Diritti', '23,56'].map((t) => `Table > TBody > TR > TD ${t}`),
      'Table > TBody > TR > TH Totale',
      ...['Table > TBody > TR > TD', 'Table > TBody > TR > TD', 'Table > TBody > TR > TD 223,56'],
    ])
    expect(said.join()).not.toContain('pagina')
  })

  test('over pages the heading of the table is said once, running heads never', async () => {
    for (const bytes of [drawReversale(reversale(80)), drawTransmissionList(distinta(60)), drawList(list(130))]) {
      const said = await spoken(bytes)
      const heads = said.filter((s) => s.includes('THead'))
      expect(new Set(heads).size).toBe(heads.length)
      expect(said.filter((s) => s.startsWith('H1'))).toHaveLength(1)
      expect(said.filter((s) => /pagina \d+ di/.test(s))).toEqual([])
    }
    expect(await spoken(drawReversale(reversale(2)))).toContain('P Il Presidente')
  })

  test('a list too long for tags has none, and says so to nobody', async () => {
    expect((await spoken(drawList(list(2_000)))).filter((s) => s.includes('TBody')).length).toBeGreaterThan(8_000)
    expect(await spoken(drawList(list(2_001)))).toEqual([])
  })
})

describe('transmission list', () => {
  test('says what is handed over, with total and place for the receipt on the last page', async () => {
    const pages = await pageTexts(drawTransmissionList(distinta(60)))
    const [first] = pages as [string]
    for (const field of [
      'Distinta di trasmissione n. 3',
      'del 02/04/2026',
      'ESERCIZIO 2026',
      'Banca di prova, IT66S0999912100000000012345',
      '60 reversali d’incasso',
      'settemilasettecentosettanta/00 euro',
      '€ 7.770,00',
      '11 12/03/2026',
    ]) {
      expect(flat(first)).toContain(flat(field))
    }
    const last = flat(pages.at(-1) as string)
    for (const field of ['70 12/03/2026', '60 reversali', '7.770,00', 'Il Segretario', 'Ricevuta del cassiere']) {
      expect(last).toContain(flat(field))
    }
    expect(flat((await pageTexts(drawTransmissionList(distinta(1)))).join(''))).toContain(flat('1 reversale d’incasso'))
  })
})

describe('cover letter', () => {
  const inWindow = (pages: ReturnType<typeof drawLetterPages>): string[] => {
    const { left, top, width, height } = LETTER_WINDOW
    const inside = pages[0]?.boxes.filter(
      (b) => b.left >= left - 0.01 && b.right <= left + width && b.top >= top && b.bottom <= top + height,
    )
    return (inside ?? []).map((b) => b.text)
  }

  test('recipient in the window, one page, no foot; line breaks and paragraphs kept', async () => {
    const pages = drawLetterPages(letter)
    expect(inWindow(pages)).toEqual([...letter.recipient])
    const said = await spoken(drawLetter(letter))
    expect(said.slice(3)).toEqual([
      'P Željko Đorđević Via delle Prove 12 10100 Torino (TO)',
      'P 12/03/2026',
      'H1 Oggetto: Quota di iscrizione 2026',
      'P Gentile collega,',
      'P le inviamo l’avviso della quota. Gli uffici aprono il lunedì.',
      'P Cordiali saluti.',
      'P Il Presidente Maria D’Invento',
    ])
    expect((await pageTexts(drawLetter(letter))).join('')).not.toContain('pagina')
  })

  test('a recipient at its longest shrinks inside the window; one that no size holds is refused by name', () => {
    const long = [
      'Società tra Professionisti Inventati e Associati di Prova a responsabilità limitata, sede secondaria',
      'Alla cortese attenzione di Maria Antonietta Pellegrini Quarantotti',
      'Frazione San Giovanni in Persiceto Superiore 123/A, scala B, interno 27, presso Ufficio',
      '86036 Montenero di Bisaccia (CB)',
      'ITALIA',
    ]
    const texts = inWindow(drawLetterPages({ ...letter, recipient: long }))
    expect(flat(texts.join(''))).toBe(flat(long.join('')))
    const endless = { ...letter, recipient: ['Mario Rossi', 'x'.repeat(900)] }
    expect(() => drawLetterPages(endless)).toThrow(/Mario Rossi/)
    expect(() => drawLetterPages({ ...letter, body: 'ciao \u{1F600}' })).toThrow(/U\+1F600/)
  })

  test('a long text goes on: every word once, signature with the end of the text, pages numbered', async () => {
    const paragraphs = Array.from(
      { length: 40 },
      (_, i) => `Capoverso ${i + 1}. ${'Il Consiglio delibera. '.repeat(12)}`,
    )
    const long = { ...letter, body: paragraphs.join('\n\n') }
    const texts = await pageTexts(drawLetter(long))
    expect(texts.length).toBeGreaterThan(2)
    texts.forEach((text, i) => {
      expect(flat(text)).toContain(flat(`pagina ${i + 1} di ${texts.length}`))
    })
    const said = (await spoken(drawLetter(long))).map((s) => s.replace(/^\S+ /, '')).join(' ')
    expect(flat(said)).toContain(flat(paragraphs.join('')))
    const last = flat(texts.at(-1) as string)
    expect(last).toContain('Mariad’Invento'.replace('d', 'D'))
    expect(last).toContain(flat('Il Consiglio delibera.'))
  })

  test('nothing overlaps at any length of the text', () => {
    for (let words = 0; words <= 1_500; words += 50) {
      const body = `${'parola '.repeat(words)}\n\nfine`
      for (const page of drawLetterPages({ ...letter, body })) expect(overlaps(page)).toEqual([])
    }
  })
})

describe('reversale', () => {
  test('spans pages, heading and running number on each, total and signatures on the last', async () => {
    const pages = await pageTexts(drawReversale(reversale(80)))
    expect(pages.length).toBeGreaterThan(2)
    const [first] = pages as [string]
    for (const field of [
      'Reversale d’incasso n. 12',
      'ESERCIZIO 2026',
      'Residui 2025',
      'Diversi, come da elenco',
      '€ 17.200,00',
      'diciassettemiladuecento/00 euro',
      'Accredito del 12/03/2026',
    ]) {
      expect(flat(first)).toContain(flat(field))
    }
    pages.forEach((page, i) => {
      expect(flat(page)).toContain(flat(`pagina ${i + 1} di ${pages.length}`))
      expect(flat(page)).toContain('Accertamento')
    })
    const all = flat(pages.join(' '))
    for (let i = 1; i <= 80; i++) expect(all).toContain(flat(`2026/${i} Persona Inventata ${i}`))
    expect(flat(pages.at(-1) as string)).toContain(flat('Il Presidente'))
    expect(flat(pages.at(-1) as string)).toContain(flat('80 righe'))
  })
})

describe('printed list', () => {
  test('title, filters, rows, totals, page numbers', async () => {
    const pages = await pageTexts(drawList(list(130)))
    expect(pages[0]).toContain('Esercizio 2026, competenza, da incassare')
    expect(flat(pages.join(''))).toContain(flat('130 Persona Inventata 130 01202600000012332 215,00'))
    expect(flat(pages.at(-1) as string)).toContain(flat('130 accertamenti 1.234,00'))
    expect(flat(pages.at(-1) as string)).toContain(flat(`pagina ${pages.length} di ${pages.length}`))
  })

  test('an empty list says so', async () => {
    expect((await pageTexts(drawList({ ...list(0), totals: null }))).join('')).toContain('Nessuna riga.')
  })

  test('long cells wrap, none is cut', async () => {
    const cell = 'Società tra Professionisti Inventati e Associati di Prova a responsabilità limitata, sede secondaria'
    const text = (await pageTexts(drawList({ ...list(0), rows: [['1', cell, 'X', '999.999.999,99']] }))).join('')
    expect(flat(text)).toContain(flat(cell))
  })
})

describe('every own paper', () => {
  const papers = [
    layQuietanza(quietanza),
    layReversale(reversale(80)),
    layList(list(130)),
    layList({ ...list(60), orientation: 'landscape' }),
    ...[1, 9, 15, 60].map((count) => layTransmissionList(distinta(count))),
    drawLetterPages(letter),
  ]
  test('no two texts overlap, none leaves the page', () => {
    for (const pages of papers) for (const page of pages) expect(overlaps(page)).toEqual([])
  })

  test('same data, same bytes', () => {
    expect(Buffer.compare(drawQuietanza(quietanza), drawQuietanza({ ...quietanza }))).toBe(0)
    expect(Buffer.compare(drawReversale(reversale(30)), drawReversale(reversale(30)))).toBe(0)
    expect(Buffer.compare(drawList(list(30)), drawList(list(30)))).toBe(0)
  })

  test.skipIf(!has('qpdf'))('qpdf finds nothing', () => {
    const drawn = [drawQuietanza(quietanza), drawReversale(reversale(80)), drawList(list(130))]
    for (const bytes of [...drawn, drawTransmissionList(distinta(60)), drawLetter(letter)]) {
      expect(qpdfCheck(bytes)).toMatch(/No syntax or stream encoding errors/)
    }
  })
})

describe('merged papers', () => {
  const info = { title: 'Quietanze (300)', author: institution.name, subject: 'Quietanze' }
  const merge = async (count: number): Promise<Buffer> => {
    const papers = function* () {
      for (let i = 0; i < count; i++) {
        const data = { ...quietanza, number: `2026/${i}-1` }
        yield { title: `Persona ${i}, ${data.number}`, pages: layQuietanza(data) }
      }
    }
    const chunks: Uint8Array[] = []
    for await (const chunk of mergePapers(papers(), info)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  test('a bookmark each, shared fonts, the same bytes again', async () => {
    const bytes = await merge(300)
    // Alone each weighs more than thirty: fonts are there once.
    expect(bytes.length / 300).toBeLessThan(4_000)
    const document = await openPdf(bytes)
    expect(document.numPages).toBe(300)
    const outline = await document.getOutline()
    expect(outline.map((item) => item.title)).toEqual(
      Array.from({ length: 300 }, (_, i) => `Persona ${i}, 2026/${i}-1`),
    )
    await document.loadingTask.destroy()
    expect(flat((await pageTexts(bytes))[299] as string)).toContain(flat('Quietanza n. 2026/299-1'))
    expect(Buffer.compare(bytes, await merge(300))).toBe(0)
    if (has('qpdf')) expect(qpdfCheck(bytes)).toMatch(/No syntax or stream encoding errors/)
  })
})

describe('merged notices', () => {
  const kit = prepareNoticeKit(kitOf(creditor))
  const many = Array.from({ length: 300 }, (_, i) => named(i, i === 299 ? 'Željka Đorđević' : `Persona ${i}`))
  const info = { title: 'Avvisi del lotto 1', author: creditor.name, subject: '300 avvisi' }
  async function merged(of: typeof many): Promise<{ bytes: Buffer; chunks: number }> {
    const chunks: Uint8Array[] = []
    for await (const chunk of mergeNotices(
      of.map((notice) => ({ notice })),
      kit,
      info,
    ))
      chunks.push(chunk)
    return { bytes: Buffer.concat(chunks), chunks: chunks.length }
  }

  test('one page each, a bookmark by name, in chunks, small, deterministic', async () => {
    const { bytes, chunks } = await merged(many)
    expect(chunks).toBeGreaterThan(1)
    expect(bytes.length / 300).toBeLessThan(2_400)
    const document = await openPdf(bytes)
    expect(document.numPages).toBe(300)
    const outline = await document.getOutline()
    expect(outline.map((item) => item.title)).toEqual(many.map((data) => data.debtor.name))
    await document.loadingTask.destroy()
    expect(Buffer.compare(bytes, (await merged(many)).bytes)).toBe(0)
    if (has('qpdf')) expect(qpdfCheck(bytes)).toMatch(/No syntax or stream encoding errors/)
    for (const page of [1, 129, 300]) {
      const data = many[page - 1] as (typeof many)[number]
      const { noticeNumber, cents } = leadingPayment(data)
      expect(await readNoticeQr(bytes, page)).toBe(noticeQrText(noticeNumber, creditor.fiscalCode, cents))
    }
  })

  test('one notice alone is a whole file too', async () => {
    const { bytes } = await merged(many.slice(0, 1))
    expect((await pageTexts(bytes)).length).toBe(1)
  })
})
