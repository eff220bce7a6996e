import type { Id } from '#domain/brand'
import { ProblemError, problem } from '#domain/problem'
import { type DecisionRow, decisionsWithRevocations } from '#ledger/decision'
import type { ReadHandle } from '#ledger/ledger'
import { hasEffect, payloadOf } from './act-effect.ts'

interface Chosen {
  /** What the new revocations name: the last of each chain. */
  readonly revoke: readonly DecisionRow[]
  /** Decisions that stop standing, with all that was said together with them. */
  readonly takenBack: readonly DecisionRow[]
  /** Decisions that stand again, because their revocation is taken back. */
  readonly again: readonly DecisionRow[]
}

export async function chosenToUndo(db: ReadHandle, ids: readonly Id<'decision'>[]): Promise<Chosen> {
  const rows = new Map((await decisionsWithRevocations(db, ids)).map((row) => [row.id, row]))
  const revocationOf = new Map([...rows.values()].map((row) => [row.revokesId, row]))
  const revoke = new Map<number, DecisionRow>()
  const takenBack: DecisionRow[] = []
  const again: DecisionRow[] = []
  for (const id of new Set(ids)) {
    const row = rows.get(id)
    if (!row || row.revoked) throw new ProblemError(problem('DECISION_GONE', { id }))
    if (row.revokesId === null) {
      const last = lastOfChain(row, revocationOf)
      revoke.set(last.id, last)
      takenBack.push(row)
      for (const tied of await saidWith(db, row)) {
        revoke.set(tied.last.id, tied.last)
        takenBack.push(tied.row)
      }
      continue
    }
    const { first, depth } = await firstOfChain(db, row)
    if (hasEffect(first)) throw new ProblemError(problem('DECISION_NOT_AGAIN', { id: first.id }))
    const last = lastOfChain(row, revocationOf)
    revoke.set(last.id, last)
    // What takes back is taken back: the decision stands again. One step further it does not.
    if (depth % 2 === 1) again.push(first)
    else takenBack.push(first)
  }
  return { revoke: [...revoke.values()], takenBack, again }
}

/** The database lets each row be revoked once: a decision that was given again is taken back through what gave it. */
function lastOfChain(row: DecisionRow, revocationOf: ReadonlyMap<Id<'decision'> | null, DecisionRow>): DecisionRow {
  let last = row
  for (let next = revocationOf.get(last.id); next; next = revocationOf.get(last.id)) last = next
  return last
}

async function firstOfChain(
  db: ReadHandle,
  row: DecisionRow,
): Promise<{ readonly first: DecisionRow; readonly depth: number }> {
  let first = row
  let depth = 0
  while (first.revokesId !== null) {
    const id: Id<'decision'> = first.revokesId
    const found = (await decisionsWithRevocations(db, [id])).find((r) => r.id === id)
    if (!found) throw new ProblemError(problem('DECISION_GONE', { id }))
    first = found
    depth += 1
  }
  return { first, depth }
}

/** The match of the cash that a payment outside pagoPA brought. */
async function saidWith(
  db: ReadHandle,
  row: DecisionRow,
): Promise<{ readonly row: DecisionRow; readonly last: DecisionRow }[]> {
  const matchId = payloadOf(row).matchDecisionId
  if (typeof matchId !== 'number') return []
  const found = await decisionsWithRevocations(db, [matchId as Id<'decision'>])
  const match = found.find((r) => r.id === matchId)
  const revocationOf = new Map(found.map((r) => [r.revokesId, r]))
  return match && !match.revoked ? [{ row: match, last: lastOfChain(match, revocationOf) }] : []
}
