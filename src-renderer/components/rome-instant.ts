import { type Instant, type IsoDate, instantOf, romeDateTime } from '#domain/date'

/** The instant at which clocks in Rome show this day and hour; null for a text that is no hour, or an hour that is skipped. */
export function romeInstant(day: IsoDate, clock: string): Instant | null {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(clock)) return null
  // Rome is one or two hours ahead: the summer reading first, so that an hour that comes twice is its first time.
  for (const ahead of [2, 1]) {
    const at = instantOf(Date.parse(`${day}T${clock}:00.000Z`) - ahead * 3_600_000)
    if (romeDateTime(at).startsWith(`${day} ${clock}`)) return at
  }
  return null
}

/** «10:05» in Rome. */
export function romeClock(at: Instant): string {
  return romeDateTime(at).slice(11, 16)
}
