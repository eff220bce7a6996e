import { AsyncLocalStorage } from 'node:async_hooks'

/** Writes of this process one after the other, in the order they were asked. */
export class WriteQueue {
  readonly #inside = new AsyncLocalStorage<true>()
  #last: Promise<unknown> = Promise.resolve()

  /** Awaiting the ledger inside a write would wait for itself for ever: a programmer's error, said at once. */
  refuseInside(): void {
    if (this.#inside.getStore()) throw new Error('inside ledger.write use its handle, not the ledger')
  }

  run<T>(fn: () => Promise<T>): Promise<T> {
    this.refuseInside()
    const turn = this.#last.then(() => this.#inside.run(true, fn))
    this.#last = turn.catch(() => {})
    return turn
  }

  /** Resolves when everything asked so far is done. */
  async idle(): Promise<void> {
    await this.#last
  }
}
