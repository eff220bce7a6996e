import { formatDate } from '#domain/date'
import type { LetterPaper } from '#domain/letter-paper'
import type { Canvas } from './canvas.ts'
import { type FittedText, fitText } from './fit.ts'
import { BOLD, type Font, REGULAR } from './font.ts'
import { PageFlow, pt } from './page-flow.ts'
import { writePaper } from './paper.ts'
import { letterhead, ownPaperKit, runningHead } from './paper-parts.ts'
import { drawLines, requireCharacters, requireFit } from './paper-text.ts'

/** Where a DL or C5 envelope with its window on the right, as Poste delivers them, shows the sheet: millimetres. */
export const LETTER_WINDOW = { left: 110, top: 50, width: 84, height: 32 } as const

/** Well below the window, so that no word of the text can show in it. */
const TEXT_TOP = 97
const SIZE = pt(10.5)
const LEADING = 1.42
const PARAGRAPH = 3
/** Signatures stand on the right half, as on any letter. */
const SIGNATURE_LEFT = LETTER_WINDOW.left

/** One file of its own. @throws ProblemError */
export function drawLetter(letter: LetterPaper): Uint8Array {
  return writePaper(ownPaperKit(), drawLetterPages(letter), {
    title: letter.subject,
    author: letter.institution.name,
    subject: `Lettera per ${letter.recipient[0] ?? ''}`,
  })
}

/**
 * The cover letter on A4 sheets: recipient in the envelope's window, text on as many pages as it takes.
 * @throws ProblemError when a character has no glyph or the recipient does not fit the window at any readable size
 */
export function drawLetterPages(letter: LetterPaper): Canvas[] {
  const person = letter.recipient[0] ?? letter.subject
  const date = formatDate(letter.date)
  const flow: PageFlow = new PageFlow({
    note: letter.institution.name,
    bareSingle: true,
    head: (canvas, index) => {
      const right = canvas.width / canvas.unit - 18
      return index === 0
        ? letterhead(canvas, right, letter.institution, '')
        : runningHead(canvas, right, letter.institution, `Lettera del ${date}`) + 4
    },
  })
  window(flow.canvas, letter, person)
  flow.canvas.begin('P')
  flow.canvas.text(flow.left, LETTER_WINDOW.top + SIZE, REGULAR, SIZE, date)
  flow.canvas.end()
  flow.y = TEXT_TOP
  const subject = lines(BOLD, `Oggetto: ${letter.subject}`, flow.width, { person, field: 'Oggetto' })
  flow.canvas.begin('H1')
  write(flow.canvas, flow.left, flow.y, BOLD, subject.lines)
  flow.canvas.end()
  flow.y += subject.lines.length * subject.leading + 4
  body(flow, letter, person)
  return [...flow.finish()]
}

function window(canvas: Canvas, letter: LetterPaper, person: string): void {
  const { left, top, width, height } = LETTER_WINDOW
  const text = letter.recipient.map((line) => line.trim()).filter((line) => line !== '')
  if (text.length === 0) return
  const room = { width, height, size: pt(11), minSize: pt(7), leading: 1.18 }
  const fitted = requireFit(REGULAR, text.join('\n'), room, { person, field: 'Destinatario' })
  canvas.begin('P')
  drawLines(canvas, left, top + fitted.size * 0.8, REGULAR, fitted)
  canvas.end()
}

function body(flow: PageFlow, letter: LetterPaper, person: string): void {
  const paragraphs = letter.body
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .map((text) => text.replace(/^\n+|\s+$/g, ''))
    .filter((text) => text !== '')
    .map((text) => lines(REGULAR, text, flow.width, { person, field: 'Testo' }).lines)
  const signed = letter.signature.trim()
  const signature = signed === '' ? [] : lines(REGULAR, signed, flow.right - SIGNATURE_LEFT, owner(person)).lines
  const signatureHeight = signature.length === 0 ? 0 : 9 + signature.length * SIZE * LEADING + SIGNATURE_ROOM
  paragraphs.forEach((paragraph, i) => {
    paragraphAt(flow, paragraph, i === paragraphs.length - 1 ? signatureHeight : 0)
    flow.y += PARAGRAPH
  })
  if (signature.length === 0) return
  flow.need(signatureHeight)
  flow.canvas.begin('P')
  write(flow.canvas, SIGNATURE_LEFT, flow.y + 9, REGULAR, signature)
  flow.canvas.end()
  flow.y += signatureHeight
}

/** White below the printed name, for a hand to sign. */
const SIGNATURE_ROOM = 16

function owner(person: string): { person: string; field: string } {
  return { person, field: 'Firma' }
}

/** Never one line alone at the foot or at the head of a page; `keep` is what must follow on the same page. */
function paragraphAt(flow: PageFlow, all: readonly string[], keep: number): void {
  const step = SIZE * LEADING
  let rest = all
  while (rest.length > 0) {
    const whole = Math.floor((flow.bottom - keep - flow.y) / step)
    if (rest.length <= whole) {
      piece(flow, rest)
      return
    }
    let fit = Math.min(Math.floor((flow.bottom - flow.y) / step), rest.length - 2)
    if (fit < 2) fit = 0
    // A page of its own could not hold it either: go on as it comes.
    if (fit === 0 && atTop(flow)) fit = Math.max(1, Math.min(rest.length, Math.floor((flow.bottom - flow.y) / step)))
    if (fit > 0) piece(flow, rest.slice(0, fit))
    rest = rest.slice(fit)
    if (rest.length > 0) flow.next()
  }
}

function atTop(flow: PageFlow): boolean {
  return flow.pages.length > 1 && flow.y < 40
}

function piece(flow: PageFlow, some: readonly string[]): void {
  flow.canvas.begin('P')
  write(flow.canvas, flow.left, flow.y, REGULAR, some)
  flow.canvas.end()
  flow.y += some.length * SIZE * LEADING
}

/** Wrapped at the letter's own size, as many lines as it takes. */
function lines(font: Font, text: string, width: number, who: { person: string; field: string }): FittedText {
  requireCharacters(font, text, who)
  const room = { width, height: Number.MAX_SAFE_INTEGER, size: SIZE, minSize: SIZE, leading: LEADING }
  return fitText(font, text, room) as FittedText
}

function write(canvas: Canvas, x: number, top: number, font: Font, text: readonly string[]): void {
  const step = SIZE * LEADING
  text.forEach((line, i) => {
    canvas.text(x, top + SIZE * 0.95 + i * step, font, SIZE, i < text.length - 1 ? `${line} ` : line)
  })
}
