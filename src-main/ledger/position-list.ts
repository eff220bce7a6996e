import { type RawBuilder, sql } from 'kysely'
import type { Id } from '#domain/brand'
import { addDays, type Instant, type IsoDate, isIsoDate, isoDate } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import { type PositionState, positionState } from '#domain/position-state'
import { hasAddress } from './accertamento-list.ts'
import { chunks } from './chunks.ts'
import { emptyLast } from './empty-last.ts'
import { isLeadingOption } from './leading-payment.ts'
import type { ReadHandle } from './ledger.ts'
import { presentEnvironment } from './node-position.ts'
import { handedRows, isEntrusted } from './partner-held.ts'
import { familyOf, shownId } from './person-family.ts'
import { likeText, matchesSearch } from './person-search.ts'
import type { DeliveryChannel, DeliveryState } from './schema/delivery.ts'
import type { PersonCategory } from './schema/person.ts'
import type { PositionLifecycle, PositionPayment, SyncState } from './schema/position.ts'

export interface PositionFilters {
  readonly exercise: number | null
  readonly origin: 'competenza' | 'residui' | null
  readonly issuanceId: Id<'issuance'> | null
  readonly importId: Id<'registerImport'> | null
  readonly personId: Id<'person'> | null
  readonly state: readonly PositionState[]
  readonly category: readonly PersonCategory[]
  readonly capitoloId: Id<'capitolo'> | null
  readonly serviceTypeId: Id<'serviceType'> | null
  readonly delivery: 'none' | 'underWay' | 'toReview' | 'done' | null
  /** Delivered, or on its way, by one of these. */
  readonly channel: readonly DeliveryChannel[]
  readonly dueFrom: IsoDate | null
  readonly dueTo: IsoDate | null
  readonly minCents: Cents | null
  readonly maxCents: Cents | null
  /** Nothing or not all of it paid, so many days after the issue. */
  readonly unpaidSinceIssue: number | null
  /** The same, after the day by which money was awaited. */
  readonly unpaidSinceDue: number | null
  readonly payment: 'single' | 'plan' | null
  /** More than one version. */
  readonly changed: boolean | null
  /** A payment of it was registered outside pagoPA. */
  readonly paidOutside: boolean | null
  readonly withoutAddress: boolean | null
  readonly node: NodeStanding | null
  /** Handed to the technological partner. */
  readonly partner: boolean | null
}

/**
 * Where a position stands between here and the node. `toPublish`: can be paid, was never sent; `underWay`: something is to be
 * told, or is being told; `published`: the node holds it as it is here; `refused`: the node did not take it; `diverged`: the two
 * sides say different things, a person chooses.
 */
export type NodeStanding = 'toPublish' | 'underWay' | 'published' | 'refused' | 'diverged'

/** Positions without any filter. */
export const ANY_POSITION: PositionFilters = {
  exercise: null,
  origin: null,
  issuanceId: null,
  importId: null,
  personId: null,
  state: [],
  category: [],
  capitoloId: null,
  serviceTypeId: null,
  delivery: null,
  channel: [],
  dueFrom: null,
  dueTo: null,
  minCents: null,
  maxCents: null,
  unpaidSinceIssue: null,
  unpaidSinceDue: null,
  payment: null,
  changed: null,
  paidOutside: null,
  withoutAddress: null,
  node: null,
  partner: null,
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
  /** As the node last said; null while it was never asked, or has none. */
  readonly nodeState: string | null
  readonly syncState: SyncState
  /** Handed to the technological partner. */
  readonly partner: boolean
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

/** The oldest accertamento that it asks for: what «accertamenti» begins with. */
const FIRST_DEBT = sql<number>`(select min(pd."accertamentoId") from "positionDebt" pd
  where pd."debtPositionId" = "debtPosition"."id" and pd."version" = "debtPosition"."currentVersion")`

const LAST_DELIVERY = sql<string | null>`(select dl."state" from "notice" n join "delivery" dl on dl."noticeId" = n."id"
  where n."debtPositionId" = "debtPosition"."id" and n."version" = "debtPosition"."currentVersion"
  order by dl."id" desc limit 1)`

const SORTS: Readonly<Record<string, RawBuilder<unknown>>> = {
  accertamenti: FIRST_DEBT,
  personName: sql.ref('person.searchKey'),
  fiscalCode: sql.ref('person.fiscalCode'),
  category: sql.ref('person.category'),
  causale: sql.ref('installment.description'),
  noticeNumber: sql.ref('installment.iuv'),
  iuv: sql.ref('installment.iuv'),
  dueDate: DUE_DATE,
  installments: INSTALLMENTS,
  delivery: LAST_DELIVERY,
  sync: sql.ref('debtPosition.syncState'),
  nodeState: sql.ref('debtPosition.nodeState'),
  cents: AMOUNT,
  issuance: sql`(select i."description" from "issuance" i where i."id" = "debtPosition"."issuanceId")`,
}

/** Columns that hold empty values. */
const MAY_BE_EMPTY = new Set(['dueDate', 'fiscalCode', 'delivery', 'nodeState'])

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
  return new Map(rows.map((row) => [row.id, validityOf({ ...row, own: null })] as const))
}

interface ValidityFacts {
  /** What the version itself says. */
  readonly own: IsoDate | null
  readonly parametersJson: string
  readonly at: Instant
}

/** End of validity of a version, else of its batch by its parameters; one without any is valid to the end of its year. */
export function validityOf({ own, parametersJson, at }: ValidityFacts): IsoDate {
  if (own !== null) return own
  const { validUntil } = JSON.parse(parametersJson) as { readonly validUntil?: unknown }
  return isIsoDate(validUntil) ? validUntil : isoDate(`${at.slice(0, 4)}-12-31`)
}

/** What the current version says of its own validity. */
const OWN_VALIDITY = sql<IsoDate | null>`(select own_version."validUntil" from "debtPositionVersion" own_version
  where own_version."debtPositionId" = "debtPosition"."id" and own_version."version" = "debtPosition"."currentVersion")`

/** How far the deliveries of the current version have come: 3 done, 2 to review, 1 under way, 0 none. */
const DELIVERED = sql<number>`coalesce((select max(case when dl."state" in ('sent', 'accepted', 'delivered') then 3
    when dl."state" in ('failed', 'uncertain') then 2 when dl."state" in ('queued', 'sending', 'deferred') then 1 else 0 end)
  from "notice" n join "delivery" dl on dl."noticeId" = n."id"
  where n."debtPositionId" = "debtPosition"."id" and n."version" = "debtPosition"."currentVersion"), 0)`

const REACHED = { none: 0, underWay: 1, toReview: 2, done: 3 } as const

/** Positions whose current version asks for an accertamento of which that holds. */
const asksFor = (condition: RawBuilder<unknown>) =>
  sql<boolean>`exists (select 1 from "positionDebt" pd join "accertamento" a on a."id" = pd."accertamentoId"
    where pd."debtPositionId" = "debtPosition"."id" and pd."version" = "debtPosition"."currentVersion" and ${condition})`

function ofExercise(exercise: number, origin: PositionFilters['origin']) {
  const current = sql`pd."debtPositionId" = "debtPosition"."id" and pd."version" = "debtPosition"."currentVersion"`
  const own = sql<boolean>`exists (select 1 from "positionDebt" pd where ${current} and pd."exercise" = ${exercise})`
  const earlier = sql<boolean>`exists (select 1 from "positionDebt" pd
    join "accertamentoBalance" b on b."accertamentoId" = pd."accertamentoId"
    where ${current} and pd."exercise" < ${exercise} and b."state" in ('outstanding', 'partlyCollected'))`
  if (origin === null) return sql<boolean>`(${own} or ${earlier})`
  return origin === 'competenza' ? own : earlier
}

/** 1 where the last day on which it can be paid has passed. */
async function overOn(db: ReadHandle, today: IsoDate): Promise<RawBuilder<number>> {
  const past = [...(await readValidity(db))].filter(([, until]) => until < today).map(([id]) => id)
  const lapsed = past.length === 0 ? sql`1 = 0` : sql`"debtPosition"."issuanceId" in (${sql.join(past)})`
  return sql<number>`(case when ${OWN_VALIDITY} is null then case when ${lapsed} then 1 else 0 end
    when ${OWN_VALIDITY} < ${today} then 1 else 0 end)`
}

/** `NodeStanding` of each row; null where it is not for us to tell the node: drafts, cancelled or paid and never sent, the partner's. */
async function nodeStanding(db: ReadHandle, today: IsoDate): Promise<RawBuilder<NodeStanding | null>> {
  const entrusted = isEntrusted(await presentEnvironment(db))
  return sql<NodeStanding | null>`(case when ${entrusted} then null else case "debtPosition"."syncState" when 'diverged' then 'diverged'
    when 'failed' then 'refused' when 'toSync' then 'underWay' when 'inFlight' then 'underWay'
    when 'synced' then case when "debtPosition"."nodeState" is null or "debtPosition"."nodeState" in ('INVALID', 'UNPAYABLE', 'ABSENT')
      then null else 'published' end
    else case when "debtPosition"."lifecycle" = 'issued' and "debtPosition"."payment" in ('unpaid', 'partiallyPaid')
      and ${await overOn(db, today)} = 0 then 'toPublish' end end end)`
}

/** The state of a position in one word, as `positionState` of the domain says it. */
async function stateOn(db: ReadHandle, today: IsoDate): Promise<RawBuilder<PositionState>> {
  const over = await overOn(db, today)
  return sql<PositionState>`(case when "debtPosition"."payment" <> 'unpaid' then "debtPosition"."payment"
    when "debtPosition"."lifecycle" = 'cancelled' then 'cancelled'
    when "debtPosition"."lifecycle" <> 'issued' then "debtPosition"."lifecycle"
    when ${DUE_DATE} is null then case when ${over} = 1 then 'expired' else 'issued' end
    when ${DUE_DATE} < ${today} then 'expired' else 'issued' end)`
}

/** End of validity as a column: what the version says, else its batch. */
async function validUntil(db: ReadHandle): Promise<RawBuilder<unknown>> {
  const cases = [...(await readValidity(db))].map(([id, until]) => sql`when ${id} then ${until}`)
  if (cases.length === 0) return OWN_VALIDITY
  return sql`coalesce(${OWN_VALIDITY}, case "debtPosition"."issuanceId" ${sql.join(cases, sql` `)} end)`
}

/** Positions with an IUV of that form, whichever of their payments it stands for. */
const hasIuvLike = (pattern: string) =>
  sql<boolean>`"debtPosition"."id" in (select "debtPositionId" from "iuvAssignment" where "iuv" like ${pattern})`

async function filtered(db: ReadHandle, { filters: f, search }: PositionQuery, today: IsoDate) {
  let q = joined(db)
  if (f.exercise !== null) q = q.where(ofExercise(f.exercise, f.origin))
  if (f.issuanceId !== null) q = q.where('debtPosition.issuanceId', '=', f.issuanceId)
  if (f.personId !== null) q = q.where('debtPosition.personId', 'in', familyOf(f.personId))
  if (f.category.length > 0) q = q.where('person.category', 'in', f.category)
  if (f.capitoloId !== null) q = q.where(asksFor(sql`a."capitoloId" = ${f.capitoloId}`))
  if (f.serviceTypeId !== null) q = q.where(asksFor(sql`a."serviceTypeId" = ${f.serviceTypeId}`))
  if (f.importId !== null) {
    q = q.where(asksFor(sql`a."importRowId" in (select "id" from "importRow" where "importId" = ${f.importId})`))
  }
  if (f.dueFrom !== null) q = q.where(DUE_DATE, '>=', f.dueFrom)
  if (f.dueTo !== null) q = q.where(DUE_DATE, '<=', f.dueTo)
  if (f.minCents !== null) q = q.where(AMOUNT, '>=', f.minCents)
  if (f.maxCents !== null) q = q.where(AMOUNT, '<=', f.maxCents)
  if (f.unpaidSinceIssue !== null || f.unpaidSinceDue !== null) {
    q = q
      .where('debtPosition.payment', 'in', ['unpaid', 'partiallyPaid'])
      .where('debtPosition.lifecycle', '=', 'issued')
  }
  if (f.unpaidSinceIssue !== null) {
    const day = addDays(today, -f.unpaidSinceIssue)
    // A day and an instant of that day begin alike.
    q = q.where(sql<boolean>`(select v."createdAt" from "debtPositionVersion" v
      where v."debtPositionId" = "debtPosition"."id" and v."version" = 1) <= ${`${day}~`}`)
  }
  if (f.unpaidSinceDue !== null) q = q.where(DUE_DATE, '<=', addDays(today, -f.unpaidSinceDue))
  if (f.payment !== null) q = q.where(sql<boolean>`${INSTALLMENTS} ${sql.raw(f.payment === 'plan' ? '> 0' : '= 0')}`)
  if (f.changed !== null) q = q.where('debtPosition.currentVersion', f.changed ? '>' : '=', 1)
  if (f.paidOutside !== null) {
    const outside = sql`"debtPosition"."id" in (select po."debtPositionId" from "installmentState" st
      join "installment" si on si."id" = st."installmentId" join "paymentOption" po on po."id" = si."paymentOptionId"
      where st."state" = 'paidOutside')`
    q = q.where(f.paidOutside ? sql<boolean>`${outside}` : sql<boolean>`not (${outside})`)
  }
  if (f.withoutAddress !== null) q = q.where(sql<boolean>`${hasAddress('person')} = ${f.withoutAddress ? 0 : 1}`)
  if (f.state.length > 0) q = q.where(sql<boolean>`${await stateOn(db, today)} in (${sql.join([...f.state])})`)
  if (f.delivery !== null) q = q.where(sql<boolean>`${DELIVERED} = ${REACHED[f.delivery]}`)
  if (f.node !== null) q = q.where(sql<boolean>`${await nodeStanding(db, today)} = ${f.node}`)
  if (f.partner !== null) {
    const entrusted = isEntrusted(await presentEnvironment(db))
    q = q.where(f.partner ? entrusted : sql<boolean>`not (${entrusted})`)
  }
  if (f.channel.length > 0) {
    q = q.where(sql<boolean>`exists (select 1 from "notice" n join "delivery" dl on dl."noticeId" = n."id"
      where n."debtPositionId" = "debtPosition"."id" and n."version" = "debtPosition"."currentVersion"
      and dl."channel" in (${sql.join([...f.channel])}) and dl."state" not in ('cancelled', 'suppressed', 'failed'))`)
  }
  const text = search.trim()
  if (text !== '') {
    const digits = text.replace(/\s+/g, '')
    q = /^\d{6,18}$/.test(digits)
      ? q.where(hasIuvLike(`%${digits.length === 18 ? digits.slice(1) : digits}%`))
      : q.where(
          // People first: the words of a search stand in their table once.
          sql<boolean>`("debtPosition"."personId" in (select "person"."id" from "person" where ${matchesSearch(text, [])})
            or lower("installment"."description") like ${likeText(text)} escape '\\' or "installment"."iuv" like ${likeText(text)} escape '\\')`,
        )
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
  const { column = 'personName', direction = 'asc' } = query.sort ?? {}
  const by =
    column === 'state' ? await stateOn(db, today) : column === 'validUntil' ? await validUntil(db) : SORTS[column]
  if (by !== undefined) q = q.orderBy(by, MAY_BE_EMPTY.has(column) ? emptyLast(direction === 'desc') : direction)
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
  const environment = await presentEnvironment(db)
  const found = new Map<number, PositionRow>()
  for (const slice of chunks(ids, 500)) {
    const rows = await joined(db)
      .innerJoin('iuvAssignment', 'iuvAssignment.iuv', 'installment.iuv')
      .innerJoin('issuance', 'issuance.id', 'debtPosition.issuanceId')
      .where('debtPosition.id', 'in', slice)
      .select([
        'debtPosition.id',
        shownId('person').as('personId'),
        'debtPosition.lifecycle',
        'debtPosition.payment',
        'debtPosition.nodeState',
        'debtPosition.syncState',
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
      .select(OWN_VALIDITY.as('ownValidity'))
      .execute()
    const accertamenti = await accertamentiOf(db, slice)
    const last = await lastDeliveries(db, slice)
    const entrusted = await handedRows(db, environment, slice)
    for (const { ownValidity, ...row } of rows) {
      const validUntil = ownValidity ?? (validity.get(row.issuanceId) as IsoDate)
      found.set(row.id, {
        ...row,
        noticeNumber: row.noticeNumber ?? '',
        installments: Number(row.installments),
        validUntil,
        accertamenti: accertamenti.get(row.id) ?? '',
        delivery: last.get(row.id) ?? null,
        partner: entrusted.has(row.id),
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

/** Counts of the system views, in one reading. */
export async function countPositions(
  db: ReadHandle,
  exercise: number,
  today: IsoDate,
): Promise<Record<string, number>> {
  const { q } = await filtered(db, { filters: { ...ANY_POSITION, exercise }, search: '', sort: null }, today)
  const rows = await q
    .select((await stateOn(db, today)).as('state'))
    .select(DELIVERED.as('delivered'))
    .select((await nodeStanding(db, today)).as('node'))
    .select(sql<number>`count(*)`.as('count'))
    .groupBy([sql`1`, sql`2`, sql`3`])
    .execute()
  const counts = { all: 0, issued: 0, expired: 0, partiallyPaid: 0, paid: 0, collected: 0, cancelled: 0 }
  let [toDeliver, toReview] = [0, 0]
  const node = { toPublish: 0, underWay: 0, published: 0, refused: 0, diverged: 0 }
  for (const row of rows) {
    const [n, delivered] = [Number(row.count), Number(row.delivered)]
    counts.all += n
    counts[row.state] += n
    if (delivered === REACHED.none && (row.state === 'issued' || row.state === 'expired')) toDeliver += n
    if (delivered === REACHED.toReview) toReview += n
    if (row.node !== null) node[row.node] += n
  }
  return { ...counts, ...node, toDeliver, toReview }
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
