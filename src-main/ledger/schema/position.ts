import type { ColumnType, Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import type { Iban } from '#domain/iban'
import type { Cents } from '#domain/money'
import type { Iuv, NoticeNumber } from '#domain/notice-number'
import type { Flag, JsonText, Sha256Text } from './common.ts'

/** Lotto. */
export interface IssuanceTable {
  id: Generated<Id<'issuance'>>
  description: string
  parametersJson: JsonText
  at: Instant
  operator: string
}

export type PositionLifecycle = 'draft' | 'issued' | 'cancelled'
export type PositionPayment = 'unpaid' | 'partiallyPaid' | 'paid' | 'collected'
export type SyncState = 'none' | 'toSync' | 'inFlight' | 'synced' | 'failed' | 'diverged'

export interface DebtPositionTable {
  id: Generated<Id<'debtPosition'>>
  personId: Id<'person'>
  issuanceId: Id<'issuance'> | null
  lifecycle: PositionLifecycle
  currentVersion: number
  /** Derived; kept by the reconciliation. */
  payment: PositionPayment
  nodeState: string | null
  syncState: SyncState
  cancelledAt: Instant | null
  cancelReason: string | null
  /** Own identifier of the institution; unique. */
  externalReference: ColumnType<string | null, string | null | undefined, string | null>
  /** Of the form that made it, so that a second click makes no second one; unique. */
  attempt: ColumnType<string | null, string | null | undefined, string | null>
}

export type PositionVersionKind = 'issue' | 'change' | 'added' | 'reactivation' | 'reissue'

/** Key (debtPositionId, version). Insert only. */
export interface DebtPositionVersionTable {
  debtPositionId: Id<'debtPosition'>
  version: number
  iupd: string
  reason: string
  createdAt: Instant
  /** Last day on which it can be paid; null: what its batch says. */
  validUntil: ColumnType<IsoDate | null, IsoDate | null | undefined, never>
  /** Null: the issue of its batch. */
  kind: ColumnType<PositionVersionKind | null, PositionVersionKind | null | undefined, never>
  operator: ColumnType<string | null, string | null | undefined, never>
}

/** Insert only: a reactivation does not wipe it out. */
export interface PositionCancellationTable {
  id: Generated<Id<'positionCancellation'>>
  debtPositionId: Id<'debtPosition'>
  /** The version that was cancelled. */
  version: number
  at: Instant
  operator: string
  reason: string
}

/** Insert only: a paper drawn to be printed or saved. */
export interface NoticePrintTable {
  id: Generated<Id<'noticePrint'>>
  debtPositionId: Id<'debtPosition'>
  version: number
  how: 'print' | 'save'
  duplicate: Flag
  at: Instant
  operator: string
}

/** Insert only. Unique (debtPositionId, version, kind). */
export interface PaymentOptionTable {
  id: Generated<Id<'paymentOption'>>
  debtPositionId: Id<'debtPosition'>
  version: number
  kind: 'single' | 'plan'
  description: string
}

/** Insert only. */
export interface InstallmentTable {
  id: Generated<Id<'installment'>>
  paymentOptionId: Id<'paymentOption'>
  ordinal: number
  iuv: Iuv
  cents: Cents
  dueDate: IsoDate | null
  description: string
}

/** Insert only. Σ cents of the transfers = cents of the installment. */
export interface TransferTable {
  id: Generated<Id<'transfer'>>
  installmentId: Id<'installment'>
  idTransfer: number
  cents: Cents
  own: Flag
  stamp: Flag
  fiscalCode: FiscalCode
  iban: Iban | null
  taxonomyCode: string
  remittance: string
}

/** Insert only. Σ cents of the allocations = cents of an own transfer that is not a stamp. */
export interface AllocationTable {
  id: Generated<Id<'allocation'>>
  transferId: Id<'transfer'>
  ordinal: number
  accertamentoId: Id<'accertamento'>
  cents: Cents
}

/** Key iuv. For ever: a cancelled IUV stays taken. */
export interface IuvAssignmentTable {
  iuv: Iuv
  noticeNumber: NoticeNumber | null
  /** Tick of the clock it was made from; null for external ones. */
  base: number | null
  origin: 'own' | 'external'
  debtPositionId: Id<'debtPosition'> | null
  at: Instant
}

/** Insert only. Superseded when its version is below the position's current one. */
export interface NoticeTable {
  id: Generated<Id<'notice'>>
  debtPositionId: Id<'debtPosition'>
  version: number
  layout: string
  languages: string
  sha256: Sha256Text
  createdAt: Instant
}

type InstallmentStateName = 'unpaid' | 'paid' | 'reported' | 'credited' | 'collected' | 'paidOutside'

/** Derived by the reconciliation for lists; no row means `unpaid`. */
export interface InstallmentStateTable {
  installmentId: Id<'installment'>
  state: InstallmentStateName
  paidTwice: Flag
  otherOptionPaid: Flag
  paidDate: IsoDate | null
  reportingFlowId: Id<'reportingFlow'> | null
  bankMovementId: Id<'bankMovement'> | null
}

/** Derived by trigger from `allocation`, insert only: the accertamenti that a version asks for, one row each. */
export interface PositionDebtTable {
  debtPositionId: Id<'debtPosition'>
  version: number
  /** Origin of the accertamento. */
  exercise: number
  accertamentoId: Id<'accertamento'>
}

/** Derived by trigger from `allocation`: what an instalment asks of the accertamenti of one exercise. */
export interface InstallmentShareTable {
  installmentId: Id<'installment'>
  exercise: number
  debtPositionId: Id<'debtPosition'>
  version: number
  kind: 'single' | 'plan'
  cents: Cents
}
