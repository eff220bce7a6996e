import { setTimeout as wait } from 'node:timers/promises'
import type { ListPage, NodeAnswer, NodeFault } from '#domain/node-ports'
import { type Problem, ProblemError, problem, problemText } from '#domain/problem'
import type { Report } from './long-work.ts'

/** Of one question, the first included. */
const TRIES = 5
const FIRST_WAIT_MS = 250
/** Longer than this nobody waits: the next reading asks again. */
const MOST_WAIT_MS = 20_000
/** So many unanswered one after the other: the service is down, the rest waits for the next reading. */
const UNANSWERED = 5
/** What came in this time is kept, however little it is. */
const BATCH_MS = 4_000

type Question<T> = (signal: AbortSignal | undefined) => Promise<NodeAnswer<T>>

/** Asks until an answer comes or it is clear that none will: nothing is done by asking twice for what only reads. */
export async function ask<T>(question: Question<T>, signal: AbortSignal | undefined): Promise<NodeAnswer<T>> {
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
function orStop<T>(answer: NodeAnswer<T>): T {
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

/** One reading of one kind: what is listed, page by page, and the content of each, kept by the batch. */
export class Asking {
  readonly #report: Report
  readonly #signal: AbortSignal | undefined
  #unanswered = 0

  constructor(report: Report, signal: AbortSignal | undefined) {
    this.#report = report
    this.#signal = signal
  }

  /** All pages from `first` on, each row once by its key. @throws ReadingStopped where one does not come */
  async list<T>(
    words: string,
    first: number,
    keyOf: (row: T) => string,
    question: (page: number, signal: AbortSignal | undefined) => Promise<NodeAnswer<ListPage<T>>>,
  ): Promise<T[]> {
    const found = new Map<string, T>()
    for (let page = first, pages = 1; page < first + pages; page += 1) {
      this.#report(words, found.size)
      const answer = await ask((signal) => question(page, signal), this.#signal)
      // The service says so when there are none.
      if (answer.kind === 'refused' && answer.status === 404) break
      const { rows, pages: said } = orStop(answer)
      for (const row of rows) found.set(keyOf(row), row)
      pages = Math.max(pages, said)
    }
    return [...found.values()]
  }

  /** Asks for one content. */
  async content<T>(question: Question<T>): Promise<NodeAnswer<T>> {
    const answer = await ask(question, this.#signal)
    if (answer.kind === 'ok') this.#unanswered = 0
    return answer
  }

  /** Why a content was not had. @throws ReadingStopped where there is no use in asking for the next */
  missed(fault: NodeFault): string {
    if (fault.kind === 'closed') throw new ReadingStopped(fault)
    this.#unanswered = fault.kind === 'refused' ? 0 : this.#unanswered + 1
    if (this.#unanswered >= UNANSWERED) throw new ReadingStopped(fault)
    return fault.reason
  }

  /** The content of each, kept as it comes, also where the reading stops. `keep` is told of the batch that ends it. */
  async fetch<L, F>(
    words: string,
    wanted: readonly L[],
    how: {
      readonly width: number
      readonly one: (listed: L) => Promise<F>
      readonly isFull: (batch: readonly F[]) => boolean
      readonly keep: (batch: readonly F[], isLast: boolean) => Promise<void>
    },
  ): Promise<void> {
    let batch: F[] = []
    let begun = performance.now()
    let done = 0
    const keep = async (isLast: boolean) => {
      const full = batch
      batch = []
      if (full.length > 0) await how.keep(full, isLast)
    }
    try {
      for await (const one of severalAtOnce(wanted, how.width, how.one)) {
        batch.push(one)
        done += 1
        if (how.isFull(batch) || performance.now() - begun >= BATCH_MS) {
          await keep(false)
          begun = performance.now()
        }
        this.#report(words, done, wanted.length)
      }
    } catch (error) {
      await keep(false)
      throw error
    }
    await keep(true)
  }
}

/** Why a content that came cannot be read. */
export function unreadable(problems: readonly Problem[]): string {
  const words = problems.filter((one) => one.severity !== 'warning').map(problemText)
  return words.slice(0, 3).join(' ')
}
