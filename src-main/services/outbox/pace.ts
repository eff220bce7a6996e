import { epochMsOf, instantOf } from '#domain/date'
import { nextSending, type PaceHistory, type PaceReason, type Pacing } from '#domain/pacing'
import { readLaneTimes } from '#ledger/delivery-queue'
import type { ReadHandle } from '#ledger/ledger'

const DAY_MS = 86_400_000
/** Of a batch larger than this only so many are looked at after a restart. */
const MOST_TIMES = 20_000

/** What a lane sent lately, kept while its loop runs; read from the ledger when it begins, so that a restart forgets nothing. */
export class Pace {
  readonly pacing: Pacing | null
  #last: number | null = null
  #inBatch = 0
  /** Oldest first, from `#from` on within the last day. */
  readonly #times: number[] = []
  #from = 0

  private constructor(pacing: Pacing | null) {
    this.pacing = pacing
  }

  static async read(db: ReadHandle, lane: string, pacing: Pacing | null, now: number): Promise<Pace> {
    const pace = new Pace(pacing)
    if (pacing === null) return pace
    const limit = Math.min(MOST_TIMES, Math.max(1, pacing.batch?.size ?? 0, pacing.perDay ?? 0))
    // A clock that was put back does not make the lane wait for a moment that has been.
    for (const at of await readLaneTimes(db, lane, instantOf(now - DAY_MS), limit))
      pace.note(Math.min(epochMsOf(at), now))
    return pace
  }

  /** One left at this moment. */
  note(at: number): void {
    const { pacing } = this
    if (pacing === null) return
    const paused = pacing.batch !== null && this.#last !== null && at - this.#last >= pacing.batch.pauseSeconds * 1000
    this.#inBatch = paused ? 1 : this.#inBatch + 1
    this.#last = at
    if (pacing.perDay !== null) this.#times.push(at)
  }

  history(now: number): PaceHistory {
    while (this.#from < this.#times.length && (this.#times[this.#from] as number) <= now - DAY_MS) this.#from += 1
    if (this.#from > 10_000) {
      this.#times.splice(0, this.#from)
      this.#from = 0
    }
    const count = this.#times.length - this.#from
    const perDay = this.pacing?.perDay ?? null
    const freesAt = perDay === null || count < perDay ? null : (this.#times[this.#times.length - perDay] ?? null)
    return { last: this.#last, inBatch: this.#inBatch, day: { count, freesAt } }
  }

  next(now: number): { readonly at: number; readonly reason: PaceReason | null } {
    return this.pacing === null ? { at: now, reason: null } : nextSending(this.pacing, this.history(now), now)
  }
}
