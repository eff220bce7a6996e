import { formatDate } from '#domain/date'
import { formatCents } from '#domain/money'
import { type NoticePayment, noticeQrText } from '#domain/notice'
import { groupNoticeNumber } from '#domain/notice-number'
import { encodeQr, QR_SIZE } from '../barcode/qr.ts'
import type { Room } from './fit.ts'
import { BOLD, MONO_BOLD, measure, REGULAR } from './font.ts'
import {
  BODY,
  CELL_COLUMNS,
  DATA,
  FIGURES,
  LEFT,
  NUMBER,
  PAGE_WIDTH,
  RIGHT,
  ROOMS,
  STEP,
  TITLE,
} from './notice-grid.ts'
import { drawFitted, type NoticePen, type Say } from './notice-pen.ts'
import type { NoticeCode } from './notice-shape.ts'
import type { NoticeTexts } from './notice-texts.ts'
import { requireFit } from './paper-text.ts'

const CODES_LABEL = 175
/** From the labels of the codes to their values. */
const CODES_STEP = 22
/** How much lower they stand where each label has two languages, one above the other. */
const CODES_DOWN = 5
const SCAN_WIDTH = 172

/** The heading over the payment data. */
export function drawDataTitle(pen: NoticePen): void {
  pen.bandBox(0, PAGE_WIDTH)
  pen.band('H2', 10, LEFT, (w) => w.data, 300)
}

/** Payment data of the single payment. */
export function drawFixedData(pen: NoticePen): void {
  const { creditor, words } = pen.style
  drawDataTitle(pen)
  const codes = codesLine(pen)
  const line = RIGHT - DATA
  pen.label(30, DATA, 62, (w) => w.debtorLabel, { how: 'beside', width: 300 })
  pen.label(40, DATA, 97, (w) => w.creditorLabel, { how: 'beside', width: line })
  const name: Room = { width: line, height: 12, size: BODY, minSize: 6, leading: 1.1 }
  pen.own(42, DATA, 111, BOLD, creditor.name, name, 'Nome')
  pen.label(44, DATA, 132, (w) => w.subjectLabel, { how: 'beside', width: line })
  if (creditor.cbill !== null) {
    pen.requireCharacters(MONO_BOLD, creditor.cbill, 'Codice CBILL')
    pen.label(50, DATA, codes, (w) => w.cbill, { how: 'under', width: NUMBER - DATA - 8 })
    pen.text(52, DATA, codes + CODES_STEP, MONO_BOLD, TITLE, creditor.cbill)
  }
  pen.label(54, NUMBER, codes, (w) => w.noticeNumber, { how: 'under', width: 220 })
  pen.label(58, RIGHT, codes, (w) => w.creditorCode, { how: 'under', width: 165 }, REGULAR, BODY, 'right')
  pen.text(60, RIGHT, codes + CODES_STEP, MONO_BOLD, TITLE, creditor.fiscalCode, 'right')
  const room: Room = { width: SCAN_WIDTH - (pen.two ? 0 : 8), height: 40, size: BODY, minSize: 7, leading: STEP }
  const end = pen.paragraph(62, LEFT, pen.two ? 169.5 : 176.3, words.scanBeside, room)
  const second = pen.second((w) => w.scanBeside)
  if (second === null) return
  const under: Room = { width: SCAN_WIDTH, height: 213 - (end + 5), size: 8.2, minSize: 5.4, leading: 1.12 }
  pen.paragraph(64, LEFT, end + 12, second, under, true)
}

export function drawVariableData(pen: NoticePen, texts: NoticeTexts, payment: NoticePayment, code: NoticeCode): void {
  const { page, top } = pen
  const { debtor } = texts.notice
  pen.band('P', 20, RIGHT, nameOf(payment), 350, 'right')
  drawQr(pen, 24, payment, code)
  const amount = formatCents(payment.cents)
  const figures = measure(MONO_BOLD, FIGURES, amount)
  const { currency } = pen.style.words
  pen.begin('P', 46)
  const euro = page.text(RIGHT - figures - 3, top + 69, REGULAR, TITLE, `${currency} `, 'right')
  page.text(RIGHT, top + 69, MONO_BOLD, FIGURES, amount, 'right')
  pen.end()
  const room = { width: RIGHT - figures - euro - 17 - DATA, height: 20, size: BODY, minSize: 6, leading: 1 }
  const name = requireFit(BOLD, debtor.name, room, { person: debtor.name, field: 'Nome' })
  pen.begin('P', 32)
  drawFitted(page, DATA, top + 76, BOLD, name, { size: BODY, lift: 3.5 })
  pen.end()
  pen.begin('P', 45)
  drawFitted(page, DATA, top + 146, BOLD, texts.fit('Oggetto', BOLD, ROOMS.dataSubject), { size: BODY, lift: 1.5 })
  pen.end()
  pen.text(56, NUMBER, codesLine(pen) + CODES_STEP, MONO_BOLD, TITLE, groupNoticeNumber(payment.noticeNumber))
}

/** «Rata unica», or the last that is left of a plan. */
function nameOf({ dueDate, ordinal }: NoticePayment): Say {
  const date = dueDate === null ? null : formatDate(dueDate)
  if (ordinal === undefined) return (w) => (date === null ? w.single : w.singleBy.replace('{date}', date))
  const n = String(ordinal)
  return (w) => (date === null ? w.installment : w.slipInstallmentBy.replace('{date}', date)).replace('{n}', n)
}

function codesLine(pen: NoticePen): number {
  return pen.two ? CODES_LABEL + CODES_DOWN : CODES_LABEL
}

/** The QR code of a payment, as a figure whose words are the same for all notices of a shape. */
export function drawQr(pen: NoticePen, order: number, payment: NoticePayment, code: NoticeCode): void {
  const { creditor } = pen.style
  const n = payment.ordinal ?? (code.installment === null ? null : code.installment + 1)
  const which = n === null ? 'l’intero importo' : `la rata ${n}`
  pen.begin('Figure', order, { alt: `Codice QR per pagare ${which}` })
  const text = noticeQrText(payment.noticeNumber, creditor.fiscalCode, payment.cents)
  pen.page.modules(encodeQr(text).modules, QR_SIZE, code.x, code.y, code.side)
  pen.end()
}

const SUMMARY = CELL_COLUMNS.narrow
const NO_LIFT = { size: BODY, lift: 0 }
const SUMMARY_LABEL = 58
const SUMMARY_VALUE = 72.5

/** Debtor, creditor and subject in one row, where the cells under it do not repeat them. */
export function drawFixedSummary(pen: NoticePen): void {
  const [debtor, creditor, subject] = SUMMARY.map(({ left }) => left) as [number, number, number]
  drawDataTitle(pen)
  const place = { how: 'beside', width: 213 } as const
  pen.label(20, debtor, SUMMARY_LABEL, (w) => w.debtorLabel, place)
  pen.label(30, creditor, SUMMARY_LABEL, (w) => w.creditorLabel, place)
  const room: Room = { width: 209, height: 33, size: BODY, minSize: 5, leading: 1.2 }
  pen.own(32, creditor, SUMMARY_VALUE, BOLD, pen.style.creditor.name, room, 'Nome')
  pen.label(40, subject, SUMMARY_LABEL, (w) => w.subjectLabel, place)
}

export function drawVariableSummary(pen: NoticePen, texts: NoticeTexts): void {
  const [debtor, , subject] = SUMMARY.map(({ left }) => left) as [number, number, number]
  pen.begin('P', 22)
  drawFitted(pen.page, debtor, pen.top + SUMMARY_VALUE, BOLD, texts.fit('Nome', BOLD, ROOMS.summaryDebtor), NO_LIFT)
  pen.end()
  pen.begin('P', 42)
  drawFitted(
    pen.page,
    subject,
    pen.top + SUMMARY_VALUE,
    BOLD,
    texts.fit('Oggetto', BOLD, ROOMS.summarySubject),
    NO_LIFT,
  )
  pen.end()
}
