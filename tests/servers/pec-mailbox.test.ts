import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { call } from '@orpc/server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { imapMailbox } from '#gateways/mailbox-imap'
import { openLedger } from '#ledger/open-ledger'
import { type PecFate, PecProvider } from '#simulator/pec-provider'
import { campaign } from '../../src-main/services/campaign.ts'
import type { ServiceContext } from '../../src-main/services/context.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { mailAccount } from '../../src-main/services/mail-account.ts'
import { readReceipts } from '../../src-main/services/mail-receipts.ts'
import { FAILED, letter, report } from '../codecs/mail-samples.ts'
import { FakeClock, silentLog } from '../ledger/support/fake-clock.ts'
import { members, openOffice, outcome } from '../services/office.ts'
import { addressOf, PostRoom } from '../services/support/post-room.ts'
import { type Dovecot, NOBODY, startDovecot } from './dovecot.ts'
import { startPostfix } from './postfix.ts'
import { startProxy } from './proxy.ts'

let dovecot: Dovecot | null = null
let users = 0
const closers: (() => unknown)[] = []

beforeAll(async () => {
  dovecot = await startDovecot()
}, 60_000)
afterAll(() => dovecot?.stop())
beforeEach(({ skip }) => {
  if (dovecot === null) skip('Dovecot non c’è')
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const box = () => dovecot as Dovecot

const FATES: readonly PecFate[] = [
  'delivered',
  'noBox',
  'outOfOrder',
  'preavvisoThenFailed',
  'notAcceptedVirus',
  'acceptedOnly',
  'silent',
]
const STATES = ['delivered', 'failed', 'delivered', 'failed', 'failed', 'accepted', 'sent']

it('a campaign by PEC leaves through a real Postfix with STARTTLS and a login, and its receipts come over IMAP with TLS', async ({
  skip,
}) => {
  const sender = 'ordine@pec.test'
  const people = FATES.map((_, n) => `socio${n}@pec.test`)
  const postfix = await startPostfix(box(), { boxes: [sender, ...people] })
  if (postfix === null) return skip('Postfix non c’è')
  closers.push(postfix.stop)
  const known = getCACertificates('default')
  setDefaultCACertificates([...known, postfix.pem])
  closers.push(() => setDefaultCACertificates(known))
  const office = await openOffice()
  closers.push(() => office.close())
  const at = { context: office.context }
  await office.raise([...members(people.length)].map((row, n) => ({ ...row, email: null, pec: people[n] as string })))
  await office.generate()
  const { id } = await call(
    mailAccount.save,
    {
      ...{ id: null, name: 'PEC', kind: 'pec', host: postfix.host, port: postfix.port, security: 'starttls' },
      ...{ user: sender, password: postfix.password, fromName: 'Ordine', fromAddress: sender },
      pacing: { perMinute: 6000, perDay: null, batch: null, window: null },
      imap: { host: box().host, port: box().tlsPort, security: 'tls', user: sender, folder: 'INBOX' },
    },
    at,
  )
  const way = { selection: { query: { filters: {} } }, channels: ['pec'], pecAccountId: id }
  await outcome(await call(campaign.start, { ...way, subject: 'Avviso', body: 'Ciao {nome}' } as never, at))
  await office.context.outbox.idle()
  await postfix.drained()
  expect(postfix.log().split(`sasl_username=${sender}`).length - 1).toBe(people.length)

  const provider = new PecProvider({
    ...{ domain: 'gestore.test', name: 'Gestore di prova', now: () => office.context.clock.now() },
    fate: (address) => FATES[Number(/\d+/.exec(address)?.[0])] ?? 'silent',
    deliver: (to, bytes) => box().deliver(to, Buffer.from(bytes).toString('latin1')),
  })
  for (const address of people) {
    const [message, ...others] = await box().messages(address)
    expect(others).toEqual([])
    await provider.take(Buffer.from((message as string).replace(/\r?\n/g, '\r\n'), 'latin1'), [address])
  }
  const read = await outcome(await call(mailAccount.readReceipts, { id }, at))
  expect(read).toMatchObject({ read: 12, tied: 12, unknown: 0, problems: { total: 0 } })
  const { rows } = await call(delivery.list, { filters: {}, limit: 50 } as never, at)
  expect(people.map((address) => rows.find((row) => row.address === address)?.state)).toEqual(STATES)
}, 90_000)

/** Deliveries by PEC that have left, and the box in Dovecot into which their provider answers. */
async function postRoom(count: number) {
  const folder = await mkdtemp(join(tmpdir(), 'quietanza-box-'))
  closers.push(() => rm(folder, { recursive: true, force: true }))
  const target = { engine: 'sqlite', file: join(folder, 'ordine.quietanza') } as const
  const ledger = await openLedger(target, { log: silentLog, clock: new FakeClock() })
  closers.push(() => ledger.close())
  const room = await PostRoom.open(ledger, 'pec', count)
  users += 1
  const user = `ordine${users}@pec.test`
  const context = {
    ...room.context,
    secrets: { ...room.context.secrets, get: async () => box().password },
    mailbox: imapMailbox({ ca: box().pem }),
  } as ServiceContext
  const provider = new PecProvider({
    ...{ domain: 'gestore.example', name: 'Gestore di prova', now: () => room.clock.now(), form: 'breve' },
    deliver: (_to, bytes) => box().deliver(user, Buffer.from(bytes).toString('latin1')),
  })
  const through = (port: number) =>
    ledger.write({ command: 't', operator: 't', payload: {}, at: room.clock.now() }, (db) =>
      db
        .updateTable('mailAccount')
        .set({ imapHost: box().host, imapPort: port, imapSecurity: 'tls', imapUser: user })
        .where('id', '=', room.accountId)
        .execute(),
    )
  await through(box().tlsPort)
  const read = async () => {
    const { problems, ...counts } = await readReceipts(context, room.accountId)
    return { ...counts, problems: problems.list().first.map(({ code }) => code) }
  }
  return {
    ...{ room, user, through, read },
    /** Sends so many, and lets the provider answer: two receipts each. */
    async sendAll(from: number, to: number) {
      for (let n = from; n < to; n += 1) await provider.take(await room.send(n), [addressOf(n)])
    },
    evidence: () => ledger.read((db) => db.selectFrom('deliveryEvidence').select(['deliveryId', 'sha256']).execute()),
  }
}

const sha256 = (text: string) => createHash('sha256').update(Buffer.from(text, 'latin1')).digest('hex')

const none = { read: 0, tied: 0, unknown: 0, problems: [] }

describe('a mailbox of a real server', () => {
  it('made anew, or emptied, is read on: nothing is lost and nothing counted twice', async () => {
    const { room, user, read, sendAll, evidence } = await postRoom(6)
    await sendAll(0, 3)
    expect(await read()).toEqual({ ...none, read: 6, tied: 6 })
    const before = await evidence()
    // As after a restore: the same messages under other numbers, with one more that nobody has read.
    const place = join(box().boxes, user)
    for (const name of await readdir(place)) if (name.startsWith('dovecot')) rmSync(join(place, name))
    await sleep(1100)
    await sendAll(3, 4)
    expect(await read()).toEqual({ ...none, read: 8, tied: 2 })
    expect(await evidence()).toHaveLength(before.length + 2)
    for (const part of ['new', 'cur']) rmSync(join(place, part), { recursive: true })
    expect(await read()).toEqual(none)
    await sendAll(4, 6)
    expect(await read()).toEqual({ ...none, read: 4, tied: 4 })
    expect(await room.states()).toEqual(Array(6).fill('delivered'))
  })

  it('gives envelopes of anomaly: a report from outside PEC ends its delivery in words, once, kept whole', async () => {
    const { room, user, read, evidence } = await postRoom(3)
    for (let n = 0; n < 3; n += 1) await room.send(n)
    const group = FAILED.replaceAll(/ada\.prova@pec\.example/gi, addressOf(1))
    const inside = report([group], `Message-ID: ${room.messageId(1)}\r\nSubject: Avviso\r\n\r\nciao\r\n`).toString(
      'latin1',
    )
    const envelope = (inner: string) =>
      letter(
        [
          'From: "Per conto di: MAILER-DAEMON@posta.example" <posta-certificata@gestore.example>',
          `To: ${user}`,
          'Subject: ANOMALIA MESSAGGIO: Undelivered Mail Returned to Sender',
          'X-Trasporto: errore',
          `Message-ID: <anomalia.${inner.length}@gestore.example>`,
          'MIME-Version: 1.0',
          'Content-Type: multipart/mixed; boundary="busta"',
        ],
        `--busta\nContent-Type: text/plain; charset=utf-8\n\nAnomalia nel messaggio\n\n--busta\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename="postacert.eml"\n\n${inner}\n--busta--\n`,
      ).toString('latin1')
    await box().deliver(user, envelope(inside))
    // A letter of somebody who writes from outside PEC comes in such an envelope too, and says nothing of ours.
    await box().deliver(user, envelope('From: socio@posta.example\r\nSubject: Ho pagato\r\n\r\nciao\r\n'))
    expect(await read()).toEqual({ ...none, read: 2, tied: 1 })
    expect(await room.states()).toEqual(['sent', 'failed', 'sent'])
    const { evidence: kept, reason } = await room.delivery(1)
    expect(reason).toMatch(/^La casella del destinatario non esiste \(il server scrive «.*User unknown/)
    expect(kept.map(({ text }) => text)).toEqual([expect.stringMatching(/Arrivata in una busta di anomalia\.$/)])
    const inBox = (await box().messages(user)).map((text) => sha256(text.replace(/\r?\n/g, '\r\n')))
    expect(inBox).toContain((await evidence())[0]?.sha256)
    expect(await read()).toEqual(none)
  })

  it('whose line is cut again and again is read to its end, each message once', async () => {
    const { room, through, read, sendAll, evidence } = await postRoom(120)
    await sendAll(0, 120)
    const proxy = await startProxy(box().tlsPort)
    closers.push(() => proxy.close())
    await through(proxy.port)
    let [tied, cuts] = [0, 0]
    for (const bytes of [500, 5_000, 30_000, 150_000, 200_000, null]) {
      proxy.dropAnswersAfter(bytes)
      const before = (await evidence()).length
      const done = await read().catch((error: Error) => {
        expect(error.message).toMatch(/Il collegamento con il server è caduto/)
        cuts += 1
        return null
      })
      tied += (await evidence()).length - before
      if (done !== null) expect(done.tied).toBe((await evidence()).length - before)
    }
    expect([tied, cuts >= 4]).toEqual([240, true])
    const kept = await evidence()
    expect(new Set(kept.map(({ deliveryId, sha256 }) => `${deliveryId} ${sha256}`)).size).toBe(240)
    expect(await room.states()).toEqual(Array(120).fill('delivered'))
    expect(await read()).toEqual(none)
  }, 60_000)

  it('with 5,000 letters of others, one of 38 MB and one of 45 MB gives its receipts in little time and memory', async () => {
    const { room, user, read, sendAll } = await postRoom(3)
    const start = process.memoryUsage().rss
    await sendAll(0, 1)
    const place = join(box().boxes, user, 'new')
    const put = (name: string, text: string) => writeFileSync(join(place, name), text)
    const line = `${'parole di altri '.repeat(4)}\n`
    for (let n = 0; n < 5000; n += 1) {
      put(
        `1700000000.P1Q${n}.altri`,
        `From: a${n}@altri.test\nSubject: Lettera ${n}\nMessage-ID: <${n}@altri.test>\n\n${line.repeat(40)}`,
      )
    }
    const large = (bytes: number) => {
      const body = Buffer.alloc(57 * Math.ceil(bytes / 78))
        .toString('base64')
        .replace(/.{76}/g, '$&\n')
      return `From: a@altri.test\nSubject: Grande\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n${body}`
    }
    put('1700000001.P1Q1.altri', large(38 * 1_048_576))
    put('1700000001.P1Q2.altri', large(45 * 1_048_576))
    execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, place])
    await sendAll(1, 3)
    let peak = 0
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss - start)
    }, 5)
    const from = performance.now()
    const found = await read()
    const seconds = (performance.now() - from) / 1000
    clearInterval(timer)
    console.log(`5,008 messages read in ${seconds.toFixed(1)} s, ${Math.round(peak / 1_048_576)} MB more than before`)
    expect(found).toEqual({ read: 5008, tied: 6, unknown: 0, problems: ['MAILBOX_MESSAGE_LARGE'] })
    expect(await room.states()).toEqual(Array(3).fill('delivered'))
    expect(seconds).toBeLessThan(60)
    expect(peak).toBeLessThan(500 * 1_048_576)
    expect(await read()).toEqual(none)
  }, 120_000)
})
