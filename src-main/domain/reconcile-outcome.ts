import type { IsoDate } from './date.ts'
import type { Label } from './labels.ts'
import type { Cents } from './money.ts'
import type { LineIdentity } from './reconcile-evidence.ts'

/** What `reconcile` says of the whole: equal for equal sets of evidence and decisions, in canonical order. */
export interface ReconcileOutcome {
  /** The n:m match; Σ by movement ≤ available, Σ by flow = its total when credited. To be stored as `match` rows. */
  readonly edges: readonly Edge[]
  /** What the books should say is collected (kept lines that the evidence still supports included). */
  readonly lines: readonly TargetLine[]
  readonly movements: readonly MovementOutcome[]
  readonly flows: readonly FlowOutcome[]
  readonly receipts: readonly ReceiptOutcome[]
  /** Only installments that something is known of; all the others are `unpaid`. */
  readonly installments: readonly InstallmentOutcome[]
  readonly proposals: readonly Proposal[]
}

export type EdgeTarget =
  | { readonly kind: 'flow'; readonly flowId: string }
  | { readonly kind: 'iuv'; readonly iuv: string }
  | { readonly kind: 'accertamento'; readonly accertamentoId: number }
  /** On the debit: the credit that it storns. */
  | { readonly kind: 'storno'; readonly movementId: number }
  /** On the credit: the debit of the other account. */
  | { readonly kind: 'internal'; readonly movementId: number }

export interface Edge {
  readonly movementId: number
  readonly target: EdgeTarget
  readonly cents: Cents
  readonly origin: 'automatic' | 'manual'
  readonly decisionId: number | null
}

export interface TargetLine extends LineIdentity {
  readonly flowId: string | null
  /** `rowKeyOf` the flow's row; null outside flows. */
  readonly rowKey: string | null
  /** Index in `edges` of the match that its money comes from (of another flow, when a revocation freed it). */
  readonly edge: number
  /** What is posted whole or not at all: index of the claim among all, equal for lines of one row. */
  readonly claim: number
  readonly assignedByHand: boolean
}

export type MovementState =
  | 'matched'
  | 'differs'
  | 'surplus'
  | 'waiting'
  | 'truncated'
  | 'noReference'
  | 'excluded'
  | 'storned'
  | 'storno'
  | 'internal'
  | 'debit'

export interface MovementOutcome {
  readonly movementId: number
  readonly state: MovementState
  /** First the one that names the state, then the others. Never empty. */
  readonly labels: readonly Label[]
  /** Credit − storni; 0 for debits. */
  readonly availableCents: Cents
  /** Σ edges to flows, IUVs, accertamenti. */
  readonly matchedCents: Cents
  /** Σ lines on it. */
  readonly assignedCents: Cents
}

export type FlowCredit = 'notCredited' | 'partlyCredited' | 'credited' | 'overCredited'

export interface FlowOutcome {
  readonly flowId: string
  /** The active version; of a conflicting or foreign flow the latest one. */
  readonly versionId: number
  readonly versionState: 'active' | 'conflicting' | 'otherReceiver'
  readonly supersededVersionIds: readonly number[]
  readonly credit: FlowCredit
  /** True while nothing of it may be posted for a reason of its own (conflict, sum, count, revocation). */
  readonly blocked: boolean
  readonly labels: readonly Label[]
  readonly totalCents: Cents
  /** What its credits give it; while they are too little or too much, what they offer. */
  readonly creditedCents: Cents
  /** By ordinal, as the version's rows. */
  readonly rows: readonly RowOutcome[]
}

export type RowState =
  /** Accepted, money behind it: its lines are in `lines`. */
  | 'payable'
  /** Money behind it, but something is in the way: the label. */
  | 'held'
  /** Its flow is not credited yet or is blocked; the label says what is known of it. */
  | 'waiting'
  | 'notOurs'
  | 'revocation'

export interface RowOutcome {
  readonly state: RowState
  readonly label: Label
}

export interface ReceiptOutcome {
  readonly receiptId: number
  readonly label: Label
}

export interface InstallmentOutcome {
  readonly iuv: string
  readonly positionId: number
  /** `collected` is the books' word: credited and every line posted. */
  readonly state: 'unpaid' | 'paid' | 'reported' | 'credited' | 'paidOutside'
  readonly paidTwice: boolean
  readonly otherOptionPaid: boolean
  readonly paidOn: IsoDate | null
  readonly labels: readonly Label[]
}

/**
 * Strongest first: its TRN stands in the text; a flow and a single payment that together make the credit; the id begins
 * with the cut; same provider; a debtor recognised in a bonifico; same amount only.
 */
export type ProposalLevel = 'TRN' | 'PARTS' | 'TRUNCATED' | 'PSP' | 'DEBTOR' | 'AMOUNT'

/** Never automatic, however unique: becomes a match by a decision (`manualMatch`). */
export interface Proposal {
  readonly movementId: number
  readonly level: ProposalLevel
  readonly target:
    | { readonly kind: 'flow'; readonly flowId: string }
    | { readonly kind: 'iuv'; readonly iuv: string }
    | { readonly kind: 'accertamento'; readonly accertamentoId: number }
  readonly cents: Cents
  /** booking − regulation date (flows), for the proof. */
  readonly days: number | null
  /** How many proposals of the same level the movement has. */
  readonly rivals: number
}
