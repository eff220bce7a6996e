import { addDays, type IsoDate } from './date.ts'
import type { PositionState } from './position-state.ts'

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
