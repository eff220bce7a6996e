import type { StatementDateFormat } from '#domain/bank-statement'

/** Where one bank puts what: headings as it writes them, compared without case, accents and signs (bank.md §2). */
export interface StatementProfile {
  readonly name: string
  readonly bank: string
  /** All must stand in the heading record; the profile with the most of them wins. */
  readonly headings: readonly string[]
  /** 2 when the headings are written on two records, one under the other. */
  readonly headerLines?: 2
  readonly booking: string
  readonly value: string | null
  readonly amount:
    | { readonly kind: 'signed'; readonly column: string }
    | { readonly kind: 'debitCredit'; readonly debit: string; readonly credit: string }
    | {
        readonly kind: 'signColumn'
        readonly column: string
        readonly sign: string
        readonly debitTexts: readonly string[]
        readonly creditTexts: readonly string[]
      }
    | { readonly kind: 'creditsOnly'; readonly column: string }
  /** Joined in this order. */
  readonly description: readonly string[]
  readonly reference?: string
  readonly dateFormat: StatementDateFormat
  /** A movement is still pending when this column's text matches. */
  readonly pending?: { readonly column: string; readonly test: RegExp }
}
