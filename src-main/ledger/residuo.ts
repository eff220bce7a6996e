import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Cents } from '#domain/money'
import type { ReadHandle } from './ledger.ts'

/** Opening + varied − eliminated − collected = left. */
export interface ResiduoSums {
  /** Left at the end of the year before. Below zero only where the books of that year overdraw it. */
  readonly openingCents: Cents
  /** Increases and decreases decided in the exercise. */
  readonly variedCents: Cents
  readonly collectedCents: Cents
  /** Written off in the exercise, as a positive sum. */
  readonly eliminatedCents: Cents
  readonly leftCents: Cents
}

/** One residuo as an exercise sees it. */
export interface ResiduoRow extends ResiduoSums {
  readonly accertamentoId: Id<'accertamento'>
  /** Exercise of origin, and the number that it keeps for ever. */
  readonly exercise: number
  readonly number: number
  readonly capitoloId: Id<'capitolo'>
  readonly personId: Id<'person'>
  readonly personName: string
  readonly causale: string
}

/** Residui of one capitolo and one year of origin. */
export interface ResiduoTotal extends ResiduoSums {
  readonly exercise: number
  readonly capitoloId: Id<'capitolo'>
  readonly accertamenti: number
}

export interface ResiduoFilter {
  readonly originYear?: number | null
  readonly capitoloId?: Id<'capitolo'> | null
}

/**
 * Residui of an exercise: those of earlier origin with something left on 1 January, or touched in the exercise. Computed from
 * the books; of a closed year they are its `residuo` rows (E7).
 */
function residuiOf(db: ReadHandle, exercise: number, { originYear = null, capitoloId = null }: ResiduoFilter) {
  const off = sql`"kind" in ('writeOff', 'cancellation')`
  let all = db
    .with('varied', (q) =>
      q
        .selectFrom('accertamentoVariation')
        .where('exercise', '>=', exercise)
        .groupBy('accertamentoId')
        .select('accertamentoId')
        .select(sql<number>`sum("cents")`.as('since'))
        .select(sql<number>`sum(case when "exercise" = ${exercise} and not ${off} then "cents" else 0 end)`.as('cents'))
        .select(sql<number>`sum(case when "exercise" = ${exercise} and ${off} then -"cents" else 0 end)`.as('off')),
    )
    .with('collected', (q) =>
      q
        .selectFrom('reversale as r')
        .innerJoin('reversaleLine as l', 'l.reversaleId', 'r.id')
        .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
        .where('x.id', 'is', null)
        .where('r.exercise', '>=', exercise)
        .where('r.originYear', '<', exercise)
        .groupBy('l.accertamentoId')
        .select('l.accertamentoId')
        .select(sql<number>`sum(l."cents")`.as('since'))
        .select(sql<number>`sum(case when r."exercise" = ${exercise} then l."cents" else 0 end)`.as('cents')),
    )
    .with('residui', (q) => {
      let rows = q
        .selectFrom('accertamento as a')
        .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
        .leftJoin('varied as v', 'v.accertamentoId', 'a.id')
        .leftJoin('collected as c', 'c.accertamentoId', 'a.id')
        .where('a.exercise', '<', exercise)
        // What is settled, and was not touched from that exercise on, had nothing left on 1 January.
        .where(
          sql<boolean>`(b."dueCents" <> b."collectedCents" or v."accertamentoId" is not null or c."accertamentoId" is not null)`,
        )
        .select(['a.id', 'a.exercise', 'a.number', 'a.capitoloId', 'a.personId', 'a.causale'])
        .select(
          sql<number>`b."dueCents" - b."collectedCents" - coalesce(v."since", 0) + coalesce(c."since", 0)`.as(
            'opening',
          ),
        )
        .select(sql<number>`coalesce(v."cents", 0)`.as('varied'))
        .select(sql<number>`coalesce(v."off", 0)`.as('eliminated'))
        .select(sql<number>`coalesce(c."cents", 0)`.as('collected'))
      if (originYear !== null) rows = rows.where('a.exercise', '=', originYear)
      if (capitoloId !== null) rows = rows.where('a.capitoloId', '=', capitoloId)
      return rows
    })
    .selectFrom('residui as t')
  all = all.where(sql<boolean>`(t."opening" <> 0 or t."varied" <> 0 or t."eliminated" <> 0 or t."collected" <> 0)`)
  return all
}

/** Residui by accertamento, oldest first: a page of them, or all. */
export async function listResidui(
  db: ReadHandle,
  exercise: number,
  filter: ResiduoFilter = {},
  page?: { readonly offset: number; readonly limit: number },
): Promise<ResiduoRow[]> {
  let query = residuiOf(db, exercise, filter)
    .innerJoin('person as p', 'p.id', 't.personId')
    .select(['t.id as accertamentoId', 't.exercise', 't.number', 't.capitoloId', 't.personId', 't.causale'])
    .select(['p.name as personName', 't.opening', 't.varied', 't.collected', 't.eliminated'])
    .orderBy('t.exercise')
    .orderBy('t.number')
  if (page !== undefined) query = query.offset(page.offset).limit(page.limit)
  const rows = await query.execute()
  return rows.map(({ opening, varied, collected, eliminated, ...row }) => ({
    ...row,
    ...sumsOf({ opening, varied, collected, eliminated }),
  }))
}

/** Residui by year of origin and capitolo. */
export async function sumResidui(
  db: ReadHandle,
  exercise: number,
  filter: ResiduoFilter = {},
): Promise<ResiduoTotal[]> {
  const total = (column: 'opening' | 'varied' | 'collected' | 'eliminated') =>
    sql<number>`cast(sum(t.${sql.ref(column)}) as bigint)`.as(column)
  const rows = await residuiOf(db, exercise, filter)
    .groupBy(['t.exercise', 't.capitoloId'])
    .select(['t.exercise', 't.capitoloId', sql<number>`count(*)`.as('accertamenti')])
    .select([total('opening'), total('varied'), total('collected'), total('eliminated')])
    .orderBy('t.exercise')
    .orderBy('t.capitoloId')
    .execute()
  return rows.map(({ exercise: origin, capitoloId, accertamenti, ...sums }) => ({
    ...{ exercise: origin, capitoloId, accertamenti: Number(accertamenti) },
    ...sumsOf(sums),
  }))
}

/** What residui open the exercise with, by year of origin and capitolo: `sumResidui` without a look at each of them. */
export async function openResidui(
  db: ReadHandle,
  exercise: number,
  filter: { readonly capitoloId: Id<'capitolo'> | null },
): Promise<Pick<ResiduoTotal, 'exercise' | 'capitoloId' | 'openingCents'>[]> {
  const left = await db
    .selectFrom('accertamento as a')
    .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
    .where('a.exercise', '<', exercise)
    .whereRef('b.dueCents', '<>', 'b.collectedCents')
    .groupBy(['a.exercise', 'a.capitoloId'])
    .select([
      'a.exercise',
      'a.capitoloId',
      sql<number>`cast(sum(b."dueCents" - b."collectedCents") as bigint)`.as('cents'),
    ])
    .execute()
  const varied = await db
    .selectFrom('accertamentoVariation as v')
    .innerJoin('accertamento as a', 'a.id', 'v.accertamentoId')
    .where('v.exercise', '>=', exercise)
    .where('a.exercise', '<', exercise)
    .groupBy(['a.exercise', 'a.capitoloId'])
    .select(['a.exercise', 'a.capitoloId', sql<number>`cast(-sum(v."cents") as bigint)`.as('cents')])
    .execute()
  const collected = await db
    .selectFrom('reversale as r')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .where('x.id', 'is', null)
    .where('r.exercise', '>=', exercise)
    .where('r.originYear', '<', exercise)
    .groupBy(['r.originYear', 'r.capitoloId'])
    .select(['r.originYear as exercise', 'r.capitoloId', sql<number>`cast(sum(r."cents") as bigint)`.as('cents')])
    .execute()
  const opening = new Map<string, { exercise: number; capitoloId: Id<'capitolo'>; openingCents: number }>()
  for (const { exercise: origin, capitoloId, cents } of [...left, ...varied, ...collected]) {
    if (filter.capitoloId !== null && capitoloId !== filter.capitoloId) continue
    const key = `${origin} ${capitoloId}`
    const before = opening.get(key)?.openingCents ?? 0
    opening.set(key, { exercise: origin, capitoloId, openingCents: before + Number(cents) })
  }
  const totals = [...opening.values()].map((of) => ({ ...of, openingCents: of.openingCents as Cents }))
  // Opened with nothing and touched since: only one by one do they say whether the exercise has them at all.
  if (totals.some((of) => of.openingCents === 0)) return sumResidui(db, exercise, filter)
  return totals.sort((a, b) => a.exercise - b.exercise || a.capitoloId - b.capitoloId)
}

function sumsOf(of: Readonly<Record<'opening' | 'varied' | 'collected' | 'eliminated', number>>): ResiduoSums {
  const [opening, varied] = [Number(of.opening), Number(of.varied)]
  const [collected, eliminated] = [Number(of.collected), Number(of.eliminated)]
  return {
    openingCents: opening as Cents,
    variedCents: varied as Cents,
    collectedCents: collected as Cents,
    eliminatedCents: eliminated as Cents,
    leftCents: (opening + varied - collected - eliminated) as Cents,
  }
}
