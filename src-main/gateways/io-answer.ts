import type { SendOutcome } from '#domain/ports'

/** An answer, or why there is none: `notSent` never left this machine, `lost` may have arrived. */
export type IoAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly text: string }
  | { readonly kind: 'notSent' | 'lost'; readonly reason: string; readonly reply: string }
  /** What is configured can never work. */
  | { readonly kind: 'unusable'; readonly reason: string; readonly reply: string }

const MOST_SHOWN = 300

/** What App IO said, on one line and without the key, should it ever repeat it. */
export function replyOf(answer: Extract<IoAnswer, { kind: 'answer' }>, key: string): string {
  const said = problemWords(answer.text)
    .replaceAll(key, '…')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
  return `${answer.status}${said === '' ? '' : ` ${[...said].slice(0, MOST_SHOWN).join('')}`}`
}

/** `title` and `detail` of a ProblemJson; else nothing: pages of HTML of a proxy tell nobody anything. */
function problemWords(text: string): string {
  const json = parsed(text)
  return [json?.title, json?.detail].filter((part) => typeof part === 'string').join(': ')
}

export function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/**
 * What an answer other than the hoped-for one means. `creates` says that the call makes a message: then a line that
 * drops, or a proxy that stops waiting, leaves it unknown, since a second call could make a second one.
 */
export function ioOutcome(
  answer: IoAnswer,
  key: string,
  creates: boolean,
  nowMs: number,
): Exclude<SendOutcome, { kind: 'sent' }> {
  if (answer.kind !== 'answer') {
    const { kind, reply, reason } = answer
    if (kind === 'unusable') return { kind: 'permanent', reply, reason }
    if (kind === 'notSent' || !creates) return { kind: 'temporary', reply, reason }
    return { kind: 'unknown', reply, reason: `${reason} Non si sa se il messaggio è partito.` }
  }
  const reply = replyOf(answer, key)
  const { status } = answer
  if (status === 429) {
    const reason = 'App IO chiede di rallentare: si riprova più tardi.'
    const retryAfterSeconds = retryAfter(answer.headers.get('retry-after'), nowMs)
    return { kind: 'temporary', reply, reason, ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }) }
  }
  if (creates && (status === 502 || status === 504)) {
    const reason = 'App IO non ha risposto a chi le stava davanti. Non si sa se il messaggio è partito.'
    return { kind: 'unknown', reply, reason }
  }
  if (status >= 500 || status === 408) {
    return { kind: 'temporary', reply, reason: 'App IO per ora non funziona: si riprova più tardi.' }
  }
  return { kind: 'permanent', reply, reason: refusal(status) }
}

function refusal(status: number): string {
  if (status === 400 || status === 422) return 'App IO non accetta il messaggio così com’è.'
  if (status === 401) return 'App IO non riconosce la chiave del servizio: scrivila di nuovo in Impostazioni › App IO.'
  if (status === 403) return 'App IO non permette a questo servizio di farlo: controlla che sia approvato e abilitato.'
  if (status === 404) return 'App IO non trova questa persona o questo messaggio.'
  if (status === 413) return 'App IO dice che il messaggio è troppo lungo.'
  if (status >= 300 && status < 400)
    return 'L’indirizzo di App IO rimanda altrove: correggilo in Impostazioni › App IO.'
  return `App IO ha dato una risposta che non si capisce (${status}).`
}

const MOST_SECONDS = 86_400

/** Seconds of a `Retry-After` (RFC 9110 §10.2.3: a number, or a date), at most a day; null where it says nothing. */
function retryAfter(value: string | null, nowMs: number): number | null {
  if (value === null) return null
  const text = value.trim()
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - nowMs) / 1000
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(Math.ceil(seconds), MOST_SECONDS) : null
}

/** Codes of failures that happen before a byte of the request leaves. */
const BEFORE =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|SELF_SIGNED|ALTNAME|UNABLE_TO|^ERR_SSL|^EPROTO/

export function faultOf(error: unknown): Extract<IoAnswer, { kind: 'notSent' | 'lost' }> {
  const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: unknown } }
  const code = name === 'TimeoutError' ? name : String(cause?.code ?? name ?? '')
  return { kind: BEFORE.test(code) ? 'notSent' : 'lost', reply: '', reason: faultWords(code) }
}

function faultWords(code: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Il nome del server di App IO non si trova.'
  if (code === 'ECONNREFUSED') return 'Il server di App IO non risponde su quella porta.'
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'La rete non raggiunge App IO.'
  if (/TIMEOUT|Timeout|ETIMEDOUT/.test(code)) return 'App IO non ha risposto in tempo.'
  if (/CERT|SELF_SIGNED|ALTNAME|UNABLE_TO/.test(code)) return 'Il certificato del server di App IO non è valido.'
  if (/SSL|EPROTO/.test(code)) return 'Il server di App IO non cifra il collegamento.'
  return 'Il collegamento con App IO è caduto.'
}
