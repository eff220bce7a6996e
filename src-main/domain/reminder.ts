import { addDays, type IsoDate } from './date.ts'
import type { PositionState } from './position-state.ts'

/** Filters of the list of positions, as far as a choice of people to remind sets them. */
export interface ReminderFilters {
  readonly state: readonly PositionState[]
  readonly delivery: 'none' | null
  readonly dueFrom: IsoDate | null
  readonly dueTo: IsoDate | null
}

/** How soon a payment falls due, as an office chooses it. */
export const SOON_DAYS = [7, 15, 30] as const
export const MOST_OVERDUE_DAYS = 999

/** Whom to remind, of those who have something left to pay; `days` counts for «soon» and «overdue» only. */
export interface ReminderChoice {
  readonly whom: 'all' | 'soon' | 'overdue' | 'never'
  readonly soonDays: (typeof SOON_DAYS)[number]
  /** From 1 to `MOST_OVERDUE_DAYS`. */
  readonly overdueDays: number
}

export const FIRST_REMINDER: ReminderChoice = { whom: 'overdue', soonDays: 15, overdueDays: 1 }

export function reminderFilters({ whom, soonDays, overdueDays }: ReminderChoice, today: IsoDate): ReminderFilters {
  if (whom === 'soon') return dueWithin(soonDays, today)
  if (whom === 'overdue') return overdue(today, overdueDays)
  return whom === 'never' ? neverDelivered() : { ...neverDelivered(), delivery: null }
}

/** A choice as it was remembered; what it does not say, or says wrongly, is as at first. */
export function readReminderChoice(text: string | null): ReminderChoice {
  try {
    const kept = JSON.parse(text ?? '{}') as { readonly [key in keyof ReminderChoice]?: unknown } | null
    const whom = (['all', 'soon', 'overdue', 'never'] as const).find((one) => one === kept?.whom)
    const days = kept?.overdueDays
    return {
      whom: whom ?? FIRST_REMINDER.whom,
      soonDays: SOON_DAYS.find((one) => one === kept?.soonDays) ?? FIRST_REMINDER.soonDays,
      overdueDays: isOverdueDays(days) ? days : FIRST_REMINDER.overdueDays,
    }
  } catch {
    return FIRST_REMINDER
  }
}

export function isOverdueDays(days: unknown): days is number {
  return typeof days === 'number' && Number.isInteger(days) && days >= 1 && days <= MOST_OVERDUE_DAYS
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
