import type { IsoDate } from './date.ts'
import type { FiscalCode } from './fiscal-code.ts'
import type { Iban } from './iban.ts'
import type { Cents } from './money.ts'
import type { Problem } from './problem.ts'

export const PERSON_CATEGORIES = ['professionista', 'stp', 'praticante', 'altro'] as const
export type PersonCategory = (typeof PERSON_CATEGORIES)[number]

/** Postal address as the register carries it; lengths fit the pagoPA subject (pagopa.md §6.2). */
export interface PostalAddress {
  readonly street: string
  readonly civicNumber: string | null
  /** Five digits in Italy; free up to 16 characters abroad. */
  readonly postalCode: string
  readonly city: string
  /** Two letters of an Italian province, or null abroad. */
  readonly province: string | null
  /** ISO 3166-1 alpha-2, `IT` unless the row says otherwise. */
  readonly country: string
}

/** What some registers also say of a person; null where the file does not. */
export interface RegisterExtras {
  readonly phone: string | null
  /** For refunds; check digits and CIN verified. */
  readonly iban: Iban | null
  /** Name of the albo as written, null = that of the category. */
  readonly albo: string | null
  readonly section: string | null
  readonly enrolmentDate: IsoDate | null
}

/** What one good row says of a person, every value already checked. */
export interface RegisterPerson extends RegisterExtras {
  /** Row of the sheet, from 1, as Excel shows it. */
  readonly row: number
  readonly sheet: string
  readonly fiscalCode: FiscalCode
  /** 11 digits, check digit verified. */
  readonly vatNumber: string | null
  /** Surname and name, or company, up to 70 characters. */
  readonly name: string
  readonly category: PersonCategory
  readonly alboNumber: string | null
  readonly address: PostalAddress | null
  readonly email: string | null
  readonly pec: string | null
}

/** One quota of one person: one good row of a register of quotas. */
export interface RegisterRow extends RegisterPerson {
  /** Code or name of the service type («tipo di dovuto») as written; the service looks it up. */
  readonly service: string
  readonly competenceYear: number
  /** Up to 140 characters. */
  readonly causale: string
  /** Always positive. */
  readonly amountCents: Cents
  readonly dueDate: IsoDate | null
  /** Code of the capitolo as written, null = that of the service. */
  readonly capitolo: string | null
  readonly externalReference: string | null
}

/** A row on its way into a file: it has no place yet, and what few registers say may be left out. */
export type RegisterEntry = Omit<RegisterRow, 'row' | 'sheet' | keyof RegisterExtras> & Partial<RegisterExtras>

/** What reading one register says at the end; rows and problems came one by one while reading. */
export interface RegisterSummary {
  readonly profile: string
  readonly sheet: string | null
  /** Row of the headings, from 1. */
  readonly headerRow: number | null
  /** Rows that carry something under the headings. */
  readonly rowCount: number
  readonly goodRowCount: number
  /** Left out because the mapping says so. */
  readonly skippedCount: number
  readonly totalCents: Cents
  readonly errorCount: number
  readonly warningCount: number
}

/** A register read whole: for files small enough to be shown at once. */
export interface RegisterReading extends RegisterSummary {
  readonly rows: readonly RegisterRow[]
  /** Of a file of people alone; a file of quotas has none. */
  readonly people: readonly RegisterPerson[]
  readonly problems: readonly Problem[]
}
