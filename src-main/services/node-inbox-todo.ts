import type { Instant } from '#domain/date'
import { NODE_READING_KINDS, type NodeReadingKind, type ReadingWarning, readingWarning } from '#domain/node-reading'
import { readInstitution } from '#ledger/institution'
import type { ReadHandle } from '#ledger/ledger'
import { listUnread, readNodeReading } from '#ledger/node-inbox'
import { countSpontaneous } from '#ledger/spontaneous-list'

/** What of the arrivals from the node waits for a person. */
export interface FromNode {
  readonly warnings: readonly (ReadingWarning & { readonly kind: NodeReadingKind })[]
  readonly unread: number
  readonly toAssign: number
  readonly toLook: number
}

export async function readFromNode(db: ReadHandle, now: Instant): Promise<FromNode> {
  const institution = await readInstitution(db)
  const { toAssign, raised } = await countSpontaneous(db)
  if (institution === null) return { warnings: [], unread: 0, toAssign, toLook: raised }
  const { environment } = institution
  const warnings = []
  for (const kind of NODE_READING_KINDS) {
    const warning = readingWarning(kind, await readNodeReading(db, environment, kind), now)
    if (warning !== null) warnings.push({ ...warning, kind })
  }
  return { warnings, unread: (await listUnread(db, environment)).length, toAssign, toLook: raised }
}
