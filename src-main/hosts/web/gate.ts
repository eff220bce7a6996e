import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export type GateVerdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'enter'; readonly cookie: string }
  | { readonly kind: 'refuse'; readonly status: 401 | 403 | 421; readonly why: string }

interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

/** Path at which a one-time token is exchanged for the cookie. */
export const ENTRANCE = '/entra'

/**
 * Who may speak with the loopback server. The machine is shared with every page of the person's browser and with other
 * users: a name that resolves here (DNS rebinding) fails the Host check, a foreign page the Origin check, another user
 * has no token. Nothing here depends on the network being friendly.
 */
export class Gate {
  readonly #authority: string
  readonly #origin: string
  readonly #cookieName: string
  readonly #tokens = new Set<string>()
  readonly #sessions = new Set<string>()

  constructor(port: number) {
    this.#authority = `127.0.0.1:${port}`
    this.#origin = `http://${this.#authority}`
    // Cookies do not know ports: two programs on one machine must not take each other's.
    this.#cookieName = `quietanza-${port}`
  }

  get origin(): string {
    return this.#origin
  }

  /** An address that lets one browser in, once. */
  newAddress(): string {
    const token = randomBytes(32).toString('base64url')
    this.#tokens.add(digest(token))
    return `${this.#origin}${ENTRANCE}?chiave=${token}`
  }

  judge(asked: Asked): GateVerdict {
    if (asked.headers.host !== this.#authority) return { kind: 'refuse', status: 421, why: 'host' }
    const origin = asked.headers.origin
    if (origin !== undefined && origin !== this.#origin) return { kind: 'refuse', status: 403, why: 'origin' }
    const safe = asked.method === 'GET' || asked.method === 'HEAD'
    if (!safe && origin === undefined) return { kind: 'refuse', status: 403, why: 'origin' }
    const { pathname, searchParams } = new URL(asked.url, this.#origin)
    if (pathname === ENTRANCE) return this.#exchange(searchParams.get('chiave') ?? '')
    const site = asked.headers['sec-fetch-site']
    // A link on a foreign page may lead to the first page (the strict cookie stays home), never to data.
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      return { kind: 'refuse', status: 403, why: 'site' }
    }
    return this.#hasSession(asked.headers.cookie) ? { kind: 'pass' } : { kind: 'refuse', status: 401, why: 'cookie' }
  }

  #exchange(token: string): GateVerdict {
    // One use: the address stays in the browser's history and in the terminal's scroll.
    if (!take(this.#tokens, digest(token))) return { kind: 'refuse', status: 401, why: 'token' }
    const session = randomBytes(32).toString('base64url')
    this.#sessions.add(digest(session))
    return { kind: 'enter', cookie: `${this.#cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict` }
  }

  #hasSession(header: string | undefined): boolean {
    for (const pair of (header ?? '').split(';')) {
      const cut = pair.indexOf('=')
      if (cut < 0 || pair.slice(0, cut).trim() !== this.#cookieName) continue
      if (holds(this.#sessions, digest(pair.slice(cut + 1).trim()))) return true
    }
    return false
  }
}

function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function holds(set: ReadonlySet<string>, value: string): boolean {
  let found = false
  for (const each of set) if (timingSafeEqual(Buffer.from(each), Buffer.from(value))) found = true
  return found
}

function take(set: Set<string>, value: string): boolean {
  return holds(set, value) && set.delete(value)
}
