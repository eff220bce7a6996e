import { type Cents, cents, sum } from '#domain/money'
import { decisionsInForce } from '#domain/reconcile-decisions'
import type { ReconciledBooks } from './reconciled-books.ts'

/** Assignments whose accertamento no payment reaches any more. */
export interface UnpaidAssignments {
  /** `flowId` → row key → what was raised, and what of the row was given in all. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, { readonly raised: Cents; readonly given: Cents }>>
  /** What was raised, by credit matched by hand. */
  readonly movements: ReadonlyMap<number, Cents>
}

const NONE: UnpaidAssignments = { rows: new Map(), movements: new Map() }

/**
 * Assignments by hand that raised an accertamento (to be given back, or to be identified) and that a new version of the flow or
 * a storno has left without their payment: what was raised would stay due for ever. Not those whose
 * accertamento is collected in the books (an alarm tells), nor those cancelled by hand.
 */
export function unpaidAssignments({ input, outcome, posted }: ReconciledBooks): UnpaidAssignments {
  const raising = input.decisions.some((d) => 'excessAccertamentoId' in d)
  if (!raising) return NONE
  const { assigned, manual } = decisionsInForce(input.decisions)
  const collected = new Set([...outcome.lines, ...posted].map((line) => line.accertamentoId))
  const due = new Map(input.due.map((a) => [a.accertamentoId, a.dueCents]))
  const unpaid = (said: { readonly excessAccertamentoId?: number }): Cents => {
    const id = said.excessAccertamentoId
    return id === undefined || collected.has(id) ? cents(0) : (due.get(id) ?? cents(0))
  }
  const rows = new Map(
    [...assigned].map(([flowId, of]) => {
      const found = [...of].flatMap(([rowKey, said]) => {
        const raised = unpaid(said)
        return raised > 0 ? [[rowKey, { raised, given: sum(said.targets.map((t) => t.cents)) }] as const] : []
      })
      return [flowId, new Map(found)] as const
    }),
  )
  const movements = new Map(
    [...manual].flatMap(([id, said]) => (unpaid(said) > 0 ? [[id, unpaid(said)] as const] : [])),
  )
  return { rows, movements }
}
