import type { Id } from '#domain/brand'
import type { ReadHandle } from './ledger.ts'
import type { DeliveryChannel } from './schema/delivery.ts'

export interface IndexedFile {
  readonly id: Id<'delivery'>
  readonly debtPositionId: Id<'debtPosition'>
  readonly name: string
  readonly sha256: string
}

/** Files that a campaign put and that are there, in the order of their names. */
export async function listIndexed(
  db: ReadHandle,
  campaignId: Id<'campaign'>,
  channel: DeliveryChannel,
): Promise<IndexedFile[]> {
  const rows = await db
    .selectFrom('delivery')
    .innerJoin('notice', 'notice.id', 'delivery.noticeId')
    .innerJoin('deliveryEvidence', 'deliveryEvidence.deliveryId', 'delivery.id')
    .where('delivery.campaignId', '=', campaignId)
    .where('delivery.channel', '=', channel)
    .where('delivery.state', '=', 'delivered')
    .where('deliveryEvidence.kind', '=', 'file')
    .select(['delivery.id', 'notice.debtPositionId', 'delivery.addressText as name', 'deliveryEvidence.sha256'])
    .orderBy('deliveryEvidence.id')
    .execute()
  // Sent again, one name has two rows: the later is what is there.
  const byName = new Map(rows.map((row) => [row.name, row]))
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Indexes that the campaign wrote there, each as it was written last. */
export async function readIndexFiles(
  db: ReadHandle,
  campaignId: Id<'campaign'>,
  channel: DeliveryChannel,
): Promise<{ readonly name: string; readonly sha256: string }[]> {
  const rows = await db
    .selectFrom('deliveryEvidence')
    .innerJoin('delivery', 'delivery.id', 'deliveryEvidence.deliveryId')
    .where('delivery.campaignId', '=', campaignId)
    .where('delivery.channel', '=', channel)
    .where('deliveryEvidence.kind', '=', 'index')
    .select(['deliveryEvidence.text as name', 'deliveryEvidence.sha256'])
    .orderBy('deliveryEvidence.id')
    .execute()
  return [...new Map(rows.map(({ name, sha256 }) => [name ?? '', { name: name ?? '', sha256 }])).values()]
}
