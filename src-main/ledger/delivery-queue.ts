import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { DeliveryChannel, DeliveryState } from './schema/delivery.ts'

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
      messageId: null,
      reason: null,
      updatedAt: at,
      nextAt: null,
      note: null,
    })),
  )
}

/** «noticeVersionOf position|channel» of every delivery that left, or may have left, or is on its way. */
export async function readTakenDeliveries(
  db: ReadHandle,
  positionIds: readonly Id<'debtPosition'>[],
): Promise<ReadonlySet<string>> {
  const taken = new Set<string>()
  for (const slice of chunks(positionIds, 500)) {
    const rows = await db
      .selectFrom('delivery')
      .innerJoin('notice', 'notice.id', 'delivery.noticeId')
      .innerJoin('debtPosition', 'debtPosition.id', 'notice.debtPositionId')
      .whereRef('notice.version', '=', 'debtPosition.currentVersion')
      .where('notice.debtPositionId', 'in', slice)
      .where('delivery.state', 'not in', ['failed', 'cancelled', 'suppressed'])
      .select(['notice.debtPositionId', 'delivery.channel'])
      .execute()
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
  for (const slice of chunks(personIds, 500)) {
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
  readonly channel: DeliveryChannel
  readonly addressText: string
  readonly debtPositionId: Id<'debtPosition'>
  readonly noticeVersion: number
  readonly state: DeliveryState
}

/** Deliveries that may leave now, in the order in which they were queued. */
export async function listWaiting(
  db: ReadHandle,
  of: { readonly campaignId: Id<'campaign'> } | { readonly ids: readonly Id<'delivery'>[] },
): Promise<QueuedDelivery[]> {
  const base = db
    .selectFrom('delivery')
    .innerJoin('notice', 'notice.id', 'delivery.noticeId')
    .where('delivery.state', 'in', ['queued', 'deferred'])
    .select(['delivery.id', 'delivery.campaignId', 'delivery.channel', 'delivery.addressText', 'delivery.state'])
    .select(['notice.debtPositionId', 'notice.version as noticeVersion'])
    .orderBy('delivery.id')
  const rows = []
  if ('campaignId' in of) rows.push(...(await base.where('delivery.campaignId', '=', of.campaignId).execute()))
  else for (const slice of chunks(of.ids, 500)) rows.push(...(await base.where('delivery.id', 'in', slice).execute()))
  return rows.map((row) => ({ ...row, debtPositionId: row.debtPositionId as Id<'debtPosition'> }))
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
): Promise<{ readonly attemptId: Id<'deliveryAttempt'>; readonly messageId: string; readonly ordinal: number } | null> {
  const claimed = await db
    .updateTable('delivery')
    .set({ state: 'sending', updatedAt: at })
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
    .values({ deliveryId: id, ordinal, startedAt: at, messageId, endedAt: null, outcome: null, reply: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.updateTable('delivery').set({ messageId }).where('id', '=', id).execute()
  return { attemptId: attempt.id, messageId, ordinal }
}

export interface DeliveryEnd {
  readonly id: Id<'delivery'>
  readonly attemptId: Id<'deliveryAttempt'>
  readonly state: DeliveryState
  readonly outcome: string
  readonly reply: string | null
  readonly reason: string | null
  readonly evidence: { readonly kind: 'smtp' | 'file'; readonly sha256: string; readonly text: string } | null
}

export async function endAttempt(db: WriteHandle, end: DeliveryEnd, at: Instant): Promise<void> {
  await db
    .updateTable('deliveryAttempt')
    .set({ endedAt: at, outcome: end.outcome, reply: end.reply })
    .where('id', '=', end.attemptId)
    .execute()
  await db
    .updateTable('delivery')
    .set({ state: end.state, reason: end.reason, updatedAt: at })
    .where('id', '=', end.id)
    .execute()
  if (end.evidence === null) return
  await db
    .insertInto('deliveryEvidence')
    .values({ deliveryId: end.id, at, bytesBase64: null, path: null, ...end.evidence })
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
  for (const slice of chunks(ids, 500)) {
    const result = await db
      .updateTable('delivery')
      .set({ state: to, reason, updatedAt: at })
      .where('id', 'in', slice)
      .where('state', 'in', [...from])
      .executeTakeFirst()
    moved += Number(result.numUpdatedRows)
  }
  return moved
}

/** Deliveries in `sending`, with their open attempt: what a crash left behind, or what is leaving right now. */
export async function listSending(db: ReadHandle): Promise<
  {
    id: Id<'delivery'>
    channel: DeliveryChannel
    attemptId: Id<'deliveryAttempt'> | null
    startedAt: Instant | null
  }[]
> {
  return db
    .selectFrom('delivery')
    .leftJoin('deliveryAttempt', (join) =>
      join.onRef('deliveryAttempt.deliveryId', '=', 'delivery.id').on('deliveryAttempt.endedAt', 'is', null),
    )
    .where('delivery.state', '=', 'sending')
    .select(['delivery.id', 'delivery.channel', 'deliveryAttempt.id as attemptId', 'deliveryAttempt.startedAt'])
    .execute()
}

/** State, payment and version of a position at the moment of sending. */
export async function readSendable(
  db: ReadHandle,
  id: Id<'debtPosition'>,
): Promise<{ lifecycle: string; payment: string; currentVersion: number }> {
  return db
    .selectFrom('debtPosition')
    .select(['lifecycle', 'payment', 'currentVersion'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

/** Failed deliveries as new ones: same notice and channel, next ordinal, at the address given. */
export async function readForRetry(
  db: ReadHandle,
  ids: readonly Id<'delivery'>[],
): Promise<
  {
    id: Id<'delivery'>
    campaignId: Id<'campaign'>
    noticeId: Id<'notice'>
    channel: DeliveryChannel
    addressText: string
    state: DeliveryState
    personId: Id<'person'>
    contactPointId: Id<'contactPoint'> | null
  }[]
> {
  const rows = []
  for (const slice of chunks(ids, 500)) {
    rows.push(
      ...(await db
        .selectFrom('delivery')
        .innerJoin('notice', 'notice.id', 'delivery.noticeId')
        .innerJoin('debtPosition', 'debtPosition.id', 'notice.debtPositionId')
        .where('delivery.id', 'in', slice)
        .select(['delivery.id', 'delivery.campaignId', 'delivery.noticeId', 'delivery.channel'])
        .select(['delivery.addressText', 'delivery.state', 'delivery.contactPointId', 'debtPosition.personId'])
        .execute()),
    )
  }
  return rows
}

/** Adds one delivery after the last of its notice, channel and address; null when one is already under way or done. */
export async function insertNextDelivery(
  db: WriteHandle,
  campaignId: Id<'campaign'>,
  delivery: Omit<NewDelivery, 'ordinal'>,
  at: Instant,
): Promise<Id<'delivery'> | null> {
  const same = await db
    .selectFrom('delivery')
    .where('noticeId', '=', delivery.noticeId)
    .where('channel', '=', delivery.channel)
    .select(['ordinal', 'state', 'addressText', 'campaignId'])
    .execute()
  if (same.some((row) => !['failed', 'cancelled', 'suppressed'].includes(row.state))) return null
  const ordinals = same
    .filter((row) => row.campaignId === campaignId && row.addressText === delivery.addressText)
    .map((row) => row.ordinal)
  const row = await db
    .insertInto('delivery')
    .values({
      ...delivery,
      campaignId,
      ordinal: Math.max(0, ...ordinals) + 1,
      state: 'queued',
      messageId: null,
      reason: null,
      updatedAt: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}
