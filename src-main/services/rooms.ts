import { type Cents, cents } from '#domain/money'
import type { TargetLine } from '#domain/reconcile-outcome'
import type { OpenDebt } from '#ledger/board-load'
import type { ReconciledBooks } from './reconciled-books.ts'

/**
 * What the reconciliation leaves of each of these accertamenti: less than what is still to be collected in the books while
 * something is ready to be posted. Lines that `without` names do not count.
 */
export function roomsOf(
  { input, outcome }: ReconciledBooks,
  ids: ReadonlySet<number>,
  without: (line: TargetLine) => boolean = () => false,
): ReadonlyMap<number, number> {
  const rooms = new Map<number, number>()
  if (ids.size === 0) return rooms
  for (const { accertamentoId, dueCents } of input.due) if (ids.has(accertamentoId)) rooms.set(accertamentoId, dueCents)
  for (const line of outcome.lines) {
    const room = rooms.get(line.accertamentoId)
    if (room !== undefined && !without(line)) rooms.set(line.accertamentoId, room - line.cents)
  }
  return rooms
}

/** Only debts that still want money, each with what it can take. */
export function withRoom(debts: readonly OpenDebt[], books: ReconciledBooks): OpenDebt[] {
  const rooms = roomsOf(books, new Set(debts.map((d) => d.accertamentoId)))
  return debts.flatMap((debt) => {
    const room = Math.min(debt.outstandingCents, rooms.get(debt.accertamentoId) ?? 0)
    return room > 0 ? [{ ...debt, outstandingCents: cents(room) }] : []
  })
}

/** How much of the money goes to a debt. */
export function partFor(amount: Cents, debt: OpenDebt): Cents {
  return cents(Math.min(amount, debt.outstandingCents))
}
