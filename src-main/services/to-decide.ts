import { foldFlowId } from '#domain/flow-id'
import { canonicalJson } from '#domain/json'
import { ruleFits } from '#domain/learned-rule'
import { cents, sum } from '#domain/money'
import type { FlowOutcome, MovementState } from '#domain/reconcile-outcome'
import type { WriteHandle } from '#ledger/ledger'
import { listRules, type RuleRow } from '#ledger/rule-store'
import { readSetting, writeSetting } from '#ledger/setting'
import { statementsOf, TO_DECIDE_SETTING, type ToDecide } from '#ledger/to-decide'
import type { ReconciledBooks } from './reconciled-books.ts'
import { leftOf, partOf, type Seen, type SeenRow, type TableIndex, tableIndex, wordsOf } from './table-index.ts'

/** Something that waits for a person. Menu, dashboard, list of statements and work table count these and nothing else. */
export type Undecided = {
  /** Movements that it is about: it shows where they show. */
  readonly on: readonly number[]
  /** Of a flow that no credit gives to yet: any account may be the one. */
  readonly anywhere: boolean
} & (
  | { readonly kind: 'credit' | 'debit'; readonly seen: Seen; readonly rules: readonly RuleRow[] }
  | { readonly kind: 'flowRow'; readonly row: SeenRow }
  | { readonly kind: 'flow'; readonly flow: FlowOutcome }
  | { readonly kind: 'alarm'; readonly reversaleId: number }
)

/** Ask for a person whatever else is known, while something is left. */
const WAITING: ReadonlySet<MovementState> = new Set(['differs', 'surplus', 'waiting', 'truncated', 'storned'])

/** Of a storno: it takes back more than there is, or what stays in the books; or it may be no storno. */
const STORNO_ASKS: ReadonlySet<string> = new Set(['STORNO_EXCEEDS', 'STORNO_KEPT', 'MAYBE_REFUND', 'STORNO_IN_PART'])

/** `rules`: those accepted. */
export function undecidedOf(books: ReconciledBooks, rules: readonly RuleRow[]): Undecided[] {
  const index = tableIndex(books)
  const found: Undecided[] = []
  for (const seen of index.movements) {
    const { movementId, cents: amount } = seen.movement
    const fits =
      rules.length > 0 && amount > 0 && leftOf(seen) > 0 && partOf(seen) === null ? rulesFor(seen, rules) : []
    if (!waits(seen, index, fits.length > 0)) continue
    found.push({ kind: amount < 0 ? 'debit' : 'credit', seen, rules: fits, on: [movementId], anywhere: false })
  }
  for (const row of index.held) {
    const on = index.creditsOf.get(row.flow.flowId) ?? []
    found.push({ kind: 'flowRow', row, on, anywhere: on.length === 0 })
  }
  const blocked = books.outcome.flows.filter(
    (flow) => flow.blocked && flow.versionState !== 'otherReceiver' && !isAside(flow),
  )
  const named = blocked.length === 0 ? new Map<string, number[]>() : movementsThatName(blocked, index)
  for (const flow of blocked) {
    const on = [...(index.creditsOf.get(flow.flowId) ?? []), ...(named.get(flow.flowId) ?? [])]
    found.push({ kind: 'flow', flow, on, anywhere: flow.credit === 'notCredited' })
  }
  for (const [reversaleId, lines] of index.goneOf) {
    found.push({ kind: 'alarm', reversaleId, on: lines.map((line) => line.movementId), anywhere: false })
  }
  return found
}

/** A person has said that nothing is to be said of it for now. */
export function isAside(flow: FlowOutcome): boolean {
  return flow.labels[0]?.code === 'SET_ASIDE'
}

/**
 * Credits of strangers, that say nothing of pagoPA and look like nobody's debt, ask for nothing; nor do debits, unless they
 * carry a reference that found no credit, or take back more than there was.
 */
function waits(seen: Seen, index: TableIndex, ruled: boolean): boolean {
  const { movement, outcome } = seen
  if (isUnpaid(seen)) return true
  if (movement.cents < 0) {
    if (outcome.state === 'storno') return outcome.labels.some((l) => STORNO_ASKS.has(l.code))
    if (outcome.state !== 'debit') return false
    const { flows, truncated, iuvs } = movement.reference
    return outcome.labels.length > 1 || flows.length > 0 || truncated.length > 0 || iuvs.some((i) => i.sure)
  }
  if (leftOf(seen) <= 0) return false
  if (outcome.state === 'noReference') {
    return ruled || index.proposalsOf.has(movement.movementId) || outcome.labels[0]?.code === 'MAYBE_PAID_AGAIN'
  }
  return WAITING.has(outcome.state) || partOf(seen) !== null
}

/** What was raised for its money stands, and its money does not come: even with nothing left of it. */
export function isUnpaid({ outcome }: Seen): boolean {
  return outcome.labels[0]?.code === 'ASSIGNED_UNPAID'
}

function rulesFor({ movement }: Seen, rules: readonly RuleRow[]): RuleRow[] {
  const bankAccountId = movement.bankAccountId ?? 0
  const credit = { bankAccountId, words: wordsOf(movement) }
  return rules.filter((rule) => ruleFits(rule, credit))
}

function movementsThatName(flows: readonly FlowOutcome[], index: TableIndex): Map<string, number[]> {
  const byFold = Map.groupBy(flows, (flow) => foldFlowId(flow.flowId))
  const named = new Map<string, number[]>()
  for (const { movement } of index.movements) {
    for (const fold of new Set(movement.reference.flows.flatMap((f) => f.folds))) {
      for (const { flowId } of byFold.get(fold) ?? []) {
        const list = named.get(flowId)
        if (list) list.push(movement.movementId)
        else named.set(flowId, [movement.movementId])
      }
    }
  }
  return named
}

/** Keeps the counts, in the write that changes what is to be decided. */
export async function storeToDecide(db: WriteHandle, books: ReconciledBooks): Promise<void> {
  const all = undecidedOf(books, await listRules(db, ['accepted']))
  const count = (kind: Undecided['kind']) => all.filter((u) => u.kind === kind).length
  const statementOf = await statementsOf(
    db,
    all.flatMap((u) => u.on),
  )
  const statements: Record<string, number> = {}
  for (const { on } of all) {
    for (const id of new Set(on.flatMap((movement) => statementOf.get(movement) ?? []))) {
      statements[id] = (statements[id] ?? 0) + 1
    }
  }
  const kept: ToDecide = {
    credit: count('credit'),
    creditCents: sum(all.map((u) => (u.kind === 'credit' ? leftOf(u.seen) : cents(0)))),
    debit: count('debit'),
    flowRow: count('flowRow'),
    flow: count('flow'),
    alarm: count('alarm'),
    statements,
  }
  const text = canonicalJson({ ...kept })
  if ((await readSetting(db, TO_DECIDE_SETTING)) !== text) await writeSetting(db, TO_DECIDE_SETTING, text)
}
