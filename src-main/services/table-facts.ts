import type { z } from 'zod'
import type { rowKind, tableRowSchema, tableView } from '#contract/work-table'
import type { Id } from '#domain/brand'
import { type Instant, type IsoDate, romeDate } from '#domain/date'
import { foldFlowId } from '#domain/flow-id'
import type { ReadHandle } from '#ledger/ledger'
import { allNoteCounts, NO_NOTES, type NoteCount } from '#ledger/note-store'
import type { RuleRow } from '#ledger/rule-store'
import { standing } from '#ledger/table-load'
import type { ReconciledBooks } from './reconciled-books.ts'
import { type Seen, type SeenRow, type TableIndex, tableIndex } from './table-index.ts'

export type TableRow = z.infer<typeof tableRowSchema>
export type View = z.infer<typeof tableView>
export type RowKind = z.infer<typeof rowKind>

/** A row of the table before it is shown: enough to count, to filter and to put in order. */
export type Item = {
  readonly key: string
  /** What skips, notes and decisions are filed under. */
  readonly subject: string
  readonly notePlace: string
  readonly date: IsoDate
  readonly rank: number
} & (
  | { readonly kind: 'credit' | 'debit'; readonly seen: Seen; readonly rules: readonly RuleRow[] }
  | { readonly kind: 'flowRow'; readonly row: SeenRow }
  | { readonly kind: 'flow'; readonly flowId: string }
  | { readonly kind: 'alarm'; readonly reversaleId: number }
)

export interface TableFacts {
  readonly books: ReconciledBooks
  readonly index: TableIndex
  readonly today: IsoDate
  readonly skipped: ReadonlySet<string>
  readonly notes: ReadonlyMap<string, NoteCount>
  /** Standing `keepReversale`, by reversale. */
  readonly kept: ReadonlyMap<number, Id<'decision'>>
  readonly accounts: ReadonlyMap<number, string>
  readonly flowIds: ReadonlyMap<string, Id<'reportingFlow'>>
}

export async function loadFacts(db: ReadHandle, books: ReconciledBooks, at: Instant): Promise<TableFacts> {
  const today = romeDate(at)
  const twoDaysAgo = new Date(Date.parse(at) - 48 * 3_600_000).toISOString() as Instant
  const skips = (await standing(db, ['skip'], twoDaysAgo)).filter((d) => (d.payload as { day?: string }).day === today)
  const kept = await standing(db, ['keepReversale'])
  const accounts = await db.selectFrom('bankAccount').select(['id', 'name']).execute()
  const flows = await db
    .selectFrom('reportingFlow')
    .where('receiver', '=', books.input.receiver)
    .select(['id', 'flowId'])
    .execute()
  return {
    books,
    index: tableIndex(books),
    today,
    skipped: new Set(skips.map((d) => `${d.subjectKind}|${d.subjectKey}`)),
    notes: await allNoteCounts(db),
    kept: new Map(kept.map((d) => [(d.payload as { reversaleId: number }).reversaleId, d.id])),
    accounts: new Map(accounts.map((a) => [a.id, a.name])),
    flowIds: new Map(flows.map((f) => [f.flowId, f.id])),
  }
}

export function notesOf(item: Pick<Item, 'notePlace'>, facts: TableFacts): NoteCount {
  return facts.notes.get(item.notePlace) ?? NO_NOTES
}

const STRENGTH = ['TRN', 'PARTS', 'TRUNCATED', 'PSP', 'DEBTOR', 'AMOUNT']

/** Proposals by strength, then what waits for a word, then amounts that differ, then orphans. */
function movementRank({ movement, outcome }: Seen, rules: readonly RuleRow[], index: TableIndex): number {
  const best = index.proposalsOf.get(movement.movementId)?.[0]
  if (best) return STRENGTH.indexOf(best.level)
  if (rules.length > 0) return 7
  // What leaves a credit short comes before it: the answer is there.
  if (movement.cents < 0) return outcome.labels[0]?.code === 'STORNO_IN_PART' ? 9 : 15
  return outcome.state === 'differs' || outcome.state === 'surplus' ? 10 : 20
}

export function movementItem(seen: Seen, rules: readonly RuleRow[], index: TableIndex): Item {
  const { movementId, bookingDate, cents: amount } = seen.movement
  return {
    kind: amount < 0 ? 'debit' : 'credit',
    key: `m${movementId}`,
    subject: `bankMovement|${movementId}`,
    notePlace: `bankMovement#${movementId}`,
    date: bookingDate,
    rank: movementRank(seen, rules, index),
    seen,
    rules,
  }
}

export function rowItem(row: SeenRow, flowIds: TableFacts['flowIds'], rank: number): Item {
  const { flowId } = row.flow
  const id = flowIds.get(flowId) ?? 0
  return {
    kind: 'flowRow',
    key: `f${id}|${row.rowKey}`,
    subject: `flowRow|${flowId}|${row.rowKey}`,
    notePlace: `flowRow ${row.rowKey}#${id}`,
    date: row.version.rows[row.ordinal]?.outcomeDate ?? row.version.regulationDate,
    rank,
    row,
  }
}

export function flowItem(flowId: string, { index, flowIds }: TableFacts): Item | null {
  const id = flowIds.get(flowId)
  const flow = index.flows.get(flowId)
  const version = index.versions.get(flow?.versionId ?? 0)
  if (id === undefined || !version) return null
  return {
    kind: 'flow',
    key: `f${id}`,
    subject: `reportingFlow|${id}`,
    notePlace: `reportingFlow#${id}`,
    date: version.regulationDate,
    rank: 9,
    flowId,
  }
}

export function alarmItem(reversaleId: number, { index, today }: TableFacts): Item {
  const first = index.goneOf.get(reversaleId)?.[0]
  const date = index.byMovement.get(first?.movementId ?? 0)?.movement.bookingDate ?? today
  return {
    kind: 'alarm',
    key: `r${reversaleId}`,
    subject: `reversale|${reversaleId}`,
    notePlace: `reversale#${reversaleId}`,
    date,
    rank: 8,
    reversaleId,
  }
}

/** The version of a flow that is shown: the active one, else the latest. */
export function versionOf(flowId: string, { index }: TableFacts) {
  return index.versions.get(index.flows.get(flowId)?.versionId ?? 0)
}

/** Known flows whose id the causale carries. */
export function namedFlows({ movement }: Seen, { index }: TableFacts): string[] {
  const folds = new Set(movement.reference.flows.flatMap((f) => f.folds))
  if (folds.size === 0 || ![...folds].some((fold) => index.folds.has(fold))) return []
  return [...index.flows.values()]
    .filter((f) => f.versionState !== 'otherReceiver' && folds.has(foldFlowId(f.flowId)))
    .map((f) => f.flowId)
}
