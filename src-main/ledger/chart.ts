import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import { type DueRule, readDueRule } from '#domain/due-rule'
import { type LateFeeRule, readLateFeeRule } from '#domain/late-fee'
import type { Cents } from '#domain/money'
import { serviceKindOf } from '#domain/taxonomy'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { ExerciseState, ServiceKind } from './schema/institution.ts'

export interface ExerciseRow {
  readonly year: number
  readonly state: ExerciseState
  readonly accertamenti: number
  readonly reversali: number
}

/** Exercises, latest first, with how many accertamenti and reversali each has. */
export async function listExercises(db: ReadHandle): Promise<ExerciseRow[]> {
  const rows = await db
    .selectFrom('exercise')
    .selectAll()
    .select((eb) => [
      eb
        .selectFrom('accertamento')
        .whereRef('accertamento.exercise', '=', 'exercise.year')
        .select(sql<number>`count(*)`.as('n'))
        .as('accertamenti'),
      eb
        .selectFrom('reversale')
        .whereRef('reversale.exercise', '=', 'exercise.year')
        .select(sql<number>`count(*)`.as('n'))
        .as('reversali'),
    ])
    .orderBy('year', 'desc')
    .execute()
  return rows.map((row) => ({
    ...row,
    accertamenti: Number(row.accertamenti ?? 0),
    reversali: Number(row.reversali ?? 0),
  }))
}

/** Exercises alone, latest first. */
export async function listExerciseStates(
  db: ReadHandle,
): Promise<{ readonly year: number; readonly state: ExerciseState }[]> {
  return db.selectFrom('exercise').select(['year', 'state']).orderBy('year', 'desc').execute()
}

export async function insertExercise(db: WriteHandle, year: number, state: ExerciseState): Promise<void> {
  await db.insertInto('exercise').values({ year, state }).execute()
}

export interface CapitoloRow {
  readonly id: Id<'capitolo'>
  readonly code: string
  readonly name: string
  readonly kind: 'entrata' | 'partitaDiGiro'
  readonly forecastCents: Cents | null
  readonly used: boolean
}

/** Capitoli as they are called in that exercise, by code. `used` fixes the code. */
export async function listCapitoli(db: ReadHandle, exercise: number): Promise<CapitoloRow[]> {
  const rows = await db
    .selectFrom('capitolo')
    .leftJoin('capitoloExercise', (join) =>
      join.onRef('capitoloExercise.capitoloId', '=', 'capitolo.id').on('capitoloExercise.year', '=', exercise),
    )
    .select(['capitolo.id', 'capitolo.code', 'capitolo.kind', 'capitolo.name'])
    .select(['capitoloExercise.name as yearName', 'capitoloExercise.forecastCents'])
    .select((eb) =>
      eb
        .selectFrom('accertamento')
        .whereRef('accertamento.capitoloId', '=', 'capitolo.id')
        .select('accertamento.id')
        .limit(1)
        .as('firstUse'),
    )
    .execute()
  return rows
    .map((row) => ({
      id: row.id,
      code: row.code,
      kind: row.kind,
      name: row.yearName ?? row.name,
      forecastCents: row.forecastCents,
      used: row.firstUse !== null,
    }))
    .sort((a, b) => a.code.localeCompare(b.code, 'it', { numeric: true }))
}

export interface CapitoloInput {
  readonly id: Id<'capitolo'> | null
  readonly code: string
  readonly name: string
  readonly kind: 'entrata' | 'partitaDiGiro'
  readonly forecastCents: Cents | null
}

/** Inserts or edits a capitolo and its name and forecast in the exercise. */
export async function saveCapitolo(db: WriteHandle, input: CapitoloInput, exercise: number): Promise<Id<'capitolo'>> {
  const values = { code: input.code, name: input.name, kind: input.kind }
  let id = input.id
  if (id === null) {
    id = (await db.insertInto('capitolo').values(values).returning('id').executeTakeFirstOrThrow()).id
  } else {
    await db.updateTable('capitolo').set(values).where('id', '=', id).execute()
  }
  const year = { name: input.name, forecastCents: input.forecastCents ?? (0 as Cents) }
  await db
    .insertInto('capitoloExercise')
    .values({ capitoloId: id, year: exercise, ...year })
    .onConflict((conflict) => conflict.columns(['capitoloId', 'year']).doUpdateSet(year))
    .execute()
  return id
}

export interface ServiceTypeRow {
  readonly id: Id<'serviceType'>
  readonly name: string
  readonly taxonomyCode: string
  readonly capitoloId: Id<'capitolo'>
  readonly bankAccountId: Id<'bankAccount'> | null
  readonly defaultCausale: string
  readonly defaultCents: Cents | null
  readonly active: boolean
  readonly kind: ServiceKind
  readonly pagoPa: boolean
  readonly dueRule: DueRule | null
  readonly lateFeeRule: LateFeeRule | null
  /** What was paid without a position of ours may be raised with it. */
  readonly spontaneous: boolean
  /** Null: its own capitolo. */
  readonly spontaneousCapitoloId: Id<'capitolo'> | null
  /** Null: what the payment says of itself. */
  readonly spontaneousCausale: string | null
  /** From the year of the payment to that of competence: −1, 0 or 1. */
  readonly spontaneousYear: number
}

export async function listServiceTypes(db: ReadHandle): Promise<ServiceTypeRow[]> {
  const rows = await db.selectFrom('serviceType').selectAll().execute()
  return rows
    .map(({ dueRuleJson, moraRuleJson, active, pagoPa, spontaneous, ...row }) => ({
      ...row,
      active: active === 1,
      pagoPa: pagoPa === 1,
      spontaneous: spontaneous === 1,
      dueRule: readDueRule(dueRuleJson),
      lateFeeRule: readLateFeeRule(moraRuleJson),
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'it'))
}

/** What the forms of the first days leave out: the kind is then that of the taxonomy code, and there are no rules. */
type ServiceTypeInput = Omit<ServiceTypeRow, 'id' | RuleFields> &
  Partial<Pick<ServiceTypeRow, RuleFields>> & { readonly id: Id<'serviceType'> | null }
type RuleFields = 'kind' | 'pagoPa' | 'dueRule' | 'lateFeeRule' | SpontaneousFields
type SpontaneousFields = 'spontaneous' | 'spontaneousCapitoloId' | 'spontaneousCausale' | 'spontaneousYear'

export async function saveServiceType(db: WriteHandle, input: ServiceTypeInput): Promise<Id<'serviceType'>> {
  const { id, active, kind, pagoPa, dueRule, lateFeeRule, spontaneous, ...rest } = input
  const values = {
    ...rest,
    active: active ? (1 as const) : (0 as const),
    kind: kind ?? serviceKindOf(input.taxonomyCode),
    pagoPa: pagoPa === false ? (0 as const) : (1 as const),
    spontaneous: spontaneous === true ? (1 as const) : (0 as const),
    dueRuleJson: dueRule ? JSON.stringify(dueRule) : null,
    moraRuleJson: lateFeeRule ? JSON.stringify(lateFeeRule) : null,
  }
  if (id === null) {
    return (await db.insertInto('serviceType').values(values).returning('id').executeTakeFirstOrThrow()).id
  }
  await db.updateTable('serviceType').set(values).where('id', '=', id).execute()
  return id
}
