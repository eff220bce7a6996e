import type { ReconcileInput } from '#domain/reconcile-evidence'
import { CollectedEvidence } from './evidence-collected.ts'
import { DebtsEvidence } from './evidence-debts.ts'
import type { ReadHandle } from './ledger.ts'
import { PostedLines } from './posted-lines.ts'

/**
 * All evidence and decisions of the ledger and the lines of its books (DOMAIN.md §6). An empty one reads everything; one
 * that was kept reads what was added since.
 */
export class BooksEvidence {
  readonly debts = new DebtsEvidence()
  readonly posted = new PostedLines()
  #collected = new CollectedEvidence()
  #receiver: string | null = null

  get collected(): CollectedEvidence {
    return this.#collected
  }

  /**
   * What `reconcile` reads; null before the institution is set.
   * @param people names and fiscal codes may have changed since
   */
  async refresh(db: ReadHandle, people = true): Promise<ReconcileInput | null> {
    const institution = await db.selectFrom('creditorInstitution').select('fiscalCode').executeTakeFirst()
    if (!institution) return null
    const codes = await db.selectFrom('segregationCode').select('code').execute()
    const requireReceipt = await db
      .selectFrom('setting')
      .select('valueJson')
      .where('key', '=', 'requireReceipt')
      .executeTakeFirst()
    // Which flows are ours depends on it.
    if (this.#receiver !== institution.fiscalCode) this.#collected = new CollectedEvidence()
    this.#receiver = institution.fiscalCode
    const { debts, collected, posted } = this
    await debts.refresh(db, people)
    await collected.refresh(db, institution.fiscalCode)
    await posted.refresh(db, collected.kept)
    return {
      receiver: institution.fiscalCode,
      segregationCodes: [...new Set(codes.map((c) => c.code))].sort(),
      settings: { requireReceipt: requireReceipt?.valueJson === 'true' },
      installments: debts.installments,
      due: debts.due,
      receipts: collected.receipts,
      versions: collected.versions,
      movements: collected.movements,
      decisions: collected.decisions,
      kept: posted.kept,
    }
  }

  /** The lines of the books as they are now, after lines were added or annulled in this very write. */
  async refreshPosted(db: ReadHandle): Promise<void> {
    await this.posted.refresh(db, this.collected.kept)
  }
}

/** True once a flow, a movement or a receipt has come. */
export async function hasEvidence(db: ReadHandle): Promise<boolean> {
  for (const table of ['reportingFlow', 'bankMovement', 'receipt'] as const) {
    if (await db.selectFrom(table).select('id').limit(1).executeTakeFirst()) return true
  }
  return false
}
