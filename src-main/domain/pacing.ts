import type { Instant } from './date.ts'
import { instantOf } from './date.ts'

/** How much and when a way may send; nothing leaves outside the window. */
export interface Pacing {
  readonly perMinute: number
  /** In the 24 hours back from now; null for no limit. */
  readonly perDay: number | null
  readonly batch: { readonly size: number; readonly pauseSeconds: number } | null
  /** Hours of Rome and days of the week (1 Monday … 7 Sunday). A window that ends before it begins goes over midnight and belongs to the day on which it began. */
  readonly window: { readonly from: string; readonly to: string; readonly days: readonly number[] } | null
}

/** What a lane sent lately. All in milliseconds since 1970. */
export interface PaceHistory {
  readonly last: number | null
  /** Sent without a pause as long as the batch's, the last one included. */
  readonly inBatch: number
  /** How many left in the last 24 hours, and when the one left that must be older than a day for the next to go. */
  readonly day: { readonly count: number; readonly freesAt: number | null }
}

export type PaceReason = 'perMinute' | 'perDay' | 'batch' | 'window'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** When the next may leave: `at` is never before `now`; `reason` is what holds it back longest. */
export function nextSending(
  pacing: Pacing,
  history: PaceHistory,
  now: number,
): { readonly at: number; readonly reason: PaceReason | null } {
  let at = now
  let reason: PaceReason | null = null
  const hold = (until: number, why: PaceReason) => {
    if (until <= at) return
    at = until
    reason = why
  }
  if (history.last !== null) {
    hold(history.last + 60_000 / pacing.perMinute, 'perMinute')
    const { batch } = pacing
    if (batch !== null && history.inBatch >= batch.size) hold(history.last + batch.pauseSeconds * 1000, 'batch')
  }
  if (pacing.perDay !== null && history.day.count >= pacing.perDay && history.day.freesAt !== null) {
    hold(history.day.freesAt + DAY_MS, 'perDay')
  }
  if (pacing.window !== null) hold(nextInWindow(pacing.window, at), 'window')
  return { at, reason }
}

/** Length of a run of `count` sendings from `now`: minutes, pauses, days and windows counted. Seconds, rounded up. */
export function remainingSeconds(pacing: Pacing, history: PaceHistory, count: number, now: number): number {
  if (count <= 0) return 0
  const { at } = nextSending(pacing, history, now)
  const gap = 60_000 / pacing.perMinute
  const rest = count - 1
  const pauses =
    pacing.batch === null
      ? 0
      : Math.floor(((history.inBatch % pacing.batch.size) + rest) / pacing.batch.size) *
        Math.max(0, pacing.batch.pauseSeconds * 1000 - gap)
  let work = rest * gap + pauses
  if (pacing.perDay !== null) {
    const today = Math.max(0, pacing.perDay - history.day.count)
    work = Math.max(work, Math.max(0, Math.ceil((count - today) / pacing.perDay)) * DAY_MS)
  }
  return Math.ceil((endOfWork(pacing.window, at, work) - now) / 1000)
}

/** When `work` milliseconds of sending are over, only the time inside the window counted. */
function endOfWork(window: Pacing['window'], from: number, work: number): number {
  if (window === null) return from + work
  let at = from
  let left = work
  // A year of windows is more than any campaign.
  for (let i = 0; i < 400; i += 1) {
    at = nextInWindow(window, at)
    const end = endOfWindow(window, at)
    if (end - at >= left) return at + left
    left -= end - at
    at = end
  }
  return at + left
}

/** The first moment from `now` on inside the window. */
export function nextInWindow(window: NonNullable<Pacing['window']>, now: number): number {
  const today = romeDay(now)
  // The window of yesterday may still be open, over midnight.
  for (let d = -1; d <= 8; d += 1) {
    const { from, to } = windowOf(window, addDays(today, d))
    // One that falls wholly in the hour that March skips is not there that night.
    if (from === null || to <= now || to <= from) continue
    return Math.max(from, now)
  }
  return now
}

function endOfWindow(window: NonNullable<Pacing['window']>, now: number): number {
  const today = romeDay(now)
  for (let d = -1; d <= 0; d += 1) {
    const { from, to } = windowOf(window, addDays(today, d))
    if (from !== null && from <= now && now < to) return to
  }
  return now + DAY_MS
}

function windowOf(window: NonNullable<Pacing['window']>, day: string): { from: number | null; to: number } {
  const weekday = ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1
  if (!window.days.includes(weekday)) return { from: null, to: 0 }
  const from = romeInstant(day, window.from)
  const over = window.to <= window.from
  return { from, to: romeInstant(over ? addDays(day, 1) : day, window.to) }
}

const ROME = new Intl.DateTimeFormat('en-CA', {
  ...{ timeZone: 'Europe/Rome', hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
})

function romeParts(ms: number): { day: string; time: string } {
  const parts = Object.fromEntries(ROME.formatToParts(ms).map(({ type, value }) => [type, value]))
  return { day: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}:${parts.second}` }
}

function romeDay(ms: number): string {
  return romeParts(ms).day
}

/** A moment of Rome's clock. In the hour that is skipped in March the moment of the change; in the one that comes twice in October the first. */
function romeInstant(day: string, time: string): number {
  const asked = Date.parse(`${day}T${time}:00Z`)
  const offsets = [2 * HOUR_MS, HOUR_MS]
  for (const offset of offsets) {
    const at = romeParts(asked - offset)
    if (at.day === day && at.time === `${time}:00`) return asked - offset
  }
  return Math.floor((asked - HOUR_MS) / HOUR_MS) * HOUR_MS
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** A server that did not answer is tried again after so many minutes, the last for ever. */
const REOPEN_MINUTES = [1, 5, 15, 30]

/** When a server that did not answer `times` times in a row is tried again. */
export function nextOpening(times: number, now: number): Instant {
  const minutes = REOPEN_MINUTES[Math.min(times, REOPEN_MINUTES.length) - 1] ?? 1
  return instantOf(now + minutes * 60_000)
}

/** Waits before a message that the server put off is tried again: growing, then it stays for a person to retry. */
const RETRY_AFTER_SECONDS = [30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200]

/** When a delivery put off after its `attempts`-th attempt is tried again; null when it was tried enough. */
export function nextAttempt(attempts: number, now: number): Instant | null {
  const wait = RETRY_AFTER_SECONDS[attempts - 1]
  return wait === undefined ? null : instantOf(now + wait * 1000)
}
