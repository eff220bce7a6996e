import { type Cents, cents } from '#domain/money'
import type { Client } from './client.ts'

/** What `riepilogo.json` says. Money only where there is some; `movements` are all rows of the statement, signed. */
export interface Summary {
  readonly accertamenti: Amount
  readonly positions: Amount
  readonly notices: { readonly count: number }
  readonly deliveries: { readonly count: number }
  readonly flows: Amount
  readonly movements: Amount
  /** Credits matched in full. */
  readonly matched: Amount
  readonly reversali: Amount
  /** Quietanze. */
  readonly receipts: Amount
  readonly unmatched: readonly Unmatched[]
}

interface Amount {
  readonly count: number
  readonly cents: Cents
}

export interface Unmatched {
  readonly kind: 'flow' | 'movement'
  /** Flow id, or the bank's reference or description. */
  readonly reference: string
  readonly cents: Cents
  /** Code of the label (DOMAIN.md §6). */
  readonly reason: string
}

const ONE = { limit: 1 }

/** Reads the books back through the same procedures as the screen. */
export async function summarise(
  client: Client,
  from: { readonly exercise: number; readonly notices: number },
): Promise<Summary> {
  const { exercise } = from
  const accertamenti = await client.accertamento.list({ filters: { exercise }, ...ONE })
  const positions = await client.debtPosition.list({ filters: { exercise }, ...ONE })
  const deliveries = await client.delivery.list({ filters: { state: ['sent', 'delivered'] }, ...ONE })
  const flows = await client.reportingFlow.list({ filters: {}, ...ONE })
  const movements = await client.bankStatement.movements({ filters: {}, ...ONE })
  const board = await client.reconciliation.board({})
  const reversali = await client.reversale.list({ filters: { exercise, state: ['issued'] }, ...ONE })
  const receipts = await client.quietanza.list({ filters: { exercise }, ...ONE })
  const matched = new Map(board.matched.map((row) => [row.bankMovementId, row.cents]))
  const unmatched: Unmatched[] = [
    ...board.flowsWithoutCredit.map(({ flowId, cents, label }) => ({
      kind: 'flow' as const,
      reference: flowId,
      cents,
      reason: label.code,
    })),
    ...[...board.toDecide, ...board.ignored]
      .filter((row) => row.cents > 0)
      .map(({ description, cents, label }) => ({
        kind: 'movement' as const,
        reference: description,
        cents,
        reason: label.code,
      })),
  ]
  unmatched.sort((a, b) => (a.kind + a.reference < b.kind + b.reference ? -1 : 1))
  return {
    accertamenti: { count: accertamenti.count, cents: accertamenti.totals.dueCents },
    positions: { count: positions.count, cents: positions.totals.cents },
    notices: { count: from.notices },
    deliveries: { count: deliveries.count },
    flows: { count: flows.count, cents: flows.totals.declaredCents },
    movements: {
      count: movements.count,
      cents: cents(movements.totals.creditCents - Math.abs(movements.totals.debitCents)),
    },
    matched: { count: matched.size, cents: cents([...matched.values()].reduce((sum, value) => sum + value, 0)) },
    reversali: { count: reversali.count, cents: reversali.totals.cents },
    receipts: { count: receipts.count, cents: receipts.totals.cents },
    unmatched,
  }
}
