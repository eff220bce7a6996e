import type { Instant } from '#domain/date'
import type { ReadHandle, WriteHandle } from './ledger.ts'

/**
 * Makes the lane the holder's until `until`. False while another program that lives holds it: two workstations never
 * send on one account together, so its limits hold for both.
 */
export async function takeLane(
  db: WriteHandle,
  lane: string,
  holder: string,
  now: Instant,
  until: Instant,
): Promise<boolean> {
  const present = await db.selectFrom('outboxLane').selectAll().where('lane', '=', lane).executeTakeFirst()
  if (present === undefined) {
    await db.insertInto('outboxLane').values({ lane, holder, until }).execute()
    return true
  }
  if (present.holder !== holder && present.until > now) return false
  await db.updateTable('outboxLane').set({ holder, until }).where('lane', '=', lane).execute()
  return true
}

/** False when the lane went to another program meanwhile. */
export async function keepLane(db: WriteHandle, lane: string, holder: string, until: Instant): Promise<boolean> {
  const kept = await db
    .updateTable('outboxLane')
    .set({ until })
    .where('lane', '=', lane)
    .where('holder', '=', holder)
    .executeTakeFirst()
  return kept.numUpdatedRows > 0n
}

export async function leaveLane(db: WriteHandle, lane: string, holder: string): Promise<void> {
  await db.deleteFrom('outboxLane').where('lane', '=', lane).where('holder', '=', holder).execute()
}

/** Lanes in the hands of a program that lives. */
export async function readHeldLanes(db: ReadHandle, now: Instant): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('outboxLane').selectAll().where('until', '>', now).execute()
  return new Map(rows.map(({ lane, holder }) => [lane, holder]))
}
