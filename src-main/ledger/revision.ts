import type { ReadHandle } from './ledger.ts'

/** The counter of committed writes, as this snapshot sees it. */
export async function readRevision(db: ReadHandle): Promise<number> {
  const row = await db.selectFrom('revision').select('counter').executeTakeFirst()
  return row?.counter ?? 0
}
