import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { insertMany, reserveIds } from './bulk.ts'
import { restingChunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { shownId } from './person-family.ts'
import type { DeliveryChannel, DeliveryEvidenceKind, DeliveryState } from './schema/delivery.ts'

export interface NewDelivery {
  readonly noticeId: Id<'notice'>
  readonly channel: DeliveryChannel
  readonly contactPointId: Id<'contactPoint'> | null
  readonly addressText: string
  readonly ordinal: number
}

export async function insertDeliveries(
  db: WriteHandle,
  campaignId: Id<'campaign'>,
  deliveries: readonly NewDelivery[],
  at: Instant,
): Promise<void> {
  await insertMany(
    db,
    'delivery',
    deliveries.map((delivery) => ({
      ...delivery,
      campaignId,
      state: 'queued' as const,
      ...{ messageId: null, reason: null, updatedAt: at, nextAt: null, note: null },
    })),
  )
}

/** «position|channel» of every delivery of a notice that left, or may have left, or is on its way. */
export async function readTakenDeliveries(
  db: ReadHandle,
  positionIds: readonly Id<'debtPosition'>[],
  purpose: 'notice' | 'reminder' = 'notice',
): Promise<ReadonlySet<string>> {
  const taken = new Set<string>()
  for await (const slice of restingChunks(positionIds, 500)) {
    let q = db
      .selectFrom('delivery')
      .innerJoin('notice', 'notice.id', 'delivery.noticeId')
      .innerJoin('debtPosition', 'debtPosition.id', 'notice.debtPositionId')
      .innerJoin('campaign', 'campaign.id', 'delivery.campaignId')
      .whereRef('notice.version', '=', 'debtPosition.currentVersion')
      .where('notice.debtPositionId', 'in', slice)
    // A reminder goes again to who was reached before; only what has not left yet is enough.
    q =
      purpose === 'notice'
        ? q
            .where('delivery.state', 'not in', ['failed', 'cancelled', 'suppressed'])
            .where('campaign.purpose', '=', 'notice')
        : q
            .where('delivery.state', 'in', ['queued', 'sending', 'deferred', 'uncertain'])
            .where('campaign.purpose', '=', 'reminder')
    const rows = await q.select(['notice.debtPositionId', 'delivery.channel']).execute()
    for (const row of rows) taken.add(`${row.debtPositionId}|${row.channel}`)
  }
  return taken
}

/** Contacts in force of one kind, the latest of each person. */
export async function readContacts(
  db: ReadHandle,
  kind: 'email' | 'pec',
  personIds: readonly Id<'person'>[],
): Promise<Map<number, { readonly id: Id<'contactPoint'>; readonly value: string }>> {
  const found = new Map<number, { id: Id<'contactPoint'>; value: string }>()
  for await (const slice of restingChunks(personIds, 500)) {
    const rows = await db
      .selectFrom('contactPoint')
      .where('kind', '=', kind)
      .where('validTo', 'is', null)
      .where('personId', 'in', slice)
      .select(['id', 'value', 'personId'])
      .orderBy('id')
      .execute()
    for (const { personId, ...row } of rows) found.set(personId, row)
  }
  return found
}

export interface QueuedDelivery {
  readonly id: Id<'delivery'>
  readonly campaignId: Id<'campaign'>
  readonly noticeId: Id<'notice'>
  readonly channel: DeliveryChannel
  readonly addressText: string
  readonly debtPositionId: Id<'debtPosition'>
  readonly personId: Id<'person'>
  readonly noticeVersion: number
  readonly state: DeliveryState
}

function queued(db: ReadHandle) {
  return db
    .selectFrom('delivery')
    .innerJoin('notice', 'notice.id', 'delivery.noticeId')
    .innerJoin('debtPosition', 'debtPosition.id', 'notice.debtPositionId')
    .innerJoin('person', 'person.id', 'debtPosition.personId')
    .where('delivery.state', 'in', ['queued', 'deferred'])
}

/** Ways of campaigns that are neither paused nor annulled nor stopped. */
function openWays(db: ReadHandle) {
  return db
    .selectFrom('campaignWay')
    .innerJoin('campaign', 'campaign.id', 'campaignWay.campaignId')
    .where('campaign.pausedAt', 'is', null)
    .where('campaign.cancelledAt', 'is', null)
    .where('campaignWay.stoppedReason', 'is', null)
    .where('campaignWay.closedAt', 'is', null)
}

export interface OpenWay {
  readonly campaignId: Id<'campaign'>
  readonly channel: DeliveryChannel
  readonly lane: string
  readonly startAt: Instant | null
}

/** Ways with something still to do, the oldest campaign first. */
export async function listOpenWays(db: ReadHandle, lane: string | null): Promise<OpenWay[]> {
  let q = openWays(db)
    .select(['campaignWay.campaignId', 'campaignWay.channel', 'campaignWay.lane', 'campaign.startAt'])
    .orderBy('campaignWay.campaignId')
    .orderBy('campaignWay.channel')
  if (lane !== null) q = q.where('campaignWay.lane', '=', lane)
  return q.execute()
}

/** Deliveries of one way that may leave at `now`, in the order in which they were queued. */
export async function listDue(
  db: ReadHandle,
  way: Pick<OpenWay, 'campaignId' | 'channel'>,
  now: Instant,
  limit: number,
): Promise<QueuedDelivery[]> {
  return queued(db)
    .where('delivery.campaignId', '=', way.campaignId)
    .where('delivery.channel', '=', way.channel)
    .where((eb) => eb.or([eb('delivery.nextAt', 'is', null), eb('delivery.nextAt', '<=', now)]))
    .select(['delivery.id', 'delivery.campaignId', 'delivery.noticeId', 'delivery.channel', 'delivery.addressText'])
    .select(['delivery.state', 'notice.debtPositionId', 'notice.version as noticeVersion'])
    .select(shownId('person').as('personId'))
    .orderBy('delivery.id')
    .limit(limit)
    .execute()
}

/** How many of a way still wait, how many are under way, and when the next deferred one may leave. */
export async function readWaiting(
  db: ReadHandle,
  way: Pick<OpenWay, 'campaignId' | 'channel'>,
): Promise<{ readonly waiting: number; readonly nextAt: Instant | null }> {
  const row = await db
    .selectFrom('delivery')
    .where('campaignId', '=', way.campaignId)
    .where('channel', '=', way.channel)
    .where('state', 'in', ['queued', 'deferred', 'sending'])
    .select([sql<number>`count(*)`.as('waiting'), sql<Instant | null>`min("nextAt")`.as('nextAt')])
    .executeTakeFirstOrThrow()
  return { waiting: Number(row.waiting), nextAt: row.nextAt }
}

/** When the last attempts on a lane began, oldest first: at most `limit`, none before `since`. */
export async function readLaneTimes(db: ReadHandle, lane: string, since: Instant, limit: number): Promise<Instant[]> {
  const rows = await db
    .selectFrom('deliveryAttempt')
    .where('lane', '=', lane)
    .where('startedAt', '>=', since)
    .select('startedAt')
    .orderBy('startedAt', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => row.startedAt).reverse()
}

/** State of the campaign, the way, the position and the stop list at the moment of sending. Null when it no longer waits. */
export async function readSendable(
  db: ReadHandle,
  id: Id<'delivery'>,
): Promise<{
  readonly mayLeave: boolean
  readonly purpose: 'notice' | 'reminder'
  readonly lifecycle: string
  readonly payment: string
  readonly isCurrent: boolean
  readonly stop: string | null
} | null> {
  const row = await queued(db)
    .innerJoin('campaign', 'campaign.id', 'delivery.campaignId')
    .innerJoin('campaignWay', (join) =>
      join
        .onRef('campaignWay.campaignId', '=', 'delivery.campaignId')
        .onRef('campaignWay.channel', '=', 'delivery.channel'),
    )
    .where('delivery.id', '=', id)
    .select(['campaign.pausedAt', 'campaign.cancelledAt', 'campaign.purpose', 'campaignWay.stoppedReason'])
    .select(['debtPosition.lifecycle', 'debtPosition.payment', 'debtPosition.currentVersion', 'notice.version'])
    .select((eb) =>
      eb
        .selectFrom('deliveryStop')
        .where(
          sql<boolean>`"deliveryStop"."personId" in (select f."id" from "person" f
            where f."id" = ${shownId('person')} or f."mergedIntoId" = ${shownId('person')})`,
        )
        .where('deliveryStop.removedAt', 'is', null)
        .where((on) =>
          on.or([
            on('deliveryStop.channel', 'is', null),
            on('deliveryStop.channel', '=', on.ref('delivery.channel') as never),
          ]),
        )
        .select('deliveryStop.reason')
        .limit(1)
        .as('stop'),
    )
    .executeTakeFirst()
  if (row === undefined) return null
  const { pausedAt, cancelledAt, stoppedReason, currentVersion, version, ...rest } = row
  return {
    ...rest,
    mayLeave: pausedAt === null && cancelledAt === null && stoppedReason === null,
    isCurrent: currentVersion === version,
  }
}

export interface Attempt {
  readonly attemptId: Id<'deliveryAttempt'>
  readonly messageId: string
  readonly ordinal: number
}

/**
 * Takes a delivery in hand: the attempt is written before anything leaves. Null when it is no longer waiting (someone
 * else sends it, it was taken back): then it must not be sent.
 */
export async function claimDelivery(
  db: WriteHandle,
  id: Id<'delivery'>,
  messageIdOf: (ordinal: number) => string,
  at: Instant,
  lane: string | null = null,
): Promise<Attempt | null> {
  const claimed = await db
    .updateTable('delivery')
    .set({ state: 'sending', updatedAt: at, nextAt: null })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'deferred'])
    .executeTakeFirst()
  if (claimed.numUpdatedRows === 0n) return null
  const last = await db
    .selectFrom('deliveryAttempt')
    .select((eb) => eb.fn.max('ordinal').as('ordinal'))
    .where('deliveryId', '=', id)
    .executeTakeFirst()
  const ordinal = (last?.ordinal ?? 0) + 1
  const messageId = messageIdOf(ordinal)
  const attempt = await db
    .insertInto('deliveryAttempt')
    .values({ deliveryId: id, ordinal, startedAt: at, messageId, endedAt: null, outcome: null, reply: null, lane })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.updateTable('delivery').set({ messageId }).where('id', '=', id).execute()
  return { attemptId: attempt.id, messageId, ordinal }
}

export interface NewEvidence {
  readonly kind: DeliveryEvidenceKind
  readonly sha256: string
  readonly text: string
  readonly bytesBase64?: string
}

export interface DeliveryEnd {
  readonly id: Id<'delivery'>
  readonly attemptId: Id<'deliveryAttempt'>
  readonly state: DeliveryState
  readonly outcome: string
  readonly reply: string | null
  readonly reason: string | null
  readonly evidence: NewEvidence | null
  readonly nextAt?: Instant | null
}

/**
 * Writes how an attempt ended. An attempt that another workstation gave up for lost meanwhile keeps that end; the
 * delivery, uncertain until now, gets the true one.
 */
export async function endAttempt(db: WriteHandle, end: DeliveryEnd, at: Instant): Promise<void> {
  await db
    .updateTable('deliveryAttempt')
    .set({ endedAt: at, outcome: end.outcome, reply: end.reply })
    .where('id', '=', end.attemptId)
    .where('endedAt', 'is', null)
    .execute()
  await db
    .updateTable('delivery')
    .set({ state: end.state, reason: end.reason, updatedAt: at, nextAt: end.nextAt ?? null })
    .where('id', '=', end.id)
    .where('state', 'in', ['sending', 'uncertain'])
    .execute()
  if (end.evidence !== null) await addEvidence(db, end.id, end.evidence, at)
}

/** One that was put off while its campaign was being annulled would wait for ever: it is annulled too. */
export async function cancelPutOff(db: WriteHandle, id: Id<'delivery'>, reason: string, at: Instant): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ state: 'cancelled', reason, updatedAt: at, nextAt: null })
    .where('id', '=', id)
    .where('state', '=', 'deferred')
    .where('campaignId', 'in', db.selectFrom('campaign').where('cancelledAt', 'is not', null).select('id'))
    .execute()
}

export async function addEvidence(
  db: WriteHandle,
  deliveryId: Id<'delivery'>,
  { kind, sha256, text, bytesBase64 }: NewEvidence,
  at: Instant,
): Promise<void> {
  await db
    .insertInto('deliveryEvidence')
    .values({ deliveryId, at, kind, sha256, text, bytesBase64: bytesBase64 ?? null, path: null })
    .onConflict((conflict) => conflict.columns(['deliveryId', 'kind', 'sha256']).doNothing())
    .execute()
}

/** Moves deliveries that stand in one of `from` to `to`; answers how many moved. */
export async function moveDeliveries(
  db: WriteHandle,
  ids: readonly Id<'delivery'>[],
  from: readonly DeliveryState[],
  to: DeliveryState,
  reason: string | null,
  at: Instant,
): Promise<number> {
  let moved = 0
  for await (const slice of restingChunks(ids, 500)) {
    const result = await db
      .updateTable('delivery')
      .set({ state: to, reason, updatedAt: at, nextAt: null })
      .where('id', 'in', slice)
      .where('state', 'in', [...from])
      .executeTakeFirst()
    moved += Number(result.numUpdatedRows)
  }
  return moved
}

/** Takes back all of a campaign that has not left, letters of a postal batch that is not whole too; answers how many. */
export async function cancelWaiting(
  db: WriteHandle,
  campaignId: Id<'campaign'>,
  reason: string,
  at: Instant,
): Promise<number> {
  const waiting = await db
    .selectFrom('delivery')
    .where('campaignId', '=', campaignId)
    .where((eb) =>
      eb.or([
        eb('state', 'in', ['queued', 'deferred']),
        eb.and([eb('state', '=', 'sent'), eb('channel', '=', 'post')]),
      ]),
    )
    .select('id')
    .execute()
  const ids = waiting.map(({ id }) => id)
  return moveDeliveries(db, ids, ['queued', 'deferred', 'sent'], 'cancelled', reason, at)
}

/** What waits for its next time leaves as soon as it can. */
export async function hastenDeferred(db: WriteHandle, campaignId: Id<'campaign'>): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ nextAt: null })
    .where('campaignId', '=', campaignId)
    .where('state', '=', 'deferred')
    .execute()
}

/** The same for some of them, if they still wait. */
export async function hastenDeliveries(db: WriteHandle, ids: readonly Id<'delivery'>[]): Promise<void> {
  for await (const slice of restingChunks(ids, 500)) {
    await db
      .updateTable('delivery')
      .set({ nextAt: null })
      .where('id', 'in', slice)
      .where('state', '=', 'deferred')
      .execute()
  }
}

export interface SendingRow {
  readonly id: Id<'delivery'>
  readonly channel: DeliveryChannel
  readonly lane: string | null
  readonly attemptId: Id<'deliveryAttempt'> | null
  readonly startedAt: Instant | null
}

/** Deliveries in `sending`, with their open attempt: what a crash left behind, or what is leaving right now. */
export async function listSending(db: ReadHandle): Promise<SendingRow[]> {
  return db
    .selectFrom('delivery')
    .leftJoin('deliveryAttempt', (join) =>
      join.onRef('deliveryAttempt.deliveryId', '=', 'delivery.id').on('deliveryAttempt.endedAt', 'is', null),
    )
    .leftJoin('campaignWay', (join) =>
      join
        .onRef('campaignWay.campaignId', '=', 'delivery.campaignId')
        .onRef('campaignWay.channel', '=', 'delivery.channel'),
    )
    .where('delivery.state', '=', 'sending')
    .select(['delivery.id', 'delivery.channel', 'campaignWay.lane'])
    .select(['deliveryAttempt.id as attemptId', 'deliveryAttempt.startedAt'])
    .execute()
}

/** Deliveries to be sent again: same notice and channel, next ordinal, at the address given. */
export async function readForRetry(
  db: ReadHandle,
  ids: readonly Id<'delivery'>[],
): Promise<
  {
    id: Id<'delivery'>
    campaignId: Id<'campaign'>
    cancelledAt: Instant | null
    noticeId: Id<'notice'>
    channel: DeliveryChannel
    addressText: string
    state: DeliveryState
    personId: Id<'person'>
    contactPointId: Id<'contactPoint'> | null
  }[]
> {
  const rows = []
  for await (const slice of restingChunks(ids, 500)) {
    rows.push(
      ...(await db
        .selectFrom('delivery')
        .innerJoin('notice', 'notice.id', 'delivery.noticeId')
        .innerJoin('debtPosition', 'debtPosition.id', 'notice.debtPositionId')
        .innerJoin('person', 'person.id', 'debtPosition.personId')
        .innerJoin('campaign', 'campaign.id', 'delivery.campaignId')
        .where('delivery.id', 'in', slice)
        .select(['delivery.id', 'delivery.campaignId', 'delivery.noticeId', 'delivery.channel'])
        .select(['delivery.addressText', 'delivery.state', 'delivery.contactPointId'])
        .select(shownId('person').as('personId'))
        .select('campaign.cancelledAt')
        .execute()),
    )
  }
  return rows
}

export interface NextDelivery {
  /** The one that is sent again. */
  readonly after: Id<'delivery'>
  readonly campaignId: Id<'campaign'>
  readonly delivery: Omit<NewDelivery, 'ordinal'>
}

/** `later`: it was sent again already, as by a second click; `underWay`: another one waits, leaves or, unless `again`, arrived. */
export type NextResult = Id<'delivery'> | 'later' | 'underWay'

/** Adds deliveries after the last of their notice, channel and campaign; answers the new ids, or why not, in the order asked. */
export async function insertNextDeliveries(
  db: WriteHandle,
  next: readonly NextDelivery[],
  at: Instant,
  again: string | null = null,
): Promise<NextResult[]> {
  const results: NextResult[] = []
  for await (const slice of restingChunks(next, 500)) {
    const present = await db
      .selectFrom('delivery')
      .innerJoin('campaign', 'campaign.id', 'delivery.campaignId')
      .where(
        'delivery.noticeId',
        'in',
        slice.map(({ delivery }) => delivery.noticeId),
      )
      .select(['delivery.id', 'delivery.noticeId', 'delivery.channel', 'delivery.ordinal', 'delivery.state'])
      .select(['delivery.campaignId', 'campaign.purpose'])
      .execute()
    const byWay = Map.groupBy(present, ({ noticeId, channel }) => `${noticeId}|${channel}`)
    const ids = await reserveIds(db, 'delivery', slice.length)
    const rows: Parameters<typeof insertMany<'delivery'>>[2][number][] = []
    for (const [i, { after, campaignId, delivery }] of slice.entries()) {
      const { noticeId, channel } = delivery
      const same = byWay.get(`${noticeId}|${channel}`) ?? []
      const own = same.filter((row) => row.campaignId === campaignId)
      const purpose = own[0]?.purpose ?? 'notice'
      const blocks = ({ state, purpose: other }: (typeof same)[number]) =>
        again !== null
          ? ['queued', 'sending', 'deferred', 'uncertain'].includes(state)
          : other === purpose && !['failed', 'cancelled', 'suppressed'].includes(state)
      if (own.some((row) => row.id > after)) results.push('later')
      else if (same.some(blocks)) results.push('underWay')
      else {
        const id = ids[i] as Id<'delivery'>
        const ordinal = Math.max(0, ...own.map((row) => row.ordinal)) + 1
        const waiting = { messageId: null, reason: null, updatedAt: at, nextAt: null, note: again }
        rows.push({ ...delivery, id, campaignId, ordinal, state: 'queued', ...waiting })
        same.push({ id, noticeId, channel, campaignId, ordinal, state: 'queued', purpose })
        results.push(id)
      }
    }
    await insertMany(db, 'delivery', rows)
  }
  return results
}
