import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type Cents, sum } from '#domain/money'
import { raisingDate } from '#domain/raising'
import type { RegisterRow } from '#domain/register-row'
import { insertAccertamenti, lastAccertamento, type NewAccertamento } from '#ledger/accertamento-raise'
import type { WriteHandle } from '#ledger/ledger'
import type { Report } from './long-work.ts'
import type { RaisableRow } from './register-check.ts'

/** A row on its way into the books. `reference` is null when another standing row already has it. */
export interface RowToRaise extends RaisableRow {
  readonly importRowId: Id<'importRow'>
  readonly row: RegisterRow
  readonly reference: string | null
}

export interface Raised {
  readonly count: number
  readonly cents: Cents
  /** Of the exercise that took most rows. */
  readonly exercise: number
  readonly firstNumber: number
  readonly lastNumber: number
}

/** Raises accertamenti of rows in the order of the file; `ids` are their people by fiscal code. Null when there is none. */
export async function raiseRows(
  db: WriteHandle,
  rows: readonly RowToRaise[],
  ids: ReadonlyMap<string, Id<'person'>>,
  today: IsoDate,
  report: Report,
): Promise<Raised | null> {
  if (rows.length === 0) return null
  const byExercise = new Map<number, RowToRaise[]>()
  for (const row of rows) {
    const list = byExercise.get(row.exercise)
    if (list === undefined) byExercise.set(row.exercise, [row])
    else list.push(row)
  }
  let before = 0
  let main = { exercise: 0, firstNumber: 0, lastNumber: 0, rows: 0 }
  for (const [exercise, list] of byExercise) {
    const last = await lastAccertamento(db, exercise)
    const date = raisingDate(exercise, today, last.date)
    const accertamenti = list.map(
      (item, index): NewAccertamento => ({
        exercise,
        number: last.number + 1 + index,
        date,
        capitoloId: item.capitoloId,
        personId: ids.get(item.row.fiscalCode) as Id<'person'>,
        serviceTypeId: item.serviceTypeId,
        competenceYear: item.row.competenceYear,
        causale: item.row.causale,
        assessedCents: item.row.amountCents,
        dueDate: item.row.dueDate,
        externalReference: item.reference,
        importRowId: item.importRowId,
      }),
    )
    const done = before
    await insertAccertamenti(db, accertamenti, (n) => report('Registro gli accertamenti', done + n, rows.length))
    before += list.length
    if (list.length > main.rows) {
      main = { exercise, firstNumber: last.number + 1, lastNumber: last.number + list.length, rows: list.length }
    }
  }
  const { exercise, firstNumber, lastNumber } = main
  const total = sum(rows.map((item) => item.row.amountCents))
  return { count: rows.length, cents: total, exercise, firstNumber, lastNumber }
}
