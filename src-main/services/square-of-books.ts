import { type Label, type LabelCode, labelTitle } from '#domain/labels'
import { cents, formatCents, sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { type Square, type SquareAmount, type SquareCredit, type SquareFlow, squareOf } from '#domain/quadratura'
import type { FlowOutcome } from '#domain/reconcile-outcome'
import type { ReadHandle } from '#ledger/ledger'
import { unexplainedCents } from '#ledger/square'
import type { ReconciledBooks } from './reconciled-books.ts'
import { type Seen, type TableIndex, tableIndex } from './table-index.ts'

/** They tell what a credit is matched to, or was before a storno: not why something is left of it. */
const NOT_A_REASON: ReadonlySet<LabelCode> = new Set(['MATCHED_FLOW', 'MATCHED_IUV', 'MATCHED_BY_HAND', 'STORNED'])

export interface BooksSquare extends Square {
  /** Inside what is matched: payments of other software or other institutions, which are not collected here. */
  readonly notOurs: SquareAmount
}

/** Payments that credited flows bring and that are not collected here. */
export function notOursOf(flows: readonly FlowOutcome[]): SquareAmount {
  const told = flows.flatMap((f) => f.labels.filter((label) => label.code === 'FLOW_NOT_ALL_OURS'))
  return {
    count: told.reduce((n, label) => n + Number(label.params.n), 0),
    cents: sum(told.map((label) => cents(Number(label.params.cents)))),
  }
}

/**
 * Quadratura of these movements, or (null) of all. Flows of a scope are those that its credits cover and, as they may be
 * waited for on any account, those not covered yet.
 */
export function squareOfBooks(books: ReconciledBooks, scope: ReadonlySet<number> | null): BooksSquare {
  const index = tableIndex(books)
  const covered = new Map<string, number>()
  const proposed = new Set<string>()
  const credits: SquareCredit[] = []
  for (const seen of index.movements) {
    const { movementId, cents: amount } = seen.movement
    if (amount <= 0 || (scope !== null && !scope.has(movementId))) continue
    const credit = squareCredit(seen, index)
    for (const { target, cents: part } of index.edgesOf.get(movementId) ?? []) {
      if (target.kind === 'flow') covered.set(target.flowId, (covered.get(target.flowId) ?? 0) + part)
    }
    for (const { target } of index.proposalsOf.get(movementId) ?? []) {
      if (target.kind === 'flow') proposed.add(target.flowId)
    }
    credits.push(credit)
  }
  const flows: SquareFlow[] = []
  for (const flow of books.outcome.flows) {
    if (flow.versionState === 'otherReceiver') continue
    const given = covered.get(flow.flowId) ?? 0
    // Over the whole books the flow's own figure is used: it must say the same as the credits.
    const own = flow.credit === 'credited' ? flow.creditedCents : 0
    if (scope !== null && flow.credit === 'credited' && given === 0) continue
    flows.push({
      cents: flow.totalCents,
      covered: cents(scope === null ? own : given),
      proposed: proposed.has(flow.flowId),
      reason: flowReason(flow),
    })
  }
  const touched = books.outcome.flows.filter((f) => scope === null || covered.has(f.flowId))
  return { ...squareOf(credits, flows), notOurs: notOursOf(touched) }
}

function squareCredit({ movement, outcome }: Seen, index: TableIndex): SquareCredit {
  const to = { flow: 0, iuv: 0, accertamento: 0, storno: 0, internal: 0 }
  for (const { target, cents: part } of index.edgesOf.get(movement.movementId) ?? []) to[target.kind] += part
  return {
    cents: movement.cents,
    storned: cents(movement.cents - outcome.availableCents),
    toFlows: cents(to.flow),
    toPayments: cents(to.iuv),
    toAccertamenti: cents(to.accertamento),
    proposed: index.proposalsOf.has(movement.movementId),
    reason: reasonOf(outcome.labels.find(({ code }) => !NOT_A_REASON.has(code))),
  }
}

function flowReason({ credit, labels }: FlowOutcome): string {
  return credit === 'credited' ? 'accreditati in altri estratti conto' : reasonOf(labels[0])
}

function reasonOf(label: Label | undefined): string {
  return label === undefined ? 'senza motivo' : labelTitle(label.code).toLowerCase()
}

/**
 * Refuses to go on while credits and flows do not agree to the cent on what is matched, in what the evidence says or in what
 * the ledger keeps of it.
 */
export async function refuseUnsquare(db: ReadHandle, books: ReconciledBooks): Promise<void> {
  const { edges, flows } = books.outcome
  const given = new Map<string, number>(flows.flatMap((f) => (f.credit === 'credited' ? [[f.flowId, 0] as const] : [])))
  for (const { target, cents: part } of edges) {
    if (target.kind === 'flow') given.set(target.flowId, (given.get(target.flowId) ?? 0) + part)
  }
  const said = squareOfBooks(books, null).unexplainedCents
  const difference = said === 0 ? await unexplainedCents(db, books.input.receiver, given) : said
  if (difference !== 0) throw new ProblemError(problem('POSTING_NOT_SQUARE', { difference: formatCents(difference) }))
}
