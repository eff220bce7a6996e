import { mkdir, readdir, readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRouterClient } from '@orpc/server'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { epochMsOf } from '#domain/date'
import { REHEARSAL_START } from '#hosts/clock'
import { seededRandom } from '#hosts/random'
import { uniform } from '#services/rehearsal'
import { router } from '#services/router'
import { type Backend, openBackend } from '../../src-main/hosts/backend.ts'
import { outcome } from '../services/office.ts'
import { live } from './child-life.ts'
import type { Order } from './deliver-child.ts'
import { RoadOffice } from './road-office.ts'
import { shiftedClock } from './shifted-clock.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const KILLS = LONG ? 20 : 3
const NOTICES = LONG ? 110 : 24
/** Ten mails a second at most: a life is some mails long. */
const LIFE_MS = LONG ? 500 : 700
const SEED = LONG ? Date.now() % 1_000_000 : 2
const chance = uniform({ random: seededRandom(SEED) })
const shiftMs = Date.now() - epochMsOf(REHEARSAL_START)

let office: RoadOffice
let order: Order
/** Message-IDs taken by the server, each as often as it came. */
const received: string[] = []
const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData(stream, _session, done) {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      received.push(/^message-id:\s*(\S+)/im.exec(Buffer.concat(chunks).toString('latin1'))?.[1] ?? '')
      // As slow as real ones: the program may die while it waits for this answer.
      setTimeout(done, 90)
    })
  },
})
// A client that dies in the middle of a conversation is what this is about.
server.on('error', () => undefined)

async function opened<T>(
  see: (client: ReturnType<typeof clientOf>, backend: Backend) => Promise<T>,
  delivers = false,
): Promise<T> {
  const { folder, clock } = office
  const backend = await openBackend({ folder, fileSecretsOnly: true, clock, delivers })
  try {
    return await see(clientOf(backend), backend)
  } finally {
    await backend.close()
  }
}
const clientOf = (backend: Backend) => createRouterClient(router, { context: backend.context })

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  office = await RoadOffice.open(shiftedClock(shiftMs))
  await office.writeRegisters(1)
  const deliveries = join(office.folder, 'avvisi')
  await mkdir(deliveries)
  order = await opened(async (client, { context }) => {
    const token = await context.files.adopt(join(office.folder, 'registri', '0001.xlsx'))
    const { id } = await outcome(await client.registerImport.read({ token }))
    await outcome(await client.registerImport.confirm({ id, goodOnly: false }))
    const { exercise } = office
    const parameters = {
      ...{ description: 'Quote', dueDate: null, validUntil: `${exercise}-12-31` as never },
      ...{ groupByPerson: false, groupDescription: '' },
    }
    await outcome(await client.debtPosition.generate({ filters: { exercise }, parameters }))
    const positions = await client.debtPosition.list({ filters: { exercise }, limit: NOTICES })
    const account = await client.mailAccount.save({
      ...{ id: null, name: 'Prova', kind: 'email', host: '127.0.0.1', port, security: 'none', user: null },
      ...{ fromName: 'Ordine', fromAddress: 'ordine@prova.example', imap: null, password: null },
      pacing: { perMinute: 6000, perDay: null, batch: null, window: null },
    })
    return {
      ...{ folder: office.folder, shiftMs, deliveries, emailAccountId: account.id },
      channels: ['folder', 'email'] as const,
      positions: positions.rows.map((row) => row.id),
    }
  })
})
afterAll(async () => {
  await new Promise<void>((resolve) => server.close(() => resolve()))
  await office.remove()
})

/** What must hold however the program died: nothing half sent, nothing twice, nothing said to have left that did not. */
async function check() {
  return opened(async (client, { context }) => {
    const health = await context.ledger.health()
    expect([...health.integrity, ...health.journal, ...health.equations]).toEqual([])
    const { rows } = await client.delivery.list({ filters: {}, limit: 500 })
    expect(new Set(received).size).toBe(received.length)
    const attempts = await context.ledger.read((db) =>
      db.selectFrom('deliveryAttempt').select(['deliveryId', 'messageId', 'endedAt', 'outcome']).execute(),
    )
    const messages = new Map(attempts.map((attempt) => [attempt.messageId as string, attempt.deliveryId as number]))
    const arrived = new Set(received.map((id) => messages.get(id)))
    const states = new Map<string, number>()
    for (const row of rows) {
      states.set(`${row.channel} ${row.state}`, (states.get(`${row.channel} ${row.state}`) ?? 0) + 1)
      expect(row.state).not.toBe('sending')
      expect(row.state).not.toBe('failed')
      if (row.channel !== 'email') continue
      if (row.state === 'sent') expect(arrived).toContain(row.id)
      if (row.state === 'queued') expect(arrived).not.toContain(row.id)
    }
    expect(attempts.filter((attempt) => attempt.endedAt === null)).toEqual([])
    for (const id of arrived) expect(rows.map((row) => row.id as number)).toContain(id)
    const files = await readdir(order.deliveries)
    for (const row of rows) if (row.state === 'delivered') expect(files).toContain(row.address)
    const interrupted = attempts.filter(({ outcome: how }) => how === 'interrupted').length
    return { rows, states, arrived, interrupted }
  })
}

test(`kill -9 during deliveries, ${KILLS} times (seed ${SEED}): nothing leaves twice, what is doubtful waits for a person`, {
  timeout: LONG ? 600_000 : 120_000,
}, async () => {
  const tmp = join(office.folder, 'tmp')
  const found: number[] = []
  for (let i = 0; i < KILLS; i += 1) {
    const ms = 50 + Math.floor(chance() * LIFE_MS)
    // The first blow falls anywhere, also on the campaign while it is being queued; the others on mails.
    const before = received.length
    const onMails = async () => {
      while (received.length === before) await sleep(2)
      await sleep(ms)
    }
    await live('deliver', order, tmp, i === 0 ? { begins: 1, ms } : onMails)
    const { states, interrupted } = await check()
    found.push(interrupted)
    expect(states.get('email uncertain') ?? 0).toBeLessThanOrEqual(i + 1)
  }
  // Blows fell on something that was leaving.
  expect(found.at(-1)).toBeGreaterThan(0)
  // First what waits, then a campaign for those that none had queued; then nothing is left.
  for (let round = 0; round < 3; round += 1) await live('deliver', order, tmp, null)
  const { rows, states, arrived } = await check()
  console.log([...states].map(([state, n]) => `${state} ${n}`).join(', '))
  expect(states.get('folder delivered')).toBe(NOTICES)
  expect((states.get('email sent') ?? 0) + (states.get('email uncertain') ?? 0)).toBe(NOTICES)
  const names = await readdir(order.deliveries)
  expect(names.length).toBe(NOTICES)
  for (const name of names) {
    const bytes = await readFile(join(order.deliveries, name))
    expect(bytes.subarray(-6).toString().trim()).toBe('%%EOF')
  }

  // A person decides: what has arrived is sent, what has not is sent again.
  await opened(async (client, { context }) => {
    for (const row of rows.filter(({ state }) => state === 'uncertain')) {
      const as = arrived.has(row.id) ? 'sent' : 'queued'
      await client.delivery.resolve({ id: row.id, as, reason: '' })
    }
    await context.outbox.idle()
  }, true)
  const end = await check()
  expect(end.states).toEqual(
    new Map(
      [
        ['email sent', NOTICES],
        ['folder delivered', NOTICES],
      ].sort() as never,
    ),
  )
  expect(end.arrived.size).toBe(NOTICES)
})
