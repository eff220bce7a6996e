import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { NoticeKitInput } from '#codecs/pdf/notice-kit'
import type { PaperInfo } from '#codecs/pdf/paper'
import type { LetterPaper } from '#domain/letter-paper'
import type { NoticeData } from '#domain/notice'
import type { Log } from '#domain/ports'
import { type Problem, ProblemError, problem } from '#domain/problem'
import type { CheckedNotice, DrawnNotice, FromWorker, NoticePaper, ToWorker } from './paper-messages.ts'

/** What the notices of one institution share, ready to be sent to the thread that draws: once, whoever asks. */
export interface PressKit {
  readonly key: string
  readonly input: NoticeKitInput
}

/**
 * Draws papers on a thread of its own, so that the program goes on answering. The thread is opened by the first paper
 * and kept; one that dies fails the work under way with `PAPER_PRESS_STOPPED` and the next paper opens another.
 * Batches should be small (a few dozen): a preview asked meanwhile waits for the batch being drawn.
 */
export interface PaperPress {
  /** One file each, in the order given. @throws ProblemError where the institution's own texts cannot be printed. */
  draw(kit: PressKit, papers: readonly NoticePaper[]): Promise<readonly DrawnNotice[]>
  check(kit: PressKit, notices: readonly NoticeData[]): Promise<readonly CheckedNotice[]>
  letter(paper: LetterPaper): Promise<Uint8Array<ArrayBuffer>>
  /**
   * One file of all, piece by piece, no faster than the pieces are taken; the batches are asked for as they are needed.
   * What cannot be printed is left out and told to `problems`; how many are in the file is the answer. Leaving the loop
   * stops the drawing.
   */
  merge(
    kit: PressKit,
    batches: AsyncIterable<readonly NoticePaper[]>,
    problems: { add(...problems: readonly Problem[]): void },
    info: PaperInfo,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>, number, void>
  close(): Promise<void>
}

/** Kits of other institutions, or of a style being edited, that the thread remembers. */
const KITS = 4

/** Batches of a merged file that the thread may hold. */
const BATCHES_AHEAD = 2

/** Bounds of the thread's own heap; what it draws lives outside of it. */
const LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 4 }

export function pressKit(input: NoticeKitInput): PressKit {
  const hash = createHash('sha256').update(JSON.stringify([input.creditor, input.second]))
  hash.update(input.logo === null ? '-' : input.logo)
  for (const [kind, bytes] of [...input.graphics].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${kind} ${bytes.length} `).update(bytes)
  }
  return { key: hash.digest('hex'), input }
}

/** @param address of `paper-worker.ts`, or of the host's own bundle of it. */
export function openPaperPress(address: URL, log: Log): PaperPress {
  let thread: PressThread | null = null
  let closed = false
  const present = (): PressThread => {
    if (closed) throw new Error('the press is closed')
    if (thread === null || thread.dead) thread = new PressThread(address, log)
    return thread
  }
  return {
    async draw(kit, papers) {
      const on = present()
      const answer = await on.ask((job) => ({ type: 'draw', job, kit: on.kit(kit), papers }))
      return (answer as Extract<FromWorker, { type: 'drawn' }>).papers
    },
    async check(kit, notices) {
      const on = present()
      const answer = await on.ask((job) => ({ type: 'check', job, kit: on.kit(kit), notices }))
      return (answer as Extract<FromWorker, { type: 'checked' }>).notices
    },
    async letter(letter) {
      const answer = await present().ask((job) => ({ type: 'letter', job, letter }))
      return (answer as Extract<FromWorker, { type: 'letter' }>).bytes
    },
    merge: (kit, batches, problems, info) => merge(present(), kit, batches, problems, info),
    async close() {
      closed = true
      await thread?.end()
    },
  }
}

/** One worker thread with the jobs that it has under way. */
class PressThread {
  readonly #worker: Worker
  readonly #log: Log
  readonly #jobs = new Map<number, (message: FromWorker | Error) => void>()
  readonly #kits = new Map<string, number>()
  #count = 0
  #stopped: ProblemError | null = null
  #ended = false

  constructor(address: URL, log: Log) {
    this.#log = log
    this.#worker = new Worker(address, { name: 'carta', resourceLimits: LIMITS })
    // A press at rest never keeps a program from ending.
    this.#worker.unref()
    this.#worker.on('message', (message: FromWorker) => this.#jobs.get(message.job)?.(message))
    this.#worker.on('messageerror', (error) => this.#fail(error))
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('exit')))
  }

  get dead(): boolean {
    return this.#stopped !== null
  }

  /** Number under which the thread knows the kit; the least used one is forgotten. */
  kit({ key, input }: PressKit): number {
    const number = this.#kits.get(key) ?? ++this.#count
    if (!this.#kits.delete(key)) this.tell({ type: 'kit', kit: number, input })
    this.#kits.set(key, number)
    const [oldest] = this.#kits
    if (this.#kits.size > KITS && oldest !== undefined) {
      this.#kits.delete(oldest[0])
      this.tell({ type: 'forget', kit: oldest[1] })
    }
    return number
  }

  tell(message: ToWorker): void {
    if (!this.dead) this.#worker.postMessage(message)
  }

  /** Opens a job; every message about it, and the thread's death, goes to `hear` until the job is left. */
  enter(hear: (message: FromWorker | Error) => void): number {
    // One that died since it was looked at would never answer.
    if (this.#stopped !== null) throw this.#stopped
    const job = ++this.#count
    if (this.#jobs.size === 0) this.#worker.ref()
    this.#jobs.set(job, hear)
    return job
  }

  leave(job: number): void {
    this.#jobs.delete(job)
    if (this.#jobs.size === 0) this.#worker.unref()
  }

  /** One question, one answer. */
  async ask(question: (job: number) => ToWorker): Promise<FromWorker> {
    let job = 0
    try {
      return await new Promise<FromWorker>((resolve, reject) => {
        job = this.enter((message) => {
          const error = errorOf(message)
          if (error === null) resolve(message as FromWorker)
          else reject(error)
        })
        this.tell(question(job))
      })
    } finally {
      this.leave(job)
    }
  }

  async end(): Promise<void> {
    this.#ended = true
    await this.#worker.terminate()
  }

  #fail(error: unknown): void {
    if (this.dead) return
    const memory = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
    const reason = memory ? 'è finita la memoria' : 'si è chiuso da solo'
    const stopped = new ProblemError(problem('PAPER_PRESS_STOPPED', { reason }))
    this.#stopped = stopped
    if (!this.#ended) this.#log.error('paper press stopped', { error })
    for (const hear of [...this.#jobs.values()]) hear(stopped)
    void this.#worker.terminate()
  }
}

function errorOf(message: FromWorker | Error): Error | null {
  if (message instanceof Error) return message
  if (message.type === 'refused') return new ProblemError(...message.problems)
  return message.type === 'broken' ? message.error : null
}

async function* merge(
  thread: PressThread,
  kit: PressKit,
  batches: AsyncIterable<readonly NoticePaper[]>,
  problems: Parameters<PaperPress['merge']>[2],
  info: PaperInfo,
): AsyncGenerator<Uint8Array<ArrayBuffer>, number, void> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let notices = 0
  let held = 0
  let over = false
  let left = false
  let failure: unknown = null
  let wake: () => void = () => {}
  let feed: () => void = () => {}
  const job = thread.enter((message) => {
    const error = errorOf(message)
    if (error !== null) failure = error
    else if (!(message instanceof Error)) {
      if (message.type === 'piece') pieces.push(message.bytes)
      else if (message.type === 'merged') over = true
      else if (message.type === 'hungry') {
        held -= 1
        notices += message.drawn
        problems.add(...message.problems)
      }
    }
    feed()
    wake()
  })

  const feeding = async (): Promise<void> => {
    for await (const papers of batches) {
      if (papers.length === 0) continue
      while (held >= BATCHES_AHEAD && !left && failure === null) {
        await new Promise<void>((resolve) => {
          feed = resolve
        })
      }
      if (left || failure !== null) return
      held += 1
      thread.tell({ type: 'papers', job, papers })
    }
    thread.tell({ type: 'papers', job, papers: [] })
  }

  let fed: Promise<void> = Promise.resolve()
  try {
    thread.tell({ type: 'merge', job, kit: thread.kit(kit), info })
    fed = feeding().catch((error: unknown) => {
      failure ??= error
      wake()
    })
    while (true) {
      if (failure !== null) throw failure
      const piece = pieces.shift()
      if (piece !== undefined) {
        yield piece
        thread.tell({ type: 'taken', job })
      } else if (over) return notices
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
          if (pieces.length > 0 || over || failure !== null) resolve()
        })
      }
    }
  } finally {
    left = true
    feed()
    if (!over) thread.tell({ type: 'cancel', job })
    await fed
    thread.leave(job)
  }
}
