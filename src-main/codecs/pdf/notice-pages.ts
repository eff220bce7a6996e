import { formatDate } from '#domain/date'
import { type Cents, cents, formatCents } from '#domain/money'
import { leadingPayment, type NoticeCreditor, type NoticeData, noticeQrText } from '#domain/notice'
import type { NoticeGraphic } from '#domain/notice-graphics'
import { groupNoticeNumber } from '#domain/notice-number'
import { NOTICE_SITE, type NoticeWords, type SecondLanguage } from '#domain/notice-words'
import { ProblemError, problem } from '#domain/problem'
import { encodeQr, QR_SIZE } from '../barcode/qr.ts'
import { Canvas, type PreparedPage } from './canvas.ts'
import { fitText, type Room } from './fit.ts'
import { BOLD, type Font, MONO, MONO_BOLD, measure, REGULAR } from './font.ts'
import { drawLines, requireCharacters, requireFit } from './paper-text.ts'

/** Places are CSS pixels as measured on the official samples (page of 794 × 1123), sizes too. */
const PX = 0.75
const LEFT = 37.8
const RIGHT = 755.9
const COLUMN_RIGHT = 378
const SECOND = 430.84
const DATA = 222.97
const BODY = 10.66
const TITLE = 13.33
const BIG = 21.33
/** The figures of Titillium Web are a little wider than those of the official cut: the date keeps its place and its edge. */
const DUE = 268.8
const DUE_SIZE = 20.3
const MAX: Cents = cents(99_999_999_999)

const SUBJECT_ROOM: Room = { width: 585, height: 62, size: BIG, minSize: 10, leading: 1.2 }
const NAME_ROOM: Room = { width: RIGHT - SECOND, height: 41, size: 18.66, minSize: 9, leading: 1.15 }
const ADDRESS_ROOM: Room = { width: RIGHT - SECOND, height: 66, size: 16, minSize: 8, leading: 1.44 }

/** What the notices of one institution share, as far as drawing needs it. Sizes in any unit: only their ratio counts. */
export interface NoticeStyle {
  readonly creditor: NoticeCreditor
  readonly words: NoticeWords
  readonly second: { readonly language: SecondLanguage; readonly words: NoticeWords } | null
  readonly logo: { readonly width: number; readonly height: number } | null
  /** Official graphics that the institution loaded; their resources are `X` + kind with a capital. */
  readonly graphics: ReadonlyMap<NoticeGraphic, { readonly width: number; readonly height: number }>
}

/** All that decides the fixed parts of a notice: equal keys share every fixed operator, the pages and the marks. */
export interface NoticeShape {
  readonly key: string
  /** Name of the layout for the ledger, e.g. `a4-single-postal`. */
  readonly layout: string
  readonly dated: boolean
}

export function noticeShape(notice: NoticeData, _style: NoticeStyle): NoticeShape {
  const dated = leadingPayment(notice).dueDate !== null
  return { key: `single-${dated ? 'dated' : 'undated'}`, layout: 'a4-single', dated }
}

/** True when a text of the debtor or the subject has to be printed smaller than usual to stay in its room. */
export function needsSmaller(notice: NoticeData, _style: NoticeStyle): boolean {
  const smaller = (font: Font, text: string, room: Room): boolean => {
    const fitted = fitText(font, text, room)
    return fitted !== null && fitted.size < room.size
  }
  return (
    smaller(BOLD, notice.subject, SUBJECT_ROOM) ||
    smaller(BOLD, notice.debtor.name, NAME_ROOM) ||
    smaller(REGULAR, addressText(notice), ADDRESS_ROOM)
  )
}

function addressText({ debtor }: NoticeData): string {
  return debtor.addressLines.filter((line) => line.trim() !== '').join('\n')
}

/**
 * What depends on the person, on top of the prepared fixed pages of its shape: for one shape always the same marks with
 * the same tags, order, alternative texts and languages, so that one structure tree serves all.
 * @throws ProblemError naming person and field for what cannot be printed.
 */
export function drawVariablePages(
  notice: NoticeData,
  _shape: NoticeShape,
  style: NoticeStyle,
  prepared: readonly PreparedPage[],
): Canvas[] {
  const { debtor } = notice
  const { creditor, words: W } = style
  const payment = leadingPayment(notice)
  const person = debtor.name
  if (payment.cents < 1 || payment.cents > MAX) {
    throw new ProblemError(problem('NOTICE_AMOUNT_RANGE', { amount: formatCents(payment.cents), person }))
  }
  const page = new Canvas(PX)
  page.resume(prepared[0] as PreparedPage)
  const amount = formatCents(payment.cents)

  page.begin('H1', { order: 20 })
  const subject = requireFit(BOLD, notice.subject, SUBJECT_ROOM, { person, field: 'Oggetto' })
  drawLines(page, LEFT, 110, BOLD, subject)
  page.end()

  page.begin('P', { order: 60 })
  if (debtor.fiscalCode !== null) {
    requireCharacters(MONO, debtor.fiscalCode, { person, field: 'Codice fiscale' })
    page.text(RIGHT, 185, MONO, BODY, `${debtor.fiscalCode} `, 'right')
  }
  const name = requireFit(BOLD, debtor.name, NAME_ROOM, { person, field: 'Nome' })
  drawLines(page, SECOND, 236, BOLD, name)
  page.end()
  const address = requireFit(REGULAR, addressText(notice), ADDRESS_ROOM, { person, field: 'Indirizzo' })
  page.begin('P', { order: 62 })
  drawLines(page, SECOND, 280, REGULAR, address)
  page.end()

  page.begin('P', { order: 74 })
  page.text(LEFT, 425, BOLD, BIG, `${amount} ${W.currency}`)
  page.end()
  if (payment.dueDate !== null) {
    page.begin('P', { order: 76 })
    page.text(DUE, 425, BOLD, DUE_SIZE, formatDate(payment.dueDate))
    page.end()
  }

  page.begin('P', { order: 130 })
  page.text(
    RIGHT,
    551,
    BOLD,
    TITLE,
    payment.dueDate === null ? W.single : W.singleBy.replace('{date}', formatDate(payment.dueDate)),
    'right',
  )
  page.end()

  page.begin('Figure', { order: 140, alt: 'Codice QR per pagare la rata unica' })
  page.raw('0 g')
  page.modules(
    encodeQr(noticeQrText(payment.noticeNumber, creditor.fiscalCode, payment.cents)).modules,
    QR_SIZE,
    38,
    585,
    94,
  )
  page.end()

  const figures = measure(MONO_BOLD, 16, amount)
  page.begin('P', { order: 154 })
  const euro = page.text(RIGHT - figures - 5, 601, REGULAR, TITLE, `${W.currency} `, 'right')
  page.text(RIGHT, 601, MONO_BOLD, 16, amount, 'right')
  page.end()
  const debtorLine = requireFit(
    BOLD,
    debtor.name,
    { width: RIGHT - figures - euro - 17 - DATA, height: 20, size: BODY, minSize: 6.5, leading: 1 },
    { person, field: 'Nome' },
  )
  page.begin('P', { order: 156 })
  drawLines(page, DATA, debtorLine.lines.length > 1 ? 604.5 : 608, BOLD, debtorLine)
  page.end()
  const object = requireFit(
    BOLD,
    notice.subject,
    { width: RIGHT - DATA, height: 26, size: BODY, minSize: 7, leading: 1.2 },
    { person, field: 'Oggetto' },
  )
  page.begin('P', { order: 160 })
  drawLines(page, DATA, object.lines.length > 1 ? 676.5 : 678, BOLD, object)
  page.end()
  page.begin('P', { order: 164 })
  page.text(356.2, 729, MONO_BOLD, TITLE, groupNoticeNumber(payment.noticeNumber))
  page.end()
  return [page]
}

/** All that does not depend on the person. @throws ProblemError when a text of the institution cannot be printed. */
export function drawFixedPages(shape: NoticeShape, style: NoticeStyle): Canvas[] {
  const page = new Canvas(PX)
  const { creditor, words: W } = style
  const logo = style.logo === null ? null : style.logo.width / style.logo.height
  const owner = (field: string): { person: string; field: string } => ({ person: creditor.name, field })
  const label = (order: number, x: number, y: number, text: string, align: 'left' | 'right' = 'left'): void => {
    page.begin('H2', { order })
    page.text(x, y, BOLD, TITLE, text, align)
    page.end()
  }
  const small = (order: number, x: number, y: number, font: Font, text: string): void => {
    page.begin('P', { order })
    page.text(x, y, font, BODY, text)
    page.end()
  }
  const block = (order: number, x: number, y: number, text: string, width: number): void => {
    page.begin('P', { order })
    const fitted = requireFit(
      REGULAR,
      text,
      { width, height: 60, size: BODY, minSize: 7, leading: 1.36 },
      owner('testo fisso'),
    )
    drawLines(page, x, y, REGULAR, fitted)
    page.end()
  }

  page.begin('P', { order: 10 })
  page.text(LEFT, 50, REGULAR, 17.6, 'pagoPA ')
  page.text(109.58, 50, BOLD, TITLE, W.title)
  page.end()
  if (logo !== null) {
    const side = 113
    const width = logo >= 1 ? side : side * logo
    const height = logo >= 1 ? side / logo : side
    page.begin('Figure', { order: 15, alt: `Logo di ${creditor.name}` })
    page.place('XLogo', RIGHT - width, 38 + (side - height) / 2, width, height)
    page.end()
  }
  page.fill(0.9255)
  page.rect(0, 166, 393, 31)
  page.rect(401, 166, 393, 31)
  page.rect(0, 339, 393, 30)
  page.rect(401, 339, 393, 30)
  page.rect(0, 532, 794, 30)
  page.fill(0)

  label(30, LEFT, 185, W.creditor)
  page.begin('P', { order: 40 })
  requireCharacters(MONO, creditor.fiscalCode, owner('Codice fiscale'))
  page.text(COLUMN_RIGHT, 185, MONO, BODY, `${creditor.fiscalCode} `, 'right')
  const room = COLUMN_RIGHT - LEFT
  const name = requireFit(
    BOLD,
    creditor.name,
    { width: room, height: 45, size: 18.66, minSize: 9, leading: 1.15 },
    owner('Nome'),
  )
  drawLines(page, LEFT, 236, BOLD, name)
  if (creditor.office !== null) {
    const office = requireFit(
      REGULAR,
      creditor.office,
      { width: room, height: 34, size: 16, minSize: 8, leading: 1.2 },
      owner('Ufficio'),
    )
    drawLines(page, LEFT, 280, REGULAR, office)
  }
  if (creditor.info !== null) {
    const info = requireFit(
      REGULAR,
      creditor.info,
      { width: room, height: 22, size: BODY, minSize: 7, leading: 1.2 },
      owner('Informazioni'),
    )
    drawLines(page, LEFT, info.lines.length > 1 ? 317 : 319, REGULAR, info)
  }
  page.end()
  label(50, SECOND, 185, W.debtor)

  label(70, LEFT, 358, shape.dated ? W.howMuchAndWhen : W.howMuch)
  small(73, LEFT, 402, BOLD, W.amount)
  if (shape.dated) small(75, DUE, 402, BOLD, W.by)
  page.place('XInfo', 38, 447, 15, 15)
  block(85, 60.44, 457, W.variation, 318)

  label(90, SECOND, 358, W.where)
  page.begin('P', { order: 95 })
  page.text(RIGHT - measure(BOLD, TITLE, NOTICE_SITE) - 3, 358, REGULAR, BODY, `${W.goTo} `, 'right')
  page.text(RIGHT, 358, BOLD, TITLE, NOTICE_SITE, 'right')
  page.end()
  label(100, SECOND, 404, W.appTitle)
  block(105, SECOND, 421, W.appText.replace('{online}', online(creditor, W)), 268)
  page.place('XDevices', 711, 392, 45, 45)
  label(110, SECOND, 466, W.placesTitle)
  block(115, SECOND, 483, W.placesText, 268)
  page.place('XPlaces', 711, 454, 45, 46)

  label(120, LEFT, 551, W.data)
  page.begin('P', { order: 150 })
  let x = LEFT
  const [before = '', code = '', after = ''] = W.scanBeside.split('*')
  const cut = after.indexOf(' di pagamento') + 1
  x += page.text(x, 708, REGULAR, BODY, before)
  x += page.text(x, 708, BOLD, BODY, code)
  page.text(x, 708, REGULAR, BODY, after.slice(0, cut))
  page.text(LEFT, 723, REGULAR, BODY, after.slice(cut))
  page.end()
  small(155, DATA, 594, REGULAR, W.debtorLabel)
  small(157, DATA, 629, REGULAR, W.creditorLabel)
  const line = { width: RIGHT - DATA, height: 12, size: BODY, minSize: 6.5, leading: 1.1 }
  page.begin('P', { order: 158 })
  drawLines(page, DATA, 643, BOLD, requireFit(BOLD, creditor.name, line, owner('Nome')))
  page.end()
  small(159, DATA, 664, REGULAR, W.subjectLabel)
  if (creditor.cbill !== null) {
    requireCharacters(MONO_BOLD, creditor.cbill, owner('Codice CBILL'))
    page.begin('P', { order: 161 })
    page.text(DATA, 707, REGULAR, BODY, `${W.cbill} `)
    page.text(DATA, 729, MONO_BOLD, TITLE, creditor.cbill)
    page.end()
  }
  small(163, 356.2, 707, REGULAR, W.noticeNumber)
  page.begin('P', { order: 165 })
  page.text(RIGHT, 707, REGULAR, BODY, `${W.creditorCode} `, 'right')
  page.text(RIGHT, 729, MONO_BOLD, TITLE, creditor.fiscalCode, 'right')
  page.end()
  return [page]
}

/** The words between «oppure» and «dal tuo Home Banking». */
function online(creditor: NoticeCreditor, words: NoticeWords): string {
  if (creditor.online === null) return ''
  return { site: words.onlineSite, app: words.onlineApp, both: words.onlineBoth }[creditor.online]
}
