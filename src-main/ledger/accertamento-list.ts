import { type RawBuilder, sql } from 'kysely'
import type { Id } from '#domain/brand'
import { addDays, type IsoDate } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import { isIssued } from './accertamento-raise.ts'
import { chunks } from './chunks.ts'
import { emptyLast } from './empty-last.ts'
import type { ReadHandle } from './ledger.ts'
import { familyOf, shownId } from './person-family.ts'
import { likeText, matchesSearch } from './person-search.ts'
import type { AccertamentoState } from './schema/books.ts'
import type { PersonCategory } from './schema/person.ts'

export interface AccertamentoFilters {
  readonly exercise: number
  readonly origin: 'competenza' | 'residui' | null
  readonly state: readonly AccertamentoState[]
  readonly category: readonly PersonCategory[]
  readonly capitoloId: Id<'capitolo'> | null
  readonly serviceTypeId: Id<'serviceType'> | null
  readonly importId: Id<'registerImport'> | null
  readonly personId: Id<'person'> | null
  readonly issued: boolean | null
  readonly minCents: Cents | null
  readonly maxCents: Cents | null
  readonly dateFrom: IsoDate | null
  readonly dateTo: IsoDate | null
  readonly dueFrom: IsoDate | null
  readonly dueTo: IsoDate | null
  /** Still outstanding this many days after it was raised. */
  readonly unpaidSinceRaised: number | null
  /** Still outstanding this many days after it fell due. */
  readonly unpaidSinceDue: number | null
  /** Live position of that batch. */
  readonly issuanceId: Id<'issuance'> | null
  readonly withoutAddress: boolean | null
}

export interface AccertamentoQuery {
  readonly filters: AccertamentoFilters
  readonly search: string
  readonly sort: { readonly column: string; readonly direction: 'asc' | 'desc' } | null
}

export interface AccertamentoRow {
  readonly id: Id<'accertamento'>
  readonly exercise: number
  readonly number: number
  readonly date: IsoDate
  readonly personId: Id<'person'>
  readonly personName: string
  readonly fiscalCode: string | null
  readonly category: PersonCategory
  readonly capitolo: string
  readonly service: string
  readonly competenceYear: number
  readonly causale: string
  readonly dueDate: IsoDate | null
  readonly dueCents: Cents
  readonly collectedCents: Cents
  readonly outstandingCents: Cents
  readonly state: AccertamentoState
  readonly residui: boolean
  readonly issued: boolean
}

export interface AccertamentoSums {
  readonly count: number
  readonly dueCents: Cents
  readonly collectedCents: Cents
  readonly outstandingCents: Cents
}

/** Ids of reversali begin with their exercise (`schema/books.ts`). */
const REVERSALI_OF_A_YEAR = 1_000_000

/** The same as `isIssued`, over all rows at once: the live ones are gathered before. */
const ISSUED = sql<number>`(case when "accertamento"."id" in (select asked."accertamentoId" from "debtPosition" asking
  join "positionDebt" asked on asked."debtPositionId" = asking."id" and asked."version" = asking."currentVersion"
  where asking."lifecycle" = 'issued') then 1 else 0 end)`

const OUTSTANDING = sql<number>`("accertamentoBalance"."dueCents" - "accertamentoBalance"."collectedCents")`

const SORTS: Readonly<Record<string, RawBuilder<unknown>>> = {
  exercise: sql.ref('accertamento.exercise'),
  date: sql.ref('accertamento.date'),
  fiscalCode: sql.ref('person.fiscalCode'),
  category: sql.ref('person.category'),
  capitolo: sql.ref('capitolo.code'),
  service: sql.ref('serviceType.name'),
  competenceYear: sql.ref('accertamento.competenceYear'),
  causale: sql.ref('accertamento.causale'),
  dueDate: sql.ref('accertamento.dueDate'),
  dueCents: sql.ref('accertamentoBalance.dueCents'),
  collectedCents: sql.ref('accertamentoBalance.collectedCents'),
  outstandingCents: OUTSTANDING,
  state: sql.ref('accertamentoBalance.state'),
  issued: ISSUED,
}

function joined(db: ReadHandle) {
  return db
    .selectFrom('accertamento')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .innerJoin('person', 'person.id', 'accertamento.personId')
    .innerJoin('capitolo', 'capitolo.id', 'accertamento.capitoloId')
    .innerJoin('serviceType', 'serviceType.id', 'accertamento.serviceTypeId')
}

/** The same, each table after the other as it stands here (SQLite keeps to the order of a cross join). */
function byPerson(db: ReadHandle): ReturnType<typeof joined> {
  const q = db
    .selectFrom('person')
    .crossJoin('accertamento')
    .whereRef('accertamento.personId', '=', 'person.id')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .innerJoin('capitolo', 'capitolo.id', 'accertamento.capitoloId')
    .innerJoin('serviceType', 'serviceType.id', 'accertamento.serviceTypeId')
  return q as unknown as ReturnType<typeof joined>
}

/** 1 when the joined person has an address in force, else 0. */
export function hasAddress(person: string) {
  return sql<number>`(case when exists (select 1 from "contactPoint" reach where reach."personId" = ${sql.ref(`${person}.id`)}
    and reach."kind" = 'address' and reach."validTo" is null) then 1 else 0 end)`
}

/** Seen through an exercise: its own accertamenti, and earlier ones still open or collected in it or later. */
function filtered(from: ReturnType<typeof joined>, { filters: f, search }: AccertamentoQuery, today: IsoDate) {
  let q = from
  // The sign keeps SQLite from leaving the order that the tables are given in for an index of little use here.
  const own = sql<boolean>`+"accertamento"."exercise" = ${f.exercise}`
  const earlier = sql<boolean>`("accertamento"."exercise" < ${f.exercise} and ("accertamentoBalance"."state" in ('outstanding', 'partlyCollected') or exists (
    select 1 from "reversaleLine" l where l."accertamentoId" = "accertamento"."id"
    and l."reversaleId" >= ${f.exercise * REVERSALI_OF_A_YEAR})))`
  if (f.origin === 'competenza') q = q.where(own)
  else if (f.origin === 'residui') q = q.where(earlier)
  else q = q.where(sql<boolean>`(${own} or ${earlier})`)
  if (f.state.length > 0) q = q.where('accertamentoBalance.state', 'in', f.state)
  if (f.category.length > 0) q = q.where('person.category', 'in', f.category)
  if (f.capitoloId !== null) q = q.where('accertamento.capitoloId', '=', f.capitoloId)
  if (f.serviceTypeId !== null) q = q.where('accertamento.serviceTypeId', '=', f.serviceTypeId)
  if (f.personId !== null) q = q.where('accertamento.personId', 'in', familyOf(f.personId))
  if (f.importId !== null) {
    q = q.where(
      sql<boolean>`"accertamento"."importRowId" in (select "id" from "importRow" where "importId" = ${f.importId})`,
    )
  }
  if (f.issued !== null) q = q.where(sql<boolean>`${ISSUED} = ${f.issued ? 1 : 0}`)
  if (f.minCents !== null) q = q.where(OUTSTANDING, '>=', f.minCents)
  if (f.maxCents !== null) q = q.where(OUTSTANDING, '<=', f.maxCents)
  if (f.dateFrom !== null) q = q.where('accertamento.date', '>=', f.dateFrom)
  if (f.dateTo !== null) q = q.where('accertamento.date', '<=', f.dateTo)
  if (f.dueFrom !== null) q = q.where('accertamento.dueDate', '>=', f.dueFrom)
  if (f.dueTo !== null) q = q.where('accertamento.dueDate', '<=', f.dueTo)
  if (f.unpaidSinceRaised !== null || f.unpaidSinceDue !== null) {
    q = q.where('accertamentoBalance.state', 'in', ['outstanding', 'partlyCollected'])
  }
  if (f.unpaidSinceRaised !== null) q = q.where('accertamento.date', '<=', addDays(today, -f.unpaidSinceRaised))
  if (f.unpaidSinceDue !== null) q = q.where('accertamento.dueDate', '<=', addDays(today, -f.unpaidSinceDue))
  if (f.issuanceId !== null) {
    q = q.where(sql<boolean>`"accertamento"."id" in (select pd."accertamentoId" from "debtPosition" d
      join "positionDebt" pd on pd."debtPositionId" = d."id" and pd."version" = d."currentVersion"
      where d."issuanceId" = ${f.issuanceId} and d."lifecycle" = 'issued')`)
  }
  if (f.withoutAddress !== null) q = q.where(sql<boolean>`${hasAddress('person')} = ${f.withoutAddress ? 0 : 1}`)
  const text = search.trim()
  if (text !== '') {
    const numbered = /^(\d{1,9})(?:\/(\d{4}))?$/.exec(text)
    // People first: the words of a search stand in their table once, not once for each thing that they owe.
    const words = sql<boolean>`("accertamento"."personId" in (select "person"."id" from "person" where ${matchesSearch(text, [])})
      or lower("accertamento"."causale") like ${likeText(text)} escape '\\')`
    q = q.where(
      numbered === null
        ? words
        : sql<boolean>`(${words} or ("accertamento"."number" = ${Number(numbered[1])} and ${
            numbered[2] === undefined ? sql`1 = 1` : sql`"accertamento"."exercise" = ${Number(numbered[2])}`
          }))`,
    )
  }
  return q
}

export async function sumAccertamenti(
  db: ReadHandle,
  query: AccertamentoQuery,
  today: IsoDate,
): Promise<AccertamentoSums> {
  const row = await filtered(joined(db), query, today)
    .select(sql<number>`count(*)`.as('count'))
    .select(sql<number>`coalesce(sum("accertamentoBalance"."dueCents"), 0)`.as('due'))
    .select(sql<number>`coalesce(sum("accertamentoBalance"."collectedCents"), 0)`.as('collected'))
    .executeTakeFirstOrThrow()
  const [due, collected] = [Number(row.due), Number(row.collected)]
  return {
    count: Number(row.count),
    dueCents: cents(due),
    collectedCents: cents(collected),
    outstandingCents: cents(due - collected),
  }
}

/** Columns that hold empty values; the others are told nothing of them, so that an index answers. */
const MAY_BE_EMPTY = new Set(['dueDate', 'fiscalCode'])

/** What the order compares, column by column, each falling where the whole order falls; the last makes it total. */
function orderOf(query: AccertamentoQuery): { readonly by: RawBuilder<unknown>; readonly falling: boolean }[] {
  const { sort } = query
  const number = sql.ref('accertamento.number')
  const falling = sort === null || sort.direction === 'desc'
  const up = (by: RawBuilder<unknown>) => ({ by, falling: false })
  if (sort === null)
    return [
      { by: sql.ref('accertamento.exercise'), falling },
      { by: number, falling },
    ]
  if (sort.column === 'personName') {
    return [{ by: sql.ref('person.searchKey'), falling }, up(sql.ref('person.id')), up(number)]
  }
  const column = SORTS[sort.column]
  if (column === undefined) return [{ by: number, falling }]
  return [{ by: column, falling }, up(number)]
}

/** Ids of the filter in its order: a page, or all when none is given. */
export async function listAccertamentoIds(
  db: ReadHandle,
  query: AccertamentoQuery,
  today: IsoDate,
  page?: { readonly offset: number; readonly limit: number },
): Promise<Id<'accertamento'>[]> {
  // By name the people lead, in their own order: a page needs no sort of all that they owe.
  const led = query.sort?.column === 'personName' && query.filters.personId === null && page !== undefined
  let q = filtered(led ? byPerson(db) : joined(db), query, today).select('accertamento.id')
  const { sort } = query
  for (const { by, falling } of orderOf(query))
    q = q.orderBy(by, sort !== null && MAY_BE_EMPTY.has(sort.column) ? emptyLast(falling) : falling ? 'desc' : 'asc')
  q = q.orderBy('accertamento.id')
  if (page !== undefined) q = q.offset(page.offset).limit(page.limit)
  return (await q.execute()).map((row) => row.id)
}

/** Rows of these ids, in their order. `seenFrom` is the exercise that tells residui from competenza. */
export async function readAccertamenti(
  db: ReadHandle,
  ids: readonly Id<'accertamento'>[],
  seenFrom: number,
): Promise<AccertamentoRow[]> {
  const found = new Map<number, AccertamentoRow>()
  for (const slice of chunks(ids, 500)) {
    const rows = await joined(db)
      .where('accertamento.id', 'in', slice)
      .select([
        'accertamento.id',
        'accertamento.exercise',
        'accertamento.number',
        'accertamento.date',
        shownId('person').as('personId'),
        'person.name as personName',
        'person.fiscalCode',
        'person.category',
        'capitolo.code as capitolo',
        'serviceType.name as service',
        'accertamento.competenceYear',
        'accertamento.causale',
        'accertamento.dueDate',
        'accertamentoBalance.dueCents',
        'accertamentoBalance.collectedCents',
        'accertamentoBalance.state',
      ])
      .select(isIssued('accertamento').as('issued'))
      .execute()
    for (const row of rows) {
      found.set(row.id, {
        ...row,
        outstandingCents: cents(row.dueCents - row.collectedCents),
        residui: row.exercise < seenFrom,
        issued: Number(row.issued) === 1,
      })
    }
  }
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** Counts of the system views of an exercise: of the same rows as its list, in one reading. */
export async function countAccertamenti(
  db: ReadHandle,
  exercise: number,
  today: IsoDate,
): Promise<Record<string, number>> {
  const query = { filters: { ...ANY_ACCERTAMENTO, exercise }, search: '', sort: null }
  const rows = await filtered(joined(db), query, today)
    .groupBy(['accertamentoBalance.state', 'accertamento.exercise'])
    .select(['accertamentoBalance.state', 'accertamento.exercise'])
    .select(sql<number>`count(*)`.as('count'))
    .select(sql<number>`sum(1 - ${ISSUED})`.as('notIssued'))
    .execute()
  const counts = { all: 0, outstanding: 0, partlyCollected: 0, collected: 0, cancelled: 0, competenza: 0, residui: 0 }
  let notIssued = 0
  for (const row of rows) {
    const n = Number(row.count)
    counts.all += n
    counts[row.state] += n
    counts[row.exercise < exercise ? 'residui' : 'competenza'] += n
    notIssued += Number(row.notIssued)
  }
  return { ...counts, notIssued }
}

/** Accertamenti without any filter; the exercise is to be said. */
const ANY_ACCERTAMENTO: Omit<AccertamentoFilters, 'exercise'> = {
  origin: null,
  state: [],
  category: [],
  capitoloId: null,
  serviceTypeId: null,
  importId: null,
  personId: null,
  issued: null,
  minCents: null,
  maxCents: null,
  dateFrom: null,
  dateTo: null,
  dueFrom: null,
  dueTo: null,
  unpaidSinceRaised: null,
  unpaidSinceDue: null,
  issuanceId: null,
  withoutAddress: null,
}
