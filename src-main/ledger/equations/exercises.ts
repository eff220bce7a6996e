import type { ReadHandle } from '../ledger.ts'
import { effectiveLines } from './effective-lines.ts'

/**
 * E6 and E7: what an exercise collects on an origin never exceeds what was due, and the residui of a closed exercise
 * are, accertamento by accertamento, what was outstanding at its 31/12, for ever.
 */
export async function checkExercises(db: ReadHandle): Promise<string[]> {
  const closings = await db.selectFrom('closing').selectAll().where('voidedAt', 'is', null).execute()
  if (closings.length === 0) return []
  const accertamenti = await db
    .selectFrom('accertamento')
    .select(['id', 'exercise', 'number', 'assessedCents'])
    .execute()
  const variations = await db
    .selectFrom('accertamentoVariation')
    .select(['accertamentoId', 'exercise', 'cents'])
    .execute()
  const lines = await effectiveLines(db)
    .groupBy(['l.accertamentoId', 'r.exercise'])
    .select((eb) => ['l.accertamentoId', 'r.exercise', eb.fn.sum('l.cents').as('total')])
    .execute()
  const found: string[] = []
  for (const closing of closings) {
    const left = new Map(
      accertamenti
        .filter((a) => a.exercise <= closing.exercise)
        .map((a) => [a.id as number, a.assessedCents as number]),
    )
    const move = (id: number, cents: number) => left.has(id) && left.set(id, (left.get(id) as number) + cents)
    for (const v of variations) if (v.exercise <= closing.exercise) move(v.accertamentoId, v.cents)
    for (const l of lines) if (l.exercise <= closing.exercise) move(l.accertamentoId, -Number(l.total))
    const residui = await db.selectFrom('residuo').selectAll().where('closingId', '=', closing.id).execute()
    const written = new Map(residui.map((r) => [r.accertamentoId as number, r.cents as number]))
    for (const [id, cents] of left) {
      if (cents < 0 || cents !== (written.get(id) ?? 0)) {
        found.push(
          `E7 accertamento ${id}: residuo ${written.get(id) ?? 0}, al 31/12/${closing.exercise} restavano ${cents}`,
        )
      }
    }
    for (const id of written.keys()) if (!left.has(id)) found.push(`E7 accertamento ${id}: residuo senza origine`)
  }
  return found
}
