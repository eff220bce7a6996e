/** Work that looks by itself at what may have come, now and at intervals, never twice at the same time. */
export interface Looker {
  /** Looks now, after the look under way; answers when done. */
  look(): Promise<void>
  /** No look begins any more; answers when the one under way has ended. */
  close(): Promise<void>
}

/**
 * Looks at once and then every `everyMs` for as long as the program runs. `look` asks `goesOn` before each step that takes long;
 * what it throws goes to `failed` and stops no later look.
 */
export function lookAgain(
  everyMs: number,
  look: (goesOn: () => boolean) => Promise<void>,
  failed: (error: unknown) => void,
): Looker {
  let closed = false
  let running: Promise<void> = Promise.resolve()
  const again = (): Promise<void> => {
    running = running.then(() => (closed ? undefined : look(() => !closed).catch(failed)))
    return running
  }
  const timer = setInterval(() => void again(), everyMs)
  timer.unref()
  void again()
  return {
    look: again,
    async close() {
      clearInterval(timer)
      closed = true
      await running
    },
  }
}
