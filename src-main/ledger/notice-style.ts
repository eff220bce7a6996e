import type { Id } from '#domain/brand'
import { STANDARD_FILE_NAME_PATTERN } from '#domain/notice-file-name'
import type { NoticeGraphic } from '#domain/notice-graphics'
import type { NoticeWordKey, SecondLanguage } from '#domain/notice-words'
import type { ReadHandle, WriteHandle } from './ledger.ts'

/** How this institution's notices look; one for the ledger. */
export interface SavedNoticeStyle {
  /** Account whose number the postal slip carries; null prints no slip. */
  readonly postalAccountId: Id<'bankAccount'> | null
  readonly postalHolder: string
  /** Empty until Poste gives it. */
  readonly postalAuthorisation: string
  readonly secondLanguage: SecondLanguage | null
  readonly online: 'site' | 'app' | 'both' | null
  readonly fileNamePattern: string
}

/** What holds until the institution chooses. */
export const DEFAULT_NOTICE_STYLE: SavedNoticeStyle = {
  postalAccountId: null,
  postalHolder: '',
  postalAuthorisation: '',
  secondLanguage: null,
  online: null,
  fileNamePattern: STANDARD_FILE_NAME_PATTERN,
}

const ONE = 1 as Id<'noticeStyle'>

export async function readNoticeStyle(db: ReadHandle): Promise<SavedNoticeStyle> {
  const row = await db.selectFrom('noticeStyle').selectAll().where('id', '=', ONE).executeTakeFirst()
  if (!row) return DEFAULT_NOTICE_STYLE
  const { id: _, ...style } = row
  return style
}

export async function saveNoticeStyle(db: WriteHandle, style: SavedNoticeStyle): Promise<void> {
  await db
    .insertInto('noticeStyle')
    .values({ id: ONE, ...style })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...style }))
    .execute()
}

export interface SavedGraphic {
  readonly kind: NoticeGraphic
  readonly fileName: string
  readonly format: 'svg' | 'png'
  readonly bytes: Uint8Array
  /** Lower-case hex of the bytes. */
  readonly sha256: string
}

/** What is loaded, without the bytes, in the order of the kit's names. */
export async function listGraphics(db: ReadHandle): Promise<(Omit<SavedGraphic, 'bytes'> & { size: number })[]> {
  return db
    .selectFrom('noticeGraphic')
    .select(['kind', 'fileName', 'format', 'size', 'sha256'])
    .orderBy('kind')
    .execute()
}

export async function readGraphics(db: ReadHandle): Promise<SavedGraphic[]> {
  const rows = await db.selectFrom('noticeGraphic').selectAll().orderBy('kind').execute()
  return rows.map(({ size: _, bytesBase64, ...row }) => ({ ...row, bytes: fromBase64(bytesBase64) }))
}

export async function readOneGraphic(db: ReadHandle, kind: NoticeGraphic): Promise<SavedGraphic | null> {
  const row = await db.selectFrom('noticeGraphic').selectAll().where('kind', '=', kind).executeTakeFirst()
  if (!row) return null
  const { size: _, bytesBase64, ...rest } = row
  return { ...rest, bytes: fromBase64(bytesBase64) }
}

/** Takes the place of the piece of the same kind. */
export async function saveGraphic(db: WriteHandle, graphic: SavedGraphic): Promise<void> {
  const { bytes, kind, ...rest } = graphic
  const values = { ...rest, size: bytes.length, bytesBase64: Buffer.from(bytes).toString('base64') }
  await db
    .insertInto('noticeGraphic')
    .values({ kind, ...values })
    .onConflict((conflict) => conflict.column('kind').doUpdateSet(values))
    .execute()
}

export async function removeGraphic(db: WriteHandle, kind: NoticeGraphic): Promise<void> {
  await db.deleteFrom('noticeGraphic').where('kind', '=', kind).execute()
}

function fromBase64(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}

/** The institution's own words of one language. */
export async function readOwnWords(
  db: ReadHandle,
  language: SecondLanguage,
): Promise<ReadonlyMap<NoticeWordKey, string>> {
  const rows = await db.selectFrom('noticeWord').select(['wordKey', 'text']).where('language', '=', language).execute()
  return new Map(rows.map((row) => [row.wordKey, row.text]))
}

/** These words and no others: what is not named goes back to the proposed one. */
export async function saveOwnWords(
  db: WriteHandle,
  language: SecondLanguage,
  own: ReadonlyMap<NoticeWordKey, string>,
): Promise<void> {
  await db.deleteFrom('noticeWord').where('language', '=', language).execute()
  const rows = [...own].map(([wordKey, text]) => ({ language, wordKey, text }))
  if (rows.length > 0) await db.insertInto('noticeWord').values(rows).execute()
}
