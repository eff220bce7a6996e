import { decisionsInForce } from '#domain/reconcile-decisions'
import type { FlowOutcome } from '#domain/reconcile-outcome'
import type { ReconciledBooks } from './reconciled-books.ts'
import { type Seen, tableIndex } from './table-index.ts'

interface Given {
  readonly movementId: number
  readonly cents: number
}

const made = new WeakMap<ReconciledBooks, ReadonlyMap<string, readonly Given[]>>()

/** How much people have said that other credits give to this flow; a credit that was taken back gives no more. */
export function givenByHand(books: ReconciledBooks, flowId: string, exceptMovement: number): number {
  let byFlow = made.get(books)
  if (!byFlow) {
    byFlow = byFlowOf(books)
    made.set(books, byFlow)
  }
  return (byFlow.get(flowId) ?? []).reduce((sum, g) => sum + (g.movementId === exceptMovement ? 0 : g.cents), 0)
}

/** People have given the flow all that it is worth, out of other credits. */
export function isFull({ flowId, totalCents }: FlowOutcome, { movement }: Seen, books: ReconciledBooks): boolean {
  return givenByHand(books, flowId, movement.movementId) >= totalCents
}

function byFlowOf(books: ReconciledBooks): ReadonlyMap<string, readonly Given[]> {
  const { byMovement } = tableIndex(books)
  const byFlow = new Map<string, Given[]>()
  for (const { movementId, targets } of decisionsInForce(books.input.decisions).manual.values()) {
    const available = byMovement.get(movementId)?.outcome.availableCents ?? 0
    for (const target of targets) {
      if (target.kind !== 'flow' || available < target.cents) continue
      const given = { movementId, cents: target.cents }
      const list = byFlow.get(target.flowId)
      if (list) list.push(given)
      else byFlow.set(target.flowId, [given])
    }
  }
  return byFlow
}
