import { addDays, type IsoDate } from './date.ts'
import type { PositionState } from './position-state.ts'

/** What decides whether somebody is reminded, as it stands at that moment. */
export interface RemindedPosition {
  readonly lifecycle: string
  readonly payment: string
  /** What can still be paid; left out where it is not known yet. */
  readonly open?: readonly { readonly dueDate: IsoDate | null }[]
  /** End of validity of its notices; null or left out for none. */
  readonly validUntil?: IsoDate | null
}

/**
 * Whether a reminder may leave today, before or after the due date; else in Italian why not. Who paid a part is reminded
 * of the rest.
 */
export function mayRemind(
  position: RemindedPosition,
  today: IsoDate,
): { readonly ok: true } | { readonly ok: false; readonly reason: string } {
  const { lifecycle, payment, open, validUntil } = position
  if (payment === 'paid' || payment === 'collected') return { ok: false, reason: 'La posizione è già pagata' }
  if (lifecycle !== 'issued') return { ok: false, reason: 'La posizione è annullata' }
  if (open?.length === 0) return { ok: false, reason: 'Non resta niente da pagare' }
  if (validUntil !== undefined && validUntil !== null && validUntil < today) {
    return { ok: false, reason: 'L’avviso non vale più: va emesso di nuovo' }
  }
  return { ok: true }
}

/** Filters of the list of positions, as far as a choice of people to remind sets them. */
export interface ReminderFilters {
  readonly state: readonly PositionState[]
  readonly delivery: 'none' | null
  readonly dueFrom: IsoDate | null
  readonly dueTo: IsoDate | null
}

/** Nothing was ever sent to them, nor is it on its way. */
export function neverDelivered(): ReminderFilters {
  return { state: ['issued', 'expired', 'partiallyPaid'], delivery: 'none', dueFrom: null, dueTo: null }
}

/** Those whose next payment falls due from today to so many days from now, both included. */
export function dueWithin(days: number, today: IsoDate): ReminderFilters {
  return { state: ['issued', 'partiallyPaid'], delivery: null, dueFrom: today, dueTo: addDays(today, days) }
}

/** Those whose payment, or next instalment, was due before today; with `days`, at least so many days ago. */
export function overdue(today: IsoDate, days = 1): ReminderFilters {
  return { state: ['expired', 'partiallyPaid'], delivery: null, dueFrom: null, dueTo: addDays(today, -days) }
}
