import { setTimeout as sleep } from 'node:timers/promises'
import type { Instant } from '#domain/date'
import type { NodeAnswer, NodeConnection } from '#domain/node-ports'
import { presentEnvironment, type RowChange } from '#ledger/node-position'
import { closeRows } from '#ledger/node-position-work'
import { waitForMessage } from '#ledger/publication-message'
import { command } from '../command.ts'
import type { ServiceContext } from '../context.ts'
import type { Polls, PublisherOptions, PublishRun } from './core.ts'

/** Longer than this the node is left alone with nothing in hand. */
export const LONGEST_QUIET_MS = 10_000
/** Written at once when so many steps have ended. */
const FLUSH_ROWS = 300

/** What the publisher lends to its runs. */
export interface Lent
  extends Pick<PublishRun, 'context' | 'options' | 'owner' | 'polls' | 'now' | 'chance' | 'published'> {
  /** No other call may leave: the program closes, or the service does. */
  isOver(): boolean
  /** For so long the node wants to be left alone. */
  quietMs(): number
  heard(answer: NodeAnswer<unknown>): void
}

/** One drain: its answers are written together. */
export class Run implements PublishRun {
  readonly context: ServiceContext
  readonly options: PublisherOptions
  readonly owner: string
  readonly polls: Polls
  readonly to: NodeConnection
  readonly #lent: Lent
  #changes: RowChange[] = []
  #flushedAt = performance.now()
  #writing: Promise<void> = Promise.resolve()

  constructor(lent: Lent, to: NodeConnection) {
    this.#lent = lent
    this.to = to
    this.context = lent.context
    this.options = lent.options
    this.owner = lent.owner
    this.polls = lent.polls
  }

  now(): Instant {
    return this.#lent.now()
  }

  chance(): number {
    return this.#lent.chance()
  }

  async mayCall(): Promise<boolean> {
    while (!this.#lent.isOver()) {
      const ms = this.#lent.quietMs()
      if (ms <= 0) return this.#isHere()
      if (ms > LONGEST_QUIET_MS) return false
      await sleep(Math.min(ms, 250))
    }
    return false
  }

  /** Who has left an environment, in whatever window, has left it: what did not go out yet stays. */
  async #isHere(): Promise<boolean> {
    return (await this.context.ledger.read(presentEnvironment)) === this.to.environment
  }

  published(): void {
    this.#lent.published()
  }

  heard<T>(answer: NodeAnswer<T>): NodeAnswer<T> {
    this.#lent.heard(answer)
    return answer
  }

  async close(changes: readonly RowChange[]): Promise<void> {
    this.#changes.push(...changes)
    const waited = performance.now() - this.#flushedAt
    if (this.#changes.length >= FLUSH_ROWS || waited >= this.options.flushMs) await this.flush()
  }

  /** What ended until now is written, one write after the other. */
  async flush(): Promise<void> {
    this.#flushedAt = performance.now()
    this.#writing = this.#writing.then(async () => {
      const changes = this.#changes.splice(0)
      if (changes.length === 0) return
      const { ledger } = this.context
      const write = command(this.context, 'nodePosition.told', { positions: changes.length })
      const ids = await ledger.write(write, async (db) => {
        const taken = await closeRows(db, this.to.environment, this.owner, changes)
        await waitForMessage(db, this.to.environment, taken, write.at)
        return taken
      })
      if (ids.length > 0) this.published()
    })
    await this.#writing
  }
}
