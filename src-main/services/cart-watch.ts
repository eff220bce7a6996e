import { waitedSince } from '#domain/cart'
import { epochMsOf } from '#domain/date'
import { ProblemError, problemText } from '#domain/problem'
import { newestWaitingCart } from '#ledger/cart'
import type { ServiceContext } from './context.ts'
import { type Looker, lookAgain } from './look-again.ts'
import { receiveFromNode } from './node-inbox-read.ts'

const LOOK_MS = 20_000
/** While the payer is likely at it, receipts are asked for at each look; later every few minutes, until nobody waits. */
const EAGER_MS = 15 * 60_000
const SELDOM_MS = 3 * 60_000

/** Asks the node for receipts more often while a link of Checkout was handed out and its payment is waited for. */
export function openCartWatcher(context: ServiceContext, lookMs = LOOK_MS): Looker {
  let asked = 0
  return lookAgain(
    lookMs,
    async (signal) => {
      const now = context.clock.now()
      const newest = await context.ledger.read((db) => newestWaitingCart(db, waitedSince(now)))
      if (newest === null || signal.aborted) return
      const since = epochMsOf(now) - asked
      if (epochMsOf(now) - epochMsOf(newest) > EAGER_MS && since < SELDOM_MS) return
      asked = epochMsOf(now)
      await receiveFromNode(context, ['receipts'], undefined, signal)
    },
    (error, signal) => {
      if (signal.aborted) return
      const reason = error instanceof ProblemError ? error.problems.map(problemText).join(' ') : undefined
      context.log.warn('receipts of a cart not read', reason === undefined ? { error } : { reason })
    },
  )
}
