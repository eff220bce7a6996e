import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { KnownMovement } from '#ledger/statement-store'

/** A row of a file, held against what its account has. */
export interface OverlapRow {
  readonly bookingDate: IsoDate
  readonly cents: Cents
  readonly reference: string | null
  readonly fingerprint: string
}

export type MovementNews = 'new' | 'already' | 'waiting' | 'changed' | 'possibleDuplicate'

export interface RowNews {
  readonly news: MovementNews
  /** The movement that it is, or may be. */
  readonly knownId: Id<'bankMovement'> | null
}

/** A row that waited once: it still does, was said to be the same as a movement, or became one. */
export interface PendingFact {
  readonly state: 'open' | 'added' | 'discarded'
  readonly knownMovementId: Id<'bankMovement'>
}

/**
 * Tells which rows of a file are new (DOMAIN.md §1, overlaps). A known movement that the file should have and has not,
 * of the same day and amount as rows that are not known, may be any of them in other words: all of those wait for a
 * person, so nothing enters twice and nothing is lost. Two references of one layout that differ tell two movements apart.
 */
export function tellNews(
  rows: readonly OverlapRow[],
  known: readonly KnownMovement[],
  pending: ReadonlyMap<string, PendingFact>,
  profile: string,
): RowNews[] {
  const byPrint = new Map(known.map((k) => [k.fingerprint, k]))
  // A movement that a row of this file is, by its own words or because a person said so, is no longer looked for.
  const found = new Set<number>()
  for (const row of rows) {
    const id = byPrint.get(row.fingerprint)?.id ?? pending.get(row.fingerprint)?.knownMovementId
    if (id !== undefined) found.add(id)
  }
  const missing = Map.groupBy(
    known.filter((k) => !found.has(k.id)),
    (k) => `${k.bookingDate}|${k.cents}`,
  )
  const next = new Map<string, number>()
  return rows.map((row): RowNews => {
    const same = byPrint.get(row.fingerprint)
    if (same) return { news: 'already', knownId: same.id }
    const waited = pending.get(row.fingerprint)
    if (waited) return { news: waited.state === 'open' ? 'waiting' : 'already', knownId: waited.knownMovementId }
    const key = `${row.bookingDate}|${row.cents}`
    const maybe = (missing.get(key) ?? []).filter((k) => mayBe(row, k, profile))
    const turn = next.get(key) ?? 0
    next.set(key, turn + 1)
    const like =
      maybe.find((k) => row.reference !== null && k.bankReference === row.reference) ?? maybe[turn % maybe.length]
    if (!like) return { news: 'new', knownId: null }
    const changed = like.profile === profile || (row.reference !== null && like.bankReference === row.reference)
    return { news: changed ? 'changed' : 'possibleDuplicate', knownId: like.id }
  })
}

function mayBe(row: OverlapRow, known: KnownMovement, profile: string): boolean {
  if (known.profile !== profile || row.reference === null || known.bankReference === null) return true
  return row.reference === known.bankReference
}
