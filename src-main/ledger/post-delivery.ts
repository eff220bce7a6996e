import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { chunks } from './chunks.ts'
import { addEvidence, type NewEvidence } from './delivery-queue.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { shownId } from './person-family.ts'

export interface GatheredDelivery {
  readonly id: Id<'delivery'>
  readonly debtPositionId: Id<'debtPosition'>
  readonly personId: Id<'person'>
  readonly noticeVersion: number
}

/** Letters of a campaign that are ready and in no sealed batch yet, in the order in which they were queued. */
export async function readGathered(db: ReadHandle, campaignId: Id<'campaign'>): Promise<GatheredDelivery[]> {
  return db
    .selectFrom('delivery')
    .innerJoin('notice', 'notice.id', 'delivery.noticeId')
    .innerJoin('debtPosition', 'debtPosition.id', 'notice.debtPositionId')
    .innerJoin('person', 'person.id', 'debtPosition.personId')
    .where('delivery.campaignId', '=', campaignId)
    .where('delivery.channel', '=', 'post')
    .where('delivery.state', '=', 'sent')
    .select(['delivery.id', 'notice.debtPositionId', 'notice.version as noticeVersion'])
    .select(shownId('person').as('personId'))
    .orderBy('delivery.id')
    .execute()
}

/** Handed over with the batch: only what was still ready; answers how many. */
export async function handOver(
  db: WriteHandle,
  letters: readonly { readonly id: Id<'delivery'>; readonly evidence: NewEvidence }[],
  at: Instant,
): Promise<number> {
  const ready = new Set<number>()
  for (const slice of chunks(letters, 500)) {
    const rows = await db
      .updateTable('delivery')
      .set({ state: 'delivered', reason: null, updatedAt: at })
      .where(
        'id',
        'in',
        slice.map((one) => one.id),
      )
      .where('state', '=', 'sent')
      .returning('id')
      .execute()
    for (const { id } of rows) ready.add(id)
  }
  for (const { id, evidence } of letters) if (ready.has(id)) await addEvidence(db, id, evidence, at)
  return ready.size
}
