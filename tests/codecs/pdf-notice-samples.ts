import { type NoticeKit, type NoticeKitInput, prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { cents } from '#domain/money'
import type { NoticeCreditor, NoticeData, NoticePostalAccount } from '#domain/notice'
import { SECOND_LANGUAGES, type SecondLanguage } from '#domain/notice-words'
import { secondWords } from '#domain/second-words'
import { creditor, longCreditor, notice, payment } from './pdf-samples.ts'

export const postal: NoticePostalAccount = {
  number: '000000123456',
  holder: 'Ordine dei Periti Inventati di Prova',
  authorisation: 'AUT. DB/SISB/E 12345 DEL 01/02/2026',
}

/** What a layout depends on. */
export interface NoticeLayout {
  readonly single: boolean
  readonly installments: number
  readonly postal: boolean
  readonly dated: boolean
  readonly language: SecondLanguage | null
}

const PAYMENTS = [
  { single: true, installments: 0 },
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24].flatMap((installments) => [
    { single: true, installments },
    { single: false, installments },
  ]),
]

/** Each way of paying with and without slips and due dates, in Italian and in two languages: 200. */
export const NOTICE_LAYOUTS: readonly NoticeLayout[] = PAYMENTS.flatMap((payments, i) =>
  [false, true].flatMap((slips, j) =>
    [true, false].flatMap((dated, k) =>
      [null, SECOND_LANGUAGES[(i + j + 2 * k) % SECOND_LANGUAGES.length] as SecondLanguage].map((language) => ({
        ...payments,
        postal: slips,
        dated,
        language,
      })),
    ),
  ),
)

export function kitInput(layout: NoticeLayout, who: NoticeCreditor = creditor): NoticeKitInput {
  const { language } = layout
  return {
    creditor: { ...who, postal: layout.postal ? postal : null },
    logo: null,
    second: language === null ? null : { language, words: secondWords(language) },
    graphics: new Map(),
  }
}

const kits = new Map<string, NoticeKit>()

/** The kit of a layout: few are needed for all. */
export function kitFor(layout: NoticeLayout, who: NoticeCreditor = creditor): NoticeKit {
  const key = `${who.name} ${layout.postal} ${layout.language}`
  const kit = kits.get(key) ?? prepareNoticeKit(kitInput(layout, who))
  kits.set(key, kit)
  return kit
}

/** A notice of that layout; `n` chooses its numbers. */
export function noticeOf(layout: NoticeLayout, n: number, change: Partial<NoticeData> = {}): NoticeData {
  const pay = (i: number) => payment(n * 100 + i, layout.dated ? {} : { dueDate: null })
  return notice(n, {
    single: layout.single ? pay(0) : null,
    installments: Array.from({ length: layout.installments }, (_, i) => pay(i + 1)),
    ...change,
  })
}

/** The n-th layout, going round, with its kit: 0 to 199 cover all. */
export function anyNotice(n: number): { notice: NoticeData; kit: NoticeKit; layout: NoticeLayout } {
  const layout = NOTICE_LAYOUTS[n % NOTICE_LAYOUTS.length] as NoticeLayout
  return { notice: noticeOf(layout, n), kit: kitFor(layout), layout }
}

const CAPITALS = 'QUOTA ANNUALE DI ISCRIZIONE ALL’ALBO E DIRITTI DI SEGRETERIA '.repeat(3)

/** An institution and a person whose every text is as long and as wide as it may be. */
export const widest: NoticeCreditor = {
  ...longCreditor,
  name: 'ORDINE DEI DOTTORI INVENTATI E DEGLI ESPERTI DI ESEMPI DI PROVA, SAGGIO E MODELLO '.padEnd(100, 'M'),
  online: 'both',
}

export function widestNotice(layout: NoticeLayout, wide: 'words' | 'letters'): NoticeData {
  const plain = noticeOf(layout, 7)
  const most = cents(layout.postal ? 9_999_999_999 : 99_999_999_999)
  return {
    single: plain.single === null ? null : { ...plain.single, cents: most },
    installments: plain.installments.map((one) => ({ ...one, cents: most })),
    subject: wide === 'letters' ? 'WM'.repeat(70) : CAPITALS.slice(0, 140),
    debtor: {
      name:
        wide === 'letters' ? 'W'.repeat(70) : 'SOCIETÀ TRA PROFESSIONISTI INVENTATI E ASSOCIATI DI PROVA A R.L. TORIN',
      fiscalCode: 'DNGDAA80A41H501B',
      addressLines: [
        'VIA DELL’ASSOCIAZIONE NAZIONALE DEGLI INVENTORI DI ESEMPI LUNGHISSIMI 1234/BIS, SCALA SINISTRA',
        '00100 SAN GIOVANNI IN LOCALITÀ INVENTATA (BO)',
      ],
    },
  }
}
