import type { Id } from '#domain/brand'
import type { Pacing } from '#domain/pacing'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { pacingColumns, withPacing } from './pacing-columns.ts'

export interface IoServiceValues {
  readonly enabled: boolean
  readonly baseUrl: string
  readonly pacing: Pacing
}

/** Null while App IO was never configured. The key is in the secrets. */
export async function readIoService(db: ReadHandle): Promise<IoServiceValues | null> {
  const row = await db.selectFrom('ioService').selectAll().executeTakeFirst()
  if (row === undefined) return null
  const { id: _id, enabled, ...rest } = withPacing(row)
  return { ...rest, enabled: enabled === 1 }
}

export async function saveIoService(db: WriteHandle, { enabled, baseUrl, pacing }: IoServiceValues): Promise<void> {
  const columns = { enabled: enabled ? (1 as const) : (0 as const), baseUrl, ...pacingColumns(pacing) }
  await db
    .insertInto('ioService')
    .values({ id: 1 as Id<'ioService'>, ...columns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute()
}
