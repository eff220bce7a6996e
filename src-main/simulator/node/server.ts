import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock, Random } from '#domain/ports'
import { type FaultRule, Faults } from './faults.ts'
import { judgeGate } from './gate.ts'
import { type Call, type LastCall, type NodeDesk, type NodeSettings, Refused, type Reply, type Route } from './http.ts'
import { type Institution, registerInstitution } from './institution.ts'
import { makeKeys, type NodeKeys } from './keys.ts'
import { resumeUploads } from './massive-run.ts'
import { findRoute } from './routes.ts'
import { NodeStore } from './store.ts'

export interface RehearsalNodeOptions {
  /** Where what it holds is kept; null: in memory only. One node at a time in a folder. */
  readonly folder: string | null
  readonly clock: Pick<Clock, 'epochMs' | 'now'>
  readonly random: Random
  /** Registered at opening. Where no institution was ever registered, every one is served. */
  readonly institution?: Institution
  /** 0 or absent: any free one. */
  readonly port?: number
  readonly settings?: Partial<NodeSettings>
  readonly onExchange?: (exchange: Exchange) => void
}

/** A request for the platform and what the node answered, once per request. Pages for people are not told. */
export interface Exchange {
  readonly method: string
  /** With the query, as asked. */
  readonly path: string
  /** Names in small letters. */
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly requestBody: Buffer
  /** Null where no reply was meant to leave. */
  readonly status: number | null
  /** Names in small letters. */
  readonly responseHeaders: Readonly<Record<string, string>>
  /** Whole, even where a fault cut it on its way. */
  readonly responseBody: Buffer
  /** The reply was cut on purpose. */
  readonly spoilt: boolean
}

export interface RehearsalNode {
  /** `http://127.0.0.1:<port>`; paths below it are those of `NODE_PATHS`. */
  readonly origin: string
  /** One for each product, new at each opening. */
  readonly keys: NodeKeys
  /** Where one pays by hand. */
  readonly pageUrl: string
  readonly store: NodeStore
  readonly faults: Faults
  readonly settings: NodeSettings
  /** For engines that act from inside, as the page does. */
  readonly desk: NodeDesk
  /** Makes an institution known with its broker, station and IBANs; what is already so stays. */
  register(institution: Institution): void
  /** Who is told of each request and reply; whoever wants to hear sets it. */
  onExchange: ((exchange: Exchange) => void) | null
  /** Ends what is under way; calls without an answer are cut. */
  close(): Promise<void>
}

const LIMIT = 8 * 1_048_576
const LAST_CALLS = 50

/**
 * The rehearsal node: the platform's interfaces on this machine, for «Prova» and for tests. It listens on 127.0.0.1 only and
 * holds what it was given in the folder. @throws Error when the folder cannot be read or the port is taken.
 */
export async function openRehearsalNode(options: RehearsalNodeOptions): Promise<RehearsalNode> {
  const store = new NodeStore(options.folder)
  const keys = makeKeys(options.random)
  const pageToken = Buffer.from(options.random.bytes(24)).toString('base64url')
  const settings: NodeSettings = { bulk: 'allOrNothing', massiveEveryMs: 1000, massiveTurn: 200, ...options.settings }
  const faults = new Faults(() => Buffer.from(options.random.bytes(4)).readUInt32LE() / 2 ** 32)
  const lastCalls: LastCall[] = []
  const turns = new Set<NodeJS.Immediate>()
  let closed = false

  const server = createServer({ requestTimeout: 60_000, headersTimeout: 20_000 }, (request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  }).catch((error) => {
    store.close()
    throw error
  })
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const origin = `http://${authority}`

  const desk: NodeDesk = {
    store,
    folder: options.folder,
    faults,
    keys,
    random: options.random,
    settings,
    now: () => options.clock.now(),
    epochMs: () => options.clock.epochMs(),
    origin,
    pageToken,
    later(work) {
      const turn = setImmediate(() => {
        turns.delete(turn)
        if (closed) return
        try {
          work()
        } catch (error) {
          // As when a service of the platform stops half-way: what was kept stays, and the next opening goes on.
          process.emitWarning(`nodo di prova: ${(error as Error).message}`)
        }
      })
      turns.add(turn)
    },
    lastCalls: () => lastCalls,
  }
  if (options.institution) registerInstitution(desk, options.institution)
  resumeUploads(desk)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin)
    const found = findRoute(request.method ?? '', url.pathname)
    const call: Call = {
      method: request.method ?? '',
      path: url.pathname,
      params: found?.params ?? {},
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.alloc(0),
    }
    const refused = judgeGate(call, found?.route ?? null, desk, authority)
    let body = Buffer.alloc(0)
    let reply: Reply
    let fault: FaultRule | null = null
    try {
      body = await readBody(request, found?.route.limit ?? LIMIT)
      if (refused) throw refused
      const { route } = found as NonNullable<typeof found>
      if (route.service !== null) fault = faults.draw(route.service, route.operation)
      reply = await play(route, { ...call, body }, desk, fault)
    } catch (error) {
      reply = replyTo(error)
    }
    const full = complete(reply, request, options.random)
    const unsaid = fault !== null && SPEECHLESS.has(fault.kind)
    lastCalls.unshift({
      at: desk.now(),
      method: call.method,
      path: call.path,
      status: unsaid ? null : full.status,
      fault: fault?.kind ?? null,
    })
    lastCalls.length = Math.min(lastCalls.length, LAST_CALLS)
    if (found ? found.route.service !== null : !url.pathname.startsWith('/prova/')) {
      node.onExchange?.({
        method: call.method,
        path: `${url.pathname}${url.search}`,
        requestHeaders: headersOf(request),
        requestBody: body,
        status: unsaid ? null : full.status,
        responseHeaders: small(full.headers),
        responseBody: full.body,
        spoilt: fault?.kind === 'truncated',
      })
    }
    send(response, full, fault)
  }

  const node: RehearsalNode = {
    origin,
    keys,
    pageUrl: `${origin}/prova/${pageToken}/`,
    store,
    faults,
    settings,
    desk,
    onExchange: options.onExchange ?? null,
    register: (institution) => registerInstitution(desk, institution),
    async close() {
      if (closed) return
      closed = true
      for (const turn of turns) clearImmediate(turn)
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      store.close()
    },
  }
  return node
}

interface Sent {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const SPEECHLESS: ReadonlySet<string> = new Set(['silent', 'silentAfter', 'hangUp', 'hangUpAfter'])

async function play(route: Route, call: Call, desk: NodeDesk, fault: FaultRule | null): Promise<Reply> {
  switch (fault?.kind) {
    case 'serverError': {
      const status = 500 + [0, 2, 3][(desk.random.bytes(1)[0] ?? 0) % 3]!
      throw new Refused(status, 'Service Unavailable', 'Guasto di prova: non è stato fatto nulla')
    }
    case 'tooMany':
      return {
        status: 429,
        headers: { 'Retry-After': String(fault.retryAfterSeconds ?? 1) },
        json: { statusCode: 429, message: 'Rate limit is exceeded. Try again later.' },
        type: 'text/json',
      }
    case 'silent':
    case 'hangUp':
      return { status: 500 }
    default:
  }
  const reply = await handled(route, call, desk)
  if (fault?.kind === 'twice') return await handled(route, call, desk)
  if (fault?.kind === 'slow') await wait(fault.ms ?? 1000)
  if (fault?.kind === 'serverErrorAfter') {
    throw new Refused(500, 'Internal Server Error', 'Guasto di prova: la richiesta è stata eseguita')
  }
  return reply
}

async function handled(route: Route, call: Call, desk: NodeDesk): Promise<Reply> {
  try {
    return await route.handle(call, desk)
  } catch (error) {
    return replyTo(error)
  }
}

function replyTo(error: unknown): Reply {
  if (error instanceof Refused) return error.reply()
  // A fault of the rehearsal node itself: whoever wrote it should see where.
  return new Refused(500, 'Internal Server Error', String((error as Error)?.stack ?? error)).reply()
}

function complete(reply: Reply, request: IncomingMessage, random: Random): Sent {
  const given = request.headers['x-request-id']
  const id = typeof given === 'string' ? given : Buffer.from(random.bytes(16)).toString('hex')
  const headers: Record<string, string> = { 'X-Request-Id': id, 'Cache-Control': 'no-store', ...reply.headers }
  if (reply.json !== undefined) {
    const body = Buffer.from(JSON.stringify(reply.json))
    return { status: reply.status, headers: { 'Content-Type': reply.type ?? 'application/json', ...headers }, body }
  }
  const body = Buffer.from(reply.body ?? '')
  if (reply.type !== undefined) headers['Content-Type'] = reply.type
  return { status: reply.status, headers, body }
}

function send(response: ServerResponse, reply: Sent, fault: FaultRule | null): void {
  // Silent: the line stays open until the other side, or the end of the node, closes it.
  if (fault?.kind === 'silent' || fault?.kind === 'silentAfter') return
  if (fault?.kind === 'hangUp' || fault?.kind === 'hangUpAfter') {
    response.destroy()
    return
  }
  response.writeHead(reply.status, { ...reply.headers, 'Content-Length': String(reply.body.length) })
  if (fault?.kind === 'truncated') {
    response.write(reply.body.subarray(0, Math.floor(reply.body.length / 2)), () => response.destroy())
    if (reply.body.length < 2) response.destroy()
    return
  }
  response.end(reply.body)
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    // Read to its end, so that the refusal arrives instead of a broken line, but not kept.
    if (size <= limit) parts.push(part)
    else if (size > limit * 4) throw new Refused(413, 'Payload Too Large', `The body exceeds ${limit} bytes`)
  }
  if (size > limit) throw new Refused(413, 'Payload Too Large', `The body exceeds ${limit} bytes`)
  return Buffer.concat(parts)
}

function small(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}
