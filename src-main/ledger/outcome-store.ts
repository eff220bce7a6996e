import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { identityOf } from '#domain/plan'
import type { FlowOutcome, ReconcileOutcome, TargetLine } from '#domain/reconcile-outcome'
import {
  flowLabels,
  flowRowLabels,
  movementLabels,
  receiptLabels,
  type StoredFlowLabel,
  type StoredLabel,
} from './label-store.ts'
import type { WriteHandle } from './ledger.ts'
import { MatchStore } from './match.ts'
import { type PaymentPlace, PaymentStore } from './payment-store.ts'
import type { PostedLineRow } from './posted-lines.ts'
import { ProposalStore } from './proposal-store.ts'
import type { BooksEvidence } from './reconcile-load.ts'

/**
 * What the reconciliation says, as it is stored (matches, labels, proposals, payment states). Only what differs is written:
 * run twice on the same evidence it writes nothing. It knows what it wrote, so another workstation's write asks for a new one.
 */
export class OutcomeStore {
  readonly matches = new MatchStore()
  readonly #movementLabels = movementLabels()
  readonly #receiptLabels = receiptLabels()
  readonly #flowRowLabels = flowRowLabels()
  readonly #flowLabels = flowLabels()
  readonly #proposals = new ProposalStore()
  readonly #payments = new PaymentStore()

  async store(db: WriteHandle, evidence: BooksEvidence, outcome: ReconcileOutcome, at: Instant): Promise<void> {
    const { collected, posted } = evidence
    await this.matches.store(db, outcome.edges, collected.flowIdOf, posted.rows, at)
    await this.#movementLabels.store(
      db,
      outcome.movements.map(({ movementId, state, labels }) => ({ key: movementId, state, labels })),
    )
    await this.#receiptLabels.store(
      db,
      outcome.receipts.map(({ receiptId, label }) => ({ key: receiptId, state: label.code, labels: [label] })),
    )
    await this.#flowRowLabels.store(db, rowLabels(outcome, collected.rowIds))
    await this.#proposals.store(db, outcome.proposals, evidence, collected.flowIdOf)
    await this.storeBookStates(db, evidence, outcome)
  }

  /** The part that posting changes: states of flows, installments and positions. */
  async storeBookStates(db: WriteHandle, evidence: BooksEvidence, outcome: ReconcileOutcome): Promise<void> {
    const { debts, collected, posted } = evidence
    await this.#flowLabels.store(db, flowStates(outcome, evidence))
    const places = paymentPlaces(outcome.lines, posted.rows, collected.flowIdOf)
    await this.#payments.store(db, outcome.installments, debts, posted.rows, places)
  }
}

function rowLabels(outcome: ReconcileOutcome, rowIds: ReadonlyMap<number, readonly number[]>): StoredLabel[] {
  const out: StoredLabel[] = []
  for (const flow of outcome.flows) {
    const ids = rowIds.get(flow.versionId) ?? []
    flow.rows.forEach((row, index) => {
      const key = ids[index]
      if (key !== undefined) out.push({ key, state: row.state, labels: [row.label] })
    })
  }
  return out
}

function flowStates(outcome: ReconcileOutcome, { collected, posted }: BooksEvidence): StoredFlowLabel[] {
  const books = booksByFlow(outcome, posted.rows)
  return outcome.flows.flatMap((flow): StoredFlowLabel[] => {
    const key = collected.flowOfVersion.get(flow.versionId)
    if (key === undefined || flow.labels.length === 0) return []
    const active = flow.versionState === 'active'
    return [
      {
        key,
        state: flow.credit,
        labels: flow.labels,
        activeVersionId: active ? (flow.versionId as Id<'reportingFlowVersion'>) : null,
        totalCents: flow.totalCents,
        creditedCents: flow.creditedCents,
        books: active ? (books.get(flow.flowId) ?? 'none') : 'none',
      },
    ]
  })
}

function booksByFlow(
  outcome: ReconcileOutcome,
  posted: readonly PostedLineRow[],
): Map<string, 'none' | 'partly' | 'whole'> {
  const inBooks = new Set(posted.map(identityOf))
  const byFlow = new Map<string, { lines: number; done: number }>()
  for (const line of outcome.lines) {
    if (line.flowId === null) continue
    let of = byFlow.get(line.flowId)
    if (!of) {
      of = { lines: 0, done: 0 }
      byFlow.set(line.flowId, of)
    }
    of.lines += 1
    if (inBooks.has(identityOf(line))) of.done += 1
  }
  return new Map(
    outcome.flows.map((flow) => {
      const { lines, done } = byFlow.get(flow.flowId) ?? { lines: 0, done: 0 }
      return [flow.flowId, done === 0 ? 'none' : done === lines && !hasHeld(flow) ? 'whole' : 'partly']
    }),
  )
}

function hasHeld(flow: FlowOutcome): boolean {
  return flow.rows.some((row) => row.state === 'held')
}

/** Where each paid IUV was met: in the books, else in the lines to post, else in an active flow. */
function paymentPlaces(
  lines: readonly TargetLine[],
  posted: readonly PostedLineRow[],
  flowIdOf: ReadonlyMap<string, Id<'reportingFlow'>>,
): Map<string, PaymentPlace> {
  const places = new Map<string, PaymentPlace>()
  for (const list of [lines, posted]) {
    for (const line of list) {
      if (line.iuv === null) continue
      places.set(line.iuv, {
        reportingFlowId: line.flowId === null ? null : (flowIdOf.get(line.flowId) ?? null),
        bankMovementId: line.movementId as Id<'bankMovement'>,
      })
    }
  }
  return places
}
