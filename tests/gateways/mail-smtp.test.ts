import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { instantOf } from '#domain/date'
import type { Clock, Mail, MailServer } from '#domain/ports'
import { ProblemError } from '#domain/problem'
import { smtpMail } from '#gateways/mail-smtp'
import { certificate, scripted } from './smtp-test-server.ts'

const clock: Clock = {
  now: () => instantOf(Date.UTC(2026, 1, 2, 8)),
  epochMs: () => Date.UTC(2026, 1, 2, 8),
  waitUntil: async () => undefined,
}
const gateway = smtpMail(clock, { connectTimeoutMs: 3_000, silenceTimeoutMs: 3_000 })
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function mail(over: Partial<Mail> = {}): Mail {
  return {
    from: { name: 'Ordine di Prova', address: 'segreteria@ordine.test' },
    to: { name: 'Èlia Rossi', address: 'elia.rossi@posta.test' },
    subject: 'Quota 2026 – avviso di pagamento «PagoPA»',
    text: 'Gentile iscritta,\n.\nin allegato l’avviso.\n',
    messageId: '<0001@ordine.test>',
    attachments: [
      { name: 'RSSLEI80A41H501X_2026.pdf', mime: 'application/pdf', bytes: new Uint8Array([37, 80, 68, 70]) },
    ],
    ...over,
  }
}

async function serve(options: SMTPServerOptions): Promise<{ at: MailServer; received: ParsedMail[]; raw: string[] }> {
  const received: ParsedMail[] = []
  const raw: string[] = []
  const server = new SMTPServer({
    logger: false,
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const bytes = Buffer.concat(chunks)
        raw.push(bytes.toString('latin1'))
        received.push(await simpleParser(bytes))
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  closing.push(() => new Promise<void>((resolve) => server.close(resolve)))
  const { port } = server.server.address() as { port: number }
  return { at: { host: '127.0.0.1', port, security: 'none', user: null, password: null }, received, raw }
}

describe('a message that arrives', () => {
  it('keeps accents, quotes, a lone full stop and the attachment’s bytes', async () => {
    const { at, received } = await serve({ authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'] })
    const line = await gateway.open(at)
    const first = await line.send(mail())
    const second = await line.send(mail({ messageId: '<0002@ordine.test>', subject: 'Secondo' }))
    await line.close()
    expect([first.kind, second.kind]).toEqual(['sent', 'sent'])
    expect(received.map((m) => m.messageId)).toEqual(['<0001@ordine.test>', '<0002@ordine.test>'])
    const [got] = received
    expect(got?.subject).toBe('Quota 2026 – avviso di pagamento «PagoPA»')
    expect(got?.text).toBe('Gentile iscritta,\n.\nin allegato l’avviso.\n')
    expect(got?.from?.value).toEqual([{ name: 'Ordine di Prova', address: 'segreteria@ordine.test' }])
    expect(got?.date?.toISOString()).toBe('2026-02-02T08:00:00.000Z')
    expect(got?.attachments[0]?.filename).toBe('RSSLEI80A41H501X_2026.pdf')
    expect([...(got?.attachments[0]?.content ?? [])]).toEqual([37, 80, 68, 70])
  })
})

describe('encryption and login', () => {
  let tls: { key: string; cert: string }
  beforeAll(() => {
    tls = certificate()
  })
  const login: Pick<SMTPServerOptions, 'onAuth'> = {
    onAuth: (auth, _session, done) =>
      auth.username === 'segreteria' && auth.password === 'giusta'
        ? done(null, { user: 'segreteria' })
        : done(Object.assign(new Error('Username and Password not accepted'), { responseCode: 535 })),
  }

  it.each(['tls', 'starttls'] as const)('%s: delivers with a known certificate', async (security) => {
    const { at, received } = await serve({ ...tls, ...login, secure: security === 'tls' })
    const known = smtpMail(clock, { ca: tls.cert })
    const server = { ...at, security, user: 'segreteria', password: 'giusta' }
    const line = await known.open(server)
    expect((await line.send(mail())).kind).toBe('sent')
    await line.close()
    expect(received).toHaveLength(1)
    const steps = await known.probe(server)
    expect(steps.map((s) => [s.step, s.ok])).toEqual([
      ['Collegamento', true],
      ['Cifratura', true],
      ['Accesso', true],
    ])
  })

  it('an unknown certificate stops before the password leaves', async () => {
    let asked = false
    const { at } = await serve({
      ...tls,
      secure: true,
      onAuth: (_auth, _session, done) => {
        asked = true
        done(null, { user: 'x' })
      },
    })
    const server = { ...at, security: 'tls', user: 'segreteria', password: 'giusta' } as const
    await expect(gateway.open(server)).rejects.toThrow(/certificato del server non è valido/)
    const steps = await gateway.probe(server)
    expect(steps.map((s) => [s.step, s.ok])).toEqual([
      ['Collegamento', true],
      ['Cifratura', false],
    ])
    expect(asked).toBe(false)
  })

  it('STARTTLS that the server does not offer is a refusal, not a message in clear', async () => {
    const { at, received } = await serve({ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] })
    await expect(gateway.open({ ...at, security: 'starttls' })).rejects.toThrow(/non cifra nel modo scelto/)
    expect(received).toHaveLength(0)
  })

  it('a wrong password says what the server answered', async () => {
    const { at } = await serve({ ...tls, ...login, secure: true })
    const known = smtpMail(clock, { ca: tls.cert })
    const server = { ...at, security: 'tls', user: 'segreteria', password: 'sbagliata' } as const
    const refused = await known.open(server).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ProblemError)
    expect((refused as ProblemError).problems[0]?.code).toBe('MAIL_LOGIN')
    expect((refused as ProblemError).message).toContain('535')
    expect((refused as ProblemError).message).not.toContain('sbagliata')
    expect((await known.probe(server)).at(-1)).toMatchObject({ step: 'Accesso', ok: false })
  })

  it('a password never leaves unencrypted for another machine', async () => {
    const server: MailServer = { host: 'posta.test', port: 25, security: 'none', user: 'u', password: 'p' }
    await expect(gateway.open(server)).rejects.toThrow(/viaggerebbe in chiaro/)
    expect(await gateway.probe(server)).toHaveLength(1)
  })

  it('a closed port and an unknown name are told apart', async () => {
    const { at, close } = await scripted(() => '250 ok')
    await close()
    await expect(gateway.open(at)).rejects.toThrow(/non risponde su quella porta/)
    await expect(gateway.open({ ...at, host: 'nessuno.invalid' })).rejects.toThrow(/nome del server non si trova/)
  })
})

describe('what a refusal means', () => {
  const replies: readonly [string, string, string, 'temporary' | 'permanent', RegExp][] = [
    ['mailbox unknown', 'RCPT', '550 5.1.1 User unknown', 'permanent', /non esiste/],
    ['mailbox full', 'RCPT', '452 4.2.2 Over quota', 'temporary', /è piena/],
    ['greylisted', 'RCPT', '450 4.7.1 Try later', 'temporary', /riprovare più tardi/],
    ['sender refused', 'MAIL', '553 sorry', 'permanent', /non permette questo mittente/],
    ['spam', 'END', '554 5.7.1 Spam', 'permanent', /per le sue regole/],
    ['too large', 'END', '552 5.3.4 Too big', 'permanent', /supera la grandezza/],
    ['busy after the text', 'END', '451 4.3.0 Busy', 'temporary', /riprovare più tardi/],
  ]
  it.each(replies)('%s', async (_name, at, reply, kind, reason) => {
    const { at: server, close } = await scripted((line, _socket, inData) => {
      if (inData) return at === 'END' && line === '.' ? reply : '250 ok'
      if (line.startsWith('EHLO')) return '250 prova'
      if (line.startsWith(at)) return reply
      return line === 'DATA' ? '354 go' : '250 ok'
    })
    closing.push(close)
    const line = await gateway.open(server)
    const outcome = await line.send(mail())
    await line.close()
    expect(outcome).toMatchObject({ kind, reason: expect.stringMatching(reason) })
    expect(outcome.reply).toContain(reply)
  })

  it('a refused recipient leaves the line good for the next message', async () => {
    let messages = 0
    const script = await scripted((line, _socket, inData) => {
      if (inData) {
        if (line === '.') messages += 1
        return '250 ok'
      }
      if (line.startsWith('EHLO')) return '250 prova'
      if (line.startsWith('RCPT')) return line.includes('nessuno') ? '550 5.1.1 no' : '250 ok'
      return line === 'DATA' ? '354 go' : '250 ok'
    })
    closing.push(script.close)
    const line = await gateway.open(script.at)
    const refused = await line.send(mail({ to: { name: '', address: 'nessuno@posta.test' } }))
    const accepted = await line.send(mail())
    await line.close()
    expect([refused.kind, accepted.kind, messages, script.connections()]).toEqual(['permanent', 'sent', 1, 1])
  })

  it('a line lost before the text is temporary, and the next message opens a new one', async () => {
    let first = true
    const script = await scripted((line, socket, inData) => {
      if (inData) return '250 ok'
      if (line.startsWith('EHLO')) return '250 prova'
      if (line.startsWith('RCPT') && first) {
        first = false
        socket.destroy()
        return null
      }
      return line === 'DATA' ? '354 go' : '250 ok'
    })
    closing.push(script.close)
    const line = await gateway.open(script.at)
    expect((await line.send(mail())).kind).toBe('temporary')
    expect((await line.send(mail())).kind).toBe('sent')
    await line.close()
    expect(script.connections()).toBe(2)
  })

  it('a line lost after the text is unknown: never sent twice by itself', async () => {
    const script = await scripted((line, socket, inData) => {
      if (inData) {
        if (line === '.') socket.destroy()
        return null
      }
      if (line.startsWith('EHLO')) return '250 prova'
      return line === 'DATA' ? '354 go' : '250 ok'
    })
    closing.push(script.close)
    const line = await gateway.open(script.at)
    expect(await line.send(mail())).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('non ha detto') })
    await line.close()
  })

  it('a server silent after the text is unknown too', async () => {
    const script = await scripted((line, _socket, inData) => {
      if (inData) return null
      if (line.startsWith('EHLO')) return '250 prova'
      return line === 'DATA' ? '354 go' : '250 ok'
    })
    closing.push(script.close)
    const line = await smtpMail(clock, { silenceTimeoutMs: 300 }).open(script.at)
    expect((await line.send(mail())).kind).toBe('unknown')
    await line.close()
  })
})

describe('a header cannot be forged', () => {
  const forged: readonly [string, Partial<Mail>][] = [
    ['subject', { subject: 'Quota\r\nBcc: tutti@altrove.test' }],
    ['sender’s name', { from: { name: 'Ordine\nBcc: x@y.test', address: 'segreteria@ordine.test' } }],
    ['recipient', { to: { name: 'Rossi', address: 'rossi@posta.test>\r\nRCPT TO:<x@y.test' } }],
    ['two recipients', { to: { name: 'Rossi', address: 'rossi@posta.test, bianchi@posta.test' } }],
    ['message id', { messageId: '<a@b>\r\nBcc: x@y.test' }],
    ['attachment', { attachments: [{ name: 'a.pdf"\r\nX: y', mime: 'application/pdf', bytes: new Uint8Array() }] }],
  ]
  it.each(forged)('%s', async (_name, over) => {
    const { at, received } = await serve({ authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'] })
    const line = await gateway.open(at)
    const outcome = await line.send(mail(over))
    await line.close()
    expect(outcome.kind).toBe('permanent')
    expect(received).toHaveLength(0)
  })
})
