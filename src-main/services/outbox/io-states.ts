import { createHash } from 'node:crypto'
import { epochMsOf, instantOf } from '#domain/date'
import { ProblemError } from '#domain/problem'
import { listIoUnderWay, moveIoDelivery } from '#ledger/io-delivery'
import { command } from '../command.ts'
import type { ServiceContext } from '../context.ts'
import { needIoService } from '../io-service.ts'
import { type Looker, lookAgain } from '../look-again.ts'

/** App IO goes on trying for a week (pagopa.md §9); a day more for those of the last evening. */
const FOLLOWED_MS = 8 * 86_400_000
/** Asked at a time: a turn of the outbox never becomes long. */
const AT_ONCE = 100

const STATE_OF = {
  ACCEPTED: { state: 'accepted', reason: null, text: 'App IO ha preso in carico il messaggio' },
  THROTTLED: { state: 'accepted', reason: null, text: 'App IO ritarda la notifica: ci prova per sette giorni' },
  PROCESSED: { state: 'delivered', reason: null, text: 'Il messaggio è nella posta di App IO' },
  FAILED: { state: 'failed', reason: 'App IO non è riuscita a consegnare il messaggio.', text: 'App IO: non riuscito' },
  REJECTED: {
    state: 'failed',
    reason: 'App IO ha respinto il messaggio: la persona non c’è più o non vuole questo servizio.',
    text: 'App IO: respinto',
  },
} as const

/**
 * Asks App IO what became of the messages sent: accepted, delivered or failed, each with its evidence. Quiet where App IO
 * is off or does not answer: it is asked again later. Answers how many moved.
 */
export async function followIoMessages(context: ServiceContext, signal?: AbortSignal): Promise<number> {
  const now = context.clock.now()
  const since = instantOf(epochMsOf(now) - FOLLOWED_MS)
  const messages = await context.ledger.read((db) => listIoUnderWay(db, since, AT_ONCE))
  if (messages.length === 0) return 0
  const service = await needIoService(context).catch((error: unknown) => {
    if (error instanceof ProblemError) return null
    throw error
  })
  if (service === null) return 0
  let moved = 0
  for (const { id, addressText, state, evidence } of messages) {
    if (signal?.aborted) break
    const messageId = evidence.split(' ').at(-1) ?? ''
    const answer = await context.io.status(service, addressText, messageId)
    if (!(answer.kind in STATE_OF)) {
      // 429, 401, a dropped line: the others would hear the same.
      if (answer.kind === 'temporary' || answer.kind === 'permanent') break
      continue
    }
    const to = STATE_OF[answer.kind as keyof typeof STATE_OF]
    const text = `${to.text} (${answer.kind}, ${messageId})`
    const sha256 = createHash('sha256').update(text).digest('hex')
    const changed = to.state !== state
    await context.ledger.write(command(context, 'delivery.follow', { id, state: to.state }), (db) =>
      moveIoDelivery(db, id, { ...to, evidence: { kind: 'io', sha256, text } }, context.clock.now()),
    )
    if (changed) moved += 1
  }
  return moved
}

const EVERY_MS = 5 * 60_000

/** Asks now and then, while the program is open. */
export function openIoFollower(context: ServiceContext): Looker {
  return lookAgain(
    EVERY_MS,
    (signal) => followIoMessages(context, signal),
    (error, signal) => {
      if (!signal.aborted) context.log.error('App IO was not followed', { error })
    },
    EVERY_MS,
  )
}
