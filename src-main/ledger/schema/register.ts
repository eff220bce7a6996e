import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { Cents } from '#domain/money'
import type { DifferenceChoice, DifferenceField } from '#domain/person-difference'
import type { Flag, JsonText, Sha256Text } from './common.ts'

export type RegisterImportState = 'reading' | 'pending' | 'confirmed' | 'discarded' | 'undone'

export interface RegisterImportTable {
  id: Generated<Id<'registerImport'>>
  fileName: string
  /** With its purpose unique among confirmed imports. */
  sha256: Sha256Text
  profile: string
  purpose: 'dues' | 'people'
  state: RegisterImportState
  rowCount: number
  goodCount: number
  errorCount: number
  warningCount: number
  alreadyCount: number
  totalCents: Cents
  at: Instant
  operator: string
  confirmedAt: Instant | null
  confirmedBy: string | null
  /** What the confirmation created or changed; 0 before it. */
  createdPeople: number
  createdContacts: number
  createdAlboEntries: number
  updatedPeople: number
  undoneAt: Instant | null
  undoneBy: string | null
  undoReason: string | null
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
  /** The person left it out: it raises nothing and changes nobody. */
  leftOut: Flag
  /** Of the person, as read; null where it could not be. */
  fiscalCode: string | null
}

/** What a file says of a known person that the archive does not. Unique (importId, personId, field). */
export interface ImportDifferenceTable {
  id: Generated<Id<'importDifference'>>
  importId: Id<'registerImport'>
  personId: Id<'person'>
  /** Last row of the file that speaks of the person. */
  rowNumber: number
  field: DifferenceField
  oldValue: string | null
  newValue: string
  choice: DifferenceChoice
}

/** What a confirmed import did to one person. Unique (importId, personId). */
export interface ImportPersonTable {
  id: Generated<Id<'importPerson'>>
  importId: Id<'registerImport'>
  personId: Id<'person'>
  created: Flag
  /** `ImportEffect` of `ledger/import-effect.ts`. */
  effectJson: JsonText
}
