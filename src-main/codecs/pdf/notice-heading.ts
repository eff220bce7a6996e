import type { Canvas, MarkOptions } from './canvas.ts'
import { BOLD, REGULAR } from './font.ts'
import { BIG, BODY, LEFT, RIGHT, ROOMS, TITLE } from './notice-grid.ts'
import { drawFitted, NoticePen } from './notice-pen.ts'
import type { NoticeStyle } from './notice-shape.ts'
import type { NoticeTexts } from './notice-texts.ts'

const MARK = { x: LEFT, y: 38, width: 56.7, height: 38 }
const WORDS = { x: 109.58, y: 38.6, width: 137, height: 15.4 }
const LOGO = { y: 38, side: 113.4 }
const WORDMARK_SIZE = 18.2
const SECOND_WIDTH = 380

/** Mark, title and logo. Only the first page's are read aloud: on the others they repeat. */
export function drawFixedHeading(page: Canvas, style: NoticeStyle, first: boolean): void {
  const pen = new NoticePen(page, style, 0)
  const { words, logo, creditor } = style
  const mark = (order: number, draw: () => void, options: MarkOptions = {}): void => {
    if (first) pen.begin(options.alt === undefined ? 'P' : 'Figure', order, options)
    draw()
    if (first) pen.end()
  }
  if (!first) page.beginArtifact()
  if (!pen.graphic(1, 'pagopa', MARK, first ? 'pagoPA' : null)) {
    mark(1, () => page.text(LEFT, 58, BOLD, WORDMARK_SIZE, 'pagoPA '))
  }
  if (!pen.graphic(2, 'title', WORDS, first ? words.title : null)) {
    mark(2, () => page.text(WORDS.x, 50, BOLD, TITLE, words.title))
  }
  const second = pen.second((w) => w.title)
  if (second !== null) {
    const fitted = pen.fitSecond(second, BODY, SECOND_WIDTH)
    mark(3, () => page.text(WORDS.x, 65, REGULAR, fitted.size, fitted.lines[0] ?? ''), pen.lang())
  }
  if (logo !== null) {
    const { x, y, width, height } = logoPlace(logo)
    mark(4, () => page.place('XLogo', x, y, width, height), { alt: `Logo di ${creditor.name}` })
  }
  if (!first) page.end()
}

/** Above everything that the official model fixes, in the margin that printers still reach. */
const DUPLICATE_Y = 29

/** Says of a paper that it is not the first one of this notice. */
export function drawDuplicate(page: Canvas, style: NoticeStyle, first: boolean): void {
  const pen = new NoticePen(page, style, 0)
  if (first) pen.begin('P', 0)
  else page.beginArtifact()
  page.text(RIGHT, DUPLICATE_Y, BOLD, TITLE, 'Duplicato', 'right')
  page.end()
}

export function drawVariableHeading(page: Canvas, style: NoticeStyle, texts: NoticeTexts, first: boolean): void {
  const subject = texts.fit('Oggetto', BOLD, subjectRoom(style))
  if (first) new NoticePen(page, style, 0).begin('H1', 5)
  else page.beginArtifact()
  drawFitted(page, LEFT, 110, BOLD, subject, { size: BIG, lift: BIG * 0.3 })
  page.end()
}

export function subjectRoom(style: NoticeStyle): (typeof ROOMS)['subject' | 'subjectBesideLogo'] {
  return style.logo === null ? ROOMS.subject : ROOMS.subjectBesideLogo
}

/** As large as its proportions allow in 30 × 30 mm, at the right edge. */
function logoPlace(logo: { readonly width: number; readonly height: number }): {
  x: number
  y: number
  width: number
  height: number
} {
  const ratio = logo.width / logo.height
  const width = Math.min(LOGO.side, LOGO.side * ratio)
  const height = width / ratio
  return { x: RIGHT - width, y: LOGO.y + (LOGO.side - height) / 2, width, height }
}
