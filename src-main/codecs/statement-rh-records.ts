import { type Problem, problem } from '#domain/problem'
import { err, ok, type Result } from '#domain/result'

const WIDTH = 120
const TYPES: ReadonlySet<string> = new Set(['RH', 'EC', 'EF', '61', '62', '63', '64', '65'])

/** One record of 120 columns, the first of them blank, padded where its trailing blanks were cut. */
export interface RhRecord {
  /** Line of the file; the number of the record where the file has no line ends. */
  readonly line: number
  readonly type: string
  readonly text: string
}

/** Columns count from 1 and both ends belong to the field, as the tracciato numbers them. */
export function field(record: RhRecord, from: number, to: number): string {
  return record.text.slice(from - 1, to)
}

/** Whether a text begins like a CBI «rendicontazione»: head record, bank's ABI, customer's SIA, day of creation. */
export function looksLikeRh(head: string): boolean {
  return /^\uFEFF?\s*(?:RH|EC)[ \d]{5}[A-Z0-9 ]{5}\d{6}/.test(head) && TYPES.has(head.trimStart().slice(0, 2))
}

/**
 * Records of a file as tools leave them: lines of 120, the leading blank trimmed (119), trailing blanks cut, `\r\n`, or
 * no line ends at all (bank.md §4).
 */
export function splitRh(text: string): Result<RhRecord[], Problem> {
  const records: RhRecord[] = []
  let lineNumber = 0
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const joined = lines.filter((line) => bare(line) !== '').length === 1
  for (const line of lines) {
    lineNumber += 1
    const cut = bare(line)
    if (cut === '') continue
    const pieces = cut.length <= WIDTH && typeOf(cut) !== null ? [withBlank(cut)] : slices(cut)
    if (pieces === null) {
      const position = { position: { line: lineNumber } }
      const value = cut.trimStart().slice(0, 2)
      return err(
        cut.length > WIDTH
          ? problem('STATEMENT_RECORD_LENGTH', { length: cut.length, limit: WIDTH }, position)
          : problem('STATEMENT_RECORD_UNKNOWN', { value }, { ...position, excerpt: cut.slice(0, 60).trim() }),
      )
    }
    for (const [i, piece] of pieces.entries()) {
      records.push({
        line: joined ? i + 1 : lineNumber,
        type: piece.slice(1, 3),
        text: piece.padEnd(WIDTH),
      })
    }
  }
  return ok(records)
}

/** Without the blanks that editors add or cut and the end-of-file mark of old systems. */
function bare(line: string): string {
  return line.replaceAll('\u001A', '').trimEnd()
}

function typeOf(record: string): string | null {
  const type = record.startsWith(' ') ? record.slice(1, 3) : record.slice(0, 2)
  return TYPES.has(type) ? type : null
}

function withBlank(record: string): string {
  return record.startsWith(' ') ? record : ` ${record}`
}

/** Records run together: every 120 columns, or every 119 where each lost its blank. Null when neither cuts at records. */
function slices(line: string): string[] | null {
  if (line.length <= WIDTH) return null
  const whole = withBlank(line)
  const of120 = cutEvery(whole, WIDTH)
  if (of120.every((piece) => piece.startsWith(' ') && typeOf(piece) !== null)) return of120
  const of119 = cutEvery(line, WIDTH - 1)
  return of119.every((piece) => TYPES.has(piece.slice(0, 2))) ? of119.map(withBlank) : null
}

function cutEvery(text: string, width: number): string[] {
  return Array.from({ length: Math.ceil(text.length / width) }, (_, i) => text.slice(i * width, (i + 1) * width))
}
