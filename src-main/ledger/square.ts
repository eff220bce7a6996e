import { type Cents, cents } from '#domain/money'
import type { ReadHandle } from './ledger.ts'

/**
 * What the quadratura cannot explain: of each of our flows that is kept as credited whole, the difference between what is
 * kept as credited and what credits give it (`given`, by flow id). Zero when the books square.
 */
export async function unexplainedCents(
  db: ReadHandle,
  receiver: string,
  given: ReadonlyMap<string, number>,
): Promise<Cents> {
  const rows = await db
    .selectFrom('flowLabel as l')
    .innerJoin('reportingFlow as f', 'f.id', 'l.reportingFlowId')
    .where('f.receiver', '=', receiver as never)
    .where('l.state', '=', 'credited')
    .select(['f.flowId', 'l.creditedCents'])
    .execute()
  const kept = new Map<string, number>(rows.map((row) => [row.flowId, row.creditedCents]))
  let difference = 0
  for (const flowId of new Set([...kept.keys(), ...given.keys()])) {
    difference += Math.abs((kept.get(flowId) ?? 0) - (given.get(flowId) ?? 0))
  }
  return cents(difference)
}
