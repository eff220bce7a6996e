import type { Plan } from '#domain/plan'
import type { ReconcileInput } from '#domain/reconcile-evidence'
import type { ReconcileOutcome } from '#domain/reconcile-outcome'
import type { PostedLineRow } from '#ledger/posted-lines'

/** What the evidence says and what the books miss of it. */
export interface ReconciledBooks {
  readonly input: ReconcileInput
  readonly outcome: ReconcileOutcome
  readonly posted: readonly PostedLineRow[]
  readonly plan: Plan
}
