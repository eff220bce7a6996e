import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import { chunks } from './chunks.ts'
import { FAILING_PEOPLE } from './failing-address.ts'
import type { ReadHandle } from './ledger.ts'
import { shownId, survivorsAmong } from './person-family.ts'
import { matchesPerson } from './person-search.ts'
import type { PersonCategory } from './schema/person.ts'

export interface PersonQuery {
  readonly filters: {
    readonly category: readonly PersonCategory[]
    readonly without: readonly ('email' | 'pec' | 'address' | 'mail')[]
    readonly owes: boolean | null
    readonly albo: readonly string[]
    readonly alboStatus: readonly string[]
    readonly notes: boolean | null
    readonly failing: boolean | null
    readonly state: 'present' | 'merged' | 'erased'
  }
  readonly search: string
  readonly sort: { readonly column: string; readonly direction: 'asc' | 'desc' } | null
}

export interface PersonRow {
  readonly id: Id<'person'>
  readonly name: string
  readonly kind: 'F' | 'G'
  readonly fiscalCode: string | null
  readonly vatNumber: string | null
  readonly category: PersonCategory
  readonly albo: string | null
  readonly alboNumber: string | null
  readonly alboStatus: string | null
  readonly email: string | null
  readonly pec: string | null
  readonly city: string | null
  readonly phone: string | null
  readonly dueCents: Cents
  readonly collectedCents: Cents
  readonly outstandingCents: Cents
  readonly mergedIntoId: Id<'person'> | null
  readonly erasedAt: Instant | null
}

const contact = (kind: string, column: 'value' | 'city') =>
  sql<
    string | null
  >`(select c.${sql.ref(column)} from "contactPoint" c where c."personId" = "person"."id" and c."kind" = ${kind} and c."validTo" is null order by c."id" desc limit 1)`

/** The albo position in force: the person's own, else one of whoever was merged into it. Two lookups by an index. */
const albo = (column: 'albo' | 'number' | 'status') =>
  sql<string | null>`coalesce(
    (select e.${sql.ref(column)} from "alboEntry" e where e."personId" = "person"."id" and e."to" is null order by e."id" desc limit 1),
    (select e.${sql.ref(column)} from "person" f join "alboEntry" e on e."personId" = f."id" where f."mergedIntoId" = "person"."id" and e."to" is null order by e."id" desc limit 1))`

const SORTS: Readonly<Record<string, ReturnType<typeof sql<unknown>>>> = {
  name: sql`"person"."searchKey"`,
  fiscalCode: sql`"person"."fiscalCode"`,
  vatNumber: sql`"person"."vatNumber"`,
  category: sql`"person"."category"`,
  alboNumber: albo('number'),
  albo: albo('albo'),
  alboStatus: albo('status'),
  email: contact('email', 'value'),
  pec: contact('pec', 'value'),
  phone: contact('phone', 'value'),
  city: contact('address', 'city'),
}

/** Columns that are sums: one pass over the accertamenti beats a sum for each person. */
const SUMS: Readonly<Record<string, (one: Sums) => number>> = {
  dueCents: ({ due }) => due,
  collectedCents: ({ collected }) => collected,
  outstandingCents: ({ due, collected }) => due - collected,
}

interface Sums {
  readonly due: number
  readonly collected: number
}

const NOTHING: Sums = { due: 0, collected: 0 }

/** Who owes: by the accertamenti on the person's own row, and on those of whoever was merged into it. */
const OWING = sql`(select a."personId" from "accertamentoBalance" b join "accertamento" a on a."id" = b."accertamentoId" where b."state" in ('outstanding', 'partlyCollected')
  union select f."mergedIntoId" from "person" f where f."mergedIntoId" is not null and exists (
    select 1 from "accertamento" a join "accertamentoBalance" b on b."accertamentoId" = a."id" where a."personId" = f."id" and b."state" in ('outstanding', 'partlyCollected')))`

function filtered(db: ReadHandle, { filters: f, search }: PersonQuery) {
  let q = db.selectFrom('person')
  q = f.state === 'merged' ? q.where('mergedIntoId', 'is not', null) : q.where('mergedIntoId', 'is', null)
  if (f.state !== 'merged') q = q.where('erasedAt', f.state === 'erased' ? 'is not' : 'is', null)
  if (f.category.length > 0) q = q.where('person.category', 'in', f.category)
  for (const kind of f.without) {
    const kinds = sql.join(kind === 'mail' ? ['email', 'pec'] : [kind])
    q = q.where(
      sql<boolean>`not exists (select 1 from "contactPoint" c where c."personId" = "person"."id" and c."kind" in (${kinds}) and c."validTo" is null)`,
    )
  }
  if (f.owes !== null) q = q.where(sql<boolean>`"person"."id" ${sql.raw(f.owes ? 'in' : 'not in')} ${OWING}`)
  if (f.albo.length > 0) q = q.where(inAlbo('albo', f.albo))
  if (f.alboStatus.length > 0) q = q.where(inAlbo('status', f.alboStatus))
  if (f.notes !== null) {
    q = q.where(
      sql<boolean>`"person"."id" ${sql.raw(f.notes ? 'in' : 'not in')} (select ${shownId('p')} from "note" n join "person" p on p."id" = n."subjectId" where n."subjectKind" = 'person' and n."text" <> '')`,
    )
  }
  if (f.failing !== null) {
    q = q.where(sql<boolean>`"person"."id" ${sql.raw(f.failing ? 'in' : 'not in')} ${FAILING_PEOPLE}`)
  }
  if (search.trim() !== '') q = q.where(matchesPerson(search))
  return q
}

const inAlbo = (column: 'albo' | 'status', values: readonly string[]) =>
  sql<boolean>`"person"."id" in (select ${shownId('p')} from "alboEntry" e join "person" p on p."id" = e."personId" where e."to" is null and e.${sql.ref(column)} in (${sql.join(values)}))`

export async function countPeople(db: ReadHandle, query: PersonQuery): Promise<number> {
  const { count } = await filtered(db, query).select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

/** Few enough for their sums to be looked up one by one; more are summed in one pass over the accertamenti. */
const FEW = 2_000

export async function sumPeople(
  db: ReadHandle,
  query: PersonQuery,
): Promise<{ count: number; dueCents: Cents; outstandingCents: Cents }> {
  const count = await countPeople(db, query)
  const { due, collected } = isWhole(query) ? await sumOfAll(db) : await sumOf(db, query, count)
  return { count, dueCents: cents(due), outstandingCents: cents(due - collected) }
}

/** Everybody who is there: the balances say it without a look at people. */
function isWhole({ filters: f, search }: PersonQuery): boolean {
  const lists = [f.category, f.without, f.albo, f.alboStatus]
  const flags = [f.owes, f.notes, f.failing]
  return (
    f.state === 'present' &&
    search.trim() === '' &&
    lists.every((list) => list.length === 0) &&
    flags.every((flag) => flag === null)
  )
}

async function sumOfAll(db: ReadHandle): Promise<Sums> {
  const all = await db
    .selectFrom('accertamentoBalance')
    .select(sql<number>`coalesce(sum("dueCents"), 0)`.as('due'))
    .select(sql<number>`coalesce(sum("collectedCents"), 0)`.as('collected'))
    .executeTakeFirstOrThrow()
  const erased = await db.selectFrom('person').where('erasedAt', 'is not', null).select('id').execute()
  const gone = await totalOf(
    db,
    erased.map((row) => row.id),
  )
  return { due: Number(all.due) - gone.due, collected: Number(all.collected) - gone.collected }
}

async function sumOf(db: ReadHandle, query: PersonQuery, count: number): Promise<Sums> {
  if (count === 0) return NOTHING
  if (count <= FEW) {
    const rows = await filtered(db, query).select('person.id').execute()
    return totalOf(
      db,
      rows.map((row) => row.id),
    )
  }
  const own = await db
    .selectFrom('accertamento')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .where('accertamento.personId', 'in', filtered(db, query).select('person.id'))
    .select(sql<number>`coalesce(sum("accertamentoBalance"."dueCents"), 0)`.as('due'))
    .select(sql<number>`coalesce(sum("accertamentoBalance"."collectedCents"), 0)`.as('collected'))
    .executeTakeFirstOrThrow()
  const { pairs, survivors } = await mergedPairs(db)
  const among = new Set<number>()
  for (const slice of chunks(survivors, 500)) {
    for (const { id } of await filtered(db, query).where('person.id', 'in', slice).select('person.id').execute()) {
      among.add(id)
    }
  }
  const merged = pairs.filter((pair) => among.has(pair.mergedIntoId))
  const theirs = await totalOf(
    db,
    merged.map((row) => row.id),
  )
  return { due: Number(own.due) + theirs.due, collected: Number(own.collected) + theirs.collected }
}

/** Rows merged into another, and those others once: a handful, where the filter may find everybody. */
async function mergedPairs(db: ReadHandle) {
  const rows = await db
    .selectFrom('person')
    .where('mergedIntoId', 'is not', null)
    .select(['id', 'mergedIntoId'])
    .execute()
  const pairs = rows.flatMap(({ id, mergedIntoId }) => (mergedIntoId === null ? [] : [{ id, mergedIntoId }]))
  return { pairs, survivors: [...new Set(pairs.map((pair) => pair.mergedIntoId))] }
}

async function totalOf(db: ReadHandle, ids: readonly Id<'person'>[]): Promise<Sums> {
  let [due, collected] = [0, 0]
  for (const slice of chunks(ids, 500)) {
    for (const one of (await readSums(db, slice)).values()) {
      due += one.due
      collected += one.collected
    }
  }
  return { due, collected }
}

/** People of the filter in its order: a page, or all when no limit is given. */
export async function listPersonIds(
  db: ReadHandle,
  query: PersonQuery,
  page?: { readonly offset: number; readonly limit: number },
): Promise<Id<'person'>[]> {
  const column = query.sort?.column ?? 'name'
  const direction = query.sort?.direction ?? 'asc'
  const summed = Object.hasOwn(SUMS, column) ? SUMS[column] : undefined
  if (summed !== undefined) return bySums(db, query, summed, direction, page)
  const order = SORTS[column] ?? SORTS.name
  let q = filtered(db, query)
    .orderBy(order as NonNullable<typeof order>, direction)
    .orderBy('person.id')
  if (page !== undefined) q = q.offset(page.offset).limit(page.limit)
  return (await q.select('person.id').execute()).map((row) => row.id)
}

async function bySums(
  db: ReadHandle,
  query: PersonQuery,
  of: (one: Sums) => number,
  direction: 'asc' | 'desc',
  page?: { readonly offset: number; readonly limit: number },
): Promise<Id<'person'>[]> {
  const rows = await filtered(db, query).select('person.id').execute()
  const sums = await readSums(db, null)
  const sign = direction === 'asc' ? 1 : -1
  const sorted = rows
    .map(({ id }) => ({ id, value: of(sums.get(id) ?? NOTHING) }))
    .sort((a, b) => sign * (a.value - b.value) || a.id - b.id)
  const shown = page === undefined ? sorted : sorted.slice(page.offset, page.offset + page.limit)
  return shown.map(({ id }) => id)
}

/** Rows of these ids, in their order. */
export async function readPeople(db: ReadHandle, ids: readonly Id<'person'>[]): Promise<PersonRow[]> {
  const found = new Map<number, PersonRow>()
  for (const slice of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('person')
      .where('person.id', 'in', slice)
      .select(['person.id', 'person.name', 'person.kind', 'person.fiscalCode', 'person.vatNumber', 'person.category'])
      .select(['person.mergedIntoId', 'person.erasedAt'])
      .select([albo('albo').as('albo'), albo('number').as('alboNumber'), albo('status').as('alboStatus')])
      .select([contact('email', 'value').as('email'), contact('pec', 'value').as('pec')])
      .select([contact('address', 'city').as('city'), contact('phone', 'value').as('phone')])
      .execute()
    const sums = await readSums(db, slice)
    for (const row of rows) {
      const { due, collected } = sums.get(row.id) ?? NOTHING
      found.set(row.id, {
        ...row,
        dueCents: cents(due),
        collectedCents: cents(collected),
        outstandingCents: cents(due - collected),
      })
    }
  }
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** What is owed by each of them, or by each of all, and by whoever was merged into them. */
async function readSums(db: ReadHandle, ids: readonly Id<'person'>[] | null): Promise<Map<number, Sums>> {
  const survivors = await survivorsAmong(db, ids)
  let query = db
    .selectFrom('accertamento as a')
    .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
    .select(['a.personId', sql<number>`sum(b."dueCents")`.as('due')])
    .select(sql<number>`sum(b."collectedCents")`.as('collected'))
    .groupBy('a.personId')
  if (ids !== null) query = query.where('a.personId', 'in', [...ids, ...survivors.keys()])
  const sums = new Map<number, Sums>()
  for (const { personId, due, collected } of await query.execute()) {
    const id = survivors.get(personId) ?? personId
    const before = sums.get(id) ?? NOTHING
    sums.set(id, { due: before.due + Number(due), collected: before.collected + Number(collected) })
  }
  return sums
}

/** Names and statuses of the albi in which somebody stands now. */
export async function readAlbi(db: ReadHandle): Promise<{ readonly albi: string[]; readonly statuses: string[] }> {
  const of = (column: 'albo' | 'status') =>
    db.selectFrom('alboEntry').where('to', 'is', null).select(`${column} as value`).distinct().limit(50).execute()
  const [albi, statuses] = [await of('albo'), await of('status')]
  return { albi: albi.map((r) => r.value).sort(), statuses: statuses.map((r) => r.value).sort() }
}
