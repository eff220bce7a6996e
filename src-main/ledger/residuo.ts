import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Cents } from '#domain/money'
import { residuiCollectedSince } from './collected-since.ts'
import type { ReadHandle } from './ledger.ts'

/** One residuo as an exercise sees it: opening + varied − eliminated − collected = left. */
export interface ResiduoRow {
  readonly accertamentoId: Id<'accertamento'>
  /** Exercise of origin, and the number that it keeps for ever. */
  readonly exercise: number
  readonly number: number
  readonly capitoloId: Id<'capitolo'>
  readonly personId: Id<'person'>
  readonly causale: string
  /** Left at the end of the year before. Below zero only where the books of that year overdraw it. */
  readonly openingCents: Cents
  /** Increases and decreases decided in the exercise. */
  readonly variedCents: Cents
  readonly collectedCents: Cents
  /** Written off in the exercise, as a positive sum. */
  readonly eliminatedCents: Cents
  readonly leftCents: Cents
}

/**
 * Residui of an exercise by accertamento, oldest first: those of earlier origin with something left on 1 January, or
 * touched in the exercise. Computed from the books; of a closed year they are its `residuo` rows (E7).
 */
export async function listResidui(db: ReadHandle, exercise: number): Promise<ResiduoRow[]> {
  const since = await residuiCollectedSince(db, exercise)
  // What is settled, and was not touched from that exercise on, had nothing left on 1 January.
  const accertamenti = await db
    .selectFrom('accertamento as a')
    .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
    .where('a.exercise', '<', exercise)
    .where(
      sql<boolean>`(b."dueCents" <> b."collectedCents"
        or a."id" in (select v."accertamentoId" from "accertamentoVariation" v where v."exercise" >= ${exercise})
        or a."id" in (select l."accertamentoId" from "reversale" r join "reversaleLine" l on l."reversaleId" = r."id"
          where r."exercise" >= ${exercise} and r."originYear" < ${exercise}))`,
    )
    .select([
      'a.id',
      'a.exercise',
      'a.number',
      'a.capitoloId',
      'a.personId',
      'a.causale',
      'b.dueCents',
      'b.collectedCents',
    ])
    .orderBy('a.exercise')
    .orderBy('a.number')
    .execute()
  const opening = new Map<number, number>(accertamenti.map((a) => [a.id, a.dueCents - a.collectedCents]))
  const varied = new Map<number, number>()
  const eliminated = new Map<number, number>()
  const collected = new Map<number, number>()
  const add = (to: Map<number, number>, id: number, cents: number) => to.set(id, (to.get(id) ?? 0) + cents)
  const variations = await db
    .selectFrom('accertamentoVariation')
    .where('exercise', '>=', exercise)
    .select(['accertamentoId', 'exercise', 'kind', 'cents'])
    .execute()
  for (const v of variations) {
    if (!opening.has(v.accertamentoId)) continue
    add(opening, v.accertamentoId, -v.cents)
    if (v.exercise > exercise) continue
    if (v.kind === 'writeOff' || v.kind === 'cancellation') add(eliminated, v.accertamentoId, -v.cents)
    else add(varied, v.accertamentoId, v.cents)
  }
  for (const l of since) {
    if (!opening.has(l.accertamentoId)) continue
    add(opening, l.accertamentoId, l.cents)
    if (l.exercise === exercise) add(collected, l.accertamentoId, l.cents)
  }
  return accertamenti.flatMap(({ id, dueCents: _due, collectedCents: _collected, ...a }) => {
    const openingCents = opening.get(id) as number
    const variedCents = varied.get(id) ?? 0
    const collectedCents = collected.get(id) ?? 0
    const eliminatedCents = eliminated.get(id) ?? 0
    if (openingCents === 0 && variedCents === 0 && collectedCents === 0 && eliminatedCents === 0) return []
    const leftCents = openingCents + variedCents - collectedCents - eliminatedCents
    const sums = { openingCents, variedCents, collectedCents, eliminatedCents, leftCents } as Record<
      'openingCents' | 'variedCents' | 'collectedCents' | 'eliminatedCents' | 'leftCents',
      Cents
    >
    return [{ accertamentoId: id, ...a, ...sums }]
  })
}
