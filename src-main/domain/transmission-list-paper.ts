import type { IsoDate } from './date.ts'
import type { Cents } from './money.ts'
import type { PaperInstitution } from './quietanza-paper.ts'

export interface TransmittedReversale {
  readonly number: number
  readonly date: IsoDate
  /** Name of the only debtor, or «diversi». */
  readonly debtor: string
  readonly causale: string
  readonly cents: Cents
}

/**
 * One list of reversali handed to the treasurer (distinta di trasmissione), as it is printed and signed. It says what
 * was handed over on its day: what is annulled later stays on it.
 */
export interface TransmissionListDocument {
  readonly institution: PaperInstitution
  readonly exercise: number
  readonly number: number
  readonly date: IsoDate
  /** Name and IBAN, or number, of the account of collection. */
  readonly account: string
  /** By number, at least one. */
  readonly reversali: readonly TransmittedReversale[]
  readonly cents: Cents
  /** Offices that sign, left to right, at most three. */
  readonly signatures: readonly string[]
}
