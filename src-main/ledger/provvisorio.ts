import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { ReadHandle, WriteHandle } from './ledger.ts'

export interface ProvvisorioNumber {
  readonly bankAccountId: Id<'bankAccount'>
  readonly exercise: number
  readonly number: number
}

/** The movement that bears that number of the treasurer, if one does. */
export async function movementOfProvvisorio(
  db: ReadHandle,
  { bankAccountId, exercise, number }: ProvvisorioNumber,
): Promise<Id<'bankMovement'> | null> {
  const row = await db
    .selectFrom('provvisorio')
    .select('bankMovementId')
    .where('bankAccountId', '=', bankAccountId)
    .where('exercise', '=', exercise)
    .where('number', '=', number)
    .where('annulledAt', 'is', null)
    .executeTakeFirst()
  return row?.bankMovementId ?? null
}

/** Gives a credit its number: the row with the old one is annulled and stays. Null only annuls. */
export async function setProvvisorio(
  db: WriteHandle,
  bankMovementId: Id<'bankMovement'>,
  given: ProvvisorioNumber | null,
  at: Instant,
): Promise<void> {
  await db
    .updateTable('provvisorio')
    .set({ annulledAt: at })
    .where('bankMovementId', '=', bankMovementId)
    .where('annulledAt', 'is', null)
    .execute()
  if (given === null) return
  await db
    .insertInto('provvisorio')
    .values({ bankMovementId, ...given, annulledAt: null })
    .execute()
}
