import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { epochMsOf, type Instant } from '#domain/date'
import { REHEARSAL_START } from '#hosts/clock'
import { seededRandom } from '#hosts/random'
import { uniform } from '#services/rehearsal'
import { type Blow, live } from './child-life.ts'
import type { Order, Said, Step } from './road-child.ts'
import { type Holdings, holdings, ROWS_PER_REGISTER, RoadOffice } from './road-office.ts'
import { shiftedClock } from './shifted-clock.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const KILLS: Record<Step, number> = LONG ? { import: 17, generate: 17, post: 16 } : { import: 3, generate: 3, post: 3 }
/** A child dies so long at most after it has begun one of its first things. */
const BLOW_MS = 250
const BEGINS = 4
const CANCELLED = 30
/** New moments at each long run; the seed is in the message of what fails. */
const SEED = LONG ? Date.now() % 1_000_000 : 4
const chance = uniform({ random: seededRandom(SEED) })

/** The scenario's day of each step: quotas in February, their money in April. */
const shiftTo = (day: Instant) => Date.now() - epochMsOf(day)
const SHIFT: Record<Step, number> = {
  import: shiftTo(REHEARSAL_START),
  generate: shiftTo(REHEARSAL_START),
  post: shiftTo('2026-04-15T08:00:00.000Z' as Instant),
}

let office: RoadOffice
/** Everything that children said they had committed, over all their lives. */
const committed: Said[] = []
const imported = () => committed.flatMap((said) => ('imported' in said ? [said.imported] : []))
const issued = () => committed.flatMap((said) => ('issued' in said ? [said.issued] : []))
const posted = () => committed.flatMap((said) => ('posted' in said ? [said.posted] : []))

async function walk(step: Step, rounds: number | null, cancelled: number, blow: Blow | null): Promise<boolean> {
  const { exercise, folder } = office
  const order: Order = { step, rounds, cancelled, exercise, folder, shiftMs: SHIFT[step] }
  const { said, interrupted } = await live<Said>('road', order, join(folder, 'tmp'), blow)
  committed.push(...said.filter((line) => !('begin' in line)))
  return interrupted
}

/** What must hold however and whenever the program died. */
function check(now: Holdings): void {
  expect(now.findings).toEqual([])

  // Imports: whole or not at all.
  expect(now.accertamenti.map((row) => row.number)).toEqual(now.accertamenti.map((_, n) => n + 1))
  const raised = Map.groupBy(now.accertamenti, (row) => row.importId)
  for (const { id, state, rowCount } of now.imports) {
    expect(['pending', 'confirmed']).toContain(state)
    expect(raised.get(id)?.length ?? 0).toBe(state === 'confirmed' ? rowCount : 0)
  }
  const confirmed = new Set(now.imports.filter((row) => row.state === 'confirmed').map((row) => row.fileName))
  for (const { file, last } of imported()) {
    expect(confirmed).toContain(file.split('/').at(-1))
    expect(now.accertamenti.length).toBeGreaterThanOrEqual(last)
  }

  // Positions: each with one IUV that it asks for, once; each lot whole; no IUV lost or used twice.
  const iuvs = now.positions.map((row) => row.iuv)
  expect(new Set(iuvs).size).toBe(iuvs.length)
  expect(new Set(now.positions.map((row) => row.id)).size).toBe(now.positions.length)
  for (const row of now.positions) {
    expect(row).toMatchObject({ iuv: row.asked, accertamentoId: expect.any(Number), base: expect.any(Number) })
  }
  const byLot = Map.groupBy(now.positions, (row) => row.issuanceId as number)
  expect([...byLot.keys()].sort()).toEqual(now.issuances.map((row) => row.id as number).sort())
  for (const lot of byLot.values()) {
    const bases = lot.map((row) => row.base as number).sort((a, b) => a - b)
    expect(bases.at(-1)).toBe((bases[0] as number) + bases.length - 1)
    expect(lot.length % CANCELLED).toBe(0)
  }
  for (const { issuanceId, iuvs: said } of issued()) {
    expect(
      byLot
        .get(issuanceId)
        ?.map((row) => row.iuv as string)
        .sort(),
    ).toEqual([...said].sort())
  }
  const asking = now.positions.filter((row) => row.lifecycle === 'issued').map((row) => row.accertamentoId)
  expect(new Set(asking).size).toBe(asking.length)

  // Flows and statement whole; reversali 1…n, each with its lines and their quietanze.
  for (const flow of now.flows) expect(Number(flow.rows)).toBe(flow.declaredCount)
  expect(now.reversali.map((row) => row.number)).toEqual(now.reversali.map((_, n) => n + 1))
  const linesOf = Map.groupBy(now.lines, (line) => line.reversaleId as number)
  const papers = new Map(now.quietanze.map((paper) => [paper.reversaleLineId as number | null, paper.cents as number]))
  for (const reversale of now.reversali) {
    const lines = linesOf.get(reversale.id) ?? []
    expect(lines.reduce((sum, line) => sum + line.cents, 0)).toBe(reversale.cents)
    expect(lines.reduce((sum, line) => sum + (papers.get(line.id) ?? 0), 0)).toBe(reversale.cents)
  }
  for (const { first, last, cents } of posted()) {
    const these = now.reversali.filter((row) => row.number >= first && row.number <= last)
    expect(these.length).toBe(last - first + 1)
    expect(these.reduce((sum, row) => sum + row.cents, 0)).toBe(cents)
  }
}

async function killing(step: Step, cancelled: number): Promise<number> {
  let interrupted = 0
  for (let i = 0; i < KILLS[step]; i += 1) {
    const blow = { begins: 1 + Math.floor(chance() * BEGINS), ms: Math.floor(chance() * BLOW_MS) }
    if (await walk(step, null, cancelled, blow)) interrupted += 1
    check(await office.look(holdings))
  }
  return interrupted
}

beforeAll(async () => {
  office = await RoadOffice.open(shiftedClock(SHIFT.import))
  await office.writeRegisters(LONG ? 150 : 40)
})
afterAll(async () => {
  await office.remove()
})

describe(`kill -9 in the middle of the road (seed ${SEED})`, { timeout: LONG ? 1_200_000 : 180_000 }, () => {
  let interrupted = 0

  test(`import, ${KILLS.import} times: whole registers or nothing, and again to the end`, async () => {
    interrupted += await killing('import', 0)
    const before = (await office.look(holdings)).accertamenti.length
    await walk('import', 1, 0, null)
    const after = await office.look(holdings)
    check(after)
    expect(after.accertamenti.length).toBe(before + ROWS_PER_REGISTER)
  })

  test(`generation, ${KILLS.generate} times: no IUV lost or used twice, and again to the end`, async () => {
    interrupted += await killing('generate', CANCELLED)
    await walk('generate', 1, 0, null)
    const after = await office.look(holdings)
    check(after)
    const asking = after.positions.filter((row) => row.lifecycle === 'issued')
    expect(asking.length).toBe(after.accertamenti.length)
    expect(after.positions.length).toBeGreaterThan(asking.length)
  })

  test(`posting, ${KILLS.post} times: reversali 1…n without a gap, and again to the end`, async () => {
    const world = await office.writeWorld()
    interrupted += await killing('post', 0)
    await walk('post', 5, 0, null)
    const after = await office.look(holdings)
    check(after)
    expect({ flows: after.flows.length, movements: after.movements }).toEqual(world)
    expect(after.reversali.filter((row) => row.annulment === null).length).toBeGreaterThan(5)
    // Most of the blows must have fallen on something under way.
    const kills = KILLS.import + KILLS.generate + KILLS.post
    console.log(`${interrupted} of ${kills} kills in the middle of a call`)
    expect(interrupted).toBeGreaterThan(kills / 2)
  })
})
