import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRouterClient } from '@orpc/server'
import pg from 'pg'
import { SMTPServer } from 'smtp-server'
import { afterAll, describe, expect, test } from 'vitest'
import { type Instant, instantOf } from '#domain/date'
import type { LedgerTarget } from '#ledger/ledger'
import { recoverDeliveries } from '#services/outbox/recovery'
import { router } from '#services/router'
import { openBackend } from '../../src-main/hosts/backend.ts'
import { FakeClock } from '../../src-main/hosts/clock.ts'
import { members, openOffice, outcome, YEAR } from './office.ts'
import type { Colleague } from './support/colleague-child.ts'
import { postOffice, saveAccount, sending } from './support/sending.ts'

const CHILD = fileURLToPath(new URL('./support/colleague-child.ts', import.meta.url))
const PG_URL = process.env.QUIETANZA_PG_URL ?? null

describe.skipIf(PG_URL === null)('two workstations (skipped where QUIETANZA_PG_URL is not set)', () => {
  const schema = `two_${process.pid}`
  const target: LedgerTarget = { engine: 'postgres', url: PG_URL ?? '', schema, clock: 'program' }
  afterAll(async () => {
    const client = new pg.Client({ connectionString: PG_URL ?? '' })
    await client.connect()
    for (const name of [schema, `${schema}_lane`, `${schema}_away`]) {
      await client.query(`DROP SCHEMA IF EXISTS "${name}" CASCADE`)
    }
    await client.end()
  })

  test('one that opens while the other is sending does not take its mails for lost', { timeout: 60_000 }, async () => {
    const clock = new FakeClock()
    const office = await openOffice(clock, target)
    const other = async () => {
      const colleague: Colleague = { folder: office.folder, target, now: clock.now() }
      await promisify(execFile)(process.execPath, [CHILD, JSON.stringify(colleague)])
    }
    let opened = 0
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData(stream, _session, done) {
        stream.resume()
        // The message is on its way, and the colleague comes in.
        stream.on('end', () =>
          other().then(
            () => {
              opened += 1
              done()
            },
            (error: Error) => done(error),
          ),
        )
      },
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const client = createRouterClient(router, { context: office.context })
      await office.raise(members(3))
      await office.generate()
      const account = await client.mailAccount.save({
        ...{ id: null, name: 'Prova', kind: 'email', host: '127.0.0.1', security: 'none', user: null, password: null },
        ...{ fromName: 'Ordine', fromAddress: 'ordine@prova.example', imap: null },
        pacing: { perMinute: 600, perDay: null, batch: null, window: null },
        port: (server.server.address() as AddressInfo).port,
      })
      const { subject, body } = await client.campaign.defaults({})
      const selection = { query: { filters: { exercise: YEAR } }, except: [] }
      const order = { selection, channels: ['email' as const], emailAccountId: account.id, subject, body }
      const { campaign: started } = await outcome(await client.campaign.start(order))
      await office.context.outbox.idle()
      const campaign = await client.campaign.get({ id: started.id })
      expect(opened).toBe(3)
      expect(campaign.channels).toMatchObject([{ channel: 'email', total: 3, done: 3, uncertain: 0 }])
      expect(await recoverDeliveries(office.context)).toBe(0)
    } finally {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await office.close()
    }
  })

  test('share an account: one dies, its mail is uncertain, the other goes on within the same limits', {
    timeout: 120_000,
  }, async () => {
    const clock = new FakeClock()
    const office = await openOffice(clock, { ...target, schema: `${schema}_lane` })
    const folder = await mkdtemp(join(tmpdir(), 'quietanza-colleague-'))
    let colleague: ChildProcess | null = null
    const arrived: string[] = []
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData(stream, session, done) {
        stream.resume()
        stream.on('end', () => {
          arrived.push(session.envelope.rcptTo[0]?.address ?? '')
          // Its third has arrived, but it never hears so.
          if (arrived.length === 3 && colleague !== null) colleague.kill('SIGKILL')
          else done()
        })
      },
    })
    server.on('error', () => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      await office.raise(members(7))
      await office.generate()
      const { port } = server.server.address() as AddressInfo
      const account = await saveAccount(office, port, { pacing: { perDay: 5 } })
      const { start, states, goOn, summary } = sending(() => office)
      const startAt = instantOf(clock.epochMs() + 3_600_000)
      // Its time comes first for the colleague, whose clock is an hour ahead.
      const { campaign: one } = await start({ emailAccountId: account.id, startAt })
      const order: Colleague = {
        ...{ folder, delivers: true },
        ...{ target: { ...target, schema: `${schema}_lane` }, now: startAt },
      }
      colleague = spawn(process.execPath, [CHILD, JSON.stringify(order)], { stdio: 'inherit' })
      expect(await new Promise((resolve) => colleague?.on('exit', (_code, signal) => resolve(signal)))).toBe('SIGKILL')
      colleague = null
      expect(arrived).toHaveLength(3)

      clock.moveTo(startAt)
      await goOn()
      // Nobody knows yet that it is dead: its account is left alone.
      expect(await states()).toEqual(['queued', 'queued', 'queued', 'queued', 'sending', 'sent', 'sent'])
      clock.advance(91_000)
      await goOn()
      // Three of the day were the colleague's, the uncertain one too.
      expect(await states()).toEqual(['queued', 'queued', 'sent', 'sent', 'sent', 'sent', 'uncertain'])
      const { state, reason, nextAt } = await summary(one.id)
      expect([state, reason]).toEqual(['waiting', 'Raggiunto il limite al giorno dell’account'])
      clock.moveTo(nextAt as Instant)
      await goOn()
      expect(await states()).toEqual(['sent', 'sent', 'sent', 'sent', 'sent', 'sent', 'uncertain'])
      expect(new Set(arrived).size).toBe(7)
      expect(arrived).toHaveLength(7)
    } finally {
      colleague?.kill('SIGKILL')
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await office.close()
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('a server that was away is tried again by who is left', { timeout: 60_000 }, async () => {
    const clock = new FakeClock()
    const silent: LedgerTarget = { ...target, schema: `${schema}_away` }
    const office = await openOffice(clock, silent)
    const folder = await mkdtemp(join(tmpdir(), 'quietanza-colleague-'))
    const other = await openBackend({ folder, target: silent, clock, fileSecretsOnly: true })
    const post = await postOffice()
    try {
      await office.raise(members(2))
      await office.generate()
      const account = await saveAccount(office, 1)
      const here = sending(() => office)
      const there = sending(() => other)
      const { campaign: one } = await here.start({ emailAccountId: account.id })
      expect(one.state).toBe('stopped')
      // Who met the silence goes home.
      await office.backend.close()
      await saveAccount(other, post.port, { id: account.id })
      clock.advance(59_000)
      await there.goOn()
      expect(post.mails).toHaveLength(0)
      clock.advance(1_000)
      await there.goOn()
      expect(await there.states()).toEqual(['sent', 'sent'])
      expect(post.mails).toHaveLength(2)
    } finally {
      await other.close()
      await office.close()
      await post.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
})
