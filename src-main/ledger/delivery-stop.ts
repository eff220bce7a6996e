import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { restingChunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { familyOf, shownId } from './person-family.ts'
import { matchesSearch } from './person-search.ts'
import type { DeliveryChannel } from './schema/delivery.ts'

export interface DeliveryStopRow {
  readonly id: Id<'deliveryStop'>
  readonly personId: Id<'person'>
  readonly personName: string
  readonly channel: DeliveryChannel | null
  readonly reason: string
  readonly from: Instant
  readonly operator: string
}

export interface DeliveryStopQuery {
  readonly filters: { readonly personId: Id<'person'> | null }
  readonly search: string
}

function inForce(db: ReadHandle, { filters, search }: DeliveryStopQuery) {
  let q = db
    .selectFrom('deliveryStop')
    .innerJoin('person', 'person.id', 'deliveryStop.personId')
    .where('deliveryStop.removedAt', 'is', null)
  if (filters.personId !== null) q = q.where('deliveryStop.personId', 'in', familyOf(filters.personId))
  if (search.trim() !== '') q = q.where(matchesSearch(search, ['deliveryStop.reason']))
  return q
}

/** People to whom nothing is sent, by name. */
export async function listDeliveryStops(
  db: ReadHandle,
  query: DeliveryStopQuery,
  page: { readonly offset: number; readonly limit: number },
): Promise<DeliveryStopRow[]> {
  return inForce(db, query)
    .select(['deliveryStop.id', 'person.name as personName', 'deliveryStop.channel'])
    .select(shownId('person').as('personId'))
    .select(['deliveryStop.reason', 'deliveryStop.from', 'deliveryStop.operator'])
    .orderBy('person.searchKey')
    .orderBy('deliveryStop.id')
    .offset(page.offset)
    .limit(page.limit)
    .execute()
}

export async function countDeliveryStops(db: ReadHandle, query: DeliveryStopQuery): Promise<number> {
  const row = await inForce(db, query).select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow()
  return Number(row.count)
}

/** «personId» or «personId|channel» of everybody on the list: see `isStopped`. */
export async function readStops(db: ReadHandle, personIds: readonly Id<'person'>[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for await (const slice of restingChunks(personIds, 500)) {
    const rows = await db
      .selectFrom('deliveryStop')
      .innerJoin('person', 'person.id', 'deliveryStop.personId')
      .where('removedAt', 'is', null)
      .where((eb) => eb.or([eb('person.id', 'in', slice), eb('person.mergedIntoId', 'in', slice)]))
      .select([shownId('person').as('personId'), 'channel'])
      .execute()
    for (const { personId, channel } of rows) found.add(channel === null ? `${personId}` : `${personId}|${channel}`)
  }
  return found
}

export function isStopped(stops: ReadonlySet<string>, personId: Id<'person'>, channel: DeliveryChannel): boolean {
  return stops.has(`${personId}`) || stops.has(`${personId}|${channel}`)
}

/** Null when the person already stands on the list for that channel. */
export async function addDeliveryStop(
  db: WriteHandle,
  values: {
    readonly personId: Id<'person'>
    readonly channel: DeliveryChannel | null
    readonly reason: string
    readonly from: Instant
    readonly operator: string
  },
): Promise<Id<'deliveryStop'> | null> {
  const stops = await readStops(db, [values.personId])
  const key = values.channel === null ? `${values.personId}` : `${values.personId}|${values.channel}`
  if (stops.has(key)) return null
  const row = await db
    .insertInto('deliveryStop')
    .values({ ...values, removedAt: null, removedReason: null, removedBy: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** False when it is not on the list. */
export async function removeDeliveryStop(
  db: WriteHandle,
  id: Id<'deliveryStop'>,
  values: { readonly removedAt: Instant; readonly removedReason: string; readonly removedBy: string },
): Promise<boolean> {
  const result = await db
    .updateTable('deliveryStop')
    .set(values)
    .where('id', '=', id)
    .where('removedAt', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
