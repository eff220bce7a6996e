import { addDays, daysBetween, epochMsOf, type Instant, type IsoDate, instantOf, romeDate } from './date.ts'

/** Receipts by their payment, reporting flows by their publication. */
export const NODE_READING_KINDS = ['receipts', 'flows'] as const
export type NodeReadingKind = (typeof NODE_READING_KINDS)[number]

const DAY_MS = 86_400_000
/** The platform answers for so many days (pagopa.md §4.3). */
const KEPT_DAYS = 30
/** From this age on it is said that something will soon be out of reach. */
const SOON_DAYS = 20
/** Read again at each reading: what arrived late, and what moved from page to page while it was read. */
const OVERLAP_DAYS: Readonly<Record<NodeReadingKind, number>> = { receipts: 3, flows: 2 }
/** Receipts are asked for so many days at a time. */
const WINDOW_DAYS = 5

/** The earliest that can still be had: receipts of the last 30 days, flows from the first day of the month before (UTC). */
export function reachOf(kind: NodeReadingKind, now: Instant): Instant {
  if (kind === 'receipts') return instantOf(epochMsOf(now) - KEPT_DAYS * DAY_MS)
  const date = new Date(now)
  return instantOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1))
}

/** Where the next reading begins. */
export function readingFrom(kind: NodeReadingKind, mark: Instant | null, now: Instant): Instant {
  const reach = reachOf(kind, now)
  if (mark === null) return reach
  const from = instantOf(Math.min(epochMsOf(mark), epochMsOf(now)) - OVERLAP_DAYS[kind] * DAY_MS)
  return from > reach ? from : reach
}

/** Days of payment to be asked for one after the other; both ends are read, and the last lies after today whatever the zone. */
export function receiptWindows(
  mark: Instant | null,
  now: Instant,
): { readonly from: IsoDate; readonly until: IsoDate; readonly readUntil: Instant }[] {
  const windows = []
  const last = addDays(romeDate(now), 1)
  for (let from = romeDate(readingFrom('receipts', mark, now)); from < last; from = addDays(from, WINDOW_DAYS)) {
    const until = addDays(from, WINDOW_DAYS)
    const whole = until > last
    // What is paid on the last day of a window belongs to the next one as well.
    const readUntil = whole ? now : instantOf(Math.min(Date.parse(`${until}T00:00:00Z`) - DAY_MS, epochMsOf(now)))
    windows.push({ from, until: whole ? last : until, readUntil })
  }
  return windows
}

/** What lies between a mark and what the node still answers; null where nothing does. */
export function lostBefore(
  kind: NodeReadingKind,
  mark: Instant | null,
  now: Instant,
): { readonly from: Instant; readonly until: Instant } | null {
  const reach = reachOf(kind, now)
  return mark !== null && mark < reach ? { from: mark, until: reach } : null
}

export interface ReadingWarning {
  readonly level: 'soon' | 'lost'
  /** Days left before something is out of reach; 0 where it is. */
  readonly days: number
  readonly from: IsoDate
  readonly until: IsoDate
}

/** What has to be said of a reading: soon out of reach from twenty days on, or days that the node gives no longer. */
export function readingWarning(
  kind: NodeReadingKind,
  reading: { readonly mark: Instant | null; readonly lostFrom: Instant | null; readonly lostUntil: Instant | null },
  now: Instant,
): ReadingWarning | null {
  const gone = lostBefore(kind, reading.mark, now)
  const from = [reading.lostFrom, gone?.from].filter((one) => one != null).sort()[0]
  const until = [reading.lostUntil, gone?.until]
    .filter((one) => one != null)
    .sort()
    .at(-1)
  if (from && until) return { level: 'lost', days: 0, from: romeDate(from), until: romeDate(until) }
  if (reading.mark === null) return null
  const read = romeDate(reading.mark)
  const today = romeDate(now)
  if (daysBetween(read, today) <= SOON_DAYS) return null
  let days = 0
  while (days < 62 && lostBefore(kind, reading.mark, instantOf(epochMsOf(now) + days * DAY_MS)) === null) days += 1
  return { level: 'soon', days, from: read, until: today }
}
