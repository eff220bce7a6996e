import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { insertMany } from './bulk.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { nextNumber } from './numbering.ts'

export interface TransmissionListRow {
  readonly id: Id<'transmissionList'>
  readonly exercise: number
  readonly number: number
  readonly date: IsoDate
  readonly bankAccountId: Id<'bankAccount'>
  readonly account: string
  readonly iban: string | null
  /** Reversali on it, those annulled later too. */
  readonly reversali: number
  readonly annulledLater: number
  readonly firstReversale: number
  readonly lastReversale: number
  readonly cents: Cents
}

export interface TransmissionListFilter {
  readonly id?: Id<'transmissionList'>
  readonly exercise?: number
  readonly bankAccountId?: Id<'bankAccount'> | null
}

/** Lists by exercise and number, with the sums of what stands on them. */
export async function listTransmissionLists(
  db: ReadHandle,
  filter: TransmissionListFilter,
): Promise<TransmissionListRow[]> {
  let query = db
    .selectFrom('transmissionList as t')
    .innerJoin('bankAccount as b', 'b.id', 't.bankAccountId')
    .innerJoin('transmissionListLine as l', 'l.transmissionListId', 't.id')
    .innerJoin('reversale as r', 'r.id', 'l.reversaleId')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .groupBy(['t.id', 't.exercise', 't.number', 't.date', 't.bankAccountId', 'b.name', 'b.iban'])
    .select(['t.id', 't.exercise', 't.number', 't.date', 't.bankAccountId', 'b.name as account', 'b.iban'])
    .select([
      sql<number>`count(*)`.as('reversali'),
      sql<number>`count("x"."reversaleId")`.as('annulledLater'),
      sql<number>`min("r"."number")`.as('firstReversale'),
      sql<number>`max("r"."number")`.as('lastReversale'),
      sql<number>`sum("r"."cents")`.as('cents'),
    ])
    .orderBy('t.exercise')
    .orderBy('t.number')
  if (filter.id !== undefined) query = query.where('t.id', '=', filter.id)
  if (filter.exercise !== undefined) query = query.where('t.exercise', '=', filter.exercise)
  if (filter.bankAccountId != null) query = query.where('t.bankAccountId', '=', filter.bankAccountId)
  return (await query.execute()).map((row) => ({
    ...row,
    reversali: Number(row.reversali),
    annulledLater: Number(row.annulledLater),
    cents: Number(row.cents) as Cents,
  }))
}

/** Date of the last list of an exercise, or null when it has none: the next may not be earlier. */
export async function lastTransmissionDate(db: ReadHandle, exercise: number): Promise<IsoDate | null> {
  const row = await db
    .selectFrom('transmissionList')
    .select((eb) => eb.fn.max('date').as('date'))
    .where('exercise', '=', exercise)
    .executeTakeFirst()
  return row?.date ?? null
}

/**
 * Writes a list with the next number of its exercise. A reversale that stands on a list already, or is annulled, is
 * refused by the database (`BOOKS_DUPLICATE`, `BOOKS_REVERSALE_ANNULLED`).
 */
export async function insertTransmissionList(
  db: WriteHandle,
  list: {
    readonly exercise: number
    readonly date: IsoDate
    readonly bankAccountId: Id<'bankAccount'>
    readonly reversaleIds: readonly Id<'reversale'>[]
  },
): Promise<{ readonly id: Id<'transmissionList'>; readonly number: number }> {
  const { exercise, date, bankAccountId } = list
  const number = await nextNumber(db, 'transmissionList', exercise)
  const { id } = await db
    .insertInto('transmissionList')
    .values({ exercise, number, date, bankAccountId })
    .returning('id')
    .executeTakeFirstOrThrow()
  await insertMany(
    db,
    'transmissionListLine',
    list.reversaleIds.map((reversaleId) => ({ transmissionListId: id, reversaleId })),
  )
  return { id, number }
}
