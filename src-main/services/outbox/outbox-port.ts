/** What drains the queue of deliveries. */
export interface Outbox {
  /** Something may be sent that could not before: looks at once. Answers nothing, never fails. */
  kick(): void
  /** Resolves when nothing more can leave now: what waits, waits for a time, a person or an account. */
  idle(): Promise<void>
  /** Takes nothing new in hand and waits for what is leaving. */
  close(): Promise<void>
}

/** No outbox: for programs that only look. */
export const RESTING_OUTBOX: Outbox = {
  kick() {},
  async idle() {},
  async close() {},
}
