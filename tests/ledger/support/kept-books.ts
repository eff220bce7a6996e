import { expect } from 'vitest'
import type { Instant } from '#domain/date'
import type { Ledger, ReadHandle } from '#ledger/ledger'
import { OutcomeStore } from '#ledger/outcome-store'
import { BooksEvidence, hasEvidence } from '#ledger/reconcile-load'
import { NO_PEOPLE, reconciledBooks, reconcileLedger, reconcileNow } from '#services/reconcile-ledger'

/** What the program keeps of the books between two acts says what reading everything anew says, in memory and in its tables. */
export async function expectKeptBooksTrue(ledger: Ledger, at: Instant): Promise<void> {
  if (!(await ledger.read(hasEvidence))) return
  const remembered = await ledger.read((db) => reconciledBooks(db, at))
  expect(remembered).toEqual(await ledger.read((db) => reconcileNow(db)))
  await ledger.write({ command: 'test.keptBooks', operator: 'prova', payload: {}, at }, async (db) => {
    const before = await derivedTables(db)
    const kept = await reconcileLedger(db, at, NO_PEOPLE)
    expect(kept).toEqual(await reconcileNow(db))
    const after = await derivedTables(db)
    expect(after).toEqual(before)
    if (kept === null) return
    const anew = new BooksEvidence()
    await anew.refresh(db)
    await new OutcomeStore().store(db, anew, kept.outcome, kept.plan, at)
    expect(await derivedTables(db)).toEqual(after)
  })
}

/** All that the reconciliation writes, in an order of its own. */
export async function derivedTables(db: ReadHandle): Promise<Record<string, unknown[]>> {
  return {
    matches: await db.selectFrom('match').selectAll().orderBy('id').execute(),
    movements: await db.selectFrom('movementLabel').selectAll().orderBy('bankMovementId').execute(),
    flows: await db.selectFrom('flowLabel').selectAll().orderBy('reportingFlowId').execute(),
    rows: await db.selectFrom('flowRowLabel').selectAll().orderBy('flowRowId').execute(),
    receipts: await db.selectFrom('receiptLabel').selectAll().orderBy('receiptId').execute(),
    proposals: await db.selectFrom('proposal').selectAll().orderBy('id').execute(),
    installments: await db.selectFrom('installmentState').selectAll().orderBy('installmentId').execute(),
    positions: await db.selectFrom('debtPosition').select(['id', 'payment']).orderBy('id').execute(),
    counts: await db.selectFrom('setting').selectAll().where('key', 'like', 'derived.%').orderBy('key').execute(),
  }
}
