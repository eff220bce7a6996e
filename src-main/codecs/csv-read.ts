import Papa from 'papaparse'
import { STATEMENT_SEPARATORS, type StatementSeparator } from '#domain/bank-statement'
import { type Problem, problem } from '#domain/problem'
import { err, ok, type Result } from '#domain/result'

/** One record: its cells as written, and the line of the file on which it begins (a quoted cell may hold line ends). */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

const QUOTE_REASONS: Readonly<Record<string, string>> = {
  MissingQuotes: 'delle virgolette aperte non si chiudono',
  InvalidQuotes: 'delle virgolette stanno in mezzo a una cella',
}

/** Reads all records of a text; blank ones are kept, so that places count. Refuses quotes that do not close. */
export function readCsv(text: string, separator: StatementSeparator): Result<CsvRecord[], Problem> {
  const records: CsvRecord[] = []
  let line = 1
  let cursor = 0
  let refused: Problem | null = null
  Papa.parse<string[]>(text, {
    delimiter: separator,
    step: (result, parser) => {
      const error = result.errors.find((e) => e.type === 'Quotes')
      if (error) {
        refused = problem('CSV_UNREADABLE', { reason: QUOTE_REASONS[error.code] ?? error.code }, { position: { line } })
        parser.abort()
        return
      }
      records.push({ line, cells: result.data })
      for (let at = cursor; at < result.meta.cursor; at += 1) if (isLineEnd(text, at)) line += 1
      cursor = result.meta.cursor
    },
  })
  return refused === null ? ok(records) : err(refused)
}

/** `\r\n` counts once, on its `\n`; a lone `\r` (old Mac) counts too. */
function isLineEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)
}

/**
 * The separator under which the head of the text falls into the most regular columns: for each candidate, rows that
 * share the commonest width, times that width. Null when no candidate makes two columns.
 */
export function detectSeparator(text: string): StatementSeparator | null {
  const head = text.slice(0, 64 * 1024)
  let best: StatementSeparator | null = null
  let bestScore = 0
  for (const separator of STATEMENT_SEPARATORS) {
    const rows = Papa.parse<string[]>(head, { delimiter: separator, preview: 80 }).data
    const widths = new Map<number, number>()
    for (const row of rows) if (row.length > 1) widths.set(row.length, (widths.get(row.length) ?? 0) + 1)
    for (const [width, count] of widths) {
      const score = count * count * (width - 1)
      if (score > bestScore) {
        best = separator
        bestScore = score
      }
    }
  }
  return best
}
