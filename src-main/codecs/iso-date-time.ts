import { epochMsOf, type Instant, instantOf, isIsoDate, romeDateTime } from '#domain/date'

/**
 * xsd:dateTime → instant. Fractions beyond the millisecond are cut; a time without zone is read on the wall clock in
 * Italy, as the node writes it (pagopa.md §4.1, §6.2). Null when it is no such text or no such moment.
 */
export function instantOfDateTime(text: string): Instant | null {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})?$/.exec(text)
  if (!match || !isIsoDate(match[1])) return null
  const [, day, h, m, s, fraction, zone] = match
  if (Number(h) > 23 || Number(m) > 59 || Number(s) > 59) return null
  const ms = (fraction ?? '').slice(0, 3).padEnd(3, '0')
  const wall = Date.parse(`${day}T${h}:${m}:${s}.${ms}Z`)
  if (zone === 'Z') return instantOf(wall)
  if (zone !== undefined) {
    const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))
    return minutes > 14 * 60 ? null : instantOf(wall - (zone[0] === '-' ? -1 : 1) * minutes * 60_000)
  }
  // The offset in force depends on the instant sought: one correction settles it but for the hour that does not exist.
  const first = wall - romeOffsetMs(wall)
  return instantOf(wall - romeOffsetMs(first))
}

function romeOffsetMs(epochMs: number): number {
  const wall = epochMsOf(`${romeDateTime(instantOf(epochMs)).replace(' ', 'T')}.000Z` as Instant)
  return wall - Math.floor(epochMs / 1000) * 1000
}
