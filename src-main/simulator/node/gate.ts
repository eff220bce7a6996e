import { type Call, type NodeDesk, Refused, type Route, TurnedAway } from './http.ts'
import { productOf, same } from './keys.ts'

/**
 * Who may speak with the node: a name that resolves to this machine fails the Host check, a page of another site the
 * Origin check, and without key or token nothing is told. Null = come in.
 */
export function judgeGate(call: Call, route: Route | null, desk: NodeDesk, authority: string): Refused | null {
  if (call.headers.host !== authority) return new Refused(421, 'Misdirected Request', 'Unknown host')
  const { origin } = call.headers
  if (origin !== undefined && origin !== desk.origin) return new Refused(403, 'Forbidden', 'Foreign origin')
  if (!route) return new Refused(404, 'Not Found', 'Resource not found')
  if (route.lock === 'open') return null
  if (route.lock === 'page') {
    return same(call.params.token ?? '', desk.pageToken) ? null : new Refused(404, 'Not Found', 'Resource not found')
  }
  const given = call.headers['ocp-apim-subscription-key'] ?? call.query.get('subscription-key')
  if (typeof given !== 'string' || given === '') {
    return noKey(route, 'Access denied due to missing subscription key.')
  }
  const product = productOf(desk.keys, given)
  if (product === null) return noKey(route, 'Access denied due to invalid subscription key.')
  if (product !== route.lock.product) {
    return new TurnedAway(403, 'Forbidden', 'The subscription key does not open this product.')
  }
  return mayTouch(call, desk)
}

/** Of the massive load it is declared as a problem like any other. */
function noKey(route: Route, detail: string): Refused {
  return new (route.service === 'massive' ? Refused : TurnedAway)(401, 'Unauthorized', detail)
}

/** Where no institution was registered, all are served. */
function mayTouch(call: Call, desk: NodeDesk): Refused | null {
  const { fiscalCode, broker } = call.params
  if (desk.store.count('organization') === 0) return null
  const organizations = [...desk.store.all('organization')]
  if (fiscalCode !== undefined && !organizations.some((each) => each.fiscalCode === fiscalCode)) {
    return new TurnedAway(403, 'Forbidden', `The caller may not act for the organization ${fiscalCode}`)
  }
  if (broker !== undefined && !organizations.some((each) => each.brokerCode === broker)) {
    return new TurnedAway(403, 'Forbidden', `The caller is not the broker ${broker}`)
  }
  return null
}
