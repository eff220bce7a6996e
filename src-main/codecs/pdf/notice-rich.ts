import { ProblemError, problem } from '#domain/problem'
import type { Canvas } from './canvas.ts'
import type { Room } from './fit.ts'
import { BOLD, type Font, measure, printable, REGULAR } from './font.ts'
import { requireCharacters, type TextOwner } from './paper-text.ts'

/** Running text in which `*…*` is bold, laid in lines. */
export interface RichText {
  readonly size: number
  readonly leading: number
  readonly lines: readonly (readonly Run[])[]
}

interface Run {
  readonly text: string
  readonly font: Font
}

const INK = 0.96

/** Wraps at blanks, then shrinks. @throws ProblemError when a character is missing or the smallest size does not hold it. */
export function requireRich(text: string, room: Room, owner: TextOwner): RichText {
  const words = wordsOf(text)
  for (const { text: word, font } of words) requireCharacters(font, word, owner)
  for (let size = room.size; size >= room.minSize - 1e-9; size -= 0.2) {
    const leading = size * room.leading
    const most = Math.floor((room.height - size * INK) / leading + 1e-9) + 1
    const lines = wrap(words, size, room.width)
    if (lines !== null && lines.length <= most) return { size, leading, lines }
  }
  throw new ProblemError(
    problem('PAPER_TEXT_TOO_LONG', { field: owner.field, text, person: owner.person }, { field: owner.field }),
  )
}

export function drawRich(canvas: Canvas, x: number, y: number, rich: RichText): void {
  rich.lines.forEach((runs, i) => {
    let at = x
    runs.forEach((run, r) => {
      const last = r === runs.length - 1
      const blank = last && i === rich.lines.length - 1 ? '' : ' '
      at += canvas.text(at, y + i * rich.leading, run.font, rich.size, `${run.text}${blank}`)
    })
  })
}

function wordsOf(text: string): Run[] {
  return printable(text)
    .split('*')
    .flatMap((part, i) =>
      part
        .split(' ')
        .filter((word) => word !== '')
        .map((word) => ({ text: word, font: i % 2 === 1 ? BOLD : REGULAR })),
    )
}

function wrap(words: readonly Run[], size: number, width: number): Run[][] | null {
  const lines: Run[][] = []
  let line: Run[] = []
  for (const word of words) {
    const longer = joined(line, word)
    if (line.length === 0 || widthOf(longer, size) <= width) {
      line = longer
      continue
    }
    lines.push(line)
    line = [word]
  }
  if (line.length > 0) lines.push(line)
  return lines.every((runs) => widthOf(runs, size) <= width) ? lines : null
}

function joined(line: readonly Run[], word: Run): Run[] {
  const last = line.at(-1)
  if (last === undefined || last.font !== word.font) return [...line, word]
  return [...line.slice(0, -1), { text: `${last.text} ${word.text}`, font: word.font }]
}

function widthOf(runs: readonly Run[], size: number): number {
  return runs.reduce((sum, run, i) => sum + measure(run.font, size, i < runs.length - 1 ? `${run.text} ` : run.text), 0)
}
