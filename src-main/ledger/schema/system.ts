import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { Flag, JsonText, Sha256Text } from './common.ts'

/** Registro attività: append only, hash-chained (`journal.ts`). */
export interface JournalEntryTable {
  seq: number
  at: Instant
  operator: string
  command: string
  payloadJson: JsonText
  previousHash: Sha256Text
  hash: Sha256Text
}

/** One row, id 1: rises with each committed write. */
export interface RevisionTable {
  id: number
  counter: number
}

export interface NoteTable {
  id: Generated<Id<'note'>>
  subjectKind: string
  subjectId: number
  text: string
  assignee: string | null
  at: Instant
  operator: string
}

export interface OperatorTable {
  id: Generated<Id<'operator'>>
  name: string
  active: Flag
}

/** Key `key`. */
export interface SettingTable {
  key: string
  valueJson: JsonText
}

export interface SavedViewTable {
  id: Generated<Id<'savedView'>>
  page: string
  name: string
  queryJson: JsonText
}

/** Remembered column mapping of a kind of file («bankStatement», «register»). Unique (kind, name). */
export interface ProfileTable {
  id: Generated<Id<'profile'>>
  kind: string
  name: string
  mappingJson: JsonText
}
