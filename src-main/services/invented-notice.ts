import { addDays, type IsoDate, yearOf } from '#domain/date'
import { type FiscalCode, personCheckLetter } from '#domain/fiscal-code'
import { cents } from '#domain/money'
import type { NoticeData, NoticePayment } from '#domain/notice'
import { composeNoticeNumber, isSegregationCode, type SegregationCode } from '#domain/notice-number'

export interface SampleLayout {
  readonly single: boolean
  readonly installments: number
  readonly dated: boolean
  /** Every text at its longest official length (pagopa.md §3.2). */
  readonly longest: boolean
}

const USUAL = {
  name: 'Domitilla D’Albarosa',
  addressLines: ['Via dei Larici 12', '32032 Feltre (BL)'],
  subject: (year: number) => `Quota di iscrizione all’albo per l’anno ${year}`,
  total: 24_000,
}

const LONGEST = {
  name: 'Maria Annunziata Immacolata Domitilla Fiordispina Grandelvento-Albonesi',
  addressLines: [
    'Strada comunale del Collaudo e delle Prove di Stampa 1234/B, presso lo Studio Albonesi e Fiordispina',
    '32032 San Zenobio dei Fossi Superiore (BL)',
  ],
  subject: (year: number) =>
    `Quota annuale di iscrizione ${year}, quota della società tra professionisti, contributo al fondo e diritti di segreteria arretrati con interessi`,
  total: 99_999_999_999,
}

const FIRST_15 = 'DLBDTL80A41D530'

/** The most that the postal slip's code has room for. */
const SLIP_TOTAL = 9_999_999_999

/** Nobody's notice, to look at the style: numbers of the institution's own series that no position will ever have. */
export function inventedNotice(
  layout: SampleLayout,
  by: { readonly segregation: string; readonly today: IsoDate; readonly withSlip: boolean },
): NoticeData {
  const { segregation, today, withSlip } = by
  const says = layout.longest ? LONGEST : USUAL
  const total = withSlip ? Math.min(says.total, SLIP_TOTAL) : says.total
  // A plan of one is no plan, and a notice without payments is no notice.
  const count = layout.installments === 1 ? 2 : layout.installments
  const code: SegregationCode = isSegregationCode(segregation) ? segregation : ('00' as SegregationCode)
  const payment = (n: number, amount: number): NoticePayment => ({
    noticeNumber: composeNoticeNumber(code, n).noticeNumber,
    cents: cents(amount),
    dueDate: layout.dated ? addDays(today, 30 * Math.max(1, n)) : null,
  })
  return {
    single: layout.single || count === 0 ? payment(0, total) : null,
    installments: Array.from({ length: count }, (_, i) => payment(i + 1, share(total, count, i))),
    subject: says.subject(yearOf(today)),
    debtor: {
      name: says.name,
      fiscalCode: `${FIRST_15}${personCheckLetter(FIRST_15)}` as FiscalCode,
      addressLines: says.addressLines,
    },
  }
}

/** Equal parts, the last one with what is left. */
function share(total: number, parts: number, index: number): number {
  const part = Math.floor(total / parts)
  return index === parts - 1 ? total - part * (parts - 1) : part
}
