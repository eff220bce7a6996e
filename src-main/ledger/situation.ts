import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Cents } from '#domain/money'
import type { ReadHandle } from './ledger.ts'
import { sumResidui } from './residuo.ts'

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

interface Row {
  readonly capitoloId: Id<'capitolo'>
  readonly originYear: number
  due: number
  got: number
  n: number
}

/**
 * Situation of the capitoli in an exercise, competenza first, then residui by year. What was collected or varied before
 * the exercise lowers its opening residui; an accertamento closed by then is not counted.
 */
export async function readSituation(db: ReadHandle, exercise: number): Promise<SituationRow[]> {
  const rows = new Map<string, Row>()
  const rowOf = (capitoloId: Id<'capitolo'>, originYear: number): Row => {
    const key = `${capitoloId}|${originYear}`
    const row = rows.get(key) ?? { capitoloId, originYear, due: 0, got: 0, n: 0 }
    rows.set(key, row)
    return row
  }
  await addCompetenza(db, exercise, rowOf)
  for (const r of await sumResidui(db, exercise)) {
    const row = rowOf(r.capitoloId, r.exercise)
    row.due += r.openingCents + r.variedCents - r.eliminatedCents
    row.got += r.collectedCents
    row.n += r.accertamenti
  }
  const capitoli = await db
    .selectFrom('capitolo')
    .leftJoin('capitoloExercise as y', (join) =>
      join.onRef('y.capitoloId', '=', 'capitolo.id').on('y.year', '=', exercise),
    )
    .select(['capitolo.id', 'capitolo.code', 'capitolo.name', 'y.name as yearName'])
    .execute()
  const names = new Map(capitoli.map((c) => [c.id as number, c]))
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

/** What an exercise raised and varied, and what its reversali in force collected of it: a reversale has one capitolo and one origin. */
async function addCompetenza(
  db: ReadHandle,
  exercise: number,
  rowOf: (capitoloId: Id<'capitolo'>, originYear: number) => Row,
): Promise<void> {
  const raised = await db
    .selectFrom('accertamento')
    .where('exercise', '=', exercise)
    .groupBy('capitoloId')
    .select([
      'capitoloId',
      sql<number>`count(*)`.as('n'),
      sql<number>`cast(sum("assessedCents") as bigint)`.as('cents'),
    ])
    .execute()
  const varied = await db
    .selectFrom('accertamentoVariation as v')
    .innerJoin('accertamento as a', 'a.id', 'v.accertamentoId')
    .where('a.exercise', '=', exercise)
    .where('v.exercise', '=', exercise)
    .groupBy('a.capitoloId')
    .select(['a.capitoloId', sql<number>`cast(sum(v."cents") as bigint)`.as('cents')])
    .execute()
  const collected = await db
    .selectFrom('reversale as r')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .where('x.id', 'is', null)
    .where('r.exercise', '=', exercise)
    .where('r.originYear', '=', exercise)
    .groupBy('r.capitoloId')
    .select(['r.capitoloId', sql<number>`cast(sum(r."cents") as bigint)`.as('cents')])
    .execute()
  for (const { capitoloId, n, cents } of raised) {
    const row = rowOf(capitoloId, exercise)
    row.due += Number(cents)
    row.n += Number(n)
  }
  for (const { capitoloId, cents } of varied) rowOf(capitoloId, exercise).due += Number(cents)
  for (const { capitoloId, cents } of collected) rowOf(capitoloId, exercise).got += Number(cents)
}
