import { type Instant, romeDate } from '#domain/date'
import { canonicalJson } from '#domain/json'
import { sum } from '#domain/money'
import { type Plan, plan } from '#domain/plan'
import { groupForPosting } from '#domain/posting-groups'
import { reconcile } from '#domain/reconcile'
import type { ReconcileInput } from '#domain/reconcile-evidence'
import type { ReconcileOutcome } from '#domain/reconcile-outcome'
import { READY_SETTING } from '#ledger/badges'
import type { Ledger, ReadHandle, WriteHandle } from '#ledger/ledger'
import { storeOutcome } from '#ledger/outcome-store'
import { loadPostingFacts } from '#ledger/posting-facts'
import { hasEvidence, loadEvidence, loadPosted, type PostedLineRow } from '#ledger/reconcile-load'
import { readRevision } from '#ledger/revision'
import { readSetting, writeSetting } from '#ledger/setting'

export interface Reconciled {
  readonly input: ReconcileInput
  readonly outcome: ReconcileOutcome
}

export interface ReconciledBooks extends Reconciled {
  readonly posted: readonly PostedLineRow[]
  readonly plan: Plan
}

/**
 * Reads all the evidence, reconciles it and writes matches, labels, proposals and payment states. To be called at the
 * end of every write that brings evidence, decisions or annulments, inside that write: lists never show the old state.
 * Null before the institution is set.
 */
export async function reconcileLedger(db: WriteHandle, at: Instant): Promise<ReconciledBooks | null> {
  const input = await loadEvidence(db, romeDate(at))
  if (!input) return null
  const outcome = reconcile(input)
  await storeOutcome(db, input, outcome, at)
  const books = await withPlan(db, { input, outcome })
  await storePlanCounts(db, books.plan, at)
  return books
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
export async function storePlanCounts(db: WriteHandle, books: Plan, at: Instant): Promise<void> {
  const facts = await loadPostingFacts(db, books.add, romeDate(at))
  const ready = String(groupForPosting(books.add, facts.context).drafts.length)
  const count = new Set(books.gone.map((line) => line.reversaleId)).size
  const alarms = canonicalJson({ count, cents: sum(books.gone.map((line) => line.cents)) })
  for (const [key, value] of [
    [READY_SETTING, ready],
    [ALARMS_SETTING, alarms],
  ] as const) {
    if ((await readSetting(db, key)) !== value) await writeSetting(db, key, value)
  }
}

/** What the evidence says now and what the books miss of it, without writing. */
export async function reconcileNow(db: ReadHandle, at: Instant): Promise<ReconciledBooks | null> {
  const input = await loadEvidence(db, romeDate(at))
  return input === null ? null : withPlan(db, { input, outcome: reconcile(input) })
}

export async function withPlan(db: ReadHandle, reconciled: Reconciled): Promise<ReconciledBooks> {
  const posted = await loadPosted(db)
  return { ...reconciled, posted, plan: plan(reconciled.outcome.lines, posted) }
}

interface Kept {
  readonly revision: number
  readonly day: string
  readonly books: ReconciledBooks | null
}

const last = new WeakMap<Ledger, Kept>()

/** `reconcileNow`, remembered until the ledger changes or the day turns: pages ask for it at every refresh. */
export async function reconciledBooks(ledger: Ledger, db: ReadHandle, at: Instant): Promise<ReconciledBooks | null> {
  const revision = await readRevision(db)
  const day = romeDate(at)
  const known = last.get(ledger)
  if (known && known.revision === revision && known.day === day) return known.books
  const books = await reconcileNow(db, at)
  last.set(ledger, { revision, day, books })
  return books
}
