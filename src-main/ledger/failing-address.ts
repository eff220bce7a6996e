import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { restingChunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'
import { matchesSearch } from './person-search.ts'

export interface FailingRow {
  readonly personId: Id<'person'>
  readonly personName: string
  readonly contactPointId: Id<'contactPoint'>
  readonly channel: 'email' | 'pec'
  readonly address: string
  readonly failures: number
  readonly lastAt: Instant
  readonly reason: string
}

export interface FailingQuery {
  readonly search: string
  readonly sort: { readonly column: string; readonly direction: 'asc' | 'desc' } | null
}

const SORTS: Readonly<Record<string, string>> = {
  personName: 'person.searchKey',
  address: 'contactPoint.value',
  channel: 'contactPoint.kind',
  failures: 'failures',
  lastAt: 'lastAt',
}

/** Addresses in force whose last delivery failed: one that worked afterwards is no longer to be put right. */
function failing(db: ReadHandle, search: string) {
  let q = db
    .selectFrom('delivery')
    .innerJoin('contactPoint', 'contactPoint.id', 'delivery.contactPointId')
    .innerJoin('person', 'person.id', 'contactPoint.personId')
    .where('contactPoint.validTo', 'is', null)
    .where('person.mergedIntoId', 'is', null)
    .where('delivery.state', '=', 'failed')
    .where('delivery.channel', 'in', ['email', 'pec'])
    .where(
      sql<boolean>`not exists (select 1 from "delivery" good where good."contactPointId" = "delivery"."contactPointId"
        and good."state" in ('sent', 'accepted', 'delivered') and good."id" > "delivery"."id")`,
    )
    .groupBy(['contactPoint.id', 'contactPoint.value', 'contactPoint.kind', 'person.id', 'person.name'])
    .groupBy('person.searchKey')
  if (search.trim() !== '') q = q.where(matchesSearch(search, ['contactPoint.value']))
  return q
}

/** People one of whose addresses in force fails, or was said to, as a subquery of ids. */
export const FAILING_PEOPLE = sql`(select c."personId" from "delivery" d join "contactPoint" c on c."id" = d."contactPointId"
  where d."state" = 'failed' and d."channel" in ('email', 'pec') and c."validTo" is null
  and not exists (select 1 from "delivery" good where good."contactPointId" = d."contactPointId"
    and good."state" in ('sent', 'accepted', 'delivered') and good."id" > d."id")
  union select c."personId" from "contactPoint" c where c."validTo" is null and c."failedAt" is not null)`

export async function countFailing(db: ReadHandle, { search }: FailingQuery): Promise<number> {
  const row = await db
    .selectFrom(failing(db, search).select('contactPoint.id').as('f'))
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** The latest failure first unless sorted. */
export async function listFailing(
  db: ReadHandle,
  { search, sort }: FailingQuery,
  page: { readonly offset: number; readonly limit: number },
): Promise<FailingRow[]> {
  const column = sort === null ? undefined : SORTS[sort.column]
  const rows = await failing(db, search)
    .select(['person.id as personId', 'person.name as personName', 'contactPoint.id as contactPointId'])
    .select(['contactPoint.value as address', 'contactPoint.kind as channel'])
    .select([sql<number>`count(*)`.as('failures'), sql<Instant>`max("delivery"."updatedAt")`.as('lastAt')])
    .orderBy(sql.ref(column ?? 'lastAt'), column === undefined ? 'desc' : (sort?.direction ?? 'asc'))
    .orderBy('contactPoint.id')
    .offset(page.offset)
    .limit(page.limit)
    .execute()
  const reasons = await readReasons(
    db,
    rows.map(({ contactPointId }) => contactPointId),
  )
  return rows.map((row) => ({
    ...row,
    channel: row.channel as 'email' | 'pec',
    failures: Number(row.failures),
    reason: reasons.get(row.contactPointId) ?? '',
  }))
}

/** Why the last delivery to each of them failed: for the rows of a page, since for all of them it would take long. */
async function readReasons(
  db: ReadHandle,
  ids: readonly Id<'contactPoint'>[],
): Promise<ReadonlyMap<Id<'contactPoint'>, string>> {
  const reasons = new Map<Id<'contactPoint'>, string>()
  for await (const slice of restingChunks(ids, 500)) {
    const rows = await db
      .selectFrom('delivery')
      .where('contactPointId', 'in', slice)
      .where('state', '=', 'failed')
      .select(['contactPointId', 'reason'])
      .orderBy('id')
      .execute()
    for (const { contactPointId, reason } of rows)
      if (contactPointId !== null) reasons.set(contactPointId, reason ?? '')
  }
  return reasons
}
