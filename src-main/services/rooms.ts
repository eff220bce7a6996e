import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import type { TargetLine } from '#domain/reconcile-outcome'
import type { OpenDebt } from '#ledger/board-load'
import type { ReadHandle } from '#ledger/ledger'
import { type DebtToIssue, readDebtsToIssue } from '#ledger/position-issue'
import { reconciledBooks } from './reconcile-ledger.ts'
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

type Outstanding = Pick<OpenDebt, 'accertamentoId' | 'outstandingCents'>

/** Each debt with what it can still take: money that is ready to be posted is not asked for again. */
export function cappedByRoom<T extends Outstanding>(debts: readonly T[], books: ReconciledBooks): T[] {
  const rooms = roomsOf(books, new Set(debts.map((d) => d.accertamentoId)))
  return debts.map((debt) => {
    const room = Math.max(0, Math.min(debt.outstandingCents, rooms.get(debt.accertamentoId) ?? debt.outstandingCents))
    return { ...debt, outstandingCents: cents(room) }
  })
}

/** Only debts that still want money, each with what it can take. */
export function withRoom(debts: readonly OpenDebt[], books: ReconciledBooks): OpenDebt[] {
  return cappedByRoom(debts, books).filter((debt) => debt.outstandingCents > 0)
}

/** Accertamenti that may be asked for, each with what is left of it once the money that has come is taken off. */
export async function readDebtsToAsk(
  db: ReadHandle,
  ids: readonly Id<'accertamento'>[],
  at: Instant,
): Promise<DebtToIssue[]> {
  const debts = await readDebtsToIssue(db, ids)
  const books = debts.length === 0 ? null : await reconciledBooks(db, at)
  return books === null ? debts : cappedByRoom(debts, books)
}

/** How much of the money goes to a debt. */
export function partFor(amount: Cents, debt: OpenDebt): Cents {
  return cents(Math.min(amount, debt.outstandingCents))
}
