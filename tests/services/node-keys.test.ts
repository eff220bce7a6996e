import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { unzipSync } from 'fflate'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NODE_ORIGINS, NODE_PRODUCTS, type NodeAnswer, type NodeConnection } from '#domain/node-ports'
import { type ProblemError, problemText } from '#domain/problem'
import { nodeApi } from '#gateways/node-api'
import { app } from '../../src-main/services/app.ts'
import { journal } from '../../src-main/services/journal.ts'
import { node } from '../../src-main/services/node.ts'
import { needNode } from '../../src-main/services/node-connection.ts'
import { type Office, openOffice, outcome } from './office.ts'
import { towards } from './support/towards.ts'

/** Long enough to be found wherever they are, and with letters that an encoding would change. */
const KEYS = {
  gpd: 'chiave+gpd/7f3Qz9==segretissima',
  fdr: 'chiave+fdr/8a1Wk2==segretissima',
  checkout: 'chiave+chk/2c5Rt4==segretissima',
  backoffice: 'chiave+bko/6e9Yu8==segretissima',
} as const

/** Each key in all the forms in which something could write it. */
const FORMS = Object.values(KEYS).flatMap((key) => {
  const bytes = Buffer.from(key)
  return [
    ...[key, encodeURIComponent(key), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')],
    JSON.stringify(key).slice(1, -1).replaceAll('/', '\\/'),
  ]
})

let office: Office
let server: Server
let reply: (request: IncomingMessage, key: string) => { status: number; headers?: Record<string, string>; body: string }
let asked: string[]

beforeEach(async () => {
  office = await openOffice()
  asked = []
  reply = () => ({ status: 500, body: '' })
  server = createServer((request, response) => {
    const key = String(request.headers['ocp-apim-subscription-key'])
    asked.push(key)
    const { status, headers = {}, body } = reply(request, key)
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
  await office.close()
})

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

function filesUnder(place: string): string[] {
  return readdirSync(place, { recursive: true })
    .map((name) => join(place, String(name)))
    .filter((path) => statSync(path).isFile())
}

/** Where any form of any key stands. */
function found(places: Readonly<Record<string, string>>): string[] {
  return Object.entries(places).flatMap(([place, text]) =>
    FORMS.filter((form) => text.includes(form)).map((form) => `${place}: ${form}`),
  )
}

test('no key is ever in the books, in logs, in answers, in exports or in what is said of an error', async () => {
  const context = { ...office.context, node: towards(office.context.node, origin()) }
  const said: Record<string, string> = {}
  const keep = async (name: string, work: () => Promise<unknown>) => {
    try {
      said[name] = JSON.stringify((await work()) ?? null)
    } catch (error) {
      const { data, message, stack } = error as { data?: { problems?: ProblemError['problems'] } } & Error
      const words = (data?.problems ?? []).map(problemText)
      said[name] = JSON.stringify([message, stack, data, words])
    }
  }
  const save = (keys: Record<string, string | null>) =>
    call(
      node.save,
      {
        ...{ environment: 'uat', brokerCode: null, stationCode: null, activeFrom: null, returnUrls: null },
        ...{ autoPublish: false, massiveFrom: 1000, receiveEveryMinutes: 0, ioOnPublication: false, keys },
        products: { gpd: true, fdr: true, checkout: true, backoffice: true },
      } as never,
      { context },
    )
  const trial = async () => outcome(await call(node.test, { environment: 'uat' }, { context }))

  await keep('save', () => save(KEYS))
  await keep('choose', () => call(node.chooseEnvironment, { environment: 'uat' }, { context }))
  await keep('get', () => call(node.get, undefined, { context }))
  await keep('save wrong', () => save({ ...KEYS, gpd: `${KEYS.gpd}\r\nx-other: ${KEYS.fdr}` }))
  // Refusals that repeat what they were given, in every way of saying something.
  reply = (_request, key) => ({
    status: 401,
    headers: { 'x-request-id': key, 'www-authenticate': `Key ${key}` },
    body: JSON.stringify({
      title: `Key ${key} refused`,
      detail: key,
      message: key,
      errors: [{ path: key, message: key }],
    }),
  })
  await keep('trial refused', trial)
  await keep('ibans refused', () => call(node.refreshIbans, undefined, { context }))
  reply = (_request, key) => {
    const bytes = Buffer.from(key)
    const title = `${encodeURIComponent(key)} ${bytes.toString('base64')} ${bytes.toString('hex')}`
    return { status: 403, body: JSON.stringify({ title, detail: Buffer.from(`key:${key}`).toString('base64') }) }
  }
  await keep('trial encoded', trial)
  reply = (_request, key) => ({ status: 400, body: `{"title":"${key}","detail":"${encodeURIComponent(key)}"` })
  await keep('trial cut', trial)
  reply = () => ({ status: 400, body: JSON.stringify({ title: 'Ω→漢 \u0001 ﷽' }) })
  await keep('trial of signs', trial)
  reply = (_request, key) => ({ status: 500, body: `<html><h1>${key}</h1></html>` })
  await keep('trial of a page', trial)
  // A relay that sends elsewhere, with the key in the address: nobody goes there.
  reply = (_request, key) => ({
    status: 307,
    headers: { location: `${origin()}/altrove?subscription-key=${key}` },
    body: '',
  })
  await keep('trial moved', trial)
  reply = (_request, key) => ({ status: 200, body: JSON.stringify({ ibans: key, payment_positions: key }) })
  await keep('trial of nonsense', trial)
  expect(asked.filter((key) => Object.values(KEYS).includes(key as never)).length).toBeGreaterThan(30)

  // Nobody there, and a certificate that is nobody's.
  const nowhere = { ...context, node: towards(office.context.node, 'http://127.0.0.1:9') }
  await keep('nobody', async () => outcome(await call(node.test, { environment: 'uat' }, { context: nowhere })))
  const unsafe = { ...context, node: towards(office.context.node, `https://127.0.0.1:${new URL(origin()).port}`) }
  await keep('no certificate', async () => outcome(await call(node.test, { environment: 'uat' }, { context: unsafe })))
  // An address that is not the platform’s, and one with the key in it, are never called.
  const before = asked.length
  for (const strange of [
    'https://pagopa.example',
    `${origin().replace('http://', `http://${encodeURIComponent(KEYS.gpd)}@`)}`,
  ]) {
    const to = { ...(await needNode(context)), origin: strange }
    await keep(strange.slice(0, 12), () => context.node.gpd.list({ ...to }, { api: 'v1', page: 0 }))
    await keep(`direct ${strange.length}`, () => office.context.node.gpd.list(to, { api: 'v1', page: 0 }))
  }
  // `towards` leads the first of each pair to the test's server; the second goes nowhere.
  expect(asked.length - before).toBe(2)

  await keep('calls', () => call(node.calls, { filters: {}, limit: 500 } as never, { context }))
  for (const format of ['csv', 'xlsx', 'pdf'] as const) {
    const columns = ['at', 'operation', 'path', 'reply', 'reason', 'requestId'].map((key) => ({ key, heading: key }))
    const request = { filters: {}, search: '', sort: null, title: 'Chiamate', filtersInWords: '', columns, format }
    const file = await call(node.exportCalls, request as never, { context })
    const bytes = await office.bytes(file)
    said[`export ${format}`] = Buffer.from(bytes).toString('latin1')
    if (format === 'xlsx') {
      for (const [name, part] of Object.entries(unzipSync(bytes))) said[name] = Buffer.from(part).toString('latin1')
    }
  }
  await keep('journal', () => call(journal.list, { filters: {}, limit: 500 } as never, { context }))
  await keep('state', () => call(app.state, undefined, { context }))
  expect(JSON.parse(said.calls ?? '').count).toBeGreaterThan(40)
  await context.ledger.backup()

  const files = Object.fromEntries(filesUnder(office.folder).map((path) => [path, readFileSync(path, 'latin1')]))
  expect(Object.keys(files).some((path) => path.endsWith('segreti.json'))).toBe(true)
  expect(Object.keys(files).some((path) => path.endsWith('nodo.jsonl'))).toBe(true)
  expect(found({ ...said, ...files })).toEqual([])
  // And yet they are there for whoever calls.
  expect((await needNode(context)).keys).toEqual(KEYS)
})

test('the search finds a key that is there', () => {
  for (const form of FORMS) expect(found({ here: `… ${form} …` }).length).toBeGreaterThan(0)
})

test('a key goes to pagoPA or to this machine, and nowhere else', async () => {
  const calls: string[] = []
  const gateway = nodeApi({ clock: office.context.clock, onCall: ({ outcome: how }) => calls.push(how) })
  const to: NodeConnection = {
    ...{ environment: 'production', origin: '', fiscalCode: '80099980254', brokerCode: '80099980254' },
    keys: Object.fromEntries(NODE_PRODUCTS.map((product) => [product, KEYS[product]])) as NodeConnection['keys'],
  }
  const strange = [
    ...[
      'https://api.platform.pagopa.it.example',
      'http://api.platform.pagopa.it',
      'https://api.platform.pagopa.it:8443',
    ],
    ...['http://10.0.0.1:80', 'https://user:pass@api.platform.pagopa.it', 'ftp://127.0.0.1', 'file:///etc', ''],
    ...['http://127.0.0.1.example', 'http://localhost.example'],
  ]
  for (const one of strange) {
    const answer: NodeAnswer<unknown> = await gateway.fdr.list({ ...to, origin: one }, { page: 1 })
    expect(answer, one).toMatchObject({ kind: 'closed', status: null })
  }
  expect(calls).toEqual(strange.map(() => 'closed'))
  expect(Object.values(NODE_ORIGINS).every((one) => one.startsWith('https://') && one.endsWith('.pagopa.it'))).toBe(
    true,
  )
})
