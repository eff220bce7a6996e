import type { NoticeGraphic } from '#domain/notice-graphics'
import type { NoticeWords } from '#domain/notice-words'
import type { Canvas, MarkOptions, Tag } from './canvas.ts'
import type { FittedText, Room } from './fit.ts'
import { BOLD, type Font, measure, REGULAR } from './font.ts'
import { BAND, BAND_GREY, BAND_TEXT, BESIDE, BODY, LEAST, TITLE, UNDER } from './notice-grid.ts'
import { drawRich, requireRich } from './notice-rich.ts'
import type { NoticeStyle, PlacedBlock } from './notice-shape.ts'
import { drawLines, requireCharacters, requireFit } from './paper-text.ts'

/** Words of the notice in one of its languages. */
export type Say = (words: NoticeWords) => string

export type Align = 'left' | 'right'

/** Where the second language of a label stands: after it, or on a line of its own just under it. */
export interface SecondPlace {
  readonly how: 'beside' | 'under'
  /** All that both (beside) or the second alone (under) may take. */
  readonly width: number
}

/** Places in the reading order that one block may use. */
const ORDERS = 1000

/**
 * Draws the words of one block: each mark in its place of the reading order, Italian first, then the second language
 * where it says something else.
 */
export class NoticePen {
  readonly page: Canvas
  readonly style: NoticeStyle
  readonly top: number
  readonly #base: number

  /** `index` counts the blocks of the page; the heading is 0. */
  constructor(page: Canvas, style: NoticeStyle, index: number, top = 0) {
    this.page = page
    this.style = style
    this.top = top
    this.#base = index * ORDERS
  }

  static forBlock(page: Canvas, style: NoticeStyle, index: number, block: PlacedBlock): NoticePen {
    return new NoticePen(page, style, index + 1, block.top)
  }

  get two(): boolean {
    return this.style.second !== null
  }

  begin(tag: Tag, order: number, options?: MarkOptions): void {
    const place = this.#base + order
    this.page.begin(tag, options === undefined ? plainOptions(place) : { ...options, order: place })
  }

  end(): void {
    this.page.end()
  }

  /** One mark with one line. `y` counts from the top of the block. */
  text(
    order: number,
    x: number,
    y: number,
    font: Font,
    size: number,
    text: string,
    align: Align = 'left',
    tag: Tag = 'P',
  ): void {
    this.begin(tag, order)
    this.page.text(x, this.top + y, font, size, text, align)
    this.end()
  }

  /** The second language's text where it differs from the Italian one. */
  second(say: Say): string | null {
    const { second, words } = this.style
    if (second === null) return null
    const text = say(second.words)
    return text === '' || text === say(words) ? null : text
  }

  /** @throws ProblemError when the second language's line cannot be made that narrow. */
  fitSecond(text: string, size: number, width: number): FittedText {
    // With such a line step a second line never fits.
    const room: Room = { width, height: size, size, minSize: LEAST, leading: 3 }
    return requireFit(REGULAR, text, room, this.#secondOwner())
  }

  /** One line of the second language, smaller where its room asks for it. */
  secondLine(
    order: number,
    x: number,
    y: number,
    size: number,
    width: number,
    text: string,
    align: Align = 'left',
  ): void {
    const fitted = this.fitSecond(text, size, width)
    this.begin('P', order, this.lang())
    this.page.text(x, this.top + y, REGULAR, fitted.size, fitted.lines[0] ?? '', align)
    this.end()
  }

  /** Words of a grey band: alone in its middle, or one language above the other. */
  band(tag: Tag, order: number, x: number, say: Say, width: number, align: Align = 'left'): void {
    const second = this.second(say)
    const y = second === null ? BAND_TEXT : 14.2
    this.text(order, x, y, BOLD, TITLE, say(this.style.words), align, tag)
    if (second !== null) this.secondLine(order + 1, x, 25.4, BESIDE, width, second, align)
  }

  /** A grey band `BAND` high. */
  bandBox(x: number, width: number): void {
    this.page.fill(BAND_GREY)
    this.page.rect(x, this.top, width, BAND)
    this.page.fill(0)
  }

  /** A label and its second language. Returns the right edge of what it takes on the line. */
  label(
    order: number,
    x: number,
    y: number,
    say: Say,
    place: SecondPlace,
    font: Font = REGULAR,
    size = BODY,
    align: Align = 'left',
  ): number {
    const text = say(this.style.words)
    const second = this.second(say)
    const under = second !== null && place.how === 'under'
    this.text(order, x, under ? y - RISE : y, font, size, `${text} `, align)
    const end = x + measure(font, size, text)
    if (second === null) return end
    if (under) {
      this.secondLine(order + 1, x, y - RISE + UNDER_STEP, UNDER, place.width, second, align)
      return end
    }
    const beside = `/ ${second}`
    const from = end + 3
    const fitted = this.fitSecond(beside, BESIDE, place.width - (from - x))
    this.begin('P', order + 1, this.lang())
    const advance = this.page.text(from, this.top + y, REGULAR, fitted.size, fitted.lines[0] ?? '')
    this.end()
    return from + advance
  }

  /** Running text with `*bold*`; returns the base line of the last line. */
  paragraph(order: number, x: number, y: number, text: string, room: Room, second = false): number {
    const rich = requireRich(text, room, second ? this.#secondOwner() : this.owner('Testo fisso'))
    this.begin('P', order, second ? this.lang() : undefined)
    drawRich(this.page, x, this.top + y, rich)
    this.end()
    return y + (rich.lines.length - 1) * rich.leading
  }

  /** A text of the institution that must stay in its room. */
  own(order: number, x: number, y: number, font: Font, text: string, room: Room, field: string, lift = 0): void {
    const fitted = requireFit(font, text, room, this.owner(field))
    this.begin('P', order)
    drawFitted(this.page, x, this.top + y, font, fitted, { size: room.size, lift })
    this.end()
  }

  requireCharacters(font: Font, text: string, field: string): void {
    requireCharacters(font, text, this.owner(field))
  }

  owner(field: string): { person: string; field: string } {
    return { person: this.style.creditor.name, field }
  }

  /**
   * A piece of the official kit inside its official box, as large as its proportions allow, at the left and in the
   * middle; false when the institution has not loaded it.
   */
  graphic(order: number, kind: NoticeGraphic, box: Box, alt: string | null): boolean {
    const size = this.style.graphics.get(kind)
    if (size === undefined) return false
    this.#contain(order, resourceOf(kind), size.width / size.height, box, alt, 'left')
    return true
  }

  /** As `graphic`, or our own square drawing of the same name. Decoration, not read aloud. */
  drawing(kind: NoticeGraphic, box: Box): void {
    const size = this.style.graphics.get(kind)
    this.#contain(0, resourceOf(kind), size === undefined ? 1 : size.width / size.height, box, null, 'center')
  }

  #contain(
    order: number,
    resource: string,
    ratio: number,
    box: Box,
    alt: string | null,
    align: 'left' | 'center',
  ): void {
    const width = Math.min(box.width, box.height * ratio)
    const height = width / ratio
    const y = this.top + box.y + (box.height - height) / 2
    if (alt !== null) this.begin('Figure', order, { alt })
    this.page.place(resource, box.x + (align === 'center' ? (box.width - width) / 2 : 0), y, width, height)
    if (alt !== null) this.end()
  }

  /** For marks in the second language. */
  lang(): MarkOptions {
    return { lang: this.style.second?.language ?? 'it' }
  }

  #secondOwner(): { person: string; field: string } {
    return this.owner(`Testo nella seconda lingua (${this.style.second?.language ?? ''})`)
  }
}

const plain: MarkOptions[] = []

/** The same for all notices: thousands a second are drawn. */
function plainOptions(order: number): MarkOptions {
  plain[order] ??= { order }
  return plain[order]
}

/** How far a label goes up to leave its second language a line, and the step between the two. */
const RISE = 9.6
const UNDER_STEP = 10.8

/**
 * `y` is the base line of one line of the official `size`. What takes more lines begins `lift` higher, and its ink where
 * the official ink would, however small its letters: so a room's height counts from there.
 */
export function drawFitted(
  page: Canvas,
  x: number,
  y: number,
  font: Font,
  fitted: FittedText,
  { size, lift }: { readonly size: number; readonly lift: number },
): void {
  const up = fitted.lines.length > 1 ? lift + (size - fitted.size) * CAPITALS : 0
  drawLines(page, x, y - up, font, fitted)
}

/** Height of capitals, as the canvas counts ink. */
const CAPITALS = 0.74

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** `XBancoPosta` of `bancoPosta`. */
export function resourceOf(kind: NoticeGraphic): string {
  return `X${kind[0]?.toUpperCase()}${kind.slice(1)}`
}
