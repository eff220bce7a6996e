import type { IsoDate } from './date.ts'
import type { PaperInstitution } from './quietanza-paper.ts'

/** One cover letter (lettera accompagnatoria) ready to be drawn: its fields already filled in. */
export interface LetterPaper {
  readonly institution: PaperInstitution
  readonly date: IsoDate
  /** As on an envelope: name first, at most six lines. */
  readonly recipient: readonly string[]
  readonly subject: string
  /** Paragraphs parted by an empty line; single line breaks are kept. */
  readonly body: string
  /** Who signs, below the text; empty for none. */
  readonly signature: string
}

/** Where the letter stands in the file of the notice. */
export type LetterPlace = 'before' | 'after'
