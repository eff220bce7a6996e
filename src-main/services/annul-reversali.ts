import type { Id } from '#domain/brand'
import { formatDate, type Instant, maxDate, romeDate } from '#domain/date'
import { ProblemError, problem } from '#domain/problem'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { annulReversale, type ReversaleStanding, reversaleStandings } from '#ledger/posting'
import { readSetting } from '#ledger/setting'
import { NO_PEOPLE, reconcileLedger } from './reconcile-ledger.ts'
import type { ReconciledBooks } from './reconciled-books.ts'

/** Setting: a reversale that the treasurer has carried out may be annulled on a treasury account too (DOMAIN.md §10.4). */
const ANNUL_EXECUTED = 'annulExecuted'

export interface AnnulOrder {
  readonly reversaleIds: readonly Id<'reversale'>[]
  readonly reason: string
  readonly at: Instant
  readonly operator: string
}

/**
 * Annuls reversali in the caller's transaction, in order of number, then reconciles: their credits and accertamenti are
 * free and the lines that the evidence still wants are to be posted again. What the caller decided before is counted.
 * @throws ProblemError REVERSALE_NOT_FOUND, REVERSALE_ALREADY_ANNULLED, REVERSALE_EXECUTED; then none is annulled.
 */
export async function annulAndReopen(db: WriteHandle, order: AnnulOrder): Promise<ReconciledBooks | null> {
  const { reason, at, operator } = order
  const ids = [...new Set(order.reversaleIds)].sort((a, b) => a - b)
  for (const { id, date } of await annullable(db, ids)) {
    // Never before its own date: the database refuses it.
    await annulReversale(db, { reversaleId: id, date: maxDate(romeDate(at), date), reason, at, operator })
  }
  return reconcileLedger(db, at, NO_PEOPLE)
}

async function annullable(db: ReadHandle, ids: readonly Id<'reversale'>[]): Promise<ReversaleStanding[]> {
  const standings = new Map((await reversaleStandings(db, ids)).map((r) => [r.id, r]))
  const executedToo = (await readSetting(db, ANNUL_EXECUTED)) === 'true'
  return ids.map((id) => {
    const found = standings.get(id)
    if (!found) throw new ProblemError(problem('REVERSALE_NOT_FOUND', { id }))
    const { number, exercise, executedOn } = found
    if (found.annulled) throw new ProblemError(problem('REVERSALE_ALREADY_ANNULLED', { number, exercise }))
    // Elsewhere it only says that the bank has seen it.
    if (executedOn !== null && found.accountKind === 'treasury' && !executedToo) {
      throw new ProblemError(problem('REVERSALE_EXECUTED', { number, exercise, date: formatDate(executedOn) }))
    }
    return found
  })
}
