import type { Canvas } from './canvas.ts'
import { BOLD, REGULAR } from './font.ts'
import { BIG, BODY, LEFT, RIGHT, ROOMS, TITLE } from './notice-grid.ts'
import { drawFitted, NoticePen } from './notice-pen.ts'
import type { NoticeStyle } from './notice-shape.ts'
import type { NoticeTexts } from './notice-texts.ts'

const MARK = { x: LEFT, y: 38, width: 56.7, height: 38 }
const WORDS = { x: 109.58, y: 38.6, width: 137, height: 15.4 }
const LOGO = { y: 38, side: 113.4 }

/** Mark, title and logo. Only the first page's are read aloud: on the others they repeat. */
export function drawFixedHeading(page: Canvas, style: NoticeStyle, first: boolean): void {
  if (!first) page.beginArtifact()
  const pen = new NoticePen(page, style, 0)
  const { words, logo, creditor } = style
  const mark = style.graphics.get('pagopa')
  const title = style.graphics.get('title')
  const second = pen.second((w) => w.title)
  const wordmark = (): void => {
    page.text(LEFT, 58, BOLD, 18.2, 'pagoPA ')
  }
  const titleText = (): void => {
    page.text(WORDS.x, 50, BOLD, TITLE, words.title)
  }
  const logoBox = logo === null ? null : logoPlace(logo)
  if (!first) {
    if (mark === undefined) wordmark()
    else pen.graphic(0, 'pagopa', MARK, null)
    if (title === undefined) titleText()
    else pen.graphic(0, 'title', WORDS, null)
    if (second !== null) page.text(WORDS.x, 65, REGULAR, BODY, second)
    if (logoBox !== null) page.place('XLogo', logoBox.x, logoBox.y, logoBox.width, logoBox.height)
    page.end()
    return
  }
  if (!pen.graphic(1, 'pagopa', MARK, 'pagoPA')) {
    pen.begin('P', 1)
    wordmark()
    pen.end()
  }
  if (!pen.graphic(2, 'title', WORDS, words.title)) {
    pen.begin('P', 2)
    titleText()
    pen.end()
  }
  if (second !== null) pen.secondLine(3, WORDS.x, 65, BODY, 380, second)
  if (logoBox !== null) {
    pen.begin('Figure', 10, { alt: `Logo di ${creditor.name}` })
    page.place('XLogo', logoBox.x, logoBox.y, logoBox.width, logoBox.height)
    pen.end()
  }
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
