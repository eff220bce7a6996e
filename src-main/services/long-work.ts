import { setImmediate } from 'node:timers/promises'
import { ProblemError, problem } from '#domain/problem'
import type { Progress } from '#domain/progress'

/**
 * Says how far the work got. An abort asked meanwhile is thrown from here, as `CANCELLED`, so a write transaction that
 * calls it between chunks rolls back whole. Long loops also `await pause()`, or nobody hears the beats.
 */
export type Report = (step: string, done: number, total?: number | null) => void

/** Between two beats of the same step at least this much time, but for the last one. */
const BEAT_MS = 80

/**
 * Turns work that reports into what the contract calls long work: beats of progress, then the result. The work is
 * always awaited, also when the reader goes away: nothing goes on behind anybody's back.
 */
export async function* longWork<T>(
  signal: AbortSignal | undefined,
  work: (report: Report) => Promise<T>,
): AsyncGenerator<Progress, T, void> {
  const beats: Progress[] = []
  let wake: () => void = () => {}
  let left = false
  let over = false
  let lastAt = 0
  let lastStep = ''

  const report: Report = (step, done, total = null) => {
    if (left || signal?.aborted) throw new ProblemError(problem('CANCELLED', { done }))
    const now = performance.now()
    if (step === lastStep && now - lastAt < BEAT_MS && done !== total) return
    lastStep = step
    lastAt = now
    beats.push({ step, done, total })
    wake()
  }

  const settled = work(report).then(
    (value) => ({ ok: true as const, value }),
    (error: unknown) => ({ ok: false as const, error }),
  )
  void settled.then(() => {
    over = true
    wake()
  })
  try {
    while (true) {
      const beat = beats.shift()
      if (beat !== undefined) yield beat
      else if (over) break
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
          if (beats.length > 0 || over) resolve()
        })
      }
    }
  } finally {
    left = true
    await settled
  }
  const outcome = await settled
  if (!outcome.ok) throw outcome.error
  return outcome.value
}

/** The person asked to stop: nothing went wrong. How far the work had got, or null where it is something else. */
export function cancelledAfter(error: unknown): number | null {
  if (!(error instanceof ProblemError)) return null
  const found = error.problems.find(({ code }) => code === 'CANCELLED')
  return found === undefined ? null : Number(found.params.done)
}

/** A report in the midst of files already written one by one: who stops it is told how many stay. */
export function savingReport(report: () => void, written: number): void {
  try {
    report()
  } catch (error) {
    throw cancelledAfter(error) === null ? error : new ProblemError(problem('CANCELLED_SAVING', { written }))
  }
}

/** A turn of the event loop: the ledger answers at once, so a loop over it would starve everything else. */
export async function pause(): Promise<void> {
  await setImmediate()
}
