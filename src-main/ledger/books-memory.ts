import type { ReadHandle, WriteHandle } from './ledger.ts'
import { borrow, giveBack, keep, MemoryKey, recall } from './ledger-memory.ts'
import { OutcomeStore } from './outcome-store.ts'
import { BooksEvidence } from './reconcile-load.ts'

export interface BooksMemory {
  readonly evidence: BooksEvidence
  readonly stored: OutcomeStore
}

const KEY = new MemoryKey<BooksMemory>()

/**
 * The evidence and the stored outcome as this process knows them: empty the first time and after a rollback. Kept when
 * this write commits. What only grows is good for ever; what the outcome wrote, until another workstation writes.
 */
export async function openBooks(db: WriteHandle): Promise<BooksMemory & { readonly fresh: boolean }> {
  const known = await recall(db, KEY)
  const evidence = known?.value.evidence ?? new BooksEvidence()
  const stored = known?.ownWrites ? known.value.stored : new OutcomeStore()
  keep(db, KEY, { evidence, stored })
  return { evidence, stored, fresh: known?.fresh ?? false }
}

/** The evidence for a read: only what was added since the last act is read, and the next act finds it so. */
export async function readBooks<T>(db: ReadHandle, use: (evidence: BooksEvidence) => Promise<T>): Promise<T> {
  const known = await borrow(db, KEY)
  const evidence = known?.value.evidence ?? new BooksEvidence()
  const stored = known?.ownWrites ? known.value.stored : new OutcomeStore()
  const result = await use(evidence)
  await giveBack(db, KEY, { evidence, stored })
  return result
}
