import { diceOf } from './dice-of.ts'
import { type Call, jsonOf, Refused, type Route } from './http.ts'
import type { NodeMessage } from './money.ts'

/** Where App IO answers: what stands in its settings as address, below the origin. */
export const IO_PATH = '/api/v1'

/** Any key opens it: whoever is on this machine may write here, and little at a time. */
const LARGEST = 65_536

const CODE = /^[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$/

/**
 * App IO for services (io_services_messages_index.yaml). Any key opens it but `rifiutata`; of ten citizens one is not there
 * and one wants no messages, always the same.
 */
export const ioRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: `${IO_PATH}/profiles`,
    lock: 'open',
    service: 'io',
    operation: 'getProfileByPOST',
    limit: LARGEST,
    handle(call) {
      checkKey(call)
      const { fiscal_code: code } = objectOf(jsonOf(call.body))
      const kind = typeof code === 'string' && CODE.test(code) ? enrolment(code) : 'absent'
      if (kind === 'absent') throw new Refused(404, 'Not Found', 'The user you requested was not found in the system')
      return { status: 200, json: { sender_allowed: kind === 'allowed', preferred_languages: ['it_IT'] } }
    },
  },
  {
    method: 'POST',
    path: `${IO_PATH}/messages`,
    lock: 'open',
    service: 'io',
    operation: 'submitMessageforUserWithFiscalCodeInBody',
    limit: LARGEST,
    handle(call, { store, random, now }) {
      checkKey(call)
      const { fiscal_code: fiscalCode, content } = objectOf(jsonOf(call.body))
      if (typeof fiscalCode !== 'string' || !CODE.test(fiscalCode)) {
        throw new Refused(400, 'Bad Request', 'fiscal_code is not valid')
      }
      const checked = contentOf(content)
      if (enrolment(fiscalCode) !== 'allowed') throw new Refused(403, 'Forbidden', 'You are not allowed to send')
      const id = Buffer.from(random.bytes(13)).toString('hex').toUpperCase()
      const message: NodeMessage = { id, at: now(), fiscalCode, content: checked }
      store.change((changes) => changes.put('message', id, message))
      return { status: 201, headers: { Location: `${IO_PATH}/messages/${fiscalCode}/${id}` }, json: { id } }
    },
  },
  {
    method: 'GET',
    path: `${IO_PATH}/messages/:citizen/:id`,
    lock: 'open',
    service: 'io',
    operation: 'getMessage',
    handle(call, { store }) {
      checkKey(call)
      const message = store.get('message', call.params.id as string)
      if (!message || message.fiscalCode !== call.params.citizen)
        throw new Refused(404, 'Not Found', 'Message not found')
      return {
        status: 200,
        json: {
          message: {
            id: message.id,
            fiscal_code: message.fiscalCode,
            created_at: message.at,
            sender_service_id: 'servizio-di-prova',
            feature_level_type: 'STANDARD',
            content: message.content,
          },
          status: 'PROCESSED',
        },
      }
    },
  },
]

function enrolment(fiscalCode: string): 'allowed' | 'refused' | 'absent' {
  const thrown = diceOf(`io ${fiscalCode}`)()
  return thrown < 0.1 ? 'absent' : thrown < 0.2 ? 'refused' : 'allowed'
}

function checkKey({ headers }: Call): void {
  const key = headers['ocp-apim-subscription-key']
  if (typeof key !== 'string' || key === '' || key === 'rifiutata') {
    throw new Refused(401, 'Unauthorized', 'Access denied due to invalid subscription key.')
  }
}

function contentOf(value: unknown): NodeMessage['content'] {
  const content = objectOf(value)
  const { subject, markdown, payment_data: payment } = content
  if (typeof subject !== 'string' || subject.length < 10 || subject.length > 120) wrong('subject')
  if (typeof markdown !== 'string' || markdown.length < 80 || markdown.length > 10_000) wrong('markdown')
  if (payment !== undefined) {
    const { amount, notice_number: number } = objectOf(payment)
    if (typeof amount !== 'number' || amount < 1 || amount > 9_999_999_999) wrong('payment_data.amount')
    if (typeof number !== 'string' || !/^[0-3]\d{17}$/.test(number)) wrong('payment_data.notice_number')
  }
  return content
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong('payload')
  return value as Record<string, unknown>
}

/** @throws Refused 400 always. */
function wrong(what: string): never {
  throw new Refused(400, 'Bad Request', `${what} is not valid`)
}
