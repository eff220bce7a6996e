import type { Instant } from './date.ts'

/**
 * Debt positions as GPD takes them: the bodies of pagopa.md §7.1 and §7.3, names and shapes as on the wire. Amounts are
 * cents; dates are date-times in UTC.
 */
export interface GpdTransfer {
  readonly idTransfer: '1' | '2' | '3' | '4' | '5'
  readonly amount: number
  readonly organizationFiscalCode: string
  readonly remittanceInformation: string
  /** Taxonomy code. */
  readonly category: string
  readonly iban?: string
  readonly postalIban?: string
  readonly stamp?: { readonly hashDocument: string; readonly stampType: string; readonly provincialResidence: string }
  readonly companyName?: string
}

export interface GpdDebtor {
  readonly type: 'F' | 'G'
  readonly fiscalCode: string
  readonly fullName: string
  readonly streetName?: string
  readonly civicNumber?: string
  readonly postalCode?: string
  readonly city?: string
  readonly province?: string
  readonly country?: string
  readonly email?: string
}

export interface GpdInstallment {
  readonly nav: string
  readonly iuv: string
  readonly amount: number
  readonly description: string
  readonly dueDate: string
  readonly transfer: readonly GpdTransfer[]
}

export interface GpdOption extends GpdInstallment {
  readonly isPartialPayment: boolean
  readonly retentionDate?: string
}

/** v1 and v2, and files of the massive load. */
export interface GpdPosition extends GpdDebtor {
  readonly iupd: string
  readonly payStandIn: boolean
  readonly switchToExpired: boolean
  readonly companyName: string
  readonly officeName?: string
  readonly validityDate?: string
  readonly paymentOption: readonly GpdOption[]
}

/** v3: a plan is one option of many instalments. */
export interface GpdPositionV3 {
  readonly iupd: string
  readonly payStandIn: boolean
  readonly companyName: string
  readonly officeName?: string
  readonly paymentOption: readonly {
    readonly description: string
    readonly validityDate?: string
    readonly retentionDate?: string
    readonly switchToExpired: boolean
    readonly debtor: GpdDebtor
    readonly installments: readonly GpdInstallment[]
  }[]
}

/** A position with the version of the interface that takes it: plans go by v3, all else by v1. */
export type GpdBody =
  | { readonly api: 'v1'; readonly position: GpdPosition }
  | { readonly api: 'v3'; readonly position: GpdPositionV3 }

export type GpdApi = GpdBody['api']

/** What the node says that it holds, v1 and v3 alike; states as it names them. Null: it does not say. */
export interface HeldPosition {
  readonly iupd: string
  readonly api: GpdApi
  readonly status: string
  readonly payments: readonly HeldPayment[]
  readonly companyName: string | null
  readonly validityDate: Instant | null
  readonly paidAt: Instant | null
  /** v3 says it; v1 never does. */
  readonly debtor: { readonly fiscalCode: string; readonly fullName: string } | null
}

export interface HeldPayment {
  readonly iuv: string
  readonly nav: string | null
  readonly cents: number
  readonly dueDate: Instant | null
  readonly description: string | null
  /** One of several that make up the whole. */
  readonly partial: boolean
  /** `PO_UNPAID`… of v1, `UNPAID`… of v3. */
  readonly status: string
  readonly paidAt: Instant | null
  readonly receiptId: string | null
  readonly flowId: string | null
  readonly transfers: readonly HeldTransfer[]
}

export interface HeldTransfer {
  readonly idTransfer: string
  readonly cents: number
  readonly fiscalCode: string | null
  readonly remittance: string | null
  readonly category: string | null
  readonly iban: string | null
  readonly reported: boolean
}
