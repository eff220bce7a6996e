import type { Id } from '#domain/brand'
import { cancelPutOff, endAttempt, listSending, moveDeliveries } from '#ledger/delivery-queue'
import { readHeldLanes } from '#ledger/outbox-lane'
import { command } from '../command.ts'
import type { ServiceContext } from '../context.ts'
import { CAMPAIGN_CANCELLED } from './core.ts'
import { isFiles } from './ways.ts'

/**
 * What a program that died left in `sending`: a message may have left, so its outcome is uncertain and a person decides;
 * a file is simply put again, since equal files are compared. On a ledger with other workstations a lane that one of
 * them holds is left alone until it stops saying that it lives.
 */
export async function recoverDeliveries(
  context: Omit<ServiceContext, 'outbox'>,
  inHand: ReadonlySet<Id<'delivery'>> = new Set(),
): Promise<number> {
  const { ledger } = context
  const shared = ledger.target.engine === 'postgres'
  const at = ledger.clock.now()
  const lost = await ledger.read(async (db) => {
    const held = shared ? await readHeldLanes(db, at) : null
    return (await listSending(db)).filter(
      (row) => !inHand.has(row.id) && (held === null || row.lane === null || !held.has(row.lane)),
    )
  })
  if (lost.length === 0) return 0
  await ledger.write(
    command(context as ServiceContext, 'delivery.recover', { deliveries: lost.length }),
    async (db) => {
      for (const { id, attemptId, channel } of lost) {
        const state = isFiles(channel) ? ('deferred' as const) : ('uncertain' as const)
        const reason = 'Il programma si è fermato durante l’invio'
        if (attemptId === null) await moveDeliveries(db, [id], ['sending'], state, reason, at)
        else {
          const end = { id, attemptId, state, outcome: 'interrupted', reply: null, reason, evidence: null }
          await endAttempt(db, end, at)
        }
        await cancelPutOff(db, id, CAMPAIGN_CANCELLED, at)
      }
    },
  )
  return lost.length
}
