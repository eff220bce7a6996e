import type pg from 'pg'
import { instantOf } from '#domain/date'
import type { Clock } from '#domain/ports'

/** The distance between the two clocks is asked again after this long: they drift. */
const ASK_AGAIN_MS = 60_000

/**
 * The clock of the PostgreSQL server, as workstations with clocks of their own must share one (DOMAIN.md §4). Asked
 * at opening and refreshed in the background; between two answers it runs with the program's clock.
 */
export async function serverClock(pool: pg.Pool, own: Clock): Promise<Clock> {
  let offset = 0
  let askedAt = 0
  async function ask(): Promise<void> {
    const before = own.epochMs()
    const reply = await pool.query('SELECT EXTRACT(EPOCH FROM clock_timestamp())::text AS "seconds"')
    const after = own.epochMs()
    offset = Number((reply.rows[0] as { seconds: string }).seconds) * 1000 - (before + after) / 2
    askedAt = after
  }
  await ask()
  const epochMs = () => {
    const now = own.epochMs()
    if (now - askedAt > ASK_AGAIN_MS) {
      askedAt = now
      ask().catch(() => {})
    }
    return Math.floor((now + offset) * 10) / 10
  }
  return {
    epochMs,
    now: () => instantOf(Math.floor(epochMs())),
    waitUntil: (until) => own.waitUntil(until - offset),
  }
}
