import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { ReadHandle } from './ledger.ts'
import type { PersonCategory } from './schema/person.ts'

export interface UnpaidRow {
  readonly accertamentoId: Id<'accertamento'>
  readonly personId: Id<'person'>
  readonly personName: string
  readonly fiscalCode: string | null
  readonly category: PersonCategory
  readonly exercise: number
  readonly number: number
  readonly capitolo: string
  readonly causale: string
  readonly dueDate: IsoDate | null
  readonly dueCents: Cents
  readonly outstandingCents: Cents
}

/** Accertamenti with something still outstanding, of an exercise and of those before it. */
export interface UnpaidFilter {
  readonly exercise: number
  /** Only those before it, only its own, or both. */
  readonly residui: boolean | null
  /** Empty: all. */
  readonly category: readonly PersonCategory[]
}

function unpaidOf(db: ReadHandle, { exercise, residui, category }: UnpaidFilter) {
  let query = db
    .selectFrom('accertamento as a')
    .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
    .where('a.exercise', residui === null ? '<=' : residui ? '<' : '=', exercise)
    .where('b.state', 'in', ['outstanding', 'partlyCollected'])
  if (category.length > 0) {
    const among = sql<boolean>`exists (select 1 from "person" p where p."id" = a."personId" and p."category" in (${sql.join(category)}))`
    query = query.where(among)
  }
  return query
}

/** How many they are and what is outstanding of them. */
export async function sumUnpaid(
  db: ReadHandle,
  filter: UnpaidFilter,
): Promise<{ count: number; outstandingCents: Cents }> {
  const row = await unpaidOf(db, filter)
    .select(sql<number>`count(*)`.as('count'))
    .select(sql<number>`cast(coalesce(sum(b."dueCents" - b."collectedCents"), 0) as bigint)`.as('cents'))
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), outstandingCents: Number(row.cents) as Cents }
}

const person = (column: 'name' | 'fiscalCode') =>
  sql<string | null>`(select p.${sql.ref(column)} from "person" p where p."id" = a."personId")`

const VALUES = {
  personName: person('name'),
  fiscalCode: person('fiscalCode'),
  exercise: sql<number>`a."exercise"`,
  number: sql<number>`a."number"`,
  capitolo: sql<string>`(select c."code" || ' ' || c."name" from "capitolo" c where c."id" = a."capitoloId")`,
  causale: sql<string>`a."causale"`,
  dueDate: sql<string | null>`a."dueDate"`,
  dueCents: sql<number>`b."dueCents"`,
  outstandingCents: sql<number>`b."dueCents" - b."collectedCents"`,
}

type UnpaidColumn = keyof typeof VALUES

export function isUnpaidColumn(name: string): name is UnpaidColumn {
  return Object.hasOwn(VALUES, name)
}

/** What one column says of each, oldest first. */
export async function unpaidValues(db: ReadHandle, filter: UnpaidFilter, column: UnpaidColumn) {
  return unpaidOf(db, filter)
    .select(['a.id', sql<string | number | null>`${VALUES[column]}`.as('value')])
    .orderBy('a.exercise')
    .orderBy('a.number')
    .execute()
}

/** Oldest first: a page of them, some by id, or all. */
export async function listUnpaid(
  db: ReadHandle,
  filter: UnpaidFilter & { readonly ids?: readonly Id<'accertamento'>[] },
  page?: { readonly offset: number; readonly limit: number },
): Promise<UnpaidRow[]> {
  let query = unpaidOf(db, filter)
    .innerJoin('person as p', 'p.id', 'a.personId')
    .innerJoin('capitolo as c', 'c.id', 'a.capitoloId')
    .select(['a.id as accertamentoId', 'a.personId', 'p.name as personName', 'p.fiscalCode', 'p.category'])
    .select(['a.exercise', 'a.number', 'c.code', 'c.name', 'a.causale', 'a.dueDate', 'b.dueCents', 'b.collectedCents'])
    .orderBy('a.exercise')
    .orderBy('a.number')
  if (filter.ids !== undefined) query = query.where('a.id', 'in', filter.ids)
  if (page !== undefined) query = query.offset(page.offset).limit(page.limit)
  return (await query.execute()).map(({ code, name, collectedCents, ...row }) => ({
    ...row,
    capitolo: `${code} ${name}`,
    outstandingCents: (row.dueCents - collectedCents) as Cents,
  }))
}
