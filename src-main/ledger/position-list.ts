import { type RawBuilder, sql } from 'kysely'
import type { Id } from '#domain/brand'
import { type Instant, type IsoDate, isIsoDate, isoDate } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import { type PositionState, positionState } from '#domain/position-state'
import { chunks } from './chunks.ts'
import { isLeadingOption } from './leading-payment.ts'
import type { ReadHandle } from './ledger.ts'
import { matchesSearch } from './person-search.ts'
import type { DeliveryChannel, DeliveryState } from './schema/delivery.ts'
import type { PersonCategory } from './schema/person.ts'
import type { PositionLifecycle, PositionPayment } from './schema/position.ts'

export interface PositionFilters {
  readonly exercise: number | null
  readonly issuanceId: Id<'issuance'> | null
  readonly personId: Id<'person'> | null
  readonly state: readonly PositionState[]
  readonly category: readonly PersonCategory[]
  readonly delivery: 'none' | 'toReview' | 'done' | null
  readonly dueFrom: IsoDate | null
  readonly dueTo: IsoDate | null
  readonly minCents: Cents | null
  readonly maxCents: Cents | null
}

export interface PositionQuery {
  readonly filters: PositionFilters
  readonly search: string
  readonly sort: { readonly column: string; readonly direction: 'asc' | 'desc' } | null
}

export interface PositionRow {
  readonly id: Id<'debtPosition'>
  readonly personId: Id<'person'>
  readonly personName: string
  readonly fiscalCode: string | null
  readonly category: PersonCategory
  readonly accertamenti: string
  readonly causale: string
  /** Of the leading payment: the single one, else the first instalment. */
  readonly noticeNumber: string
  readonly iuv: string
  /** See `DUE_DATE`. */
  readonly dueDate: IsoDate | null
  /** 0 where the position is paid at once. */
  readonly installments: number
  readonly validUntil: IsoDate
  readonly cents: Cents
  readonly state: PositionState
  readonly lifecycle: PositionLifecycle
  readonly payment: PositionPayment
  readonly version: number
  readonly delivery: { readonly channel: DeliveryChannel; readonly state: DeliveryState } | null
  readonly issuanceId: Id<'issuance'>
  readonly issuance: string
  readonly issuedAt: Instant
}

/** What a position asks for: its single payment, or all the instalments of a plan. */
const AMOUNT = sql<Cents>`(case when "paymentOption"."kind" = 'single' then "installment"."cents" else (
  select cast(sum(own."cents") as bigint) from "installment" own where own."paymentOptionId" = "paymentOption"."id") end)`

/**
 * The day by which money is awaited: that of the single payment; once instalments are being paid, or where there are
 * only those, that of the next unpaid one (of the last when none is left). A position where nothing was paid is expired
 * when that day has passed.
 */
const DUE_DATE = sql<IsoDate | null>`(case
  when "paymentOption"."kind" = 'single' and "debtPosition"."payment" <> 'partiallyPaid' then "installment"."dueDate"
  else (select coalesce(min(case when own_state."state" is null or own_state."state" = 'unpaid' then own."dueDate" end), max(own."dueDate"))
    from "paymentOption" own_plan join "installment" own on own."paymentOptionId" = own_plan."id"
    left join "installmentState" own_state on own_state."installmentId" = own."id"
    where own_plan."debtPositionId" = "debtPosition"."id" and own_plan."version" = "debtPosition"."currentVersion"
      and own_plan."kind" = 'plan') end)`

const INSTALLMENTS = sql<number>`(select count(*) from "paymentOption" own_plan
  join "installment" own on own."paymentOptionId" = own_plan."id"
  where own_plan."debtPositionId" = "debtPosition"."id" and own_plan."version" = "debtPosition"."currentVersion"
    and own_plan."kind" = 'plan')`

const SORTS: Readonly<Record<string, RawBuilder<unknown>>> = {
  personName: sql.ref('person.searchKey'),
  fiscalCode: sql.ref('person.fiscalCode'),
  category: sql.ref('person.category'),
  causale: sql.ref('installment.description'),
  noticeNumber: sql.ref('installment.iuv'),
  iuv: sql.ref('installment.iuv'),
  dueDate: DUE_DATE,
  installments: INSTALLMENTS,
  cents: AMOUNT,
  state: sql.ref('debtPosition.payment'),
  issuance: sql.ref('debtPosition.issuanceId'),
}

/** Positions with the leading payment of their current version: one row each. */
function joined(db: ReadHandle) {
  return db
    .selectFrom('debtPosition')
    .innerJoin('person', 'person.id', 'debtPosition.personId')
    .innerJoin('paymentOption', (join) =>
      join
        .onRef('paymentOption.debtPositionId', '=', 'debtPosition.id')
        .onRef('paymentOption.version', '=', 'debtPosition.currentVersion')
        .on(isLeadingOption('paymentOption')),
    )
    .innerJoin('installment', (join) =>
      join.onRef('installment.paymentOptionId', '=', 'paymentOption.id').on('installment.ordinal', '=', 1),
    )
}

/** End of validity of each batch: it stands in the batch's parameters. */
export async function readValidity(db: ReadHandle): Promise<ReadonlyMap<number, IsoDate>> {
  const rows = await db.selectFrom('issuance').select(['id', 'parametersJson', 'at']).execute()
  return new Map(rows.map((row) => [row.id, validityOf(row)] as const))
}

/** End of validity of a batch by its parameters; one without any is valid to the end of its year. */
export function validityOf({ parametersJson, at }: { readonly parametersJson: string; readonly at: Instant }): IsoDate {
  const { validUntil } = JSON.parse(parametersJson) as { readonly validUntil?: unknown }
  return isIsoDate(validUntil) ? validUntil : isoDate(`${at.slice(0, 4)}-12-31`)
}

const deliveries = (states: string) => sql<boolean>`exists (
  select 1 from "notice" n join "delivery" dl on dl."noticeId" = n."id"
  where n."debtPositionId" = "debtPosition"."id" and n."version" = "debtPosition"."currentVersion"
  and dl."state" in (${sql.raw(states)}))`

const DONE = `'sent', 'accepted', 'delivered'`
const WRONG = `'failed', 'uncertain'`
const UNDER_WAY = `'queued', 'sending', 'deferred'`

/** Positions with an IUV of that form, whichever of their payments it stands for. */
const hasIuvLike = (pattern: string) =>
  sql<boolean>`"debtPosition"."id" in (select "debtPositionId" from "iuvAssignment" where "iuv" like ${pattern})`

async function filtered(db: ReadHandle, { filters: f, search }: PositionQuery, today: IsoDate) {
  let q = joined(db)
  if (f.exercise !== null) {
    q = q.where(sql<boolean>`exists (
      select 1 from "installment" own
      join "transfer" t on t."installmentId" = own."id"
      join "allocation" al on al."transferId" = t."id"
      join "accertamento" a on a."id" = al."accertamentoId"
      join "accertamentoBalance" b on b."accertamentoId" = a."id"
      where own."paymentOptionId" = "paymentOption"."id" and (a."exercise" = ${f.exercise}
        or (a."exercise" < ${f.exercise} and b."state" in ('outstanding', 'partlyCollected'))))`)
  }
  if (f.issuanceId !== null) q = q.where('debtPosition.issuanceId', '=', f.issuanceId)
  if (f.personId !== null) q = q.where('debtPosition.personId', '=', f.personId)
  if (f.category.length > 0) q = q.where('person.category', 'in', f.category)
  if (f.dueFrom !== null) q = q.where(DUE_DATE, '>=', f.dueFrom)
  if (f.dueTo !== null) q = q.where(DUE_DATE, '<=', f.dueTo)
  if (f.minCents !== null) q = q.where(AMOUNT, '>=', f.minCents)
  if (f.maxCents !== null) q = q.where(AMOUNT, '<=', f.maxCents)
  if (f.state.length > 0) {
    const over = [...(await readValidity(db))].filter(([, until]) => until < today).map(([id]) => id)
    const lapsed = over.length === 0 ? sql`1 = 0` : sql`"debtPosition"."issuanceId" in (${sql.join(over)})`
    const expired = sql`(${DUE_DATE} < ${today} or (${DUE_DATE} is null and ${lapsed}))`
    const unpaid = sql`"debtPosition"."lifecycle" = 'issued' and "debtPosition"."payment" = 'unpaid'`
    const states = f.state.map((state) => {
      switch (state) {
        case 'cancelled':
          return sql<boolean>`("debtPosition"."lifecycle" = 'cancelled' and "debtPosition"."payment" = 'unpaid')`
        case 'issued':
          return sql<boolean>`(${unpaid} and not ${expired})`
        case 'expired':
          return sql<boolean>`(${unpaid} and ${expired})`
        default:
          return sql<boolean>`"debtPosition"."payment" = ${state}`
      }
    })
    q = q.where(sql<boolean>`(${sql.join(states, sql` or `)})`)
  }
  if (f.delivery === 'done') q = q.where(deliveries(DONE))
  if (f.delivery === 'toReview') q = q.where(sql<boolean>`(${deliveries(WRONG)} and not ${deliveries(DONE)})`)
  if (f.delivery === 'none') q = q.where(sql<boolean>`not ${deliveries(`${DONE}, ${WRONG}, ${UNDER_WAY}`)}`)
  const text = search.trim()
  if (text !== '') {
    const digits = text.replace(/\s+/g, '')
    q = /^\d{6,18}$/.test(digits)
      ? q.where(hasIuvLike(`%${digits.length === 18 ? digits.slice(1) : digits}%`))
      : q.where(matchesSearch(text, ['installment.description', 'installment.iuv']))
  }
  return { q }
}

export interface PositionSums {
  readonly count: number
  readonly cents: Cents
  readonly byCategory: Record<string, number>
}

/** Count of the whole filter, and what it asks for: a cancelled position asks for nothing, unless only those are shown. */
export async function sumPositions(db: ReadHandle, query: PositionQuery, today: IsoDate): Promise<PositionSums> {
  const { q } = await filtered(db, query, today)
  const onlyCancelled = query.filters.state.length > 0 && query.filters.state.every((s) => s === 'cancelled')
  const asked = onlyCancelled
    ? AMOUNT
    : sql`case when "debtPosition"."lifecycle" = 'cancelled' and "debtPosition"."payment" = 'unpaid' then 0 else ${AMOUNT} end`
  const rows = await q
    .groupBy('person.category')
    .select('person.category')
    .select(sql<number>`count(*)`.as('count'))
    .select(sql<number>`coalesce(sum(${asked}), 0)`.as('cents'))
    .execute()
  return {
    count: rows.reduce((n, row) => n + Number(row.count), 0),
    cents: cents(rows.reduce((n, row) => n + Number(row.cents), 0)),
    byCategory: Object.fromEntries(rows.map((row) => [row.category, Number(row.count)])),
  }
}

/** Ids of the filter in its order: a page, or all when no limit is given. */
export async function listPositionIds(
  db: ReadHandle,
  query: PositionQuery,
  today: IsoDate,
  page?: { readonly offset: number; readonly limit: number },
): Promise<Id<'debtPosition'>[]> {
  let { q } = await filtered(db, query, today)
  const column = SORTS[query.sort?.column ?? 'personName']
  if (column !== undefined) q = q.orderBy(column, query.sort?.direction ?? 'asc')
  q = q.orderBy('debtPosition.id')
  if (page !== undefined) q = q.offset(page.offset).limit(page.limit)
  return (await q.select('debtPosition.id').execute()).map((row) => row.id)
}

/** Rows of these ids, in their order. */
export async function readPositions(
  db: ReadHandle,
  ids: readonly Id<'debtPosition'>[],
  today: IsoDate,
): Promise<PositionRow[]> {
  const validity = await readValidity(db)
  const found = new Map<number, PositionRow>()
  for (const slice of chunks(ids, 500)) {
    const rows = await joined(db)
      .innerJoin('iuvAssignment', 'iuvAssignment.iuv', 'installment.iuv')
      .innerJoin('issuance', 'issuance.id', 'debtPosition.issuanceId')
      .where('debtPosition.id', 'in', slice)
      .select([
        'debtPosition.id',
        'debtPosition.personId',
        'debtPosition.lifecycle',
        'debtPosition.payment',
        'debtPosition.currentVersion as version',
        'person.name as personName',
        'person.fiscalCode',
        'person.category',
        'installment.description as causale',
        'installment.iuv',
        'iuvAssignment.noticeNumber',
        'issuance.id as issuanceId',
        'issuance.description as issuance',
        'issuance.at as issuedAt',
      ])
      .select([AMOUNT.as('cents'), DUE_DATE.as('dueDate'), INSTALLMENTS.as('installments')])
      .execute()
    const accertamenti = await accertamentiOf(db, slice)
    const last = await lastDeliveries(db, slice)
    for (const row of rows) {
      const validUntil = validity.get(row.issuanceId) as IsoDate
      found.set(row.id, {
        ...row,
        noticeNumber: row.noticeNumber ?? '',
        installments: Number(row.installments),
        validUntil,
        accertamenti: accertamenti.get(row.id) ?? '',
        delivery: last.get(row.id) ?? null,
        state: positionState({ ...row, validUntil }, today),
      })
    }
  }
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** «380/2026», or «380/2026 e altri 2»: the oldest debt first, whatever instalments it is spread over. */
async function accertamentiOf(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('debtPosition')
    .innerJoin('paymentOption', (join) =>
      join
        .onRef('paymentOption.debtPositionId', '=', 'debtPosition.id')
        .onRef('paymentOption.version', '=', 'debtPosition.currentVersion')
        .on(isLeadingOption('paymentOption')),
    )
    .innerJoin('installment', 'installment.paymentOptionId', 'paymentOption.id')
    .innerJoin('transfer', 'transfer.installmentId', 'installment.id')
    .innerJoin('allocation', 'allocation.transferId', 'transfer.id')
    .innerJoin('accertamento', 'accertamento.id', 'allocation.accertamentoId')
    .where('debtPosition.id', 'in', ids)
    .select(['debtPosition.id', 'accertamento.number', 'accertamento.exercise'])
    .orderBy('installment.ordinal')
    .orderBy('transfer.idTransfer')
    .orderBy('allocation.ordinal')
    .execute()
  const names = new Map<number, Set<string>>()
  for (const row of rows) {
    const name = `${row.number}/${row.exercise}`
    const known = names.get(row.id)
    if (known === undefined) names.set(row.id, new Set([name]))
    else known.add(name)
  }
  return new Map(
    [...names].map(([id, set]) => {
      const [first = '', ...others] = set
      if (others.length === 0) return [id, first]
      return [id, `${first} e ${others.length === 1 ? 'un altro' : `altri ${others.length}`}`]
    }),
  )
}

async function lastDeliveries(
  db: ReadHandle,
  ids: readonly Id<'debtPosition'>[],
): Promise<Map<number, { channel: DeliveryChannel; state: DeliveryState }>> {
  const rows = await db
    .selectFrom('notice')
    .innerJoin('delivery', 'delivery.noticeId', 'notice.id')
    .innerJoin('debtPosition', 'debtPosition.id', 'notice.debtPositionId')
    .whereRef('notice.version', '=', 'debtPosition.currentVersion')
    .where('notice.debtPositionId', 'in', ids)
    .select(['notice.debtPositionId as id', 'delivery.channel', 'delivery.state'])
    .orderBy('delivery.id')
    .execute()
  return new Map(rows.map(({ id, channel, state }) => [id, { channel, state }]))
}

/** Counts of the system views. */
export async function countPositions(
  db: ReadHandle,
  exercise: number,
  today: IsoDate,
): Promise<Record<string, number>> {
  const none: PositionFilters = {
    exercise,
    issuanceId: null,
    personId: null,
    state: [],
    category: [],
    delivery: null,
    dueFrom: null,
    dueTo: null,
    minCents: null,
    maxCents: null,
  }
  const count = async (filters: Partial<PositionFilters>) =>
    (await sumPositions(db, { filters: { ...none, ...filters }, search: '', sort: null }, today)).count
  return {
    all: await count({}),
    issued: await count({ state: ['issued'] }),
    expired: await count({ state: ['expired'] }),
    partiallyPaid: await count({ state: ['partiallyPaid'] }),
    paid: await count({ state: ['paid'] }),
    collected: await count({ state: ['collected'] }),
    cancelled: await count({ state: ['cancelled'] }),
    toDeliver: await count({ delivery: 'none', state: ['issued', 'expired'] }),
    toReview: await count({ delivery: 'toReview' }),
  }
}

export interface IssuanceRow {
  readonly id: Id<'issuance'>
  readonly description: string
  readonly at: Instant
  readonly operator: string
  readonly positions: { readonly count: number; readonly cents: Cents }
  readonly collected: { readonly count: number; readonly cents: Cents }
  readonly delivered: number
}

/** Batches, newest first, with what became of them. */
export async function listIssuances(
  db: ReadHandle,
  search: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ rows: IssuanceRow[]; count: number; cents: Cents }> {
  const rows = await db
    .selectFrom('issuance')
    .select(['id', 'description', 'at', 'operator'])
    .orderBy('id', 'desc')
    .execute()
  const wanted = rows.filter((row) => row.description.toLowerCase().includes(search.trim().toLowerCase()))
  const sums = await joined(db)
    .where('debtPosition.issuanceId', 'is not', null)
    .groupBy('debtPosition.issuanceId')
    .select('debtPosition.issuanceId as id')
    .select(sql<number>`count(*)`.as('count'))
    .select(sql<number>`sum(${AMOUNT})`.as('cents'))
    .select(sql<number>`sum(case when "debtPosition"."payment" = 'collected' then 1 else 0 end)`.as('collectedCount'))
    .select(
      sql<number>`sum(case when "debtPosition"."payment" = 'collected' then ${AMOUNT} else 0 end)`.as('collectedCents'),
    )
    .execute()
  const delivered = await db
    .selectFrom('delivery')
    .innerJoin('notice', 'notice.id', 'delivery.noticeId')
    .innerJoin('debtPosition', 'debtPosition.id', 'notice.debtPositionId')
    .where('delivery.state', 'in', ['sent', 'accepted', 'delivered'])
    .groupBy('debtPosition.issuanceId')
    .select('debtPosition.issuanceId as id')
    .select(sql<number>`count(distinct "debtPosition"."id")`.as('count'))
    .execute()
  const sumOf = new Map(sums.map((row) => [row.id, row]))
  const deliveredOf = new Map(delivered.map((row) => [row.id, Number(row.count)]))
  const all = wanted.map((row): IssuanceRow => {
    const s = sumOf.get(row.id)
    return {
      ...row,
      positions: { count: Number(s?.count ?? 0), cents: cents(Number(s?.cents ?? 0)) },
      collected: { count: Number(s?.collectedCount ?? 0), cents: cents(Number(s?.collectedCents ?? 0)) },
      delivered: deliveredOf.get(row.id) ?? 0,
    }
  })
  return {
    rows: all.slice(page.offset, page.offset + page.limit),
    count: all.length,
    cents: cents(all.reduce((n, row) => n + row.positions.cents, 0)),
  }
}
