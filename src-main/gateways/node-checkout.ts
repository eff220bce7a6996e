import type { NodeGateway } from '#domain/node-ports'
import { isThisMachine } from './https-call.ts'
import { type NodeCaller, ok } from './node-call.ts'

const MOST_ADDRESS = 2_048
const NOWHERE = {
  returnOkUrl: 'https://example.invalid/',
  returnCancelUrl: 'https://example.invalid/',
  returnErrorUrl: 'https://example.invalid/',
}

export function nodeCheckout(call: NodeCaller): NodeGateway['checkout'] {
  return {
    tryKey: (to, signal) =>
      call(
        to,
        {
          ...{ service: 'checkout', operation: 'checkout.tryKey', method: 'POST', path: '/carts', acts: false, signal },
          body: { paymentNotices: [], returnUrls: NOWHERE },
        },
        // A 302 would be a cart of nothing: the key was taken all the same.
        (reply) => (reply.status === 400 || reply.status === 422 || reply.status === 302 ? ok(null) : undefined),
      ),
    // A second cart for the same notices harms nobody, and yet it is another address: what is lost is told as such.
    cart: (to, cart, signal) =>
      call(
        to,
        {
          ...{ service: 'checkout', operation: 'checkout.cart', method: 'POST', path: '/carts', acts: false, signal },
          ...{ body: cart, hidden: cart.emailNotice === undefined ? [] : [cart.emailNotice] },
        },
        (reply) => {
          const url = reply.status === 302 ? payAddress(reply.headers.get('location') ?? '') : null
          return url === null ? undefined : ok({ url })
        },
      ),
  }
}

/** Where a payer may be sent: over TLS, or to this machine. */
function payAddress(location: string): string | null {
  if (location.length > MOST_ADDRESS || !URL.canParse(location)) return null
  const url = new URL(location)
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url.hostname))
  return safe && url.username === '' && url.password === '' ? url.href : null
}
