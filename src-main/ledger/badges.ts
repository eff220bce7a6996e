import { sql } from 'kysely'
import type { ReadHandle } from './ledger.ts'
import { readSetting } from './setting.ts'

/** How many drafts of reversali were ready after the last reconciliation: kept because counting them again costs one. */
export const READY_SETTING = 'derived.reversaliReady'

/** Movements that wait for a person: recognised but not squared, or with a proposal. Debits and strangers do not. */
const UNDECIDED = ['differs', 'surplus', 'waiting', 'truncated'] as const

export interface Badges {
  readonly deliveriesToReview: number
  readonly creditsToDecide: number
  readonly reversaliReady: number
  readonly pendingImports: number
}

/** Counts beside the menu: what waits for a person, or is ready. */
export async function readBadges(db: ReadHandle): Promise<Badges> {
  const count = sql<number>`count(*)`.as('n')
  const deliveries = await db
    .selectFrom('delivery')
    .select(count)
    .where('state', 'in', ['failed', 'uncertain'])
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('delivery as later')
            .select('later.id')
            .whereRef('later.noticeId', '=', 'delivery.noticeId')
            .whereRef('later.channel', '=', 'delivery.channel')
            .whereRef('later.id', '>', 'delivery.id'),
        ),
      ),
    )
    .executeTakeFirstOrThrow()
  const credits = await db
    .selectFrom('movementLabel')
    .select(count)
    .where((eb) =>
      eb.or([
        eb('state', 'in', UNDECIDED),
        eb.and([
          eb('state', '=', 'noReference'),
          eb.exists(
            eb
              .selectFrom('proposal')
              .select('proposal.id')
              .whereRef('proposal.bankMovementId', '=', 'movementLabel.bankMovementId'),
          ),
        ]),
      ]),
    )
    .executeTakeFirstOrThrow()
  const imports = await db
    .selectFrom('registerImport')
    .select(count)
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow()
  return {
    deliveriesToReview: Number(deliveries.n),
    creditsToDecide: Number(credits.n),
    reversaliReady: Number((await readSetting(db, READY_SETTING)) ?? 0),
    pendingImports: Number(imports.n),
  }
}
