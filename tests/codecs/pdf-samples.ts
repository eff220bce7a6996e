import type { CartSheetData } from '#codecs/pdf/cart-sheet'
import type { NoticeKitInput } from '#codecs/pdf/notice-kit'
import { isoDate } from '#domain/date'
import type { ListDocument } from '#domain/list-paper'
import { cents } from '#domain/money'
import type { NoticeCreditor, NoticeData, NoticePayment } from '#domain/notice'
import { composeNoticeNumber, type NoticeNumber, type SegregationCode } from '#domain/notice-number'
import type { QuietanzaData } from '#domain/quietanza-paper'
import type { ReversaleDocument } from '#domain/reversale-paper'

export const creditor: NoticeCreditor = {
  fiscalCode: '80087670016',
  name: 'Ordine dei Periti Inventati di Prova',
  office: 'Segreteria',
  info: 'Lunedì e giovedì, ore 9–12.30',
  cbill: 'AB12C',
  online: 'site',
  postal: null,
}

/** What `prepareNoticeKit` takes, in Italian alone. */
export function kitOf(creditor: NoticeCreditor, logo: Uint8Array | null = null): NoticeKitInput {
  return { creditor, logo, second: null, graphics: new Map() }
}

/** Every text at its longest official length. */
export const longCreditor: NoticeCreditor = {
  ...creditor,
  name: 'Ordine dei Dottori Inventati e dei Collaudatori di Esempi delle Province di Prova, Saggio e Modello'.padEnd(
    100,
    'X',
  ),
  office: 'Segreteria e ufficio iscrizioni della sezione di x'.padEnd(50, 'x'),
  info: 'Per ogni chiarimento scrivere a segreteria@ordine-inventato.example o telefonare di mattina, grazie '.padEnd(
    100,
    'x',
  ),
}

export function payment(n: number, change: Partial<NoticePayment> = {}): NoticePayment {
  return {
    noticeNumber: composeNoticeNumber('01' as SegregationCode, 2_026_000_000_000 + n).noticeNumber,
    cents: cents(21_500 + n),
    dueDate: isoDate('2026-03-31'),
    ...change,
  }
}

export function notice(n: number, change: Partial<NoticeData> = {}): NoticeData {
  return {
    single: payment(n),
    installments: [],
    subject: 'Quota annuale di iscrizione all’albo 2026',
    debtor: {
      name: 'Ada D’ANGELO',
      fiscalCode: 'DNGDAA80A41H501B',
      addressLines: ['Via delle Prove 12', '10100 Torino (TO)'],
    },
    ...change,
  }
}

export function named(n: number, name: string, change: Partial<NoticeData> = {}): NoticeData {
  const plain = notice(n, change)
  return { ...plain, debtor: { ...plain.debtor, name } }
}

const institution = { name: creditor.name, fiscalCode: creditor.fiscalCode, office: 'Segreteria' }

export const cartSheet: CartSheetData = {
  institution,
  url: `https://checkout.pagopa.it/c/${'0123456789abcdef'.repeat(4)}`,
  rehearsal: false,
  opensUntil: '12/03/2026 alle 10:15',
  rows: [
    {
      personName: 'Željko Đorđević',
      noticeNumber: '301012600000000123',
      description: 'Quota di iscrizione 2026, rata 1 di 3',
      cents: cents(7_167),
    },
    {
      personName: 'Ada Abate con un nome che non finisce più, e ancora',
      noticeNumber: '301012600000000224',
      description: 'Diritti di segreteria',
      cents: cents(2_000),
    },
  ],
  cents: cents(9_167),
}

export const quietanza: QuietanzaData = {
  institution,
  number: '2026/12-1',
  date: isoDate('2026-03-12'),
  payer: {
    name: 'Željko Đorđević',
    fiscalCode: 'DRDZJK80A01Z118X',
    addressLines: ['Via delle Prove 12', '10100 Torino (TO)'],
  },
  lines: [
    {
      causale: 'Quota annuale 2026',
      accertamento: '2026/118',
      capitolo: '1.1.10 Quote iscritti',
      cents: cents(20_000),
    },
    { causale: 'Diritti di segreteria', accertamento: '2026/119', capitolo: '1.1.20 Diritti', cents: cents(2_356) },
  ],
  cents: cents(22_356),
  installment: null,
  paidBy: null,
  paidOn: isoDate('2026-03-10'),
  psp: 'Banca Inventata S.p.A.',
  noticeNumber: '301202600000012332' as NoticeNumber,
  iuv: '01202600000012332',
  iur: '9f2c4a1be60d4d1c8d7e52b3a1f0c9de',
  flowId: '2026-03-11BANCAPROVA-000123456',
  creditedOn: isoDate('2026-03-12'),
  reversale: { exercise: 2026, number: 12, date: isoDate('2026-03-12') },
  annulled: null,
}

export function reversale(lines: number): ReversaleDocument {
  const all = Array.from({ length: lines }, (_, i) => ({
    accertamento: `2026/${i + 1}`,
    debtor: `Persona Inventata ${i + 1}`,
    causale:
      i % 5 === 0 ? 'Quota annuale 2026 con diritti di segreteria e tesserino di riconoscimento' : 'Quota annuale 2026',
    iuv: '01202600000012332',
    cents: cents(21_500),
  }))
  return {
    institution,
    exercise: 2026,
    number: 12,
    date: isoDate('2026-03-12'),
    capitolo: { code: '1.1.10', name: 'Quote iscritti' },
    management: 'residui',
    originYear: 2025,
    debtor: null,
    causale: 'Incasso pagoPA del flusso 2026-03-11BANCAPROVA-000123456',
    cents: cents(21_500 * lines),
    account: 'Banca Inventata, IT60X0542811101000000123456',
    credits: ['Accredito del 12/03/2026, riferimento 0123456789'],
    flowId: '2026-03-11BANCAPROVA-000123456',
    lines: all,
    signatures: ['Il Tesoriere', 'Il Presidente'],
    annulled: null,
  }
}

export function list(rows: number): ListDocument {
  return {
    institution: creditor.name,
    title: 'Accertamenti',
    filters: 'Esercizio 2026, competenza, da incassare',
    columns: [
      { title: 'N.', width: 8, align: 'right' },
      { title: 'Debitore', width: 40, align: 'left' },
      { title: 'IUV', width: 24, align: 'left', mono: true },
      { title: 'Importo', width: 14, align: 'right' },
    ],
    rows: Array.from({ length: rows }, (_, i) => [
      String(i + 1),
      `Persona Inventata ${i + 1}`,
      '01202600000012332',
      '215,00',
    ]),
    totals: ['', `${rows} accertamenti`, '', '1.234,00'],
    note: 'Stampato il 12/03/2026',
    orientation: 'portrait',
  }
}
