import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { isLeadingOption } from './leading-payment.ts'
import type { ReadHandle } from './ledger.ts'
import { familyOf, shownId } from './person-family.ts'
import { likeText, matchesSearch } from './person-search.ts'
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

function joined(db: ReadHandle) {
  return db
    .selectFrom('delivery')
    .innerJoin('notice', 'notice.id', 'delivery.noticeId')
    .innerJoin('debtPosition', 'debtPosition.id', 'notice.debtPositionId')
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
  if (f.personId !== null) q = q.where('debtPosition.personId', 'in', familyOf(f.personId))
  if (f.channel.length > 0) q = q.where('delivery.channel', 'in', f.channel)
  if (f.state.length > 0) q = q.where('delivery.state', 'in', f.state)
  if (search.trim() !== '') {
    const whole = likeText(search.trim())
    // People first: the words of a search stand in their table once.
    const found = sql<boolean>`("debtPosition"."personId" in (select "person"."id" from "person" where ${matchesSearch(search, [])})
      or lower("delivery"."addressText") like ${whole} escape '\\' or "iuvAssignment"."noticeNumber" like ${whole} escape '\\')`
    const digits = search.replace(/\s+/g, '')
    // Every instalment of the paper has a number of its own.
    q = /^\d{6,18}$/.test(digits)
      ? q.where(sql<boolean>`(${found} or "notice"."debtPositionId" in (
          select "debtPositionId" from "iuvAssignment" where "noticeNumber" like ${`%${digits}%`}))`)
      : q.where(found)
  }
  return q
}

/** Whether the delivery alone says if it is asked for: each has a person and a number, so their tables need no look. */
function isOfDelivery({ filters, search }: DeliveryQuery): boolean {
  return filters.debtPositionId === null && filters.personId === null && search.trim() === ''
}

/** For queries that name no other table. */
function bare(db: ReadHandle): ReturnType<typeof joined> {
  return db.selectFrom('delivery') as unknown as ReturnType<typeof joined>
}

export async function countDeliveries(db: ReadHandle, query: DeliveryQuery): Promise<number> {
  const row = await filtered(isOfDelivery(query) ? bare(db) : joined(db), query)
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Deliveries, the latest first unless sorted. */
export async function listDeliveries(
  db: ReadHandle,
  query: DeliveryQuery,
  page: { readonly offset: number; readonly limit: number },
): Promise<DeliveryRow[]> {
  const column = query.sort === null ? undefined : SORTS[query.sort.column]
  const sorted = (from: ReturnType<typeof joined>) => {
    const q = column === undefined ? from : from.orderBy(sql.ref(column), query.sort?.direction ?? 'asc')
    return q.orderBy('delivery.id', 'desc')
  }
  if (!isOfDelivery(query) || column?.startsWith('delivery.') === false) {
    return rowsOf(
      sorted(filtered(joined(db), query))
        .offset(page.offset)
        .limit(page.limit),
    )
  }
  // Only the rows of the page are joined, not the tens of thousands among which they are chosen.
  const chosen = await sorted(filtered(bare(db), query))
    .offset(page.offset)
    .limit(page.limit)
    .select('delivery.id')
    .execute()
  const ids = chosen.map(({ id }) => id)
  if (ids.length === 0) return []
  return rowsOf(sorted(joined(db).where('delivery.id', 'in', ids)))
}

async function rowsOf(q: ReturnType<typeof joined>): Promise<DeliveryRow[]> {
  const rows = await q
    .select([
      'delivery.id',
      'delivery.campaignId',
      'debtPosition.id as debtPositionId',
      shownId('person').as('personId'),
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
