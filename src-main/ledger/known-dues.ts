import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'

interface KnownDue {
  /** «12/2026» */
  readonly number: string
  readonly date: IsoDate
}

/** What the books already hold, by `dueKey` and by external reference. */
export interface KnownDues {
  readonly byKey: ReadonlyMap<string, KnownDue>
  readonly byReference: ReadonlyMap<string, KnownDue>
}

/** Which quotas are asked for: those of these people, and those of these references. */
export interface DuesScope {
  readonly personIds: readonly Id<'person'>[]
  readonly references: readonly string[]
}

/** Quotas that stand (not cancelled), of everybody or of `scope`. Merged people count as who they are now. */
export async function readKnownDues(db: ReadHandle, scope: DuesScope | null): Promise<KnownDues> {
  const byKey = new Map<string, KnownDue>()
  const byReference = new Map<string, KnownDue>()
  const standing = db
    .selectFrom('accertamento')
    .innerJoin('person', 'person.id', 'accertamento.personId')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .where('accertamentoBalance.state', '!=', 'cancelled')
    .select(sql<Id<'person'>>`coalesce("person"."mergedIntoId", "person"."id")`.as('personId'))
    .select(['accertamento.serviceTypeId', 'accertamento.competenceYear', 'accertamento.causale'])
    .select(['accertamento.assessedCents', 'accertamento.externalReference'])
    .select(['accertamento.number', 'accertamento.exercise', 'accertamento.date'])
  // The row keeps its reference, and no other may have it, until its whole import is undone.
  const live = db
    .selectFrom('importRow')
    .innerJoin('accertamento', 'accertamento.importRowId', 'importRow.id')
    .where('importRow.live', '=', 1)
    .where('importRow.externalReference', 'is not', null)
    .select(['importRow.externalReference', 'accertamento.number', 'accertamento.exercise', 'accertamento.date'])
  const takeDues = (rows: Awaited<ReturnType<typeof standing.execute>>) => {
    for (const row of rows) {
      const found = { number: `${row.number}/${row.exercise}`, date: row.date }
      byKey.set(dueKey(row.personId, row.serviceTypeId, row.competenceYear, row.causale, row.assessedCents), found)
      if (row.externalReference !== null) byReference.set(row.externalReference, found)
    }
  }
  const takeLive = (rows: Awaited<ReturnType<typeof live.execute>>) => {
    for (const { externalReference, number, exercise, date } of rows) {
      if (externalReference !== null) byReference.set(externalReference, { number: `${number}/${exercise}`, date })
    }
  }
  if (scope === null) {
    takeDues(await standing.execute())
    takeLive(await live.execute())
    return { byKey, byReference }
  }
  for (const slice of chunks(scope.personIds, 500)) {
    const family = db
      .selectFrom('person as f')
      .select('f.id')
      .where((eb) => eb.or([eb('f.id', 'in', slice), eb('f.mergedIntoId', 'in', slice)]))
    takeDues(await standing.where('accertamento.personId', 'in', family).execute())
  }
  for (const slice of chunks(scope.references, 500)) {
    takeDues(await standing.where('accertamento.externalReference', 'in', slice).execute())
    takeLive(await live.where('importRow.externalReference', 'in', slice).execute())
  }
  return { byKey, byReference }
}

/** Identity of a quota whoever wrote it: the same one imported twice is «già importata» (DOMAIN.md §3). `who` is a person, or the code of one who is new. */
export function dueKey(
  who: Id<'person'> | string,
  serviceTypeId: number,
  competenceYear: number,
  causale: string,
  amount: number,
): string {
  return `${who}|${serviceTypeId}|${competenceYear}|${causale.trim().toLowerCase()}|${amount}`
}
