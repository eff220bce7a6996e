import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import { isIssued } from './accertamento-raise.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'
import { matchesSearch } from './person-search.ts'
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
  readonly dueTo: IsoDate | null
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

const SORTS: Readonly<Record<string, string>> = {
  number: 'accertamento.number',
  exercise: 'accertamento.exercise',
  date: 'accertamento.date',
  personName: 'person.searchKey',
  fiscalCode: 'person.fiscalCode',
  category: 'person.category',
  capitolo: 'capitolo.code',
  service: 'serviceType.name',
  competenceYear: 'accertamento.competenceYear',
  causale: 'accertamento.causale',
  dueDate: 'accertamento.dueDate',
  dueCents: 'accertamentoBalance.dueCents',
  collectedCents: 'accertamentoBalance.collectedCents',
  state: 'accertamentoBalance.state',
}

const OUTSTANDING = sql<number>`("accertamentoBalance"."dueCents" - "accertamentoBalance"."collectedCents")`

function joined(db: ReadHandle) {
  return db
    .selectFrom('accertamento')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .innerJoin('person', 'person.id', 'accertamento.personId')
    .innerJoin('capitolo', 'capitolo.id', 'accertamento.capitoloId')
    .innerJoin('serviceType', 'serviceType.id', 'accertamento.serviceTypeId')
}

/** Seen through an exercise: its own accertamenti, and earlier ones still open or collected in it or later. */
function filtered(db: ReadHandle, { filters: f, search }: AccertamentoQuery) {
  let q = joined(db)
  const own = sql<boolean>`"accertamento"."exercise" = ${f.exercise}`
  const earlier = sql<boolean>`("accertamento"."exercise" < ${f.exercise} and ("accertamentoBalance"."state" in ('outstanding', 'partlyCollected') or exists (
    select 1 from "reversaleLine" l join "reversale" r on r."id" = l."reversaleId"
    where l."accertamentoId" = "accertamento"."id" and r."exercise" >= ${f.exercise})))`
  if (f.origin === 'competenza') q = q.where(own)
  else if (f.origin === 'residui') q = q.where(earlier)
  else q = q.where(sql<boolean>`(${own} or ${earlier})`)
  if (f.state.length > 0) q = q.where('accertamentoBalance.state', 'in', f.state)
  if (f.category.length > 0) q = q.where('person.category', 'in', f.category)
  if (f.capitoloId !== null) q = q.where('accertamento.capitoloId', '=', f.capitoloId)
  if (f.serviceTypeId !== null) q = q.where('accertamento.serviceTypeId', '=', f.serviceTypeId)
  if (f.personId !== null) q = q.where('accertamento.personId', '=', f.personId)
  if (f.importId !== null) {
    q = q.where(
      sql<boolean>`"accertamento"."importRowId" in (select "id" from "importRow" where "importId" = ${f.importId})`,
    )
  }
  if (f.issued !== null) q = q.where(sql<boolean>`${isIssued('accertamento')} = ${f.issued ? 1 : 0}`)
  if (f.minCents !== null) q = q.where(OUTSTANDING, '>=', f.minCents)
  if (f.maxCents !== null) q = q.where(OUTSTANDING, '<=', f.maxCents)
  if (f.dateFrom !== null) q = q.where('accertamento.date', '>=', f.dateFrom)
  if (f.dateTo !== null) q = q.where('accertamento.date', '<=', f.dateTo)
  if (f.dueTo !== null) q = q.where('accertamento.dueDate', '<=', f.dueTo)
  const text = search.trim()
  if (text !== '') {
    const numbered = /^(\d{1,9})(?:\/(\d{4}))?$/.exec(text)
    const words = matchesSearch(text, ['accertamento.causale'])
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

export async function sumAccertamenti(db: ReadHandle, query: AccertamentoQuery): Promise<AccertamentoSums> {
  const row = await filtered(db, query)
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

/** Ids of the filter in its order: a page, or all when no limit is given. */
export async function listAccertamentoIds(
  db: ReadHandle,
  query: AccertamentoQuery,
  page?: { readonly offset: number; readonly limit: number },
): Promise<Id<'accertamento'>[]> {
  const { sort } = query
  let q = filtered(db, query).select('accertamento.id')
  const column = sort === null ? undefined : SORTS[sort.column]
  if (sort !== null && sort.column === 'outstandingCents') q = q.orderBy(OUTSTANDING, sort.direction)
  else if (sort !== null && column !== undefined) q = q.orderBy(sql.ref(column), sort.direction)
  else if (sort === null) q = q.orderBy('accertamento.exercise', 'desc')
  q = q.orderBy('accertamento.number', sort === null ? 'desc' : 'asc').orderBy('accertamento.id')
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
        'accertamento.personId',
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

/** Counts of the system views of an exercise. */
export async function countAccertamenti(db: ReadHandle, exercise: number): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('accertamento')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .where('accertamento.exercise', '<=', exercise)
    .where((eb) =>
      eb.or([
        eb('accertamento.exercise', '=', exercise),
        eb('accertamentoBalance.state', 'in', ['outstanding', 'partlyCollected']),
      ]),
    )
    .groupBy(['accertamentoBalance.state', 'accertamento.exercise'])
    .select(['accertamentoBalance.state', 'accertamento.exercise'])
    .select(sql<number>`count(*)`.as('count'))
    .execute()
  const counts: Record<string, number> = { all: 0, outstanding: 0, partlyCollected: 0, collected: 0, cancelled: 0 }
  counts.competenza = 0
  counts.residui = 0
  for (const row of rows) {
    const n = Number(row.count)
    counts.all = (counts.all ?? 0) + n
    counts[row.state] = (counts[row.state] ?? 0) + n
    const origin = row.exercise < exercise ? 'residui' : 'competenza'
    counts[origin] = (counts[origin] ?? 0) + n
  }
  return counts
}
