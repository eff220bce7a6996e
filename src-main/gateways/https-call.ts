import { isIP } from 'node:net'

/** One request and all that may be asked of its answer. */
export interface HttpsRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | null
  /** From the first byte of the request to the last of the answer. */
  readonly timeoutMs: number
  /** Of the body of the answer, once unpacked; what comes after is not read. */
  readonly mostBytes: number
  readonly signal?: AbortSignal | undefined
}

/** An answer, or why there is none: `notSent` never left this machine, `lost` may have arrived. */
export type HttpsReply =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Headers
      readonly bytes: Uint8Array
      /** How the body ended: all of it, cut by the line or the clock, or longer than `mostBytes`. */
      readonly end: 'whole' | 'cut' | 'tooLong'
    }
  | { readonly kind: 'notSent' | 'lost'; readonly code: string }

/** Goes nowhere else: a redirection is an answer. The signal ends the call, and then it is lost or was not sent. */
export async function httpsCall(request: HttpsRequest): Promise<HttpsReply> {
  const { url, method, headers, body, timeoutMs } = request
  if (request.signal?.aborted === true) return { kind: 'notSent', code: 'AbortError' }
  const clock = AbortSignal.timeout(timeoutMs)
  const signal = request.signal === undefined ? clock : AbortSignal.any([clock, request.signal])
  let response: Response
  try {
    const sent = body === null ? {} : { body: body as Uint8Array<ArrayBuffer> }
    response = await fetch(url, { method, headers, ...sent, redirect: 'manual', signal })
  } catch (error) {
    const code = codeOf(error)
    return { kind: BEFORE.test(code) ? 'notSent' : 'lost', code }
  }
  return { kind: 'answer', status: response.status, headers: response.headers, ...(await readBody(response, request)) }
}

async function readBody(response: Response, { mostBytes }: HttpsRequest) {
  const chunks: Uint8Array[] = []
  let size = 0
  let end: 'whole' | 'cut' | 'tooLong' = 'whole'
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk)
      size += chunk.byteLength
      if (size > mostBytes) {
        end = 'tooLong'
        break
      }
    }
  } catch {
    end = 'cut'
  }
  return { bytes: new Uint8Array(Buffer.concat(chunks).subarray(0, mostBytes)), end }
}

/** Codes of failures that happen before a byte of the request leaves. */
const BEFORE =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|SELF_SIGNED|ALTNAME|UNABLE_TO|^ERR_SSL|^EPROTO/

function codeOf(error: unknown): string {
  const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: unknown } }
  return name === 'TimeoutError' || name === 'AbortError' ? name : String(cause?.code ?? name ?? '')
}

/** Why no answer came, in Italian. @param of whose server: «di App IO», «di pagoPA». */
export function faultWords(code: string, of: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `Il nome del server ${of} non si trova.`
  if (code === 'ECONNREFUSED') return `Il server ${of} non risponde su quella porta.`
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return `La rete non raggiunge il server ${of}.`
  if (/TIMEOUT|Timeout|ETIMEDOUT/.test(code)) return `Il server ${of} non ha risposto in tempo.`
  if (/CERT|SELF_SIGNED|ALTNAME|UNABLE_TO/.test(code)) return `Il certificato del server ${of} non è valido.`
  if (/SSL|EPROTO/.test(code)) return `Il server ${of} non cifra il collegamento.`
  if (code === 'AbortError') return 'La richiesta è stata interrotta.'
  return `Il collegamento con il server ${of} è caduto.`
}

/** What may stand in a header: a key with a line break in it would make another header. */
export function isKey(key: string): boolean {
  return /^[\x21-\x7e]+$/.test(key)
}

/** Null where a key would travel unencrypted over a network, or with a name and password in the address. */
export function safeAddress(baseUrl: string, path: string): URL | null {
  if (!URL.canParse(baseUrl)) return null
  const base = new URL(baseUrl)
  if (base.protocol !== 'https:' && !(base.protocol === 'http:' && isThisMachine(base.hostname))) return null
  if (base.username !== '' || base.password !== '') return null
  return new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}${path}`)
}

export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'))
}

const MOST_SECONDS = 86_400

/** Seconds of a `Retry-After` (RFC 9110 §10.2.3: a number, or a date; «500 ms» of GPD's loads), at most a day; null where it says nothing. */
export function retryAfter(value: string | null, nowMs: number): number | null {
  if (value === null) return null
  const text = value.trim()
  const [, digits, ms] = /^(\d{1,9})( ?ms)?$/.exec(text) ?? []
  const dated = /[A-Za-z]{3}.*\d{4}|^\d{4}-/.test(text) ? (Date.parse(text) - nowMs) / 1000 : Number.NaN
  const seconds = digits === undefined ? dated : Number(digits) / (ms === undefined ? 1 : 1000)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(Math.ceil(seconds), MOST_SECONDS) : null
}

const MOST_SHOWN = 300

/** What a server said, on one line, cut, without the secrets and personal data that the request carried. */
export function saidOnOneLine(text: string, hidden: readonly string[]): string {
  let said = text
  for (const part of [...hidden].sort((a, b) => b.length - a.length)) {
    if (part.trim().length > 2) said = said.replace(new RegExp(part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi'), '…')
  }
  said = said.replace(/[\p{C}\s]+/gu, ' ').trim()
  return [...said].slice(0, MOST_SHOWN).join('')
}

/** A JSON object; null for anything else. */
export function parsedObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
