import type { AlboDestinationTable, AlboExportFileTable, AlboExportRowTable } from './schema/albo.ts'
import type {
  AccertamentoBalanceTable,
  AccertamentoTable,
  AccertamentoVariationTable,
  ClosingTable,
  MatchTable,
  MovementBalanceTable,
  QuietanzaTable,
  ResiduoTable,
  ReversaleAnnulmentTable,
  ReversaleLineTable,
  ReversaleTable,
  TransmissionListLineTable,
  TransmissionListTable,
} from './schema/books.ts'
import type { CheckoutCartRowTable, CheckoutCartTable, PublicationMessageTable } from './schema/cart.ts'
import type {
  CampaignTable,
  CampaignWayTable,
  DeliveryAttemptTable,
  DeliveryEvidenceTable,
  DeliveryStopTable,
  DeliveryTable,
  FileAccountTable,
  IoServiceTable,
  MailAccountTable,
  MailReceiptTable,
  OutboxLaneTable,
} from './schema/delivery.ts'
import type {
  FlowLabelTable,
  FlowRowLabelTable,
  MovementLabelTable,
  ProposalTable,
  ReceiptLabelTable,
} from './schema/derived.ts'
import type {
  BankMovementTable,
  BankStatementTable,
  DecisionTable,
  FlowRowTable,
  ProvvisorioTable,
  ReceiptTable,
  ReceiptTransferTable,
  ReportingFlowTable,
  ReportingFlowVersionTable,
} from './schema/evidence.ts'
import type {
  BankAccountTable,
  CapitoloExerciseTable,
  CapitoloTable,
  CreditorInstitutionTable,
  ExerciseTable,
  SegregationCodeTable,
  ServiceTypeTable,
} from './schema/institution.ts'
import type { NodeConnectionTable, NodeIbanTable, NodeStationTable } from './schema/node-connection.ts'
import type { NodeStrangerTable } from './schema/node-follow.ts'
import type { NodeBatchTable, NodePositionTable } from './schema/node-publish.ts'
import type {
  NodeFlowTable,
  NodeReadingTable,
  NodeReceiptTable,
  NodeUnreadTable,
  SpontaneousTable,
} from './schema/node-receive.ts'
import type { LetterTable, NoticeGraphicTable, NoticeStyleTable, NoticeWordTable } from './schema/notice-style.ts'
import type { PartnerBatchRowTable, PartnerBatchTable, PartnerOutcomeTable } from './schema/partner.ts'
import type {
  AlboEntryTable,
  ContactPointTable,
  PersonChangeTable,
  PersonDistinctTable,
  PersonMergeTable,
  PersonTable,
} from './schema/person.ts'
import type {
  AllocationTable,
  DebtPositionTable,
  DebtPositionVersionTable,
  InstallmentShareTable,
  InstallmentStateTable,
  InstallmentTable,
  IssuanceTable,
  IuvAssignmentTable,
  NoticePrintTable,
  NoticeTable,
  PaymentOptionTable,
  PositionCancellationTable,
  PositionDebtTable,
  TransferTable,
} from './schema/position.ts'
import type {
  AlboExportTable,
  AlboWriteBackTable,
  DecisionSubjectTable,
  ImportFileTable,
  LearnedRuleTable,
  PendingMovementTable,
  ReversaleExecutionTable,
  WatchedFolderTable,
} from './schema/reconciliation.ts'
import type {
  ImportDifferenceTable,
  ImportPersonTable,
  ImportRowTable,
  RegisterImportTable,
} from './schema/register.ts'
import type {
  JournalEntryTable,
  NoteTable,
  OperatorTable,
  ProfileTable,
  RevisionTable,
  SavedViewTable,
  SettingTable,
} from './schema/system.ts'
import type {
  LateFeeTable,
  LegalRateTable,
  QuotaBatchTable,
  QuotaDueTable,
  TariffPlanTable,
  TariffTable,
} from './schema/tariff.ts'
import type { TaxonomyCodeTable, TaxonomyFileTable } from './schema/taxonomy.ts'

/** Every table by name, as Kysely sees it. Columns are those of DOMAIN.md §1; one name from table to screen. */
export interface Schema {
  creditorInstitution: CreditorInstitutionTable
  segregationCode: SegregationCodeTable
  bankAccount: BankAccountTable
  exercise: ExerciseTable
  capitolo: CapitoloTable
  capitoloExercise: CapitoloExerciseTable
  serviceType: ServiceTypeTable
  person: PersonTable
  contactPoint: ContactPointTable
  alboEntry: AlboEntryTable
  personMerge: PersonMergeTable
  personChange: PersonChangeTable
  personDistinct: PersonDistinctTable
  registerImport: RegisterImportTable
  importRow: ImportRowTable
  importDifference: ImportDifferenceTable
  importPerson: ImportPersonTable
  issuance: IssuanceTable
  debtPosition: DebtPositionTable
  debtPositionVersion: DebtPositionVersionTable
  paymentOption: PaymentOptionTable
  positionDebt: PositionDebtTable
  installmentShare: InstallmentShareTable
  installment: InstallmentTable
  transfer: TransferTable
  allocation: AllocationTable
  iuvAssignment: IuvAssignmentTable
  notice: NoticeTable
  noticePrint: NoticePrintTable
  positionCancellation: PositionCancellationTable
  installmentState: InstallmentStateTable
  mailAccount: MailAccountTable
  campaign: CampaignTable
  delivery: DeliveryTable
  deliveryAttempt: DeliveryAttemptTable
  deliveryEvidence: DeliveryEvidenceTable
  receipt: ReceiptTable
  receiptTransfer: ReceiptTransferTable
  reportingFlow: ReportingFlowTable
  reportingFlowVersion: ReportingFlowVersionTable
  flowRow: FlowRowTable
  bankStatement: BankStatementTable
  bankMovement: BankMovementTable
  provvisorio: ProvvisorioTable
  decision: DecisionTable
  accertamento: AccertamentoTable
  accertamentoVariation: AccertamentoVariationTable
  accertamentoBalance: AccertamentoBalanceTable
  movementBalance: MovementBalanceTable
  match: MatchTable
  reversale: ReversaleTable
  reversaleLine: ReversaleLineTable
  reversaleAnnulment: ReversaleAnnulmentTable
  transmissionList: TransmissionListTable
  transmissionListLine: TransmissionListLineTable
  quietanza: QuietanzaTable
  closing: ClosingTable
  residuo: ResiduoTable
  movementLabel: MovementLabelTable
  flowLabel: FlowLabelTable
  flowRowLabel: FlowRowLabelTable
  receiptLabel: ReceiptLabelTable
  proposal: ProposalTable
  journalEntry: JournalEntryTable
  revision: RevisionTable
  note: NoteTable
  operator: OperatorTable
  setting: SettingTable
  savedView: SavedViewTable
  profile: ProfileTable
  noticeStyle: NoticeStyleTable
  noticeGraphic: NoticeGraphicTable
  noticeWord: NoticeWordTable
  letter: LetterTable
  fileAccount: FileAccountTable
  ioService: IoServiceTable
  deliveryStop: DeliveryStopTable
  mailReceipt: MailReceiptTable
  campaignWay: CampaignWayTable
  outboxLane: OutboxLaneTable
  importFile: ImportFileTable
  pendingMovement: PendingMovementTable
  decisionSubject: DecisionSubjectTable
  reversaleExecution: ReversaleExecutionTable
  learnedRule: LearnedRuleTable
  watchedFolder: WatchedFolderTable
  alboWriteBack: AlboWriteBackTable
  alboExport: AlboExportTable
  alboDestination: AlboDestinationTable
  alboExportFile: AlboExportFileTable
  alboExportRow: AlboExportRowTable
  tariffPlan: TariffPlanTable
  tariff: TariffTable
  quotaBatch: QuotaBatchTable
  quotaDue: QuotaDueTable
  legalRate: LegalRateTable
  lateFee: LateFeeTable
  nodeConnection: NodeConnectionTable
  nodeIban: NodeIbanTable
  nodeStation: NodeStationTable
  nodeStranger: NodeStrangerTable
  checkoutCart: CheckoutCartTable
  checkoutCartRow: CheckoutCartRowTable
  publicationMessage: PublicationMessageTable
  nodeBatch: NodeBatchTable
  nodePosition: NodePositionTable
  partnerBatch: PartnerBatchTable
  partnerBatchRow: PartnerBatchRowTable
  partnerOutcome: PartnerOutcomeTable
  taxonomyFile: TaxonomyFileTable
  taxonomyCode: TaxonomyCodeTable
  nodeReading: NodeReadingTable
  nodeReceipt: NodeReceiptTable
  nodeFlow: NodeFlowTable
  nodeUnread: NodeUnreadTable
  spontaneous: SpontaneousTable
}
