import type { IsoDate } from './date.ts'
import type { Cents } from './money.ts'
import type { Problem } from './problem.ts'
import type { TakenBack } from './taken-back.ts'

/** What some layouts write apart from the description; null where they do not. */
export interface MovementDetails {
  /** Who paid, or was paid. */
  readonly counterparty: string | null
  /** As the payer gave it; null where there is none («NOTPROVIDED»). */
  readonly endToEndId: string | null
  /** CBI or bank code of the operation: 48, 79, NTRF… */
  readonly transactionCode: string | null
  /** On a debit that is a storno: what the bank says that it takes back. */
  readonly takesBack: TakenBack | null
}

/** One movement as the bank wrote it. */
export interface StatementMovement extends MovementDetails {
  readonly bookingDate: IsoDate
  readonly valueDate: IsoDate | null
  /** Signed: credits positive, debits negative. */
  readonly amountCents: Cents
  /** Description columns joined, as written but for runs of line ends; the causale of pagoPA is looked for in it. */
  readonly description: string
  /** The bank's own reference (TRN, CRO, number of provvisorio…), null when the layout has none. */
  readonly reference: string | null
  /** Number that the treasurer gave to the credit (*provvisorio*), digits only; null where the layout has none. */
  readonly provvisorio: string | null
  /** Index into `parts`. */
  readonly part: number
  /** Line of the file where the movement begins, from 1. */
  readonly line: number
}

/** An account as a file names it. */
export interface StatementAccount {
  /** In full where the file has it, or can be made from bank, branch, number and check letters. */
  readonly iban: string | null
  /** As shown to a person: the IBAN, or «ABI 01234 CAB 05678 conto 000000123456». */
  readonly text: string
}

/** A stretch of a file with one account and balances of its own: the whole file, or one day of one account. */
export interface StatementPart {
  /** Null where the file does not say. */
  readonly account: StatementAccount | null
  readonly openingCents: Cents | null
  readonly closingCents: Cents | null
  /** Days of the two balances, where the bank writes them: all between them is covered. */
  readonly from?: IsoDate | null
  readonly to?: IsoDate | null
}

/** What the treasurer's cash journal says of our own reversali; not money (DOMAIN.md §7). */
export interface TreasuryOutcome {
  readonly kind: 'executed' | 'storned' | 'regularised' | 'restored'
  readonly exercise: number
  /** Number of our reversale, null where the row speaks of a provvisorio only. */
  readonly reversale: number | null
  readonly provvisorio: string | null
  readonly cents: Cents
  readonly date: IsoDate
  readonly line: number
}

/** One of the files of a delivery that came in several: all of them or nothing. */
export interface StatementPages {
  /** Equal in all the pages of one delivery. */
  readonly key: string
  readonly page: number
  /** Null where only the last page says how many they are, and this is another. */
  readonly pages: number | null
}

export interface StatementReading {
  /** Name of the layout that was recognised (`intesa-lista-movimenti`…), or `mapping` when a person chose the columns. */
  readonly profile: string
  readonly movements: readonly StatementMovement[]
  /** At least one where something could be read. A table of movements is one part, unless its rows name several accounts. */
  readonly parts: readonly StatementPart[]
  readonly outcomes: readonly TreasuryOutcome[]
  readonly pages: StatementPages | null
  /** An error means that the file must not be booked; movements are then what could be read, for the person to see. */
  readonly problems: readonly Problem[]
}

export const STATEMENT_ENCODINGS = ['utf-8', 'windows-1252'] as const
export type StatementEncoding = (typeof STATEMENT_ENCODINGS)[number]

export const STATEMENT_SEPARATORS = [';', ',', '\t', '|'] as const
export type StatementSeparator = (typeof STATEMENT_SEPARATORS)[number]

/** Order of the parts of a date; separators `/`, `.`, `-`, none (`20260331`) and years of two digits are understood in each. */
export const STATEMENT_DATE_FORMATS = ['dmy', 'ymd', 'mdy', 'd-month-y'] as const
export type StatementDateFormat = (typeof STATEMENT_DATE_FORMATS)[number]

export const STATEMENT_DESCRIPTION_ROWS = ['one', 'until-next-date'] as const
export type StatementDescriptionRows = (typeof STATEMENT_DESCRIPTION_ROWS)[number]

export const STATEMENT_JOINTS = ['blank', 'none'] as const
export type StatementJoint = (typeof STATEMENT_JOINTS)[number]

export const STATEMENT_AMOUNT_UNITS = ['euro', 'cents'] as const
export type StatementAmountUnit = (typeof STATEMENT_AMOUNT_UNITS)[number]

/** Where the amount stands and what gives it a sign. Columns count from 0. */
export type StatementAmountRule =
  /** One column that carries its own sign. */
  | { readonly kind: 'signed'; readonly column: number }
  /** Two columns; whatever sign stands in them, debits become negative and credits positive. */
  | { readonly kind: 'debitCredit'; readonly debitColumn: number; readonly creditColumn: number }
  /** An amount without sign and a column that says which it is. */
  | {
      readonly kind: 'signColumn'
      readonly column: number
      readonly signColumn: number
      /** Texts that mean a debit, compared without case: `-`, `D`, `DARE`, `U`… Any other filled text must be in `credit`. */
      readonly debit: readonly string[]
      readonly credit: readonly string[]
    }
  /** A list of receipts only (provvisori di entrata): every amount is a credit. */
  | { readonly kind: 'creditsOnly'; readonly column: number }

/**
 * How to read a table of movements. Columns and records count from 0. What a person confirms once is remembered per bank
 * account; a field that may be absent is one that mappings remembered earlier do not have.
 */
export interface StatementMapping {
  readonly encoding: StatementEncoding
  readonly separator: StatementSeparator
  /** Record of the headings among the records of the file, from 0; null when the file has none. */
  readonly headerRow: number | null
  readonly bookingDateColumn: number
  readonly valueDateColumn: number | null
  readonly amount: StatementAmountRule
  /** Joined in this order, empty ones left out. */
  readonly descriptionColumns: readonly number[]
  readonly referenceColumn: number | null
  readonly dateFormat: StatementDateFormat
  readonly decimalMark: ',' | '.'
  /** Column of the treasurer's number (*provvisorio*). */
  readonly provvisorioColumn?: number | null
  /** Records at the top of the file that are no movements, beyond those down to the headings. */
  readonly skipTop?: number
  /** Filled records at the end of the file that are no movements: totals, notes. */
  readonly skipBottom?: number
  /** Records left out, with a note, because this column holds one of these texts (compared without case): «prenotata», «NON CONTABILIZZATO». */
  readonly skipWhere?: { readonly column: number; readonly texts: readonly string[] }
  /** `until-next-date`: a record without booking date and amount goes on with the description of the movement above it. */
  readonly descriptionRows?: StatementDescriptionRows
  /** What stands between the pieces of a description; one blank where absent. Nothing where a bank cuts its text anywhere. */
  readonly descriptionJoint?: StatementJoint
  /** Amounts are euro where absent; `cents` are whole numbers of cents. */
  readonly amountUnit?: StatementAmountUnit
}

/** The head of a file as rows of cells, for the page on which a person maps its columns. */
export interface StatementHead {
  readonly encoding: StatementEncoding
  readonly separator: StatementSeparator
  /** Up to the number of records asked for, cells as written; empty for files that are no tables. */
  readonly rows: readonly (readonly string[])[]
  /** Layout recognised by content, null when the file is of no known bank. */
  readonly profile: string | null
  readonly proposal: StatementMapping | null
}
