import { sql } from 'kysely'
import type { ReadHandle } from './ledger.ts'
import { countDivergences, countNodeFaults } from './node-follow.ts'
import { presentEnvironment } from './node-position.ts'
import { readSetting } from './setting.ts'
import { countToDecide, readToDecide } from './to-decide.ts'

/** How many drafts of reversali were ready after the last reconciliation: kept because counting them again costs one. */
export const READY_SETTING = 'derived.reversaliReady'

export interface Badges {
  readonly deliveriesToReview: number
  /** Refused by the node, or other there than here. */
  readonly nodeToReview: number
  /** Rows of the work table that wait for a person. */
  readonly toDecide: number
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
  const imports = await db
    .selectFrom('registerImport')
    .select(count)
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow()
  const environment = await presentEnvironment(db)
  return {
    nodeToReview: (await countNodeFaults(db, environment)) + (await countDivergences(db, environment)),
    deliveriesToReview: Number(deliveries.n),
    toDecide: countToDecide(await readToDecide(db)),
    reversaliReady: Number((await readSetting(db, READY_SETTING)) ?? 0),
    pendingImports: Number(imports.n),
  }
}
