import { ProblemError, problem } from '#domain/problem'
import type { Canvas } from './canvas.ts'
import { type FittedText, fitText, type Room } from './fit.ts'
import { type Font, setText } from './font.ts'

/** Whose paper and which field, for the sentences of what cannot be printed. */
export interface TextOwner {
  readonly person: string
  readonly field: string
}

/** @throws ProblemError naming person and character when the face cannot draw the whole text. */
export function requireCharacters(font: Font, text: string, owner: TextOwner): void {
  const { missing: character } = setText(font, text.includes('\n') ? text.replace(/\r?\n/g, ' ') : text)
  if (character === null) return
  const codePoint = `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`
  throw new ProblemError(
    problem('PAPER_CHARACTER', { character, codePoint, text, person: owner.person }, { field: owner.field }),
  )
}

/** `fitText` that never fails in silence. @throws ProblemError */
export function requireFit(font: Font, text: string, room: Room, owner: TextOwner): FittedText {
  requireCharacters(font, text, owner)
  const fitted = fitText(font, text, room)
  if (fitted === null) {
    throw new ProblemError(
      problem('PAPER_TEXT_TOO_LONG', { field: owner.field, text, person: owner.person }, { field: owner.field }),
    )
  }
  return fitted
}

/** Draws fitted lines downwards from the first base line; returns the last base line. */
export function drawLines(canvas: Canvas, x: number, y: number, font: Font, fitted: FittedText): number {
  fitted.lines.forEach((line, i) => {
    canvas.text(x, y + i * fitted.leading, font, fitted.size, i < fitted.lines.length - 1 ? `${line} ` : line)
  })
  return y + Math.max(0, fitted.lines.length - 1) * fitted.leading
}
