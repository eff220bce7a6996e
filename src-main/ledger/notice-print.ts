import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { insertMany } from './bulk.ts'
import { restingChunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'

/** Positions of which the notice of the current version was printed, saved or delivered already: another paper is a duplicate. */
export async function readAlreadyOut(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<ReadonlySet<number>> {
  const out = new Set<number>()
  for await (const slice of restingChunks(ids, 500)) {
    const rows = await db
      .selectFrom('debtPosition')
      .where('id', 'in', slice)
      .where(
        sql<boolean>`(exists (select 1 from "noticePrint" p where p."debtPositionId" = "debtPosition"."id"
          and p."version" = "debtPosition"."currentVersion")
        or exists (select 1 from "notice" n join "delivery" d on d."noticeId" = n."id"
          where n."debtPositionId" = "debtPosition"."id" and n."version" = "debtPosition"."currentVersion"
          and d."state" in ('sent', 'accepted', 'delivered')))`,
      )
      .select('id')
      .execute()
    for (const { id } of rows) out.add(id)
  }
  return out
}

/** A paper that left the program. */
export interface PrintedPaper {
  readonly debtPositionId: Id<'debtPosition'>
  readonly version: number
  readonly duplicate: boolean
}

export async function insertPrints(
  db: WriteHandle,
  papers: readonly PrintedPaper[],
  by: { readonly how: 'print' | 'save'; readonly at: Instant; readonly operator: string },
): Promise<void> {
  const rows = papers.map(({ duplicate, ...paper }) => ({
    ...paper,
    ...by,
    duplicate: duplicate ? (1 as const) : (0 as const),
  }))
  await insertMany(db, 'noticePrint', rows)
}
