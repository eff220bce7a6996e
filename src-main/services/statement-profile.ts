import type { StatementHead, StatementMapping } from '#domain/bank-statement'
import type { ReadHandle } from '#ledger/ledger'
import { listProfiles, type NamedProfile } from '#ledger/statement-profile'

/** Headings as they are compared: banks change case and blanks between one export and the next. */
export function foldHeadings(cells: readonly string[]): string[] {
  const folded = cells.map((cell) => cell.replace(/\s+/g, ' ').trim().toLowerCase())
  while (folded.at(-1) === '') folded.pop()
  return folded
}

/** The headings of a file that is read that way; none where the mapping has no row of headings. */
export function headingsOf(head: StatementHead | null, mapping: StatementMapping): string[] {
  const row = mapping.headerRow === null ? undefined : head?.rows[mapping.headerRow]
  return foldHeadings(row ?? [])
}

/** The named format whose headings stand in this file, wherever they stand in it. */
export async function recognisedProfile(
  db: ReadHandle,
  head: StatementHead,
): Promise<Pick<NamedProfile, 'name' | 'mapping'> | null> {
  for (const { name, mapping, headings } of await listProfiles(db)) {
    if (headings.length < 2) continue
    const key = headings.join('\u241f')
    const headerRow = head.rows.findIndex((row) => foldHeadings(row).join('\u241f') === key)
    if (headerRow < 0) continue
    const moved = headerRow - (mapping.headerRow ?? headerRow)
    const skipped = mapping.skipTop === undefined ? {} : { skipTop: Math.max(0, mapping.skipTop + moved) }
    return { name, mapping: { ...mapping, ...skipped, encoding: head.encoding, separator: head.separator, headerRow } }
  }
  return null
}
