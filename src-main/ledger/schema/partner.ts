import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { Cents } from '#domain/money'
import type { NodeEnvironment } from '#domain/node-ports'
import type { PartnerFileKind, PartnerOutcome } from '#domain/partner'
import type { Sha256Text } from './common.ts'

/** A file handed to the technological partner; changed only by taking it back. */
export interface PartnerBatchTable {
  id: Generated<Id<'partnerBatch'>>
  environment: NodeEnvironment
  kind: PartnerFileKind
  format: 'json' | 'csv'
  at: Instant
  operator: string
  fileName: string
  /** Of the file as it left. */
  sha256: Sha256Text
  /** Bytes of the file as it left. */
  size: number
  rows: number
  cents: Cents
  /** The file, deflated. */
  contentBase64: string
  withdrawnAt: Instant | null
  withdrawnReason: string | null
}

/** Key (partnerBatchId, iupd). Of the rows of a batch only what the partner said of them moves. */
export interface PartnerBatchRowTable {
  partnerBatchId: Id<'partnerBatch'>
  iupd: string
  debtPositionId: Id<'debtPosition'>
  version: number
  cents: Cents
  /** Payments that were paid outside pagoPA when it was handed over. */
  closed: number
  outcome: PartnerOutcome
  reason: string | null
  partnerOutcomeId: Id<'partnerOutcome'> | null
}

/** Insert only. `hand`: no file, a person was told. */
export interface PartnerOutcomeTable {
  id: Generated<Id<'partnerOutcome'>>
  partnerBatchId: Id<'partnerBatch'>
  at: Instant
  operator: string
  source: 'csv' | 'gpd' | 'hand'
  fileName: string
  sha256: Sha256Text
  accepted: number
  refused: number
  known: number
  unknown: number
  contradicted: number
  /** The file as it came, deflated; null where there was none. */
  contentBase64: string | null
}
