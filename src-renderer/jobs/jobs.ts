import { useSyncExternalStore } from 'react'
import type { Progress } from '#domain/progress'
import { isAborted } from '../problems.ts'

/** Long work as a page asks for it. Words as in SCREENS.md §8. */
export interface JobRequest<T> {
  /** First person: «Importo le quote». */
  readonly title: string
  readonly subtitle?: string
  /** What is counted: «righe», «avvisi». */
  readonly unit: string
  /** «Annulla importazione». */
  readonly cancelWord: string
  /** What stays behind: «Se annulli non resta niente nei conti». */
  readonly cancelNote: string
  /** Asked for again under the same name while it runs, it is the same work: its dialog comes back. */
  readonly same?: string
  readonly run: (signal: AbortSignal) => Promise<AsyncIterator<Progress, T>>
  readonly onDone?: (result: T) => void
  readonly onFailed?: (error: unknown) => void
  readonly onCancelled?: (reached: string) => void
}

export interface JobState {
  readonly id: number
  readonly request: Omit<JobRequest<never>, 'run' | 'onDone' | 'onFailed' | 'onCancelled'>
  readonly steps: readonly Progress[]
  readonly startedAt: number
  readonly stepStartedAt: number
  readonly reduced: boolean
  readonly phase: 'running' | 'cancelling' | 'failed'
  readonly error: unknown
  readonly cancel: () => void
}

let jobs: readonly JobState[] = []
let nextId = 1
const listeners = new Set<() => void>()

function publish(next: readonly JobState[]): void {
  jobs = next
  for (const listener of listeners) listener()
}

function patch(id: number, change: Partial<JobState>): void {
  publish(jobs.map((job) => (job.id === id ? { ...job, ...change } : job)))
}

export function useJobs(): readonly JobState[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => jobs,
  )
}

export function reduceJob(id: number, reduced: boolean): void {
  patch(id, { reduced })
}

export function dismissJob(id: number): void {
  publish(jobs.filter((job) => job.id !== id))
}

/** Starts long work: dialog after 400 ms, chip in the top bar when reduced. Resolves when it ended, in whatever way. */
export async function startJob<T>(request: JobRequest<T>): Promise<void> {
  const { title, subtitle, unit, cancelWord, cancelNote, same } = request
  const running = jobs.find((job) => same !== undefined && job.request.same === same && job.phase !== 'failed')
  if (running) {
    reduceJob(running.id, false)
    return
  }
  const id = nextId
  nextId += 1
  const abort = new AbortController()
  const now = performance.now()
  publish([
    ...jobs,
    {
      id,
      request: {
        ...{ title, unit, cancelWord, cancelNote },
        ...(subtitle === undefined ? {} : { subtitle }),
        ...(same === undefined ? {} : { same }),
      },
      steps: [],
      startedAt: now,
      stepStartedAt: now,
      reduced: false,
      phase: 'running',
      error: null,
      cancel: () => {
        patch(id, { phase: 'cancelling' })
        abort.abort()
      },
    },
  ])
  let reached = ''
  try {
    const beats = await request.run(abort.signal)
    for (;;) {
      const beat = await beats.next()
      if (beat.done) {
        dismissJob(id)
        request.onDone?.(beat.value)
        return
      }
      reached = `${beat.value.step}: ${beat.value.done}`
      addBeat(id, beat.value)
    }
  } catch (error) {
    if (abort.signal.aborted || isAborted(error)) {
      dismissJob(id)
      request.onCancelled?.(reached)
      return
    }
    if (request.onFailed) {
      dismissJob(id)
      request.onFailed(error)
    } else patch(id, { phase: 'failed', error, reduced: false })
  }
}

function addBeat(id: number, beat: Progress): void {
  const job = jobs.find((j) => j.id === id)
  if (!job) return
  const last = job.steps.at(-1)
  const same = last?.step === beat.step
  patch(id, {
    steps: same ? [...job.steps.slice(0, -1), beat] : [...job.steps, beat],
    ...(same ? {} : { stepStartedAt: performance.now() }),
  })
}

/** «circa 2 secondi»; null before three seconds have passed or while the total is unknown. */
export function timeLeft(job: JobState, now: number): string | null {
  const step = job.steps.at(-1)
  if (!step?.total || step.done === 0 || now - job.startedAt < 3000) return null
  const seconds = (((now - job.stepStartedAt) / step.done) * (step.total - step.done)) / 1000
  if (seconds < 1.5) return 'quasi finito'
  if (seconds < 90) return `circa ${Math.ceil(seconds)} secondi`
  return `circa ${Math.ceil(seconds / 60)} minuti`
}
