import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { Cents } from '#domain/money'
import type { Flag, Sha256Text } from './common.ts'

/** Where the lists of who has paid go: a profile of file and a way. */
export interface AlboDestinationTable {
  id: Generated<Id<'alboDestination'>>
  name: string
  profile: string
  way: 'download' | 'folder' | 'server'
  /** Token of the folder, only with `folder`. */
  folder: string | null
  /** Readable place, for screens and journal. */
  place: string
  fileAccountId: Id<'fileAccount'> | null
  automatic: Flag
  /** What the first list tells comes after these two (`AlboMark`). */
  fromWriteBackId: number
  fromAnnulmentId: number
  active: Flag
}

/** The file of one list as it was made; its state moves, its bytes never. */
export interface AlboExportFileTable {
  alboExportId: Id<'alboExport'>
  alboDestinationId: Id<'alboDestination'>
  fileName: string
  sha256: Sha256Text
  contentBase64: string
  state: 'waiting' | 'sent' | 'failed' | 'accepted' | 'partlyAccepted' | 'refused'
  attempts: number
  nextAt: Instant | null
  reason: string | null
  sentAt: Instant | null
  answeredAt: Instant | null
  answeredBy: string | null
}

/** One row of a list, with what the Albo said of it. */
export interface AlboExportRowTable {
  alboExportId: Id<'alboExport'>
  ordinal: number
  accertamentoId: Id<'accertamento'>
  what: 'paid' | 'partly' | 'withdrawn'
  cents: Cents
  outcome: 'none' | 'accepted' | 'refused'
  reason: string | null
  /** The later list in which a refused row was told again. */
  againIn: Id<'alboExport'> | null
}
