import type { IsoDate } from './date.ts'
import type { Label } from './labels.ts'
import type { Cents } from './money.ts'
import type { TargetLine } from './reconcile-outcome.ts'

/** Facts and settings of posting (DOMAIN.md §7). */
export interface PostingContext {
  /** The books' day: only used by `reversaleDate: 'postingDay'`. */
  readonly today: IsoDate
  readonly exercises: readonly {
    readonly year: number
    readonly state: 'historical' | 'open' | 'closed' | 'approved'
    /** Date of the last reversale of the exercise, annulled ones included. */
    readonly lastReversaleDate: IsoDate | null
  }[]
  /** Every movement that a line names. `provvisorio` is the treasurer's number, if it has one. */
  readonly movements: readonly {
    readonly movementId: number
    readonly bankAccountId: number
    readonly bookingDate: IsoDate
    readonly bankReference: string | null
    readonly provvisorio: number | null
    readonly fingerprint: string
  }[]
  /** Every accertamento that a line names. */
  readonly accertamenti: readonly {
    readonly accertamentoId: number
    readonly exercise: number
    readonly number: number
    readonly capitoloId: number
    readonly capitoloCode: string
    readonly personId: number
  }[]
  /** Default `flow`: per flow and capitolo. `payer`: also per person. `day`: per booking date instead of flow. */
  readonly grouping?: 'flow' | 'payer' | 'day'
  /** Default `bankDate`: booking date pushed up to the last reversale; `postingDay`: today. */
  readonly reversaleDate?: 'bankDate' | 'postingDay'
}

export interface ReversaleDraft {
  readonly exercise: number
  /** Presettable; a person may only move it later, inside the exercise. */
  readonly date: IsoDate
  readonly capitoloId: number
  /** Exercise of origin of all its accertamenti: equal to `exercise` = competenza, earlier = residui. */
  readonly originYear: number
  readonly bankAccountId: number
  readonly personId: number | null
  readonly cents: Cents
  readonly causale: string
  readonly groupKey: string
  readonly lines: readonly TargetLine[]
  /** EXERCISE_CLOSED when a credit of a closed exercise goes into the next open one: to be asked once. */
  readonly labels: readonly Label[]
}

/** Drafts in order of issue: the ledger numbers them in this order, in one transaction. */
export interface PostingGroups {
  readonly drafts: readonly ReversaleDraft[]
  /** Lines that no open exercise can take. */
  readonly refused: readonly TargetLine[]
}
