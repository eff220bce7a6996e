import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { call } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { epochMsOf, type Instant } from '#domain/date'
import { seededRandom } from '#hosts/random'
import { checkEquations } from '#ledger/balances'
import type { LedgerTarget } from '#ledger/ledger'
import { readNodeSettings, saveNodeSettings } from '#ledger/node-connection'
import { wantOnNode } from '#ledger/node-position'
import { openLedger } from '#ledger/open-ledger'
import { knownInRehearsal } from '#services/node-connection'
import { positionAct } from '#services/position-act'
import { uniform } from '#services/rehearsal'
import { FAULT_KINDS } from '#simulator/node/faults'
import { openRehearsalNode, type RehearsalNode } from '#simulator/node/server'
import { FakeClock, silentLog } from '../ledger/support/fake-clock.ts'
import { judged } from '../node/openapi.ts'
import { members, openOffice, outcome } from '../services/office.ts'
import { ENGINES } from '../services/support/published.ts'
import { live } from './child-life.ts'
import type { Order, Said } from './node-publish-child.ts'
import { shiftedClock } from './shifted-clock.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const ALL = LONG ? 10_000 : 300
const KILLS = LONG ? 20 : 4
/** Of the calls, over all kinds of fault. */
const FAULTS = 0.05
const SEED = LONG ? Date.now() % 1_000_000 : 11
const chance = uniform({ random: seededRandom(SEED) })
const NOW = '2026-02-20T08:00:00.000Z' as Instant
const SHIFT = Date.now() - epochMsOf(NOW)

interface Run {
  readonly tmp: string
  readonly target: LedgerTarget
  readonly node: RehearsalNode
  calls: number
}

function orderOf({ tmp, target, node }: Run, folder: string): Order {
  const { origin, keys, pageUrl } = node
  return { folder: join(tmp, folder), target, shiftMs: SHIFT, node: { origin, keys, pageUrl } }
}

/** A child at work; it is killed once the node has heard so many calls more, or ends when nothing waits. */
function tell(run: Run, killedAfter: number | null, folder = 'dati') {
  const until = run.calls + (killedAfter ?? 0)
  const death = async (isOver: () => boolean) => {
    while (run.calls < until && !isOver()) await sleep(1)
    await sleep(chance() * 60)
  }
  return live<Said>('node-publish', orderOf(run, folder), run.tmp, killedAfter === null ? null : death)
}

async function inBooks<T>({ target }: Run, work: (ledger: Awaited<ReturnType<typeof openLedger>>) => Promise<T>) {
  const ledger = await openLedger(target, { clock: new FakeClock(NOW), log: silentLog })
  try {
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}

/** Iupd → state and what each payment asks, as the books have them. */
function ours(run: Run) {
  return inBooks(run, (ledger) =>
    ledger.read(async (db) => {
      const rows = await db
        .selectFrom('debtPosition as p')
        .innerJoin('debtPositionVersion as v', (join) =>
          join.onRef('v.debtPositionId', '=', 'p.id').onRef('v.version', '=', 'p.currentVersion'),
        )
        .innerJoin('paymentOption as o', (join) =>
          join.onRef('o.debtPositionId', '=', 'p.id').onRef('o.version', '=', 'p.currentVersion'),
        )
        .innerJoin('installment as i', 'i.paymentOptionId', 'o.id')
        .select(['v.iupd', 'p.nodeState', 'p.syncState', 'o.kind', 'i.iuv', 'i.cents'])
        .execute()
      expect(await checkEquations(db)).toEqual([])
      return Map.groupBy(rows, (row) => row.iupd)
    }),
  )
}

function theirs({ node }: Run) {
  return new Map([...node.store.all('position')].map((one) => [one.iupd, one]))
}

/** Whenever the program died: nothing there that is not ours, nothing twice, each to the cent. */
function neverMore(run: Run, books: Awaited<ReturnType<typeof ours>>): void {
  const there = theirs(run)
  expect(there.size).toBe([...run.node.store.all('position')].length)
  const navs = new Set<string>()
  for (const [iupd, { options }] of there) {
    const payments = options.flatMap((option) => option.payments)
    const asked = payments.map(({ iuv, amount }) => `${iuv} ${amount}`).sort()
    expect(asked).toEqual(
      books
        .get(iupd)
        ?.map(({ iuv, cents }) => `${iuv} ${cents}`)
        .sort(),
    )
    for (const { nav } of payments) {
      expect(navs.has(nav)).toBe(false)
      navs.add(nav)
    }
  }
}

async function killedTillTheEnd(run: Run, kills: number, perLife: number): Promise<number> {
  let interrupted = 0
  for (let kill = 0; kill < kills; kill += 1) {
    const life = await tell(run, 1 + Math.floor(chance() * perLife))
    if (life.interrupted) interrupted += 1
    neverMore(run, await ours(run))
  }
  await tell(run, null)
  return interrupted
}

let serial = 0

async function begin(target: LedgerTarget | undefined): Promise<Run> {
  const tmp = mkdtempSync(join(tmpdir(), 'quietanza-publish-'))
  serial += 1
  const place: LedgerTarget = target ?? { engine: 'sqlite', file: join(tmp, `ordine-${serial}.quietanza`) }
  const office = await openOffice(new FakeClock(NOW), place)
  // Some can be paid in instalments: they go by another road.
  const plans = Math.floor(ALL / 10)
  await office.raise(members(plans, { dueDate: null }))
  await office.generate({
    dueDate: '2026-06-30',
    installments: { count: 3, withSingle: true, firstDue: '2026-06-30', everyMonths: 1 },
  })
  const rest = function* () {
    for (const member of members(ALL, { dueDate: null })) if (Number(member.alboNumber?.slice(1)) >= plans) yield member
  }
  await office.raise(rest())
  await office.generate({ dueDate: '2026-06-30' })
  const institution = await office.context.ledger.read(knownInRehearsal)
  const node = await openRehearsalNode({
    ...{ folder: join(tmp, 'nodo'), clock: shiftedClock(SHIFT), random: seededRandom(3), institution },
    settings: { massiveEveryMs: 0 },
  })
  judged(node)
  const { onExchange } = node
  const run: Run = { tmp, target: place, node, calls: 0 }
  node.onExchange = (exchange) => {
    run.calls += 1
    onExchange?.(exchange)
  }
  node.faults.set(
    FAULT_KINDS.map((kind) => ({ kind, share: FAULTS / FAULT_KINDS.length, retryAfterSeconds: 1, ms: 300 })),
  )
  await office.close()
  return run
}

/** Half of the plain ones in bulk, the others by files for thousands; plans by their own road. */
function want(run: Run, half: 'first' | 'second') {
  return inBooks(run, (ledger) =>
    ledger.write({ command: 'test.want', operator: 'prova', payload: {}, at: NOW }, async (db) => {
      const ids = (await db.selectFrom('debtPosition').select('id').orderBy('id').execute()).map(({ id }) => id)
      const settings = await readNodeSettings(db, 'rehearsal')
      const massiveFrom = half === 'first' ? 100_000 : Math.floor(ALL / 6)
      await saveNodeSettings(db, 'rehearsal', { ...settings, massiveFrom })
      const some = ids.filter((_, n) => n % 2 === (half === 'first' ? 0 : 1))
      await wantOnNode(db, 'rehearsal', some)
    }),
  )
}

async function cancelAll(run: Run): Promise<void> {
  const office = await openOfficeAgain(run)
  try {
    const ids = (await office.context.ledger.read((db) => db.selectFrom('debtPosition').select('id').execute())).map(
      ({ id }) => id,
    )
    const options = { context: office.context }
    const { count, stamp } = await call(positionAct.cancelPreview, { selection: { ids } }, options)
    expect(count).toBe(ALL)
    await outcome(
      await call(
        positionAct.cancel,
        { selection: { ids }, reason: 'Tutte da rifare', expected: count, stamp },
        options,
      ),
    )
  } finally {
    await office.close()
  }
}

async function openOfficeAgain({ tmp, target }: Run) {
  const { openBackend } = await import('../../src-main/hosts/backend.ts')
  return openBackend({
    ...{ folder: join(tmp, 'ufficio'), clock: shiftedClock(SHIFT), fileSecretsOnly: true, delivers: false, target },
  })
}

describe('a program killed again and again, a node that fails', () => {
  let run: Run
  beforeAll(async () => {
    run = await begin(undefined)
  }, 300_000)
  afterAll(async () => {
    await run.node.close()
    rmSync(run.tmp, { recursive: true, force: true })
  })

  test(`${ALL} positions published: both sides hold the same, none twice`, { timeout: 3_600_000 }, async () => {
    await want(run, 'first')
    let interrupted = await killedTillTheEnd(run, KILLS / 2, LONG ? 60 : 20)
    await want(run, 'second')
    interrupted += await killedTillTheEnd(run, KILLS / 2, LONG ? 60 : 20)
    expect(interrupted).toBeGreaterThan(0)
    const [books, there] = [await ours(run), theirs(run)]
    neverMore(run, books)
    expect([...there.keys()].sort()).toEqual([...books.keys()].sort())
    expect(there.size).toBe(ALL)
    expect([...there.values()].filter(({ status }) => status !== 'VALID')).toEqual([])
    const odd = [...books.values()].flat().filter((row) => row.syncState !== 'synced' || row.nodeState !== 'VALID')
    expect(odd).toEqual([])
    console.info(`published: ${run.calls} calls, seed ${SEED}, killed in the middle ${interrupted} times`)
  })

  test(`${ALL} positions cancelled: none can be paid there any more`, { timeout: 3_600_000 }, async () => {
    await cancelAll(run)
    const before = run.calls
    const interrupted = await killedTillTheEnd(run, KILLS, LONG ? 400 : 40)
    expect(interrupted).toBeGreaterThan(0)
    const [books, there] = [await ours(run), theirs(run)]
    neverMore(run, books)
    for (const [iupd, rows] of books) {
      const plan = rows.some(({ kind }) => kind === 'plan')
      // v3 invalidates nothing: plans are taken away.
      expect(there.get(iupd)?.status ?? 'gone').toBe(plan ? 'gone' : 'INVALID')
      expect(rows[0]).toMatchObject({ syncState: 'synced', nodeState: plan ? 'ABSENT' : 'INVALID' })
    }
    console.info(`invalidated: ${run.calls - before} calls, killed in the middle ${interrupted} times`)
  })
})

test.skipIf(ENGINES.length === 1)(
  'two programs on one ledger, one of which dies: nothing twice, nothing lost',
  { timeout: 600_000 },
  async () => {
    const run = await begin(ENGINES[1]?.target())
    try {
      await want(run, 'first')
      await want(run, 'second')
      const lives = [tell(run, 12, 'prima'), tell(run, null, 'seconda')]
      await Promise.all(lives)
      await tell(run, null, 'prima')
      const [books, there] = [await ours(run), theirs(run)]
      neverMore(run, books)
      expect([...there.keys()].sort()).toEqual([...books.keys()].sort())
      expect([...books.values()].flat().filter((row) => row.syncState !== 'synced')).toEqual([])
    } finally {
      await run.node.close()
      rmSync(run.tmp, { recursive: true, force: true })
    }
  },
)
