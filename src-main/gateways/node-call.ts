import { randomUUID } from 'node:crypto'
import {
  NODE_ORIGINS,
  NODE_PATHS,
  type NodeAnswer,
  type NodeCall,
  type NodeConnection,
  type NodeFault,
  type NodeProduct,
  type NodeService,
} from '#domain/node-ports'
import type { Clock } from '#domain/ports'
import { type HttpsReply, httpsCall, isKey, isThisMachine, retryAfter, safeAddress } from './https-call.ts'
import { lostFault, refusalOf, replyWords, unreadableFault, unusableFault } from './node-fault.ts'
import type { NodeReply, NodeRequest } from './node-request.ts'
import { withoutSecret } from './without-secret.ts'

export interface NodeApiOptions {
  readonly clock: Pick<Clock, 'now' | 'epochMs'>
  /** Told of each call once it is over; what it throws is nobody's concern. */
  readonly onCall?: (call: NodeCall) => void
  /** From the first byte of the request to the last of the answer. */
  readonly timeouts?: { readonly askMs?: number; readonly loadMs?: number }
  /** Of `X-Request-Id`. */
  readonly requestId?: () => string
}

/** What the answer comes to: a value, or undefined where it cannot be read. */
type Reader<T> = (reply: NodeReply, text: string, waitSeconds: number | null) => NodeAnswer<T> | undefined

export type NodeCaller = <T>(to: NodeConnection, request: NodeRequest, read: Reader<T>) => Promise<NodeAnswer<T>>

const PRODUCTS: Readonly<Record<NodeService, NodeProduct>> = {
  ...{ gpd: 'gpd', massive: 'gpd', receipts: 'gpd' },
  ...{ fdr: 'fdr', checkout: 'checkout', backoffice: 'backoffice' },
}
const ASK_MS = 30_000
const LOAD_MS = 180_000
const MOST_BYTES = 1_048_576

/**
 * One call of the platform: an origin of `NODE_ORIGINS` or this machine and no other, the key in its header alone, no
 * redirection followed, an end in time and in size. `read` sees the answer first and says what it makes of it; what it
 * leaves is a refusal by its status, or an answer that cannot be read.
 */
export function nodeCaller(options: NodeApiOptions): NodeCaller {
  const { clock, onCall, timeouts = {}, requestId = randomUUID } = options
  return async (to, request, read) => {
    const at = clock.now()
    const began = performance.now()
    const id = requestId()
    const path = `${NODE_PATHS[request.service]}${request.path}${queryOf(request.query)}`
    const key = to.keys[PRODUCTS[request.service]]
    const url = addressOf(to.origin, path)
    const body = bodyOf(request)
    let reply: HttpsReply | null = null
    let answer: Awaited<ReturnType<typeof outcome>>
    if (url === null) answer = unusableFault('origin', request)
    else if (key === null || key === '') answer = unusableFault('noKey', request)
    else if (!isKey(key)) answer = unusableFault('badKey', request)
    else {
      const timeoutMs = request.slow === true ? (timeouts.loadMs ?? LOAD_MS) : (timeouts.askMs ?? ASK_MS)
      const type = request.bytes?.type ?? (body === null ? null : 'application/json')
      const headers = {
        ...{ 'ocp-apim-subscription-key': key, 'x-request-id': id, accept: request.accept ?? 'application/json' },
        ...(type === null ? {} : { 'content-type': type }),
        ...request.headers,
      }
      const { method, signal, mostBytes = MOST_BYTES } = request
      reply = await httpsCall({ url, method, headers, body, timeoutMs, mostBytes, signal })
      answer = outcome(reply, request, [...formsOf(key), ...(request.hidden ?? [])], clock.epochMs(), read)
    }
    const answered = reply?.kind === 'answer' ? reply : null
    const call: NodeCall = {
      ...{ at, milliseconds: Math.round(performance.now() - began), environment: to.environment },
      ...{ service: request.service, operation: request.operation, method: request.method, path, requestId: id },
      ...{ status: answered?.status ?? null, outcome: answer.kind },
      ...(answer.kind === 'ok' ? { reply: '', reason: '' } : { reply: answer.reply, reason: answer.reason }),
      ...{ bytesOut: body?.byteLength ?? 0, bytesIn: answered?.bytes.byteLength ?? 0 },
    }
    try {
      onCall?.(call)
    } catch {
      // A log that cannot be written must not undo what the node did.
    }
    return answer as never
  }
}

function outcome<T>(
  reply: HttpsReply,
  request: NodeRequest,
  hidden: readonly string[],
  nowMs: number,
  read: Reader<T>,
): NodeAnswer<T> {
  if (reply.kind !== 'answer') return lostFault(reply, request)
  const text = textOf(reply)
  const wait = retryAfter(reply.headers.get('retry-after'), nowMs)
  const waiting = <F extends NodeFault>(fault: F) => (wait === null ? fault : { ...fault, retryAfterSeconds: wait })
  if (reply.end === 'whole') {
    const made = read(reply, text, wait)
    if (made?.kind === 'ok') return made
    if (made !== undefined) return waiting(made)
  }
  const words = replyWords(reply.status, withoutSecret(text, hidden[0] ?? null), hidden)
  // What 403 and 404 are about, this thing or the whole service, stands in their words.
  const isMute = reply.end !== 'whole' && (reply.status === 403 || reply.status === 404)
  if (isMute || (reply.status >= 200 && reply.status < 300)) return waiting(unreadableFault(reply, request, words))
  return waiting(refusalOf(reply.status, text, words, request))
}

/** The key, and as an address or a dump would write it: a server that repeats what it refuses may do so in any of them. */
function formsOf(key: string): readonly string[] {
  return [key, encodeURIComponent(key), Buffer.from(key).toString('hex')]
}

function textOf(reply: NodeReply): string {
  return new TextDecoder().decode(reply.bytes)
}

function bodyOf(request: NodeRequest): Uint8Array | null {
  if (request.bytes !== undefined) return request.bytes.content
  return request.body === undefined ? null : new TextEncoder().encode(JSON.stringify(request.body))
}

function queryOf(query: NodeRequest['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

function addressOf(origin: string, path: string): URL | null {
  const url = safeAddress(origin, path)
  if (url === null) return null
  const known = Object.values(NODE_ORIGINS).some((one) => one === url.origin)
  return known || isThisMachine(url.hostname) ? url : null
}

/** Of a text that stands in a path: nothing in it makes another path. «..» would, written as «%2E%2E» too. */
export function segment(text: string): string {
  return text === '.' || text === '..' ? text.replaceAll('.', '%252E') : encodeURIComponent(text)
}

export function ok<T>(value: T): { readonly kind: 'ok'; readonly value: T } {
  return { kind: 'ok', value }
}
