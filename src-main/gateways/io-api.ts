import type { Clock, IoGateway, IoMessage, IoService } from '#domain/ports'
import { httpsCall, isKey, parsedObject, safeAddress } from './https-call.ts'
import { type IoAnswer, ioAnswerOf, ioOutcome, replyOf } from './io-answer.ts'

export interface IoApiOptions {
  /** From the first byte to the last of the answer. */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 20_000
/** Answers are some hundred bytes; the echo of a message at most some ten thousand. */
const MOST_BYTES = 131_072
const STATUSES = ['ACCEPTED', 'THROTTLED', 'FAILED', 'PROCESSED', 'REJECTED'] as const
/** What an id may be made of before it stands in a path. */
const MESSAGE_ID = /^[A-Za-z0-9_-]{1,100}$/

/**
 * App IO for services (pagopa.md §9): profile, message, state. The key travels in its header only, over TLS or to this
 * machine, and follows no redirection; no answer or reason repeats it.
 */
export function ioApi(clock: Pick<Clock, 'epochMs'>, options: IoApiOptions = {}): IoGateway {
  const ask = (service: IoService, path: string, body: object | null) =>
    request(service, path, body, options.timeoutMs ?? TIMEOUT_MS)
  const outcome = (answer: IoAnswer, service: IoService, creates: boolean) =>
    ioOutcome(answer, service.key, creates, clock.epochMs())
  return {
    async profile(service, fiscalCode) {
      const answer = await ask(service, '/profiles', { fiscal_code: fiscalCode })
      if (answer.kind === 'answer' && answer.status === 404) return { kind: 'notEnrolled' }
      if (answer.kind !== 'answer' || answer.status !== 200) return outcome(answer, service, false)
      const allowed = parsedObject(answer.text)?.sender_allowed
      if (typeof allowed !== 'boolean') return unreadable(replyOf(answer, service.key))
      return { kind: allowed ? 'allowed' : 'refused' }
    },
    async send(service, message) {
      const answer = await ask(service, '/messages', bodyOf(message))
      if (answer.kind !== 'answer' || answer.status !== 201) return outcome(answer, service, true)
      const messageId = idOf(answer)
      const reply = `201${messageId === null ? '' : ` ${messageId}`}`
      return { kind: 'sent', reply, ...(messageId === null ? {} : { messageId }) }
    },
    async status(service, fiscalCode, messageId) {
      const path = `/messages/${encodeURIComponent(fiscalCode)}/${encodeURIComponent(messageId)}`
      const answer = await ask(service, path, null)
      if (answer.kind !== 'answer' || answer.status !== 200) return outcome(answer, service, false)
      const said = parsedObject(answer.text)?.status
      const kind = STATUSES.find((status) => status === said)
      return kind === undefined ? unreadable(replyOf(answer, service.key)) : { kind }
    },
  }
}

function unreadable(reply: string) {
  return { kind: 'temporary' as const, reply, reason: 'La risposta di App IO non si legge.' }
}

function bodyOf({ fiscalCode, subject, markdown, dueDate, payment }: IoMessage): object {
  return {
    fiscal_code: fiscalCode,
    feature_level_type: 'STANDARD',
    content: {
      ...{ subject, markdown },
      ...(dueDate === null ? {} : { due_date: dueDate }),
      ...(payment === null
        ? {}
        : {
            payment_data: {
              amount: payment.cents,
              notice_number: payment.noticeNumber,
              invalid_after_due_date: false,
              payee: { fiscal_code: payment.payeeFiscalCode },
            },
          }),
    },
  }
}

/** From the body, else from the end of `Location`. */
function idOf({ text, headers }: Extract<IoAnswer, { kind: 'answer' }>): string | null {
  const said = parsedObject(text)?.id
  const last = headers.get('location')?.split('/').at(-1)
  for (const id of [said, last]) if (typeof id === 'string' && MESSAGE_ID.test(id)) return id
  return null
}

async function request(service: IoService, path: string, body: object | null, timeoutMs: number): Promise<IoAnswer> {
  const url = safeAddress(service.baseUrl, path)
  if (url === null) return unusable('L’indirizzo di App IO deve cominciare con https://.')
  if (!isKey(service.key)) return unusable('La chiave del servizio contiene segni che non può avere.')
  const reply = await httpsCall({
    ...{ url, timeoutMs, mostBytes: MOST_BYTES, method: body === null ? 'GET' : 'POST' },
    headers: {
      'ocp-apim-subscription-key': service.key,
      accept: 'application/json',
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    },
    body: body === null ? null : new TextEncoder().encode(JSON.stringify(body)),
  })
  return ioAnswerOf(reply)
}

function unusable(reason: string): IoAnswer {
  return { kind: 'unusable', reply: '', reason }
}
