import { type Cents, cents, formatCents } from '#domain/money'
import { type NoticeData, type NoticePayment, noticePayments } from '#domain/notice'
import { ProblemError, problem } from '#domain/problem'
import { Canvas, type PreparedPage } from './canvas.ts'
import { fitText, type Room } from './fit.ts'
import { BOLD, type Font, REGULAR } from './font.ts'
import { drawFixedAmount, drawVariableAmount } from './notice-amount.ts'
import { drawFixedCells, drawVariableCells } from './notice-cells.ts'
import { drawDataTitle, drawFixedData, drawFixedSummary, drawVariableData, drawVariableSummary } from './notice-data.ts'
import { PX, ROOMS } from './notice-grid.ts'
import { drawDuplicate, drawFixedHeading, drawVariableHeading, subjectRoom } from './notice-heading.ts'
import { drawFixedParties, drawVariableParties } from './notice-parties.ts'
import { NoticePen } from './notice-pen.ts'
import { isShort, type NoticeCode, type NoticeShape, type NoticeStyle, type PlacedBlock } from './notice-shape.ts'
import { drawFixedSlip, drawVariableSlip } from './notice-slip.ts'
import { NoticeTexts } from './notice-texts.ts'

const MAX: Cents = cents(99_999_999_999)

/** All that does not depend on the person, by page. @throws ProblemError when a text of the institution cannot be printed. */
export function drawFixedPages(shape: NoticeShape, style: NoticeStyle): Canvas[] {
  return shape.pages.map((blocks, number) => {
    const page = new Canvas(PX)
    drawFixedHeading(page, style, number === 0)
    if (shape.duplicate) drawDuplicate(page, style, number === 0)
    blocks.forEach((block, index) => {
      drawFixedBlock(NoticePen.forBlock(page, style, index, block), shape, block)
    })
    return page
  })
}

function drawFixedBlock(pen: NoticePen, shape: NoticeShape, block: PlacedBlock): void {
  switch (block.kind) {
    case 'parties':
      drawFixedParties(pen)
      break
    case 'amount':
      drawFixedAmount(pen, shape)
      break
    case 'data':
      drawFixedData(pen)
      break
    case 'title':
      drawDataTitle(pen)
      break
    case 'summary':
      drawFixedSummary(pen)
      break
    case 'cells':
      drawFixedCells(pen, shape, block)
      break
    case 'slip':
      drawFixedSlip(pen, block)
      break
  }
}

/**
 * What depends on the person, on top of the prepared fixed pages of its shape: for one shape always the same marks with
 * the same tags, order, alternative texts and languages, so that one structure tree serves all.
 * @throws ProblemError naming person and field for what cannot be printed.
 */
export function drawVariablePages(
  notice: NoticeData,
  shape: NoticeShape,
  style: NoticeStyle,
  prepared: readonly PreparedPage[],
): Canvas[] {
  requireAmounts(notice)
  const texts = new NoticeTexts(notice)
  return shape.pages.map((blocks, number) => {
    const page = new Canvas(PX)
    page.resume(prepared[number] as PreparedPage)
    drawVariableHeading(page, style, texts, number === 0)
    blocks.forEach((block, index) => {
      drawVariableBlock(NoticePen.forBlock(page, style, index, block), shape, block, texts)
    })
    return page
  })
}

function drawVariableBlock(pen: NoticePen, shape: NoticeShape, block: PlacedBlock, texts: NoticeTexts): void {
  const { single, installments } = texts.notice
  switch (block.kind) {
    case 'parties':
      drawVariableParties(pen, texts)
      break
    case 'amount':
      drawVariableAmount(pen, single)
      break
    case 'data':
      drawVariableData(pen, texts, paymentOf(texts.notice, null), codeOf(shape, 'qr', null))
      break
    case 'title':
      break
    case 'summary':
      drawVariableSummary(pen, texts)
      break
    case 'cells':
      drawVariableCells(pen, texts, block, installments, shape.codes)
      break
    case 'slip': {
      const code = codeOf(shape, 'matrix', block.installment)
      drawVariableSlip(pen, texts, block, paymentOf(texts.notice, block.installment), code)
    }
  }
}

function paymentOf(notice: NoticeData, installment: number | null): NoticePayment {
  const payment = installment === null ? notice.single : notice.installments[installment]
  if (payment == null) throw new RangeError('a notice of another shape')
  return payment
}

function codeOf(shape: NoticeShape, kind: NoticeCode['kind'], installment: number | null): NoticeCode {
  const code = shape.codes.find((c) => c.kind === kind && c.installment === installment)
  if (code === undefined) throw new RangeError('a notice of another shape')
  return code
}

function requireAmounts(notice: NoticeData): void {
  for (const payment of noticePayments(notice)) {
    if (payment.cents >= 1 && payment.cents <= MAX) continue
    throw new ProblemError(
      problem('NOTICE_AMOUNT_RANGE', { amount: formatCents(payment.cents), person: notice.debtor.name }),
    )
  }
}

/** True when a text of the debtor or the subject has to be printed smaller than usual to stay in its room. */
export function needsSmaller(notice: NoticeData, style: NoticeStyle): boolean {
  const smaller = (font: Font, text: string, room: Room): boolean => {
    const fitted = fitText(font, text, room)
    return fitted !== null && fitted.size < room.size
  }
  return (
    smaller(BOLD, notice.subject, subjectRoom(style)) ||
    smaller(BOLD, notice.debtor.name, ROOMS.debtorName) ||
    smaller(REGULAR, new NoticeTexts(notice).address, isShort(style.creditor) ? ROOMS.addressShort : ROOMS.address)
  )
}
