import type { Cents } from '#domain/money'
import type { VersionRow } from '#ledger/flow-list'

interface Side {
  readonly cents: Cents
  readonly outcome: string
}

export interface RowChange {
  readonly iuv: string
  readonly iur: string
  /** Null for a row that is only in the other version. */
  readonly before: Side | null
  readonly after: Side | null
}

/** Rows in which two versions of a flow differ: repeated ones are told apart by their turn, order does not count. */
export function rowChanges(before: readonly VersionRow[], after: readonly VersionRow[]): RowChange[] {
  const old = byKey(before)
  const now = byKey(after)
  const changes: RowChange[] = []
  for (const [key, row] of old) {
    const other = now.get(key)
    if (other && other.cents === row.cents && other.outcome === row.outcome) continue
    changes.push({ iuv: row.iuv, iur: row.iur, before: sideOf(row), after: other ? sideOf(other) : null })
  }
  for (const [key, row] of now) {
    if (!old.has(key)) changes.push({ iuv: row.iuv, iur: row.iur, before: null, after: sideOf(row) })
  }
  return changes
}

function byKey(rows: readonly VersionRow[]): Map<string, VersionRow> {
  const seen = new Map<string, number>()
  return new Map(
    rows.map((row) => {
      const key = `${row.iuv}|${row.iur}|${row.idTransfer ?? ''}`
      const n = (seen.get(key) ?? 0) + 1
      seen.set(key, n)
      return [`${key}|${n}`, row]
    }),
  )
}

function sideOf({ cents, outcome }: VersionRow): Side {
  return { cents, outcome }
}
