import { STANDARD_BODY, STANDARD_SUBJECT } from '#domain/mail-template'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { readSetting, writeSetting } from '#ledger/setting'

const SETTING = 'io.publicationText'

/** The message of App IO at publication, with the fields of `domain/letter.ts`. */
export interface PublicationText {
  readonly subject: string
  readonly body: string
}

/** As the institution wrote it, else the standard one of notices. */
export async function readPublicationText(db: ReadHandle): Promise<PublicationText> {
  const kept = await readSetting(db, SETTING)
  return kept === null ? { subject: STANDARD_SUBJECT, body: STANDARD_BODY } : (JSON.parse(kept) as PublicationText)
}

export function savePublicationText(db: WriteHandle, text: PublicationText): Promise<void> {
  return writeSetting(db, SETTING, JSON.stringify(text))
}
