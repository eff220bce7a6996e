import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { REMINDER_BODY, REMINDER_SUBJECT, STANDARD_BODY, STANDARD_SUBJECT } from '#domain/mail-template'
import type { FakeClock } from '#hosts/clock'
import { campaign } from '../../src-main/services/campaign.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { ioService } from '../../src-main/services/io-service.ts'
import { followIoMessages } from '../../src-main/services/outbox/io-states.ts'
import { IO_KEY, type IoServer, ioServer } from '../gateways/io-server.ts'
import { member, type Office, openOffice, outcome } from './office.ts'

let office: Office
let server: IoServer

beforeEach(async () => {
  server = await ioServer()
  office = await openOffice()
})
afterEach(async () => {
  await office.close()
  await server.close()
})

const pacing = { perMinute: 6000, perDay: null, batch: null, window: null }
const save = (more: Record<string, unknown> = {}) =>
  call(ioService.save, { enabled: true, baseUrl: server.baseUrl, pacing, key: IO_KEY, ...more } as never, {
    context: office.context,
  })

async function people(...more: Record<string, unknown>[]) {
  await office.raise(more.map((one, i) => member(i + 1, one)))
  await office.generate()
}

async function send(more: Record<string, unknown> = {}) {
  const { rows } = await office.positions()
  const selection = { ids: rows.map((row) => row.id) }
  const input = { selection, channels: ['io'], subject: REMINDER_SUBJECT, body: REMINDER_BODY, ...more } as never
  const { campaign: summary } = await outcome(await call(campaign.start, input, office.options()))
  await office.context.outbox.idle()
  return summary.id
}

async function preview(more: Record<string, unknown>) {
  const { rows } = await office.positions()
  const selection = { ids: rows.map((row) => row.id) }
  const input = { selection, channels: ['io'], subject: REMINDER_SUBJECT, body: REMINDER_BODY, ...more } as never
  return call(campaign.preview, input, { context: office.context })
}

const list = async () =>
  (await call(delivery.list, { filters: {}, limit: 500 } as never, { context: office.context })).rows

describe('App IO', () => {
  it('is off until somebody writes a key, which never comes back', async () => {
    await people({})
    const off = await call(ioService.get, undefined, { context: office.context })
    expect(off).toMatchObject({ enabled: false, hasKey: false, baseUrl: 'https://api.io.pagopa.it/api/v1' })
    await expect(send()).rejects.toMatchObject({ data: { problems: [{ code: 'CAMPAIGN_IO_OFF' }] } })
    await expect(save({ key: null })).rejects.toMatchObject({ data: { problems: [{ code: 'IO_KEY_MISSING' }] } })
    const on = await save()
    expect(on).toMatchObject({ enabled: true, hasKey: true })
    expect(JSON.stringify(on)).not.toContain(IO_KEY)
    const books = await office.context.ledger.read((db) => db.selectFrom('journalEntry').selectAll().execute())
    expect(JSON.stringify(books)).not.toContain(IO_KEY)
    expect(await save({ enabled: false, key: '' })).toMatchObject({ hasKey: false })
  })

  it('sends one message with its payment to who has it, and follows each to the end', async () => {
    await people({}, {}, {}, { name: 'Zita *[qui](http://esempio)* <b>' })
    await save()
    const codes = (await office.positions()).rows.map((row) => row.fiscalCode as string)
    server.unknown.add(codes[0] as string)
    server.unwilling.add(codes[1] as string)
    await send()
    expect(server.faults).toEqual([])
    expect(server.messages).toHaveLength(2)
    const content = server.messages.map((one) => one.content)
    for (const one of content) {
      expect(one.due_date).toBe('2026-03-31T21:59:59.000Z')
      expect(one.payment_data).toMatchObject({
        invalid_after_due_date: false,
        payee: { fiscal_code: expect.stringMatching(/^\d{11}$/) },
      })
      expect(String(one.markdown).length).toBeGreaterThanOrEqual(80)
    }
    expect(content.map((one) => one.markdown).join()).toContain('Zita \\*\\[qui\\]\\(http://esempio\\)\\* \\<b\\>')
    const rows = await list()
    const reasonOf = (code: string | undefined) => rows.find((row) => row.address === code)?.reason
    expect(reasonOf(codes[0])).toBe('Non è su App IO.')
    expect(reasonOf(codes[1])).toContain('ha scelto di non ricevere')
    expect(rows.map((row) => row.state).toSorted()).toEqual(['failed', 'failed', 'sent', 'sent'])

    expect(await followIoMessages(office.context)).toBe(2)
    ;(server.messages[0] as { status: string }).status = 'PROCESSED'
    ;(server.messages[1] as { status: string }).status = 'REJECTED'
    expect(await followIoMessages(office.context)).toBe(2)
    expect(await followIoMessages(office.context)).toBe(0)
    const after = await list()
    expect(after.map((row) => row.state).toSorted()).toEqual(['delivered', 'failed', 'failed', 'failed'])
    const arrived = after.find((row) => row.state === 'delivered')
    const one = await call(delivery.get, { id: arrived?.id as never }, { context: office.context })
    expect(one.evidence.map((each) => each.text)).toEqual([
      expect.stringMatching(/^Messaggio 01BX/),
      expect.stringMatching(/preso in carico.*ACCEPTED/),
      expect.stringMatching(/nella posta.*PROCESSED/),
    ])
    expect(server.faults).toEqual([])
  })

  it('stops with the reason where the key is refused, and sends nothing', async () => {
    await people({}, {})
    await save({ key: 'chiave-sbagliata' })
    const id = await send()
    const summary = await call(campaign.get, { id }, { context: office.context })
    expect(summary).toMatchObject({ state: 'stopped', reason: expect.stringContaining('non riconosce la chiave') })
    expect((await list()).map((row) => row.state)).toEqual(['queued', 'queued'])
    expect(server.requests.every((route) => route === 'POST /profiles')).toBe(true)
  })

  it('stops when the key is withdrawn between the profile and the message, and goes on with a new one', async () => {
    await people({}, {})
    await save()
    let withdrawn = false
    server.interrupt = (request, response, route) => {
      if (route === 'POST /messages') withdrawn = true
      if (!withdrawn) return false
      request
        .on('end', () => {
          response.writeHead(401)
          response.end()
        })
        .resume()
      return true
    }
    const id = await send()
    const summary = () => call(campaign.get, { id }, { context: office.context })
    expect(await summary()).toMatchObject({
      state: 'stopped',
      reason: expect.stringContaining('non riconosce la chiave'),
    })
    expect((await list()).map((row) => row.state).toSorted()).toEqual(['deferred', 'queued'])
    expect(server.requests.filter((route) => route === 'POST /messages')).toHaveLength(1)
    server.interrupt = null
    await call(campaign.resume, { id }, { context: office.context })
    await office.context.outbox.idle()
    expect((await list()).map((row) => row.state)).toEqual(['sent', 'sent'])
    expect(server.messages).toHaveLength(2)
  })

  it('calls uncertain what left and was never answered, and never sends it again by itself', async () => {
    await people({})
    await save()
    server.interrupt = (request, _response, route) => {
      if (route !== 'POST /messages') return false
      request.on('end', () => request.socket.destroy()).resume()
      return true
    }
    await send()
    expect((await list())[0]).toMatchObject({ state: 'uncertain', reason: expect.stringContaining('Non si sa') })
    server.interrupt = null
    office.context.outbox.kick()
    await office.context.outbox.idle()
    expect(server.requests.filter((route) => route === 'POST /messages')).toHaveLength(1)
    expect(server.messages).toEqual([])
  })

  it('says before the confirmation, by name, whose message is out of the limits, and leaves it out', async () => {
    await people({ name: 'Li Bo' }, { name: 'Massimiliana Serafina D’Albarosa dei Conti Inventati' })
    await save()
    const body = '{nome}, {nome}: si paga dall’app entro la fine del mese.'
    const ask = (more: Record<string, unknown>) => preview({ body, ...more })
    expect(await ask({})).toMatchObject({
      channels: [{ channel: 'io', count: 1 }],
      leftOut: [{ reason: 'Il messaggio per App IO non sta nei limiti dell’app', count: 1 }],
      warnings: ['Li Bo: Il testo per App IO deve avere almeno 80 caratteri: ne ha 54.'],
    })
    await send({ body })
    expect(server.messages).toHaveLength(1)
    expect((await list()).map((row) => row.personName)).toEqual([
      'Massimiliana Serafina D’Albarosa dei Conti Inventati',
    ])
    const long = await ask({ body: REMINDER_BODY, subject: `{causale} ${'x'.repeat(100)}` })
    expect(long.warnings[0]).toMatch(/^.+: L’oggetto per App IO può avere al massimo 120 caratteri: ne ha 125\.$/)
    await expect(send({ subject: '{nome}', body: 'Paga.' })).rejects.toMatchObject({
      data: { problems: [{ code: 'CAMPAIGN_NOTHING' }] },
    })
  })

  it('reads as a message without attachment, whose button pays one amount', async () => {
    await office.raise([member(1, { amountCents: 30_000 as never }), member(2, { amountCents: 30_000 as never })])
    await office.generate({ installments: { count: 3, withSingle: false, firstDue: '2026-03-31', everyMonths: 1 } })
    await save()
    const standard = { subject: STANDARD_SUBJECT, body: STANDARD_BODY }
    const { sample, warnings } = await preview(standard)
    expect(warnings).toEqual([])
    expect(sample).toMatchObject({
      attachment: null,
      body: expect.stringContaining('c’è un avviso di pagamento per «'),
    })
    expect(sample?.body).toContain(
      'con il pulsante di questo messaggio, che vale per la prima rata da pagare: 100,00 euro il 31/03/2026; oppure',
    )
    expect(sample?.body).not.toMatch(/allegat|QR/)
    await send(standard)
    expect(server.faults).toEqual([])
    for (const { content } of server.messages) {
      expect(content.payment_data).toMatchObject({ amount: 10_000, notice_number: expect.stringMatching(/^3\d{17}$/) })
      expect(content.markdown).not.toMatch(/allegat|QR/)
    }
    const old = { ...standard, body: `In allegato l’avviso.\n${STANDARD_BODY}` }
    expect((await preview(old)).warnings).toEqual([expect.stringMatching(/^App IO non porta allegati/)])
  })

  it('is left alone when it asks to slow down: the others wait too, and lose no attempt', async () => {
    const clock = office.context.clock as FakeClock
    await people({}, {}, {}, {})
    await save()
    let posts = 0
    server.interrupt = (request, response, route) => {
      if (route !== 'POST /messages') return false
      posts += 1
      request
        .on('end', () => {
          response.writeHead(429, { 'retry-after': '999999999' })
          response.end()
        })
        .resume()
      return true
    }
    await send()
    expect(posts).toBe(1)
    expect((await list()).map((row) => row.state).toSorted()).toEqual(['deferred', 'queued', 'queued', 'queued'])
    office.context.outbox.kick()
    await office.context.outbox.idle()
    expect(posts).toBe(1)
    server.interrupt = null
    clock.advance(16 * 60_000)
    office.context.outbox.kick()
    await office.context.outbox.idle()
    expect(server.messages).toHaveLength(3)
    // The one that was put off leaves when App IO said, at most a day later.
    clock.advance(86_400_000)
    office.context.outbox.kick()
    await office.context.outbox.idle()
    expect(server.messages).toHaveLength(4)
  })

  it.each([
    [429, { 'retry-after': '7200' }, 'deferred', 'rallentare', 7200],
    [429, {}, 'deferred', 'rallentare', 60],
    [500, {}, 'deferred', 'non funziona', 30],
    [503, { 'retry-after': '1' }, 'deferred', 'non funziona', 30],
    [504, {}, 'uncertain', 'Non si sa', null],
    [400, {}, 'failed', 'così com’è', null],
    [403, {}, 'failed', 'approvato e abilitato', null],
    [413, {}, 'failed', 'troppo lungo', null],
  ])('answered %i to a message: its state, reason and next time', async (status, headers, state, words, seconds) => {
    await people({})
    await save()
    server.interrupt = (request, response, route) => {
      if (route !== 'POST /messages') return false
      request
        .on('end', () => {
          response.writeHead(status, headers)
          response.end()
        })
        .resume()
      return true
    }
    const before = Date.parse(office.context.clock.now())
    await send()
    const [row] = await list()
    expect(row).toMatchObject({ state, reason: expect.stringContaining(words) })
    const { nextAt } = await office.context.ledger.read((db) =>
      db.selectFrom('delivery').select('nextAt').executeTakeFirstOrThrow(),
    )
    const waits = nextAt === null ? null : (Date.parse(nextAt) - before) / 1000
    if (seconds === null) expect(waits).toBeNull()
    else {
      expect(waits).toBeGreaterThanOrEqual(seconds)
      // Nothing leaves before its time.
      const asked = server.requests.length
      office.context.outbox.kick()
      await office.context.outbox.idle()
      expect(server.requests).toHaveLength(asked)
    }
  })

  it('tries the key and one profile without sending anything', async () => {
    await people({})
    await save()
    const test = (fiscalCode: string) => call(ioService.test, { fiscalCode }, { context: office.context })
    const code = (await office.positions()).rows[0]?.fiscalCode as string
    expect((await test(code)).map((step) => [step.step, step.ok])).toEqual([
      ['Chiave', true],
      ['Profilo', true],
    ])
    expect((await test('12345678901')).at(-1)).toMatchObject({ step: 'Profilo', ok: false })
    await save({ key: 'altra' })
    expect(await test(code)).toMatchObject([{ step: 'Chiave', ok: false }])
    expect(server.messages).toEqual([])
  })
})
