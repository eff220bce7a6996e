import type { Cents } from './money.ts'
import type { Problem } from './problem.ts'

export interface ReceiptParty {
  /** F person, G entity; null when the file does not say. */
  readonly kind: 'F' | 'G' | null
  /** Fiscal code or VAT number, or `ANONIMO`. */
  readonly identifier: string
  readonly name: string
  readonly email: string | null
}

export interface ReceiptTransfer {
  /** idTransfer 1–5; in RT 6.2 the place of the item in the list. */
  readonly index: number
  /** Whose money it is: only those of our own fiscal code are ours. */
  readonly receiverFiscalCode: string
  readonly amountCents: Cents
  /** Null for a digital stamp. */
  readonly iban: string | null
  readonly stamp: boolean
  readonly remittance: string | null
  readonly category: string | null
}

export type ReceiptFormat = 'RT_6_2' | 'PA_SEND_RT_V1' | 'PA_SEND_RT_V2'

/** pagoPA's receipt (RT), of any of the three formats. A field that could not be read is null and has its problem. */
export interface Receipt {
  readonly format: ReceiptFormat
  readonly iuv: string | null
  /** receiptId, or the IUR of the first item of an RT 6.2. */
  readonly iur: string | null
  readonly noticeNumber: string | null
  /** Paid: outcome OK, or 0 of RT 6.2. */
  readonly ok: boolean
  /** As written: OK, KO, 0–4. */
  readonly outcome: string | null
  readonly amountCents: Cents | null
  /** Date or date-time as written. */
  readonly paidAt: string | null
  readonly creditorFiscalCode: string | null
  readonly description: string | null
  readonly pspName: string | null
  readonly pspId: string | null
  readonly debtor: ReceiptParty | null
  readonly payer: ReceiptParty | null
  readonly paymentMethod: string | null
  /** Fee of the PSP: shown, never summed. */
  readonly feeCents: Cents | null
  readonly transfers: readonly ReceiptTransfer[]
}

export interface ReceiptReading {
  /** Null when the file is no receipt at all. */
  readonly receipt: Receipt | null
  readonly problems: readonly Problem[]
}
