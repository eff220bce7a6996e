import { createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ImapFlow } from 'imapflow'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Instant } from '#domain/date'
import type { Mailbox } from '#domain/ports'
import { ProblemError } from '#domain/problem'
import { type ImapOptions, imapMailbox } from '#gateways/mailbox-imap'
import { type Dovecot, startDovecot } from '../servers/dovecot.ts'
import { startProxy } from '../servers/proxy.ts'

let dovecot: Dovecot | null = null
let users = 0
const closers: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  dovecot = await startDovecot()
}, 60_000)
afterAll(() => dovecot?.stop())
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

function boxOf(server: Dovecot, more: Partial<Mailbox> = {}): Mailbox {
  users += 1
  const user = `casella${users}@pec.test`
  const at = { host: server.host, port: server.port, security: 'starttls' as const }
  return { ...at, user, password: server.password, folder: 'INBOX', ...more }
}

async function all(
  mailbox: Mailbox,
  options: ImapOptions,
  since: { uidValidity: string; uid: number } | null = null,
  signal?: AbortSignal,
  from?: Instant,
) {
  const read = {
    uidValidity: '',
    uids: [] as number[],
    sources: [] as (string | null)[],
    sizes: [] as number[],
    batches: 0,
  }
  for await (const batch of imapMailbox(options).read(mailbox, since, signal, from)) {
    read.uidValidity = batch.uidValidity
    read.batches += 1
    for (const message of batch.messages) {
      read.uids.push(message.uid)
      read.sizes.push(message.size)
      read.sources.push(message.source === null ? null : Buffer.from(message.source).toString())
    }
  }
  return read
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ProblemError)) throw error ?? new Error('it was read')
  expect(error.problems[0]?.code).toBe('MAILBOX_UNREADABLE')
  return String(error.problems[0]?.params.reason)
}

describe('a mailbox of Dovecot', () => {
  it.for([
    ['starttls', 'port'],
    ['tls', 'tlsPort'],
    ['none', 'port'],
  ] as const)(
    'is read over %s, from the first to the last, then only what is new',
    async ([security, port], { skip }) => {
      if (dovecot === null) return skip('Dovecot non c’è')
      const mailbox = boxOf(dovecot, { security, port: dovecot[port] })
      const options = { ca: dovecot.pem, batch: 2 }
      expect(await all(mailbox, options)).toMatchObject({ uids: [], batches: 1 })
      for (let n = 1; n <= 5; n += 1) await dovecot.deliver(mailbox.user, `Subject: n ${n}\n\nciao ${n}\n`)
      const first = await all(mailbox, options)
      expect([first.uids, first.batches]).toEqual([[1, 2, 3, 4, 5], 3])
      // Messages of one second have no order of their own in the box.
      expect(first.sources.toSorted()[4]).toBe('Subject: n 5\r\n\r\nciao 5\r\n')
      const mark = { uidValidity: first.uidValidity, uid: 5 }
      expect(await all(mailbox, options, mark)).toMatchObject({ uids: [], batches: 1 })
      await dovecot.deliver(mailbox.user, 'Subject: n 6\n\nciao 6\n')
      expect((await all(mailbox, options, mark)).uids).toEqual([6])
      expect((await all(mailbox, options, { uidValidity: '1', uid: 5 })).uids).toEqual([1, 2, 3, 4, 5, 6])
    },
  )

  it('leaves every message as it was: unread, in its place', async ({ skip }) => {
    if (dovecot === null) return skip('Dovecot non c’è')
    const mailbox = boxOf(dovecot)
    await dovecot.deliver(mailbox.user, 'Subject: intatto\n\nciao\n')
    await all(mailbox, { ca: dovecot.pem })
    const client = new ImapFlow({
      ...{ host: mailbox.host, port: mailbox.port, secure: false, logger: false },
      ...{ auth: { user: mailbox.user, pass: dovecot.password }, tls: { ca: dovecot.pem } },
    })
    await client.connect()
    await client.mailboxOpen('INBOX', { readOnly: true })
    const message = await client.fetchOne('1', { flags: true })
    expect(message && [...(message.flags ?? [])].includes('\\Seen')).toBe(false)
    await client.logout()
  })

  it('tells of messages over the limit, and reads the others', async ({ skip }) => {
    if (dovecot === null) return skip('Dovecot non c’è')
    const mailbox = boxOf(dovecot)
    await dovecot.deliver(mailbox.user, `Subject: grande\n\n${'x'.repeat(70)}\n`.padEnd(30_000, 'riga\n'))
    await dovecot.deliver(mailbox.user, 'Subject: piccolo\n\nciao\n')
    const read = await all(mailbox, { ca: dovecot.pem, messageBytes: 10_000 })
    expect(read.sources.map((one) => one === null)).toEqual([true, false])
    expect(read.sizes[0]).toBeGreaterThan(30_000)
  })

  it('of years is not read whole: only from a day on', async ({ skip }) => {
    if (dovecot === null) return skip('Dovecot non c’è')
    const mailbox = boxOf(dovecot)
    await dovecot.deliver(mailbox.user, 'Subject: oggi\n\nciao\n')
    const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString() as Instant
    expect((await all(mailbox, { ca: dovecot.pem }, null, undefined, at(0))).uids).toEqual([1])
    expect((await all(mailbox, { ca: dovecot.pem }, null, undefined, at(5))).uids).toEqual([])
  })

  it('that does not open says why', async ({ skip }) => {
    if (dovecot === null) return skip('Dovecot non c’è')
    const good = { ca: dovecot.pem }
    const wrong = boxOf(dovecot, { password: 'sbagliata' })
    expect(await refusal(all(wrong, good))).toMatch(/^Il server non accetta utente e password \(ha risposto «/)
    const missing = boxOf(dovecot, { folder: 'Ricevute' })
    expect(await refusal(all(missing, good))).toBe('La cartella «Ricevute» non c’è in questa casella.')
    expect(await refusal(all(boxOf(dovecot), {}))).toBe('Il certificato del server non è valido per quel nome.')
    const clear = boxOf(dovecot, { security: 'none', host: 'imap.ordine.example' })
    expect(await refusal(all(clear, good))).toMatch(/viaggerebbe in chiaro/)
    const twisted = boxOf(dovecot, { security: 'tls' })
    expect(await refusal(all(twisted, good))).toBe('Il server non cifra nel modo scelto.')
  })

  it('is tried step by step', async ({ skip }) => {
    if (dovecot === null) return skip('Dovecot non c’è')
    const mailbox = boxOf(dovecot)
    await dovecot.deliver(mailbox.user, 'Subject: uno\n\nciao\n')
    const gateway = imapMailbox({ ca: dovecot.pem })
    const steps = await gateway.probe(mailbox)
    expect(steps.map(({ step, ok, text }) => [step, ok, text])).toEqual([
      [
        'Accesso alla casella',
        true,
        `127.0.0.1:${mailbox.port} riconosce «${mailbox.user}» con un collegamento cifrato.`,
      ],
      ['Cartella delle ricevute', true, '«INBOX» si legge: 1 messaggio.'],
    ])
    expect((await gateway.probe({ ...mailbox, folder: 'Altra' })).map((step) => step.ok)).toEqual([true, false])
    const refused = await gateway.probe({ ...mailbox, password: 'no' })
    expect(refused.map((step) => step.ok)).toEqual([false])
    expect(JSON.stringify(refused)).not.toContain('"no"')
  })

  it('whose line drops half way gives an error, never fewer messages', async ({ skip }) => {
    if (dovecot === null) return skip('Dovecot non c’è')
    const mailbox = boxOf(dovecot, { security: 'none' })
    for (let n = 1; n <= 20; n += 1) await dovecot.deliver(mailbox.user, `Subject: n ${n}\n\n${'testo\n'.repeat(2000)}`)
    const whole = (await all(mailbox, {})).uids.length
    expect(whole).toBe(20)
    for (const bytes of [10, 400, 2000, 20_000, 60_000, 150_000]) {
      const line = await startProxy(mailbox.port)
      closers.push(line.close)
      line.dropAnswersAfter(bytes)
      expect(await refusal(all({ ...mailbox, port: line.port }, {}))).toMatch(/^Il collegamento con il server è caduto/)
    }
  })
})

async function listening(server: ReturnType<typeof createServer>, sockets: Set<Socket>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as { port: number }).port
}

describe('a server that misbehaves', () => {
  const quick = { connectTimeoutMs: 300, silenceTimeoutMs: 300 }

  async function scripted(answer: (line: string) => string | null, greeting: string | null = '* OK ciao') {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      if (greeting !== null) socket.write(`${greeting}\r\n`)
      let rest = ''
      socket.on('data', (chunk) => {
        rest += chunk.toString('latin1')
        for (let cut = rest.indexOf('\r\n'); cut >= 0; cut = rest.indexOf('\r\n')) {
          const reply = answer(rest.slice(0, cut))
          rest = rest.slice(cut + 2)
          if (reply !== null) socket.write(reply)
        }
      })
    })
    const port = await listening(server, sockets)
    const box = { host: '127.0.0.1', port, user: 'u', password: 'p', folder: 'INBOX' }
    return { ...box, security: 'none' as const } satisfies Mailbox
  }

  const tag = (line: string) => line.slice(0, line.indexOf(' '))

  it('by saying nothing is left in time', async () => {
    const silent = await scripted(() => null, null)
    const started = performance.now()
    expect(await refusal(all(silent, quick))).toBe('Il server non ha risposto in tempo.')
    const mute = await scripted((line) =>
      /CAPABILITY/.test(line) ? `* CAPABILITY IMAP4rev1\r\n${tag(line)} OK\r\n` : null,
    )
    expect(await refusal(all(mute, quick))).toBe('Il server non ha risposto in tempo.')
    expect(performance.now() - started).toBeLessThan(8000)
  })

  it('by not knowing STARTTLS is refused before the password', async () => {
    const lines: string[] = []
    const plain = await scripted((line) => {
      lines.push(line)
      return /CAPABILITY/.test(line) ? `* CAPABILITY IMAP4rev1\r\n${tag(line)} OK\r\n` : `${tag(line)} OK\r\n`
    })
    expect(await refusal(all({ ...plain, security: 'starttls' }, quick))).toBe('Il server non cifra nel modo scelto.')
    expect(lines.join()).not.toMatch(/LOGIN|AUTHENTICATE/)
  })

  it('by not being there is said so', async () => {
    const gone = await scripted(() => null)
    for (const close of closers.splice(0)) await close()
    expect(await refusal(all(gone, quick))).toBe('Il server non risponde su quella porta.')
    const nowhere = { ...gone, security: 'tls' as const, host: 'imap.nessuno.invalid' }
    expect(await refusal(all(nowhere, { ...quick, connectTimeoutMs: 5000 }))).toBe('Il nome del server non si trova.')
  })

  it('is left at once when the person stops', async () => {
    const silent = await scripted(() => null, null)
    const stop = new AbortController()
    const reading = all(silent, { connectTimeoutMs: 20_000, silenceTimeoutMs: 20_000 }, null, stop.signal)
    const outcome = expect(reading).rejects.toThrow(/abort/i)
    await sleep(100)
    const started = performance.now()
    stop.abort()
    await outcome
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
