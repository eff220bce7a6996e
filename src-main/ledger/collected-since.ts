import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { ReadHandle } from './ledger.ts'

export interface CollectedInExercise {
  readonly accertamentoId: Id<'accertamento'>
  /** Of the reversali that collected it. */
  readonly exercise: number
  readonly cents: number
}

/** What the reversali in force of an exercise and of those after it collected of its residui, by accertamento and by exercise. */
export async function residuiCollectedSince(db: ReadHandle, exercise: number): Promise<CollectedInExercise[]> {
  const rows = await db
    .selectFrom('reversale as r')
    .innerJoin('reversaleLine as l', 'l.reversaleId', 'r.id')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .where('x.id', 'is', null)
    .where('r.exercise', '>=', exercise)
    .where('r.originYear', '<', exercise)
    .groupBy(['l.accertamentoId', 'r.exercise'])
    .select(['l.accertamentoId', 'r.exercise', sql<number>`cast(sum(l."cents") as bigint)`.as('cents')])
    .execute()
  return rows.map((row) => ({ ...row, cents: Number(row.cents) }))
}
