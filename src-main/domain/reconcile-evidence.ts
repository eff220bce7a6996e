import type { Instant, IsoDate } from './date.ts'
import type { Cents } from './money.ts'

/**
 * What `reconcile` reads (DOMAIN.md §6). Ids are the ledger's; nothing is ever ordered by them, because they depend on
 * the order of arrival: the natural keys (fingerprint, flow id, IUV, exercise and number) do that.
 */
export interface ReconcileInput {
  /** Fiscal code of the institution: a flow for another receiver is labelled and never used. */
  readonly receiver: string
  /** All the segregation codes of the institution that this ledger issues or reads; the IUVs of others are OTHER_SOFTWARE. */
  readonly segregationCodes: readonly string[]
  readonly settings?: ReconcileSettings
  readonly installments: readonly PayableInstallment[]
  readonly due: readonly DueAccertamento[]
  readonly receipts: readonly ReceiptEvidence[]
  /** Every stored version of every flow; the active one is chosen here. */
  readonly versions: readonly FlowVersionEvidence[]
  readonly movements: readonly MovementEvidence[]
  /** In any order; revoked ones may be present (`revokes`). */
  readonly decisions: readonly Decision[]
  /** Posted lines that a person chose to keep, or of a closed exercise: they take their place before any claim. */
  readonly kept: readonly KeptLine[]
}

export interface ReconcileSettings {
  /** Count a row only with its receipt (DOMAIN.md §10.10). Default false. */
  readonly requireReceipt?: boolean
}

/** One IUV of a debt position. Of an IUV that stands in several versions pass each: the highest version is used. */
export interface PayableInstallment {
  readonly iuv: string
  readonly positionId: number
  readonly version: number
  readonly option: 'single' | 'plan'
  readonly cancelled: boolean
  /** The position's current version asks with other numbers: whoever pays this one has an old paper in hand. */
  readonly replaced?: boolean
  /** IUV with which the current version asks for the very same: then that old paper is as good as the new one. */
  readonly nowAskedWith?: string
  readonly transfers: readonly PayableTransfer[]
}

export interface PayableTransfer {
  readonly idTransfer: number
  readonly cents: Cents
  /** False for money of another institution. */
  readonly own: boolean
  readonly stamp: boolean
  /** Of own transfers without stamp: Σ = cents, in the order in which they are to be extinguished. */
  readonly allocations: readonly { readonly accertamentoId: number; readonly cents: Cents }[]
}

/** An accertamento with what is due of it now (assessed + variations). */
export interface DueAccertamento {
  readonly accertamentoId: number
  readonly exercise: number
  readonly number: number
  readonly dueDate: IsoDate | null
  readonly dueCents: Cents
  /** For the proposals of credits outside pagoPA. */
  readonly personId: number
  readonly fiscalCode: string | null
  readonly personName: string
}

export interface ReceiptEvidence {
  readonly receiptId: number
  readonly iuv: string
  readonly iur: string
  readonly ok: boolean
  readonly cents: Cents
  /** As in the receipt; only its first ten characters (the day) are used. */
  readonly paidAt: string
  readonly transfers: readonly {
    readonly idTransfer: number
    readonly fiscalCode: string
    readonly cents: Cents
    readonly stamp: boolean
  }[]
}

export interface FlowVersionEvidence {
  readonly versionId: number
  readonly flowId: string
  readonly receiver: string
  readonly flowDateTime: Instant
  readonly revision: number
  readonly contentHash: string
  readonly declaredCents: Cents | null
  readonly declaredCount: number | null
  readonly regulationDate: IsoDate
  /** identificativoUnivocoRegolamento: the TRN of its transfer, or whatever the provider wrote there. */
  readonly regulationId: string
  readonly pspCode: string
  readonly pspName?: string
  /** In file order. */
  readonly rows: readonly FlowRowEvidence[]
}

export interface FlowRowEvidence {
  readonly iuv: string
  readonly iur: string
  readonly idTransfer: number | null
  /** Always positive, also with outcome 3. */
  readonly cents: Cents
  readonly outcome: string
  readonly outcomeDate: IsoDate
}

export interface MovementEvidence {
  readonly movementId: number
  /** Null when the statement's account is not in the ledger. */
  readonly bankAccountId: number | null
  readonly bookingDate: IsoDate
  /** Credits positive, debits negative. */
  readonly cents: Cents
  readonly fingerprint: string
  readonly description: string
  /** `readCausale(description).reference`. */
  readonly reference: CausaleReference
  /** On a debit: the credit that the statement itself says it storns; null when it says none. */
  readonly stornoOf: number | null
}

/** What a causale says, without deciding (see `readCausale`). */
export interface CausaleReference {
  readonly flows: readonly FlowReference[]
  /** `sure` when the causale says that it is a payment (not merely a number of that length). */
  readonly iuvs: readonly { readonly iuv: string; readonly cents: Cents | null; readonly sure: boolean }[]
  /** Folds of ids cut by the bank before their free part (`202505`, or empty): only a hint, never a key. */
  readonly truncated: readonly string[]
  /** What follows such a cut, folded: a whole id only if it equals a known flow's (a provider's code broken by a blank). */
  readonly cutFolds: readonly string[]
}

/** One flow id met in a causale (repeats merged). */
export interface FlowReference {
  /** The most complete reading of the text alone. */
  readonly flowId: string
  /** Alternative readings, folded (`foldFlowId`), most complete first: equal to a known flow's fold or not at all. */
  readonly folds: readonly string[]
  /** Those of them after which a blank and a short number stand: perhaps the rest of the id. */
  readonly loose: readonly string[]
}

export type Decision = { readonly decisionId: number; readonly user: string; readonly at: Instant } & (
  | {
      readonly kind: 'manualMatch'
      readonly movementId: number
      readonly targets: readonly ManualTarget[]
      readonly excessAccertamentoId?: number
    }
  | { readonly kind: 'exclude'; readonly movementId: number; readonly reason: string }
  | { readonly kind: 'internal'; readonly movementId: number; readonly debitMovementId: number }
  /** A debit that storns this credit though its causale does not say so. */
  | { readonly kind: 'storno'; readonly movementId: number; readonly creditMovementId: number }
  /** Sum or count of that very version are accepted as they are; the flow is worth the sum of its rows. */
  | { readonly kind: 'acceptFlow'; readonly flowId: string; readonly contentHash: string }
  /** Which of two versions of the same date counts. */
  | { readonly kind: 'chooseVersion'; readonly flowId: string; readonly contentHash: string }
  | { readonly kind: 'confirmRevocation'; readonly flowId: string; readonly rowKey: string }
  | {
      readonly kind: 'assignRow'
      readonly flowId: string
      readonly rowKey: string
      readonly targets: readonly { readonly accertamentoId: number; readonly cents: Cents }[]
      /** Of the targets: raised by the act for what is to be given back, or has no owner. */
      readonly excessAccertamentoId?: number
    }
  /** The revocations of this flow that no payment of the evidence answers are borne by its own rows. */
  | { readonly kind: 'netRevocation'; readonly flowId: string }
  /** Nothing is to be said of it for now: a payment held, a flow kept out, what a storno takes above the credits. */
  | ({ readonly kind: 'setAside'; readonly reason: string } & AsideSubject)
  | {
      readonly kind: 'paidOutside'
      readonly positionId: number
      readonly document: string
      /** The day on which it was paid. */
      readonly date?: IsoDate
      /** Only these payments of it; absent: all. */
      readonly iuvs?: readonly string[]
    }
  | { readonly kind: 'revoke'; readonly revokes: number }
)

export type AsideSubject =
  | { readonly flowId: string; readonly rowKey: string }
  | { readonly flowId: string; readonly rowKey: null }
  | { readonly movementId: number }

export type ManualTarget =
  | { readonly kind: 'flow'; readonly flowId: string; readonly cents: Cents }
  | { readonly kind: 'iuv'; readonly iuv: string; readonly cents: Cents }
  | { readonly kind: 'accertamento'; readonly accertamentoId: number; readonly cents: Cents }

/** A posted line that stays. */
export interface KeptLine extends LineIdentity {
  readonly flowId: string | null
  readonly rowKey: string | null
}

/** Identity of a line for `plan`: without the flow, so that a credit posted by its IUV survives its one-row flow. */
export interface LineIdentity {
  readonly movementId: number
  readonly iuv: string | null
  readonly idTransfer: number | null
  readonly accertamentoId: number
  readonly cents: Cents
}

/**
 * Key of a row inside its flow: `iuv|iur|idTransfer|n`, n = 1 for the first occurrence of the three in the version.
 * Decisions and lines keyed by it survive a revision that keeps the row.
 */
export function rowKeyOf(row: Pick<FlowRowEvidence, 'iuv' | 'iur' | 'idTransfer'>, n: number): string {
  return `${row.iuv}|${row.iur}|${row.idTransfer ?? ''}|${n}`
}
