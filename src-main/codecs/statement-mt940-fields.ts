import type { MovementDetails } from '#domain/bank-statement'
import { givenText } from './statement-details.ts'

/** One field of a message: `:61:` is tag `61`. Lines after the first belong to the field until the next tag. */
export interface SwiftField {
  readonly tag: string
  readonly line: number
  readonly lines: readonly string[]
}

export interface SwiftMessage {
  readonly line: number
  readonly fields: readonly SwiftField[]
}

/** Whether a text is a customer statement message: an opening balance and a transaction reference or an account. */
export function looksLikeMt940(head: string): boolean {
  return /^(?:\{1:[\s\S]*?)?:(?:20|25P?|28C?):/m.test(head) && /^:60[FM]:/m.test(head)
}

/** Messages of a file, with or without their SWIFT envelopes `{1:…}{2:…}{4:…-}`, one after another. */
export function splitMessages(text: string): SwiftMessage[] {
  const messages: SwiftMessage[] = []
  let fields: { tag: string; line: number; lines: string[] }[] = []
  const close = () => {
    const first = fields[0]
    if (first) messages.push({ line: first.line, fields })
    fields = []
  }
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const opened = raw.lastIndexOf('{4:')
    if (opened >= 0) close()
    let line = opened >= 0 ? raw.slice(opened + 3) : raw
    const end = /^-\s*(?:\}.*)?$|-\}(?:\{.*)?\s*$/.exec(line)
    if (end) line = line.slice(0, end.index)
    const tag = /^:(\d{2}[A-Z]?):(.*)$/.exec(line)
    if (tag) {
      if (tag[1] === '20') close()
      fields.push({ tag: tag[1] as string, line: index + 1, lines: [tag[2] as string] })
    } else if (line.trim() !== '' && opened < 0 && !line.startsWith('{')) {
      fields.at(-1)?.lines.push(line)
    }
    if (end) close()
  }
  close()
  return messages
}

/** Length of a full line of `:86:`: what follows it was only cut there. */
const FULL_LINE = 65

/**
 * What an `:86:` says. Structured ones carry their text in pieces of 27 characters, `?20`…`?29` and `?60`…`?63`, joined
 * without a blank because they are cut anywhere; `?00` is the name of the operation, `?32` and `?33` the other party.
 * Of unstructured ones only the lines that fill their width are joined without a blank (bank.md §5).
 */
export function remittanceText(lines: readonly string[]): string {
  const whole = lines.join('')
  const mark = markOf(whole)
  return mark === null ? unstructured(lines) : structuredText(piecesOf(whole, mark))
}

/** The other party, and the payer's id where a keyword stands before it: `EREF+…`, `/EREF/…/`. */
export function remittanceDetails(lines: readonly string[]): Pick<MovementDetails, 'counterparty' | 'endToEndId'> {
  const whole = lines.join('')
  const mark = markOf(whole)
  const pieces = mark === null ? null : piecesOf(whole, mark)
  const party = pieces === null ? '' : joinedPieces(pieces, [[32, 33]])
  const text = pieces === null ? whole : joinedPieces(pieces, CAUSALE)
  const id = /(?:^|[\s/])EREF\+(.{1,35}?)(?=\s*[A-Z]{4}\+|$)/.exec(text)?.[1] ?? /\/EREF\/([^/]{1,35})/.exec(text)?.[1]
  return { counterparty: party === '' ? null : party, endToEndId: givenText(id) }
}

const CAUSALE = [
  [20, 29],
  [60, 63],
] as const

function markOf(whole: string): string | null {
  return /^\d{3}([?<>~|@^+])(?=\d{2})/.exec(whole)?.[1] ?? (/^\?\d{2}/.test(whole) ? '?' : null)
}

function piecesOf(whole: string, mark: string): Map<number, string> {
  const pieces = new Map<number, string>()
  for (const piece of whole.slice(whole.indexOf(mark)).split(mark)) {
    const code = /^\d{2}/.exec(piece)?.[0]
    const last = [...pieces.keys()].at(-1)
    // A mark that no number follows is a character of the text.
    if (code !== undefined) pieces.set(Number(code), (pieces.get(Number(code)) ?? '') + piece.slice(2))
    else if (piece !== '' && last !== undefined) pieces.set(last, `${pieces.get(last) ?? ''}${mark}${piece}`)
  }
  return pieces
}

function joinedPieces(
  pieces: ReadonlyMap<number, string>,
  ranges: readonly (readonly [from: number, to: number])[],
): string {
  return ranges
    .flatMap(([from, to]) => [...pieces].filter(([code]) => code >= from && code <= to).sort(([a], [b]) => a - b))
    .map(([, piece]) => piece)
    .join('')
    .trim()
}

function structuredText(pieces: ReadonlyMap<number, string>): string {
  const of = (...ranges: readonly (readonly [number, number])[]) => joinedPieces(pieces, ranges)
  return [of([0, 0]), of([32, 33]), of([30, 31]), of(...CAUSALE)].filter((part) => part !== '').join(' ')
}

function unstructured(lines: readonly string[]): string {
  let text = ''
  for (const [i, line] of lines.entries()) {
    const before = lines[i - 1]
    const joint = before === undefined || before.length >= FULL_LINE ? '' : ' '
    text += joint + line
  }
  return text.trim()
}
