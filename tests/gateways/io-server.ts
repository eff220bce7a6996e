import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ioSpec } from './io-spec.ts'

export const IO_KEY = 'chiave-di-prova-0123456789abcdef'
const SERVICE = '01BX9NSMKVXXS5PSP2FATZM6QX'

interface Kept {
  readonly id: string
  readonly fiscalCode: string
  readonly content: Record<string, unknown>
  status: string
}

export interface IoServer {
  readonly baseUrl: string
  readonly messages: Kept[]
  /** «POST /messages» of every request, in order. */
  readonly requests: string[]
  /** Requests and answers that the OpenAPI does not allow. */
  readonly faults: string[]
  /** Whether the specifications were there to judge them. */
  readonly judged: boolean
  /** People without the app, and those who do not want this service. */
  readonly unknown: Set<string>
  readonly unwilling: Set<string>
  /** Answers in place of the server's own: true when it did. */
  interrupt: ((request: IncomingMessage, response: ServerResponse, route: string) => boolean) | null
  close(): Promise<void>
}

/** App IO on this machine: keeps what it gets and judges each request and each of its own answers by the OpenAPI. */
export async function ioServer(): Promise<IoServer> {
  const spec = ioSpec()
  const judge = (name: string, value: unknown) => {
    if (spec !== null) server.faults.push(...spec(name, value))
  }
  const answer = (response: ServerResponse, status: number, schema: string | null, body: object | null, more = {}) => {
    if (schema !== null) judge(schema, body)
    response.writeHead(status, { 'content-type': 'application/json', ...more })
    response.end(body === null ? '' : JSON.stringify(body))
  }
  const refuse = (response: ServerResponse, status: number, detail: string) =>
    answer(response, status, 'ProblemJson', { title: `Problem ${status}`, status, detail })

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '').replace('/api/v1', '')
    const route = `${request.method} ${path}`
    server.requests.push(route)
    if (server.interrupt?.(request, response, route)) return
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.headers['ocp-apim-subscription-key'] !== IO_KEY) return answer(response, 401, null, null)
    const body = chunks.length === 0 ? null : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as never)
    if (route === 'POST /profiles') {
      judge('FiscalCodePayload', body)
      const { fiscal_code: code } = body as unknown as { fiscal_code: string }
      if (server.unknown.has(code)) return refuse(response, 404, 'No user found')
      const profile = { sender_allowed: !server.unwilling.has(code), preferred_languages: ['it_IT'] }
      return answer(response, 200, 'LimitedProfile', profile)
    }
    if (route === 'POST /messages') {
      judge('NewMessage', body)
      // What is sent must also be what can be read again, payee included.
      const { fiscal_code: fiscalCode, content } = body as unknown as { fiscal_code: string; content: Kept['content'] }
      judge('NewMessageContent', content)
      const id = `01BX9NSMKVXXS5PSP2FATZ${String(server.messages.length).padStart(4, '0')}`
      server.messages.push({ id, fiscalCode, content, status: 'ACCEPTED' })
      return answer(response, 201, 'CreatedMessage', { id }, { location: `/api/v1/messages/${fiscalCode}/${id}` })
    }
    const [, fiscalCode, id] = /^GET \/messages\/([^/]+)\/([^/]+)$/.exec(route) ?? []
    const kept = server.messages.find((one) => one.id === id && one.fiscalCode === fiscalCode)
    if (kept === undefined) return refuse(response, 404, 'No message found')
    answer(response, 200, 'ExternalMessageResponseWithContent', {
      message: {
        ...{ id: kept.id, fiscal_code: kept.fiscalCode, created_at: '2026-03-01T08:00:00.000Z' },
        ...{ content: kept.content, sender_service_id: SERVICE, feature_level_type: 'STANDARD' },
      },
      status: kept.status,
    })
  }
  const http = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      server.faults.push(String(error))
      response.destroy()
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const server: IoServer = {
    baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}/api/v1`,
    ...{ messages: [], requests: [], faults: [], judged: spec !== null },
    ...{ unknown: new Set(), unwilling: new Set(), interrupt: null },
    async close() {
      http.closeAllConnections()
      await new Promise<void>((resolve) => http.close(() => resolve()))
    },
  }
  if (spec === null) console.info('App IO: the OpenAPI is not at hand, requests are not judged by it')
  return server
}
