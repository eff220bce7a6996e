import { setTimeout as sleep } from 'node:timers/promises'
import { instantOf } from '#domain/date'
import type { Clock } from '#domain/ports'

/** The machine's clock, for programs that run beside each other. */
export const realClock: Clock = {
  now: () => instantOf(Date.now()),
  epochMs: () => Math.floor((performance.timeOrigin + performance.now()) * 10) / 10,
  async waitUntil(epochMs) {
    while (realClock.epochMs() < epochMs) await sleep(Math.min(50, Math.max(0.1, epochMs - realClock.epochMs())))
  },
}
