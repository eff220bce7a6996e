// A program of its own, as the desktop's backend is: makes an office, or draws all its notices while it goes on answering.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createRouterClient } from '@orpc/server'
import { openBackend } from '../../src-main/hosts/backend.ts'
import { institution } from '../../src-main/services/institution.ts'
import { notice } from '../../src-main/services/notice.ts'
import { members, openOffice, outcome } from './office.ts'

export type Order =
  | { readonly job: 'make'; readonly people: number }
  | { readonly job: 'print' | 'save' | 'check'; readonly folder: string }

export interface Drawing {
  readonly notices: number
  readonly problems: number
  readonly seconds: number
  /** Resident memory of the whole program, its threads included. */
  readonly maxMegabytes: number
  /** Of a call asked every few milliseconds while the notices are drawn. */
  readonly p99: number
  readonly calls: number
  /** Of the same call while nothing is drawn: what the machine itself makes one wait. */
  readonly restingP99: number
  /** The longest turn of the event loop, in milliseconds of the processor: what others do on the machine is not ours. */
  readonly longestTurn: number
}

const order = JSON.parse(process.argv[2] as string) as Order

if (order.job === 'make') {
  const office = await openOffice()
  await office.raise(members(order.people))
  await office.generate()
  await office.backend.close()
  console.log(JSON.stringify(office.folder))
} else console.log(JSON.stringify(await draw(order.job, order.folder)))

async function draw(job: 'print' | 'save' | 'check', folder: string): Promise<Drawing> {
  const place = join(folder, 'avvisi')
  mkdirSync(place, { recursive: true })
  const roots = [{ name: 'Prova', path: place }]
  const backend = await openBackend({ folder, fileSecretsOnly: true, roots })
  const client = createRouterClient({ notice, institution }, { context: backend.context })
  const selection = { query: { filters: {} } }
  const input = { selection, folder: await backend.context.folders.tokenOf(place) }
  let drawing = true
  const resting = await asking(performance.now() + 1500)
  const work = async () => {
    try {
      if (job === 'check') return await outcome(await client.notice.check({ selection }))
      if (job === 'print') return await outcome(await client.notice.print({ selection }))
      const { problems } = await outcome(await client.notice.saveAll(input))
      return { notices: readdirSync(place).length, problems }
    } finally {
      drawing = false
    }
  }
  // What loading the sources left behind (their types are taken off in memory) is not of the drawing.
  collectGarbage()
  const begun = performance.now()
  const [result, answers, watched] = await Promise.all([work(), asking(Number.POSITIVE_INFINITY), watching()])
  const seconds = (performance.now() - begun) / 1000
  await backend.close()
  return {
    notices: result.notices,
    problems: result.problems.total,
    seconds,
    calls: answers.length,
    p99: p99(answers),
    restingP99: p99(resting),
    ...watched,
  }

  async function asking(until: number): Promise<number[]> {
    const ms: number[] = []
    while (drawing && performance.now() < until) {
      const start = performance.now()
      await client.institution.get()
      ms.push(performance.now() - start)
      await sleep(5)
    }
    return ms
  }

  async function watching(): Promise<{ maxMegabytes: number; longestTurn: number }> {
    let maxMegabytes = 0
    let longestTurn = 0
    let before = used()
    while (drawing) {
      // Now and then: one that looked at every turn would itself fill the memory that it measures.
      await sleep(2)
      const now = used()
      longestTurn = Math.max(longestTurn, now - before)
      before = now
      maxMegabytes = Math.max(maxMegabytes, process.memoryUsage.rss() / 1024 / 1024)
    }
    return { maxMegabytes, longestTurn }
  }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

function p99(ms: readonly number[]): number {
  return ms.toSorted((a, b) => a - b)[Math.floor(ms.length * 0.99)] ?? Number.NaN
}

/** Milliseconds of the processor that this thread has had. */
function used(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
