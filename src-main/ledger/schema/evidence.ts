import type { ColumnType, Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { Flag, JsonText, Sha256Text } from './common.ts'

/** Ricevuta (RT). Insert only, unique (iuv, iur). */
export interface ReceiptTable {
  id: Generated<Id<'receipt'>>
  iuv: string
  iur: string
  noticeNumber: string | null
  ok: Flag
  cents: Cents
  /** As written in the file. */
  paidAt: string
  pspCode: string | null
  pspName: string | null
  payerFiscalCode: string | null
  payerName: string | null
  debtorFiscalCode: string | null
  debtorName: string | null
  /** Commission of the PSP: shown, never summed. */
  feeCents: Cents | null
  fileName: string | null
  sha256: Sha256Text
  importedAt: Instant
  source: Generated<'file' | 'node'>
  /** What was paid, in words; null also where it came before this was kept. */
  description: ColumnType<string | null, string | null | undefined, never>
  debtorKind: ColumnType<'F' | 'G' | null, 'F' | 'G' | null | undefined, never>
}

/** Insert only. */
export interface ReceiptTransferTable {
  id: Generated<Id<'receiptTransfer'>>
  receiptId: Id<'receipt'>
  idTransfer: number
  fiscalCode: string
  cents: Cents
  iban: string | null
  stamp: Flag
  /** Taxonomy code as written; null also where it came before this was kept. */
  category: ColumnType<string | null, string | null | undefined, never>
  remittance: ColumnType<string | null, string | null | undefined, never>
}

/** Insert only, unique (receiver, flowId). */
export interface ReportingFlowTable {
  id: Generated<Id<'reportingFlow'>>
  receiver: string
  flowId: string
  /** `[0-9a-z]` of the lower-case id; not unique. */
  foldKey: string
}

/** Insert only, unique (reportingFlowId, contentHash). */
export interface ReportingFlowVersionTable {
  id: Generated<Id<'reportingFlowVersion'>>
  reportingFlowId: Id<'reportingFlow'>
  flowDateTime: Instant
  flowDateTimeText: string
  revision: number
  contentHash: Sha256Text
  declaredCents: Cents | null
  declaredCount: number | null
  regulationId: string
  regulationDate: IsoDate
  pspCode: string
  pspName: string | null
  bic: string | null
  source: 'file' | 'api'
  fileName: string | null
  importedAt: Instant
}

/** Insert only, unique (versionId, ordinal). `cents` is positive also with outcome 3. */
export interface FlowRowTable {
  id: Generated<Id<'flowRow'>>
  versionId: Id<'reportingFlowVersion'>
  ordinal: number
  iuv: string
  iur: string
  idTransfer: number | null
  cents: Cents
  outcome: string
  outcomeDate: IsoDate
}

/** Estratto conto: one account of one file. Insert only, unique sha256 (of the file, or of the file and the part). */
export interface BankStatementTable {
  id: Generated<Id<'bankStatement'>>
  bankAccountId: Id<'bankAccount'>
  fileName: string
  sha256: Sha256Text
  profile: string
  from: IsoDate | null
  to: IsoDate | null
  openingCents: Cents | null
  closingCents: Cents | null
  importedAt: Instant
  /** What the bank says that the file covers; null where it does not say. */
  periodFrom: IsoDate | null
  periodTo: IsoDate | null
}

/** Insert only, unique (bankAccountId, fingerprint). Credits positive, debits negative. */
export interface BankMovementTable {
  id: Generated<Id<'bankMovement'>>
  bankAccountId: Id<'bankAccount'>
  bankStatementId: Id<'bankStatement'> | null
  bookingDate: IsoDate
  valueDate: IsoDate | null
  cents: Cents
  description: string
  bankReference: string | null
  fingerprint: Sha256Text
  counterparty: string | null
  endToEndId: string | null
  /** CBI or bank code of the operation: 48, 79, 34… */
  transactionCode: string | null
  /** The credit that this debit takes back, when the program itself wrote the debit. */
  stornoOfId: Id<'bankMovement'> | null
  /** What the bank says that this debit takes back, as `takenBackText` writes it: found among the credits at every reading. */
  takesBack: string | null
}

/** Treasurer's number of a credit; a wrong one is annulled and written again. */
export interface ProvvisorioTable {
  id: Generated<Id<'provvisorio'>>
  bankMovementId: Id<'bankMovement'>
  bankAccountId: Id<'bankAccount'>
  exercise: number
  number: number
  annulledAt: Instant | null
}

/** What a person said. Insert only; taken back by a decision with `revokesId` (once). */
export interface DecisionTable {
  id: Generated<Id<'decision'>>
  kind: string
  /** Noun of the subject: bankMovement, reportingFlow, flowRow, installment, reversaleLine… */
  subjectKind: string
  /** Its key: an id, or «flowId|iuv|iur|idTransfer|n» of a row. */
  subjectKey: string
  payloadJson: JsonText
  reason: string
  revokesId: Id<'decision'> | null
  at: Instant
  operator: string
}
