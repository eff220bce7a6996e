import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { Cents } from '#domain/money'
import type { Flag, JsonText, Sha256Text } from './common.ts'

export type RegisterImportState = 'reading' | 'pending' | 'confirmed' | 'discarded' | 'undone'

export interface RegisterImportTable {
  id: Generated<Id<'registerImport'>>
  fileName: string
  /** Unique among confirmed imports. */
  sha256: Sha256Text
  profile: string
  state: RegisterImportState
  rowCount: number
  goodCount: number
  errorCount: number
  warningCount: number
  alreadyCount: number
  totalCents: Cents
  at: Instant
  operator: string
}

export type ImportRowStatus = 'good' | 'warning' | 'error' | 'already'

/** Changeable while its import is reading or pending. */
export interface ImportRowTable {
  id: Generated<Id<'importRow'>>
  importId: Id<'registerImport'>
  sheet: string
  rowNumber: number
  rawJson: JsonText
  parsedJson: JsonText | null
  /** Unique among rows with `live = 1`. */
  externalReference: string | null
  /** `Problem[]`. */
  problemsJson: JsonText
  status: ImportRowStatus
  cents: Cents | null
  accertamentoId: Id<'accertamento'> | null
  /** The person asked to raise it although it is already imported. */
  ticked: Flag
  /** 1 from the confirmation that raised its accertamento to the undo of the import. */
  live: Flag
}
