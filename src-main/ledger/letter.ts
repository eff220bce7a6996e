import type { Id } from '#domain/brand'
import type { ReadHandle, WriteHandle } from './ledger.ts'

/** A cover letter with its fields still to be filled in. */
export interface LetterText {
  readonly name: string
  readonly subject: string
  readonly body: string
  readonly signature: string
}

export interface LetterRow extends LetterText {
  readonly id: Id<'letter'>
}

/** Letters in use, by name. */
export function listLetters(db: ReadHandle): Promise<LetterRow[]> {
  return inUse(db).orderBy('name').orderBy('id').execute()
}

export async function readLetter(db: ReadHandle, id: Id<'letter'>): Promise<LetterRow | null> {
  return (await inUse(db).where('id', '=', id).executeTakeFirst()) ?? null
}

function inUse(db: ReadHandle) {
  return db.selectFrom('letter').select(['id', 'name', 'subject', 'body', 'signature']).where('active', '=', 1)
}

/** Writes a new letter, or a present one again; null where it is no more. Names are the caller's to check. */
export async function saveLetter(
  db: WriteHandle,
  id: Id<'letter'> | null,
  { name, subject, body, signature }: LetterText,
): Promise<Id<'letter'> | null> {
  const values = { name, subject, body, signature }
  if (id === null) {
    const row = await db
      .insertInto('letter')
      .values({ ...values, active: 1 })
      .returning('id')
      .executeTakeFirstOrThrow()
    return row.id
  }
  const { numUpdatedRows } = await db
    .updateTable('letter')
    .set(values)
    .where('id', '=', id)
    .where('active', '=', 1)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 0n ? null : id
}

/** Takes it off the list; its id never comes to mean another text. False where it was no more. */
export async function removeLetter(db: WriteHandle, id: Id<'letter'>): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('letter')
    .set({ active: 0 })
    .where('id', '=', id)
    .where('active', '=', 1)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}
