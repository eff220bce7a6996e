import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'

export type PersonCategory = 'professionista' | 'stp' | 'praticante' | 'altro'

/** Who stands in the register. A merge is a pointer, nothing is rewritten. */
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
}

export type ContactKind = 'email' | 'pec' | 'address' | 'phone'

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
