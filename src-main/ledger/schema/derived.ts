import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Cents } from '#domain/money'
import type { JsonText } from './common.ts'

/** What the reconciliation says, stored for lists; rebuilt whole from evidence and decisions. `code` of DOMAIN.md §6. */
interface Label {
  state: string
  code: string
  paramsJson: JsonText
}

export interface MovementLabelTable extends Label {
  bankMovementId: Id<'bankMovement'>
}

export interface FlowLabelTable extends Label {
  reportingFlowId: Id<'reportingFlow'>
  /** Null while no version may be used (conflicting, other receiver). */
  activeVersionId: Id<'reportingFlowVersion'> | null
  totalCents: Cents
  creditedCents: Cents
  books: 'none' | 'partly' | 'whole'
}

export interface FlowRowLabelTable extends Label {
  flowRowId: Id<'flowRow'>
}

export interface ReceiptLabelTable extends Label {
  receiptId: Id<'receipt'>
}

export interface ProposalTable {
  id: Generated<Id<'proposal'>>
  bankMovementId: Id<'bankMovement'>
  kind: 'flow' | 'accertamento'
  /** reportingFlow or accertamento, by `kind`. */
  targetId: number
  cents: Cents
  level: 'TRUNCATED' | 'PSP' | 'AMOUNT' | 'NAME' | 'FISCAL_CODE'
  evidenceJson: JsonText
}
