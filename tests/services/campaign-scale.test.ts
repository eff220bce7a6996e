import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import PROGRAM_OPTIONS from '../../scripts/program-options.json' with { type: 'json' }
import type { Order, Step } from './campaign-scale-child.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const PEOPLE = LONG ? 50_000 : 1_000
/** Of the processor: one turn in which the program hears nobody. Single queries over all the rows take the longest. */
const TURN_MS = LONG ? 200 : 100
const MEGABYTES = LONG ? 700 : 400
const CHILD = fileURLToPath(new URL('./campaign-scale-child.ts', import.meta.url))

async function child<T>(order: Order): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [...PROGRAM_OPTIONS, CHILD, JSON.stringify(order)])
  return JSON.parse(stdout) as T
}

test(`a campaign of ${PEOPLE} is prepared, looked at, taken back and retried without holding the program up`, {
  timeout: LONG ? 900_000 : 120_000,
}, async () => {
  const folder = await child<string>({ job: 'make', people: PEOPLE })
  try {
    const steps = await child<Step[]>({ job: 'measure', folder })
    for (const { name, ms, turn, megabytes } of LONG ? steps : []) {
      console.log(`${name}: ${ms} ms, longest turn ${turn} ms, ${megabytes} MB`)
    }
    const results = Object.fromEntries(steps.map(({ name, result }) => [name, result]))
    expect(results).toMatchObject({
      ...{ preview: PEOPLE, start: PEOPLE, 'preview again': PEOPLE, 'delivery.list': PEOPLE, counts: PEOPLE },
      ...{ pause: 'paused', resume: 'waiting', 'delivery.cancel of half': PEOPLE / 2, 'failing of half': PEOPLE / 2 },
      ...{ 'retry of half': PEOPLE / 2, 'delivery.list after': PEOPLE, 'campaign.cancel': PEOPLE / 2 },
    })
    expect(steps.filter(({ turn }) => turn > TURN_MS)).toEqual([])
    expect(Math.max(...steps.map(({ megabytes }) => megabytes))).toBeLessThan(MEGABYTES)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
