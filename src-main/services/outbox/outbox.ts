import { randomUUID } from 'node:crypto'
import type { Id } from '#domain/brand'
import { instantOf } from '#domain/date'
import { hasRetries, openRetries } from '#ledger/campaign'
import { listOpenWays } from '#ledger/delivery-queue'
import { keepLane, leaveLane } from '#ledger/outbox-lane'
import { command } from '../command.ts'
import type { ServiceContext } from '../context.ts'
import { markArchive } from './archive-mark.ts'
import { LEASE_MS, type OutboxCore } from './core.ts'
import { Lane } from './lane.ts'
import type { Outbox } from './outbox-port.ts'
import { recoverDeliveries } from './recovery.ts'

/** Another look even when nobody asked: other workstations, times that came, lanes of the dead. */
const LOOK_MS = 20_000
/** Leaving the program waits so long for the message under way; after that its outcome is uncertain. */
const CLOSE_MS = 10_000

/** Starts draining what waits, one loop a lane. What a dead program left half way must have been recovered before. */
export function openOutbox(context: ServiceContext): Outbox {
  return new RunningOutbox(context)
}

class RunningOutbox implements Outbox, OutboxCore {
  readonly context: ServiceContext
  readonly holder = randomUUID()
  readonly inHand = new Set<Id<'delivery'>>()
  closing = false
  readonly #lanes = new Map<string, { readonly lane: Lane; readonly done: Promise<void> }>()
  readonly #look: NodeJS.Timeout
  #scanning: Promise<void> | null = null
  #again = false
  #isFirst = true
  #idlers: (() => void)[] = []
  #marked = -1
  #marking: Promise<void> = Promise.resolve()

  constructor(context: ServiceContext) {
    this.context = context
    this.#look = setInterval(() => this.kick(), LOOK_MS)
    this.#look.unref()
    this.kick()
  }

  kick(): void {
    if (this.closing) return
    if (this.#scanning !== null) {
      this.#again = true
      return
    }
    this.#scanning = this.#scan()
      .catch((error: unknown) => {
        if (!this.closing) this.context.log.error('outbox look failed', { error })
      })
      .finally(() => {
        this.#scanning = null
        if (this.#again) {
          this.#again = false
          this.kick()
        } else this.#tellIdle()
      })
  }

  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve()
    return new Promise((resolve) => this.#idlers.push(resolve))
  }

  async close(): Promise<void> {
    this.closing = true
    clearInterval(this.#look)
    for (const { lane } of this.#lanes.values()) lane.wake()
    const all = Promise.all([this.#scanning, ...[...this.#lanes.values()].map(({ done }) => done)])
    let timer: NodeJS.Timeout | undefined
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS)
    })
    await Promise.race([all, enough])
    clearTimeout(timer)
    await this.mark()
    this.#tellIdle()
  }

  mark(): Promise<void> {
    this.#marking = this.#marking
      .then(async () => {
        this.#marked = await markArchive(this.context, this.#marked)
      })
      .catch((error: unknown) => this.context.log.warn('archive mark not written', { error }))
    return this.#marking
  }

  async #scan(): Promise<void> {
    const { context } = this
    await recoverDeliveries(context, this.inHand)
    await this.#reopen()
    await this.mark()
    const ways = await context.ledger.read((db) => listOpenWays(db, null))
    for (const lane of new Set(ways.map((way) => way.lane))) {
      if (this.closing) return
      const running = this.#lanes.get(lane)
      if (running === undefined) this.#run(lane)
      else running.lane.wake()
    }
    if (context.ledger.target.engine === 'postgres') await this.#keepLanes()
  }

  #run(name: string): void {
    const lane = new Lane(this, name, {
      onIdle: () => this.#tellIdle(),
    })
    const done = lane
      .run()
      .catch((error: unknown) => {
        if (!this.closing) this.context.log.error('outbox lane failed', { lane: name, error })
      })
      .finally(async () => {
        this.#lanes.delete(name)
        await this.#leave(name).catch(() => undefined)
        this.#tellIdle()
      })
    this.#lanes.set(name, { lane, done })
  }

  /** Ways whose server did not answer and whose time has come; all of them when the program starts, whoever stopped them. */
  async #reopen(): Promise<void> {
    const { ledger } = this.context
    const now = this.#isFirst ? null : ledger.clock.now()
    this.#isFirst = false
    if (!(await ledger.read((db) => hasRetries(db, now)))) return
    await ledger.write(command(this.context, 'campaign.reopen', {}), (db) => openRetries(db, now))
  }

  async #keepLanes(): Promise<void> {
    const names = [...this.#lanes].filter(([, { lane }]) => lane.isHeld).map(([name]) => name)
    if (names.length === 0) return
    const { ledger } = this.context
    await ledger.write(command(this.context, 'delivery.hold', {}), async (db) => {
      const until = instantOf(ledger.clock.epochMs() + LEASE_MS)
      for (const name of names) await keepLane(db, name, this.holder, until)
    })
  }

  async #leave(name: string): Promise<void> {
    const { ledger } = this.context
    if (ledger.target.engine !== 'postgres') return
    await ledger.write(command(this.context, 'delivery.hold', {}), (db) => leaveLane(db, name, this.holder))
  }

  #isIdle(): boolean {
    if (this.closing) return true
    return this.#scanning === null && [...this.#lanes.values()].every(({ lane }) => lane.isParked)
  }

  #tellIdle(): void {
    if (!this.#isIdle()) return
    for (const resolve of this.#idlers.splice(0)) resolve()
  }
}
