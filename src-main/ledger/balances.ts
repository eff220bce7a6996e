import { checkBalances } from './equations/balances.ts'
import { checkExercises } from './equations/exercises.ts'
import { checkFlows } from './equations/flows.ts'
import { checkNumbers } from './equations/numbers.ts'
import { checkPositions } from './equations/positions.ts'
import { checkTotals } from './equations/totals.ts'
import type { ReadHandle } from './ledger.ts'

/**
 * The equations E1–E11 of DOMAIN.md §5 recomputed from the rows of one snapshot; E12 belongs to the reconciliation.
 * @returns one sentence per breach, «E3 accertamento 12: …», empty when the books hold.
 */
export async function checkEquations(db: ReadHandle): Promise<string[]> {
  const found: string[] = []
  for (const check of [checkTotals, checkBalances, checkFlows, checkExercises, checkNumbers, checkPositions]) {
    found.push(...(await check(db)))
  }
  return found
}
