import type { Id } from '#domain/brand'
import { cents, sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { actReversali } from '#ledger/act-facts'
import {
  type DecisionRow,
  type DecisionToSay,
  insertDecisions,
  reconcileDecisions,
  revokeDecisions,
} from '#ledger/decision'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { type Act, type Author, nameOfReversale } from './act.ts'
import { type PlannedAct, payloadOf } from './act-effect.ts'
import { planActs, STRICT_KINDS } from './act-plan.ts'
import { annulAndReopen } from './annul-reversali.ts'
import { chosenToUndo } from './decision-chain.ts'
import { cancelExcess, carryOut, raisedBy, takeCashBack } from './decision-effects.ts'
import {
  keptBeside,
  type Orphan,
  orphansOf,
  orphansSince,
  refuseClosed,
  refuseDoubled,
  reversaliOf,
} from './orphaned-lines.ts'
import { NO_PEOPLE, reconciledBooks, reconcileLedger } from './reconcile-ledger.ts'
import type { ReconciledBooks } from './reconciled-books.ts'

export interface Said {
  readonly decisionIds: readonly Id<'decision'>[]
  /** Reversali annulled with it: «2026/12». */
  readonly annulled: readonly string[]
}

interface Order {
  readonly reason: string
  readonly annul: boolean
}

/**
 * Says all the acts in the caller's write, reconciles once, and either nothing that was posted lost its support, or the
 * reversali that did are annulled here with the reason.
 * @throws ProblemError in words; then the caller's write comes to nothing.
 */
export async function decideActs(
  db: WriteHandle,
  acts: readonly Act[],
  order: Order,
  author: Author,
): Promise<Said & { readonly planned: readonly PlannedAct[] }> {
  await refuseUnlessAlarm(db, acts, author)
  const planned = await planActs(db, acts, order.reason, author)
  const said: DecisionToSay[] = []
  let raised = false
  for (const act of planned) {
    const more = act.effect ? await carryOut(db, act, act.effect, author) : [act]
    raised ||= act.effect?.kind === 'excess'
    said.push(...more)
  }
  const decisionIds = await insertDecisions(db, said)
  if (said.every(({ decision }) => decision.kind === 'skip')) return { decisionIds, annulled: [], planned }
  const books = await reconcileLedger(db, author.at, raised ? { people: true } : NO_PEOPLE)
  if (!books) return { decisionIds, annulled: [], planned }
  refuseDoubled(books, keptBy(acts))
  const own = new Set<number>(decisionIds)
  const before = books.input.decisions.filter((d) => !own.has(d.decisionId))
  const told = books.input.decisions.filter((d) => own.has(d.decisionId))
  const orphans = withMore(orphansSince(books, before), keptBeside(books, told))
  const strict = said.some(({ decision }) => STRICT_KINDS.has(decision.kind))
  const annulled = await annulOrphans(db, orphans, { ...order, refuse: strict }, author)
  return { decisionIds, annulled, planned }
}

/** Only a reversale that the evidence has left can be kept: the others need no word. */
async function refuseUnlessAlarm(db: ReadHandle, acts: readonly Act[], { at }: Author): Promise<void> {
  const kept = keptBy(acts)
  if (kept.length === 0) return
  const gone = new Set((await reconciledBooks(db, at))?.plan.gone.map((line) => line.reversaleId))
  for (const id of kept) {
    if (gone.has(id)) continue
    const name = { exercise: Math.floor(id / 1_000_000), number: id % 1_000_000 }
    throw new ProblemError(problem('REVERSALE_SUPPORTED', name))
  }
}

/**
 * Takes decisions back in the caller's write, with what hangs on them: cash received, accertamenti raised for what exceeds.
 * @throws ProblemError DECISION_GONE, DECISION_NOT_AGAIN, MATCH_POSTED, MATCH_IN_CLOSED; then the caller's write comes to nothing.
 */
export async function undoDecisions(
  db: WriteHandle,
  ids: readonly Id<'decision'>[],
  order: Order,
  author: Author,
): Promise<Said> {
  const chosen = await chosenToUndo(db, ids)
  const reason = order.reason.trim() === '' ? 'Disfatto' : order.reason
  const decisionIds = await revokeDecisions(db, chosen.revoke, { reason, ...author })
  const added = await takeCashBack(db, chosen.takenBack, author)
  const restored = reconcileDecisions(chosen.takenBack)
  let books = await reconcileLedger(db, author.at, NO_PEOPLE)
  if (!books) return { decisionIds, annulled: [] }
  const again = new Set<number>(chosen.again.map((row) => row.id))
  const before = [...books.input.decisions.filter((d) => !again.has(d.decisionId)), ...restored]
  const letGo = new Set(chosen.takenBack.flatMap(keptReversale))
  const orphans = withRaised(books, orphansSince(books, before, added), chosen.takenBack).filter(
    (line) => !letGo.has(line.reversaleId),
  )
  const annulled = await annulOrphans(db, orphans, { annul: order.annul, reason, refuse: true }, author)
  if (await cancelExcess(db, chosen.takenBack, reason, author)) books = await reconcileLedger(db, author.at)
  return { decisionIds, annulled }
}

/** Reversali that the acts, or taking decisions back, would leave without support. */
export async function consequencesOf(
  db: ReadHandle,
  what: { readonly acts: readonly Act[]; readonly undo: readonly Id<'decision'>[] },
  author: Author,
) {
  const books = await reconciledBooks(db, author.at)
  const planned = await planActs(db, what.acts, 'prova', author)
  const { takenBack, again } = await chosenToUndo(db, what.undo)
  if (!books) return { reversali: [], freedCents: cents(0) }
  const back = new Set<number>(takenBack.map((row) => row.id))
  const last = books.input.decisions.reduce((max, d) => Math.max(max, d.decisionId), 0)
  const supposed = planned.map(
    ({ decision }, index): DecisionRow => ({
      ...decision,
      id: (last + 1 + index) as Id<'decision'>,
      revokesId: null,
      revoked: false,
    }),
  )
  const decisions = [
    ...books.input.decisions.filter((d) => !back.has(d.decisionId)),
    ...reconcileDecisions([...again, ...supposed]),
  ]
  const letGo = new Set(takenBack.flatMap(keptReversale))
  const lost = withMore(orphansOf(books, decisions), keptBeside(books, reconcileDecisions(supposed)))
  const orphans = withRaised(books, lost, takenBack).filter((line) => !letGo.has(line.reversaleId))
  const strict = what.undo.length > 0 || planned.some(({ decision }) => STRICT_KINDS.has(decision.kind))
  if (strict) await refuseClosed(db, orphans)
  const reversali = await actReversali(db, reversaliOf(orphans, strict))
  return {
    reversali: reversali.map(({ id, ...r }) => ({ reversaleId: id, name: nameOfReversale(id), ...r })),
    freedCents: sum(orphans.map((line) => line.cents)),
  }
}

/**
 * And what is collected on accertamenti that go with these decisions, though it was an alarm or kept already: nothing can be
 * cancelled that is collected.
 */
function withRaised(
  books: ReconciledBooks,
  orphans: readonly Orphan[],
  takenBack: readonly DecisionRow[],
): readonly Orphan[] {
  const raised = raisedBy(takenBack)
  if (raised.size === 0) return orphans
  return withMore(
    orphans,
    books.posted.filter((line) => raised.has(line.accertamentoId)),
  )
}

function withMore(orphans: readonly Orphan[], more: readonly Orphan[]): readonly Orphan[] {
  const known = new Set(orphans.map((line) => line.lineId))
  return [...orphans, ...more.filter((line) => !known.has(line.lineId))]
}

async function annulOrphans(
  db: WriteHandle,
  orphans: readonly Orphan[],
  order: Order & { readonly refuse: boolean },
  author: Author,
): Promise<string[]> {
  if (order.refuse) await refuseClosed(db, orphans)
  const ids = reversaliOf(orphans, order.refuse)
  const names = ids.map(nameOfReversale)
  if (ids.length === 0) return []
  if (!order.annul) {
    if (order.refuse) throw new ProblemError(problem('MATCH_POSTED', { reversali: names.join(', ') }))
    return []
  }
  if (order.reason.trim().length < 3) {
    throw new ProblemError(problem('DECISION_REASON_MISSING', { act: `Annulla ${names.join(', ')}` }))
  }
  await annulAndReopen(db, { reversaleIds: ids, reason: order.reason, ...author })
  return names
}

function keptBy(acts: readonly Act[]): Id<'reversale'>[] {
  return acts.flatMap((act) => (act.kind === 'keepReversale' ? [act.reversaleId as Id<'reversale'>] : []))
}

function keptReversale(row: DecisionRow): number[] {
  return row.kind === 'keepReversale' ? [Number(payloadOf(row).reversaleId)] : []
}
