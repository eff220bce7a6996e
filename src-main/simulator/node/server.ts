import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock, Random } from '#domain/ports'
import { type FaultRule, Faults } from './faults.ts'
import { judgeGate } from './gate.ts'
import { type Call, type LastCall, type NodeDesk, type NodeSettings, Refused, type Reply } from './http.ts'
import { type Institution, registerInstitution } from './institution.ts'
import { makeKeys, type NodeKeys } from './keys.ts'
import { resumeUploads } from './massive-run.ts'
import { play, replyTo, SPEECHLESS } from './play.ts'
import { findRoute } from './routes.ts'
import { NodeStore } from './store.ts'
import { complete, headersOf, readBody, send, small } from './wire.ts'

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
  /** The reply is not as the files declare, on purpose: cut, or with dates without zone. */
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

const USUAL: NodeSettings = { bulk: 'allOrNothing', dates: 'zoned', massiveEveryMs: 1000, massiveTurn: 200 }
const LIMIT = 8 * 1_048_576
/** Kept of whoever may not come in: enough to show what was asked. */
const TURNED_AWAY = 262_144
const LAST_CALLS = 50

/**
 * The rehearsal node: the platform's interfaces on this machine, for «Prova» and for tests. It listens on 127.0.0.1 only and
 * holds what it was given in the folder. @throws Error when the folder cannot be read or the port is taken.
 */
export async function openRehearsalNode(options: RehearsalNodeOptions): Promise<RehearsalNode> {
  const store = new NodeStore(options.folder)
  const keys = makeKeys(options.random)
  const pageToken = Buffer.from(options.random.bytes(24)).toString('base64url')
  const settings: NodeSettings = { ...USUAL, ...options.settings }
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
    const turnedAway = judgeGate(call, found?.route ?? null, desk, authority)
    const read = await readBody(request, turnedAway ? TURNED_AWAY : (found?.route.limit ?? LIMIT))
    const body = read instanceof Refused ? Buffer.alloc(0) : read
    const refused = turnedAway ?? (read instanceof Refused ? read : null)
    let reply: Reply
    let fault: FaultRule | null = null
    try {
      if (refused) throw refused
      const { route } = found as NonNullable<typeof found>
      if (route.service !== null) fault = faults.draw(route.service, route.operation)
      reply = await play(route, { ...call, body }, desk, fault)
    } catch (error) {
      reply = replyTo(error)
    }
    const service = found?.route.service ?? null
    const bare = settings.dates === 'bare' && (service === 'gpd' || service === 'massive')
    const full = complete(reply, request, options.random, bare)
    if (found ? service !== null : !url.pathname.startsWith('/prova/')) {
      const unsaid = fault !== null && SPEECHLESS.has(fault.kind)
      const status = unsaid ? null : full.status
      lastCalls.unshift({ at: desk.now(), method: call.method, path: call.path, status, fault: fault?.kind ?? null })
      lastCalls.length = Math.min(lastCalls.length, LAST_CALLS)
      node.onExchange?.({
        method: call.method,
        path: `${url.pathname}${url.search}`,
        requestHeaders: headersOf(request),
        requestBody: body,
        status,
        responseHeaders: small(full.headers),
        responseBody: full.body,
        spoilt: bare || fault?.kind === 'truncated',
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
