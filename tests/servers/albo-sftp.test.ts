import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fileServers } from '#gateways/file-server'
import { openSecrets } from '#gateways/secrets'
import { alboDestination } from '#services/albo-destination'
import { alboSent } from '#services/albo-sent'
import { openAlboSender } from '#services/albo-write-back'
import type { ServiceContext } from '#services/context'
import { fileAccount } from '#services/file-account'
import { CollectionOffice, causaleOf, flowOf } from '../services/support/collection-office.ts'
import { type OpenSsh, startOpenSsh } from './openssh.ts'

let ssh: OpenSsh
let office: CollectionOffice
let context: ServiceContext
let inbox = ''
const ends: (() => unknown)[] = []

beforeEach(async ({ skip }) => {
  const server = await startOpenSsh()
  if (server === null) return skip('OpenSSH non c’è')
  ssh = server
  ends.push(() => ssh.stop())
  inbox = join(ssh.home, 'albo')
  mkdirSync(inbox)
  chmodSync(inbox, 0o777)
  office = await CollectionOffice.open()
  ends.push(() => office.close())
  const folder = mkdtempSync(join(tmpdir(), 'quietanza-albo-'))
  ends.push(() => rmSync(folder, { recursive: true, force: true }))
  const secrets = await openSecrets({ folder, phrase: undefined, fileOnly: true })
  context = { ...office.ctx, fileServers: fileServers(), secrets }
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const at = () => ({ context })

async function toServer() {
  const account = await call(
    fileAccount.save,
    {
      ...{ id: null, name: 'Albo in rete', protocol: 'sftp', host: ssh.host, port: ssh.port, user: ssh.user },
      ...{ auth: 'password', remoteFolder: 'albo', pinned: ssh.fingerprint(), secret: ssh.password, key: null },
      pacing: { perMinute: 6000, perDay: null, batch: null, window: null },
    },
    at(),
  )
  const place = { way: 'server', folder: null, fileAccountId: account.id } as const
  const saved = await call(
    alboDestination.save,
    { ...place, id: null, name: 'Albo', profile: 'albo-unico-opi', automatic: true },
    at(),
  )
  return { ...saved, steps: (await call(alboDestination.test, place, at())).steps }
}

async function pay(day: number, amount: number) {
  const { iuv } = await office.quota(amount)
  const id = `2026-03-${day}AAAAITM1XXX-0001`
  await office.importFlows(flowOf(id, [[iuv, amount]]))
  await office.loadStatement([[id.slice(0, 10), amount, causaleOf(id)]])
  await office.postAll()
}

it('lists go to an SFTP server by themselves; one that is down delays them, an equal file there is the one that was sent', async () => {
  const { id, steps, place } = await toServer()
  expect(steps.filter((step) => !step.ok)).toEqual([])
  expect(steps.length).toBeGreaterThan(2)
  expect([place, readdirSync(inbox)]).toEqual(['Albo in rete', []])
  await pay(11, 5000)
  const sender = openAlboSender(context)
  ends.push(() => sender.close())
  await sender.look()
  expect(readdirSync(inbox)).toEqual(['pagamenti_20260315_1.csv'])
  const file = join(inbox, 'pagamenti_20260315_1.csv')
  expect(readFileSync(file, 'utf8')).toContain(';50.00;2026-03-11;PAGATA')

  await ssh.kill()
  await pay(12, 6000)
  await sender.look()
  const states = async () => (await call(alboSent.list, { filters: {} }, at())).rows.map((r) => [r.state, r.attempts])
  expect(await states()).toEqual([
    ['waiting', 1],
    ['sent', 1],
  ])
  await ssh.start()
  await sender.look()
  expect((await states())[0]).toEqual(['waiting', 1])
  office.clock.ms += 60_000
  await sender.look()
  expect(readdirSync(inbox).toSorted()).toEqual(['pagamenti_20260315_1.csv', 'pagamenti_20260315_2.csv'])

  // Killed after the upload, before that was written down.
  await office.write((db) => db.updateTable('alboExportFile').set({ state: 'waiting', sentAt: null }).execute())
  await sender.look()
  expect(await states()).toEqual([
    ['sent', 3],
    ['sent', 2],
  ])
  expect(readdirSync(inbox)).toHaveLength(2)

  await pay(13, 7000)
  writeFileSync(join(inbox, 'pagamenti_20260315_3.csv'), 'di un altro')
  expect(await call(alboSent.send, { destinationId: id }, at())).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('un altro file'),
  })
  expect(readFileSync(join(inbox, 'pagamenti_20260315_3.csv'), 'utf8')).toBe('di un altro')
}, 60_000)
