import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { CollectionReason } from '#domain/taxonomy'
import type { Sha256Text } from './common.ts'

/** Insert only: a file of the taxonomy that was taken up. */
export interface TaxonomyFileTable {
  id: Generated<Id<'taxonomyFile'>>
  fileName: string
  sha256: Sha256Text
  version: number
  codes: number
  at: Instant
  operator: string
}

/** Key code, `9/0401107TS/`. */
export interface TaxonomyCodeTable {
  code: string
  creditorType: string
  creditorTypeName: string
  area: string
  areaName: string
  service: string
  serviceName: string
  reason: CollectionReason
  description: string
  version: number
  validFrom: IsoDate
  validTo: IsoDate
  /** The last file that has it. */
  fileId: Id<'taxonomyFile'>
  /** The first file that no longer has it. */
  goneFileId: Id<'taxonomyFile'> | null
}
