import type { Id } from '#domain/brand'
import type { Cents } from '#domain/money'
import { collectedUntil } from './collected-until.ts'
import type { ReadHandle } from './ledger.ts'

/** One capitolo by year of origin, as an exercise sees it (DOMAIN.md E6, E7). */
export interface SituationRow {
  readonly capitoloId: Id<'capitolo'>
  readonly code: string
  readonly name: string
  readonly originYear: number
  readonly residui: boolean
  /** Competenza: assessed and variations. Residui: what was left on 1 January, and variations. */
  readonly accertatoCents: Cents
  readonly riscossoCents: Cents
  readonly daRiscuotereCents: Cents
  readonly accertamenti: number
}

interface Sums {
  assessed: number
  before: number
  now: number
  collectedBefore: number
  collectedNow: number
}

/**
 * Situation of the capitoli in an exercise, competenza first, then residui by year. What was collected or varied before
 * the exercise lowers its opening residui; an accertamento closed by then is not counted.
 */
export async function readSituation(db: ReadHandle, exercise: number): Promise<SituationRow[]> {
  const accertamenti = await db
    .selectFrom('accertamento')
    .where('exercise', '<=', exercise)
    .select(['id', 'capitoloId', 'exercise', 'assessedCents'])
    .execute()
  const sums = new Map<number, Sums>(
    accertamenti.map((a) => [
      a.id,
      { assessed: a.assessedCents, before: 0, now: 0, collectedBefore: 0, collectedNow: 0 },
    ]),
  )
  const variations = await db
    .selectFrom('accertamentoVariation')
    .where('exercise', '<=', exercise)
    .select(['accertamentoId', 'exercise', 'cents'])
    .execute()
  for (const v of variations) {
    const s = sums.get(v.accertamentoId)
    if (s && v.exercise < exercise) s.before += v.cents
    else if (s) s.now += v.cents
  }
  for (const l of await collectedUntil(db, exercise, { residui: false })) {
    const s = sums.get(l.accertamentoId)
    if (s && l.exercise < exercise) s.collectedBefore += l.cents
    else if (s) s.collectedNow += l.cents
  }
  const capitoli = await db
    .selectFrom('capitolo')
    .leftJoin('capitoloExercise as y', (join) =>
      join.onRef('y.capitoloId', '=', 'capitolo.id').on('y.year', '=', exercise),
    )
    .select(['capitolo.id', 'capitolo.code', 'capitolo.name', 'y.name as yearName'])
    .execute()
  const names = new Map(capitoli.map((c) => [c.id as number, c]))
  const rows = new Map<
    string,
    { capitoloId: Id<'capitolo'>; originYear: number; due: number; got: number; n: number }
  >()
  for (const a of accertamenti) {
    const s = sums.get(a.id) as Sums
    const opening = s.assessed + s.before - s.collectedBefore
    if (a.exercise < exercise && opening === 0 && s.now === 0 && s.collectedNow === 0) continue
    const key = `${a.capitoloId}|${a.exercise}`
    const row = rows.get(key) ?? { capitoloId: a.capitoloId, originYear: a.exercise, due: 0, got: 0, n: 0 }
    row.due += opening + s.now
    row.got += s.collectedNow
    row.n += 1
    rows.set(key, row)
  }
  return [...rows.values()]
    .map((row) => {
      const capitolo = names.get(row.capitoloId)
      return {
        capitoloId: row.capitoloId,
        code: capitolo?.code ?? '',
        name: capitolo?.yearName ?? capitolo?.name ?? '',
        originYear: row.originYear,
        residui: row.originYear < exercise,
        accertatoCents: row.due as Cents,
        riscossoCents: row.got as Cents,
        daRiscuotereCents: (row.due - row.got) as Cents,
        accertamenti: row.n,
      }
    })
    .sort((a, b) => b.originYear - a.originYear || a.code.localeCompare(b.code, 'it', { numeric: true }))
}
