import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { MOVING_RECEIPTS, type ReceiptKind, stateAfterReceipt } from '#domain/delivery-receipt'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { DeliveryChannel, DeliveryEvidenceKind, DeliveryState, MailReceiptTable } from './schema/delivery.ts'
import type { Schema } from './schema.ts'

/** The delivery of which a Message-ID is an attempt. */
export interface ReferencedDelivery {
  readonly deliveryId: Id<'delivery'>
  readonly channel: DeliveryChannel
  readonly addressText: string
  readonly state: DeliveryState
  /** The mail account it leaves from. */
  readonly accountId: number | null
}

/** Deliveries by the Message-ID of any of their attempts. */
export async function findByMessageIds(
  db: ReadHandle,
  messageIds: readonly string[],
): Promise<ReadonlyMap<string, ReferencedDelivery>> {
  const found = new Map<string, ReferencedDelivery>()
  for (const slice of chunks([...new Set(messageIds)], 500)) {
    const rows = await db
      .selectFrom('deliveryAttempt')
      .innerJoin('delivery', 'delivery.id', 'deliveryAttempt.deliveryId')
      .leftJoin('campaignWay', (join) =>
        join
          .onRef('campaignWay.campaignId', '=', 'delivery.campaignId')
          .onRef('campaignWay.channel', '=', 'delivery.channel'),
      )
      .where('deliveryAttempt.messageId', 'in', slice)
      .select(['deliveryAttempt.messageId', 'delivery.id as deliveryId', 'delivery.channel', 'delivery.addressText'])
      .select(['delivery.state', 'campaignWay.accountId'])
      .execute()
    for (const { messageId, ...row } of rows) found.set(messageId, row)
  }
  return found
}

export interface NewReceipt
  extends Pick<MailReceiptTable, 'accountId' | 'uidValidity' | 'uid' | 'sha256' | 'at' | 'text'> {
  readonly kind: ReceiptKind
  readonly deliveryId: Id<'delivery'>
  readonly referencedMessageId: string
  readonly evidence: {
    readonly kind: DeliveryEvidenceKind
    readonly bytesBase64: string
    readonly text: string
  }
}

/**
 * Keeps a receipt: the row that says it was read, and its bytes, once, as evidence of the delivery. False when the same
 * message (same place in the mailbox, or same bytes) was kept before: then nothing is written.
 */
export async function insertReceipt(db: WriteHandle, receipt: NewReceipt): Promise<boolean> {
  const { evidence, ...row } = receipt
  const before = await db
    .selectFrom('mailReceipt')
    .select('id')
    .where('deliveryId', '=', row.deliveryId)
    .where('sha256', '=', row.sha256)
    .executeTakeFirst()
  if (before !== undefined) return false
  const written = await db
    .insertInto('mailReceipt')
    .values({ ...row, bytesBase64: null })
    .onConflict((conflict) => conflict.columns(['accountId', 'uidValidity', 'uid']).doNothing())
    .executeTakeFirst()
  if (written.numInsertedOrUpdatedRows === 0n) return false
  await db
    .insertInto('deliveryEvidence')
    .values({ deliveryId: row.deliveryId, at: row.at, sha256: row.sha256, path: null, ...evidence })
    .onConflict((conflict) => conflict.columns(['deliveryId', 'kind', 'sha256']).doNothing())
    .execute()
  return true
}

type Joined = ExpressionBuilder<
  { delivery: Schema['delivery']; mailReceipt: Schema['mailReceipt'] },
  'delivery' | 'mailReceipt'
>

function mayMove(eb: Joined): Expression<SqlBool> {
  const states = Object.entries(MOVING_RECEIPTS) as [keyof typeof MOVING_RECEIPTS, readonly ReceiptKind[]][]
  return eb.or(
    states.map(([state, kinds]) =>
      eb.and([eb('delivery.state', '=', state), eb('mailReceipt.kind', 'in', [...kinds])]),
    ),
  )
}

/** Whether some delivery has a receipt that has not moved it yet: it came while the delivery was still leaving. */
export async function hasUnsettled(db: ReadHandle): Promise<boolean> {
  return (await unsettled(db)).length > 0
}

async function unsettled(db: ReadHandle, ids: readonly Id<'delivery'>[] | null = null) {
  let query = db
    .selectFrom('delivery')
    .innerJoin('mailReceipt', 'mailReceipt.deliveryId', 'delivery.id')
    .where(mayMove)
    .select(['delivery.id', 'delivery.state', 'delivery.messageId', 'mailReceipt.kind', 'mailReceipt.text'])
    .select('mailReceipt.referencedMessageId')
    .orderBy('mailReceipt.id')
  if (ids !== null) query = query.where('delivery.id', 'in', ids)
  return (await query.execute()).filter((row) => moved(row) !== null)
}

function moved(row: {
  state: DeliveryState
  kind: string
  messageId: string | null
  referencedMessageId: string | null
}): DeliveryState | null {
  return stateAfterReceipt(row.state, row.kind as ReceiptKind, row.referencedMessageId === row.messageId)
}

/** Moves deliveries (all where `ids` is null, else at most some hundreds) to where their receipts say that they stand; answers how many steps. */
export async function settleDeliveries(
  db: WriteHandle,
  at: Instant,
  ids: readonly Id<'delivery'>[] | null = null,
): Promise<number> {
  let count = 0
  // Each round makes one step (uncertain → accepted → delivered): no delivery has more than three before it.
  for (let round = 0; round < 4; round += 1) {
    const rows = await unsettled(db, ids)
    if (rows.length === 0) break
    const done = new Set<number>()
    for (const row of rows) {
      const state = moved(row)
      if (state === null || done.has(row.id)) continue
      done.add(row.id)
      const reason = state === 'failed' ? row.text : null
      await db
        .updateTable('delivery')
        .set({ state, reason, updatedAt: at, nextAt: null })
        .where('id', '=', row.id)
        .where('state', '=', row.state)
        .execute()
      count += 1
    }
  }
  return count
}

/** When the account's first message left; null when none did. Older mail cannot speak of ours. */
export async function firstAttemptAt(db: ReadHandle, accountId: Id<'mailAccount'>): Promise<Instant | null> {
  const row = await db
    .selectFrom('deliveryAttempt')
    .innerJoin('delivery', 'delivery.id', 'deliveryAttempt.deliveryId')
    .innerJoin('campaignWay', (join) =>
      join
        .onRef('campaignWay.campaignId', '=', 'delivery.campaignId')
        .onRef('campaignWay.channel', '=', 'delivery.channel'),
    )
    .where('campaignWay.accountId', '=', accountId)
    .where('delivery.channel', 'in', ['email', 'pec'])
    .select((eb) => eb.fn.min('deliveryAttempt.startedAt').as('at'))
    .executeTakeFirst()
  return row?.at ?? null
}

/** Accounts whose mailbox may still get news: something left since `pecSince` by PEC or since `emailSince` by e-mail. */
export async function accountsAwaiting(
  db: ReadHandle,
  since: { readonly pec: Instant; readonly email: Instant },
): Promise<ReadonlySet<number>> {
  const rows = await db
    .selectFrom('delivery')
    .innerJoin('campaignWay', (join) =>
      join
        .onRef('campaignWay.campaignId', '=', 'delivery.campaignId')
        .onRef('campaignWay.channel', '=', 'delivery.channel'),
    )
    // One that waits to be sent again may hear that it arrived already.
    .where('delivery.messageId', 'is not', null)
    .where('delivery.state', 'in', ['queued', 'deferred', 'sending', 'sent', 'accepted', 'uncertain'])
    .where((eb) =>
      eb.or([
        eb.and([eb('delivery.channel', '=', 'pec'), eb('delivery.updatedAt', '>', since.pec)]),
        eb.and([eb('delivery.channel', '=', 'email'), eb('delivery.updatedAt', '>', since.email)]),
      ]),
    )
    .select('campaignWay.accountId')
    .distinct()
    .execute()
  return new Set(rows.flatMap((row) => (row.accountId === null ? [] : [row.accountId])))
}
