import type { Id } from '#domain/brand'
import { formatCents, sum } from '#domain/money'
import { type PostedLine, plan } from '#domain/plan'
import { ProblemError, problem } from '#domain/problem'
import { reconcile } from '#domain/reconcile'
import { decisionsInForce } from '#domain/reconcile-decisions'
import type { Decision, ManualTarget } from '#domain/reconcile-evidence'
import type { TargetLine } from '#domain/reconcile-outcome'
import { listExerciseStates } from '#ledger/chart'
import type { ReadHandle } from '#ledger/ledger'
import type { PostedLineRow } from '#ledger/posted-lines'
import { nameOfReversale } from './act.ts'
import type { ReconciledBooks } from './reconciled-books.ts'

/** A posted line that decisions leave without support. `kept`: the books hold it all the same, so no alarm would tell. */
export interface Orphan extends PostedLineRow {}

/**
 * Posted lines without support now that had it with those decisions, and without those movements. The engine is asked again
 * only when there are any: it is pure, so what was before can be worked out after.
 */
export function orphansSince(
  books: ReconciledBooks,
  decisions: readonly Decision[],
  without: ReadonlySet<number> = new Set(),
): readonly Orphan[] {
  const now = unsupportedNow(books)
  if (now.size === 0) return []
  const movements =
    without.size === 0 ? books.input.movements : books.input.movements.filter((m) => !without.has(m.movementId))
  const before = unsupported(reconcile({ ...books.input, movements, decisions }).lines, books.posted)
  return books.posted.filter((line) => now.has(line.lineId) && !before.has(line.lineId))
}

/** Those that lose their support if the decisions become these. */
export function orphansOf(books: ReconciledBooks, decisions: readonly Decision[]): readonly Orphan[] {
  const now = unsupportedNow(books)
  const after = unsupported(reconcile({ ...books.input, decisions }).lines, books.posted)
  return books.posted.filter((line) => after.has(line.lineId) && !now.has(line.lineId))
}

/**
 * Posted lines that the books keep on credits of which these decisions say something else, as far as they leave no money for
 * them: the evidence had left them before, so that nothing else would tell.
 */
export function keptBeside({ outcome, posted }: ReconciledBooks, said: readonly Decision[]): readonly Orphan[] {
  if (!posted.some((line) => line.kept)) return []
  const available = new Map(outcome.movements.map((m) => [m.movementId, m.availableCents]))
  return said.flatMap((decision) => {
    if (decision.kind !== 'manualMatch' && decision.kind !== 'exclude' && decision.kind !== 'internal') return []
    const { movementId } = decision
    const kept = posted.filter((line) => line.kept && line.movementId === movementId)
    if (decision.kind !== 'manualMatch') return kept
    const others = kept.filter((line) => !decision.targets.some((target) => isGivenTo(line, target)))
    const needed = sum([...decision.targets, ...others].map((part) => part.cents))
    return needed > (available.get(movementId) ?? 0) ? others : []
  })
}

function isGivenTo(line: Orphan, target: ManualTarget): boolean {
  if (target.kind === 'flow') return line.flowId === target.flowId
  if (target.kind === 'iuv') return line.iuv === target.iuv
  return line.accertamentoId === target.accertamentoId
}

/** The plan of these books says it already, unless something is kept. */
function unsupportedNow({ outcome, posted, plan: known }: ReconciledBooks): ReadonlySet<number> {
  if (posted.some((line) => line.kept)) return unsupported(outcome.lines, posted)
  return new Set(known.gone.map((line) => line.lineId))
}

function unsupported(lines: readonly TargetLine[], posted: readonly PostedLine[]): ReadonlySet<number> {
  const asIfFree = posted.some((line) => line.kept) ? posted.map((line) => ({ ...line, kept: false })) : posted
  return new Set(plan(lines, asIfFree).gone.map((line) => line.lineId))
}

/** Their reversali, in order; `kept` those too that the books hold by a decision. */
export function reversaliOf(orphans: readonly Orphan[], kept: boolean): Id<'reversale'>[] {
  const ids = orphans.flatMap((line) => (kept || !line.kept ? [line.reversaleId] : []))
  return [...new Set(ids)].sort((a, b) => a - b) as Id<'reversale'>[]
}

/** @throws ProblemError MATCH_IN_CLOSED: what a closed exercise has collected cannot be annulled to decide otherwise. */
export async function refuseClosed(db: ReadHandle, orphans: readonly Orphan[]): Promise<void> {
  if (!orphans.some((line) => line.kept)) return
  const open = new Set((await listExerciseStates(db)).flatMap((e) => (e.state === 'open' ? [e.year] : [])))
  const closed = orphans.filter((line) => !open.has(line.exercise))
  if (closed.length === 0) return
  const reversali = reversaliOf(closed, true).map(nameOfReversale).join(', ')
  throw new ProblemError(problem('MATCH_IN_CLOSED', { reversali }))
}

/**
 * A reversale is not kept over payments that a person has assigned otherwise: they would be in the books twice, or the
 * assignment would wait for ever.
 * @throws ProblemError REVERSALE_KEEP_ASSIGNED
 */
export function refuseDoubled(books: ReconciledBooks, reversali: readonly Id<'reversale'>[]): void {
  if (reversali.length === 0) return
  const left = unsupportedNow(books)
  const { assigned } = decisionsInForce(books.input.decisions)
  const doubled = books.posted.find(
    ({ lineId, reversaleId, flowId, rowKey }) =>
      flowId !== null &&
      rowKey !== null &&
      left.has(lineId) &&
      reversali.some((id) => id === reversaleId) &&
      assigned.get(flowId)?.has(rowKey),
  )
  if (doubled === undefined) return
  const { reversaleId, iuv, flowId, cents } = doubled
  throw new ProblemError(
    problem('REVERSALE_KEEP_ASSIGNED', {
      ...{ reversale: nameOfReversale(reversaleId), iuv: iuv ?? '', flowId: flowId ?? '', cents: formatCents(cents) },
    }),
  )
}
