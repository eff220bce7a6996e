import { describe, expect, test } from 'vitest'
import { drawList, layList } from '#codecs/pdf/list'
import { mergeNotices } from '#codecs/pdf/merge'
import { prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { drawQuietanza, layQuietanza } from '#codecs/pdf/quietanza'
import { drawReversale, layReversale } from '#codecs/pdf/reversale'
import { isoDate } from '#domain/date'
import { leadingPayment, noticeQrText } from '#domain/notice'
import { overlaps } from './pdf-overlap.ts'
import { creditor, kitOf, list, named, quietanza, reversale } from './pdf-samples.ts'
import { has, openPdf, pageTexts, qpdfCheck, readNoticeQr } from './pdf-tools.ts'

const flat = (text: string): string => text.replace(/\s+/g, '')

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
    for (const bytes of [drawQuietanza(quietanza), drawReversale(reversale(80)), drawList(list(130))]) {
      expect(qpdfCheck(bytes)).toMatch(/No syntax or stream encoding errors/)
    }
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
