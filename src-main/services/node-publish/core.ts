import type { Instant } from '#domain/date'
import type { NodeAnswer, NodeConnection } from '#domain/node-ports'
import type { RowChange } from '#ledger/node-position'
import type { ServiceContext } from '../context.ts'
import type { Pauses } from './pauses.ts'

export interface PublisherOptions {
  /** Another look even when nobody asked: other workstations, times that came. */
  readonly lookMs: number
  /** A program that says nothing for so long is dead for the other workstations. */
  readonly leaseMs: number
  readonly pauses: Pauses
  /** Between two looks at a load, where the node does not say when to come back. */
  readonly pollMs: number
  /** After these pauses a load of which no answer came is no longer looked for among the files of the node. */
  readonly searchMs: readonly number[]
  /** Calls under way at the same time. */
  readonly parallel: number
  /** What was answered is written at least so often. */
  readonly flushMs: number
}

/** When a load under way is looked at next, and how often that failed in a row. Known to this program only: another one looks at once. */
export class Polls {
  readonly #known = new Map<number, { readonly at: Instant; readonly failures: number }>()

  get(id: number): { readonly at: Instant | null; readonly failures: number } {
    return this.#known.get(id) ?? { at: null, failures: 0 }
  }

  set(id: number, poll: { readonly at: Instant; readonly failures: number }): void {
    this.#known.set(id, poll)
  }
}

/** What one run of the publisher lends to whoever calls the node. */
export interface PublishRun {
  readonly context: ServiceContext
  readonly options: PublisherOptions
  readonly to: NodeConnection
  readonly polls: Polls
  /** Name of this run of the program on the rows that it has in hand. */
  readonly owner: string
  /** False once no other call may leave: the program closes, the service does or wants to be left alone, another environment was chosen. */
  mayCall(): Promise<boolean>
  /** Told of every answer: a closed service ends the run, a busy one slows it down. */
  heard<T>(answer: NodeAnswer<T>): NodeAnswer<T>
  /** Steps that came to their end, written together with others. */
  close(changes: readonly RowChange[]): Promise<void>
  /** The node has taken versions: App IO may be told. */
  published(): void
  now(): Instant
  /** 0 to 1. */
  chance(): number
}
