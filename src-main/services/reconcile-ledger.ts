import { type Instant, romeDate } from '#domain/date'
import { canonicalJson } from '#domain/json'
import { sum } from '#domain/money'
import { type Plan, plan } from '#domain/plan'
import { draftCount } from '#domain/posting-groups'
import { reconcile } from '#domain/reconcile'
import type { ReconcileInput } from '#domain/reconcile-evidence'
import type { ReconcileOutcome } from '#domain/reconcile-outcome'
import { READY_SETTING } from '#ledger/badges'
import { openBooks, readBooks } from '#ledger/books-memory'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { glance, keep, keepRead, MemoryKey, stillHolds } from '#ledger/ledger-memory'
import { loadPostingRules } from '#ledger/posting-facts'
import { BooksEvidence, hasEvidence } from '#ledger/reconcile-load'
import { readSetting, writeSetting } from '#ledger/setting'
import type { ReconciledBooks } from './reconciled-books.ts'
import { storeToDecide } from './to-decide.ts'

/** What the caller has written; absent is everything. */
export interface Touched {
  /** Names and fiscal codes of people may have changed. */
  readonly people: boolean
}

/** For acts on flows, credits and books: they name nobody anew. */
export const NO_PEOPLE: Touched = { people: false }

/**
 * Reads what was added to the evidence, reconciles all of it and writes matches, labels, proposals and payment states. To
 * be called at the end of every write that brings evidence, decisions or annulments, inside that write: lists never show
 * the old state. Null before the institution is set.
 */
export async function reconcileLedger(
  db: WriteHandle,
  at: Instant,
  touched: Touched = { people: true },
): Promise<ReconciledBooks | null> {
  const { evidence, stored, fresh } = await openBooks(db)
  const input = await evidence.refresh(db, touched.people || !fresh)
  if (!input) return null
  const outcome = reconcile(input)
  const books = booksOf(input, outcome, evidence)
  await stored.store(db, evidence, outcome, books.plan, at)
  await storePlanCounts(db, books.plan, evidence)
  await storeToDecide(db, books)
  keep(db, BOOKS, { day: romeDate(at), books })
  return books
}

/**
 * The books as they are under this write's lock. When nothing at all was written since they were last worked out, and the day
 * is the same, that is what they are; else they are reconciled now.
 */
export async function booksUnderLock(db: WriteHandle, at: Instant): Promise<ReconciledBooks | null> {
  const known = await glance(db, BOOKS)
  const { fresh } = await openBooks(db)
  return known?.books && known.day === romeDate(at) && fresh ? known.books : reconcileLedger(db, at)
}

/** After lines were posted in the same write that reconciled: the books change, what the evidence says does not. */
export async function booksPosted(db: WriteHandle, { input, outcome }: ReconciledBooks, at: Instant): Promise<void> {
  const { evidence, stored } = await openBooks(db)
  await evidence.refreshPosted(db)
  const books = booksOf(input, outcome, evidence)
  await stored.storeBookStates(db, evidence, outcome, books.plan)
  await storePlanCounts(db, books.plan, evidence)
  await storeToDecide(db, books)
  keep(db, BOOKS, { day: romeDate(at), books })
}

function booksOf(input: ReconcileInput, outcome: ReconcileOutcome, { posted }: BooksEvidence): ReconciledBooks {
  return { input, outcome, posted: posted.rows, plan: plan(outcome.lines, posted.rows) }
}

/**
 * For writes that change debts and positions: what is already reported or credited may now find them. Nothing to do
 * while no flow, movement or receipt has come.
 */
export async function reconcileDebts(db: WriteHandle, at: Instant): Promise<void> {
  if (await hasEvidence(db)) await reconcileLedger(db, at)
}

/** Name of the setting that keeps how many posted reversali the evidence no longer supports, and their cents. */
export const ALARMS_SETTING = 'derived.alarms'

/** What the menu and the dashboard count (drafts ready, alarms), kept because counting again costs a reconciliation. */
async function storePlanCounts(db: WriteHandle, books: Plan, { debts, collected }: BooksEvidence): Promise<void> {
  const ready = draftCount(books.add, {
    ...(await loadPostingRules(db)),
    movementOf: (id) => collected.movementOf(id),
    accertamentoOf: (id) => debts.chartOf.get(id),
  })
  const count = new Set(books.gone.map((line) => line.reversaleId)).size
  const alarms = canonicalJson({ count, cents: sum(books.gone.map((line) => line.cents)) })
  for (const [key, value] of [
    [READY_SETTING, String(ready)],
    [ALARMS_SETTING, alarms],
  ] as const) {
    if ((await readSetting(db, key)) !== value) await writeSetting(db, key, value)
  }
}

/** What the evidence says now and what the books miss of it, all read anew, without writing. */
export async function reconcileNow(
  db: ReadHandle,
  evidence: BooksEvidence = new BooksEvidence(),
): Promise<ReconciledBooks | null> {
  const input = await evidence.refresh(db)
  if (input === null) return null
  return booksOf(input, reconcile(input), evidence)
}

const BOOKS = new MemoryKey<{ readonly day: string; readonly books: ReconciledBooks | null }>()

/** What `reconcileNow` says, remembered until the ledger changes or the day turns: pages ask for it at every refresh. */
export async function reconciledBooks(db: ReadHandle, at: Instant): Promise<ReconciledBooks | null> {
  const day = romeDate(at)
  const known = await glance(db, BOOKS)
  if (known && known.day === day) return known.books
  const books = await readBooks(db, (evidence) => reconcileNow(db, evidence))
  await keepRead(db, BOOKS, { day, books })
  return books
}

/** This write says nothing new to the reconciliation: what is remembered of it stays good. */
export function booksUntouched(db: WriteHandle): void {
  stillHolds(db, BOOKS)
}
