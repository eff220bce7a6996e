import { formatDate, type Instant, type IsoDate, romeDate, romeDateTime } from '#domain/date'
import { type Cents, formatCents } from '#domain/money'
import { groupNoticeNumber, type NoticeNumber } from '#domain/notice-number'

/** `1842` → `1.842`, always with its points (SCREENS.md §12.7). */
export function formatCount(value: number): string {
  return String(Math.abs(value))
    .replace(/\B(?=(\d{3})+$)/g, '.')
    .replace(/^/, value < 0 ? '−' : '')
}

/** «1 posizione», «402 posizioni». */
export function counted(value: number, one: string, many: string): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`
}

/** An amount: figures only in tables (the head says €), with « €» when `euro`. Missing amounts are a dot. */
export function Money({
  cents,
  euro,
  strong,
}: {
  readonly cents: number | null
  readonly euro?: boolean
  readonly strong?: boolean
}) {
  if (cents === null) return <span className="num muted">·</span>
  return (
    <span className={`num nowrap${strong ? ' strong' : ''}${cents < 0 ? ' t-bad' : ''}`}>
      {formatCents(cents as Cents)}
      {euro ? ' €' : ''}
    </span>
  )
}

/** A day as `gg/mm/aaaa`; a missing one is a dot. */
export function DateText({ date }: { readonly date: string | null }) {
  return date === null ? (
    <span className="muted">·</span>
  ) : (
    <span className="nowrap">{formatDate(date as IsoDate)}</span>
  )
}

/** «oggi 08:41», «ieri 08:41», «14 giorni fa», then the date; the exact time in `title` (SCREENS.md §6). */
export function TimeText({ at }: { readonly at: string | null }) {
  if (at === null) return <span className="muted">·</span>
  const exact = romeDateTime(at as Instant)
  return (
    <time dateTime={at} title={`${formatDate(exact.slice(0, 10) as IsoDate)} ${exact.slice(11)}`} className="nowrap">
      {relativeTime(at as Instant)}
    </time>
  )
}

/** Day, hour and second, where what came first matters. */
export function ExactTime({ at }: { readonly at: Instant }) {
  const exact = romeDateTime(at)
  return (
    <time dateTime={at} className="nowrap">
      {formatDate(exact.slice(0, 10) as IsoDate)} {exact.slice(11, 19)}
    </time>
  )
}

export function relativeTime(at: Instant, now: Instant = new Date().toISOString() as Instant): string {
  const [day, time] = romeDateTime(at).split(' ') as [string, string]
  const days = Math.round((Date.parse(romeDate(now)) - Date.parse(day)) / 86_400_000)
  if (days === 0) return `oggi ${time.slice(0, 5)}`
  if (days === 1) return `ieri ${time.slice(0, 5)}`
  if (days > 1 && days <= 30) return `${days} giorni fa`
  return formatDate(day as IsoDate)
}

/** Identifiers: fiscal codes, IUV, flow ids. Copied as they are, never cut. */
export function Mono({ children }: { readonly children: string | null }) {
  return <span className="mono nowrap">{children ?? '·'}</span>
}

/** Notice number in groups of four; what is copied has no blanks (the gaps are margins, not characters). */
export function NoticeNumberText({ value }: { readonly value: string | null }) {
  if (value === null) return <span className="muted">·</span>
  const groups = groupNoticeNumber(value as NoticeNumber).split(' ')
  return (
    <span className="mono nowrap notice-number">
      {groups.map((group, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups of one number, in order
        <span key={`${i}-${group}`}>{group}</span>
      ))}
    </span>
  )
}
