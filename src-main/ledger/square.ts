import { type Cents, cents } from '#domain/money'
import type { ReadHandle } from './ledger.ts'

/**
 * What the quadratura cannot explain: of each flow that is credited whole, the difference between what it says it got and
 * what the credits say they gave it. Zero when the books square.
 */
export async function unexplainedCents(db: ReadHandle): Promise<Cents> {
  const rows = await db
    .selectFrom('flowLabel as f')
    .leftJoin('match as k', (join) =>
      join.onRef('k.reportingFlowId', '=', 'f.reportingFlowId').on('k.closedReason', 'is', null),
    )
    .where('f.state', '=', 'credited')
    .groupBy(['f.reportingFlowId', 'f.creditedCents'])
    .select((eb) => ['f.creditedCents', eb.fn.sum('k.cents').as('given')])
    .execute()
  return cents(rows.reduce((sum, row) => sum + Math.abs(row.creditedCents - Number(row.given ?? 0)), 0))
}
