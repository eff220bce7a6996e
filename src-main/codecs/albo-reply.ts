import type { AlboProfile } from '#domain/albo-profile'
import { type Problem, problem } from '#domain/problem'
import { foldHeading } from '#domain/register-mapping'
import { err, ok, type Result } from '#domain/result'
import { Refusal } from './refusal.ts'
import { openWorkbook, type Workbook } from './workbook.ts'
import { shown, type XlsxRow } from './xlsx-cell.ts'

/** What an Albo said of one row of a list. */
export interface AlboReplyRow {
  /** Row of the file, from 1. */
  readonly row: number
  readonly key: string
  /** As written; null where the profile has no column for it. */
  readonly year: string | null
  /** Null where the word is none that the profile knows. */
  readonly outcome: 'accepted' | 'refused' | null
  /** The outcome as written. */
  readonly said: string
  readonly reason: string
}

const HEAD_ROWS = 30
const MAX_ROWS = 200_000

/**
 * The answers in a file that an Albo gave back, of any kind of table, by the headings of its profile; null when no visible sheet
 * has them in its first rows. Rows without an outcome are left out: they say nothing.
 */
export async function readAlboReply(
  bytes: Uint8Array,
  { reply }: AlboProfile,
): Promise<Result<readonly AlboReplyRow[] | null, Problem>> {
  const book = await openWorkbook(bytes)
  if (!book.ok) return book
  try {
    return await readBook(book.value, reply)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return err(error.problem)
  }
}

async function readBook(
  book: Workbook,
  reply: AlboProfile['reply'],
): Promise<Result<readonly AlboReplyRow[] | null, Problem>> {
  const wanted = replyHeadings(reply)
  const meanings = new Map<string, 'accepted' | 'refused'>([
    ...reply.accepted.map((word) => [foldHeading(word), 'accepted'] as const),
    ...reply.refused.map((word) => [foldHeading(word), 'refused'] as const),
  ])
  const found: AlboReplyRow[] = []
  for (const [sheet, { hidden }] of book.sheets.entries()) {
    if (hidden) continue
    let places: ReadonlyMap<string, number> | null = null
    for await (const batch of book.rows(sheet)) {
      for (const row of batch) {
        if (places === null) {
          if (row.number > HEAD_ROWS) break
          const here = headings(row)
          if (wanted.every((heading) => here.has(foldHeading(heading)))) places = here
          continue
        }
        const at = (heading: string) => text(row, places as ReadonlyMap<string, number>, heading)
        const outcome = at(reply.outcomeHeading)
        if (outcome === '') continue
        if (found.length === MAX_ROWS) {
          return err(problem('REGISTER_TOO_MANY_ROWS', { limit: MAX_ROWS.toLocaleString('it-IT') }))
        }
        found.push({
          row: row.number,
          // A key that looked like a formula went out with an apostrophe in front (`csv-write.ts`).
          key: at(reply.keyHeading)
            .replace(/^'(?=[=+\-@])/, '')
            .toUpperCase(),
          year: reply.yearHeading === null ? null : at(reply.yearHeading),
          outcome: meanings.get(foldHeading(outcome)) ?? null,
          said: outcome.slice(0, 80),
          reason: at(reply.reasonHeading).slice(0, 500) || outcome.slice(0, 500),
        })
      }
      if (places === null && batch.some((row) => row.number > HEAD_ROWS)) break
    }
    if (places !== null) return ok(found)
  }
  return ok(null)
}

/** Columns without which a reply says nothing. */
export function replyHeadings({ keyHeading, yearHeading, outcomeHeading }: AlboProfile['reply']): string[] {
  return [keyHeading, ...(yearHeading === null ? [] : [yearHeading]), outcomeHeading]
}

function headings(row: XlsxRow): ReadonlyMap<string, number> {
  return new Map([...row.cells].map(([index, cell]) => [foldHeading(shown(cell)), index]))
}

function text(row: XlsxRow, places: ReadonlyMap<string, number>, heading: string): string {
  const cell = row.cells.get(places.get(foldHeading(heading)) ?? -1)
  return cell === undefined ? '' : shown(cell).trim()
}
