import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { NodeEnvironment } from '#domain/node-ports'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { readNodeSettings } from './node-connection.ts'
import type { PublicationMessageTable } from './schema/cart.ts'
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
        join
          .onRef('m.debtPositionId', '=', 'd.id')
          .onRef('m.version', '=', 'd.currentVersion')
          .on('m.environment', '=', environment),
      )
      .where('d.id', 'in', [...part])
      .where('m.at', 'is', null)
      .select(['d.id', 'd.currentVersion'])
      .execute()
    await insertMany(
      db,
      'publicationMessage',
      rows.map(({ id, currentVersion: version }) => ({
        ...{ environment, debtPositionId: id, version, campaignId: null, why: null, at },
      })),
    )
  }
}

export interface WaitingMessage {
  /** In which the node took it. */
  readonly environment: NodeEnvironment
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
    .select([
      'm.environment',
      'm.debtPositionId',
      'm.version',
      'd.currentVersion',
      'd.lifecycle',
      'd.payment',
      'd.nodeState',
    ])
    .orderBy('m.debtPositionId')
    .execute()
}

/** What came of them: the campaign that tells of them, or why none does, by the campaign that left without them if one did. */
export async function settleMessages(
  db: WriteHandle,
  messages: readonly Pick<WaitingMessage, 'environment' | 'debtPositionId' | 'version'>[],
  outcome: Partial<Pick<PublicationMessageTable, 'campaignId' | 'why'>>,
): Promise<void> {
  for (const same of Map.groupBy(messages, (one) => `${one.environment}|${one.version}`).values()) {
    const [{ environment, version }] = same as [(typeof same)[number]]
    for (const part of chunks(same)) {
      await db
        .updateTable('publicationMessage')
        .set(outcome)
        .where('environment', '=', environment)
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

/** Positions without which campaigns left that nobody asked for by hand, by why. */
export async function leftOutOf(
  db: ReadHandle,
  campaignIds: readonly Id<'campaign'>[],
): Promise<Map<Id<'campaign'>, { readonly reason: string; readonly count: number }[]>> {
  const found = new Map<Id<'campaign'>, { readonly reason: string; readonly count: number }[]>()
  for (const part of chunks(campaignIds)) {
    const rows = await db
      .selectFrom('publicationMessage')
      .where('campaignId', 'in', [...part])
      .where('why', 'is not', null)
      .groupBy(['campaignId', 'why'])
      .select((of) => ['campaignId', 'why', of.fn.countAll<number>().as('count')])
      .orderBy('why')
      .execute()
    for (const { campaignId, why, count } of rows) {
      if (campaignId === null || why === null) continue
      found.set(campaignId, [...(found.get(campaignId) ?? []), { reason: why, count: Number(count) }])
    }
  }
  return found
}
