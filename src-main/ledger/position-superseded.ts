import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { restingChunks } from './chunks.ts'
import { moveDeliveries } from './delivery-queue.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'

/** Deliveries of notices of these positions that have not left: they are taken back with the reason. Answers how many. */
export async function withdrawWaiting(
  db: WriteHandle,
  ids: readonly Id<'debtPosition'>[],
  reason: string,
  at: Instant,
): Promise<number> {
  let moved = 0
  for await (const slice of restingChunks(ids, 500)) {
    const waiting = await db
      .selectFrom('delivery')
      .innerJoin('notice', 'notice.id', 'delivery.noticeId')
      .where('notice.debtPositionId', 'in', slice)
      .where('delivery.state', 'in', ['queued', 'deferred'])
      .select('delivery.id')
      .execute()
    const deliveries = waiting.map((row) => row.id)
    moved += await moveDeliveries(db, deliveries, ['queued', 'deferred'], 'cancelled', reason, at)
  }
  return moved
}

/** What the current versions of these positions leave behind if another takes their place. */
export async function countSuperseded(
  db: ReadHandle,
  ids: readonly Id<'debtPosition'>[],
): Promise<{ readonly notices: number; readonly sent: number; readonly waiting: number }> {
  let [notices, sent, waiting] = [0, 0, 0]
  for await (const slice of restingChunks(ids, 500)) {
    const rows = await db
      .selectFrom('notice')
      .innerJoin('debtPosition', (join) =>
        join
          .onRef('debtPosition.id', '=', 'notice.debtPositionId')
          .onRef('debtPosition.currentVersion', '=', 'notice.version'),
      )
      .leftJoin('delivery', 'delivery.noticeId', 'notice.id')
      .where('notice.debtPositionId', 'in', slice)
      .select(['notice.id', 'delivery.state'])
      .execute()
    notices += new Set(rows.map((row) => row.id)).size
    for (const { state } of rows) {
      if (state === 'queued' || state === 'deferred') waiting += 1
      else if (state === 'sent' || state === 'accepted' || state === 'delivered') sent += 1
    }
  }
  return { notices, sent, waiting }
}
