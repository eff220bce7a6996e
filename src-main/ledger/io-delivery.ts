import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { addEvidence, type NewEvidence } from './delivery-queue.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'

export interface IoDelivery {
  readonly id: Id<'delivery'>
  /** Fiscal code of the person. */
  readonly addressText: string
  readonly state: 'sent' | 'accepted'
  /** What the evidence of the sending says: its last word is the message's id. */
  readonly evidence: string
}

/** Messages of App IO that were sent since then and have no final state, those asked longest ago first. */
export async function listIoUnderWay(db: ReadHandle, since: Instant, limit: number): Promise<IoDelivery[]> {
  const rows = await db
    .selectFrom('delivery')
    .innerJoin('deliveryEvidence', 'deliveryEvidence.deliveryId', 'delivery.id')
    .where('delivery.channel', '=', 'io')
    .where('delivery.state', 'in', ['sent', 'accepted'])
    .where('deliveryEvidence.kind', '=', 'io')
    .where('deliveryEvidence.at', '>=', since)
    .where('deliveryEvidence.text', 'like', 'Messaggio %')
    .select(['delivery.id', 'delivery.addressText', 'delivery.state', 'deliveryEvidence.text as evidence'])
    .orderBy('delivery.updatedAt')
    .orderBy('delivery.id')
    .limit(limit)
    .execute()
  return rows as IoDelivery[]
}

/** The state that App IO tells; one that became final meanwhile stays. Asked and unchanged ones go behind the others. */
export async function moveIoDelivery(
  db: WriteHandle,
  id: Id<'delivery'>,
  to: {
    readonly state: 'sent' | 'accepted' | 'delivered' | 'failed'
    readonly reason: string | null
    readonly evidence: NewEvidence | null
  },
  at: Instant,
): Promise<boolean> {
  const result = await db
    .updateTable('delivery')
    .set({ state: to.state, reason: to.reason, updatedAt: at })
    .where('id', '=', id)
    .where('state', 'in', ['sent', 'accepted'])
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) return false
  if (to.evidence !== null) await addEvidence(db, id, to.evidence, at)
  return true
}
