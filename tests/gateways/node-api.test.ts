import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createLine } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readReportingFlowJson } from '#codecs/flow-json'
import type { GpdBody, GpdPosition } from '#domain/gpd'
import type { ListedFlow, NodeCall, NodeConnection } from '#domain/node-ports'
import { nodeApi } from '#gateways/node-api'
import { FakeClock } from '../ledger/support/fake-clock.ts'

// A node of which nothing good is to be expected: each test says what it does.
let serve: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void
let requests: { readonly line: string; readonly headers: IncomingMessage['headers'] }[]
let calls: NodeCall[]
let to: NodeConnection
let close: () => Promise<void>

const KEY = 'chiave-di-prova-0123456789abcdef'
const keys = { gpd: KEY, fdr: KEY, checkout: KEY, backoffice: KEY }
const clock = new FakeClock('2026-03-02T09:00:00.000Z')
const node = nodeApi({
  clock,
  timeouts: { askMs: 10_000, loadMs: 10_000 },
  onCall(call) {
    calls.push(call)
    throw new Error('the log is full')
  },
})

/** One that does not wait for long. */
const hasty = nodeApi({ clock, timeouts: { askMs: 300 } })

beforeEach(async () => {
  requests = []
  calls = []
  const http = createServer(async (request, response) => {
    requests.push({ line: `${request.method} ${request.url}`, headers: request.headers })
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    serve(request, response, Buffer.concat(chunks))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  to = {
    environment: 'rehearsal',
    origin: `http://127.0.0.1:${port}`,
    fiscalCode: '80087670016',
    brokerCode: '80087670016',
    keys,
  }
  close = async () => {
    http.closeAllConnections()
    await new Promise<void>((resolve) => http.close(() => resolve()))
  }
})
afterEach(() => close())

const saying =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (_request: unknown, response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

const position = {
  ...{ iupd: 'uno', type: 'F', payStandIn: true, fiscalCode: 'RSSMRA85T10A562S', fullName: 'Tersilla Boscarolo' },
  ...{
    streetName: 'Via dei Platani 7',
    email: 'tersilla@studio.example',
    switchToExpired: false,
    companyName: 'Ordine',
  },
  paymentOption: [],
} as GpdPosition
const body: GpdBody = { api: 'v1', position }
const held = { iupd: 'uno', status: 'VALID', paymentOption: [] }
const create = () => node.gpd.create(to, body, true)
const read = () => node.gpd.read(to, 'v1', 'uno')
const problem = (title: string, detail = '') => ({ title, status: 400, detail })

describe('each status has its kind, for an act and for a question', () => {
  it.each([
    [400, 'refused', 'refused'],
    [401, 'closed', 'closed'],
    [403, 'closed', 'closed'],
    [408, 'unknown', 'temporary'],
    [409, 'refused', 'refused'],
    [413, 'refused', 'refused'],
    [422, 'refused', 'refused'],
    [425, 'temporary', 'temporary'],
    [429, 'temporary', 'temporary'],
    [500, 'unknown', 'temporary'],
    [502, 'unknown', 'temporary'],
    [503, 'temporary', 'temporary'],
    [504, 'unknown', 'temporary'],
    [301, 'closed', 'closed'],
    [418, 'refused', 'refused'],
    [202, 'unknown', 'temporary'],
  ])('%i: %s, %s', async (status, act, question) => {
    serve = saying(status, problem('x'), { location: 'http://127.0.0.1:1/altrove' })
    const acted = await create()
    expect(acted).toMatchObject({ kind: act, status, reason: expect.stringMatching(/^(pagoPA|[A-Z]).*\.$/) })
    expect(await read()).toMatchObject({ kind: question, status })
    expect(requests).toHaveLength(2)
  })

  it('404 is a thing that is not there where the service says so, and a wrong address where it does not', async () => {
    serve = saying(404, problem('Not found the debt position'))
    expect(await read()).toEqual({ kind: 'ok', value: null })
    expect(await node.gpd.publish(to, 'v1', 'uno')).toMatchObject({ kind: 'refused', status: 404 })
    for (const words of [{ statusCode: 404, message: 'Resource not found' }, '<html>', '']) {
      serve = saying(404, words)
      expect(await read()).toMatchObject({ kind: 'closed', status: 404 })
    }
    serve = saying(404, problem('Not found the organization'))
    expect(await create()).toMatchObject({ kind: 'closed', reason: expect.stringContaining('non conosce questo ente') })
  })

  it('403 for codes of another station is of this position alone', async () => {
    serve = saying(403, problem('The payment position is forbidden', 'authorization to access or modify the IUVs'))
    expect(await create()).toMatchObject({ kind: 'refused', reason: expect.stringContaining('segregazione') })
  })

  it.each([
    ['30', 30],
    ['Mon, 02 Mar 2026 09:02:00 GMT', 120],
    ['500 ms', 1],
    ['999999999', 86_400],
    ['domani', undefined],
    ['-5', undefined],
  ])('waits as long as «%s» says', async (value, seconds) => {
    serve = saying(429, '', { 'retry-after': value })
    const answer = await create()
    expect('retryAfterSeconds' in answer ? answer.retryAfterSeconds : undefined).toBe(seconds)
  })
})

describe('what cannot be read', () => {
  it.each<[string, unknown]>([
    ['nothing', ''],
    ['half', '{"iupd":"uno","status":"VAL'],
    ['a list', '[]'],
    ['a page', '<html>'],
    ['another position', { ...held, iupd: 'due' }],
    ['no state', { iupd: 'uno' }],
    ['an amount as text', { ...held, paymentOption: [{ iuv: '1', amount: '1' }] }],
    ['an amount with decimals', { ...held, paymentOption: [{ iuv: '1', amount: 1.5 }] }],
    ['an amount below zero', { ...held, paymentOption: [{ iuv: '1', amount: -1 }] }],
    ['a payment without IUV', { ...held, paymentOption: [{ amount: 1 }] }],
    ['paid by nobody knows which', { ...held, status: 'PARTIALLY_PAID', paymentOption: [{ iuv: '1', amount: 1 }] }],
  ])('%s leaves an act unknown, and a question to be asked again', async (_name, answer) => {
    serve = saying(201, answer)
    expect(await create()).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('non si legge') })
    serve = saying(200, answer)
    expect(await read()).toMatchObject({ kind: 'temporary' })
  })

  it('one row of a page makes the page unreadable, never shorter', async () => {
    serve = saying(200, { payment_position_list: [held, {}], page_info: { total_pages: 1 } })
    expect(await node.gpd.list(to, { api: 'v1', page: 0 })).toMatchObject({ kind: 'temporary' })
    serve = saying(200, { totalPages: 1, results: [{ iuv: '1' }, { debtor: 'x' }] })
    expect(await node.receipts.list(to, { page: 0, size: 20 })).toMatchObject({ kind: 'temporary' })
    serve = saying(200, { metadata: { totPage: 1 }, data: [{ fdr: 'x', pspId: 'y', revision: 0 }] })
    expect(await node.fdr.list(to, { page: 1 })).toMatchObject({ kind: 'temporary' })
  })

  it('a receipt that is a page of a proxy is none', async () => {
    for (const page of ['<html><body>', '<!DOCTYPE html>', '{}', '']) {
      serve = saying(200, page, { 'content-type': 'application/xml' })
      expect(await node.receipts.xml(to, '1')).toMatchObject({ kind: 'temporary' })
    }
  })

  it('a broker of more rows than are read is told so: its list is never shorter', async () => {
    const pageInfo = { page: 0, limit: 100, totalElements: 100_000, totalPages: 1_000 }
    serve = saying(200, { ibans: [], pageInfo })
    const answer = await node.backoffice.ibans(to)
    expect(answer).toMatchObject({ kind: 'refused', reason: expect.stringContaining('troppe') })
    expect(requests).toHaveLength(1)
  })

  it('a segregation code has two digits, however the Back office writes it', async () => {
    const of = (segregationCode: string) => ({
      ...{ taxCode: to.fiscalCode, stationId: '80087670016_01', stationState: 'enabled', ciStatus: true },
      segregationCode,
    })
    const pageInfo = { page: 0, limit: 100, totalElements: 2, totalPages: 1 }
    serve = saying(200, { creditorInstitutions: [of('3'), of('47')], pageInfo })
    const answer = await node.backoffice.stations(to)
    expect(answer).toMatchObject({ kind: 'ok', value: [{ segregationCode: '03' }, { segregationCode: '47' }] })
  })

  it('dates without a zone are UTC, states unknown are kept as they are', async () => {
    const option = { iuv: '1', amount: 1, status: 'PO_NUOVO', dueDate: '2026-03-31T21:59:59', paymentDate: 'boh' }
    serve = saying(200, { ...held, status: 'NUOVO', paymentOption: [option] })
    expect(await read()).toMatchObject({
      value: { status: 'NUOVO', payments: [{ status: 'PO_NUOVO', dueDate: '2026-03-31T21:59:59.000Z', paidAt: null }] },
    })
  })
})

describe('a line that fails', () => {
  it('before a byte left, nothing was done', async () => {
    const probe = createLine().listen(0, '127.0.0.1')
    await new Promise((resolve) => probe.once('listening', resolve))
    const { port } = probe.address() as AddressInfo
    await new Promise((resolve) => probe.close(resolve))
    to = { ...to, origin: `http://127.0.0.1:${port}` }
    expect(await create()).toMatchObject({
      kind: 'temporary',
      status: null,
      reason: expect.stringContaining('quella porta'),
    })
  })

  it('afterwards nobody knows', async () => {
    serve = (request) => request.socket.destroy()
    expect(await create()).toMatchObject({ kind: 'unknown', status: null, reason: expect.stringContaining('caduto') })
    expect(await read()).toMatchObject({ kind: 'temporary' })
    serve = () => {}
    const waited = await hasty.gpd.create(to, body, true)
    expect(waited).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('in tempo') })
  })

  it('in the middle of the answer: an act is unknown, a refusal is a refusal', async () => {
    serve = (_request, response) => {
      response.writeHead(201, { 'content-length': '500' })
      response.write('{"iupd":"uno"')
      setTimeout(() => response.destroy(), 20)
    }
    expect(await create()).toMatchObject({
      kind: 'unknown',
      status: 201,
      reason: expect.stringContaining('interrotta'),
    })
    serve = (_request, response) => {
      response.writeHead(409, { 'content-length': '500' })
      response.write('{"title":"uniqueness')
      setTimeout(() => response.destroy(), 20)
    }
    expect(await create()).toMatchObject({ kind: 'refused', status: 409 })
  })

  it('drop by drop, or without end, comes to an end all the same', async () => {
    const drip = (every: number, size: number) => (_request: unknown, response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const more = setInterval(() => response.write(' '.repeat(size)), every)
      response.on('close', () => clearInterval(more))
    }
    serve = drip(20, 1)
    const began = performance.now()
    expect(await hasty.gpd.read(to, 'v1', 'uno')).toMatchObject({
      kind: 'temporary',
      reason: expect.stringMatching(/interrotta|in tempo/),
    })
    expect(performance.now() - began).toBeLessThan(5_000)
    serve = (_request, response) => {
      response.writeHead(200)
      response.end(Buffer.alloc(6 * 1_048_576, 32))
    }
    expect(await node.gpd.read(to, 'v1', 'uno')).toMatchObject({
      kind: 'temporary',
      reason: expect.stringContaining('più lunga'),
    })
  })

  it('ends when whoever asked gives up', async () => {
    const gone = new AbortController()
    serve = () => gone.abort()
    expect(await node.gpd.create(to, body, true, gone.signal)).toMatchObject({ kind: 'unknown' })
    const already = await node.gpd.create(to, body, true, AbortSignal.abort())
    expect(already).toMatchObject({ kind: 'temporary' })
    expect(requests).toHaveLength(1)
  })
})

describe('the key', () => {
  it('goes to pagoPA and this machine alone, unencrypted to this machine alone, and never with other signs', async () => {
    for (const origin of [
      'https://api.example',
      'http://api.platform.pagopa.it',
      'https://api.platform.pagopa.it.example',
      'https://api.platform.pagopa.it@127.0.0.1',
      `http://utente:parola@127.0.0.1:${new URL(to.origin).port}`,
      'ftp://127.0.0.1',
      'x',
    ]) {
      expect(await node.gpd.read({ ...to, origin }, 'v1', 'uno'), origin).toMatchObject({
        kind: 'closed',
        status: null,
      })
    }
    for (const gpd of ['', null, 'a\r\nX-Altro: b', 'è']) {
      expect(await node.gpd.read({ ...to, keys: { ...keys, gpd } }, 'v1', 'uno')).toMatchObject({ kind: 'closed' })
    }
    expect(requests).toEqual([])
  })

  it('follows no redirection, and stands in its header alone', async () => {
    const other: string[] = []
    const elsewhere = createServer((request, response) => {
      other.push(String(request.url))
      response.end('{}')
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const { port } = elsewhere.address() as AddressInfo
    for (const status of [301, 302, 303, 307, 308]) {
      serve = saying(status, '', { location: `http://127.0.0.1:${port}/rubata` })
      expect(await create()).toMatchObject({ kind: 'closed', status })
    }
    await new Promise<void>((resolve) => elsewhere.close(() => resolve()))
    expect(other).toEqual([])
    for (const { line, headers } of requests) {
      const { 'ocp-apim-subscription-key': key, ...rest } = headers
      expect(key).toBe(KEY)
      expect(`${line} ${JSON.stringify(rest)}`).not.toContain(KEY)
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  it('is in no answer nor record, even where the node repeats it; nor are people', async () => {
    const detail = `key ${KEY}\r\n of tersilla BOSCAROLO, RSSMRA85T10A562S, via dei platani 7, Tersilla@studio.example, DLBGVR80A41B354F \u0007 IBAN IT60X0542811101000000123456 ${'x'.repeat(999)}`
    serve = saying(400, problem('Bad\r\nRequest', detail))
    const answer = await create()
    expect(answer).toMatchObject({ kind: 'refused', reason: expect.stringContaining('IBAN') })
    const reply = 'reply' in answer ? answer.reply : ''
    expect(reply).toMatch(/^400 Bad Request: key … of …, …, …, …, … IBAN IT60X0542811101000000123456 x+$/)
    expect(reply.length).toBeLessThan(310)
    const told = JSON.stringify([answer, calls])
    for (const hidden of [KEY, 'BOSCAROLO', 'RSSMRA85T10A562S', 'DLBGVR80A41B354F', 'studio.example']) {
      expect(told.toLowerCase()).not.toContain(hidden.toLowerCase())
    }
  })
})

describe('each call is told', () => {
  it('with what it was, how it ended and how long it took, whatever the log does with it', async () => {
    serve = saying(201, held)
    expect(await create()).toMatchObject({ kind: 'ok' })
    serve = saying(500, problem('guasto'))
    await read()
    expect(calls).toMatchObject([
      {
        ...{
          at: '2026-03-02T09:00:00.000Z',
          environment: 'rehearsal',
          service: 'gpd',
          operation: 'gpd.create',
          method: 'POST',
        },
        path: '/gpd/debt-positions-service/v1/organizations/80087670016/debtpositions?toPublish=true',
        ...{ status: 201, outcome: 'ok', reply: '', reason: '', requestId: requests[0]?.headers['x-request-id'] },
      },
      { operation: 'gpd.read', status: 500, outcome: 'temporary', reply: '500 guasto' },
    ])
    for (const { milliseconds, bytesIn } of calls) expect(milliseconds >= 0 && bytesIn > 0).toBe(true)
  })
})

describe('what stands in a path makes no other path', () => {
  it.each([
    ['../../altro', '..%2F..%2Faltro'],
    ['..', '%252E%252E'],
    ['a?b=c#d', 'a%3Fb%3Dc%23d'],
  ])('%s', async (iupd, written) => {
    serve = saying(404, problem('Not found the debt position'))
    await node.gpd.read(to, 'v1', iupd)
    expect(requests[0]?.line).toBe(
      `GET /gpd/debt-positions-service/v1/organizations/80087670016/debtpositions/${written}`,
    )
  })
})

describe('loads, carts, flows', () => {
  it('believes no address of a load that could lead elsewhere', async () => {
    for (const [location, fileId] of [
      ['brokers/1/organizations/2/debtpositions/file/abc-1/status', 'abc-1'],
      ['https://altro.example/file/abc', 'abc'],
      ['/file/../../x', null],
      ['/file/a%2Fb/status', null],
      ['/altro', null],
    ] as const) {
      serve = saying(202, '', { location })
      const answer = await node.massive.upload(to, 'create', new Uint8Array([1]))
      expect(answer, location).toMatchObject(fileId === null ? { kind: 'unknown' } : { kind: 'ok', value: { fileId } })
    }
  })

  it('asks for all the files of a week, and is not sent round in circles', async () => {
    let page = 0
    serve = (_request, response) => {
      page += 1
      const more = page < 3
      response.writeHead(200, more ? { 'x-continuation-token': `t${page}` } : {})
      response.end(JSON.stringify({ fileIds: [`f${page}`], hasMore: more }))
    }
    expect(await node.massive.files(to, '2026-03-01', '2026-03-02')).toEqual({ kind: 'ok', value: ['f1', 'f2', 'f3'] })
    expect(requests.map(({ headers }) => headers['x-continuation-token'])).toEqual([undefined, 't1', 't2'])
    serve = saying(200, { fileIds: ['f'], hasMore: true }, { 'x-continuation-token': 'sempre' })
    expect(await node.massive.files(to, '2026-03-01', '2026-03-02')).toMatchObject({ kind: 'temporary' })
    serve = saying(200, { fileIds: ['f'], hasMore: true })
    expect(await node.massive.files(to, '2026-03-01', '2026-03-02')).toMatchObject({ kind: 'temporary' })
  })

  it('sends a payer over TLS or to this machine', async () => {
    const cart = () => node.checkout.cart(to, {} as never)
    for (const [location, url] of [
      ['https://checkout.pagopa.it/c/1', 'https://checkout.pagopa.it/c/1'],
      [`${to.origin}/prova/x`, `${to.origin}/prova/x`],
      ['http://checkout.pagopa.it/c/1', null],
      ['javascript:alert(1)', null],
      ['https://utente:parola@checkout.pagopa.it', null],
      ['/c/1', null],
      [`https://checkout.pagopa.it/${'x'.repeat(3000)}`, null],
    ] as const) {
      serve = saying(302, '', { location })
      expect(await cart(), location).toMatchObject(url === null ? { kind: 'closed' } : { kind: 'ok', value: { url } })
    }
  })

  const flow: ListedFlow = { fdr: '2026-03-02X-1', pspId: 'X', revision: 2, flowDate: null, published: null }
  const head = `{"fdr":"2026-03-02X-1","revision":2,"fdrDate":"2026-03-02T10:00:00Z","regulation":"TRN","regulationDate":"2026-03-02","sender":{"type":"BIC_CODE","id":"X","pspId":"X","pspName":"Xxx"},"receiver":{"id":"80087670016","organizationId":"80087670016","organizationName":"Ordine"},"totPayments":2,"sumPayments":1.10}`
  const paid = (index: number, pay: string) =>
    `{"index":${index},"iuv":"${index}","iur":"${index}","idTransfer":1,"pay":${pay},"payStatus":"EXECUTED","payDate":"2026-03-02T00:00:00Z"}`
  const page = (number: number, pages: number, rows: string) =>
    `{"metadata":{"pageSize":1000,"pageNumber":${number},"totPage":${pages}},"count":1,"data":[${rows}]}`

  it('stitches the pages of a flow as they came, digits of amounts and all', async () => {
    serve = (request, response) => {
      const asked = /\/payments\?page=(\d)/.exec(String(request.url))?.[1]
      response.end(
        asked === undefined ? head : page(Number(asked), 2, paid(Number(asked), asked === '1' ? '0.80' : '0.3')),
      )
    }
    const answer = await node.fdr.flow(to, flow)
    if (answer.kind !== 'ok') throw new Error(answer.reason)
    expect(new TextDecoder().decode(answer.value)).toContain('"pay":0.80')
    const reading = await readReportingFlowJson(answer.value)
    expect(reading.problems).toEqual([])
    expect(reading.flow?.rows.map((row) => row.amountCents)).toEqual([80, 30])
  })

  it('takes no flow of which the revision is another, a page is, or their number changes', async () => {
    const answering = (of: string, pages: (asked: number) => string) => {
      serve = (request, response) => {
        const asked = /\/payments\?page=(\d)/.exec(String(request.url))?.[1]
        response.end(asked === undefined ? of : pages(Number(asked)))
      }
      return node.fdr.flow(to, flow)
    }
    const right = (asked: number) => page(asked, 2, paid(asked, '1'))
    expect(await answering(head.replace('"revision":2', '"revision":3'), right)).toMatchObject({ kind: 'temporary' })
    expect(await answering(head, () => page(1, 2, paid(1, '1')))).toMatchObject({ kind: 'temporary' })
    expect(await answering(head, (asked) => page(asked, 1 + asked, paid(asked, '1')))).toMatchObject({
      ...{ kind: 'temporary', reason: expect.stringContaining('cambiato') },
    })
  })
})
