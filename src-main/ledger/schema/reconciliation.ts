import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { Flag, JsonText, Sha256Text } from './common.ts'

/** A file that came in. Insert only, unique (kind, sha256): known once however it came. */
export interface ImportFileTable {
  id: Generated<Id<'importFile'>>
  kind: 'statement' | 'flow' | 'receipt' | 'unknown'
  name: string
  sha256: Sha256Text
  size: number
  source: 'file' | 'zip' | 'folder' | 'api'
  outcome: string
  problemsJson: JsonText
  at: Instant
  operator: string
}

/** A row of a statement that may be known already: shown, not stored as a movement until decided. */
export interface PendingMovementTable {
  id: Generated<Id<'pendingMovement'>>
  bankStatementId: Id<'bankStatement'>
  bankAccountId: Id<'bankAccount'>
  bookingDate: IsoDate
  valueDate: IsoDate | null
  cents: Cents
  description: string
  bankReference: string | null
  fingerprint: Sha256Text
  counterparty: string | null
  endToEndId: string | null
  transactionCode: string | null
  takesBack: string | null
  /** `changed`: same reference or day, other words. `possibleDuplicate`: same day and amount in another layout. */
  kind: 'changed' | 'possibleDuplicate'
  knownMovementId: Id<'bankMovement'>
  /** Number that the treasurer gave it: goes to the movement that it turns out to be. */
  provvisorio: number | null
  state: 'open' | 'added' | 'discarded'
  reason: string
  decidedAt: Instant | null
  operator: string | null
}

/** What a decision speaks of: bankMovement, reportingFlow, flowRow, debtPosition, reversale… Insert only. */
export interface DecisionSubjectTable {
  decisionId: Id<'decision'>
  kind: string
  key: string
}

/** The treasurer carried it out. Insert only, one per reversale. */
export interface ReversaleExecutionTable {
  id: Generated<Id<'reversaleExecution'>>
  reversaleId: Id<'reversale'>
  date: IsoDate
  quietanzaNumber: string | null
  bankStatementId: Id<'bankStatement'> | null
  at: Instant
  operator: string
}

/** What the program learned from repeated decisions; it only proposes. */
export interface LearnedRuleTable {
  id: Generated<Id<'learnedRule'>>
  conditionJson: JsonText
  actionJson: JsonText
  fromDecisionId: Id<'decision'> | null
  state: 'offered' | 'accepted' | 'refused' | 'removed'
  at: Instant
  operator: string
}

/** A folder that is looked at for files; `folder` is its token, `kinds` are separated by commas. */
export interface WatchedFolderTable {
  id: Generated<Id<'watchedFolder'>>
  folder: string
  name: string
  kinds: string
  active: Flag
  after: 'keep' | 'move'
  lastScanAt: Instant | null
  note: string | null
  /** Whose statements those are that name no account. */
  bankAccountId: Id<'bankAccount'> | null
  /** Statements that stay where they are, with their reasons. */
  waitingJson: JsonText
}

/** Who has paid, for the outside register. Insert only, in the transaction of its reversale. */
export interface AlboWriteBackTable {
  id: Generated<Id<'alboWriteBack'>>
  personId: Id<'person'>
  accertamentoId: Id<'accertamento'>
  reversaleLineId: Id<'reversaleLine'>
  externalReference: string | null
  cents: Cents
  at: Instant
}

/** One list handed over: everything up to these two is known outside. Insert only. */
export interface AlboExportTable {
  id: Generated<Id<'alboExport'>>
  lastWriteBackId: number
  lastAnnulmentId: number
  rows: number
  at: Instant
  operator: string
}
