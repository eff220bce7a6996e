import { describe, expect, test } from 'vitest'
import { Canvas, type MarkOptions, StructureGroup, type Tag } from '#codecs/pdf/canvas'
import { drawCartSheet } from '#codecs/pdf/cart-sheet'
import { REGULAR } from '#codecs/pdf/font'
import { drawLetter } from '#codecs/pdf/letter'
import { drawList } from '#codecs/pdf/list'
import { mergeNotices } from '#codecs/pdf/merge'
import { mergePapers } from '#codecs/pdf/merge-papers'
import { drawNotice, prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { writePaper } from '#codecs/pdf/paper'
import { ownPaperKit } from '#codecs/pdf/paper-parts'
import { drawQuietanza, layQuietanza } from '#codecs/pdf/quietanza'
import { drawReversale, layReversale } from '#codecs/pdf/reversale'
import { drawTransmissionList } from '#codecs/pdf/transmission-list'
import { isoDate } from '#domain/date'
import type { LetterPaper } from '#domain/letter-paper'
import { cents } from '#domain/money'
import { NOTICE_GRAPHIC_KINDS } from '#domain/notice-graphics'
import { archiveFaults } from './archive/rules.ts'
import { DRAWINGS } from './graphic-samples.ts'
import { randomNotices } from './notice-random-cases.ts'
import { cartSheet, creditor, kitOf, list, named, notice, quietanza, reversale } from './pdf-samples.ts'
import { has, qpdfCheck } from './pdf-tools.ts'

const institution = { name: creditor.name, fiscalCode: creditor.fiscalCode, office: 'Segreteria' }
const letter: LetterPaper = {
  institution,
  date: isoDate('2026-01-15'),
  recipient: ['Ada D’ANGELO', 'Via delle Prove 12', '10100 Torino (TO)'],
  subject: 'Quota annuale 2026 & diritti «di segreteria»',
  body: 'Gentile iscritta,\n\ntroverà con questa lettera l’avviso di pagamento della quota annuale.\n\nCordiali saluti.',
  signature: 'Il Tesoriere',
}
const transmission = {
  institution,
  exercise: 2026,
  number: 3,
  date: isoDate('2026-03-12'),
  account: 'Banca Inventata, IT60X0542811101000000123456',
  reversali: Array.from({ length: 70 }, (_, i) => ({
    number: i + 1,
    date: isoDate('2026-03-12'),
    debtor: 'diversi',
    causale: 'Quote annuali 2026',
    cents: cents(21_500),
  })),
  cents: cents(21_500 * 70),
  signatures: ['Il Tesoriere', 'Il Presidente'],
}
const kit = prepareNoticeKit(kitOf(creditor))
const info = { title: 'Avvisi del lotto «1»', author: creditor.name, subject: 'Avvisi & <prove>' }

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const chunk of chunks) pieces.push(chunk)
  return Buffer.concat(pieces)
}

function merged(count: number): Promise<Buffer> {
  const papers = Array.from({ length: count }, (_, i) => ({
    notice: named(i, i === 1 ? 'Željka Đorđević' : `Persona ${i}`),
    ...(i === 0 ? { letter: { paper: letter, place: 'before' as const } } : {}),
  }))
  return whole(mergeNotices(papers, kit, info))
}

const PAPERS: Readonly<Record<string, () => Uint8Array | Promise<Uint8Array>>> = {
  'a notice': () => drawNotice(notice(1), kit),
  'a notice with letters of further sets': () => drawNotice(named(2, 'Željko Đorđević Strauß Ģirts'), kit),
  'a notice after its letter': () => drawNotice(notice(1), kit, { paper: letter, place: 'before' }),
  'a notice before its letter': () => drawNotice(notice(1), kit, { paper: letter, place: 'after' }),
  'a notice with drawings of the institution': () => {
    const graphics = new Map(NOTICE_GRAPHIC_KINDS.map((kind) => [kind, Buffer.from(DRAWINGS.paths as string)]))
    return drawNotice(
      notice(1),
      prepareNoticeKit({ ...kitOf(creditor, Buffer.from(DRAWINGS.shapes as string)), graphics }),
    )
  },
  'a duplicate': () => drawNotice({ ...notice(1), duplicate: true }, kit),
  'a letter': () => drawLetter(letter),
  'a sheet to pay now': () => drawCartSheet(cartSheet),
  'a quietanza': () => drawQuietanza(quietanza),
  'an annulled quietanza': () =>
    drawQuietanza({ ...quietanza, annulled: { on: isoDate('2026-04-01'), reason: 'Importo errato' } }),
  'a reversale of three pages': () => drawReversale(reversale(80)),
  'a transmission list': () => drawTransmissionList(transmission),
  'a list': () => drawList(list(130)),
  'a list without rows': () => drawList(list(0)),
  'three notices in one file': () => merged(3),
  'quietanze and reversali in one file': () =>
    whole(
      mergePapers(
        [
          { title: 'Quietanza', pages: layQuietanza(quietanza) },
          { title: 'Reversale', pages: layReversale(reversale(60)) },
        ],
        info,
      ),
    ),
}

function marked(page: Canvas, tag: Tag, options: MarkOptions, draw = (): void => {}): void {
  page.begin(tag, options)
  draw()
  page.end()
}

function row(
  page: Canvas,
  tag: 'TH' | 'TD',
  options: MarkOptions,
  cells = 1,
  table = new StructureGroup('Table'),
): void {
  const group = new StructureGroup('TR', table)
  for (let i = 0; i < cells; i++) marked(page, tag, { ...options, in: group })
}

function twoRows(page: Canvas): void {
  const table = new StructureGroup('Table')
  row(page, 'TD', {}, 1, table)
  row(page, 'TD', {}, 2, table)
}

/** Of the 184 layouts, one in so many: all in the long run. 5 has no factor in common with their order. */
const STEP = process.env.QUIETANZA_LONG ? 1 : 5

describe('archivable and accessible, rule by rule', () => {
  test.each(Object.entries(PAPERS))('%s is PDF/A-2a and PDF/UA-1', async (_, draw) => {
    const bytes = await draw()
    expect(await archiveFaults(bytes)).toEqual([])
    const text = Buffer.from(bytes).toString('latin1')
    expect(text).toContain('<pdfaid:conformance>A</pdfaid:conformance>')
    expect(text).toContain('<pdfuaid:part>1</pdfuaid:part>')
    if (has('qpdf')) expect(qpdfCheck(bytes)).toMatch(/No syntax or stream encoding errors/)
    expect(Buffer.compare(bytes, await draw())).toBe(0)
  })

  test.each([
    ['a list of more than two thousand rows', () => drawList(list(2_001))],
    ['more than two hundred notices in one file', () => merged(201)],
  ])('%s is PDF/A-2u, without tags', async (_, draw) => {
    const bytes = await draw()
    expect(await archiveFaults(bytes)).toEqual([])
    expect(Buffer.from(bytes).toString('latin1')).toContain('<pdfaid:conformance>U</pdfaid:conformance>')
  })

  test('notices of every layout are PDF/A-2a and PDF/UA-1', async () => {
    const faults: string[] = []
    let count = 0
    for (const { label, notice: data, kit: used } of randomNotices(184, 20_261_122)) {
      if (count++ % STEP !== 0) continue
      for (const fault of await archiveFaults(drawNotice(data, used))) faults.push(`${label}: ${fault}`)
    }
    expect(faults).toEqual([])
  }, 60_000)

  test('what a file says wrong of itself is found', async () => {
    const good = Buffer.from(drawList(list(3))).toString('latin1')
    const broken = (from: string, to: string): Promise<string[]> => {
      expect(good).toContain(from)
      return archiveFaults(Buffer.from(good.replace(from, to), 'latin1'))
    }
    expect(await broken('<pdfaid:part>2', '<pdfaid:part>1')).toContain('no claim of part 2')
    expect((await broken('x-default">Acc', 'x-default">Ecc')).join()).toMatch(/dc:title/)
    expect(await broken('<pdfuaid:part>1', '<pdfuaid:part>2')).toContain('PDF/UA and tags differ')
    expect(await broken('%PDF-1.7\n', '%PDF-2.0\n')).toContain('another header')
    const bare = drawNotice(notice(1), prepareNoticeKit({ ...kitOf(creditor), bare: true }))
    expect((await archiveFaults(bare)).sort()).toEqual(['no metadata', 'no output intent'])
  })

  test.each<[string, (page: Canvas) => void]>([
    ['Tj outside every mark', (page) => page.text(20, 20, REGULAR, 4, 'a')],
    [
      'a figure without alternative text',
      (page) => marked(page, 'Figure', {}, () => page.modules(new Uint8Array(4), 2, 1, 1, 9)),
    ],
    ['a figure without box', (page) => marked(page, 'Figure', { alt: 'x' })],
    ['a heading of level 3 skips one', (page) => marked(page, 'H3', {})],
    ['a heading cell without scope', (page) => row(page, 'TH', {})],
    ['TD inside Document', (page) => marked(page, 'TD', {})],
    ['P inside TR', (page) => marked(page, 'P', { in: new StructureGroup('TR', new StructureGroup('Table')) })],
    ['a table with rows of 1 and 2 cells', (page) => twoRows(page)],
    ['language italiano', (page) => marked(page, 'P', { lang: 'italiano' })],
    ['operator k', (page) => marked(page, 'P', {}, () => page.raw('0 0 0 1 k'))],
    ['q without Q', (page) => marked(page, 'P', {}, () => page.raw('q'))],
    [
      'AAQUIE+TitilliumWeb-Regular: .notdef is shown',
      (page) => marked(page, 'P', {}, () => page.raw('BT /R0 9 Tf (\0\0)Tj ET')),
    ],
  ])('«%s» is found', async (fault, draw) => {
    const page = new Canvas(72 / 25.4)
    marked(page, 'H1', {}, () => page.text(20, 10, REGULAR, 4, 'Titolo'))
    draw(page)
    expect(await archiveFaults(writePaper(ownPaperKit(), [page], info))).toContain(fault)
  })
})

describe('weight', () => {
  test('a notice weighs about thirty kilobytes', () => {
    expect(drawNotice(notice(1), kit).length).toBeLessThan(31_000)
    const postal = { number: '12345678', holder: creditor.name, authorisation: 'AUT. DB/PROVA 1 DEL 01/01/2026' }
    expect(drawNotice(notice(1), prepareNoticeKit(kitOf({ ...creditor, postal }))).length).toBeLessThan(36_000)
  })
})
