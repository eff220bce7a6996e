import { describe, expect, test } from 'vitest'
import { nextAttempt, nextInWindow, nextSending, type PaceHistory, type Pacing, remainingSeconds } from '#domain/pacing'

const at = (text: string) => Date.parse(text)
const FREE: Pacing = { perMinute: 6000, perDay: null, batch: null, window: null }
const NOTHING: PaceHistory = { last: null, inBatch: 0, day: { count: 0, freesAt: null } }
const NOON = at('2026-02-02T12:00:00Z')
const office = { from: '09:00', to: '18:00', days: [1, 2, 3, 4, 5] }

describe('how fast', () => {
  test('the first leaves at once, the next after its part of a minute', () => {
    expect(nextSending({ ...FREE, perMinute: 30 }, NOTHING, NOON)).toEqual({ at: NOON, reason: null })
    const history = { ...NOTHING, last: NOON - 500, inBatch: 1 }
    expect(nextSending({ ...FREE, perMinute: 30 }, history, NOON)).toEqual({ at: NOON + 1500, reason: 'perMinute' })
    expect(nextSending({ ...FREE, perMinute: 30 }, { ...history, last: NOON - 2000 }, NOON).at).toBe(NOON)
  })

  test('a whole batch waits for its pause, and no longer than that', () => {
    const pacing = { ...FREE, batch: { size: 50, pauseSeconds: 600 } }
    const history = { ...NOTHING, last: NOON - 1000, inBatch: 49 }
    expect(nextSending(pacing, history, NOON).at).toBe(NOON)
    const full = { ...history, inBatch: 50 }
    expect(nextSending(pacing, full, NOON)).toEqual({ at: NOON + 599_000, reason: 'batch' })
    expect(nextSending(pacing, { ...full, last: NOON - 600_000 }, NOON).at).toBe(NOON)
  })

  test('the limit of a day counts the 24 hours back, not the calendar', () => {
    const pacing = { ...FREE, perDay: 500 }
    const freesAt = NOON - 86_400_000 + 5000
    const history = { last: NOON - 60_000, inBatch: 3, day: { count: 500, freesAt } }
    expect(nextSending(pacing, history, NOON)).toEqual({ at: NOON + 5000, reason: 'perDay' })
    expect(nextSending(pacing, { ...history, day: { count: 499, freesAt: null } }, NOON).at).toBe(NOON)
  })

  test('what holds back longest gives its name', () => {
    const pacing = { perMinute: 1, perDay: null, batch: { size: 1, pauseSeconds: 3600 }, window: office }
    const history = { ...NOTHING, last: at('2026-02-02T16:30:00Z'), inBatch: 1 }
    expect(nextSending(pacing, history, at('2026-02-02T16:30:10Z'))).toEqual({
      at: at('2026-02-03T08:00:00Z'),
      reason: 'window',
    })
  })
})

describe('hours of Rome', () => {
  test.each([
    ['before it opens', '2026-02-02T07:00:00Z', '2026-02-02T08:00:00Z'],
    ['inside', '2026-02-02T12:34:56Z', '2026-02-02T12:34:56Z'],
    ['the last second', '2026-02-02T16:59:59Z', '2026-02-02T16:59:59Z'],
    ['at closing time', '2026-02-02T17:00:00Z', '2026-02-03T08:00:00Z'],
    ['on Friday evening', '2026-02-06T18:00:00Z', '2026-02-09T08:00:00Z'],
    ['in summer an hour earlier by the sun', '2026-07-01T06:30:00Z', '2026-07-01T07:00:00Z'],
    ['over the change of March', '2026-03-27T17:30:00Z', '2026-03-30T07:00:00Z'],
    ['over the change of October', '2026-10-23T17:30:00Z', '2026-10-26T08:00:00Z'],
  ])('%s', (_case, now, next) => {
    expect(new Date(nextInWindow(office, at(now))).toISOString()).toBe(new Date(next).toISOString())
  })

  test('a window over midnight belongs to the day on which it began', () => {
    const night = { from: '22:00', to: '06:00', days: [5] }
    expect(nextInWindow(night, at('2026-02-07T03:00:00Z'))).toBe(at('2026-02-07T03:00:00Z'))
    expect(nextInWindow(night, at('2026-02-07T05:00:00Z'))).toBe(at('2026-02-13T21:00:00Z'))
    expect(nextInWindow(night, at('2026-02-06T12:00:00Z'))).toBe(at('2026-02-06T21:00:00Z'))
  })

  test('an hour that the clock skips opens at the next one; one that comes twice opens the first time', () => {
    const sunday = (from: string) => ({ from, to: '12:00', days: [7] })
    expect(nextInWindow(sunday('02:30'), at('2026-03-29T00:00:00Z'))).toBe(at('2026-03-29T01:00:00Z'))
    expect(nextInWindow(sunday('02:30'), at('2026-10-25T00:00:00Z'))).toBe(at('2026-10-25T00:30:00Z'))
    const days = [1, 2, 3, 4, 5, 6, 7]
    // 01:00–02:30 is over when the clock jumps to 03:00; 02:10–02:40 is not there at all that night.
    expect(nextInWindow({ from: '01:00', to: '02:30', days }, at('2026-03-29T01:10:00Z'))).toBe(
      at('2026-03-29T23:00:00Z'),
    )
    expect(nextInWindow({ from: '02:10', to: '02:40', days }, at('2026-03-29T00:00:00Z'))).toBe(
      at('2026-03-30T00:10:00Z'),
    )
    expect(nextInWindow({ from: '02:30', to: '03:15', days }, at('2026-03-29T00:00:00Z'))).toBe(
      at('2026-03-29T01:00:00Z'),
    )
  })

  test('whatever the moment, the answer is inside the window and never before', () => {
    const days = [1, 3, 6]
    for (let i = 0; i < 3000; i += 1) {
      const now = at('2026-03-20T00:00:00Z') + i * 7_777_777
      const next = nextInWindow({ from: '08:15', to: '12:45', days }, now)
      expect(next).toBeGreaterThanOrEqual(now)
      const rome = new Date(next).toLocaleString('sv-SE', { timeZone: 'Europe/Rome' })
      expect(rome.slice(11) >= '08:15:00' && rome.slice(11) < '12:45:00').toBe(true)
      expect(days).toContain(((new Date(`${rome.slice(0, 10)}T00:00:00Z`).getUTCDay() + 6) % 7) + 1)
    }
  })
})

describe('how long the rest takes', () => {
  test('at the pace of the account', () => {
    expect(remainingSeconds({ ...FREE, perMinute: 60 }, NOTHING, 101, NOON)).toBe(100)
    expect(remainingSeconds(FREE, NOTHING, 0, NOON)).toBe(0)
  })
  test('with the pauses between batches', () => {
    const pacing = { ...FREE, perMinute: 60, batch: { size: 10, pauseSeconds: 61 } }
    expect(remainingSeconds(pacing, NOTHING, 30, NOON)).toBe(29 + 2 * 60)
  })
  test('with the nights between', () => {
    const pacing = { ...FREE, perMinute: 1, window: office }
    // Seven hours and a half are left today (until 18:00 of Rome, 17:00 by the sun), then a night of fifteen.
    const now = at('2026-02-02T16:00:00Z')
    expect(remainingSeconds(pacing, NOTHING, 91, now)).toBe(3600 + 15 * 3600 + 1800)
  })
  test('with the limit of a day', () => {
    expect(remainingSeconds({ ...FREE, perDay: 100 }, NOTHING, 250, NOON)).toBeGreaterThanOrEqual(2 * 86_400)
  })
})

test('pauses grow, then it is for a person', () => {
  const waits = []
  for (let n = 1; ; n += 1) {
    const next = nextAttempt(n, NOON)
    if (next === null) break
    waits.push((at(next) - NOON) / 1000)
  }
  expect(waits).toEqual([...waits].sort((a, b) => a - b))
  expect(waits[0]).toBe(30)
  expect(waits.reduce((a, b) => a + b, 0)).toBeGreaterThan(24 * 3600)
})
