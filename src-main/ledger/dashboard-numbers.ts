import { sql } from 'kysely'
import type { Cents } from '#domain/money'
import { isLeadingOption } from './leading-payment.ts'
import type { ReadHandle } from './ledger.ts'

export interface CountCents {
  readonly count: number
  readonly cents: Cents
}

export interface RoadNumbers {
  readonly accertato: CountCents
  /** Accertamenti of the exercise, outstanding, that no live position asks for. */
  readonly notIssued: CountCents
  /** Live positions that ask for accertamenti of the exercise, with what they ask of them (one option each). */
  readonly issued: CountCents
  readonly delivered: number
  /** Positions of which something was paid, with what was: of instalments only those paid. */
  readonly paid: CountCents
  readonly matched: CountCents
  readonly reversali: CountCents
  /** Flows not credited yet. */
  readonly flowsWaiting: CountCents
}

interface Sum {
  readonly n: number
  readonly c: number | null
}

const pair = (row: Sum | undefined): CountCents => ({ count: Number(row?.n ?? 0), cents: Number(row?.c ?? 0) as Cents })

const totalOf = (of: readonly number[]): CountCents => ({
  count: of.length,
  cents: of.reduce((a, b) => a + Number(b), 0) as Cents,
})

/** Counts and sums of the road of one exercise. */
export async function readRoad(db: ReadHandle, exercise: number): Promise<RoadNumbers> {
  const count = sql<number>`count(*)`.as('n')
  const accertato = await db
    .selectFrom('accertamento as a')
    .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
    .where('a.exercise', '=', exercise)
    .where('b.state', '<>', 'cancelled')
    .select([count, sql<number>`cast(sum(b."dueCents") as bigint)`.as('c')])
    .executeTakeFirst()
  const live = sql<number>`select pd."accertamentoId" from "positionDebt" pd
    join "debtPosition" d on d."id" = pd."debtPositionId" and d."currentVersion" = pd."version"
    where d."lifecycle" = 'issued' and pd."exercise" = ${exercise}`
  const notIssued = await db
    .selectFrom('accertamento as a')
    .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
    .where('a.exercise', '=', exercise)
    .where('b.state', 'in', ['outstanding', 'partlyCollected'])
    .where(sql<boolean>`a."id" not in (${live})`)
    .select([count, sql<number>`cast(sum(b."dueCents" - b."collectedCents") as bigint)`.as('c')])
    .executeTakeFirst()
  const asked = db
    .selectFrom('installmentShare as h')
    .innerJoin('debtPosition as d', (join) =>
      join.onRef('d.id', '=', 'h.debtPositionId').onRef('d.currentVersion', '=', 'h.version'),
    )
    .where('d.lifecycle', '=', 'issued')
    .where('h.exercise', '=', exercise)
  const issued = await asked
    .where(isLeadingOption('h'))
    .select([sql<number>`count(distinct h."debtPositionId")`.as('n')])
    .select([sql<number>`cast(sum(h."cents") as bigint)`.as('c')])
    .executeTakeFirst()
  // What came in through the option that counts, instalment by instalment. Positions, like the stops before them on the road:
  // credits would not compare.
  const received = await asked
    .innerJoin('installmentState as s', 's.installmentId', 'h.installmentId')
    .where('s.otherOptionPaid', '=', 0)
    .where('s.state', '<>', 'unpaid')
    .groupBy('h.debtPositionId')
    .select([sql<number>`cast(sum(h."cents") as bigint)`.as('paid')])
    .select([
      sql<number>`cast(sum(case when s."state" in ('credited', 'collected') then h."cents" end) as bigint)`.as(
        'matched',
      ),
    ])
    .execute()
  const told = db
    .selectFrom('delivery')
    .innerJoin('notice', 'notice.id', 'delivery.noticeId')
    .where('delivery.state', 'in', ['sent', 'accepted', 'delivered'])
    .select('notice.debtPositionId')
  const delivered = await db
    .selectFrom('debtPosition as d')
    .where('d.lifecycle', '=', 'issued')
    .where('d.id', 'in', told)
    .where(
      sql<boolean>`exists (select 1 from "positionDebt" pd where pd."debtPositionId" = d."id" and pd."exercise" = ${exercise})`,
    )
    .select(sql<number>`count(*)`.as('n'))
    .executeTakeFirst()
  const reversali = await db
    .selectFrom('reversale as r')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .where('r.exercise', '=', exercise)
    .where('x.id', 'is', null)
    .select([count, sql<number>`cast(sum(r."cents") as bigint)`.as('c')])
    .executeTakeFirst()
  const flowsWaiting = await db
    .selectFrom('flowLabel')
    .where('state', 'in', ['notCredited', 'partlyCredited'])
    .where('activeVersionId', 'is not', null)
    .select([count, sql<number>`cast(sum("totalCents") as bigint)`.as('c')])
    .executeTakeFirst()
  return {
    accertato: pair(accertato),
    notIssued: pair(notIssued),
    issued: pair(issued),
    delivered: Number(delivered?.n ?? 0),
    paid: totalOf(received.map((r) => r.paid)),
    matched: totalOf(received.flatMap((r) => (r.matched === null ? [] : [r.matched]))),
    reversali: pair(reversali),
    flowsWaiting: pair(flowsWaiting),
  }
}

export interface MonthSums {
  /** By month 1–12, cents of that month alone. */
  readonly issued: readonly number[]
  readonly collected: readonly number[]
}

/** What was assessed (with variations) and collected month by month on the exercise's own accertamenti. */
export async function competenzaMonths(db: ReadHandle, exercise: number): Promise<MonthSums> {
  const raised = await db
    .selectFrom('accertamento')
    .where('exercise', '=', exercise)
    .groupBy(sql`substr("date", 1, 7)`)
    .select([sql<string>`substr("date", 1, 7)`.as('month'), sql<number>`cast(sum("assessedCents") as bigint)`.as('c')])
    .execute()
  const varied = await db
    .selectFrom('accertamentoVariation as v')
    .innerJoin('accertamento as a', 'a.id', 'v.accertamentoId')
    .where('v.exercise', '=', exercise)
    .where('a.exercise', '=', exercise)
    .groupBy(sql`substr(v."date", 1, 7)`)
    .select([sql<string>`substr(v."date", 1, 7)`.as('month'), sql<number>`cast(sum(v."cents") as bigint)`.as('c')])
    .execute()
  const issued = byMonth([...raised, ...varied], exercise)
  return { issued, collected: await collectedMonths(db, exercise, 'competenza') }
}

export async function collectedMonths(
  db: ReadHandle,
  exercise: number,
  origin: 'competenza' | 'residui',
): Promise<number[]> {
  const rows = await db
    .selectFrom('reversale as r')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .where('x.id', 'is', null)
    .where('r.exercise', '=', exercise)
    .where('r.originYear', origin === 'competenza' ? '=' : '<', exercise)
    .groupBy(sql`substr(r."date", 1, 7)`)
    .select([sql<string>`substr(r."date", 1, 7)`.as('month'), sql<number>`cast(sum(r."cents") as bigint)`.as('c')])
    .execute()
  return byMonth(rows, exercise)
}

/** Variations of the exercise on older accertamenti, by month. */
export async function residuiVariations(db: ReadHandle, exercise: number): Promise<number[]> {
  const rows = await db
    .selectFrom('accertamentoVariation as v')
    .innerJoin('accertamento as a', 'a.id', 'v.accertamentoId')
    .where('v.exercise', '=', exercise)
    .where('a.exercise', '<', exercise)
    .groupBy(sql`substr(v."date", 1, 7)`)
    .select([sql<string>`substr(v."date", 1, 7)`.as('month'), sql<number>`cast(sum(v."cents") as bigint)`.as('c')])
    .execute()
  return byMonth(rows, exercise)
}

/** What is dated before the year counts from January, after it in December: the ends always agree with the books. */
function byMonth(rows: readonly { readonly month: string; readonly c: number }[], exercise: number): number[] {
  const months = Array.from({ length: 12 }, () => 0)
  for (const row of rows) {
    const year = Number(row.month.slice(0, 4))
    const index = year < exercise ? 0 : year > exercise ? 11 : Number(row.month.slice(5, 7)) - 1
    months[index] = (months[index] ?? 0) + Number(row.c)
  }
  return months
}

/** Σ collected, Σ reversali and Σ regularised of the whole ledger: equal, or the books are broken (E1). */
export async function readE1(db: ReadHandle): Promise<{ collected: number; reversali: number; regularised: number }> {
  const collected = await db
    .selectFrom('accertamentoBalance')
    .select(sql<number>`cast(sum("collectedCents") as bigint)`.as('c'))
    .executeTakeFirst()
  const reversali = await db
    .selectFrom('reversale as r')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .where('x.id', 'is', null)
    .select(sql<number>`cast(sum(r."cents") as bigint)`.as('c'))
    .executeTakeFirst()
  const regularised = await db
    .selectFrom('movementBalance')
    .select(sql<number>`cast(sum("regularisedCents") as bigint)`.as('c'))
    .executeTakeFirst()
  return {
    collected: Number(collected?.c ?? 0),
    reversali: Number(reversali?.c ?? 0),
    regularised: Number(regularised?.c ?? 0),
  }
}
