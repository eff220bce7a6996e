import { formatDate } from '#domain/date'
import { formatCents } from '#domain/money'
import type { NoticePayment } from '#domain/notice'
import { groupNoticeNumber } from '#domain/notice-number'
import type { Room } from './fit.ts'
import { BOLD, MONO_BOLD } from './font.ts'
import { drawQr } from './notice-data.ts'
import {
  BODY,
  CAPTION,
  CELL,
  CELL_COLUMNS,
  CELL_SECOND,
  CELL_TEXT,
  CELL_VALUE,
  type CellColumn,
  type CellPlaces,
  ROOMS,
  TITLE,
} from './notice-grid.ts'
import type { CellKind } from './notice-pagination.ts'
import { drawFitted, type NoticePen, type Say } from './notice-pen.ts'
import type { NoticeCode, NoticeShape } from './notice-shape.ts'
import type { NoticeTexts } from './notice-texts.ts'

/** A row of instalments. */
export interface CellRow {
  readonly cell: CellKind
  readonly first: number
  readonly count: number
}

/** Places in the reading order that one cell uses. */
const ORDERS = 50
const CREDITOR_LIFT = 2
const SUBJECT_LIFT = { size: BODY, lift: 3.2 }

function eachCell(
  row: CellRow,
  draw: (column: CellColumn, places: CellPlaces, order: number, index: number) => void,
): void {
  for (let i = 0; i < row.count; i++) {
    draw(CELL_COLUMNS[row.cell][i] as CellColumn, CELL[row.cell], i * ORDERS, row.first + i)
  }
}

export function drawFixedCells(pen: NoticePen, shape: NoticeShape, row: CellRow): void {
  const { creditor, words } = pen.style
  eachCell(row, ({ band, bandWidth, left, right }, at, order, index) => {
    pen.bandBox(band, bandWidth)
    const width = right - left
    // Beside the code, whose quiet zone stays white.
    const beside = width - at.qr * (1 + 4 / 33) - 4
    const named: Say = (w) => w.installment.replace('{n}', String(shape.installmentNumbers[index]))
    pen.band('H3', order, left, named, width)
    const label = (
      o: number,
      x: number,
      y: number,
      say: Say,
      room: number,
      how: 'beside' | 'under' = 'beside',
    ): void => {
      pen.label(order + o, x, y, say, { how, width: room })
    }
    label(4, left, at.amount, (w) => w.currency, beside)
    const dated = shape.installmentsDated[index] === true
    const up = rowsUp(row.cell, dated)
    if (dated) label(8, left, at.due, (w) => w.installmentBy, beside)
    label(12, left, at.number - up, (w) => w.noticeNumber, row.cell === 'wide' ? beside : width)
    const codes = codesLine(pen, at) - up
    label(16, left, codes, (w) => w.creditorCode, creditor.cbill === null ? beside : CELL_SECOND - 8, 'under')
    pen.text(order + 18, left, codes + CELL_VALUE, MONO_BOLD, TITLE, creditor.fiscalCode)
    if (creditor.cbill !== null) {
      const second = left + CELL_SECOND
      label(20, second, codes, (w) => w.cbill, width - CELL_SECOND, 'under')
      pen.text(order + 22, second, codes + CELL_VALUE, MONO_BOLD, TITLE, creditor.cbill)
    }
    if (row.cell !== 'dense') {
      const place = { how: 'beside', width } as const
      pen.label(order + 24, left, at.subject - up, (w) => w.subjectLabel, place)
      pen.label(order + 28, left, at.creditor - up, (w) => w.creditorLabel, place)
      const name: Room = { width, height: 22, size: BODY, minSize: 5, leading: 1.12 }
      pen.own(order + 30, left, at.creditor - up + CELL_TEXT, BOLD, creditor.name, name, 'Nome', CREDITOR_LIFT)
    }
    const wide = row.cell === 'wide'
    const scan: Say = (w) => (wide ? w.scanAbove : w.scanAboveShort)
    const room = { width: width + (wide ? 0 : 2), height: 11, size: wide ? BODY : CAPTION, minSize: 6.5, leading: 1 }
    pen.paragraph(order + 32, left, at.scan - up, scan(words), room)
    const second = pen.second(scan)
    if (second !== null)
      pen.paragraph(order + 34, left, at.scan - up + 10.4, second, SCAN_SECOND[row.cell](width), true)
  })
}

const SCAN_SECOND: Readonly<Record<CellKind, (width: number) => Room>> = {
  wide: (width) => ({ width, height: 9, size: 8.6, minSize: 5, leading: 1 }),
  narrow: (width) => ({ width, height: 9, size: 8, minSize: 4.6, leading: 1 }),
  dense: (width) => ({ width, height: 9, size: 8, minSize: 4.6, leading: 1 }),
}

/** The row whose labels have no room beside them stands lower, so that they find it above their values. */
function codesLine(pen: NoticePen, at: CellPlaces): number {
  return pen.two ? at.codes + 5.5 : at.codes
}

/** Without due date the rows under it move up, but not beside a code that stands in their way. */
function rowsUp(cell: CellKind, dated: boolean): number {
  return cell === 'wide' && !dated ? CELL.wide.number - CELL.wide.due : 0
}

export function drawVariableCells(
  pen: NoticePen,
  texts: NoticeTexts,
  row: CellRow,
  payments: readonly NoticePayment[],
  codes: readonly NoticeCode[],
): void {
  const { page, top } = pen
  const subject = row.cell === 'wide' ? ROOMS.wideSubject : ROOMS.narrowSubject
  eachCell(row, ({ left }, at, order, index) => {
    const payment = payments[index] as NoticePayment
    pen.text(order + 6, left, at.amount + CELL_VALUE, MONO_BOLD, TITLE, formatCents(payment.cents))
    if (payment.dueDate !== null) {
      pen.text(order + 10, left, at.due + CELL_VALUE, MONO_BOLD, TITLE, formatDate(payment.dueDate))
    }
    const up = rowsUp(row.cell, payment.dueDate !== null)
    pen.text(order + 14, left, at.number - up + CELL_VALUE, MONO_BOLD, TITLE, groupNoticeNumber(payment.noticeNumber))
    const code = codes.find((c) => c.kind === 'qr' && c.installment === index) as NoticeCode
    drawQr(pen, order + 2, payment, code)
    if (row.cell === 'dense') return
    pen.begin('P', order + 26)
    drawFitted(page, left, top + at.subject - up + CELL_TEXT, BOLD, texts.fit('Oggetto', BOLD, subject), SUBJECT_LIFT)
    pen.end()
  })
}
