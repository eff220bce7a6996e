import { type Instant, instantOf } from '#domain/date'
import type { Clock } from '#domain/ports'
import { systemClock } from '#hosts/clock'

/** The machine's clock, running as it does, but as if now were `shiftMs` earlier: a child that is killed waits for real. */
export function shiftedClock(shiftMs: number): Clock {
  const machine = systemClock()
  const epochMs = () => machine.epochMs() - shiftMs
  return {
    now: () => instantOf(epochMs()) as Instant,
    epochMs,
    waitUntil: (target) => machine.waitUntil(target + shiftMs),
  }
}
