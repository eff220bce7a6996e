import type { StatementAmountUnit, StatementDateFormat, StatementDescriptionRows } from '#domain/bank-statement'

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
  /** Column of the treasurer's number. */
  readonly provvisorio?: string
  /** Columns that say whose account each row is: an IBAN, or bank, branch and number, or just names to be shown. */
  readonly account?: {
    readonly iban?: string
    readonly coordinates?: readonly [string, string, string]
    readonly text?: readonly string[]
  }
  /** Columns of what stands apart from the description; those that the file has not are not asked for. */
  readonly details?: {
    /** Joined in this order. */
    readonly counterparty?: readonly string[]
    readonly endToEndId?: string
    readonly transactionCode?: string
  }
  /** A description goes on in the records below that have neither date nor amount. */
  readonly descriptionRows?: StatementDescriptionRows
  readonly amountUnit?: StatementAmountUnit
  readonly dateFormat: StatementDateFormat
  /** Where the headings are everybody's, some description must read like this bank's. */
  readonly content?: RegExp
  /** A movement is still pending when this column's text matches. */
  readonly pending?: { readonly column: string; readonly test: RegExp }
}
