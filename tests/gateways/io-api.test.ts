import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Instant } from '#domain/date'
import type { IoMessage } from '#domain/ports'
import { ioApi } from '#gateways/io-api'
import { IO_KEY, type IoServer, ioServer } from './io-server.ts'
import { ioSpec } from './io-spec.ts'

let server: IoServer
const clock = { epochMs: () => Date.parse('2026-03-01T08:00:00Z') }
const io = ioApi(clock, { timeoutMs: 400 })
const CODE = 'DLBGVR80A41B354F'
const service = () => ({ baseUrl: server.baseUrl, key: IO_KEY })
const message = (more: Partial<IoMessage> = {}): IoMessage => ({
  fiscalCode: CODE,
  subject: 'Avviso di pagamento: quota 2026',
  markdown: 'C’è un avviso di pagamento di **240,00 euro** per la quota di iscrizione: si paga dall’app entro marzo.',
  dueDate: '2026-03-31T21:59:59.000Z' as Instant,
  payment: { cents: 24_000, noticeNumber: '301000000000001201', payeeFiscalCode: '80000000015' },
  ...more,
})

beforeEach(async () => {
  server = await ioServer()
})
afterEach(() => server.close())

const answering = (status: number, headers: Record<string, string> = {}, body = '') => {
  server.interrupt = (_request, response) => {
    response.writeHead(status, headers)
    response.end(body)
    return true
  }
}

describe('App IO as its OpenAPI says', () => {
  it('asks the profile, sends, and follows the message to the inbox', async () => {
    expect(await io.profile(service(), CODE)).toEqual({ kind: 'allowed' })
    const sent = await io.send(service(), message())
    expect(sent).toMatchObject({ kind: 'sent', messageId: server.messages[0]?.id })
    const id = sent.messageId as string
    expect(await io.status(service(), CODE, id)).toEqual({ kind: 'ACCEPTED' })
    for (const status of ['THROTTLED', 'PROCESSED', 'FAILED', 'REJECTED']) {
      ;(server.messages[0] as { status: string }).status = status
      expect(await io.status(service(), CODE, id)).toEqual({ kind: status })
    }
    expect(server.messages[0]?.content).toEqual({
      subject: message().subject,
      markdown: message().markdown,
      due_date: '2026-03-31T21:59:59.000Z',
      payment_data: {
        amount: 24_000,
        notice_number: '301000000000001201',
        invalid_after_due_date: false,
        payee: { fiscal_code: '80000000015' },
      },
    })
    expect(server.faults).toEqual([])
  })

  it('tells those without the app from those who do not want it', async () => {
    server.unknown.add(CODE)
    expect(await io.profile(service(), CODE)).toEqual({ kind: 'notEnrolled' })
    server.unknown.clear()
    server.unwilling.add(CODE)
    expect(await io.profile(service(), CODE)).toEqual({ kind: 'refused' })
    expect(server.faults).toEqual([])
  })

  it.skipIf(ioSpec() === null)(
    'is judged: a message out of its limits is found by the same specification',
    async () => {
      await io.send(service(), message({ subject: 'Breve', markdown: 'poco', dueDate: '2026-03-31' as Instant }))
      expect(server.faults.filter((fault) => fault.startsWith('NewMessage.'))).toEqual([
        'NewMessage.content.subject: shorter than 10',
        'NewMessage.content.markdown: shorter than 80',
        'NewMessage.content.due_date: no UTC instant',
      ])
    },
  )
})

describe('each answer has its outcome', () => {
  it.each([
    [400, 'permanent', 'così com’è'],
    [401, 'permanent', 'non riconosce la chiave'],
    [403, 'permanent', 'non permette'],
    [404, 'permanent', 'non trova'],
    [302, 'permanent', 'rimanda altrove'],
    [418, 'permanent', 'non si capisce (418)'],
    [429, 'temporary', 'rallentare'],
    [500, 'temporary', 'non funziona'],
    [503, 'temporary', 'non funziona'],
    [502, 'unknown', 'Non si sa'],
    [504, 'unknown', 'Non si sa'],
  ])('%i: %s', async (status, kind, words) => {
    answering(status, { location: 'http://127.0.0.1:1/altrove' })
    const outcome = await io.send(service(), message())
    expect(outcome).toMatchObject({ kind, reason: expect.stringContaining(words) })
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['30', 30],
    ['Sun, 01 Mar 2026 08:02:00 GMT', 120],
    ['999999999', 86_400],
    ['domani', undefined],
    ['-5', undefined],
  ])('waits as long as «%s» says', async (value, seconds) => {
    answering(429, { 'retry-after': value })
    const outcome = await io.send(service(), message())
    expect('retryAfterSeconds' in outcome ? outcome.retryAfterSeconds : undefined).toBe(seconds)
  })

  it('shows what a problem says, on one line, never the key', async () => {
    const body = JSON.stringify({ title: 'Bad\r\nrequest', detail: `key ${IO_KEY} \u0007 ${'x'.repeat(999)}` })
    answering(400, {}, body)
    const outcome = await io.send(service(), message())
    expect(outcome.reply).toMatch(/^400 Bad request: key … x+$/)
    expect(outcome.reply.length).toBeLessThan(310)
    expect(JSON.stringify(outcome)).not.toContain(IO_KEY)
  })

  it('takes an answer that it cannot read for none', async () => {
    for (const body of ['', '[]', '<html>', '{"sender_allowed":"true"}']) {
      answering(200, {}, body)
      expect(await io.profile(service(), CODE)).toMatchObject({
        kind: 'temporary',
        reason: expect.stringContaining('non si legge'),
      })
    }
  })
})

describe('a line that fails', () => {
  it('is unknown once the message may have left, temporary while only asking', async () => {
    server.interrupt = (request) => {
      request.socket.destroy()
      return true
    }
    expect(await io.send(service(), message())).toMatchObject({ kind: 'unknown' })
    expect(await io.profile(service(), CODE)).toMatchObject({ kind: 'temporary' })
  })

  it('does not wait for ever, nor for an answer without end', async () => {
    server.interrupt = () => true
    const hung = await io.send(service(), message())
    expect(hung).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('in tempo') })
    server.interrupt = (_request, response) => {
      response.writeHead(200)
      const more = setInterval(() => response.write('x'.repeat(65_536)), 1)
      response.on('close', () => clearInterval(more))
      return true
    }
    expect(await io.profile(service(), CODE)).toMatchObject({ kind: 'temporary' })
  })

  it('is temporary when nobody listens or the name does not exist', async () => {
    const probe = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => probe.once('listening', resolve))
    const { port } = probe.address() as { port: number }
    await new Promise((resolve) => probe.close(resolve))
    const nobody = { baseUrl: `http://127.0.0.1:${port}`, key: IO_KEY }
    expect(await io.send(nobody, message())).toMatchObject({
      kind: 'temporary',
      reason: expect.stringContaining('quella porta'),
    })
  })
})

describe('the key', () => {
  it('never leaves unencrypted, nor with signs that would make another header', async () => {
    const { port } = new URL(server.baseUrl)
    for (const baseUrl of ['http://api.example/v1', `http://utente:parola@127.0.0.1:${port}`, 'ftp://127.0.0.1', 'x']) {
      expect(await io.send({ baseUrl, key: IO_KEY }, message())).toMatchObject({ kind: 'permanent', reply: '' })
    }
    const split = { baseUrl: server.baseUrl, key: 'a\r\nX-Altro: b' }
    expect(await io.send(split, message())).toMatchObject({ kind: 'permanent', reply: '' })
    expect(server.requests).toEqual([])
  })

  it('never makes another path of an id', async () => {
    answering(201, { location: '/api/v1/messages/x/01ABC' }, JSON.stringify({ id: '../../admin?x=1' }))
    expect(await io.send(service(), message())).toEqual({ kind: 'sent', reply: '201 01ABC', messageId: '01ABC' })
    server.interrupt = null
    await io.status(service(), '../profiles', 'a/b')
    expect(server.requests.at(-1)).toBe('GET /messages/..%2Fprofiles/a%2Fb')
  })
})
