import type { ReadHandle, WriteHandle } from './ledger.ts'

export type NumberedBook = 'accertamento' | 'reversale' | 'transmissionList'

/** Number that the next row of that exercise takes: 1 + max. Only true inside the write that uses it. */
export async function nextNumber(db: WriteHandle, book: NumberedBook, exercise: number): Promise<number> {
  const last = await db
    .selectFrom(book)
    .select((eb) => eb.fn.max('number').as('number'))
    .where('exercise', '=', exercise)
    .executeTakeFirst()
  return (last?.number ?? 0) + 1
}

/** Number of the last reversale of each exercise. */
export async function lastReversaleNumbers(db: ReadHandle): Promise<ReadonlyMap<number, number>> {
  const rows = await db
    .selectFrom('reversale')
    .select((eb) => ['exercise', eb.fn.max('number').as('number')])
    .groupBy('exercise')
    .execute()
  return new Map(rows.map((row) => [row.exercise, row.number]))
}

/** Date of the last reversale of each exercise, annulled ones too: the next may not be earlier. */
export async function lastReversaleDates(db: ReadHandle): Promise<ReadonlyMap<number, string>> {
  const rows = await db
    .selectFrom('reversale')
    .select((eb) => ['exercise', eb.fn.max('date').as('date')])
    .groupBy('exercise')
    .execute()
  return new Map(rows.map((row) => [row.exercise, row.date]))
}
