import type { IsoDate } from './date.ts'
import type { Cents } from './money.ts'
import type { NoticeNumber } from './notice-number.ts'

/** Heading of our own papers. */
export interface PaperInstitution {
  readonly name: string
  readonly fiscalCode: string
  readonly office: string | null
}

/** One debt that the payment settled, wholly or in part. */
export interface QuietanzaLine {
  readonly causale: string
  /** As people name it, «2026/118». */
  readonly accertamento: string | null
  /** Code and name, «1.1.10 Quote iscritti». */
  readonly capitolo: string
  readonly cents: Cents
}

/** Receipt for the payer of what the institution has collected. Texts of pagoPA are printed as in the evidence. */
export interface QuietanzaData {
  readonly institution: PaperInstitution
  /** «2026/12-1»: reversale and line. */
  readonly number: string
  readonly date: IsoDate
  readonly payer: {
    readonly name: string
    readonly fiscalCode: string | null
    readonly addressLines: readonly string[]
  }
  readonly lines: readonly QuietanzaLine[]
  readonly cents: Cents
  /** Of a plan; null where the debt was paid at once. */
  readonly installment: { readonly ordinal: number; readonly count: number } | null
  /** Who paid, only where it is somebody else than the debtor. */
  readonly paidBy: { readonly name: string; readonly fiscalCode: string | null } | null
  /** Day of payment at the PSP. */
  readonly paidOn: IsoDate | null
  /** Name of the PSP, or its code where no receipt tells the name. */
  readonly psp: string | null
  readonly noticeNumber: NoticeNumber | null
  readonly iuv: string | null
  readonly iur: string | null
  readonly flowId: string | null
  /** Bank's booking date of the credit. */
  readonly creditedOn: IsoDate | null
  readonly reversale: { readonly exercise: number; readonly number: number; readonly date: IsoDate }
  /** Set on the copy of a quietanza whose reversale was annulled. */
  readonly annulled: { readonly on: IsoDate; readonly reason: string } | null
}
