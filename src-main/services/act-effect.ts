import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { JsonValue } from '#domain/json'
import { type Cents, cents } from '#domain/money'
import type { ActPosition } from '#ledger/act-facts'
import type { DecisionRow, DecisionToSay } from '#ledger/decision'

/** Beside its decision an act may move the cash or raise an accertamento: done when the decision is said. */
export type Effect =
  | {
      readonly kind: 'excess'
      /** Null: nobody knows whose it is. */
      readonly personId: Id<'person'> | null
      readonly cents: Cents
      readonly text: string
    }
  | {
      readonly kind: 'cash'
      readonly position: ActPosition
      readonly cashAccountId: Id<'bankAccount'>
      readonly cents: Cents
      readonly date: IsoDate
      readonly document: string
    }

export interface PlannedAct extends DecisionToSay {
  readonly effect: Effect | null
}

export function payloadOf(row: { readonly payload: JsonValue }): Record<string, JsonValue> {
  return (row.payload ?? {}) as Record<string, JsonValue>
}

export function hasEffect(row: DecisionRow): boolean {
  const { excessAccertamentoId, cashMovementId } = payloadOf(row)
  return excessAccertamentoId !== undefined || cashMovementId !== undefined
}

/** Oldest first, until the money is over (DOMAIN.md §5.2). */
export function fill(
  debts: readonly { readonly accertamentoId: number; readonly outstandingCents: Cents }[],
  amount: Cents,
): { kind: 'accertamento'; accertamentoId: number; cents: Cents }[] {
  let left: number = amount
  return debts.flatMap(({ accertamentoId, outstandingCents }) => {
    const part = Math.min(left, outstandingCents)
    left -= part
    return part > 0 ? [{ kind: 'accertamento' as const, accertamentoId, cents: cents(part) }] : []
  })
}
