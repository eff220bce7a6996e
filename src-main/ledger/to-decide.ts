import type { Id } from '#domain/brand'
import { type Cents, ZERO } from '#domain/money'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'
import { readSetting } from './setting.ts'

/** Rows of the work table that wait for a person, kept because counting them again costs a reconciliation. */
export const TO_DECIDE_SETTING = 'derived.toDecide'

/** By kind of row, and by statement: rows about its movements. Only credits have their cents: other rows are of the same money. */
export interface ToDecide {
  readonly credit: number
  readonly creditCents: Cents
  readonly debit: number
  readonly flowRow: number
  readonly flow: number
  readonly alarm: number
  readonly statements: Readonly<Record<string, number>>
}

const NOTHING: ToDecide = { credit: 0, creditCents: ZERO, debit: 0, flowRow: 0, flow: 0, alarm: 0, statements: {} }

/** What the last reconciliation left to be decided. */
export async function readToDecide(db: ReadHandle): Promise<ToDecide> {
  const kept = await readSetting(db, TO_DECIDE_SETTING)
  return kept === null ? NOTHING : (JSON.parse(kept) as ToDecide)
}

/** All rows, as the work table counts them. */
export function countToDecide({ credit, debit, flowRow, flow, alarm }: ToDecide): number {
  return credit + debit + flowRow + flow + alarm
}

/** The statement that brought each movement; those of no statement are left out. */
export async function statementsOf(db: ReadHandle, movementIds: readonly number[]): Promise<Map<number, number>> {
  const found = new Map<number, number>()
  for (const part of chunks([...new Set(movementIds)], 500)) {
    const rows = await db
      .selectFrom('bankMovement')
      .select(['id', 'bankStatementId'])
      .where('id', 'in', part as Id<'bankMovement'>[])
      .execute()
    for (const { id, bankStatementId } of rows) if (bankStatementId !== null) found.set(id, bankStatementId)
  }
  return found
}
