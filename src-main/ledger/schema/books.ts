import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { Sha256Text } from './common.ts'

/** Insert only; unique (exercise, number), number = 1 + max of the exercise. */
export interface AccertamentoTable {
  id: Generated<Id<'accertamento'>>
  /** Origin exercise. */
  exercise: number
  number: number
  date: IsoDate
  capitoloId: Id<'capitolo'>
  personId: Id<'person'>
  serviceTypeId: Id<'serviceType'>
  competenceYear: number
  causale: string
  assessedCents: Cents
  dueDate: IsoDate | null
  externalReference: string | null
  importRowId: Id<'importRow'> | null
}

export type VariationKind = 'increase' | 'decrease' | 'cancellation' | 'writeOff'

/** Insert only. `cents` signed, not zero: positive only for `increase`. */
export interface AccertamentoVariationTable {
  id: Generated<Id<'accertamentoVariation'>>
  accertamentoId: Id<'accertamento'>
  exercise: number
  date: IsoDate
  kind: VariationKind
  cents: Cents
  reason: string
  act: string | null
}

export type AccertamentoState = 'outstanding' | 'partlyCollected' | 'collected' | 'cancelled'

/** Written only by triggers. Outstanding = dueCents − collectedCents. */
export interface AccertamentoBalanceTable {
  accertamentoId: Id<'accertamento'>
  dueCents: Cents
  collectedCents: Cents
  state: AccertamentoState
}

/** Written only by triggers. Residue of the provvisorio = matchedCents − regularisedCents. */
export interface MovementBalanceTable {
  bankMovementId: Id<'bankMovement'>
  availableCents: Cents
  matchedCents: Cents
  regularisedCents: Cents
}

export type MatchKind = 'flow' | 'iuv' | 'accertamento' | 'storno' | 'internal'

/**
 * Abbinamento, exactly one target. `storno`: bankMovementId is the debit, targetMovementId the credit whose available
 * it lowers. `internal`: bankMovementId is the credit, targetMovementId the debit on the other account.
 * Only `closedReason` and `closedAt` may be set, once, and never with effective lines.
 */
export interface MatchTable {
  id: Generated<Id<'match'>>
  bankMovementId: Id<'bankMovement'>
  kind: MatchKind
  reportingFlowId: Id<'reportingFlow'> | null
  iuv: string | null
  accertamentoId: Id<'accertamento'> | null
  targetMovementId: Id<'bankMovement'> | null
  cents: Cents
  origin: 'engine' | 'decision'
  decisionId: Id<'decision'> | null
  openedAt: Instant
  closedReason: string | null
  closedAt: Instant | null
}

/** Insert only, after its lines: the header seals them. id = exercise·10⁶ + number. */
export interface ReversaleTable {
  id: Id<'reversale'>
  exercise: number
  number: number
  date: IsoDate
  capitoloId: Id<'capitolo'>
  originYear: number
  bankAccountId: Id<'bankAccount'>
  cents: Cents
  causale: string
  personId: Id<'person'> | null
  groupKey: string
  at: Instant
  operator: string
}

/** Insert only: the only record that says «collected». */
export interface ReversaleLineTable {
  id: Generated<Id<'reversaleLine'>>
  reversaleId: Id<'reversale'>
  /** 1, 2, 3… inside the reversale. */
  ordinal: number
  capitoloId: Id<'capitolo'>
  originYear: number
  accertamentoId: Id<'accertamento'>
  bankMovementId: Id<'bankMovement'>
  matchId: Id<'match'>
  reportingFlowId: Id<'reportingFlow'> | null
  rowKey: string | null
  iuv: string | null
  idTransfer: number | null
  cents: Cents
}

/** Insert only, one per reversale. */
export interface ReversaleAnnulmentTable {
  id: Generated<Id<'reversaleAnnulment'>>
  reversaleId: Id<'reversale'>
  date: IsoDate
  reason: string
  at: Instant
  operator: string
}

export interface TransmissionListTable {
  id: Generated<Id<'transmissionList'>>
  exercise: number
  number: number
  date: IsoDate
  bankAccountId: Id<'bankAccount'>
}

export interface TransmissionListLineTable {
  transmissionListId: Id<'transmissionList'>
  reversaleId: Id<'reversale'>
}

/** Our paper of a collection. Insert only; `number` is reversale/line, unique. */
export interface QuietanzaTable {
  id: Generated<Id<'quietanza'>>
  reversaleLineId: Id<'reversaleLine'>
  installmentId: Id<'installment'> | null
  accertamentoId: Id<'accertamento'> | null
  number: string
  cents: Cents
  sha256: Sha256Text
  at: Instant
}

/** One closing of an exercise; reopening makes it void. */
export interface ClosingTable {
  id: Generated<Id<'closing'>>
  exercise: number
  at: Instant
  operator: string
  voidedAt: Instant | null
}

/** How much of an accertamento enters `exercise`. Insert only. */
export interface ResiduoTable {
  id: Generated<Id<'residuo'>>
  exercise: number
  accertamentoId: Id<'accertamento'>
  cents: Cents
  closingId: Id<'closing'>
}
