import type { SupportedMessagePort } from '@orpc/client/message-port'
import type { Context, Router } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'

/** Answers the calls of one page over its own port: Electron's, or a plain MessagePort. */
// biome-ignore lint/suspicious/noExplicitAny: oRPC's own router type has it in the contract's place
export function servePort<T extends Context>(router: Router<any, T>, context: T, port: SupportedMessagePort): void {
  const handler = new RPCHandler<T>(router)
  handler.upgrade(port, { context } as never)
}
