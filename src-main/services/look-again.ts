/** Work that looks by itself at what may have come, now and at intervals, never twice at the same time. */
export interface Looker {
  /** Looks now, after the look under way; answers when done. */
  look(): Promise<void>
  /** No look begins any more, the one under way is asked to stop; answers when it has ended. */
  close(): Promise<void>
}

/**
 * Looks after `firstMs`, at once unless told, and then every `everyMs` for as long as the program runs. `signal` ends with the program:
 * `look` minds it before each step that takes long. What it throws goes to `failed` and stops no later look.
 */
export function lookAgain(
  everyMs: number,
  look: (signal: AbortSignal) => Promise<unknown>,
  failed: (error: unknown, signal: AbortSignal) => void,
  firstMs = 0,
): Looker {
  const stop = new AbortController()
  const { signal } = stop
  let running: Promise<void> = Promise.resolve()
  const again = (): Promise<void> => {
    running = running.then(async () => {
      if (signal.aborted) return
      await look(signal).catch((error: unknown) => failed(error, signal))
    })
    return running
  }
  let timer: NodeJS.Timeout | undefined
  const begin = () => {
    timer = setInterval(() => void again(), everyMs).unref()
    void again()
  }
  if (firstMs === 0) begin()
  else timer = setTimeout(begin, firstMs).unref()
  return {
    look: again,
    async close() {
      clearTimeout(timer)
      stop.abort()
      await running
    },
  }
}
