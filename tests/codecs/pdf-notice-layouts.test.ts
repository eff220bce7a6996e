import { describe, expect, test } from 'vitest'
import type { Canvas } from '#codecs/pdf/canvas'
import {
  checkNotice,
  drawNotice,
  layNotice,
  layoutName,
  type NoticeKit,
  prepareNoticeKit,
} from '#codecs/pdf/notice-kit'
import { noticePages } from '#codecs/pdf/notice-pagination'
import { formatDate, isoDate } from '#domain/date'
import { cents, formatCents } from '#domain/money'
import { type NoticePayment, noticePayments } from '#domain/notice'
import { groupNoticeNumber } from '#domain/notice-number'
import { NOTICE_WORDS, type NoticeWordKey } from '#domain/notice-words'
import { problemText } from '#domain/problem'
import {
  anyNotice,
  kitFor,
  kitInput,
  NOTICE_LAYOUTS,
  type NoticeLayout,
  noticeOf,
  postal,
  widest,
  widestNotice,
} from './pdf-notice-samples.ts'
import { overlaps } from './pdf-overlap.ts'
import { creditor, longCreditor, named, payment, notice as sample } from './pdf-samples.ts'
import { has, openPdf, qpdfCheck } from './pdf-tools.ts'

const LONG = process.env.QUIETANZA_LONG === '1'

const bare = (text: string): string => text.normalize('NFC').replace(/[\s*]+/g, '')
const saidOn = (pages: readonly Canvas[]): string => bare(pages.flatMap((p) => p.boxes.map((b) => b.text)).join(''))

const bilingual = (layout: Partial<NoticeLayout>): NoticeLayout => ({
  single: true,
  installments: 0,
  postal: false,
  dated: true,
  language: 'de',
  ...layout,
})

function nameOf(layout: NoticeLayout): string {
  return layoutName(noticeOf(layout, 1), kitFor(layout))
}

describe('every layout', () => {
  test('has a name of its own', () => {
    const names = NOTICE_LAYOUTS.map(nameOf)
    expect(new Set(names).size).toBe(NOTICE_LAYOUTS.length)
    expect(nameOf(bilingual({ language: null }))).toBe('a4-single')
    expect(nameOf(bilingual({ single: false, installments: 12, postal: true, dated: false }))).toBe(
      'a4-12-rate-postal-undated-de',
    )
  })

  test('carries each number, amount and date, twice with its slip, and nothing overlaps', () => {
    for (let n = 0; n < NOTICE_LAYOUTS.length; n++) {
      const { notice, kit, layout } = anyNotice(n)
      const pages = layNotice(notice, kit)
      expect(pages.length).toBe(noticePages(layout.installments, layout.single, layout.postal).length)
      expect(pages.flatMap(overlaps), JSON.stringify(layout)).toEqual([])
      const said = saidOn(pages)
      const times = (text: string): number => said.split(bare(text)).length - 1
      for (const { noticeNumber, cents, dueDate } of noticePayments(notice)) {
        expect(times(groupNoticeNumber(noticeNumber))).toBe(layout.postal ? 2 : 1)
        expect(times(formatCents(cents))).toBeGreaterThanOrEqual(layout.postal ? 2 : 1)
        if (dueDate !== null) expect(said).toContain(bare(formatDate(dueDate)))
      }
      if (!layout.dated) {
        expect(said.replaceAll(bare(postal.authorisation ?? ''), '')).not.toMatch(/\d\d\/\d\d\/\d{4}/)
        expect(said).not.toMatch(/entroil|Entroil|scadenze/)
        expect(said).toContain('QUANTOPAGARE?')
      }
      const codes = pages.flatMap((page) => page.codes.map(({ modules }) => modules))
      const payments = noticePayments(notice).length
      expect(codes.filter((modules) => modules === 33).length).toBe(payments)
      expect(codes.filter((modules) => modules >= 48).length).toBe(layout.postal ? payments : 0)
    }
  })

  test('holds the longest and the widest texts, whole', () => {
    // A fifth of them, each language and number of instalments among them; all in the long run.
    for (const [i, layout] of NOTICE_LAYOUTS.entries()) {
      if (i % 5 !== 0 && !LONG) continue
      for (const who of [longCreditor, widest]) {
        const kit = kitFor(layout, who)
        for (const wide of ['words', 'letters'] as const) {
          const notice = widestNotice(layout, wide)
          const pages = layNotice(notice, kit)
          expect(pages.flatMap(overlaps), `${JSON.stringify(layout)} ${wide}`).toEqual([])
          const said = saidOn(pages)
          for (const text of [notice.subject, notice.debtor.name, ...notice.debtor.addressLines, who.name])
            expect(said).toContain(bare(text))
        }
      }
    }
  }, 120_000)

  test('of what is left of a plan keeps the numbers of the instalments, and asks nothing else', () => {
    const plan = [1, 2, 3, 4].map((n) => payment(n, { dueDate: isoDate(`2026-0${n}-28`) }))
    const left = (...numbers: number[]) => numbers.map((n) => ({ ...(plan[n - 1] as NoticePayment), ordinal: n }))
    for (const layout of [bilingual({}), bilingual({ language: null }), bilingual({ postal: true })]) {
      const kit = kitFor(layout)
      for (const numbers of [[4], [1, 3], [2, 3, 4]]) {
        const installments = numbers.length === 1 ? [] : left(...numbers)
        const single = numbers.length === 1 ? (left(...numbers)[0] as NoticePayment) : null
        const data = sample(1, { single, installments })
        expect(layoutName(data, kit)).toContain(`a4-left-${numbers.join('-')}`)
        const pages = layNotice(data, kit)
        expect(pages.flatMap(overlaps), numbers.join()).toEqual([])
        const said = saidOn(pages)
        expect(said).not.toMatch(/Rataunica|Puoipagareperintero/)
        const alts = pages.flatMap((page) => page.marks.flatMap(({ options }) => options.alt ?? []))
        for (const [i, one] of plan.entries()) {
          const asked = numbers.includes(i + 1)
          expect(said.includes(bare(groupNoticeNumber(one.noticeNumber)))).toBe(asked)
          expect(said.includes(`Rata${i + 1}`)).toBe(asked)
          expect(alts.includes(`Codice QR per pagare la rata ${i + 1}`)).toBe(asked)
          expect(alts.includes(`Codice Data Matrix del bollettino postale della rata ${i + 1}`)).toBe(
            asked && layout.postal,
          )
        }
      }
    }
  })

  test('keeps names as they are spelled', () => {
    for (const name of ['Ada D’ANGELO', 'John McRae', 'Željko Đorđević-Strauß Čapek'])
      for (const n of [0, 9, 57, 110]) {
        const { notice, kit } = anyNotice(n)
        const pages = layNotice(named(n, name, notice), kit)
        expect(saidOn(pages)).toContain(bare(name))
      }
  })

  test('is read in order: headings without leaps, codes by name, two persons alike', () => {
    for (let n = 0; n < NOTICE_LAYOUTS.length; n++) {
      const { notice, kit, layout } = anyNotice(n)
      const pages = layNotice(notice, kit)
      const marks = (of: readonly Canvas[]) =>
        of.map((page) => page.marks.map(({ tag, order, options }) => [tag, order, options]))
      expect(marks(layNotice(widestNotice(layout, 'words'), kit))).toEqual(marks(pages))
      const read = pages.flatMap((page) => [...page.marks].sort((a, b) => a.order - b.order))
      let level = 0
      for (const { tag } of read) {
        const heading = /^H([1-3])$/.exec(tag)
        if (heading === null) continue
        expect(Number(heading[1])).toBeLessThanOrEqual(level + 1)
        level = Number(heading[1])
      }
      const alts = read.flatMap(({ tag, options }) => (tag === 'Figure' ? [options.alt] : []))
      expect(new Set(alts).size).toBe(alts.length)
      for (let i = 1; i <= layout.installments; i++) {
        expect(alts).toContain(`Codice QR per pagare la rata ${i}`)
        if (layout.postal) expect(alts).toContain(`Codice Data Matrix del bollettino postale della rata ${i}`)
      }
      const languages = new Set(read.flatMap(({ options }) => options.lang ?? []))
      expect([...languages]).toEqual(layout.language === null ? [] : [layout.language])
    }
  })

  test.skipIf(!has('qpdf'))('qpdf finds nothing', () => {
    for (let n = 0; n < NOTICE_LAYOUTS.length; n += 9) {
      const { notice, kit } = anyNotice(n)
      expect(qpdfCheck(drawNotice(notice, kit))).toMatch(/No syntax or stream encoding errors/)
    }
  })
})

describe('two languages', () => {
  test('each word of the second stands beside or under the Italian one', () => {
    const ones: readonly [NoticeLayout, readonly NoticeWordKey[]][] = [
      [
        bilingual({ postal: true }),
        ['title', 'creditor', 'debtor', 'howMuchAndWhen', 'where', 'goTo', 'amount', 'by', 'variation', 'placesTitle']
          .concat('placesText', 'data', 'scanBeside', 'debtorLabel', 'creditorLabel', 'subjectLabel', 'cbill')
          .concat(
            'noticeNumber',
            'creditorCode',
            'slipTitle',
            'slipAccount',
            'slipHolder',
            'slipPayable',
          ) as NoticeWordKey[],
      ],
      [bilingual({ installments: 3 }), ['scanAboveShort', 'installmentBy']],
      [bilingual({ installments: 2 }), ['scanAbove', 'installmentBy', 'creditorCode']],
      [bilingual({ dated: false }), ['howMuch', 'single']],
      [bilingual({ single: false, installments: 12 }), ['inInstallmentsOnly']],
    ]
    for (const [layout, keys] of ones) {
      const input = kitInput(layout)
      const said = saidOn(layNotice(noticeOf(layout, 3), prepareNoticeKit(input)))
      for (const key of keys) {
        expect(said, key).toContain(bare(NOTICE_WORDS[key]))
        expect(said, key).toContain(bare(input.second?.words[key] ?? '?'))
      }
    }
  })

  test('a reader aloud is told which language is which', async () => {
    const layout = bilingual({ installments: 2, postal: true })
    const bytes = drawNotice(noticeOf(layout, 3), kitFor(layout))
    const document = await openPdf(bytes)
    const tree = JSON.stringify(await (await document.getPage(1)).getStructTree())
    expect(tree.split('"lang":"de"').length).toBeGreaterThan(30)
    await document.loadingTask.destroy()
  })

  test('words that the institution made too long are told when the kit is prepared', () => {
    const input = kitInput(bilingual({}))
    const outcomes = Array.from({ length: 20 }, (_, i) => {
      const title = 'Zahlungsmitteilung '.repeat(i + 1).trim()
      const second = { language: 'de', words: { ...NOTICE_WORDS, ...input.second?.words, title } } as const
      let kit: NoticeKit
      try {
        kit = prepareNoticeKit({ ...input, second })
      } catch (error) {
        expect(String(error)).toMatch(/seconda lingua \(de\)/)
        return 'refused'
      }
      expect(saidOn(layNotice(noticeOf(bilingual({}), 1), kit))).toContain(bare(title))
      return 'whole'
    })
    expect([outcomes[0], outcomes.at(-1)]).toEqual(['whole', 'refused'])
  })
})

describe('what cannot be printed', () => {
  const many = bilingual({ installments: 12, language: null })

  test('a character that no face has, on the paper of whom it is', () => {
    const kit = kitFor(many)
    const [found] = checkNotice(named(1, 'Ada 😀 Prova', noticeOf(many, 1)), kit)
    expect(found?.code).toBe('PAPER_CHARACTER')
    expect(found && problemText(found)).toMatch(/😀.*Ada 😀 Prova/)
  })

  test('a subject that its narrowest room cannot hold', () => {
    const kit = kitFor(many)
    const [found] = checkNotice(noticeOf(many, 1, { subject: 'WWWWWWWWW '.repeat(30) }), kit)
    expect(found?.code).toBe('PAPER_TEXT_TOO_LONG')
  })

  test('an instalment of nothing, or of more than a slip can say', () => {
    const slips = bilingual({ installments: 2, postal: true })
    const kit = kitFor(slips)
    const notice = noticeOf(slips, 1)
    const with2 = (amount: number) => ({
      ...notice,
      installments: notice.installments.map((one, i) => (i === 1 ? { ...one, cents: cents(amount) } : one)),
    })
    expect(checkNotice(with2(0), kit)[0]?.code).toBe('NOTICE_AMOUNT_RANGE')
    expect(checkNotice(with2(10_000_000_000), kit)[0]?.code).toBe('SLIP_AMOUNT_RANGE')
    expect(checkNotice(with2(9_999_999_999), kit)).toEqual([])
  })
})

describe('the institution’s own', () => {
  const RED = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><path d="M0 0h40v10h-40z"/></svg>'

  test('official graphics stand in the official boxes, in proportion; without them words do', () => {
    const layout = bilingual({ postal: true, language: null })
    const input = kitInput(layout)
    const words = saidOn(layNotice(noticeOf(layout, 1), prepareNoticeKit(input)))
    for (const word of ['pagoPA', 'BancoPosta', 'PosteItaliane']) expect(words).toContain(word)
    const bytes = new TextEncoder().encode(RED)
    const graphics = new Map((['pagopa', 'bancoPosta', 'poste', 'slip'] as const).map((kind) => [kind, bytes]))
    const kit = prepareNoticeKit({ ...input, graphics })
    const pages = layNotice(noticeOf(layout, 1), kit)
    expect(saidOn(pages)).not.toMatch(/pagoPAAVVISO|BancoPosta/)
    const figures = pages.flatMap((page) => page.marks.filter(({ tag }) => tag === 'Figure').map((m) => m.options.alt))
    expect(figures).toEqual(
      expect.arrayContaining(['pagoPA', 'BancoPosta', 'Poste Italiane', 'Circuito bollettino postale BancoPosta']),
    )
    for (const name of ['XPagopa', 'XBancoPosta', 'XPoste', 'XSlip']) expect(pages[0]?.resources).toContain(name)
  })

  test('without authorisation to print, office, information or CBILL their places stay empty', () => {
    const layout = bilingual({ installments: 3, postal: true, language: null })
    const bareCreditor = { ...creditor, office: null, info: null, cbill: null, online: null }
    const input = { ...kitInput(layout), creditor: { ...bareCreditor, postal: { ...postal, authorisation: null } } }
    const pages = layNotice(noticeOf(layout, 1), prepareNoticeKit(input))
    expect(pages.flatMap(overlaps)).toEqual([])
    expect(saidOn(pages)).not.toMatch(/AUT\.|CBILL/)
    expect(saidOn(pages)).toContain(bare('oppure dal tuo Home Banking'))
  })
})
