import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import { type Cents, cents, sum } from '#domain/money'
import { insertMany } from './bulk.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { listResidui } from './residuo.ts'

export interface CarriedResidui {
  readonly count: number
  readonly cents: Cents
}

/** What closing a year would carry into the next: accertamenti with something left at its 31/12, and its sum. */
export async function residuiToCarry(db: ReadHandle, year: number): Promise<CarriedResidui> {
  const left = (await listResidui(db, year + 1)).filter((r) => r.openingCents > 0)
  return { count: left.length, cents: sum(left.map((r) => r.openingCents)) }
}

/** Accertamenti that the books of the year overdraw at its 31/12: E7 could not hold after a closing. */
export async function overdrawnAt(db: ReadHandle, year: number): Promise<CarriedResidui> {
  const over = (await listResidui(db, year + 1)).filter((r) => r.openingCents < 0)
  return { count: over.length, cents: cents(-sum(over.map((r) => r.openingCents))) }
}

/**
 * Closes an open exercise whose next one is open: one residuo for each accertamento with something left, then the
 * state. The database takes residui only in between.
 */
export async function closeExercise(
  db: WriteHandle,
  year: number,
  author: { readonly at: Instant; readonly operator: string },
): Promise<CarriedResidui> {
  const left = (await listResidui(db, year + 1)).filter((r) => r.openingCents > 0)
  const { id: closingId } = await db
    .insertInto('closing')
    .values({ exercise: year, ...author, voidedAt: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  await insertMany(
    db,
    'residuo',
    left.map((r) => ({ exercise: year + 1, accertamentoId: r.accertamentoId, cents: r.openingCents, closingId })),
  )
  await db.updateTable('exercise').set({ state: 'closed' }).where('year', '=', year).execute()
  return { count: left.length, cents: sum(left.map((r) => r.openingCents)) }
}

/** Makes the closing void: its residui stay written and no longer count; the next closing writes them anew. */
export async function reopenExercise(db: WriteHandle, year: number, at: Instant): Promise<void> {
  await db
    .updateTable('closing')
    .set({ voidedAt: at })
    .where('exercise', '=', year)
    .where('voidedAt', 'is', null)
    .execute()
  await db.updateTable('exercise').set({ state: 'open' }).where('year', '=', year).execute()
}

/** The rendiconto is approved: nothing of the exercise changes any more. */
export async function approveExercise(db: WriteHandle, year: number): Promise<void> {
  await db.updateTable('exercise').set({ state: 'approved' }).where('year', '=', year).execute()
}

export interface ClosingRow {
  readonly exercise: number
  readonly at: Instant
  readonly operator: string
  readonly residui: number
  readonly cents: Cents
}

/** Closings that stand, with what they carried. */
export async function listClosings(db: ReadHandle): Promise<ClosingRow[]> {
  const rows = await db
    .selectFrom('closing as c')
    .leftJoin('residuo as r', 'r.closingId', 'c.id')
    .where('c.voidedAt', 'is', null)
    .groupBy(['c.id', 'c.exercise', 'c.at', 'c.operator'])
    .select((eb) => ['c.exercise', 'c.at', 'c.operator', eb.fn.count('r.id').as('residui')])
    .select((eb) => eb.fn.sum('r.cents').as('cents'))
    .orderBy('c.exercise')
    .execute()
  return rows.map((r) => ({ ...r, residui: Number(r.residui), cents: cents(Number(r.cents ?? 0)) }))
}

export interface OpenCredit {
  readonly bankMovementId: Id<'bankMovement'>
  readonly leftCents: Cents
}

/** Credits booked in the year with money that no reversale regularises and no decision explains. */
export async function creditsNotRegularised(db: ReadHandle, year: number): Promise<OpenCredit[]> {
  const rows = await db
    .selectFrom('movementBalance as b')
    .innerJoin('bankMovement as m', 'm.id', 'b.bankMovementId')
    .leftJoin('movementLabel as l', 'l.bankMovementId', 'm.id')
    .where('m.cents', '>', 0 as Cents)
    .where('m.bookingDate', '>=', `${year}-01-01` as IsoDate)
    .where('m.bookingDate', '<=', `${year}-12-31` as IsoDate)
    .whereRef('b.regularisedCents', '<', 'b.availableCents')
    .where((eb) => eb.or([eb('l.code', 'is', null), eb('l.code', 'not in', ['EXCLUDED', 'INTERNAL', 'STORNED'])]))
    .select(['m.id as bankMovementId', 'b.availableCents', 'b.regularisedCents'])
    .orderBy('m.id')
    .execute()
  return rows.map((r) => ({
    bankMovementId: r.bankMovementId,
    leftCents: cents(r.availableCents - r.regularisedCents),
  }))
}

/** File names of register imports that nobody confirmed or left. */
export async function importsWaiting(db: ReadHandle): Promise<string[]> {
  const rows = await db
    .selectFrom('registerImport')
    .select('fileName')
    .where('state', '=', 'pending')
    .orderBy('id')
    .execute()
  return rows.map((r) => r.fileName)
}

/** Rows of statements that wait for a decision, dated in the year: how many, and their credits. */
export async function pendingRows(db: ReadHandle, year: number): Promise<CarriedResidui> {
  const rows = await db
    .selectFrom('pendingMovement')
    .select('cents')
    .where('state', '=', 'open')
    .where('bookingDate', '>=', `${year}-01-01` as IsoDate)
    .where('bookingDate', '<=', `${year}-12-31` as IsoDate)
    .execute()
  return { count: rows.length, cents: sum(rows.map((r) => r.cents)) }
}
