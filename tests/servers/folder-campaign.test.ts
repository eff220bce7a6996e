import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FakeClock } from '#hosts/clock'
import { campaign } from '../../src-main/services/campaign.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { members, type Office, openOffice, outcome } from '../services/office.ts'
import { smallDisk } from './small-disk.ts'

let office: Office
let place = ''

beforeEach(async () => {
  office = await openOffice()
  place = join(office.folder, 'consegne', 'nas')
  await mkdir(place)
})
afterEach(() => office.close())

const at = () => ({ context: office.context })
const pdfs = () => readdirSync(place).filter((name) => name.endsWith('.pdf'))

async function begin(count: number) {
  await office.raise(members(count))
  await office.generate()
  const [own] = await office.context.folders.list(null)
  const [nas] = await office.context.folders.list((own as NonNullable<typeof own>).token)
  const input = { selection: { query: { filters: {} } }, channels: ['folder'], folder: nas?.token, index: true }
  const start = call(campaign.start, { ...input, subject: 'Avviso', body: 'Testo' } as never, at())
  return (await outcome(await start)).campaign.id
}

async function goOn(id: Awaited<ReturnType<typeof begin>>) {
  await call(campaign.resume, { id }, at())
  // What was put off waits for its time.
  ;(office.context.clock as FakeClock).advance(3_600_000)
  office.context.outbox.kick()
  await office.context.outbox.idle()
}

/** All are there, whole, once, and the index names each. */
async function judged(id: Awaited<ReturnType<typeof begin>>, count: number) {
  expect(await call(campaign.get, { id }, at())).toMatchObject({ state: 'finished', channels: [{ done: count }] })
  const { rows } = await call(delivery.list, { filters: {}, limit: 200 } as never, at())
  expect(rows.map(({ state }) => state)).toEqual(Array(count).fill('delivered'))
  expect(pdfs().sort()).toEqual(rows.map(({ address }) => address).sort())
  for (const name of pdfs()) expect(readFileSync(join(place, name)).toString('latin1').trimEnd()).toMatch(/%%EOF$/)
  const index = readdirSync(place).find((name) => name.endsWith('.json')) as string
  const { avvisi } = JSON.parse(readFileSync(join(place, index), 'utf8')) as { avvisi: { file: string }[] }
  expect(avvisi.map(({ file }) => file)).toEqual(pdfs().sort())
  const others = readdirSync(place).filter((name) => !pdfs().includes(name) && !/\.(csv|json)$/.test(name))
  expect(others).toEqual([])
}

describe('a campaign in a folder of the network', () => {
  it('that disappears in the middle stops with its reason; when it is back the rest follows', async () => {
    const id = await begin(60)
    while (pdfs().length < 5) await sleep(1)
    await rename(place, `${place}-staccata`)
    await office.context.outbox.idle()
    const stopped = await call(campaign.get, { id }, at())
    expect(stopped).toMatchObject({ state: 'stopped', reason: expect.stringMatching(/non esiste più/) })
    expect(stopped.channels[0]?.done).toBeLessThan(60)
    expect(stopped.channels[0]?.failed).toBe(0)
    await rename(`${place}-staccata`, place)
    await goOn(id)
    await judged(id, 60)
  })

  it('whose disk fills in the middle stops with its reason and no half file; with room again the rest follows', async ({
    skip,
  }) => {
    const disk = smallDisk(place, 6_000_000, 'root')
    if (disk === null) return skip('i dischi piccoli non si montano qui')
    try {
      const id = await begin(120)
      while (pdfs().length < 5) await sleep(1)
      // There was room for all when it began: somebody else takes it.
      const ballast = join(place, '.di-altri')
      const { bavail, bsize } = statfsSync(place)
      writeFileSync(ballast, new Uint8Array(bavail * bsize - 300_000))
      await office.context.outbox.idle()
      const stopped = await call(campaign.get, { id }, at())
      expect(stopped).toMatchObject({ state: 'stopped', reason: expect.stringMatching(/il disco è pieno/) })
      const left = readdirSync(place).filter((name) => name !== '.di-altri')
      expect(left.length).toBeGreaterThan(5)
      expect(left.length).toBeLessThan(120)
      for (const name of left) expect(readFileSync(join(place, name)).toString('latin1').trimEnd()).toMatch(/%%EOF$/)
      expect(stopped.channels[0]).toMatchObject({ done: left.length, failed: 0 })
      rmSync(ballast)
      await goOn(id)
      await judged(id, 120)
    } finally {
      disk.unmount()
    }
  })

  it('whose disk has no room for all of it stops before the first file, and says how much is needed', async ({
    skip,
  }) => {
    const disk = smallDisk(place, 2_500_000, 'root')
    if (disk === null) return skip('i dischi piccoli non si montano qui')
    try {
      const id = await begin(100)
      await office.context.outbox.idle()
      const stopped = await call(campaign.get, { id }, at())
      expect(stopped.state).toBe('stopped')
      expect(stopped.reason).toMatch(
        /non c’è spazio per tutti i file: per 100 file servono circa 4 MB, liberi ce ne sono 2\./,
      )
      expect(readdirSync(place)).toEqual([])
      execFileSync('mount', ['-o', 'remount,size=20m', place])
      await goOn(id)
      await judged(id, 100)
    } finally {
      disk.unmount()
    }
  })
})
