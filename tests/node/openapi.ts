import { afterEach, expect } from 'vitest'
import { ioSpec } from '../gateways/io-spec.ts'
import { jsonOf, loadedJson } from './openapi-body.ts'
import { type OfficialFile, officialFile } from './openapi-file.ts'

/**
 * A request and its reply as they went over the line, in the shape in which the rehearsal node hands them to `onExchange`,
 * once per request, when the reply has been written. Only the platform's own paths are handed over, not the pages for people.
 */
export interface NodeExchange {
  readonly method: string
  /** With the query, as asked. */
  readonly path: string
  /** Names in small letters. */
  readonly requestHeaders: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly requestBody: Uint8Array
  /** Null where the line was cut on purpose before any reply. */
  readonly status: number | null
  readonly responseHeaders: Readonly<Record<string, string | readonly string[] | number | undefined>>
  readonly responseBody: Uint8Array
  /** The reply was spoilt on purpose (cut, changed, foreign): only the request is judged. */
  readonly spoilt?: boolean
}

/** Anything that tells its exchanges: the rehearsal node, or a server of a test. */
export interface ExchangeTeller {
  onExchange: ((exchange: never) => void) | null
}

export interface NodeJudge {
  /** What the official files do not allow, in order. */
  readonly faults: string[]
  /** «gpd_external_v1 createPosition» → the statuses that were answered. */
  readonly used: ReadonlyMap<string, ReadonlySet<number>>
  /** Files that are not at hand: what they would judge was let through, and said on the console. */
  readonly skipped: ReadonlySet<string>
  see(exchange: NodeExchange): void
}

/** Paths of the platform → the official file that judges them. */
const FILES: readonly (readonly [string, string])[] = [
  ['/gpd/debt-positions-service/v1', 'gpd_external_v1'],
  ['/gpd/debt-positions-service/v2', 'gpd_external_v2_bulk'],
  ['/gpd/debt-positions-service/v3', 'gpd_external_v3'],
  ['/upload/gpd/debt-positions-service/v2', 'gpd_massive_v2'],
  ['/gpd/payments-receipts-service/v1', 'gpd_payments'],
  ['/fdr-org/service/v1', 'fdr_organization'],
  ['/checkout/ec/v1', 'checkout_v1'],
  ['/backoffice/external/ec/v1', 'openapi_backoffice_external_ec'],
]
const APP_IO = '/api/v1'
const KEY = 'ocp-apim-subscription-key'

/**
 * Statuses that the files do not declare and yet come: from what stands before the services (keys, which FdR and
 * Checkout do not mention; limits, time over, a service that is down), the 422 with which v1 refuses to read a plan of v3 (pagopa.md §7.3), and what the platform's code answers to a bulk
 * of which a position is not there, or was paid.
 */
const UNDECLARED = new Set([401, 403, 408, 429, 502, 503, 504])
const ANSWERED_ALL_THE_SAME = new Set([
  'gpd_external_v1 GET 422',
  'gpd_external_v2_bulk PUT 404',
  'gpd_external_v2_bulk DELETE 409',
])

/** Judges each exchange by the official OpenAPI files; hangs on `node.onExchange`; the test that saw a fault fails at its end. */
export function judged(node: ExchangeTeller): NodeJudge {
  const judge = nodeJudge()
  node.onExchange = (exchange: NodeExchange) => judge.see(exchange)
  open.add(judge)
  return judge
}

const open = new Set<NodeJudge>()
// Runs for each file of tests that imports this one.
afterEach(() => {
  const faults = [...open].flatMap((judge) => judge.faults.splice(0))
  expect(faults, 'what the official OpenAPI files do not allow').toEqual([])
})

/** A judge by itself, for tests of what it finds. */
export function nodeJudge(): NodeJudge {
  const used = new Map<string, Set<number>>()
  const skipped = new Set<string>()
  const faults: string[] = []
  const io = ioSpec()
  const skip = (name: string) => {
    if (!skipped.has(name)) console.info(`${name}: the official file is not at hand, its operations are not judged`)
    skipped.add(name)
  }
  const note = (operation: string, status: number | null) => {
    const statuses = used.get(operation) ?? new Set<number>()
    used.set(operation, statuses)
    if (status !== null) statuses.add(status)
  }
  return {
    faults,
    used,
    skipped,
    see(exchange) {
      const say = (text: string) => faults.push(`${exchange.method} ${exchange.path} → ${exchange.status}: ${text}`)
      judgeKey(exchange, say)
      const url = new URL(exchange.path, 'http://node')
      const [base, name] = FILES.find(([path]) => url.pathname.startsWith(`${path}/`)) ?? []
      if (base === undefined || name === undefined) {
        if (!url.pathname.startsWith(`${APP_IO}/`)) return void say('no service of the platform has this path')
        if (io === null) return skip('io_services_messages_index')
        return judgeIo(exchange, url.pathname.slice(APP_IO.length), io, say, note)
      }
      const file = officialFile(name)
      if (file === null) return skip(name)
      judgeByFile(file, exchange, url.pathname.slice(base.length), url.searchParams, say, note)
    },
  }
}

type Say = (text: string) => void
type Note = (operation: string, status: number | null) => void

/** The key goes in its header alone. */
function judgeKey(exchange: NodeExchange, say: Say): void {
  const key = exchange.requestHeaders[KEY]
  if (key === undefined || key === '') {
    if (exchange.status !== 401 && exchange.spoilt !== true && exchange.status !== null) say('no key, and yet no 401')
    return
  }
  const others = Object.entries(exchange.requestHeaders).filter(([name]) => name !== KEY)
  const body = new TextDecoder('latin1').decode(exchange.requestBody)
  const elsewhere = `${exchange.path} ${JSON.stringify(others)} ${body}`
  if (String(key).length >= 8 && elsewhere.includes(String(key))) say('the key stands elsewhere too')
  if (exchange.path.includes('subscription-key')) say('the key stands in the address')
}

function judgeByFile(
  file: OfficialFile,
  exchange: NodeExchange,
  path: string,
  query: URLSearchParams,
  say: Say,
  note: Note,
): void {
  const found = file.operation(exchange.method, path)
  if (found === null) return void say(`${file.name} has no such operation`)
  const { operation, parameters } = found
  note(`${file.name} ${operation.operationId}`, exchange.status)
  const asked: string[] = []
  for (const parameter of operation.parameters) {
    const value =
      parameter.in === 'path'
        ? parameters[parameter.name]
        : parameter.in === 'query'
          ? (query.get(parameter.name) ?? undefined)
          : textOf(exchange.requestHeaders[parameter.name.toLowerCase()])
    if (value === undefined) {
      if (parameter.required === true) asked.push(`the ${parameter.in} lacks ${parameter.name}`)
    } else asked.push(...file.parameterFaults(parameter, value))
  }
  const known = new Set(operation.parameters.filter((one) => one.in === 'query').map((one) => one.name))
  for (const name of query.keys()) if (!known.has(name)) asked.push(`the query has ${name}, which is not declared`)
  asked.push(...judgeRequestBody(file, operation, exchange))
  if (!isTrialOfKey(operation, exchange)) for (const fault of asked) say(`request: ${fault}`)
  if (exchange.status === null || exchange.spoilt === true) return
  judgeReply(file, operation, exchange, exchange.status, say)
}

/** A key of Checkout is tried with a cart of nothing, so that none is made: wrong on purpose, and it must be refused. */
function isTrialOfKey({ operationId }: Operation, { status, requestBody }: NodeExchange): boolean {
  const cart = jsonOf(requestBody)?.value as { readonly paymentNotices?: unknown } | undefined
  return operationId === 'PostCarts' && status !== 302 && JSON.stringify(cart?.paymentNotices) === '[]'
}

type Operation = NonNullable<ReturnType<OfficialFile['operation']>>['operation']

function judgeRequestBody(file: OfficialFile, operation: Operation, exchange: NodeExchange): string[] {
  const type = textOf(exchange.requestHeaders['content-type']) ?? ''
  const content = operation.requestBody?.content
  if (content === undefined) return exchange.requestBody.length === 0 ? [] : ['a body where none is declared']
  if (content['multipart/form-data'] !== undefined) {
    const loaded = loadedJson(type, exchange.requestBody)
    if (typeof loaded === 'string') return [loaded]
    // The file describes the JSON in words only; positions are those of v2, and so are judged by its model.
    const bulk = officialFile('gpd_external_v2_bulk')
    if (exchange.method === 'DELETE') return deletionFaults(loaded.value)
    return bulk === null ? [] : bulk.schemaFaults('MultiplePaymentPositionModel', loaded.value, 'request')
  }
  const declared = content['application/json']
  if (declared === undefined) return [`content type ${Object.keys(content)} is not known to this judge`]
  if (exchange.requestBody.length === 0) return operation.requestBody?.required === true ? ['the body is missing'] : []
  if (!/^application\/json\b/.test(type)) return [`content type «${type}», not application/json`]
  const json = jsonOf(exchange.requestBody)
  if (json === null) return ['the body is no JSON']
  return declared.schema === undefined ? [] : file.faults(declared.schema, json.value, 'request')
}

function deletionFaults(value: unknown): string[] {
  const iupds = (value as { readonly paymentPositionIUPDs?: unknown }).paymentPositionIUPDs
  const right = Array.isArray(iupds) && iupds.every((one) => typeof one === 'string') && iupds.length > 0
  return right && iupds.length <= 100_000 && Object.keys(value as object).length === 1
    ? []
    : ['no list of 1 to 100.000 paymentPositionIUPDs']
}

function judgeReply(file: OfficialFile, operation: Operation, exchange: NodeExchange, status: number, say: Say): void {
  const declared = operation.responses[String(status)]
  if (declared === undefined) {
    const known = UNDECLARED.has(status) || ANSWERED_ALL_THE_SAME.has(`${file.name} ${exchange.method} ${status}`)
    if (!known) say('this status is not declared')
    return
  }
  for (const [name, header] of Object.entries(declared.headers ?? {})) {
    const value = textOf(exchange.responseHeaders[name.toLowerCase()])
    // X-Request-Id is declared everywhere and echoed only where it was sent.
    if (name === 'X-Request-Id') {
      const sent = textOf(exchange.requestHeaders['x-request-id'])
      if (sent !== undefined && value !== sent) say('X-Request-Id is not echoed')
    } else if (value === undefined) say(`the header ${name} is missing`)
    else if (header.schema !== undefined) for (const one of file.faults(header.schema, value, 'reply')) say(one)
  }
  if (exchange.responseBody.length === 0) {
    if (status < 300 && declared.content !== undefined) say('the reply has no body')
    return
  }
  // The words of what stands before the services (wrong key, limits) are declared nowhere.
  if (declared.content === undefined) return void (status >= 400 || say('a reply with a body where none is declared'))
  const type = (textOf(exchange.responseHeaders['content-type']) ?? '').split(';')[0] as string
  const content = declared.content[type]
  if (content === undefined) return void say(`reply of type «${type}», not ${Object.keys(declared.content).join(', ')}`)
  if (/xml/.test(type)) {
    const text = new TextDecoder().decode(exchange.responseBody)
    if (!/^\s*(<\?xml|<)/.test(text)) say('the reply is no XML')
    return
  }
  const json = jsonOf(exchange.responseBody)
  if (json === null) return void say('the reply is no JSON')
  if (content.schema !== undefined)
    for (const one of file.faults(content.schema, json.value, 'reply')) say(`reply: ${one}`)
}

const IO: readonly (readonly [RegExp, string, string | null, number, string])[] = [
  [/^POST \/profiles$/, 'getProfileByPOST', 'FiscalCodePayload', 200, 'LimitedProfile'],
  [/^POST \/messages$/, 'submitMessageforUserWithFiscalCodeInBody', 'NewMessage', 201, 'CreatedMessage'],
  [/^GET \/messages\/[^/]+\/[^/]+$/, 'getMessage', null, 200, 'ExternalMessageResponseWithContent'],
]

function judgeIo(
  exchange: NodeExchange,
  path: string,
  spec: (name: string, value: unknown) => string[],
  say: Say,
  note: Note,
): void {
  const row = IO.find(([route]) => route.test(`${exchange.method} ${path}`))
  if (row === undefined) return void say('App IO has no such operation')
  const [, name, request, status, reply] = row
  note(`io_services_messages_index ${name}`, exchange.status)
  const sent = jsonOf(exchange.requestBody)
  if (request !== null)
    for (const one of sent === null ? ['no JSON'] : spec(request, sent.value)) say(`request: ${one}`)
  if (exchange.status !== status || exchange.spoilt === true) return
  const said = jsonOf(exchange.responseBody)
  for (const one of said === null ? ['no JSON'] : spec(reply, said.value)) say(`reply: ${one}`)
}

function textOf(value: string | readonly string[] | number | undefined): string | undefined {
  if (value === undefined) return undefined
  return typeof value === 'string' || typeof value === 'number' ? String(value) : value.join(', ')
}
