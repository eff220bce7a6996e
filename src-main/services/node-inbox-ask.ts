import { setTimeout as wait } from 'node:timers/promises'
import type { NodeAnswer, NodeFault } from '#domain/node-ports'
import { ProblemError, problem } from '#domain/problem'

/** Of one question, the first included. */
const TRIES = 5
const FIRST_WAIT_MS = 250
/** Longer than this nobody waits: the next reading asks again. */
const MOST_WAIT_MS = 20_000

/** Asks until an answer comes or it is clear that none will: nothing is done by asking twice for what only reads. */
export async function ask<T>(
  question: (signal: AbortSignal | undefined) => Promise<NodeAnswer<T>>,
  signal: AbortSignal | undefined,
): Promise<NodeAnswer<T>> {
  for (let tried = 1; ; tried += 1) {
    if (signal?.aborted) throw new ProblemError(problem('CANCELLED', { done: 0 }))
    const answer = await question(signal)
    if (answer.kind === 'ok' || answer.kind === 'refused' || answer.kind === 'closed' || tried === TRIES) return answer
    const said = (answer.retryAfterSeconds ?? 0) * 1000
    if (said > MOST_WAIT_MS) return answer
    await wait(
      Math.max(said, FIRST_WAIT_MS * 2 ** (tried - 1)),
      undefined,
      signal === undefined ? {} : { signal },
    ).catch(() => undefined)
  }
}

/** The reading of one kind cannot go on; what came before stays. */
export class ReadingStopped extends Error {
  readonly fault: NodeFault

  constructor(fault: NodeFault) {
    super(fault.reason)
    this.fault = fault
  }
}

/** What was asked for; a fault stops the reading. */
export function orStop<T>(answer: NodeAnswer<T>): T {
  if (answer.kind === 'ok') return answer.value
  throw new ReadingStopped(answer)
}

/** Works on several at a time; answers come in the order of the items. `work` throws: no further one is begun, and it is thrown. */
export async function* severalAtOnce<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<{ ok: true; value: R } | { ok: false; error: unknown }>[] = []
  let next = 0
  const start = () => {
    const item = items[next] as T
    next += 1
    running.push(
      work(item).then(
        (value) => ({ ok: true as const, value }),
        (error: unknown) => ({ ok: false as const, error }),
      ),
    )
  }
  try {
    while (next < items.length && running.length < width) start()
    while (running.length > 0) {
      const done = await (running.shift() as (typeof running)[number])
      if (!done.ok) throw done.error
      if (next < items.length) start()
      yield done.value
    }
  } finally {
    await Promise.all(running)
  }
}
