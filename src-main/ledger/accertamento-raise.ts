import { type Insertable, type RawBuilder, sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { Beat } from './beat.ts'
import { insertMany } from './bulk.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { liftErasure } from './person-erase.ts'
import type { AccertamentoTable, AccertamentoVariationTable } from './schema/books.ts'

/** Last number and date given in an exercise; number 0 when none. */
export async function lastAccertamento(
  db: ReadHandle,
  exercise: number,
): Promise<{ readonly number: number; readonly date: IsoDate | null }> {
  const row = await db
    .selectFrom('accertamento')
    .select(['number', 'date'])
    .where('exercise', '=', exercise)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? { number: 0, date: null }
}

export type NewAccertamento = Omit<Insertable<AccertamentoTable>, 'id'>

/** Rows already numbered 1 + max in a row; the database refuses gaps and dates that go back. Who owes again is erased no more. */
export async function insertAccertamenti(db: WriteHandle, rows: readonly NewAccertamento[], beat: Beat): Promise<void> {
  await liftErasure(
    db,
    rows.map((row) => row.personId),
  )
  await insertMany(db, 'accertamento', rows, beat)
}

export type NewVariation = Omit<Insertable<AccertamentoVariationTable>, 'id'>

export async function insertVariations(db: WriteHandle, rows: readonly NewVariation[], beat?: Beat): Promise<void> {
  await insertMany(db, 'accertamentoVariation', rows, beat)
}

/** An accertamento with what hangs on it. */
export interface RaisedDue {
  readonly id: Id<'accertamento'>
  readonly exercise: number
  readonly dueCents: Cents
  readonly collectedCents: Cents
  readonly issued: boolean
}

/** Accertamenti that `which` chooses, by the table's own name. */
export async function listRaised(db: ReadHandle, which: RawBuilder<boolean>): Promise<RaisedDue[]> {
  const rows = await db
    .selectFrom('accertamento')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .where(which)
    .select(['accertamento.id', 'accertamento.exercise'])
    .select(['accertamentoBalance.dueCents', 'accertamentoBalance.collectedCents'])
    .select(isIssued('accertamento').as('issued'))
    .orderBy('accertamento.id')
    .execute()
  return rows.map((row) => ({ ...row, issued: Number(row.issued) === 1 }))
}

/** Accertamenti raised by an import. */
export function listRaisedBy(db: ReadHandle, importId: Id<'registerImport'>): Promise<RaisedDue[]> {
  return listRaised(
    db,
    sql`"accertamento"."importRowId" in (select r."id" from "importRow" r where r."importId" = ${importId})`,
  )
}

/** 1 when a live position of its current version asks for the accertamento of `table`, else 0. */
export function isIssued(table: string) {
  return sql<number>`case when exists (
    select 1 from "positionDebt" asked
    join "debtPosition" asking on asking."id" = asked."debtPositionId" and asking."currentVersion" = asked."version"
    where asked."accertamentoId" = ${sql.ref(`${table}.id`)} and asking."lifecycle" = 'issued'
  ) then 1 else 0 end`
}
