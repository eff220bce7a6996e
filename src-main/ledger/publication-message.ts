import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { NodeEnvironment } from '#domain/node-ports'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { readNodeSettings } from './node-connection.ts'
import type { PositionLifecycle, PositionPayment } from './schema/position.ts'

/**
 * Their versions wait to be told of on App IO, where the institution wants it: in the very write that says that the node took
 * them, so that none is lost. The same version waits once for ever.
 */
export async function waitForMessage(
  db: WriteHandle,
  environment: NodeEnvironment,
  ids: readonly Id<'debtPosition'>[],
  at: Instant,
): Promise<void> {
  if (ids.length === 0 || !(await readNodeSettings(db, environment)).ioOnPublication) return
  for (const part of chunks(ids)) {
    const rows = await db
      .selectFrom('debtPosition as d')
      .leftJoin('publicationMessage as m', (join) =>
        join.onRef('m.debtPositionId', '=', 'd.id').onRef('m.version', '=', 'd.currentVersion'),
      )
      .where('d.id', 'in', [...part])
      .where('m.at', 'is', null)
      .select(['d.id', 'd.currentVersion'])
      .execute()
    await insertMany(
      db,
      'publicationMessage',
      rows.map(({ id, currentVersion: version }) => ({ debtPositionId: id, version, campaignId: null, why: null, at })),
    )
  }
}

export interface WaitingMessage {
  readonly debtPositionId: Id<'debtPosition'>
  readonly version: number
  readonly currentVersion: number
  readonly lifecycle: PositionLifecycle
  readonly payment: PositionPayment
  readonly nodeState: string | null
}

/** Published versions of which nothing was told nor decided yet, with how their positions stand now. */
export async function waitingMessages(db: ReadHandle): Promise<WaitingMessage[]> {
  return db
    .selectFrom('publicationMessage as m')
    .innerJoin('debtPosition as d', 'd.id', 'm.debtPositionId')
    .where('m.campaignId', 'is', null)
    .where('m.why', 'is', null)
    .select(['m.debtPositionId', 'm.version', 'd.currentVersion', 'd.lifecycle', 'd.payment', 'd.nodeState'])
    .orderBy('m.debtPositionId')
    .execute()
}

/** What came of them: the campaign that tells of them, or why none does. */
export async function settleMessages(
  db: WriteHandle,
  messages: readonly Pick<WaitingMessage, 'debtPositionId' | 'version'>[],
  outcome: { readonly campaignId: Id<'campaign'> } | { readonly why: string },
): Promise<void> {
  for (const [version, same] of Map.groupBy(messages, (one) => one.version)) {
    for (const part of chunks(same)) {
      await db
        .updateTable('publicationMessage')
        .set(outcome)
        .where('version', '=', version)
        .where(
          'debtPositionId',
          'in',
          part.map((one) => one.debtPositionId),
        )
        .where('campaignId', 'is', null)
        .where('why', 'is', null)
        .execute()
    }
  }
}
