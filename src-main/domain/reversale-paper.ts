import type { IsoDate } from './date.ts'
import type { Cents } from './money.ts'
import type { PaperInstitution } from './quietanza-paper.ts'

export interface ReversaleDocumentLine {
  /** «2026/118». */
  readonly accertamento: string
  readonly debtor: string
  readonly causale: string
  readonly iuv: string | null
  readonly cents: Cents
}

/** One order of collection (reversale d'incasso) as it is printed and signed. */
export interface ReversaleDocument {
  readonly institution: PaperInstitution
  readonly exercise: number
  readonly number: number
  readonly date: IsoDate
  readonly capitolo: { readonly code: string; readonly name: string }
  readonly management: 'competenza' | 'residui'
  /** Exercise in which the accertamenti were raised. */
  readonly originYear: number
  /** Null prints «diversi». */
  readonly debtor: { readonly name: string; readonly fiscalCode: string | null } | null
  readonly causale: string
  readonly cents: Cents
  /** Name and IBAN, or number, of the account of collection. */
  readonly account: string
  /** Credits regularised: «provvisorio n. 12 del 12/03/2026», «accredito del 12/03/2026, riferimento …». */
  readonly credits: readonly string[]
  readonly flowId: string | null
  readonly lines: readonly ReversaleDocumentLine[]
  /** Offices that sign, left to right, at most three. */
  readonly signatures: readonly string[]
  readonly annulled: { readonly on: IsoDate; readonly reason: string } | null
}
