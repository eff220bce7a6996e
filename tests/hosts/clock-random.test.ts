import { describe, expect, it } from 'vitest'
import type { Instant } from '#domain/date'
import { FakeClock, REHEARSAL_START, systemClock } from '#hosts/clock'
import { seededRandom, systemRandom } from '#hosts/random'

describe('the system clock', () => {
  it('follows the wall clock, with tenths of a millisecond, and never backwards', () => {
    const clock = systemClock()
    const seen = new Set<number>()
    let last = 0
    for (let i = 0; i < 50_000; i += 1) {
      const now = clock.epochMs()
      expect(now).toBeGreaterThanOrEqual(last)
      last = now
      seen.add(Math.round((now % 1) * 10))
    }
    expect(Math.abs(clock.epochMs() - Date.now())).toBeLessThan(25)
    expect(seen.size).toBeGreaterThan(5)
    expect(clock.now()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  it('waits until the moment asked', async () => {
    const clock = systemClock()
    const target = clock.epochMs() + 15.5
    await clock.waitUntil(target)
    expect(clock.epochMs()).toBeGreaterThanOrEqual(target)
  })
})

describe('the fake clock', () => {
  it('stands still, is moved by hand, and waiting moves it at once', async () => {
    const clock = new FakeClock()
    expect(clock.now()).toBe(REHEARSAL_START)
    expect(clock.now()).toBe(clock.now())
    clock.advance(1500)
    expect(clock.now()).toBe('2026-02-02T08:00:01.500Z')
    await clock.waitUntil(clock.epochMs() + 0.1)
    expect(clock.epochMs() - Date.UTC(2026, 1, 2, 8, 0, 1, 500)).toBeCloseTo(0.1, 3)
    clock.moveTo('2026-03-01T00:00:00.000Z' as Instant)
    expect(() => clock.moveTo(REHEARSAL_START)).toThrow(RangeError)
  })
})

describe('random', () => {
  it('same seed, same bytes, however they are asked for; another seed, others', () => {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
    expect(hex(seededRandom(7).bytes(64))).toBe(hex(seededRandom(7).bytes(64)))
    expect(hex(seededRandom(7).bytes(64))).not.toBe(hex(seededRandom(8).bytes(64)))
    expect(seededRandom(1).bytes(5)).toHaveLength(5)
    expect(hex(systemRandom.bytes(16))).not.toBe(hex(systemRandom.bytes(16)))
  })

  it('the seeded one is evenly spread: every byte value, chi-square in its 99,9 % band', () => {
    const counts = new Array<number>(256).fill(0)
    for (const byte of seededRandom(42).bytes(256 * 1000)) counts[byte]! += 1
    const chi = counts.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)
    expect(chi).toBeGreaterThan(180)
    expect(chi).toBeLessThan(345)
  })
})
