import type { FuturePayment, NodeCart, NodeFlow, NodeMessage, PaidNotice } from './money.ts'

/**
 * What the rehearsal node keeps, one type a collection. Money is cents; instants are UTC text with milliseconds; states as
 * the platform names them (pagopa.md §7.2).
 */
export type PositionStatus =
  | 'DRAFT'
  | 'PUBLISHED'
  | 'VALID'
  | 'INVALID'
  | 'EXPIRED'
  | 'PARTIALLY_PAID'
  | 'PAID'
  | 'REPORTED'

export type PaymentStatus = 'PO_UNPAID' | 'PO_PAID' | 'PO_PARTIALLY_REPORTED' | 'PO_REPORTED'

export interface Metadata {
  readonly key: string
  readonly value?: string
}

export interface Debtor {
  readonly type: 'F' | 'G'
  readonly fiscalCode: string
  readonly fullName: string
  readonly streetName?: string
  readonly civicNumber?: string
  readonly postalCode?: string
  readonly city?: string
  readonly province?: string
  readonly region?: string
  readonly country?: string
  readonly email?: string
  readonly phone?: string
}

export interface NodeTransfer {
  readonly idTransfer: string
  readonly amount: number
  readonly organizationFiscalCode: string
  readonly remittanceInformation: string
  readonly category: string
  readonly iban?: string
  readonly postalIban?: string
  readonly stamp?: { readonly hashDocument: string; readonly stampType: string; readonly provincialResidence: string }
  readonly companyName?: string
  readonly transferMetadata: readonly Metadata[]
  readonly status: 'T_UNREPORTED' | 'T_REPORTED'
  readonly lastUpdatedDate: string
}

/** What one notice pays: a whole option or one instalment of a plan. */
export interface NodePayment {
  readonly iuv: string
  readonly nav: string
  readonly amount: number
  readonly description: string
  readonly dueDate: string
  readonly retentionDate?: string
  readonly status: PaymentStatus
  readonly transfer: readonly NodeTransfer[]
  readonly metadata: readonly Metadata[]
  readonly lastUpdatedDate: string
  readonly fee?: number
  readonly paymentDate?: string
  readonly paymentMethod?: string
  readonly pspCompany?: string
  /** IUR of its receipt. */
  readonly idReceipt?: string
  readonly idFlowReporting?: string
  readonly reportingDate?: string
}

/** `plan`: each of its payments is an instalment; else one payment pays the whole. */
export interface NodeOption {
  readonly plan: boolean
  readonly description?: string
  readonly validityDate?: string
  readonly switchToExpired: boolean
  readonly debtor: Debtor
  readonly payments: readonly NodePayment[]
}

export interface NodePosition {
  readonly organizationFiscalCode: string
  readonly iupd: string
  /** As last written. What it has become by now is told by `positionAt` (states.ts). */
  readonly status: PositionStatus
  readonly payStandIn: boolean
  readonly companyName: string
  readonly officeName?: string
  readonly options: readonly NodeOption[]
  readonly insertedDate: string
  readonly lastUpdatedDate: string
  readonly publishDate?: string
  readonly paymentDate?: string
}

/** A creditor institution that the broker of the keys may act for. */
export interface NodeOrganization {
  readonly fiscalCode: string
  readonly name: string
  readonly brokerCode: string
}

export interface NodeIbanRecord {
  readonly organizationFiscalCode: string
  readonly iban: string
  readonly description: string
  readonly validFrom: string
  /** From then on refused. */
  readonly dueDate?: string
}

export interface NodeStation {
  readonly organizationFiscalCode: string
  readonly stationCode: string
  readonly segregationCode: string
  readonly active: boolean
}

/** A massive load (pagopa.md §7.4); what became of its rows stands in its parts. */
export interface NodeUpload {
  readonly fileId: string
  readonly brokerCode: string
  readonly organizationFiscalCode: string
  readonly kind: 'create' | 'update' | 'delete'
  readonly startTime: string
  readonly endTime?: string
  readonly submitted: number
}

/** Rows of a load done in one turn, kept together with what they did. */
export interface NodeUploadPart {
  readonly fileId: string
  readonly rows: readonly { readonly iupd: string; readonly statusCode: number; readonly statusMessage: string }[]
}

/** Collections of the store. */
export interface NodeRecords {
  organization: NodeOrganization
  iban: NodeIbanRecord
  station: NodeStation
  position: NodePosition
  upload: NodeUpload
  uploadPart: NodeUploadPart
  paid: PaidNotice
  order: FuturePayment
  flow: NodeFlow
  cart: NodeCart
  message: NodeMessage
}

export type Collection = keyof NodeRecords
