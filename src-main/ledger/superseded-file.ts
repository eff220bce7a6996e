import type { Id } from '#domain/brand'
import type { ReadHandle } from './ledger.ts'

/**
 * SHA-256 of the file that an earlier version of the same position left by the same channel, in the place that `text` names
 * (as its evidence says it): the newer notice takes its place. Null where there is none.
 */
export async function supersededFile(db: ReadHandle, id: Id<'delivery'>, text: string): Promise<string | null> {
  const row = await db
    .selectFrom('delivery as now')
    .innerJoin('notice as current', 'current.id', 'now.noticeId')
    .innerJoin('notice as former', (join) =>
      join
        .onRef('former.debtPositionId', '=', 'current.debtPositionId')
        .onRef('former.version', '<', 'current.version'),
    )
    .innerJoin('delivery as before', (join) =>
      join.onRef('before.noticeId', '=', 'former.id').onRef('before.channel', '=', 'now.channel'),
    )
    .innerJoin('deliveryEvidence', 'deliveryEvidence.deliveryId', 'before.id')
    .where('now.id', '=', id)
    .where('deliveryEvidence.kind', '=', 'file')
    .where('deliveryEvidence.text', '=', text)
    .select('deliveryEvidence.sha256')
    .orderBy('deliveryEvidence.id', 'desc')
    .executeTakeFirst()
  return row?.sha256 ?? null
}
