import { formatDate } from '#domain/date'
import { formatCents } from '#domain/money'
import type { NoticeCreditor, NoticePayment } from '#domain/notice'
import { NOTICE_SITE, type NoticeWords } from '#domain/notice-words'
import { BOLD, measure, REGULAR } from './font.ts'
import { BESIDE, BIG, BODY, COLUMN_RIGHT, DUE, DUE_SIZE, HALF, LEFT, RIGHT, STEP, TITLE, UNDER } from './notice-grid.ts'
import { drawHalfBands } from './notice-parties.ts'
import type { NoticePen, Say } from './notice-pen.ts'
import type { NoticeShape } from './notice-shape.ts'

const INFO_LEFT = 60.44
const INFO_SIDE = 15
/** From one sentence beside the sign to the next. */
const INFO_STEP = 22.7
const WHERE_WIDTH = 268
const SIGN = { x: 711, width: 45, height: 45 }

/** How much and when, where to pay. */
export function drawFixedAmount(pen: NoticePen, shape: NoticeShape): void {
  drawHalfBands(pen)
  const dated = shape.singleDated ?? shape.installmentsDated.includes(true)
  pen.band('H2', 10, LEFT, (w) => (dated ? w.howMuchAndWhen : w.howMuch), COLUMN_RIGHT - LEFT)
  if (shape.singleDated !== null) {
    pen.label(20, LEFT, 63, (w) => w.amount, { how: 'beside', width: DUE - LEFT - 12 }, BOLD)
    if (shape.singleDated) pen.label(24, DUE, 63, (w) => w.by, { how: 'beside', width: COLUMN_RIGHT - DUE + 14 }, BOLD)
  }
  drawSentences(pen, shape)
  drawWhere(pen)
}

export function drawVariableAmount(pen: NoticePen, single: NoticePayment | null): void {
  if (single === null) return
  pen.text(22, LEFT, 86, BOLD, BIG, `${formatCents(single.cents)} ${pen.style.words.currency}`)
  if (single.dueDate !== null) pen.text(26, DUE, 86, BOLD, DUE_SIZE, formatDate(single.dueDate))
}

function drawSentences(pen: NoticePen, shape: NoticeShape): void {
  const n = String(shape.installmentsDated.length)
  const sentences: Say[] = []
  // It speaks of due dates.
  if (shape.singleDated === null && shape.installmentsDated.includes(true)) sentences.push((w) => w.inInstallmentsOnly)
  if (shape.singleDated !== null && n !== '0') sentences.push((w) => w.inInstallmentsToo.replace('{n}', n))
  sentences.push((w) => w.variation)
  let y = shape.singleDated === null ? 63 : 118
  sentences.forEach((say, i) => {
    pen.page.place('XInfo', LEFT, pen.top + y - 10, INFO_SIDE, INFO_SIDE)
    y = drawTwo(pen, 30 + i * 4, INFO_LEFT, y, say, COLUMN_RIGHT - INFO_LEFT, 46) + INFO_STEP
  })
}

/** Italian at the official size, the second language smaller under it. Returns the last base line. */
function drawTwo(pen: NoticePen, order: number, x: number, y: number, say: Say, width: number, height: number): number {
  const italian = { width, height, size: BODY, minSize: 7, leading: STEP }
  const end = pen.paragraph(order, x, y, say(pen.style.words), italian)
  const second = pen.second(say)
  if (second === null) return end
  const room = { width, height: 36, size: UNDER + 0.6, minSize: 5.4, leading: 1.15 }
  return pen.paragraph(order + 1, x, end + 13.4, second, room, true)
}

function drawWhere(pen: NoticePen): void {
  const { creditor } = pen.style
  pen.band('H2', 40, HALF, (w) => w.where, 100)
  drawSite(pen)
  const app: Say = (w) => w.appText.replace('{online}', online(creditor, w))
  // Two languages begin a little higher: what they need more must not push the codes off the page.
  const first = pen.two ? 55 : 65
  drawWay(pen, 50, first, (w) => w.appTitle, app)
  pen.drawing('devices', { ...SIGN, y: first - 12 })
  const next = pen.two ? 136 : 127
  drawWay(
    pen,
    60,
    next,
    (w) => w.placesTitle,
    (w) => w.placesText,
  )
  pen.drawing('places', { ...SIGN, y: next - 12 })
}

function drawWay(pen: NoticePen, order: number, y: number, title: Say, text: Say): void {
  const { words } = pen.style
  pen.text(order, HALF, y, BOLD, TITLE, `${title(words)} `, 'left', 'H3')
  const second = pen.second(title)
  if (second !== null) {
    const from = HALF + measure(BOLD, TITLE, title(words)) + 4
    pen.secondLine(order + 1, from, y, BESIDE, HALF + WHERE_WIDTH - from, `/ ${second}`)
  }
  drawTwo(pen, order + 2, HALF, y + 17, text, WHERE_WIDTH, 46)
}

/** «vai su pagopa.gov.it»: the address is the same in all languages. */
function drawSite(pen: NoticePen): void {
  const second = pen.second((w) => w.goTo)
  const y = pen.top + (second === null ? 19 : 14.2)
  pen.begin('P', 42)
  const width = measure(BOLD, TITLE, NOTICE_SITE)
  pen.page.text(RIGHT - width - 2.6, y, REGULAR, BODY, `${pen.style.words.goTo} `, 'right')
  pen.page.text(RIGHT, y, BOLD, TITLE, NOTICE_SITE, 'right')
  pen.end()
  if (second !== null) pen.secondLine(43, RIGHT, 25.4, BESIDE, 200, second, 'right')
}

/** The words between «oppure» and «dal tuo Home Banking». */
function online(creditor: NoticeCreditor, words: NoticeWords): string {
  if (creditor.online === null) return ''
  return { site: words.onlineSite, app: words.onlineApp, both: words.onlineBoth }[creditor.online]
}
