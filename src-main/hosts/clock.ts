import { setTimeout as sleep } from 'node:timers/promises'
import { epochMsOf, type Instant, instantOf } from '#domain/date'
import type { Clock } from '#domain/ports'

/** Beyond this the wall clock was moved (or the machine slept) and the fine counter is set by it again. */
const DRIFT_MS = 20

/** The clock of the machine, with fractions of 0,1 ms that the plain one does not have. */
export function systemClock(): Clock {
  let wall = Date.now()
  let fine = performance.now()
  const epochMs = (): number => {
    const now = wall + (performance.now() - fine)
    if (Math.abs(Date.now() - now) <= DRIFT_MS) return Math.floor(now * 10) / 10
    wall = Date.now()
    fine = performance.now()
    return wall
  }
  return {
    now: () => instantOf(epochMs()),
    epochMs,
    async waitUntil(target) {
      for (let rest = target - epochMs(); rest > 0; rest = target - epochMs()) await sleep(Math.max(1, Math.ceil(rest)))
    },
  }
}

/** Where rehearsals and tests begin. */
export const REHEARSAL_START = '2026-02-02T08:00:00.000Z' as Instant

/** A clock that stands still until it is moved. Waiting moves it, and takes no time. */
export class FakeClock implements Clock {
  #epochMs: number

  constructor(start: Instant = REHEARSAL_START) {
    this.#epochMs = epochMsOf(start)
  }

  now(): Instant {
    return instantOf(this.#epochMs)
  }

  epochMs(): number {
    return this.#epochMs
  }

  async waitUntil(epochMs: number): Promise<void> {
    if (epochMs > this.#epochMs) this.#epochMs = epochMs
  }

  advance(ms: number): void {
    if (ms < 0) throw new RangeError(`a clock does not go back: ${ms} ms`)
    this.#epochMs += ms
  }

  /** Moves on to an instant; one that has passed is refused. */
  moveTo(instant: Instant): void {
    this.advance(epochMsOf(instant) - this.#epochMs)
  }
}
