import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import { type Cents, cents, sum } from '#domain/money'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { shownId } from './person-family.ts'
import type { PersonCategory } from './schema/person.ts'

/** For each line of the reversali just issued, who has paid what: for the Albo, in the same transaction. */
export async function insertWriteBacks(
  db: WriteHandle,
  reversali: readonly { readonly id: Id<'reversale'>; readonly exercise: number }[],
  at: Instant,
): Promise<void> {
  // Numbers of one exercise are given in a row, so are the ids.
  for (const of of Map.groupBy(reversali, (r) => r.exercise).values()) {
    const ids = of.map((r) => r.id as number)
    await sql`INSERT INTO "alboWriteBack" ("personId", "accertamentoId", "reversaleLineId", "externalReference", "cents", "at")
      SELECT a."personId", a."id", l."id", a."externalReference", l."cents", ${at} FROM "reversaleLine" l
      JOIN "accertamento" a ON a."id" = l."accertamentoId"
      WHERE l."reversaleId" BETWEEN ${Math.min(...ids)} AND ${Math.max(...ids)} ORDER BY l."id"`.execute(db)
  }
}

/** Everything up to these two is known outside. */
export interface AlboMark {
  readonly lastWriteBackId: number
  readonly lastAnnulmentId: number
}

export interface AlboExportRow extends AlboMark {
  readonly rows: number
  readonly at: Instant
  readonly operator: string
}

/** The last list handed over by hand: those made for a destination have marks of their own (`albo-sent.ts`). */
export async function lastAlboExport(db: ReadHandle): Promise<AlboExportRow | null> {
  const row = await db
    .selectFrom('alboExport')
    .leftJoin('alboExportFile', 'alboExportFile.alboExportId', 'alboExport.id')
    .where('alboExportFile.alboExportId', 'is', null)
    .selectAll('alboExport')
    .orderBy('alboExport.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** Where the books are now: the mark of a list handed over now. */
export async function alboMarkNow(db: ReadHandle): Promise<AlboMark> {
  const last = async (table: 'alboWriteBack' | 'reversaleAnnulment') => {
    const row = await db
      .selectFrom(table)
      .select((eb) => eb.fn.max('id').as('id'))
      .executeTakeFirst()
    return Number(row?.id ?? 0)
  }
  return { lastWriteBackId: await last('alboWriteBack'), lastAnnulmentId: await last('reversaleAnnulment') }
}

export async function insertAlboExport(
  db: WriteHandle,
  made: AlboMark & { readonly rows: number; readonly at: Instant; readonly operator: string },
): Promise<Id<'alboExport'>> {
  return (await db.insertInto('alboExport').values(made).returning('id').executeTakeFirstOrThrow()).id
}

/** `paid` whole, `partly`, or `withdrawn`: told as paid before, annulled since. */
export type AlboWhat = 'paid' | 'partly' | 'withdrawn'

export interface AlboRow {
  readonly accertamentoId: Id<'accertamento'>
  readonly what: AlboWhat
  /** The key of the register outside from which the quota came. */
  readonly externalReference: string | null
  readonly alboNumber: string | null
  readonly personId: Id<'person'>
  readonly personName: string
  readonly fiscalCode: string | null
  readonly category: PersonCategory
  readonly exercise: number
  readonly number: number
  readonly service: string
  readonly competenceYear: number
  readonly causale: string
  /** Latest day of the reversali that it sums. */
  readonly date: IsoDate
  /** Collected, or taken back when withdrawn: greater than zero. */
  readonly cents: Cents
  readonly dueCents: Cents
  readonly collectedCents: Cents
}

/** Rows that a destination refused, to be told again with what is new. */
export interface AlboAgain {
  readonly destinationId: Id<'alboDestination'>
  /** Cents by accertamento, below zero where the withdrawal was refused. */
  readonly cents: ReadonlyMap<number, number>
}

/**
 * Who has paid, one row for each accertamento, by number: all of it, or only what changed since a mark, with what was refused.
 * Money annulled and collected again meanwhile changes nothing and is not told.
 */
export async function listAlbo(
  db: ReadHandle,
  filter: {
    readonly exercise: number | null
    readonly since: AlboMark | null
    readonly again?: AlboAgain
    /** Of these alone. */
    readonly only?: readonly Id<'accertamento'>[]
  },
): Promise<AlboRow[]> {
  const { exercise, since, again, only } = filter
  let query = db
    .selectFrom('alboWriteBack as w')
    .innerJoin('reversaleLine as l', 'l.id', 'w.reversaleLineId')
    .innerJoin('reversale as r', 'r.id', 'l.reversaleId')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .innerJoin('accertamento as a', 'a.id', 'w.accertamentoId')
    .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
    .innerJoin('person as p', 'p.id', 'a.personId')
    .innerJoin('serviceType as s', 's.id', 'a.serviceTypeId')
    .select(['w.id', 'w.accertamentoId', 'w.cents', 'w.externalReference', 'r.date', 'x.id as annulmentId'])
    .select([shownId('p').as('personId'), 'p.name as personName', 'p.fiscalCode', 'p.category', 's.name as service'])
    .select(['a.exercise', 'a.number', 'a.competenceYear', 'a.causale', 'b.dueCents', 'b.collectedCents'])
    .orderBy('a.exercise')
    .orderBy('a.number')
    .orderBy('w.id')
  if (exercise !== null) query = query.where('a.exercise', '=', exercise)
  if (only !== undefined) query = query.where('a.id', 'in', only)
  if (since === null) query = query.where('x.id', 'is', null)
  else {
    query = query.where((eb) =>
      eb.or([
        eb('w.id', '>', since.lastWriteBackId as Id<'alboWriteBack'>),
        eb('x.id', '>', since.lastAnnulmentId as Id<'reversaleAnnulment'>),
        ...(again === undefined ? [] : [refusedBy(again.destinationId)]),
      ]),
    )
  }
  const rows = await query.execute()
  const numbers = await alboNumbers(db)
  return [...Map.groupBy(rows, (row) => row.accertamentoId).values()].flatMap((of) => {
    const known = (row: (typeof of)[number]) => since !== null && row.id <= since.lastWriteBackId
    const added = sum(of.filter((row) => !known(row) && row.annulmentId === null).map((row) => row.cents))
    const lost = (row: (typeof of)[number]) => (row.annulmentId ?? 0) > (since?.lastAnnulmentId ?? 0)
    const taken = sum(of.filter((row) => known(row) && lost(row)).map((row) => row.cents))
    const net = added - taken + (again?.cents.get(of[0]?.accertamentoId ?? 0) ?? 0)
    const last = of.at(-1)
    if (net === 0 || last === undefined) return []
    const { id: _id, annulmentId: _annulment, date: _date, ...facts } = last
    return [
      {
        ...facts,
        what: net < 0 ? 'withdrawn' : last.collectedCents < last.dueCents ? 'partly' : 'paid',
        alboNumber: numbers.get(last.personId) ?? null,
        date: of.map((row) => row.date).reduce((a, b) => (a > b ? a : b)),
        cents: cents(Math.abs(net)),
      },
    ]
  })
}

/** Who has paid up to now, whatever was told: what the balances say without a look at the reversali. */
interface AlboWhole {
  readonly exercise: number | null
  readonly what: readonly AlboWhat[]
}

function collectedOf(db: ReadHandle, { exercise, what }: AlboWhole) {
  let query = db
    .selectFrom('accertamento as a')
    .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
    .where('b.collectedCents', '>', 0 as Cents)
  if (exercise !== null) query = query.where('a.exercise', '=', exercise)
  if (what.length > 0) {
    query = query.where((eb) =>
      eb.or([
        ...(what.includes('paid') ? [eb('b.collectedCents', '>=', eb.ref('b.dueCents'))] : []),
        ...(what.includes('partly') ? [eb('b.collectedCents', '<', eb.ref('b.dueCents'))] : []),
      ]),
    )
  }
  return query
}

/** How many rows `listAlbo` has when nothing was told before, and what they sum. */
export async function countAlbo(db: ReadHandle, whole: AlboWhole): Promise<{ count: number; cents: Cents }> {
  const row = await collectedOf(db, whole)
    .select(sql<number>`count(*)`.as('count'))
    .select(sql<number>`cast(coalesce(sum(b."collectedCents"), 0) as bigint)`.as('cents'))
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), cents: cents(Number(row.cents)) }
}

const person = (column: 'name' | 'fiscalCode' | 'category') =>
  sql<string | null>`(select p.${sql.ref(column)} from "person" p where p."id" = a."personId")`

/** Lines of the accertamento in reversali that no annulment took back. */
const IN_FORCE = sql`from "reversaleLine" l join "reversale" r on r."id" = l."reversaleId" where l."accertamentoId" = a."id"
  and not exists (select 1 from "reversaleAnnulment" x where x."reversaleId" = r."id")`

const VALUES = {
  number: sql<number>`a."exercise" * 1000000 + a."number"`,
  personName: person('name'),
  fiscalCode: person('fiscalCode'),
  category: person('category'),
  service: sql<string>`(select s."name" from "serviceType" s where s."id" = a."serviceTypeId")`,
  competenceYear: sql<number>`a."competenceYear"`,
  causale: sql<string>`a."causale"`,
  externalReference: sql<
    string | null
  >`(select w."externalReference" from "alboWriteBack" w where w."accertamentoId" = a."id"
    and w."reversaleLineId" in (select l."id" ${IN_FORCE}) order by w."id" desc limit 1)`,
  date: sql<string | null>`(select max(r."date") ${IN_FORCE})`,
  what: sql<string>`case when b."collectedCents" < b."dueCents" then 'partly' else 'paid' end`,
  cents: sql<number>`b."collectedCents"`,
  dueCents: sql<number>`b."dueCents"`,
  collectedCents: sql<number>`b."collectedCents"`,
  alboNumber: sql<number>`(select ${shownId('p')} from "person" p where p."id" = a."personId")`,
}

type AlboColumn = keyof typeof VALUES

export function isAlboColumn(name: string): name is AlboColumn {
  return Object.hasOwn(VALUES, name)
}

/** What one column says of each of them, by number: of all, or of a page. */
export async function alboValues(
  db: ReadHandle,
  whole: AlboWhole,
  column: AlboColumn,
  page?: { readonly offset: number; readonly limit: number },
): Promise<{ readonly id: Id<'accertamento'>; readonly value: string | number | null }[]> {
  let query = collectedOf(db, whole)
    .select(['a.id', sql<string | number | null>`${VALUES[column]}`.as('value')])
    .orderBy('a.exercise')
    .orderBy('a.number')
  if (page !== undefined) query = query.offset(page.offset).limit(page.limit)
  const rows = await query.execute()
  if (column !== 'alboNumber') return rows
  const numbers = await alboNumbers(db)
  return rows.map(({ id, value }) => ({ id, value: numbers.get(Number(value)) ?? null }))
}

/** Accertamenti of rows that the destination refused and no later list has told. */
function refusedBy(destinationId: Id<'alboDestination'>) {
  return sql<boolean>`w."accertamentoId" in (
    select own."accertamentoId" from "alboExportRow" own join "alboExportFile" f on f."alboExportId" = own."alboExportId"
    where f."alboDestinationId" = ${destinationId} and own."outcome" = 'refused' and own."againIn" is null)`
}

/** Number in the Albo of each person, the latest entry of each. */
async function alboNumbers(db: ReadHandle): Promise<ReadonlyMap<number, string>> {
  const rows = await db
    .selectFrom('alboEntry as e')
    .innerJoin('person as p', 'p.id', 'e.personId')
    .select([shownId('p').as('personId'), 'e.number'])
    .orderBy('e.id')
    .execute()
  return new Map(rows.map((row) => [row.personId, row.number]))
}
