import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OpenAPIGenerator } from '@orpc/openapi'
import { OpenAPIHandler } from '@orpc/openapi/node'
import type { Context, Router } from '@orpc/server'
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import type { Log } from '#domain/ports'
import { answerFilesInParts } from './file-answers.ts'
import { Gate } from './gate.ts'
import { readPage } from './page-file.ts'
import { SECURITY_HEADERS } from './policy.ts'

export interface WebHostOptions<T extends Context> {
  // biome-ignore lint/suspicious/noExplicitAny: oRPC's own router type has it in the contract's place
  readonly router: Router<any, T>
  readonly context: T
  /** Folder of the built renderer. */
  readonly pages: string
  readonly log: Log
  readonly version: string
  /** 0 = any free one; a busy one is replaced by a free one. */
  readonly port: number
  readonly maxUploadBytes?: number
}

export interface WebHost {
  readonly origin: string
  readonly port: number
  /** An address that lets one browser in, once. */
  newAddress(): string
  close(): Promise<void>
}

/** The program for a browser on this machine: pages, procedures and their OpenAPI document, behind the gate. */
export async function startWebHost<T extends Context>(options: WebHostOptions<T>): Promise<WebHost> {
  const server = createServer()
  const port = await listen(server, options.port)
  const gate = new Gate(port)
  const rpc = new RPCHandler<T>(options.router, {
    plugins: [new BodyLimitPlugin({ maxBodySize: options.maxUploadBytes ?? 220 * 1024 * 1024 })],
    rootInterceptors: [answerFilesInParts],
  })
  const api = new OpenAPIHandler<T>(options.router, { rootInterceptors: [answerFilesInParts] })
  let document: Promise<string> | null = null
  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      options.log.error('request failed', { url: request.url?.split('?')[0], error })
      if (!response.headersSent) send(response, 500, 'text/plain; charset=utf-8', 'Errore interno.')
      else response.destroy()
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
    response.setHeader('cache-control', 'no-store')
    const { method = 'GET', url = '/', headers } = request
    if (!url.startsWith('/') || url.startsWith('//'))
      return send(response, 400, 'text/plain; charset=utf-8', 'Indirizzo errato.')
    const verdict = gate.judge({ method, url, headers })
    if (verdict.kind === 'enter') {
      response.setHeader('set-cookie', verdict.cookie)
      return moved(response)
    }
    if (verdict.kind === 'refuse') {
      options.log.warn('request refused', { why: verdict.why, method })
      return send(response, verdict.status, 'text/html; charset=utf-8', refusalPage(verdict.why))
    }
    const pathname = url.split('?')[0] ?? '/'
    if (pathname === '/rpc' || pathname.startsWith('/rpc/')) {
      const { matched } = await rpc.handle(request, response, { prefix: '/rpc', context: options.context })
      if (!matched) send(response, 404, 'application/json', '{}')
      return
    }
    if (pathname.startsWith('/api/')) {
      const { matched } = await api.handle(request, response, { prefix: '/api', context: options.context })
      if (!matched) send(response, 404, 'application/json', '{}')
      return
    }
    if (method !== 'GET' && method !== 'HEAD') return send(response, 405, 'text/plain; charset=utf-8', 'Non permesso.')
    if (pathname === '/openapi.json') {
      document ??= openApiDocument(options.router, options.version, gate.origin)
      return send(response, 200, 'application/json; charset=utf-8', await document)
    }
    const page = await readPage(options.pages, pathname)
    if (page === null) return send(response, 404, 'text/plain; charset=utf-8', 'Non c’è.')
    response.setHeader('cache-control', page.cache)
    send(response, 200, page.type, method === 'HEAD' ? '' : page.bytes)
  }

  return {
    origin: gate.origin,
    port,
    newAddress: () => gate.newAddress(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // Streams of revisions stay open for as long as a page is: they end here.
        server.closeAllConnections()
      }),
  }
}

/** OpenAPI 3.1 of the procedures, for other programs of the institution. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export async function openApiDocument(router: Router<any, any>, version: string, origin: string): Promise<string> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(router, {
    info: { title: 'Quietanza', version },
    servers: [{ url: `${origin}/api` }],
  })
  return JSON.stringify(document)
}

async function listen(server: Server, wanted: number): Promise<number> {
  const attempt = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host: '127.0.0.1' }, () => {
        server.off('error', reject)
        resolve()
      })
    })
  try {
    await attempt(wanted)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || wanted === 0) throw error
    await attempt(0)
  }
  return (server.address() as AddressInfo).port
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

function moved(response: ServerResponse): void {
  response.writeHead(303, { location: '/' })
  response.end()
}

function refusalPage(why: string): string {
  const text =
    why === 'token' || why === 'cookie'
      ? 'Questo indirizzo vale una volta sola. Usa quello scritto nella finestra da cui hai avviato Quietanza, o avviala di nuovo.'
      : 'La richiesta non viene da Quietanza.'
  return `<!doctype html><html lang="it"><meta charset="utf-8"><title>Quietanza</title><p>${text}</p></html>`
}
