import { instantOf, romeDateTime } from '#domain/date'
import { epochMsOfTick, ticksOf } from '#domain/notice-number'
import type { Clock } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { beforeCommit } from './before-commit.ts'
import type { WriteHandle } from './ledger.ts'

/** How far the clock may stand behind the last entry before issuing is refused. */
const TOLERANCE_MS = 60_000

/**
 * `count` consecutive bases of IUV (DOMAIN.md §4): ticks of the clock, above every number ever committed. The write
 * commits only when the clock has passed the last one, so a restored backup cannot hand them out again. Call it as
 * often as needed in one write, after inserting what the call before returned.
 * @throws ProblemError CLOCK_BEHIND when the clock stands over a minute behind the last journal entry.
 */
export async function assignIuvBases(db: WriteHandle, count: number, clock: Clock): Promise<number[]> {
  if (count === 0) return []
  const nowMs = clock.epochMs()
  await refuseClockBehind(db, nowMs)
  const newest = await db
    .selectFrom('iuvAssignment')
    .select((eb) => eb.fn.max('base').as('base'))
    // Given by a clock that was once wrong: they are skipped below, not continued.
    .where('base', '<=', ticksOf(nowMs + TOLERANCE_MS))
    .executeTakeFirst()
  let first = Math.max(ticksOf(nowMs), (newest?.base ?? 0) + 1)
  for (;;) {
    const taken = await db
      .selectFrom('iuvAssignment')
      .select((eb) => eb.fn.max('base').as('base'))
      .where('base', '>=', first)
      .where('base', '<', first + count)
      .executeTakeFirst()
    if (taken?.base == null) break
    first = taken.base + 1
  }
  beforeCommit(db, () => clock.waitUntil(epochMsOfTick(first + count)))
  return Array.from({ length: count }, (_, i) => first + i)
}

async function refuseClockBehind(db: WriteHandle, nowMs: number): Promise<void> {
  const last = await db.selectFrom('journalEntry').select('at').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  if (!last || Date.parse(last.at) <= nowMs + TOLERANCE_MS) return
  const now = instantOf(Math.floor(nowMs))
  throw new ProblemError(problem('CLOCK_BEHIND', { now: romeDateTime(now), last: romeDateTime(last.at) }))
}
