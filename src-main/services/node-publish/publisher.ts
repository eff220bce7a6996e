import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Instant } from '#domain/date'
import type { NodeAnswer, NodeConnection } from '#domain/node-ports'
import { ProblemError, problemText } from '#domain/problem'
import { type NodeBatchRow, openNodeBatches } from '#ledger/node-batch'
import { presentEnvironment } from '#ledger/node-position'
import { lostRows, waitingRows } from '#ledger/node-position-work'
import type { ServiceContext } from '../context.ts'
import { needNode } from '../node-connection.ts'
import { afterPublication } from '../node-message.ts'
import { claimNext } from './claim.ts'
import { Polls, type PublisherOptions } from './core.ts'
import { holdsLane, keepsLane } from './lane.ts'
import { followBatch, sendBatch } from './massive.ts'
import { laterThan } from './outcome.ts'
import { isPaused } from './paused.ts'
import { PAUSES, pauseMs } from './pauses.ts'
import type { NodePublisher, PublisherState } from './publisher-port.ts'
import { recoverSteps } from './recover.ts'
import { type Lent, LONGEST_QUIET_MS, Run } from './run.ts'
import { tellAll } from './tell.ts'

const OPTIONS: PublisherOptions = {
  ...{ lookMs: 20_000, leaseMs: 90_000, pauses: PAUSES, pollMs: 2000, searchMs: [5000, 15_000, 40_000] },
  ...{ parallel: 6, flushMs: 700 },
}
/** So many calls in a row that came to nothing: the others would not fare better. */
const MOST_FAILURES = 12
/** So many in a row that the service is not at this address. */
const MOST_LOST = 3
const CLOSE_MS = 10_000
/** At most so often because of what was written. */
const WATCH_MS = 400
/** A service that was closed may have been opened on the other side. */
const CLOSED_MS = 30 * 60_000
/** A load that was refused goes another way for so long. */
const MASSIVE_OFF_MS = 60 * 60_000

interface Waiting {
  readonly rows: Awaited<ReturnType<typeof waitingRows>>
  readonly batches: readonly NodeBatchRow[]
  /** Something of it can be done now. */
  readonly anything: boolean
}

/** Tells the node of what waits, as long as the program is open. */
export function openNodePublisher(context: ServiceContext, options: Partial<PublisherOptions> = {}): NodePublisher {
  return new RunningPublisher(context, { ...OPTIONS, ...options })
}

class RunningPublisher implements NodePublisher {
  readonly #context: ServiceContext
  readonly #options: PublisherOptions
  readonly #owner = randomUUID()
  readonly #polls = new Polls()
  readonly #look: NodeJS.Timeout
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #again = false
  #closing = false
  readonly #watching = new AbortController()
  #idlers: (() => void)[] = []
  #stopped: PublisherState['stopped'] = null
  #lastRunAt: Instant | null = null
  #nextTryAt: Instant | null = null
  /** Of the clock that nobody sets (`performance.now`): the node wants to be left alone until then. */
  #quietUntil = 0
  #failures = 0
  /** Answers in a row that say that the service is closed. */
  #closed = 0
  #massiveFrom = 0
  #tellers: Promise<void> = Promise.resolve()
  readonly #lent: Lent

  constructor(context: ServiceContext, options: PublisherOptions) {
    this.#context = context
    this.#options = options
    this.#lent = {
      ...{ context, options, owner: this.#owner, polls: this.#polls },
      now: () => this.#now(),
      chance: () => this.#chance(),
      isOver: () => this.#closing || this.#stopped !== null,
      quietMs: () => this.#quietUntil - performance.now(),
      heard: (answer) => this.#heard(answer),
      published: () => this.#published(),
    }
    this.#look = setInterval(() => this.kick(), options.lookMs)
    this.#look.unref()
    this.#watch().catch((error: unknown) => {
      if (!this.#closing) context.log.error('node publisher watches no more', { error })
    })
    this.kick()
    // What a run of the program that is no more published and did not tell.
    this.#published()
  }

  kick(): void {
    if (this.#closing) return
    if (this.#running !== null) {
      this.#again = true
      return
    }
    this.#running = this.#work()
      .catch((error: unknown) => {
        if (!this.#closing) this.#context.log.error('node publisher failed', { error })
      })
      .finally(() => {
        this.#running = null
        if (this.#again && !this.#closing) {
          this.#again = false
          this.kick()
        } else for (const resolve of this.#idlers.splice(0)) resolve()
      })
  }

  restart(): void {
    this.#stopped = null
    this.#quietUntil = 0
    this.#failures = 0
    this.kick()
  }

  idle(): Promise<void> {
    if (this.#running === null) return Promise.resolve()
    return new Promise((resolve) => this.#idlers.push(resolve))
  }

  state(): PublisherState {
    return {
      working: this.#running !== null,
      stopped: this.#stopped,
      lastRunAt: this.#lastRunAt,
      nextTryAt: this.#nextTryAt,
    }
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#watching.abort()
    clearInterval(this.#look)
    if (this.#timer !== null) clearTimeout(this.#timer)
    const enough = new AbortController()
    const all = Promise.all([this.#running, this.#tellers])
    await Promise.race([all, sleep(CLOSE_MS, undefined, { signal: enough.signal }).catch(() => undefined)])
    enough.abort()
    for (const resolve of this.#idlers.splice(0)) resolve()
  }

  async #work(): Promise<void> {
    if (this.#stopped !== null && Date.parse(this.#now()) < Date.parse(this.#stopped.at) + CLOSED_MS) return
    const waiting = await this.#waiting()
    // While the node wants to be left alone nothing is taken in hand: the lane alone, written each time, would wake us again.
    const isQuiet = this.#quietUntil - performance.now() > LONGEST_QUIET_MS
    if (!waiting.anything || isQuiet) return this.#plan(waiting)
    let to: NodeConnection
    try {
      to = await needNode(this.#context, 'gpd')
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      this.#stop(error.problems.map((one) => problemText(one)).join(' '))
      return
    }
    this.#stopped = null
    const leaveLane = keepsLane(this.#context, this.#owner, this.#options.leaseMs)
    try {
      await this.#drain(to)
    } finally {
      await leaveLane().catch(() => undefined)
      this.#lastRunAt = this.#now()
      if (!this.#closing) this.#plan(await this.#waiting())
    }
  }

  /** A look that writes nothing: every write wakes it. */
  async #waiting(): Promise<Waiting> {
    const now = this.#now()
    return this.#context.ledger.read(async (db) => {
      const environment = await presentEnvironment(db)
      const rows = await waitingRows(db, environment, now)
      const batches = await openNodeBatches(db, environment)
      const anything = async () => {
        if (rows.waiting === 0 || (await isPaused(db))) return false
        if (rows.ready > 0 || batches.some(({ id }) => isDue(this.#polls.get(id).at, now))) return true
        return (await lostRows(db, environment, this.#owner)).length > 0
      }
      return { rows, batches, anything: await anything() }
    })
  }

  /** Whatever is written, here or on another workstation, may have left something to be told. */
  async #watch(): Promise<void> {
    const { ledger } = this.#context
    for await (const _ of ledger.revisions(this.#watching.signal)) {
      this.kick()
      await sleep(WATCH_MS, undefined, { signal: this.#watching.signal }).catch(() => undefined)
    }
  }

  async #drain(to: NodeConnection): Promise<void> {
    const { environment } = to
    const run = new Run(this.#lent, to)
    if (!(await holdsLane(this.#context, this.#owner, this.#options.leaseMs))) return
    await recoverSteps(this.#context, environment, this.#owner)
    while (await run.mayCall()) {
      const batches = await this.#context.ledger.read((db) => openNodeBatches(db, environment))
      const due = batches.filter(({ id }) => isDue(this.#polls.get(id).at, this.#now()))
      for (const batch of due) await followBatch(run, batch)
      const massiveWorks = Date.parse(this.#now()) >= this.#massiveFrom
      const claimed = await claimNext(this.#context, this.#owner, { environment, massiveWorks })
      if (claimed === null) {
        if (due.length === 0) break
        continue
      }
      if (claimed.batch !== null) {
        const taken = await sendBatch(run, claimed.batch, claimed.batch.zip)
        if (!taken) this.#massiveFrom = Date.parse(this.#now()) + MASSIVE_OFF_MS
        continue
      }
      await tellAll(run, claimed.jobs)
      await run.flush()
    }
    await run.flush()
  }

  /** When it has to look again by itself, at the latest. */
  #plan({ rows, batches }: Waiting): void {
    if (this.#closing) return
    const times = batches.flatMap(({ id }) => this.#polls.get(id).at ?? [])
    if (rows.nextAt !== null) times.push(rows.nextAt)
    const next = times.sort()[0] ?? null
    const quietMs = Math.max(0, this.#quietUntil - performance.now())
    const quiet = quietMs > 0 ? laterThan(this.#now(), quietMs) : null
    this.#nextTryAt = quiet !== null && (next === null || quiet > next) && rows.waiting > 0 ? quiet : next
    if (this.#nextTryAt === null || this.#stopped !== null) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    const ms = Math.max(10, Date.parse(this.#nextTryAt) - Date.parse(this.#now()))
    this.#timer = setTimeout(() => this.kick(), Math.min(ms, this.#options.lookMs))
    this.#timer.unref()
  }

  #now(): Instant {
    return this.#context.ledger.clock.now()
  }

  #chance(): number {
    return (this.#context.random.bytes(1)[0] ?? 0) / 255
  }

  #stop(reason: string): void {
    this.#stopped = { reason, at: this.#now() }
  }

  #heard(answer: NodeAnswer<unknown>): void {
    if (answer.kind === 'closed') {
      this.#closed += 1
      // Whatever stands before the services may lose its way once.
      if (answer.status !== 404 || this.#closed >= MOST_LOST) this.#stop(answer.reason)
      return
    }
    if (answer.kind === 'ok' || answer.kind === 'refused') {
      this.#failures = 0
      this.#closed = 0
      return
    }
    this.#failures += 1
    const many = this.#failures >= MOST_FAILURES
    if (answer.retryAfterSeconds === undefined && !many) return
    const { pauses } = this.#options
    const pause = many
      ? pauseMs(pauses, this.#failures - MOST_FAILURES + 1, this.#chance(), answer.retryAfterSeconds)
      : (answer.retryAfterSeconds ?? 0) * 1000
    this.#quietUntil = Math.max(this.#quietUntil, performance.now() + pause)
  }

  /** App IO is told while the next ones leave. */
  #published(): void {
    this.#tellers = this.#tellers
      .then(() => afterPublication(this.#context))
      .catch((error: unknown) => this.#context.log.error('message after publication failed', { error }))
  }
}

function isDue(at: Instant | null, now: Instant): boolean {
  return at === null || at <= now
}
