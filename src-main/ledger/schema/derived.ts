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
  /** All labels of it, the first one included. */
  labelsJson: Generated<JsonText>
  bankMovementId: Id<'bankMovement'>
}

export interface FlowLabelTable extends Label {
  /** All labels of it, the first one included: what blocks it stands here too. */
  labelsJson: Generated<JsonText>
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
  level: 'TRN' | 'TRUNCATED' | 'PSP' | 'AMOUNT' | 'NAME' | 'FISCAL_CODE' | 'RULE'
  evidenceJson: JsonText
}
