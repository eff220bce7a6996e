import { instantOf } from '#domain/date'
import { keepLane, leaveLane, readHeldLanes, takeLane } from '#ledger/outbox-lane'
import { command } from '../command.ts'
import type { ServiceContext } from '../context.ts'

/** One workstation at a time tells the node: on PostgreSQL it holds this lane, a file has one program only. */
const LANE = 'node'

export async function holdsLane(context: ServiceContext, owner: string, leaseMs: number): Promise<boolean> {
  const { ledger } = context
  if (ledger.target.engine !== 'postgres') return true
  // A look only: each write wakes every workstation.
  const held = await ledger.read((db) => readHeldLanes(db, ledger.clock.now()))
  if (held.has(LANE) && held.get(LANE) !== owner) return false
  return ledger.write(command(context, 'nodePosition.hold', {}), (db) => {
    const until = instantOf(ledger.clock.epochMs() + leaseMs)
    return takeLane(db, LANE, owner, ledger.clock.now(), until)
  })
}

/** Holds it as long as it is at work; what it answers leaves it. */
export function keepsLane(context: ServiceContext, owner: string, leaseMs: number): () => Promise<void> {
  const { ledger } = context
  if (ledger.target.engine !== 'postgres') return async () => undefined
  const keep = () =>
    ledger.write(command(context, 'nodePosition.hold', {}), (db) =>
      keepLane(db, LANE, owner, instantOf(ledger.clock.epochMs() + leaseMs)),
    )
  const keeping = setInterval(() => {
    keep().catch((error: unknown) => context.log.warn('node lane not kept', { error }))
  }, leaseMs / 3)
  return async () => {
    clearInterval(keeping)
    const held = await ledger.read((db) => readHeldLanes(db, ledger.clock.now()))
    if (held.get(LANE) !== owner) return
    await ledger.write(command(context, 'nodePosition.hold', {}), (db) => leaveLane(db, LANE, owner))
  }
}
