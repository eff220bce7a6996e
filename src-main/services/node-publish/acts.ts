import { setTimeout as sleep } from 'node:timers/promises'
import type { Id } from '#domain/brand'
import { sum } from '#domain/money'
import { ProblemError } from '#domain/problem'
import type { WriteHandle } from '#ledger/ledger'
import { settleOnNode, unwantOnNode, wantOnNode } from '#ledger/node-position'
import { retryRows, standingOf } from '#ledger/node-position-work'
import type { PositionQuery } from '#ledger/position-list'
import { command } from '../command.ts'
import type { ServiceContext } from '../context.ts'
import { cancelledAfter, type Report } from '../long-work.ts'
import type { Selection } from '../selection.ts'
import { isPaused } from './paused.ts'
import {
  connectionProblems,
  type NodePlan,
  planAsSeen,
  planPublication,
  planWithdrawal,
  type SeenPlan,
} from './plan.ts'

/** How often whoever waits looks how far it came. */
const LOOK_MS = 250
/** Nothing in hand here nor on another workstation for so many looks: the rest waits for the node, not for us. */
const STILL_LOOKS = 20

/** Wanted on the node from now on; then looks on while they leave. Whoever stops it takes back what has not left. */
export async function publish(
  context: ServiceContext,
  selection: Selection<PositionQuery>,
  seen: SeenPlan,
  report: Report,
) {
  const planOf = (db: WriteHandle) => planPublication(db, context, selection)
  const plan = await begin(context, 'nodePosition.publish', seen, report, { planOf, want: wantOnNode })
  try {
    return await lookOn(context, plan, 'Mando al nodo', report)
  } catch (error) {
    if (cancelledAfter(error) !== null) await takeBack(context, plan)
    throw error
  }
}

/** Cancelled ones are taken off the node, those that it once refused to let go too. */
export async function withdraw(
  context: ServiceContext,
  selection: Selection<PositionQuery>,
  seen: SeenPlan,
  report: Report,
) {
  const planOf = (db: WriteHandle) => planWithdrawal(db, context, selection)
  const plan = await begin(context, 'nodePosition.withdraw', seen, report, { planOf, want: settleOnNode })
  return lookOn(context, plan, 'Tolgo dal nodo', report)
}

interface Act {
  readonly planOf: (db: WriteHandle) => Promise<NodePlan>
  readonly want: typeof wantOnNode
}

/** What the person saw, worked out again under the lock and handed to the publisher; what was refused once may go again. */
async function begin(
  context: ServiceContext,
  name: 'nodePosition.publish' | 'nodePosition.withdraw',
  seen: SeenPlan,
  report: Report,
  { planOf, want }: Act,
): Promise<NodePlan> {
  const lacking = await connectionProblems(context)
  if (lacking.length > 0) throw new ProblemError(...(lacking as [(typeof lacking)[number]]))
  report('Preparo le posizioni', 0, seen.expected)
  const write = command(context, name, { environment: seen.environment, positions: seen.expected })
  const plan = await context.ledger.write(write, async (db) => {
    const now = await planOf(db)
    planAsSeen(now, seen)
    const ids = now.rows.map(({ id }) => id)
    await retryRows(db, now.environment, ids)
    await want(db, now.environment, ids)
    return now
  })
  context.nodePublisher.restart()
  return plan
}

async function takeBack(context: ServiceContext, { environment, rows }: NodePlan): Promise<void> {
  const ids = rows.map(({ id }) => id)
  await context.ledger.write(command(context, 'nodePosition.unwant', { environment, positions: ids.length }), (db) =>
    unwantOnNode(db, environment, ids),
  )
}

/** Says how far it came until nothing more of it leaves by itself now. The work is the publisher's: it goes on without us. */
async function lookOn(context: ServiceContext, { environment, rows, leftOut }: NodePlan, step: string, report: Report) {
  const ids: Id<'debtPosition'>[] = rows.map(({ id }) => id)
  let [still, before] = [0, ids.length]
  while (true) {
    const { pending, later, inHand, refused, paused } = await context.ledger.read(async (db) => ({
      ...(await standingOf(db, environment, ids)),
      paused: await isPaused(db),
    }))
    report(step, ids.length - pending.size, ids.length)
    const { working, stopped } = context.nodePublisher.state()
    still = working || inHand > 0 || pending.size !== before ? 0 : still + 1
    before = pending.size
    const waits = !working && (later.size === pending.size || still >= STILL_LOOKS)
    if (pending.size === 0 || paused || (stopped !== null && !working) || waits) {
      const done = rows.filter(({ id }) => !pending.has(id) && !refused.has(id))
      return {
        done: { count: done.length, cents: sum(done.map((row) => row.cents)) },
        ...{ refused: refused.size, waiting: pending.size, stopped: stopped?.reason ?? null },
        leftOut: leftOut.list(),
      }
    }
    await sleep(LOOK_MS)
  }
}
