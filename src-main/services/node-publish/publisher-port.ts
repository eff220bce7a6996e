import { type Instant, instantOf } from '#domain/date'

/** What tells the node of what is wanted there. */
export interface NodePublisher {
  /** Something may be told that could not before: looks at once. Answers nothing, never fails. */
  kick(): void
  /** The same, and a service that was closed is tried again: key or address may have been put right. */
  restart(): void
  /** Resolves when nothing more can be told now: what waits, waits for a time or a person. */
  idle(): Promise<void>
  state(): PublisherState
  /** Takes nothing new in hand and waits for the calls under way. */
  close(): Promise<void>
}

export interface PublisherState {
  readonly working: boolean
  /** A key, code or address that the node does not accept: nothing leaves before it is mended. */
  readonly stopped: { readonly reason: string; readonly at: Instant } | null
  readonly lastRunAt: Instant | null
  /** When what waits is tried again by itself. */
  readonly nextTryAt: Instant | null
}

const AT_REST = {
  reason: 'Questo programma non manda niente al nodo: le posizioni partono quando si apre quello dell’ufficio.',
  at: instantOf(0),
}

/** No publisher: for programs that only look. */
export const RESTING_PUBLISHER: NodePublisher = {
  kick() {},
  restart() {},
  async idle() {},
  state: () => ({ working: false, stopped: AT_REST, lastRunAt: null, nextTryAt: null }),
  async close() {},
}
