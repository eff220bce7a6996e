import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { type Label, labelOf } from '#domain/labels'
import type { Plan } from '#domain/plan'
import type { FlowOutcome, ReconcileOutcome } from '#domain/reconcile-outcome'
import { FlowRowStore, flowLabels, movementLabels, receiptLabels, type StoredFlowLabel } from './label-store.ts'
import type { WriteHandle } from './ledger.ts'
import { MatchStore } from './match.ts'
import { PaymentStore } from './payment-store.ts'
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
  readonly #flowRowLabels = new FlowRowStore()
  readonly #flowLabels = flowLabels()
  readonly #proposals = new ProposalStore()
  readonly #payments = new PaymentStore()

  async store(
    db: WriteHandle,
    evidence: BooksEvidence,
    outcome: ReconcileOutcome,
    plan: Plan,
    at: Instant,
  ): Promise<void> {
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
    await this.#flowRowLabels.store(db, outcome.flows, collected.rowIds)
    await this.#proposals.store(db, outcome.proposals, evidence, collected.flowIdOf)
    await this.storeBookStates(db, evidence, outcome, plan)
  }

  /** The part that posting changes: states of flows, installments and positions. */
  async storeBookStates(
    db: WriteHandle,
    evidence: BooksEvidence,
    outcome: ReconcileOutcome,
    plan: Plan,
  ): Promise<void> {
    await this.#flowLabels.store(db, flowStates(outcome, evidence, plan))
    await this.#payments.store(db, evidence, outcome)
  }
}

function flowStates(outcome: ReconcileOutcome, evidence: BooksEvidence, plan: Plan): StoredFlowLabel[] {
  const { flowOfVersion } = evidence.collected
  const lines = countByFlow(outcome.lines)
  const missing = countByFlow([...plan.add, ...plan.held])
  const goneIds = new Set(plan.gone.map((line) => line.lineId))
  const gone = countByFlow(goneIds.size === 0 ? [] : evidence.posted.rows.filter((line) => goneIds.has(line.lineId)))
  return outcome.flows.flatMap((flow): StoredFlowLabel[] => {
    const key = flowOfVersion.get(flow.versionId)
    if (key === undefined || flow.labels.length === 0) return []
    const active = flow.versionState === 'active'
    const all = lines.get(flow.flowId) ?? 0
    return [
      {
        key,
        state: flow.credit,
        labels: [...flow.labels, ...revised(flow, gone.get(flow.flowId) ?? 0)],
        blocked: flow.blocked,
        activeVersionId: active ? (flow.versionId as Id<'reportingFlowVersion'>) : null,
        totalCents: flow.totalCents,
        creditedCents: flow.creditedCents,
        books: active ? inBooks(flow, all, all - (missing.get(flow.flowId) ?? 0)) : 'none',
      },
    ]
  })
}

/** What the engine cannot say, because it is blind to what is posted. */
function revised(flow: FlowOutcome, gone: number): Label[] {
  return gone > 0 && flow.supersededVersionIds.length > 0 ? [labelOf('REVISED_AFTER_POSTING', { n: gone })] : []
}

function inBooks(flow: FlowOutcome, lines: number, done: number): StoredFlowLabel['books'] {
  if (done === 0) return 'none'
  return done === lines && !flow.rows.some((row) => row.state === 'held') ? 'whole' : 'partly'
}

function countByFlow(lines: readonly { readonly flowId: string | null }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { flowId } of lines) if (flowId !== null) counts.set(flowId, (counts.get(flowId) ?? 0) + 1)
  return counts
}
