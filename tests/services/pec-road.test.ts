import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { smtpMail } from '#gateways/mail-smtp'
import { imapMailbox } from '#gateways/mailbox-imap'
import { openLedger } from '#ledger/open-ledger'
import type { PecFate } from '#simulator/pec-provider'
import type { ServiceContext } from '../../src-main/services/context.ts'
import { readReceipts } from '../../src-main/services/mail-receipts.ts'
import { FakeClock, silentLog } from '../ledger/support/fake-clock.ts'
import { type Dovecot, startDovecot } from '../servers/dovecot.ts'
import { startPecProvider } from '../servers/pec-provider.ts'
import { PostRoom } from './support/post-room.ts'

const SENDER = 'ordine@ordine.pec.example'
const FATES: readonly PecFate[] = [
  'delivered',
  'fullBox',
  'preavvisoThenDelivered',
  'notAcceptedVirus',
  'duplicate',
  'acceptedOnly',
]
const closers: (() => unknown)[] = []
let dovecot: Dovecot | null = null

beforeEach(async () => {
  dovecot = await startDovecot()
  if (dovecot !== null) closers.push(dovecot.stop)
}, 60_000)
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

it('by real SMTP out and real IMAP back, each delivery ends where its provider says', async ({ skip }) => {
  if (dovecot === null) return skip('Dovecot non c’è')
  const box = dovecot
  const folder = mkdtempSync(join(tmpdir(), 'quietanza-pec-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  const clock = new FakeClock()
  const pec = await startPecProvider({
    ...{ domain: 'gestore.example', name: 'Gestore di prova', now: () => clock.now() },
    fate: (address) => FATES[Number(/\d+/.exec(address)?.[0])] ?? 'silent',
    deliver: (mailbox, bytes) => box.deliver(mailbox, Buffer.from(bytes).toString('latin1')),
  })
  closers.push(pec.stop)
  const target = { engine: 'sqlite', file: join(folder, 'ordine.quietanza') } as const
  const ledger = await openLedger(target, { log: silentLog, clock })
  closers.push(() => ledger.close())
  const room = await PostRoom.open(ledger, 'pec', FATES.length)
  const { host, port, user, password } = pec
  const connection = await smtpMail(room.clock).open({ host, port, security: 'none', user, password })
  for (const [n] of FATES.entries()) {
    await room.begin(n)
    expect((await connection.send(room.mailOf(n))).kind).toBe('sent')
    await room.end(n, 'sent')
  }
  await connection.close()
  await ledger.write({ command: 't', operator: 't', payload: {}, at: room.clock.now() }, (db) =>
    db
      .updateTable('mailAccount')
      .set({ imapHost: box.host, imapPort: box.tlsPort, imapSecurity: 'tls', imapUser: SENDER })
      .where('id', '=', room.accountId)
      .execute(),
  )
  const secrets = { ...room.context.secrets, get: async () => box.password }
  const context = { ...room.context, secrets, mailbox: imapMailbox({ ca: box.pem }) } as ServiceContext
  expect(await readReceipts(context, room.accountId)).toMatchObject({ read: 13, tied: 11, unknown: 0 })
  expect(await room.states()).toEqual(['delivered', 'failed', 'delivered', 'failed', 'delivered', 'accepted'])
  expect((await room.delivery(1)).reason).toMatch(/casella del destinatario è piena/)
  expect(await readReceipts(context, room.accountId)).toMatchObject({ read: 0, tied: 0 })
})
