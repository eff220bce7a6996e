import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'
import { matchesSearch } from './person-search.ts'
import type { AccertamentoState } from './schema/books.ts'
import type { ContactPointTable, PersonCategory } from './schema/person.ts'

export interface PersonQuery {
  readonly filters: {
    readonly category: readonly PersonCategory[]
    readonly without: readonly ('email' | 'pec' | 'address')[]
    readonly owes: boolean | null
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
  readonly alboNumber: string | null
  readonly email: string | null
  readonly pec: string | null
  readonly city: string | null
  readonly dueCents: Cents
  readonly collectedCents: Cents
  readonly outstandingCents: Cents
}

/** Sums of the person's accertamenti, as a scalar subquery: the index by person makes it cheap row by row. */
const owed = (column: 'dueCents' | 'collectedCents') =>
  sql<number>`(select coalesce(sum(b.${sql.ref(column)}), 0) from "accertamento" a join "accertamentoBalance" b on b."accertamentoId" = a."id" where a."personId" = "person"."id")`

const contact = (kind: string, column: 'value' | 'city') =>
  sql<
    string | null
  >`(select c.${sql.ref(column)} from "contactPoint" c where c."personId" = "person"."id" and c."kind" = ${kind} and c."validTo" is null order by c."id" desc limit 1)`

const OUTSTANDING = sql<number>`(${owed('dueCents')} - ${owed('collectedCents')})`

const ALBO = sql<
  string | null
>`(select e."number" from "alboEntry" e where e."personId" = "person"."id" and e."to" is null order by e."id" desc limit 1)`

const SORTS: Readonly<Record<string, ReturnType<typeof sql<unknown>>>> = {
  name: sql`"person"."searchKey"`,
  fiscalCode: sql`"person"."fiscalCode"`,
  category: sql`"person"."category"`,
  alboNumber: ALBO,
  email: contact('email', 'value'),
  pec: contact('pec', 'value'),
  city: contact('address', 'city'),
  dueCents: owed('dueCents'),
  collectedCents: owed('collectedCents'),
  outstandingCents: OUTSTANDING,
}

function filtered(db: ReadHandle, { filters: f, search }: PersonQuery) {
  let q = db.selectFrom('person').where('person.mergedIntoId', 'is', null)
  if (f.category.length > 0) q = q.where('person.category', 'in', f.category)
  for (const kind of f.without) {
    q = q.where(
      sql<boolean>`not exists (select 1 from "contactPoint" c where c."personId" = "person"."id" and c."kind" = ${kind} and c."validTo" is null)`,
    )
  }
  if (f.owes !== null) q = q.where(sql<boolean>`${OUTSTANDING} ${sql.raw(f.owes ? '>' : '=')} 0`)
  if (search.trim() !== '') q = q.where(matchesSearch(search, []))
  return q
}

export async function sumPeople(
  db: ReadHandle,
  query: PersonQuery,
): Promise<{ count: number; dueCents: Cents; outstandingCents: Cents }> {
  const { count } = await filtered(db, query).select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow()
  const sums = await db
    .selectFrom('accertamento')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .where('accertamento.personId', 'in', filtered(db, query).select('person.id'))
    .select(sql<number>`coalesce(sum("accertamentoBalance"."dueCents"), 0)`.as('due'))
    .select(sql<number>`coalesce(sum("accertamentoBalance"."collectedCents"), 0)`.as('collected'))
    .executeTakeFirstOrThrow()
  return {
    count: Number(count),
    dueCents: cents(Number(sums.due)),
    outstandingCents: cents(Number(sums.due) - Number(sums.collected)),
  }
}

/** People of the filter in its order: a page, or all when no limit is given. */
export async function listPersonIds(
  db: ReadHandle,
  query: PersonQuery,
  page?: { readonly offset: number; readonly limit: number },
): Promise<Id<'person'>[]> {
  const order = SORTS[query.sort?.column ?? 'name'] ?? SORTS.name
  let q = filtered(db, query)
    .orderBy(order as NonNullable<typeof order>, query.sort?.direction ?? 'asc')
    .orderBy('person.id')
  if (page !== undefined) q = q.offset(page.offset).limit(page.limit)
  return (await q.select('person.id').execute()).map((row) => row.id)
}

/** Rows of these ids, in their order. */
export async function readPeople(db: ReadHandle, ids: readonly Id<'person'>[]): Promise<PersonRow[]> {
  const found = new Map<number, PersonRow>()
  for (const slice of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('person')
      .where('person.id', 'in', slice)
      .select(['person.id', 'person.name', 'person.kind', 'person.fiscalCode', 'person.vatNumber', 'person.category'])
      .select(ALBO.as('alboNumber'))
      .select(contact('email', 'value').as('email'))
      .select(contact('pec', 'value').as('pec'))
      .select(contact('address', 'city').as('city'))
      .select(owed('dueCents').as('due'))
      .select(owed('collectedCents').as('collected'))
      .execute()
    for (const { due, collected, ...row } of rows) {
      found.set(row.id, {
        ...row,
        dueCents: cents(Number(due)),
        collectedCents: cents(Number(collected)),
        outstandingCents: cents(Number(due) - Number(collected)),
      })
    }
  }
  return ids.flatMap((id) => found.get(id) ?? [])
}

export type ContactRow = Omit<ContactPointTable, 'id' | 'personId'> & { readonly id: Id<'contactPoint'> }

/** Contacts of a person, those in force first, then the closed ones, newest first. */
export async function readContactsOf(db: ReadHandle, personId: Id<'person'>): Promise<ContactRow[]> {
  const rows = await db
    .selectFrom('contactPoint')
    .selectAll()
    .where('personId', '=', personId)
    .orderBy('id', 'desc')
    .execute()
  return rows
    .map(({ personId: _person, ...row }) => row)
    .sort((a, b) => Number(a.validTo !== null) - Number(b.validTo !== null))
}

export async function readAlboOf(
  db: ReadHandle,
  personId: Id<'person'>,
): Promise<{ albo: string; number: string; from: IsoDate; status: string }[]> {
  return db
    .selectFrom('alboEntry')
    .select(['albo', 'number', 'from', 'status'])
    .where('personId', '=', personId)
    .orderBy('id', 'desc')
    .execute()
}

export interface PersonDue {
  readonly accertamentoId: Id<'accertamento'>
  readonly exercise: number
  readonly number: number
  readonly competenceYear: number
  readonly causale: string
  readonly dueDate: IsoDate | null
  readonly dueCents: Cents
  readonly collectedCents: Cents
  readonly state: AccertamentoState
}

/** Everything ever raised on a person, latest exercise first. */
export async function readDuesOf(db: ReadHandle, personId: Id<'person'>): Promise<PersonDue[]> {
  return db
    .selectFrom('accertamento')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .where('accertamento.personId', '=', personId)
    .select(['accertamento.id as accertamentoId', 'accertamento.exercise', 'accertamento.number'])
    .select(['accertamento.competenceYear', 'accertamento.causale', 'accertamento.dueDate'])
    .select(['accertamentoBalance.dueCents', 'accertamentoBalance.collectedCents', 'accertamentoBalance.state'])
    .orderBy('accertamento.exercise', 'desc')
    .orderBy('accertamento.number', 'desc')
    .execute()
}
