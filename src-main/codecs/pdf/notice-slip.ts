import { formatDate } from '#domain/date'
import { formatCents } from '#domain/money'
import type { NoticePayment } from '#domain/notice'
import { groupNoticeNumber } from '#domain/notice-number'
import { postalSlipText } from '#domain/postal-slip'
import { encodeDataMatrix } from '../barcode/data-matrix.ts'
import type { Room } from './fit.ts'
import { BOLD, type Font, MONO_BOLD, measure, REGULAR } from './font.ts'
import {
  BODY,
  CAPTION,
  COMPACT_SLIP,
  DATA,
  FIGURES,
  FINE_GREY,
  LEFT,
  MARK_GREY,
  PAGE_WIDTH,
  RIGHT,
  SLIP,
  type SlipPlaces,
  STEP,
  TITLE,
} from './notice-grid.ts'
import { type Box, drawFitted, type NoticePen, type Say } from './notice-pen.ts'
import type { NoticeCode, NoticeStyle, PlacedBlock } from './notice-shape.ts'
import type { NoticeTexts } from './notice-texts.ts'

type SlipBlock = PlacedBlock & { readonly kind: 'slip' }

const ACCOUNT_LABEL = 260.75
const ACCOUNT_VALUE = 320.52
const TYPE = 437.47
/** Right edge of what stands beside the Data Matrix. */
const INNER_RIGHT = 636.9
const EURO_SIDE = 28.9

/** From one mark of the corners to the opposite one, and the length and thickness of each. */
const CORNER = { left: 660, right: 765, height: 106, length: 17.3, thickness: 1.9 }

export function slipPlaces(block: { readonly compact: boolean }): SlipPlaces {
  return block.compact ? COMPACT_SLIP : SLIP
}

/** «Bollettino Postale PA»: what is the same on all slips of one institution. */
export function drawFixedSlip(pen: NoticePen, block: SlipBlock): void {
  const { page, style, top } = pen
  const { postal } = style.creditor
  if (postal === null) throw new Error('a slip without postal account')
  const at = slipPlaces(block)
  pen.bandBox(0, PAGE_WIDTH)
  pen.band('H2', 10, LEFT, (w) => w.slipTitle, DATA - LEFT - 8)
  drawMark(pen, 14, 'bancoPosta', { x: DATA, y: 9, width: 76, height: 12 }, 'BancoPosta', 13.4)
  page.place('XScissors', 740, top - 11, 16, 11)

  drawMark(pen, 20, 'poste', { x: LEFT, y: at.poste, width: 146, height: 21 }, 'Poste Italiane', 21.5)
  drawCircuit(pen, 24, { x: LEFT, y: at.circuit, width: 122, height: 50 })
  drawPayable(pen, at)
  pen.drawing('euro', { x: 224, y: at.poste, width: EURO_SIDE, height: EURO_SIDE })

  pen.requireCharacters(MONO_BOLD, postal.number, 'Conto corrente postale')
  const label = { how: 'under', width: ACCOUNT_VALUE - ACCOUNT_LABEL - 4 } as const
  pen.label(40, ACCOUNT_LABEL, at.account, (w) => w.slipAccount, label, REGULAR, TITLE)
  pen.text(42, ACCOUNT_VALUE, at.account, MONO_BOLD, FIGURES, postal.number)

  for (const line of slipLines(style)) {
    pen.label(line.order, DATA, at[line.place], line.say, { how: 'beside', width: 190 })
  }
  const [holder] = slipLines(style)
  if (holder !== undefined) {
    pen.own(52, holder.left, at.holder, BOLD, postal.holder, lineRoom(holder.left, 17), 'Intestatario del conto', 3)
  }

  pen.label(70, DATA, at.label, (w) => w.noticeNumber, { how: 'under', width: 205 })
  pen.label(76, TYPE, at.label, (w) => w.slipType, { how: 'under', width: 60 })
  pen.text(78, TYPE, at.value, MONO_BOLD, TITLE, 'P1')
  const right = { how: 'under', width: INNER_RIGHT - TYPE - 64 } as const
  pen.label(80, INNER_RIGHT, at.label, (w) => w.slipCreditorCode, right, REGULAR, BODY, 'right')
  pen.text(82, INNER_RIGHT, at.value, MONO_BOLD, TITLE, style.creditor.fiscalCode, 'right')
  drawCorners(pen, at)
}

export function drawVariableSlip(
  pen: NoticePen,
  texts: NoticeTexts,
  block: SlipBlock,
  payment: NoticePayment,
  code: NoticeCode,
): void {
  const { page, style, top } = pen
  const { creditor } = style
  const { debtor, subject } = texts.notice
  if (creditor.postal === null) throw new Error('a slip without postal account')
  const at = slipPlaces(block)
  pen.band('P', 12, RIGHT, dueOf(payment, block.installment), 350, 'right')
  const amount = formatCents(payment.cents)
  const figures = measure(MONO_BOLD, FIGURES, amount)
  pen.begin('P', 44)
  page.text(RIGHT - figures - 7.6, top + at.account, REGULAR, TITLE, `${style.words.currency} `, 'right')
  page.text(RIGHT, top + at.account, MONO_BOLD, FIGURES, amount, 'right')
  pen.end()
  const rooms = slipRooms(style)
  const [, name, object] = slipLines(style) as [SlipLine, SlipLine, SlipLine]
  const line = (order: number, x: number, y: number, font: Font, field: 'Nome' | 'Oggetto', room: Room): void => {
    pen.begin('P', order)
    drawFitted(page, x, top + y, font, texts.fit(field, font, room), { size: BODY, lift: 3 })
    pen.end()
  }
  line(56, name.left, at.debtor, BOLD, 'Nome', rooms.debtor)
  line(62, object.left, at.subject, BOLD, 'Oggetto', rooms.subject)
  pen.text(72, DATA, at.value, MONO_BOLD, TITLE, groupNoticeNumber(payment.noticeNumber))
  const n = numberOf(payment, code.installment)
  const which = n === null ? 'dell’intero importo' : `della rata ${n}`
  pen.begin('Figure', 90, { alt: `Codice Data Matrix del bollettino postale ${which}` })
  const text = postalSlipText(payment, { ...creditor, postal: creditor.postal }, debtor, subject)
  const { modules, size } = encodeDataMatrix(text)
  page.modules(modules, size, code.x, code.y, code.side)
  pen.end()
}

/** Which instalment it is, null for the single payment. */
function numberOf({ ordinal }: NoticePayment, installment: number | null): number | null {
  return ordinal ?? (installment === null ? null : installment + 1)
}

/** Without due date no «entro» either. */
function dueOf(payment: NoticePayment, installment: number | null): Say {
  const date = payment.dueDate === null ? null : formatDate(payment.dueDate)
  const number = numberOf(payment, installment)
  if (number === null) return (w) => (date === null ? w.single : w.slipSingleBy.replace('{date}', date))
  const n = String(number)
  return (w) => (date === null ? w.installment : w.slipInstallmentBy.replace('{date}', date)).replace('{n}', n)
}

interface SlipLine {
  readonly place: 'holder' | 'debtor' | 'subject'
  readonly order: number
  readonly say: Say
  /** Where the value begins, after its label. */
  readonly left: number
}

const LINES: readonly Omit<SlipLine, 'left'>[] = [
  { place: 'holder', order: 50, say: (w) => w.slipHolder },
  { place: 'debtor', order: 54, say: (w) => w.slipDebtor },
  { place: 'subject', order: 60, say: (w) => w.slipSubject },
]
const AFTER_LABEL = 7.56
const lines = new WeakMap<NoticeStyle, readonly SlipLine[]>()

/** Holder, debtor, subject: the value follows its label, of which there may be two languages. */
function slipLines(style: NoticeStyle): readonly SlipLine[] {
  const known = lines.get(style)
  if (known !== undefined) return known
  const made = LINES.map((line) => {
    const text = line.say(style.words)
    const second = style.second === null ? '' : line.say(style.second.words)
    let left = DATA + measure(REGULAR, BODY, text)
    if (second !== '' && second !== text) left = Math.min(left + 3 + measure(REGULAR, 9.33, `/ ${second}`), DATA + 190)
    return { ...line, left: left + AFTER_LABEL }
  })
  lines.set(style, made)
  return made
}

function lineRoom(left: number, height: number): Room {
  return { width: INNER_RIGHT + 4 - left, height, size: BODY, minSize: 5, leading: 1.05 }
}

const rooms = new WeakMap<NoticeStyle, { readonly debtor: Room; readonly subject: Room }>()

function slipRooms(style: NoticeStyle): { readonly debtor: Room; readonly subject: Room } {
  const known = rooms.get(style)
  if (known !== undefined) return known
  const [, debtor, subject] = slipLines(style) as [SlipLine, SlipLine, SlipLine]
  const made = {
    debtor: lineRoom(debtor.left, 17),
    subject: { ...lineRoom(subject.left, style.second === null ? 27 : 22), leading: 1.12 },
  }
  rooms.set(style, made)
  return made
}

/** An official mark, or the same words in our face. */
function drawMark(
  pen: NoticePen,
  order: number,
  kind: 'bancoPosta' | 'poste',
  box: Box,
  words: string,
  size: number,
): void {
  if (pen.graphic(order, kind, box, words)) return
  pen.text(order, box.x, box.y + box.height / 2 + size * 0.35, BOLD, size, words)
}

function drawCircuit(pen: NoticePen, order: number, box: Box): void {
  if (pen.graphic(order, 'slip', box, 'Circuito bollettino postale BancoPosta')) return
  pen.begin('P', order)
  pen.page.text(box.x, pen.top + box.y + 22, REGULAR, BODY, 'circuito ')
  pen.page.text(box.x, pen.top + box.y + 36, BOLD, TITLE, 'bollettino postale')
  pen.end()
}

/** Of the second language's sentence on who takes the slip. */
const SECOND_SIZE = 8.6

function drawPayable(pen: NoticePen, at: SlipPlaces): void {
  const say: Say = (w) => w.slipPayable
  const { postal } = pen.style.creditor
  const second = pen.second(say)
  const { words } = pen.style
  if (second === null) {
    const room = { width: 158, height: 54, size: BODY, minSize: 7, leading: STEP }
    pen.paragraph(28, LEFT, at.payable, words.slipPayable, room)
  } else {
    const width = DATA - LEFT - 10
    const each = (at.authorisationOfTwo - at.payableOfTwo - 8) / 2
    const room = { width, height: each, size: CAPTION, minSize: 5.6, leading: 1.15 }
    const end = pen.paragraph(28, LEFT, at.payableOfTwo, words.slipPayable, room)
    const begin = end + at.betweenTwo
    const height = at.authorisationOfTwo - 9 - (begin - SECOND_SIZE * 0.74)
    pen.paragraph(29, LEFT, begin, second, { ...room, height, size: SECOND_SIZE }, true)
  }
  if (postal?.authorisation == null) return
  pen.page.fill(FINE_GREY)
  const fine = { width: DATA - LEFT - 8, height: CAPTION, size: CAPTION, minSize: 5, leading: 1 }
  const y = second === null ? at.authorisation : at.authorisationOfTwo
  pen.own(36, LEFT, y, REGULAR, postal.authorisation, fine, 'Autorizzazione alla stampa del bollettino')
  pen.page.fill(0)
}

/** The four corners that tell a reader where the code stands. */
function drawCorners(pen: NoticePen, at: SlipPlaces): void {
  const { page } = pen
  const { left, right, height, length, thickness } = CORNER
  const y = pen.top + at.corner
  page.fill(MARK_GREY)
  for (const end of [0, height - thickness]) {
    page.rect(left, y + end, length, thickness)
    page.rect(right - length, y + end, length, thickness)
  }
  for (const end of [0, height - length]) {
    page.rect(left, y + end, thickness, length)
    page.rect(right - thickness, y + end, thickness, length)
  }
  page.fill(0)
}
