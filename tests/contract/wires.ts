import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink as HttpLink } from '@orpc/client/fetch'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import type { contract } from '#contract/contract'
import { servePort } from '#hosts/electron/serve-port'
import { startWebHost } from '#hosts/web/server'
import { router } from '#services/router'
import { type Backend, openBackend } from '../../src-main/hosts/backend.ts'
import { FakeClock } from '../../src-main/hosts/clock.ts'
import { seededRandom } from '../../src-main/hosts/random.ts'

export type Client = ContractRouterClient<typeof contract>

/** A client of a backend of its own, over one of the program's wires. */
export interface Wired {
  readonly client: Client
  readonly backend: Backend
  readonly clock: FakeClock
  /** What the backend wrote in its log as errors. */
  readonly errors: readonly { readonly event: string; readonly fields: Readonly<Record<string, unknown>> | undefined }[]
  close(): Promise<void>
}

type Laid = { readonly client: Client; readonly take: () => Promise<void> }
type Wire = (context: Backend['context']) => Promise<Laid>

const inProcess: Wire = async (context) => ({
  client: createRouterClient(router, { context }) as Client,
  take: async () => undefined,
})

/** As Electron's preload and utility process: one port each side. */
const messagePort: Wire = async (context) => {
  const { port1, port2 } = new MessageChannel()
  servePort(router, context, port1)
  port1.start()
  port2.start()
  return {
    client: createORPCClient(new PortLink({ port: port2 })),
    take: async () => {
      port2.close()
      port1.close()
    },
  }
}

/** As a browser: the address is exchanged for a cookie, which goes with each call. */
const http: Wire = async (context) => {
  const { log } = context
  const host = await startWebHost({ router, context, pages: tmpdir(), log, version: '0.0.0', port: 0 })
  const entered = await fetch(host.newAddress(), { redirect: 'manual' })
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  const headers = { cookie, origin: host.origin }
  const link = new HttpLink({
    url: `${host.origin}/rpc`,
    headers,
    // The signal of a Request that is collected hears no abort any more in Node (nodejs/undici#3644): fetch is given ours.
    fetch: (request, init, { signal }) => fetch(request, { ...init, signal: signal ?? null }),
  })
  return { client: createORPCClient(link), take: () => host.close() }
}

export const WIRES: readonly (readonly [string, Wire])[] = [
  ['in process', inProcess],
  ['over a MessagePort', messagePort],
  ['over HTTP', http],
]

export async function lay(wire: Wire): Promise<Wired> {
  const folder = await mkdtemp(join(tmpdir(), 'quietanza-wire-'))
  const clock = new FakeClock()
  const backend = await openBackend({ folder, clock, random: seededRandom(7), fileSecretsOnly: true })
  const errors: { event: string; fields: Readonly<Record<string, unknown>> | undefined }[] = []
  const log = {
    ...{ info: () => undefined, warn: () => undefined },
    error: (event: string, fields?: Readonly<Record<string, unknown>>) => void errors.push({ event, fields }),
  }
  const { client, take } = await wire({ ...backend.context, log })
  return {
    ...{ client, backend, clock, errors },
    async close() {
      await take()
      await backend.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
