import type { ReadHandle } from '../ledger.ts'
import type { AccertamentoState } from '../schema/books.ts'
import { effectiveLines } from './effective-lines.ts'

/** E2 for each movement, E3 for each accertamento, E11: stored balances and states equal to those of the rows. */
export async function checkBalances(db: ReadHandle): Promise<string[]> {
  return [...(await checkAccertamenti(db)), ...(await checkMovements(db))]
}

/** The one rule of an accertamento's state, as the triggers apply it. */
function accertamentoStateOf(dueCents: number, collectedCents: number): AccertamentoState {
  if (dueCents === 0) return 'cancelled'
  if (collectedCents === 0) return 'outstanding'
  return collectedCents < dueCents ? 'partlyCollected' : 'collected'
}

async function checkAccertamenti(db: ReadHandle): Promise<string[]> {
  const variations = await sumBy(
    db
      .selectFrom('accertamentoVariation')
      .groupBy('accertamentoId')
      .select((eb) => ['accertamentoId as key', eb.fn.sum('cents').as('total')])
      .execute(),
  )
  const collected = await sumBy(
    effectiveLines(db)
      .groupBy('l.accertamentoId')
      .select((eb) => ['l.accertamentoId as key', eb.fn.sum('l.cents').as('total')])
      .execute(),
  )
  const rows = await db
    .selectFrom('accertamento as a')
    .leftJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
    .select(['a.id', 'a.exercise', 'a.number', 'a.assessedCents', 'b.dueCents', 'b.collectedCents', 'b.state'])
    .execute()
  const found: string[] = []
  for (const row of rows) {
    const due = row.assessedCents + (variations.get(row.id) ?? 0)
    const got = collected.get(row.id) ?? 0
    const name = `accertamento ${row.number}/${row.exercise}`
    if (due - got < 0) found.push(`E3 ${name}: dovuto ${due}, riscosso ${got}`)
    if (row.dueCents !== due || row.collectedCents !== got || row.state !== accertamentoStateOf(due, got)) {
      found.push(`E11 ${name}: saldo ${row.dueCents}/${row.collectedCents} ${row.state}, dalle righe ${due}/${got}`)
    }
  }
  return found
}

async function checkMovements(db: ReadHandle): Promise<string[]> {
  const open = db.selectFrom('match').where('closedReason', 'is', null)
  const matched = await sumBy(
    open
      .where('kind', '<>', 'storno')
      .groupBy('bankMovementId')
      .select((eb) => ['bankMovementId as key', eb.fn.sum('cents').as('total')])
      .execute(),
  )
  const storned = await sumBy(
    open
      .where('kind', '=', 'storno')
      .groupBy('targetMovementId')
      .select((eb) => ['targetMovementId as key', eb.fn.sum('cents').as('total')])
      .execute(),
  )
  const regularised = await sumBy(
    effectiveLines(db)
      .groupBy('l.bankMovementId')
      .select((eb) => ['l.bankMovementId as key', eb.fn.sum('l.cents').as('total')])
      .execute(),
  )
  const rows = await db
    .selectFrom('bankMovement as m')
    .leftJoin('movementBalance as b', 'b.bankMovementId', 'm.id')
    .select(['m.id', 'm.cents', 'b.availableCents', 'b.matchedCents', 'b.regularisedCents'])
    .execute()
  const found: string[] = []
  for (const row of rows) {
    const available = Math.max(row.cents, 0) - (storned.get(row.id) ?? 0)
    const tied = matched.get(row.id) ?? 0
    const booked = regularised.get(row.id) ?? 0
    if (booked > tied || tied > available)
      found.push(`E2 movimento ${row.id}: ${booked} ≤ ${tied} ≤ ${available} non vale`)
    if (row.availableCents !== available || row.matchedCents !== tied || row.regularisedCents !== booked) {
      found.push(
        `E11 movimento ${row.id}: saldo ${row.availableCents}/${row.matchedCents}/${row.regularisedCents}, dalle righe ${available}/${tied}/${booked}`,
      )
    }
  }
  return found
}

async function sumBy(
  rows: Promise<readonly { readonly key: number | null; readonly total: string | number | bigint | null }[]>,
): Promise<ReadonlyMap<number, number>> {
  return new Map((await rows).map((row) => [row.key ?? 0, Number(row.total)]))
}
