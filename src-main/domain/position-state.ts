import type { IsoDate } from './date.ts'

export type PositionState = 'issued' | 'expired' | 'partiallyPaid' | 'paid' | 'collected' | 'cancelled'

/** Lifecycle, payment and expiry of DOMAIN.md §3 in the one word of lists. Expired is a date, not a state that is stored. */
export function positionState(
  position: {
    readonly lifecycle: 'draft' | 'issued' | 'cancelled'
    readonly payment: 'unpaid' | 'partiallyPaid' | 'paid' | 'collected'
    readonly dueDate: IsoDate | null
    readonly validUntil: IsoDate
  },
  today: IsoDate,
): PositionState {
  if (position.payment !== 'unpaid') return position.payment
  if (position.lifecycle === 'cancelled') return 'cancelled'
  return (position.dueDate ?? position.validUntil) < today ? 'expired' : 'issued'
}
