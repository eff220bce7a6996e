import { execFile } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRouterClient } from '@orpc/server'
import pg from 'pg'
import { SMTPServer } from 'smtp-server'
import { afterAll, describe, expect, test } from 'vitest'
import type { LedgerTarget } from '#ledger/ledger'
import { recoverDeliveries } from '#services/outbox/recovery'
import { router } from '#services/router'
import { FakeClock } from '../../src-main/hosts/clock.ts'
import { members, openOffice, outcome, YEAR } from './office.ts'
import type { Colleague } from './support/colleague-child.ts'

const CHILD = fileURLToPath(new URL('./support/colleague-child.ts', import.meta.url))
const PG_URL = process.env.QUIETANZA_PG_URL ?? null

describe.skipIf(PG_URL === null)('two workstations (skipped where QUIETANZA_PG_URL is not set)', () => {
  const schema = `two_${process.pid}`
  const target: LedgerTarget = { engine: 'postgres', url: PG_URL ?? '', schema, clock: 'program' }
  afterAll(async () => {
    const client = new pg.Client({ connectionString: PG_URL ?? '' })
    await client.connect()
    await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
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
})
