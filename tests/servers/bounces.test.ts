import { setTimeout as sleep } from 'node:timers/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { call } from '@orpc/server'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { campaign } from '../../src-main/services/campaign.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { mailAccount } from '../../src-main/services/mail-account.ts'
import { openReceiptReader } from '../../src-main/services/mail-receipts.ts'
import { members, type Office, openOffice, outcome } from '../services/office.ts'
import { type Dovecot, startDovecot } from './dovecot.ts'
import { type Postfix, startPostfix } from './postfix.ts'

const SENDER = 'ordine@ordine.test'
const known = getCACertificates('default')
let dovecot: Dovecot | null = null
let postfix: Postfix | null = null
let office: Office
const closers: (() => unknown)[] = []

beforeEach(async ({ skip }) => {
  dovecot = await startDovecot()
  if (dovecot === null) return skip('Dovecot non c’è')
  closers.push(dovecot.stop)
  const elsewhere = await startElsewhere()
  const routes = { 'altrove.test': elsewhere, 'lento.test': elsewhere }
  postfix = await startPostfix(dovecot, {
    boxes: [SENDER, 'socio0@ordine.test'],
    takesUnknown: true,
    warnsSoon: true,
    routes,
  })
  if (postfix === null) return skip('Postfix non c’è')
  closers.push(postfix.stop)
  // The program itself checks certificates by what the system trusts, which now includes this one.
  setDefaultCACertificates([...known, postfix.pem])
  closers.push(() => setDefaultCACertificates(known))
  office = await openOffice()
  closers.push(() => office.close())
}, 90_000)
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** The server of others to which Postfix hands on: it refuses some by name, some after the text, and answers others «later». */
async function startElsewhere(): Promise<number> {
  const refusal = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })
  const server = new SMTPServer({
    ...{ name: 'mx.altrove.test', authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false },
    onRcptTo({ address }, _session, done) {
      if (address.startsWith('socio2@')) return done(refusal(550, '5.1.1 <socio2@altrove.test>: no such mailbox here'))
      if (address.endsWith('@lento.test')) return done(refusal(450, '4.2.1 mailbox busy, come back later'))
      done()
    },
    onData(stream, { envelope }, done) {
      const full = envelope.rcptTo.some(({ address }) => address.startsWith('socio3@'))
      stream.resume().once('end', () => (full ? done(refusal(552, '5.2.2 mailbox full, over quota')) : done()))
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return (server.server.address() as { port: number }).port
}

const ADDRESSES = [
  'socio0@ordine.test',
  'socio1@ordine.test',
  'socio2@altrove.test',
  'socio3@altrove.test',
  'socio4@altrove.test',
  'socio5@lento.test',
]

it('reports that a real Postfix makes, read over real IMAP: who does not exist or refuses is failed in words, who is slow is not', async () => {
  const [box, server] = [dovecot as Dovecot, postfix as Postfix]
  const at = { context: office.context }
  await office.raise([...members(ADDRESSES.length)].map((row, n) => ({ ...row, email: ADDRESSES[n] as string })))
  await office.generate()
  const { id } = await call(
    mailAccount.save,
    {
      ...{ id: null, name: 'Postfix', kind: 'email', host: server.host, port: server.port, security: 'starttls' },
      ...{ user: SENDER, password: server.password, fromName: 'Ordine', fromAddress: SENDER },
      pacing: { perMinute: 6000, perDay: null, batch: null, window: null },
      imap: { host: box.host, port: box.tlsPort, security: 'tls', user: SENDER, folder: 'INBOX' },
    },
    at,
  )
  // The reading that the program does by itself, as often as it says; the test only tells when five minutes are over.
  const timers = vi.spyOn(globalThis, 'setInterval')
  const reader = openReceiptReader(office.context)
  const [tick, every] = timers.mock.calls.find(([, ms]) => ms === 300_000) ?? []
  timers.mockRestore()
  closers.push(() => reader.close())
  expect(every).toBe(300_000)
  await reader.look()
  const input = { selection: { query: { filters: {} } }, channels: ['email'], emailAccountId: id }
  await outcome(await call(campaign.start, { ...input, subject: 'Avviso', body: 'Ciao {nome}' } as never, at))
  await office.context.outbox.idle()
  const found = async () => {
    const { rows } = await call(delivery.list, { filters: {}, limit: 50 } as never, at)
    return ADDRESSES.map((address) => rows.find((row) => row.address === address))
  }
  expect((await found()).map((row) => row?.state)).toEqual(Array(6).fill('sent'))

  // Three ends and one warning come back by themselves.
  for (const until = Date.now() + 40_000; Date.now() < until; await sleep(200)) {
    const messages = await box.messages(SENDER)
    if (messages.length >= 4) break
  }
  expect((await found()).map((row) => row?.state)).toEqual(Array(6).fill('sent'))
  ;(tick as () => void)()
  for (const until = Date.now() + 20_000; Date.now() < until; await sleep(50)) {
    const kept = await office.context.ledger.read((db) => db.selectFrom('deliveryEvidence').select('kind').execute())
    if (kept.filter(({ kind }) => kind === 'dsn').length === 4) break
  }
  await reader.close()
  const ended = await found()
  expect(ended.map((row) => row?.state)).toEqual(['sent', 'failed', 'failed', 'failed', 'sent', 'sent'])
  expect(ended[1]?.reason).toMatch(/^La casella del destinatario non esiste \(il server scrive «.*unknown user/)
  expect(ended[2]?.reason).toMatch(/^La casella del destinatario non esiste \(il server scrive «550 5\.1\.1.*no such/)
  expect(ended[3]?.reason).toMatch(/^La casella del destinatario è piena \(il server scrive «552 5\.2\.2 mailbox full/)

  // Each report is kept whole, to the last byte that the mailbox holds.
  const inBox = (await box.messages(SENDER)).map((text) => text.replace(/\r?\n/g, '\r\n'))
  for (const n of [1, 2, 3, 5]) {
    const shown = await call(delivery.get, { id: ended[n]?.id as never }, at)
    const [report, ...others] = shown.evidence.filter(({ title }) => title !== 'Risposta del server di posta')
    expect([ADDRESSES[n], others]).toEqual([ADDRESSES[n], []])
    const file = await call(delivery.evidence, { id: report?.id as never }, at)
    const text = Buffer.from(await file.arrayBuffer()).toString('latin1')
    expect(inBox).toContain(text)
    expect(text).toMatch(/^Content-Type: multipart\/report; report-type=delivery-status/m)
    expect(text).toContain(ADDRESSES[n])
    if (n === 5) expect(report?.text).toMatch(/^Non ancora consegnata, il server riprova: socio5@lento\.test/)
  }
  const failing = await call(delivery.failing, { filters: {} } as never, at)
  expect(failing.rows.map((row) => row.address).sort()).toEqual(ADDRESSES.slice(1, 4))

  expect(await outcome(await call(mailAccount.readReceipts, { id }, at))).toMatchObject({ read: 0, tied: 0 })
}, 90_000)
