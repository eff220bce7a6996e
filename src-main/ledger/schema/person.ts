import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import type { JsonText } from './common.ts'

export type PersonCategory = 'professionista' | 'stp' | 'praticante' | 'altro'

/**
 * Who stands in the register. A merge is a pointer: no row of the books changes. Who is merged carries the data of the
 * survivor, so that every list says the same; what it was stands in `personMerge`.
 */
export interface PersonTable {
  id: Generated<Id<'person'>>
  kind: 'F' | 'G'
  /** Unique where not null and not merged. */
  fiscalCode: FiscalCode | null
  vatNumber: string | null
  name: string
  category: PersonCategory
  mergedIntoId: Id<'person'> | null
  /** `domain/search-key.ts` of name and codes. */
  searchKey: string
  /** When the personal data were erased on request; name and fiscal code stay as long as the books do. */
  erasedAt: Instant | null
}

/** One step of a merge; in force while `separatedAt` is null. */
export interface PersonMergeTable {
  id: Generated<Id<'personMerge'>>
  personId: Id<'person'>
  intoId: Id<'person'>
  at: Instant
  operator: string
  /** The fiscal code of the two that is seen no more; a file that names it means the survivor. */
  formerCode: FiscalCode | null
  beforeJson: JsonText
  separatedAt: Instant | null
  separatedBy: string | null
}

/** A field that changed by hand, with what it was. */
export interface PersonChangeTable {
  id: Generated<Id<'personChange'>>
  personId: Id<'person'>
  field: string
  before: string
  after: string
  at: Instant
  operator: string
}

/** Two people who look alike and are not the same; `firstId` is the lower. Key (firstId, secondId). */
export interface PersonDistinctTable {
  firstId: Id<'person'>
  secondId: Id<'person'>
  at: Instant
  operator: string
}

export type ContactKind = 'email' | 'pec' | 'address' | 'phone' | 'iban'

/** Unique (personId, kind, value, validFrom). `value` of an address is its whole line; the parts stand beside it. */
export interface ContactPointTable {
  id: Generated<Id<'contactPoint'>>
  personId: Id<'person'>
  kind: ContactKind
  value: string
  street: string | null
  civicNumber: string | null
  postalCode: string | null
  city: string | null
  province: string | null
  country: string | null
  validFrom: IsoDate
  validTo: IsoDate | null
  source: string
  failedAt: Instant | null
}

/** Iscrizione all’albo. */
export interface AlboEntryTable {
  id: Generated<Id<'alboEntry'>>
  personId: Id<'person'>
  albo: string
  section: string | null
  number: string
  from: IsoDate
  to: IsoDate | null
  status: string
}
