import type { InstallmentOutcome } from './reconcile-outcome.ts'

/** What a list shows of an installment; the books add `collected` to what the evidence says. */
export type InstallmentPayment = InstallmentOutcome['state'] | 'collected'
export type PositionPaymentState = 'unpaid' | 'partiallyPaid' | 'paid' | 'collected'

/**
 * An installment is collected when it is credited and the books hold all its own money: stamps and other entities'
 * transfers never keep it from that (DOMAIN.md §3).
 * @param ownCents what its own transfers without stamp ask; @param postedCents Σ of its effective lines
 */
export function installmentPayment(
  outcome: InstallmentOutcome['state'] | undefined,
  ownCents: number,
  postedCents: number,
): InstallmentPayment {
  if (outcome === undefined) return postedCents > 0 && postedCents >= ownCents ? 'collected' : 'unpaid'
  return outcome === 'credited' && ownCents > 0 && postedCents >= ownCents ? 'collected' : outcome
}

/** A position is paid when one of its options is paid whole; collected when that option is collected whole (DOMAIN.md §3). */
export function positionPayment(options: readonly (readonly InstallmentPayment[])[]): PositionPaymentState {
  const whole = options.filter((o) => o.length > 0)
  if (whole.some((o) => o.every((s) => s === 'collected'))) return 'collected'
  if (whole.some((o) => o.every((s) => s !== 'unpaid'))) return 'paid'
  return whole.some((o) => o.some((s) => s !== 'unpaid')) ? 'partiallyPaid' : 'unpaid'
}
