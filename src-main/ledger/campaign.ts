import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { insertMany } from './bulk.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { CampaignWayTable, DeliveryChannel } from './schema/delivery.ts'

export interface CampaignRow {
  readonly id: Id<'campaign'>
  /** In words. */
  readonly description: string
  readonly channelsJson: string
  readonly templateJson: string
  readonly at: Instant
  readonly operator: string
  readonly purpose: 'notice' | 'reminder'
  readonly startAt: Instant | null
  readonly pausedAt: Instant | null
  readonly cancelledAt: Instant | null
}

export type CampaignWay = Readonly<CampaignWayTable>
export type NewWay = Pick<CampaignWay, 'channel' | 'place' | 'accountId' | 'folder'>

/** Ways of one account share a lane; a folder and the post have one of their own in each campaign. */
export function laneOf(way: NewWay, campaignId: Id<'campaign'>): string {
  if (way.channel === 'email' || way.channel === 'pec') return `mail:${way.accountId}`
  if (way.channel === 'server') return `server:${way.accountId}`
  return way.channel === 'io' ? 'io' : `${way.channel}:${campaignId}`
}

export async function insertCampaign(
  db: WriteHandle,
  values: Omit<CampaignRow, 'id' | 'channelsJson' | 'pausedAt' | 'cancelledAt'>,
  ways: readonly NewWay[],
): Promise<Id<'campaign'>> {
  const { id } = await db
    .insertInto('campaign')
    .values({ ...values, channelsJson: JSON.stringify(ways), pausedAt: null, cancelledAt: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  await insertMany(
    db,
    'campaignWay',
    ways.map((way) => ({ ...way, campaignId: id, lane: laneOf(way, id), ...RUNNING, closedAt: null })),
  )
  return id
}

export async function readCampaign(db: ReadHandle, id: Id<'campaign'>): Promise<CampaignRow | null> {
  return (await db.selectFrom('campaign').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function readWays(db: ReadHandle, ids: readonly Id<'campaign'>[]): Promise<CampaignWay[]> {
  if (ids.length === 0) return []
  return db.selectFrom('campaignWay').selectAll().where('campaignId', 'in', ids).execute()
}

/** Campaigns on a page, the latest first. */
export async function listCampaigns(
  db: ReadHandle,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly rows: CampaignRow[]; readonly count: number }> {
  const rows = await db
    .selectFrom('campaign')
    .selectAll()
    .orderBy('id', 'desc')
    .offset(page.offset)
    .limit(page.limit)
    .execute()
  const { count } = await db.selectFrom('campaign').select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow()
  return { rows, count: Number(count) }
}

export async function setCampaign(
  db: WriteHandle,
  id: Id<'campaign'>,
  values: { readonly pausedAt?: Instant | null; readonly cancelledAt?: Instant },
): Promise<void> {
  await db.updateTable('campaign').set(values).where('id', '=', id).execute()
}

/** What the campaigns with something still to send say, as they keep it. */
export async function listUnfinishedTemplates(db: ReadHandle): Promise<string[]> {
  const rows = await db
    .selectFrom('campaign')
    .where('cancelledAt', 'is', null)
    .where('id', 'in', db.selectFrom('campaignWay').where('closedAt', 'is', null).select('campaignId'))
    .select('templateJson')
    .execute()
  return rows.map(({ templateJson }) => templateJson)
}

const RUNNING = { stoppedReason: null, retryAt: null, retries: 0 }

/** Stops one way with the sentence, until `retryAt` where it is tried again by itself. */
export async function setStopped(
  db: WriteHandle,
  { campaignId, channel }: Pick<CampaignWay, 'campaignId' | 'channel'>,
  stop: Pick<CampaignWay, 'stoppedReason' | 'retryAt' | 'retries'>,
): Promise<void> {
  await db
    .updateTable('campaignWay')
    .set(stop)
    .where('campaignId', '=', campaignId)
    .where('channel', '=', channel)
    .execute()
}

/**
 * Stops every way with something still to do, until a person resumes its campaign; a pause gives way to it, since the
 * reason must be read before anything leaves. Answers how many.
 */
export async function stopOpenWays(db: WriteHandle, reason: string): Promise<number> {
  const live = db.selectFrom('campaign').where('cancelledAt', 'is', null).select('id')
  const open = db.selectFrom('campaignWay').where('closedAt', 'is', null).select('campaignId')
  await db
    .updateTable('campaign')
    .set({ pausedAt: null })
    .where('cancelledAt', 'is', null)
    .where('id', 'in', open)
    .execute()
  const stopped = await db
    .updateTable('campaignWay')
    .set({ ...RUNNING, stoppedReason: reason })
    .where('closedAt', 'is', null)
    .where('campaignId', 'in', live)
    .executeTakeFirst()
  return Number(stopped.numUpdatedRows)
}

/** Whether some campaign has something still to do. */
export async function hasOpenWays(db: ReadHandle): Promise<boolean> {
  return (await listUnfinishedTemplates(db)).length > 0
}

/** One way, or all with null, is no longer stopped: a person says so, or its server answers. */
export async function setRunning(
  db: WriteHandle,
  id: Id<'campaign'>,
  channel: DeliveryChannel | null = null,
): Promise<void> {
  let q = db.updateTable('campaignWay').set(RUNNING).where('campaignId', '=', id)
  if (channel !== null) q = q.where('channel', '=', channel)
  await q.execute()
}

/** Whether some way is to be tried again by itself at `now`; with null, at whatever time. */
export async function hasRetries(db: ReadHandle, now: Instant | null): Promise<boolean> {
  let q = db.selectFrom('campaignWay').where('retryAt', 'is not', null).select('campaignId').limit(1)
  if (now !== null) q = q.where('retryAt', '<=', now)
  return (await q.executeTakeFirst()) !== undefined
}

/** Opens those ways again; how often they did not answer is not forgotten until they do. */
export async function openRetries(db: WriteHandle, now: Instant | null): Promise<void> {
  let q = db.updateTable('campaignWay').set({ stoppedReason: null, retryAt: null }).where('retryAt', 'is not', null)
  if (now !== null) q = q.where('retryAt', '<=', now)
  await q.execute()
}

/** The way has nothing left to send (an instant), or has again (null). */
export async function setClosed(
  db: WriteHandle,
  id: Id<'campaign'>,
  channel: DeliveryChannel,
  closedAt: Instant | null,
): Promise<void> {
  await db
    .updateTable('campaignWay')
    .set({ closedAt })
    .where('campaignId', '=', id)
    .where('channel', '=', channel)
    .execute()
}
