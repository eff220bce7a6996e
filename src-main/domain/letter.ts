import { daysBetween, formatDate, type IsoDate } from './date.ts'
import { type Cents, formatCents, sum } from './money.ts'
import { leadingPayment, type NoticeData, type NoticePayment } from './notice.ts'
import { groupNoticeNumber } from './notice-number.ts'
import { openCents } from './open-payments.ts'

/** Fields that cover letters (lettere accompagnatorie) and the mails of a campaign may name. */
export const LETTER_FIELDS = [
  'nome',
  'codiceFiscale',
  'causale',
  'avviso',
  'importo',
  'scadenza',
  'numeroAvviso',
  'rate',
  'ente',
  'data',
  'anno',
  'giorniAllaScadenza',
  'giorniDiRitardo',
  'importoResiduo',
  'rateDaPagare',
  'comePagare',
] as const
export type LetterField = (typeof LETTER_FIELDS)[number]

const OF_REMINDERS: ReadonlySet<LetterField> = new Set([
  'giorniAllaScadenza',
  'giorniDiRitardo',
  'importoResiduo',
  'rateDaPagare',
])

/** Without those that say something only once part of the time, or of the debt, is gone. */
export const NOTICE_FIELDS: readonly LetterField[] = LETTER_FIELDS.filter((field) => !OF_REMINDERS.has(field))

/** The fields as the person who writes a text picks them: «{nome} {codiceFiscale} …». */
export const LETTER_FIELD_LIST = LETTER_FIELDS.map((name) => `{${name}}`).join(' ')

/**
 * What the fields say for one notice. `importo` is the whole debt; `scadenza` and `numeroAvviso` are those of the
 * payment that leads: the single one, else the first instalment. With `open`, what is still to be paid, they are those of
 * the first that is open (reminders). `giorniAllaScadenza` and `giorniDiRitardo` are words, one of them always empty;
 * `importoResiduo` and `rateDaPagare` are empty where nothing was paid yet. `avviso` and `comePagare` are words that fit
 * the way: App IO has no attachment but a button that pays one amount, which they name where there are others.
 */
export function letterValues(
  notice: NoticeData,
  more: {
    readonly institution: string
    readonly today: IsoDate
    readonly year: number
    readonly open?: Pick<NoticeData, 'single' | 'installments'> | null
    /** Read in App IO; else the notice goes along. */
    readonly inApp?: boolean
  },
): Record<LetterField, string> {
  const open = more.open ?? notice
  const leading = open.single ?? open.installments[0] ?? leadingPayment(notice)
  const partly = open.single === null && open.installments.length < notice.installments.length
  const left = leading.dueDate === null ? null : daysBetween(more.today, leading.dueDate)
  const whole = notice.single?.cents ?? sum(notice.installments.map((one) => one.cents))
  return {
    nome: notice.debtor.name,
    codiceFiscale: notice.debtor.fiscalCode ?? '',
    causale: notice.subject,
    avviso: more.inApp === true ? 'c’è un avviso di pagamento' : 'in allegato l’avviso di pagamento',
    importo: formatCents(whole),
    scadenza: leading.dueDate === null ? 'nessuna' : formatDate(leading.dueDate),
    numeroAvviso: groupNoticeNumber(leading.noticeNumber),
    rate: installmentWords(notice.installments),
    ente: more.institution,
    data: formatDate(more.today),
    anno: String(more.year),
    giorniAllaScadenza: left === null || left < 0 ? '' : (SOON[left] ?? `fra ${left} giorni`),
    giorniDiRitardo: left === null || left >= 0 ? '' : left === -1 ? 'da ieri' : `da ${-left} giorni`,
    importoResiduo: partly ? formatCents(openCents(open)) : '',
    rateDaPagare: partly ? installmentWords(open.installments) : '',
    comePagare: more.inApp === true ? appWords(open) : PAPER_WORDS,
  }
}

const PAPER_WORDS = 'in banca, in posta, dal tabaccaio o con un’app, con il codice QR dell’avviso allegato'

/** The button of a message pays the single payment, else the first instalment that is open. */
function appWords({ single, installments }: Pick<NoticeData, 'single' | 'installments'>): string {
  const [first, ...others] = installments
  const what =
    single !== null
      ? first === undefined
        ? ''
        : ', che vale per l’intero importo'
      : first === undefined || others.length === 0
        ? ''
        : `, che vale per la prima rata da pagare: ${`${euro(first.cents)} ${onDay(first)}`.trim()}`
  return `con il pulsante di questo messaggio${what}; oppure in banca, in posta o dal tabaccaio, con il numero avviso e il codice fiscale dell’ente`
}

const SOON = ['oggi', 'domani']

/** «in 3 rate da 100,00 euro il 31/03/2026, il 30/04/2026 e il 31/05/2026»; empty without instalments. */
export function installmentWords(installments: readonly NoticePayment[]): string {
  const first = installments[0]
  if (first === undefined) return ''
  if (installments.length === 1) return [`in una rata da ${euro(first.cents)}`, onDay(first)].join(' ').trim()
  const equal = installments.every((one) => one.cents === first.cents)
  if (equal) {
    const dates = installments.map(onDay).filter((text) => text !== '')
    return [`in ${installments.length} rate da ${euro(first.cents)}`, enumeration(dates)].join(' ').trim()
  }
  const parts = installments.map((one) => `${euro(one.cents)} ${onDay(one)}`.trim())
  return `in ${installments.length} rate: ${enumeration(parts)}`
}

function onDay({ dueDate }: NoticePayment): string {
  return dueDate === null ? '' : `il ${formatDate(dueDate)}`
}

function euro(amount: Cents): string {
  return `${formatCents(amount)} euro`
}

function enumeration(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} e ${parts.at(-1)}`
}
