import { describe, expect, it } from 'vitest'
import { zipIupds, zipPositions } from '#codecs/massive-zip'
import type { GpdPosition } from '#domain/gpd'
import { ORDINE, option, position, transfer } from '../simulator/node-office.ts'
import { type NodeExchange, nodeJudge } from './openapi.ts'
import { officialFile } from './openapi-file.ts'

const KEY = 'chiave-di-prova-0123456789'
const V1 = `/gpd/debt-positions-service/v1/organizations/${ORDINE}/debtpositions`
const json = (value: unknown) => Buffer.from(JSON.stringify(value))

const exchange = (change: Partial<NodeExchange> = {}): NodeExchange => ({
  ...{ method: 'POST', path: `${V1}?toPublish=true`, status: 201 },
  requestHeaders: {
    ...{ 'ocp-apim-subscription-key': KEY, 'content-type': 'application/json', 'x-request-id': 'uno' },
  },
  requestBody: json(position(1)),
  responseHeaders: { 'content-type': 'application/json', 'x-request-id': 'uno' },
  responseBody: json({ ...position(1), status: 'VALID' }),
  ...change,
})

const faults = (change: Partial<NodeExchange> = {}): string => {
  const judge = nodeJudge()
  judge.see(exchange(change))
  return judge.faults.join('\n')
}
const headers = (more: object) => ({ ...exchange().requestHeaders, ...more })
const list = (
  payment_position_list: object[],
  page_info: object = { page: 0, limit: 50, items_found: 1, total_pages: 1 },
) => ({
  ...{ method: 'GET', path: V1, status: 200, requestBody: Buffer.alloc(0) },
  responseBody: json({ payment_position_list, page_info }),
})
const upload = (zip: Uint8Array, name = 'posizioni.zip', method = 'POST'): Partial<NodeExchange> => ({
  ...{ method, status: 202, responseBody: Buffer.alloc(0) },
  path: `/upload/gpd/debt-positions-service/v2/brokers/${ORDINE}/organizations/${ORDINE}/debtpositions/file`,
  requestHeaders: headers({ 'content-type': 'multipart/form-data; boundary=xx' }),
  requestBody: Buffer.concat([
    Buffer.from(`--xx\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`),
    ...[zip, Buffer.from('\r\n--xx--\r\n')],
  ]),
})
const flow = (payment: object) => ({
  ...{ method: 'GET', status: 200, requestBody: Buffer.alloc(0) },
  path: `/fdr-org/service/v1/organizations/${ORDINE}/fdrs/2026-03-02X-1/revisions/1/psps/X/payments?page=1`,
  responseBody: json({ metadata: { pageSize: 1, pageNumber: 1, totPage: 1 }, count: 1, data: [payment] }),
})
const row = {
  index: 1,
  iuv: '1',
  iur: '2',
  idTransfer: 1,
  pay: 150.0,
  payStatus: 'EXECUTED',
  payDate: '2026-03-02T00:00:00Z',
}

describe.skipIf(officialFile('gpd_external_v1') === null)('the judge lets pass what the official files allow', () => {
  it.each<[string, Partial<NodeExchange>]>([
    ['a position created', {}],
    ['a refusal in its words', { status: 409, responseBody: json({ title: 'x', status: 409, detail: 'y' }) }],
    ['no reply at all', { status: null, responseBody: Buffer.alloc(0) }],
    ['a reply spoilt on purpose', { spoilt: true, responseBody: Buffer.from('{"iu') }],
    ['a page', list([{ iupd: 'x', status: 'PAID' }])],
    ['an archive', upload(zipPositions([position(1) as GpdPosition]))],
    ['an archive of what goes away', upload(zipIupds(['a']), 'x.zip', 'DELETE')],
    ['payments of a flow', flow(row)],
    ['too many calls', { status: 429, responseBody: Buffer.from('slow down') }],
  ])('%s', (_name, change) => {
    expect(faults(change)).toBe('')
  })
})

describe.skipIf(officialFile('gpd_external_v1') === null)('the judge has teeth', () => {
  const sent = (change: object) => ({ requestBody: json(position(1, change)) })
  const said = (value: unknown) => ({ responseBody: json(value) })
  it.each<[string, Partial<NodeExchange>, string]>([
    ['a path that nobody has', { path: '/gpd/altro' }, 'no service of the platform'],
    ['an operation that is not there', { method: 'PATCH' }, 'has no such operation'],
    ['a parameter out of its type', { path: `${V1}?toPublish=si` }, 'toPublish=si'],
    ['a parameter unknown', { path: `${V1}?pubblica=true` }, 'pubblica, which is not declared'],
    ['a page below zero', { ...list([]), path: `${V1}?page=-1` }, 'page=-1'],
    ['a page too large', { ...list([]), path: `${V1}?limit=51` }, 'limit=51'],
    ['a state that is none', { ...list([]), path: `${V1}?status=BOH` }, 'status=BOH'],
    ['a field misspelt', sent({ fullname: 'x' }), 'additional properties fullname'],
    ['a field that only the node writes', sent({ status: 'VALID' }), 'status'],
    ['a field that is missing', sent({ fullName: undefined }), "required property 'fullName'"],
    ['an amount with decimals', sent({ paymentOption: [option(1, { amount: 150.5 })] }), 'must be integer'],
    ['an amount as text', sent({ paymentOption: [option(1, { amount: '15000' })] }), 'must be integer'],
    ['a date without time', sent({ paymentOption: [option(1, { dueDate: '2026-03-31' })] }), 'date-time'],
    ['a date without zone', sent({ paymentOption: [option(1, { dueDate: '2026-03-31T23:59:59' })] }), 'date-time'],
    ['a text too long', sent({ companyName: 'x'.repeat(141) }), '140 characters'],
    [
      ...([
        'a sixth transfer',
        sent({ paymentOption: [option(1, { transfer: [transfer(1, { idTransfer: '6' })] })] }),
      ] as const),
      'allowed values',
    ],
    ['a body that is no JSON', { requestBody: Buffer.from('{') }, 'the body is no JSON'],
    ['no body', { requestBody: Buffer.alloc(0) }, 'the body is missing'],
    ['a body of another type', { requestHeaders: headers({ 'content-type': 'text/plain' }) }, 'not application/json'],
    ['a body where none is declared', { ...list([]), requestBody: json({}) }, 'where none is declared'],
    ['no key and yet served', { requestHeaders: headers({ 'ocp-apim-subscription-key': undefined }) }, 'no key'],
    ['a key in the address', { path: `${V1}?subscription-key=${KEY}` }, 'the key stands'],
    ['a key in the body', sent({ officeName: KEY }), 'the key stands elsewhere'],
    ['a key in another header', { requestHeaders: headers({ 'x-note': KEY }) }, 'the key stands elsewhere'],
    ['a status that is not declared', { status: 418 }, 'not declared'],
    ['a request id that is not echoed', { responseHeaders: { 'content-type': 'application/json' } }, 'not echoed'],
    ['a reply without body', { responseBody: Buffer.alloc(0) }, 'has no body'],
    [
      'a reply of another type',
      { responseHeaders: { 'content-type': 'text/html', 'x-request-id': 'uno' } },
      'text/html',
    ],
    ['a reply that is no JSON', { responseBody: Buffer.from('<html>') }, 'the reply is no JSON'],
    ['a reply with a field of its own', said({ ...position(1), stato: 'VALID' }), 'additional properties stato'],
    ['a reply with a state that is none', said({ ...position(1), status: 'BOH' }), 'allowed values'],
    ['a page without its head', list([], { page: 0 }), 'required property'],
    ['an archive of two files', upload(zipPositions([]), 'posizioni.rar'), 'the part is no file'],
    ['what is no archive', upload(Buffer.from('x')), 'no archive'],
    [
      'a wrong position in an archive',
      upload(zipPositions([{ ...position(1), type: 'X' } as never])),
      'allowed values',
    ],
    ['nothing in an archive of what goes away', upload(zipIupds([]), 'x.zip', 'DELETE'), 'no list'],
    ['a payment without its outcome', flow({ ...row, payStatus: undefined }), 'payStatus'],
    ['a payment with an outcome that is none', flow({ ...row, payStatus: 'REVOKED' }), 'allowed values'],
    ['an amount of a flow as text', flow({ ...row, pay: '150.00' }), 'must be number'],
  ])('%s', (_name, change, words) => {
    expect(faults(change)).toContain(words)
  })

  it('judges App IO by its own files', () => {
    const path = '/api/v1/messages'
    const message = { fiscal_code: 'RSSMRA85T10A562S', content: { subject: 'Breve', markdown: 'poco' } }
    expect(faults({ path, requestBody: json(message), responseBody: json({ id: '1' }) })).toContain('shorter than 10')
    expect(faults({ path: '/api/v1/altro' })).toContain('App IO has no such operation')
  })
})
