import type { Instant, IsoDate } from '#domain/date'

/** One beneficiary of a payment. */
export interface PaidTransfer {
  /** 1–5. */
  readonly idTransfer: number
  readonly fiscalCode: string
  readonly companyName: string
  readonly cents: number
  /** Null for a digital stamp, which nobody credits. */
  readonly iban: string | null
  readonly remittance: string
  readonly category: string
}

export interface PaidDebtor {
  readonly kind: 'F' | 'G'
  readonly fiscalCode: string
  readonly name: string
  readonly email?: string
}

/**
 * One payment at one provider, with all that its receipt and its rows in the flows say: what the position becomes later
 * changes neither.
 */
export interface PaidNotice {
  /** receiptId of the receipt, IUR of the flows. */
  readonly iur: string
  readonly noticeNumber: string
  readonly iuv: string
  /** Of the institution that asked. */
  readonly creditor: string
  readonly companyName: string
  readonly description: string
  readonly debtor: PaidDebtor
  readonly cents: number
  readonly transfers: readonly PaidTransfer[]
  /** `code` of `PROVIDERS`. */
  readonly psp: string
  readonly method: string
  readonly feeCents: number
  readonly at: Instant
  /** The provider's own day (Rome's calendar). */
  readonly day: IsoDate
  /** How its rows in the flows end: 0 as a rule, 4 and 8 stand-in, 9 without request. */
  readonly outcome: '0' | '4' | '8' | '9'
  /** KO: the money stayed with the payer; a receipt says so, no flow names it. */
  readonly ok: boolean
  /** A payment by stand-in, or a second one, has none: the platform keeps one receipt for each IUV. */
  readonly hasReceipt: boolean
}

export interface NodeFlowRow {
  readonly iuv: string
  readonly iur: string
  readonly idTransfer: number
  readonly cents: number
  readonly outcome: '0' | '4' | '8' | '9'
  readonly day: IsoDate
}

/** A revision of a reporting flow: one provider, one day of credit, one account. */
export interface NodeFlow {
  readonly flowId: string
  readonly psp: string
  readonly revision: number
  /** Institution that receives. */
  readonly creditor: string
  readonly iban: string
  readonly at: Instant
  readonly published: Instant
  /** TRN of the transfer. */
  readonly trn: string
  readonly regulationDate: IsoDate
  readonly rows: readonly NodeFlowRow[]
}

export interface NodeCart {
  readonly id: string
  readonly at: Instant
  readonly notices: readonly {
    readonly noticeNumber: string
    readonly creditor: string
    readonly cents: number
    readonly description: string
  }[]
  readonly okUrl: string
  readonly cancelUrl: string
  readonly errorUrl: string
  readonly state: 'open' | 'paid' | 'cancelled'
}

/** A message of App IO. */
export interface NodeMessage {
  readonly id: string
  readonly at: Instant
  readonly fiscalCode: string
  /** As it was sent. */
  readonly content: Readonly<Record<string, unknown>>
}

/**
 * How a payment comes about. `regular`: as the platform lets it. `standIn`: a provider took the money without asking, so
 * that a notice is paid again, after its expiry, cancelled, or beside the other way of paying. `ko`: begun and failed.
 */
export type PayHow = 'regular' | 'standIn' | 'ko'

export interface PayOrder {
  /** Institution whose notice it is. */
  readonly creditor: string
  readonly noticeNumber: string
  /** `code` of `PROVIDERS`. */
  readonly psp: string
  readonly at: Instant
  readonly how?: PayHow
  /** Another amount than the one asked: partial, or that of an older notice. The platform knows no such thing, providers do. */
  readonly cents?: number
}

/** A payment that somebody will make. */
export interface FuturePayment extends PayOrder {
  readonly id: string
}
