import { type Font, measure, printable } from './font.ts'

export interface FittedText {
  readonly size: number
  readonly leading: number
  readonly lines: readonly string[]
}

export interface Room {
  readonly width: number
  readonly height: number
  readonly size: number
  readonly minSize: number
  /** Line step as a multiple of the size. */
  readonly leading: number
}

/** Ink height of one line, as `Canvas.text` counts it. */
const INK = 0.96

/**
 * Wraps at blanks, then shrinks in steps, then breaks words: the first arrangement that stays inside the room. Null when
 * not even the smallest size holds the text, so that the caller can say so instead of cutting.
 */
export function fitText(font: Font, text: string, room: Room): FittedText | null {
  const paragraphs = text.split(LINE_ENDS).map(tidy)
  for (const breakWords of [false, true]) {
    for (let size = room.size; size >= room.minSize - 1e-9; size -= 0.25) {
      const leading = size * room.leading
      const most = Math.floor((room.height - size * INK) / leading + 1e-9) + 1
      const lines: string[] = []
      let fits = true
      for (const paragraph of paragraphs) {
        const wrapped = wrap(font, size, paragraph, room.width, breakWords)
        if (wrapped === null) {
          fits = false
          break
        }
        lines.push(...wrapped)
      }
      if (fits && lines.length <= Math.max(most, 0)) return { size, leading, lines }
    }
  }
  return null
}

const LINE_ENDS = /\r?\n|\u2028/

function tidy(paragraph: string): string {
  const line = printable(paragraph)
  return /^\s|\s$| {2}/.test(line) ? line.trim().replace(/ +/g, ' ') : line
}

/** Lines no wider than `width`; null when one word is wider and may not be broken. */
function wrap(font: Font, size: number, text: string, width: number, breakWords: boolean): string[] | null {
  if (measure(font, size, text) <= width) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (measure(font, size, longer) <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    if (measure(font, size, word) <= width) continue
    if (!breakWords) return null
    while (measure(font, size, line) > width) {
      let cut = line.length - 1
      while (cut > 1 && measure(font, size, line.slice(0, cut)) > width) cut--
      lines.push(line.slice(0, cut))
      line = line.slice(cut)
    }
  }
  lines.push(line)
  return lines
}
