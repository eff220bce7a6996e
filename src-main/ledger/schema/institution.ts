import type { ColumnType, Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import type { Iban } from '#domain/iban'
import type { Cents } from '#domain/money'
import type { SegregationCode } from '#domain/notice-number'
import type { Flag, JsonText } from './common.ts'

/** One row, id 1: one ledger is one institution, so no other table carries an institution id. */
export interface CreditorInstitutionTable {
  id: Id<'creditorInstitution'>
  fiscalCode: FiscalCode
  name: string
  office: string | null
  cbill: string | null
  logoBase64: string | null
  /** Free text of contacts printed on notices. */
  info: string | null
  environment: 'rehearsal' | 'uat' | 'production'
}

/** Exactly one row has `use = 'issue'`. */
export interface SegregationCodeTable {
  id: Generated<Id<'segregationCode'>>
  code: SegregationCode
  validFrom: IsoDate
  validTo: IsoDate | null
  use: 'issue' | 'readOnly'
}

type BankAccountKind = 'bank' | 'postal' | 'treasury' | 'cash'

/** Conto. `iban` and `kind` are fixed after its first movement. */
export interface BankAccountTable {
  id: Generated<Id<'bankAccount'>>
  iban: Iban | null
  postalAccount: string | null
  kind: BankAccountKind
  name: string
  openingDate: IsoDate | null
  openingCents: Cents
  closedDate: IsoDate | null
}

export type ExerciseState = 'historical' | 'open' | 'closed' | 'approved'

/** Esercizio, keyed by its year. */
export interface ExerciseTable {
  year: number
  state: ExerciseState
}

export interface CapitoloTable {
  id: Generated<Id<'capitolo'>>
  /** Fixed after first use. */
  code: string
  name: string
  kind: 'entrata' | 'partitaDiGiro'
}

/** Name and forecast of a capitolo in one exercise. */
export interface CapitoloExerciseTable {
  capitoloId: Id<'capitolo'>
  year: number
  name: string
  forecastCents: Cents
}

export type ServiceKind = 'quota' | 'oneOff' | 'mora'

/** Tipo di dovuto. */
export interface ServiceTypeTable {
  id: Generated<Id<'serviceType'>>
  name: string
  taxonomyCode: string
  capitoloId: Id<'capitolo'>
  bankAccountId: Id<'bankAccount'> | null
  defaultCausale: string
  /** Amount proposed for a new due of this type. */
  defaultCents: Cents | null
  /** `DueRule` */
  dueRuleJson: JsonText | null
  /** `LateFeeRule` */
  moraRuleJson: JsonText | null
  active: Flag
  /** What it is for: one a year by tariff, una tantum, or what who is late owes. */
  kind: Generated<ServiceKind>
  /** Whether positions may ask for it. */
  pagoPa: Generated<Flag>
  /** Whether what was paid without a position of ours may be raised with it. */
  spontaneous: Generated<Flag>
  /** Null: its own. */
  spontaneousCapitoloId: ColumnType<Id<'capitolo'> | null, Id<'capitolo'> | null | undefined, Id<'capitolo'> | null>
  /** Null: what the payment says. */
  spontaneousCausale: ColumnType<string | null, string | null | undefined, string | null>
  /** From the year of the payment to that of competence: −1, 0 or 1. */
  spontaneousYear: Generated<number>
}
