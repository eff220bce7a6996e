import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { isLeadingOption } from './leading-payment.ts'
import type { ReadHandle } from './ledger.ts'
import { matchesSearch } from './person-search.ts'
import type { DeliveryChannel, DeliveryState } from './schema/delivery.ts'

export interface DeliveryQuery {
  readonly filters: {
    readonly campaignId: Id<'campaign'> | null
    readonly debtPositionId: Id<'debtPosition'> | null
    readonly personId: Id<'person'> | null
    readonly channel: readonly DeliveryChannel[]
    readonly state: readonly DeliveryState[]
  }
  readonly search: string
  readonly sort: { readonly column: string; readonly direction: 'asc' | 'desc' } | null
}

export interface DeliveryRow {
  readonly id: Id<'delivery'>
  readonly campaignId: Id<'campaign'>
  readonly debtPositionId: Id<'debtPosition'>
  readonly personId: Id<'person'>
  readonly personName: string
  readonly noticeNumber: string
  readonly channel: DeliveryChannel
  readonly address: string
  readonly state: DeliveryState
  readonly ordinal: number
  readonly at: Instant
  readonly reason: string | null
  readonly reply: string | null
}

const SORTS: Readonly<Record<string, string>> = {
  personName: 'person.searchKey',
  noticeNumber: 'iuvAssignment.noticeNumber',
  channel: 'delivery.channel',
  address: 'delivery.addressText',
  state: 'delivery.state',
  ordinal: 'delivery.ordinal',
  at: 'delivery.updatedAt',
}

function withPosition(db: ReadHandle) {
  return db
    .selectFrom('delivery')
    .innerJoin('notice', 'notice.id', 'delivery.noticeId')
    .innerJoin('debtPosition', 'debtPosition.id', 'notice.debtPositionId')
}

function joined(db: ReadHandle) {
  return withPosition(db)
    .innerJoin('person', 'person.id', 'debtPosition.personId')
    .innerJoin('paymentOption', (join) =>
      join
        .onRef('paymentOption.debtPositionId', '=', 'notice.debtPositionId')
        .onRef('paymentOption.version', '=', 'notice.version')
        .on(isLeadingOption('paymentOption')),
    )
    .innerJoin('installment', (join) =>
      join.onRef('installment.paymentOptionId', '=', 'paymentOption.id').on('installment.ordinal', '=', 1),
    )
    .innerJoin('iuvAssignment', 'iuvAssignment.iuv', 'installment.iuv')
}

/**
 * The last delivery of each notice on each channel of a campaign: one that was sent again no longer waits for anybody. What went
 * before stands in the notice's history.
 */
const LAST = sql<boolean>`not exists (select 1 from "delivery" later where later."noticeId" = "delivery"."noticeId"
  and later."channel" = "delivery"."channel" and later."campaignId" = "delivery"."campaignId"
  and later."id" > "delivery"."id")`

function filtered(from: ReturnType<typeof joined>, { filters: f, search }: DeliveryQuery) {
  // The history of one notice shows all of it.
  let q = f.debtPositionId === null ? from.where(LAST) : from
  if (f.debtPositionId !== null) q = q.where('notice.debtPositionId', '=', f.debtPositionId)
  if (f.campaignId !== null) q = q.where('delivery.campaignId', '=', f.campaignId)
  if (f.personId !== null) q = q.where('debtPosition.personId', '=', f.personId)
  if (f.channel.length > 0) q = q.where('delivery.channel', 'in', f.channel)
  if (f.state.length > 0) q = q.where('delivery.state', 'in', f.state)
  if (search.trim() !== '') {
    const found = matchesSearch(search, ['delivery.addressText', 'iuvAssignment.noticeNumber'])
    const digits = search.replace(/\s+/g, '')
    // Every instalment of the paper has a number of its own.
    q = /^\d{6,18}$/.test(digits)
      ? q.where(sql<boolean>`(${found} or "notice"."debtPositionId" in (
          select "debtPositionId" from "iuvAssignment" where "noticeNumber" like ${`%${digits}%`}))`)
      : q.where(found)
  }
  return q
}

export async function countDeliveries(db: ReadHandle, query: DeliveryQuery): Promise<number> {
  // Every delivery has a person and a number: only a search looks at them.
  const from = query.search.trim() === '' ? (withPosition(db) as unknown as ReturnType<typeof joined>) : joined(db)
  const row = await filtered(from, query).select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Deliveries, the latest first unless sorted. */
export async function listDeliveries(
  db: ReadHandle,
  query: DeliveryQuery,
  page: { readonly offset: number; readonly limit: number },
): Promise<DeliveryRow[]> {
  let q = filtered(joined(db), query)
  const column = query.sort === null ? undefined : SORTS[query.sort.column]
  if (column !== undefined) q = q.orderBy(sql.ref(column), query.sort?.direction ?? 'asc')
  return rowsOf(q.orderBy('delivery.id', 'desc').offset(page.offset).limit(page.limit))
}

async function rowsOf(q: ReturnType<typeof joined>): Promise<DeliveryRow[]> {
  const rows = await q
    .select([
      'delivery.id',
      'delivery.campaignId',
      'debtPosition.id as debtPositionId',
      'debtPosition.personId',
      'person.name as personName',
      'iuvAssignment.noticeNumber',
      'delivery.channel',
      'delivery.addressText as address',
      'delivery.state',
      'delivery.ordinal',
      'delivery.updatedAt as at',
      'delivery.reason',
    ])
    .select((eb) =>
      eb
        .selectFrom('deliveryAttempt')
        .whereRef('deliveryAttempt.deliveryId', '=', 'delivery.id')
        .select('deliveryAttempt.reply')
        .orderBy('deliveryAttempt.ordinal', 'desc')
        .limit(1)
        .as('reply'),
    )
    .execute()
  return rows.map((row) => ({ ...row, noticeNumber: row.noticeNumber ?? '' }))
}

export async function readDelivery(db: ReadHandle, id: Id<'delivery'>): Promise<DeliveryRow | null> {
  const [row] = await rowsOf(joined(db).where('delivery.id', '=', id))
  return row ?? null
}

/** How many deliveries stand in each state, over the whole ledger. */
export async function countDeliveryStates(db: ReadHandle): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('delivery')
    .where(LAST)
    .groupBy('state')
    .select('state')
    .select(sql<number>`count(*)`.as('count'))
    .execute()
  const counts: Record<string, number> = { all: 0 }
  for (const row of rows) {
    counts[row.state] = Number(row.count)
    counts.all = (counts.all ?? 0) + Number(row.count)
  }
  counts.toReview = (counts.failed ?? 0) + (counts.uncertain ?? 0)
  return counts
}

export interface CampaignCount {
  readonly campaignId: Id<'campaign'>
  readonly channel: DeliveryChannel
  readonly state: DeliveryState
  readonly count: number
}

export async function countByCampaign(db: ReadHandle, ids: readonly Id<'campaign'>[]): Promise<CampaignCount[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('delivery')
    .where('campaignId', 'in', ids)
    .where(LAST)
    .groupBy(['campaignId', 'channel', 'state'])
    .select(['campaignId', 'channel', 'state'])
    .select(sql<number>`count(*)`.as('count'))
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

export interface WrittenFile {
  readonly id: Id<'delivery'>
  readonly name: string
  /** Of the bytes that were written. */
  readonly sha256: string
}

/** Files that a campaign put and that should still be there. */
export async function listWrittenFiles(
  db: ReadHandle,
  campaignId: Id<'campaign'>,
  channel: DeliveryChannel,
): Promise<WrittenFile[]> {
  return db
    .selectFrom('delivery')
    .innerJoin('deliveryEvidence', 'deliveryEvidence.deliveryId', 'delivery.id')
    .where('delivery.campaignId', '=', campaignId)
    .where('delivery.channel', '=', channel)
    .where('delivery.state', '=', 'delivered')
    .where('deliveryEvidence.kind', '=', 'file')
    .select(['delivery.id', 'delivery.addressText as name', 'deliveryEvidence.sha256'])
    .orderBy('delivery.id')
    .execute()
}
