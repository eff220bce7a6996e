import { sql } from 'kysely'
import { BLOCKS } from './label-text.ts'
import type { ReadHandle } from './ledger.ts'
import { readSetting } from './setting.ts'
import { waitingCredits } from './waiting-credit.ts'

/** How many drafts of reversali were ready after the last reconciliation: kept because counting them again costs one. */
export const READY_SETTING = 'derived.reversaliReady'

export interface Badges {
  readonly deliveriesToReview: number
  readonly creditsToDecide: number
  readonly reversaliReady: number
  readonly pendingImports: number
  /** Something keeps them out of the books until a person says. */
  readonly flowsBlocked: number
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
  const credits = await waitingCredits(db).select(count).executeTakeFirstOrThrow()
  const imports = await db
    .selectFrom('registerImport')
    .select(count)
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow()
  const blocked = await db
    .selectFrom('flowLabel')
    .select(count)
    .where('labelsJson', 'like', `%${BLOCKS}%`)
    .executeTakeFirstOrThrow()
  return {
    deliveriesToReview: Number(deliveries.n),
    creditsToDecide: Number(credits.n),
    reversaliReady: Number((await readSetting(db, READY_SETTING)) ?? 0),
    pendingImports: Number(imports.n),
    flowsBlocked: Number(blocked.n),
  }
}
