/** Writes of other programs and workstations are noticed within this time. */
const POLL_MS = 2_000

/** The counter of committed writes, told to whoever follows it. */
export class Revisions {
  readonly #read: () => Promise<number>
  readonly #listeners = new Set<() => void>()
  #raised = 0
  #closed = false

  constructor(read: () => Promise<number>) {
    this.#read = read
  }

  /** Something was committed here. */
  raise(): void {
    this.#raised += 1
    for (const wake of [...this.#listeners]) wake()
  }

  close(): void {
    this.#closed = true
    this.raise()
  }

  async *follow(signal?: AbortSignal): AsyncGenerator<number> {
    let seen = -1
    while (!this.#closed && !signal?.aborted) {
      const before = this.#raised
      const now = await this.#read()
      if (this.#closed) return
      if (now !== seen) {
        seen = now
        yield now
      } else if (before === this.#raised) {
        await this.#change(signal)
      }
    }
  }

  #change(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#listeners.delete(wake)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, POLL_MS)
      timer.unref()
      this.#listeners.add(wake)
      signal?.addEventListener('abort', wake, { once: true })
      if (this.#closed || signal?.aborted) wake()
    })
  }
}
