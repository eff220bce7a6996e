import { type Instant, instantOf } from '#domain/date'
import type { Clock } from '#domain/ports'

/** A clock that moves only when told; waiting moves it. */
export class FakeClock implements Clock {
  ms: number
  constructor(start = '2026-02-02T08:00:00.000Z') {
    this.ms = Date.parse(start)
  }
  now(): Instant {
    return instantOf(Math.floor(this.ms))
  }
  epochMs(): number {
    return this.ms
  }
  async waitUntil(epochMs: number): Promise<void> {
    this.ms = Math.max(this.ms, epochMs)
  }
}

export const silentLog = { info: () => {}, warn: () => {}, error: () => {} }
