import type { ReadHandle } from './ledger.ts'

/** States of a credit that ask for a person whatever else is known. */
export const WAITING_STATES = ['differs', 'surplus', 'waiting', 'truncated', 'storned'] as const

/**
 * Credits that wait for a person: not all of their money has found its place, and they were recognised or something is
 * proposed for them. Debits and strangers do not. A payment credited twice by its own transfer is matched to nothing the
 * second time, so its money waits whole. Aliases: `m` the movement, `label`, `balance`.
 */
export function waitingCredits(db: ReadHandle) {
  return db
    .selectFrom('bankMovement as m')
    .innerJoin('movementLabel as label', 'label.bankMovementId', 'm.id')
    .innerJoin('movementBalance as balance', 'balance.bankMovementId', 'm.id')
    .where('m.cents', '>', 0 as never)
    .whereRef('balance.availableCents', '>', 'balance.matchedCents')
    .where((eb) =>
      eb.or([
        eb('label.state', 'in', WAITING_STATES),
        eb.and([
          eb('label.state', '=', 'noReference'),
          eb.exists(eb.selectFrom('proposal').select('proposal.id').whereRef('proposal.bankMovementId', '=', 'm.id')),
        ]),
      ]),
    )
}
