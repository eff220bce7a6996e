import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { epochMsOf } from '#domain/date'
import { REHEARSAL_START } from '#hosts/clock'
import { seededRandom } from '#hosts/random'
import { uniform } from '#services/rehearsal'
import { router } from '#services/router'
import { openBackend } from '../../src-main/hosts/backend.ts'
import { type Dovecot, startDovecot } from '../servers/dovecot.ts'
import { type Postfix, startPostfix } from '../servers/postfix.ts'
import { outcome } from '../services/office.ts'
import { live } from './child-life.ts'
import type { Order } from './deliver-child.ts'
import { ROWS_PER_REGISTER, RoadOffice } from './road-office.ts'
import { shiftedClock } from './shifted-clock.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const NOTICES = LONG ? 5000 : 60
const KILLS = LONG ? 20 : 4
const LEFT = LONG ? 20 : 6
const SEED = LONG ? Date.now() % 1_000_000 : 3
const chance = uniform({ random: seededRandom(SEED) })
const shiftMs = Date.now() - epochMsOf(REHEARSAL_START)
const addressOf = (n: number) => `socio${n}@ordine.test`

let dovecot: Dovecot | null = null
let postfix: Postfix | null = null
let office: RoadOffice

beforeAll(async () => {
  dovecot = await startDovecot()
  if (dovecot === null) return
  const boxes = Array.from({ length: NOTICES }, (_, n) => addressOf(n))
  postfix = await startPostfix(dovecot, { boxes })
}, 120_000)
afterAll(async () => {
  await postfix?.stop()
  await dovecot?.stop()
  await office?.remove()
})

/** Messages that the server took in so far. */
const taken = (server: Postfix) => server.log().split(' from=<ordine@ordine.test>').length - 1

async function prepare(server: Postfix): Promise<Order> {
  office = await RoadOffice.open(shiftedClock(shiftMs))
  const { folder, clock, exercise } = office
  const ca = join(folder, 'ca.pem')
  await writeFile(ca, server.pem)
  // Read by the children when they start.
  process.env.NODE_EXTRA_CA_CERTS = ca
  await office.writeRegisters(Math.ceil(NOTICES / ROWS_PER_REGISTER), (n) => ({
    email: n < NOTICES ? addressOf(n) : null,
  }))
  await mkdir(join(folder, 'avvisi'))
  const backend = await openBackend({ folder, fileSecretsOnly: true, clock, delivers: false })
  try {
    const client = createRouterClient(router, { context: backend.context })
    for (const name of (await readdir(join(folder, 'registri'))).sort()) {
      const token = await backend.context.files.adopt(join(folder, 'registri', name))
      const { id } = await outcome(await client.registerImport.read({ token }))
      await outcome(await client.registerImport.confirm({ id, goodOnly: false }))
    }
    const parameters = {
      ...{ description: 'Quote', dueDate: null, validUntil: `${exercise}-12-31` as never },
      ...{ groupByPerson: false, groupDescription: '' },
    }
    await outcome(await client.debtPosition.generate({ filters: { exercise }, parameters }))
    const positions = await backend.context.ledger.read((db) => db.selectFrom('debtPosition').select('id').execute())
    const account = await client.mailAccount.save({
      ...{ id: null, name: 'Postfix', kind: 'email', host: server.host, port: server.port, security: 'starttls' },
      ...{ user: 'ordine@ordine.test', password: server.password, imap: null },
      ...{ fromName: 'Ordine', fromAddress: 'ordine@ordine.test' },
      pacing: { perMinute: 6000, perDay: null, batch: null, window: null },
    })
    return {
      ...{ folder, shiftMs, deliveries: join(folder, 'avvisi'), emailAccountId: account.id, channels: ['email'] },
      positions: positions.map(({ id }) => id as number),
    }
  } finally {
    await backend.close()
  }
}

/** Deliveries by address and state, and whether the ledger is whole. */
async function look() {
  const { folder, clock } = office
  const backend = await openBackend({ folder, fileSecretsOnly: true, clock, delivers: false })
  try {
    const health = await backend.context.ledger.health()
    expect([...health.integrity, ...health.journal, ...health.equations]).toEqual([])
    return await backend.context.ledger.read((db) =>
      db.selectFrom('delivery').select(['addressText as address', 'state']).execute(),
    )
  } finally {
    await backend.close()
  }
}

test(`${NOTICES} messages to a real Postfix, the program killed ${KILLS} times (seed ${SEED}): each box holds one, or the delivery is uncertain`, {
  timeout: LONG ? 3_600_000 : 240_000,
}, async ({ skip }) => {
  const [server, boxes] = [postfix, dovecot]
  if (server === null || boxes === null) return skip('Postfix or Dovecot cannot run here')
  const order = await prepare(server)
  const tmp = join(office.folder, 'tmp')
  for (let i = 0; i < KILLS; i += 1) {
    const enough = taken(server) + 1 + Math.floor((chance() * 1.6 * NOTICES) / (KILLS + 1))
    // Each blow falls while some are still to leave; the server writes down late what it took.
    const most = NOTICES - LEFT * (KILLS - i)
    const { interrupted } = await live('deliver', order, tmp, async () => {
      while (taken(server) < Math.min(enough, most)) await sleep(LONG ? 40 : 4)
      await sleep(chance() * 25)
    })
    expect(interrupted).toBe(true)
    expect((await look()).some(({ state }) => state === 'queued')).toBe(true)
  }
  await live('deliver', order, tmp, null)
  await server.drained()

  const deliveries = await look()
  expect(deliveries).toHaveLength(NOTICES)
  const counts = new Map<string, number>()
  for (const { address, state } of deliveries) {
    const inBox = await boxes.count(address)
    const key = `${state}, ${inBox} in the box`
    counts.set(key, (counts.get(key) ?? 0) + 1)
    if (state === 'uncertain') expect(inBox).toBeLessThanOrEqual(1)
    else expect([address, state, inBox]).toEqual([address, 'sent', 1])
  }
  console.log(`${[...counts].map(([key, n]) => `${key}: ${n}`).join('; ')}`)
  expect(deliveries.filter(({ state }) => state === 'uncertain').length).toBeLessThanOrEqual(KILLS)
})
