import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { Flag, JsonText } from './common.ts'
import type { PersonCategory } from './person.ts'

/** Tariff of a tipo di dovuto in a year. Unique (serviceTypeId, year). */
export interface TariffPlanTable {
  id: Generated<Id<'tariffPlan'>>
  serviceTypeId: Id<'serviceType'>
  year: number
  proRata: Flag
}

/** One row of it (`domain/tariff.ts`); the table is replaced whole. */
export interface TariffTable {
  id: Generated<Id<'tariff'>>
  tariffPlanId: Id<'tariffPlan'>
  ordinal: number
  code: string
  description: string
  category: PersonCategory | null
  albo: string | null
  section: string | null
  status: string | null
  fromYears: number
  toYears: number | null
  effect: 'amount' | 'percent' | 'none'
  /** Only of `amount`. */
  cents: Cents | null
  /** Only of `percent`: hundredths of a percent. */
  basisPoints: number | null
}

/** Generazione di quote; its numbers are consecutive in the exercise. */
export interface QuotaBatchTable {
  id: Generated<Id<'quotaBatch'>>
  serviceTypeId: Id<'serviceType'>
  year: number
  /** The register was looked at as on this day. */
  date: IsoDate
  /** Choices of the person, and the tariff as it was. */
  parametersJson: JsonText
  exercise: number
  firstNumber: number
  lastNumber: number
  state: 'raised' | 'undone'
  at: Instant
  operator: string
}

export interface QuotaDueTable {
  accertamentoId: Id<'accertamento'>
  quotaBatchId: Id<'quotaBatch'>
  tariff: string | null
  why: string
}

/** Tasso degli interessi legali. */
export interface LegalRateTable {
  year: number
  /** Hundredths of a percent. */
  basisPoints: number
}

/** Mora. It stands while its accertamento is not cancelled. */
export interface LateFeeTable {
  id: Generated<Id<'lateFee'>>
  /** The debt that is late. */
  accertamentoId: Id<'accertamento'>
  /** The debt that was raised for it. */
  feeAccertamentoId: Id<'accertamento'>
  step: number
  daysLate: number
  baseCents: Cents
  cents: Cents
  byHand: Flag
  why: string
  /** As of when the delay was counted: when it was raised, or the end of the earlier day that was chosen. */
  at: Instant
  operator: string
}
