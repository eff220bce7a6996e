import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { NoticeGraphic } from '#domain/notice-graphics'
import type { NoticeWordKey, SecondLanguage } from '#domain/notice-words'
import type { Flag, Sha256Text } from './common.ts'

/** One row, id 1, or none: a ledger that never chose has the defaults of `ledger/notice-style.ts`. */
export interface NoticeStyleTable {
  id: Id<'noticeStyle'>
  postalAccountId: Id<'bankAccount'> | null
  postalHolder: string
  postalAuthorisation: string
  secondLanguage: SecondLanguage | null
  online: 'site' | 'app' | 'both' | null
  fileNamePattern: string
}

/** A piece of the official graphic kit as it was loaded, keyed by `kind`. */
export interface NoticeGraphicTable {
  kind: NoticeGraphic
  fileName: string
  format: 'svg' | 'png'
  /** Bytes of the file. */
  size: number
  bytesBase64: string
  sha256: Sha256Text
}

/** The institution's own word in place of the proposed one, keyed by (`language`, `wordKey`). */
export interface NoticeWordTable {
  language: SecondLanguage
  wordKey: NoticeWordKey
  text: string
}

/** Cover letter. Names are unique among the active ones. */
export interface LetterTable {
  id: Generated<Id<'letter'>>
  name: string
  subject: string
  body: string
  signature: string
  active: Flag
}
