import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import type { FuzzOrder, FuzzReport } from './register-fuzz-types.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const CASES = Number(process.env.QUIETANZA_FUZZ ?? (LONG ? 100_000 : 800))
const FIRST = Number(process.env.QUIETANZA_FUZZ_FROM ?? 1)
/** No file of some kilobytes may keep the program longer, on a machine that does other things too. */
const CASE_MS = 10_000
/** A collected heap may wander; what is kept of each file would be a kilobyte a case at least. */
const GROWTH_MB = LONG ? 30 : 15

/** Runs the cases in a thread of their own, so that one that never ends is stopped and named. */
async function run(from: number, to: number): Promise<FuzzReport> {
  const state = new SharedArrayBuffer(4)
  const now = new Int32Array(state)
  const order: FuzzOrder = { from, to, state }
  const worker = new Worker(new URL('./register-fuzz-worker.ts', import.meta.url), { workerData: order })
  return new Promise((resolve, reject) => {
    let last = -1
    let since = performance.now()
    const watch = setInterval(() => {
      const seed = Atomics.load(now, 0)
      if (seed !== last) {
        last = seed
        since = performance.now()
      } else if (performance.now() - since > CASE_MS && seed !== 0) {
        clearInterval(watch)
        void worker.terminate().then(() => reject(new Error(`seed ${seed} does not end`)))
      }
    }, 250)
    const end = (work: () => void) => {
      clearInterval(watch)
      work()
    }
    worker.once('message', (report: FuzzReport) => end(() => resolve(report)))
    worker.once('error', (error) => end(() => reject(error)))
    worker.once('exit', (code) =>
      end(() => reject(new Error(`seed ${Atomics.load(now, 0)}: the thread fell (${code})`))),
    )
  })
}

it(`${CASES} damaged registers: no fall, no hang, no growth, no wrong amount`, { timeout: 3_600_000 }, async () => {
  const report = await run(FIRST, FIRST + CASES)
  const { counts, failures, heapMb, slowestMs } = report
  if (LONG || failures.length > 0) console.log(JSON.stringify({ ...report, failures: failures.length }))
  expect(failures.join('\n\n')).toBe('')
  expect((counts.read ?? 0) + (counts.refused ?? 0)).toBe(CASES)
  // The cases must reach the reader, and the other reading must have something to say.
  expect(counts['amounts judged'] ?? 0).toBeGreaterThan(CASES / 4)
  expect(counts['amounts not judged'] ?? 0).toBeLessThan((counts['amounts judged'] ?? 0) / 3)
  expect(slowestMs).toBeLessThan(CASE_MS)
  expect((heapMb.at(-1) ?? 0) - (heapMb[0] ?? 0)).toBeLessThan(GROWTH_MB)
})
