import type { Instant } from '#domain/date'
import type { NodeCall, NodeEnvironment } from '#domain/node-ports'
import { ProblemError } from '#domain/problem'
import { readAsked } from '#ledger/node-follow'
import { presentEnvironment } from '#ledger/node-position'
import type { ServiceContext } from './context.ts'
import { type Looker, lookAgain } from './look-again.ts'
import { refreshOnNode } from './node-follow.ts'
import { receiveFromNode } from './node-inbox-read.ts'

const HOURS = 60 * 60_000
/** Between two readings of all that can still move on the node. */
const EVERY_MS = 4 * HOURS
/** The program opens first, and what came meanwhile is received first. */
const FIRST_AFTER_MS = 20_000

/**
 * How positions stand on the node is asked by itself: soon after the program opens, then every few hours. What the node says is paid
 * and is not known here makes the receipts be fetched. A connection that is not complete is no fault: nothing is asked.
 */
export function openNodeFollower(context: ServiceContext): Looker {
  return lookAgain(
    EVERY_MS,
    (signal) => follow(context, signal),
    (error) => context.log.warn('states on the node not asked', { error: String(error) }),
    FIRST_AFTER_MS,
  )
}

async function follow(context: ServiceContext, signal: AbortSignal): Promise<void> {
  const waiting = await context.ledger.read(async (db) => readAsked(db, await presentEnvironment(db), null))
  if (waiting.length === 0) return
  try {
    const { paidThere } = await refreshOnNode(context, null, () => signal.throwIfAborted())
    if (paidThere.length > 0 && !signal.aborted) await receiveFromNode(context, ['receipts'])
  } catch (error) {
    if (signal.aborted) return
    // What lacks of the connection stands on the page of the node: it is no fault of every four hours.
    if (!(error instanceof ProblemError)) throw error
  }
}

/** Why the node of this environment cannot be reached, by the last call of this program; null where it answers, or another was called. */
export function unreachable(
  last: NodeCall | null,
  present: NodeEnvironment,
): { readonly at: Instant; readonly reason: string } | null {
  if (last === null || last.environment !== present || last.outcome === 'ok' || last.outcome === 'refused') return null
  return last.status === null ? { at: last.at, reason: last.reason } : null
}
