import { createORPCClient } from '@orpc/client'
import { RPCLink as HttpLink } from '@orpc/client/fetch'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import type { contract } from '#contract/contract'

type Client = ContractRouterClient<typeof contract>

/** In Electron the preload hands over one MessagePort to the backend; asked for, so that it does not matter who is first. */
function portOfPreload(): Promise<MessagePort> {
  return new Promise((resolve) => {
    const listen = (event: MessageEvent) => {
      const port = event.ports[0]
      if (event.source !== window || event.data !== 'quietanza:port' || !port) return
      window.removeEventListener('message', listen)
      port.start()
      resolve(port)
    }
    window.addEventListener('message', listen)
    window.postMessage('quietanza:want-port', '*')
  })
}

async function openLink() {
  if (location.protocol === 'app:') return new PortLink({ port: await portOfPreload() })
  return new HttpLink({ url: new URL('/rpc', location.href) })
}

/** The backend, as the contract describes it: over the port in Electron, over HTTP with the host's cookie elsewhere. */
export const client: Client = createORPCClient(await openLink())

/** Query and mutation options of each procedure: `orpc.person.list.queryOptions({ input })`. */
export const orpc = createTanstackQueryUtils(client)
