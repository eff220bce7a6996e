import type { SendOutcome } from '#domain/ports'
import { faultWords, type HttpsReply, parsedObject, retryAfter, saidOnOneLine } from './https-call.ts'

/** An answer, or why there is none: `notSent` never left this machine, `lost` may have arrived. */
export type IoAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly text: string }
  | { readonly kind: 'notSent' | 'lost'; readonly reason: string; readonly reply: string }
  /** What is configured can never work. */
  | { readonly kind: 'unusable'; readonly reason: string; readonly reply: string }

export function ioAnswerOf(reply: HttpsReply): IoAnswer {
  if (reply.kind !== 'answer') return { kind: reply.kind, reply: '', reason: faultWords(reply.code, 'di App IO') }
  const { status, headers, bytes, end } = reply
  if (end === 'cut') return { kind: 'lost', reply: '', reason: 'La risposta di App IO si è interrotta.' }
  return { kind: 'answer', status, headers, text: new TextDecoder().decode(bytes) }
}

/** What App IO said, on one line and without the key, should it ever repeat it. */
export function replyOf(answer: Extract<IoAnswer, { kind: 'answer' }>, key: string): string {
  const said = saidOnOneLine(problemWords(answer.text), [key])
  return `${answer.status}${said === '' ? '' : ` ${said}`}`
}

/** `title` and `detail` of a ProblemJson; else nothing: pages of HTML of a proxy tell nobody anything. */
function problemWords(text: string): string {
  const json = parsedObject(text)
  return [json?.title, json?.detail].filter((part) => typeof part === 'string').join(': ')
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
