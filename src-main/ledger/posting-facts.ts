import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { PostingContext } from '#domain/posting-groups'
import type { TargetLine } from '#domain/reconcile-outcome'
import type { StatementPeriod } from '#domain/statement-holes'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'
import { lastReversaleDates } from './numbering.ts'
import { shownId } from './person-family.ts'

export interface MovementFact {
  readonly id: Id<'bankMovement'>
  readonly bankAccountId: Id<'bankAccount'>
  readonly account: string
  readonly bookingDate: IsoDate
  readonly bankReference: string | null
  readonly provvisorio: number | null
  readonly fingerprint: string
}

export interface AccertamentoFact {
  readonly id: Id<'accertamento'>
  readonly exercise: number
  readonly number: number
  readonly capitoloId: Id<'capitolo'>
  readonly capitoloCode: string
  readonly capitoloName: string
  readonly personId: Id<'person'>
  readonly personName: string
  readonly fiscalCode: string | null
}

/** All that posting and its preview must know of the lines: their credits, accertamenti, exercises. */
export interface PostingFacts {
  readonly movements: ReadonlyMap<number, MovementFact>
  readonly accertamenti: ReadonlyMap<number, AccertamentoFact>
  readonly context: PostingContext
}

const GROUPINGS = ['flow', 'payer', 'day'] as const
const DATES = ['bankDate', 'postingDay'] as const

export async function loadPostingFacts(
  db: ReadHandle,
  lines: readonly Pick<TargetLine, 'movementId' | 'accertamentoId'>[],
  today: IsoDate,
): Promise<PostingFacts> {
  const movements = await movementFacts(db, [...new Set(lines.map((l) => l.movementId))])
  const accertamenti = await accertamentoFacts(db, [...new Set(lines.map((l) => l.accertamentoId))])
  const rules = await loadPostingRules(db)
  return {
    movements,
    accertamenti,
    context: {
      today,
      ...rules,
      movements: [...movements.values()].map(({ id, account: _, ...m }) => ({ movementId: id, ...m })),
      accertamenti: [...accertamenti.values()].map((a) => ({ ...a, accertamentoId: a.id })),
    },
  }
}

/** Exercises and the settings of posting. */
export async function loadPostingRules(
  db: ReadHandle,
): Promise<Required<Pick<PostingContext, 'exercises' | 'grouping' | 'reversaleDate'>>> {
  const dates = await lastReversaleDates(db)
  const exercises = await db.selectFrom('exercise').selectAll().orderBy('year').execute()
  const settings = await db
    .selectFrom('setting')
    .selectAll()
    .where('key', 'in', ['reversaleGrouping', 'reversaleDate'])
    .execute()
  const chosen = <T extends string>(key: string, known: readonly T[], preset: T): T =>
    known.find((k) => `"${k}"` === settings.find((s) => s.key === key)?.valueJson) ?? preset
  return {
    exercises: exercises.map((e) => ({
      year: e.year,
      state: e.state,
      lastReversaleDate: (dates.get(e.year) ?? null) as IsoDate | null,
    })),
    grouping: chosen('reversaleGrouping', GROUPINGS, 'flow'),
    reversaleDate: chosen('reversaleDate', DATES, 'bankDate'),
  }
}

async function movementFacts(db: ReadHandle, ids: readonly number[]): Promise<Map<number, MovementFact>> {
  const out = new Map<number, MovementFact>()
  for (const part of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('bankMovement as m')
      .innerJoin('bankAccount', 'bankAccount.id', 'm.bankAccountId')
      .leftJoin('provvisorio as p', (join) =>
        join.onRef('p.bankMovementId', '=', 'm.id').on('p.annulledAt', 'is', null),
      )
      .where('m.id', 'in', part as Id<'bankMovement'>[])
      .select(['m.id', 'm.bankAccountId', 'm.bookingDate', 'm.bankReference', 'm.fingerprint'])
      .select(['bankAccount.name as account', 'p.number as provvisorio'])
      .execute()
    for (const row of rows) out.set(row.id, row)
  }
  return out
}

async function accertamentoFacts(db: ReadHandle, ids: readonly number[]): Promise<Map<number, AccertamentoFact>> {
  const out = new Map<number, AccertamentoFact>()
  for (const part of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('accertamento as a')
      .innerJoin('capitolo', 'capitolo.id', 'a.capitoloId')
      .innerJoin('person', 'person.id', 'a.personId')
      .where('a.id', 'in', part as Id<'accertamento'>[])
      .select(['a.id', 'a.exercise', 'a.number', 'a.capitoloId', 'person.name as personName'])
      .select(shownId('person').as('personId'))
      .select(['capitolo.code as capitoloCode', 'capitolo.name as capitoloName', 'person.fiscalCode'])
      .execute()
    for (const row of rows) out.set(row.id, row)
  }
  return out
}

/** A statement of one account, to see whether one is missing between two. */
export interface StatementSpan extends StatementPeriod {
  readonly account: string
  readonly bankAccountId: number
}

export async function statementSpans(db: ReadHandle): Promise<StatementSpan[]> {
  const rows = await db
    .selectFrom('bankStatement as s')
    .innerJoin('bankAccount', 'bankAccount.id', 's.bankAccountId')
    .select(['bankAccount.name as account', 's.bankAccountId', 's.from', 's.to', 's.periodFrom', 's.periodTo'])
    .select(['s.openingCents', 's.closingCents'])
    .orderBy('s.bankAccountId')
    .orderBy('s.from')
    .orderBy('s.to')
    .execute()
  return rows.flatMap(({ periodFrom, periodTo, ...r }) => {
    const from = periodFrom ?? r.from
    const to = periodTo ?? r.to
    return from === null || to === null ? [] : [{ ...r, from, to, declared: periodFrom !== null && periodTo !== null }]
  })
}

/** Ids of the movements of a statement or account; null when the scope is everything. */
export async function movementsInScope(
  db: ReadHandle,
  scope: { readonly statementId: Id<'bankStatement'> | null; readonly bankAccountId: Id<'bankAccount'> | null },
): Promise<Set<number> | null> {
  if (scope.statementId === null && scope.bankAccountId === null) return null
  let query = db.selectFrom('bankMovement').select('id')
  if (scope.statementId !== null) query = query.where('bankStatementId', '=', scope.statementId)
  if (scope.bankAccountId !== null) query = query.where('bankAccountId', '=', scope.bankAccountId)
  return new Set((await query.execute()).map((r) => r.id))
}
