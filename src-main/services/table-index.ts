import { foldFlowId } from '#domain/flow-id'
import { type Label, labelOf } from '#domain/labels'
import { ruleWords } from '#domain/learned-rule'
import type { Cents } from '#domain/money'
import type { PostedLine } from '#domain/plan'
import type { Decision, FlowVersionEvidence, MovementEvidence } from '#domain/reconcile-evidence'
import { rowKeyOf } from '#domain/reconcile-evidence'
import type { Edge, FlowOutcome, MovementOutcome, Proposal } from '#domain/reconcile-outcome'
import type { ReconciledBooks } from './reconciled-books.ts'
import { unpaidAssignments } from './unpaid-assignment.ts'

export interface Seen {
  readonly movement: MovementEvidence
  readonly outcome: MovementOutcome
}

export interface SeenRow {
  readonly flow: FlowOutcome
  readonly version: FlowVersionEvidence
  readonly ordinal: number
  readonly rowKey: string
  readonly label: Label
}

/** What one reconciliation says, found by what the work table asks. Made once for each. */
export interface TableIndex {
  /** By booking date. */
  readonly movements: readonly Seen[]
  readonly byMovement: ReadonlyMap<number, Seen>
  readonly edgesOf: ReadonlyMap<number, Edge[]>
  /** Movements that give to each flow. */
  readonly creditsOf: ReadonlyMap<string, readonly number[]>
  readonly proposalsOf: ReadonlyMap<number, Proposal[]>
  readonly versions: ReadonlyMap<number, FlowVersionEvidence>
  readonly versionsOf: ReadonlyMap<string, FlowVersionEvidence[]>
  readonly flows: ReadonlyMap<string, FlowOutcome>
  readonly folds: ReadonlySet<string>
  /** Payments held inside credited flows, of which something is to be said. */
  readonly held: readonly SeenRow[]
  /** Assigned by hand, or taken back by a revocation that a person confirmed. */
  readonly settled: readonly SeenRow[]
  readonly aside: readonly SeenRow[]
  readonly goneOf: ReadonlyMap<number, PostedLine[]>
  readonly postedOf: ReadonlyMap<number, number>
  /** `flowId|rowKey` of posted rows. */
  readonly postedRows: ReadonlySet<string>
  readonly postedFlows: ReadonlySet<string>
  readonly decisionsOf: ReadonlyMap<string, Decision[]>
  /** Credits and debits by amount without sign. */
  readonly byAmount: ReadonlyMap<number, Seen[]>
}

const made = new WeakMap<ReconciledBooks, TableIndex>()

export function tableIndex(books: ReconciledBooks): TableIndex {
  const known = made.get(books)
  if (known) return known
  const index = makeIndex(books)
  made.set(books, index)
  return index
}

function makeIndex(books: ReconciledBooks): TableIndex {
  const { input, outcome, plan, posted } = books
  const unpaid = unpaidAssignments(books)
  const evidence = new Map(input.movements.map((m) => [m.movementId, m]))
  const movements = outcome.movements.flatMap((o): Seen[] => {
    const movement = evidence.get(o.movementId)
    const raised = unpaid.movements.get(o.movementId)
    const said = raised === undefined ? o : { ...o, labels: [unpaidLabel(raised), ...o.labels] }
    return movement ? [{ movement, outcome: said }] : []
  })
  const versions = new Map(input.versions.map((v) => [v.versionId, v]))
  const versionsOf = Map.groupBy(input.versions, (v) => v.flowId)
  const held: SeenRow[] = []
  const settled: SeenRow[] = []
  const aside: SeenRow[] = []
  for (const flow of outcome.flows) {
    const version = versions.get(flow.versionId)
    if (!version) continue
    let keys: string[] | null = null
    const asked = new Set<string>()
    for (const [rowKey, one] of unpaid.rows.get(flow.flowId) ?? []) {
      const found = lastWith(rowKey, version, versionsOf.get(flow.flowId) ?? [])
      if (!found || (found.version === version && waitsForMoney(flow, found.ordinal, version, one.given))) continue
      held.push({ flow, ...found, rowKey, label: unpaidLabel(one.raised) })
      asked.add(rowKey)
    }
    flow.rows.forEach((row, ordinal) => {
      const isHeld = row.state === 'held'
      if (!isHeld && row.label.code !== 'ASSIGNED_BY_HAND') return
      keys ??= rowKeys(version)
      if (asked.has(keys[ordinal] as string)) return
      const seen = { flow, version, ordinal, rowKey: keys[ordinal] as string, label: row.label }
      if (!isHeld || row.label.code === 'REVOKED_BY') settled.push(seen)
      else if (row.label.code === 'SET_ASIDE') aside.push(seen)
      else held.push(seen)
    })
  }
  const edgesOf = Map.groupBy(outcome.edges, (edge) => edge.movementId)
  const creditsOf = new Map<string, number[]>()
  for (const { movementId, target } of outcome.edges) {
    if (target.kind !== 'flow') continue
    const list = creditsOf.get(target.flowId)
    if (list) list.push(movementId)
    else creditsOf.set(target.flowId, [movementId])
  }
  const postedOf = new Map<number, number>()
  const postedRows = new Set<string>()
  const postedFlows = new Set<string>()
  for (const line of posted) {
    postedOf.set(line.movementId, (postedOf.get(line.movementId) ?? 0) + line.cents)
    if (line.flowId === null) continue
    postedFlows.add(line.flowId)
    postedRows.add(`${line.flowId}|${line.rowKey}`)
  }
  const decisionsOf = new Map<string, Decision[]>()
  for (const decision of input.decisions) {
    for (const key of subjectsOf(decision)) {
      const list = decisionsOf.get(key)
      if (list) list.push(decision)
      else decisionsOf.set(key, [decision])
    }
  }
  const ours = outcome.flows.filter((f) => f.versionState !== 'otherReceiver')
  return {
    movements,
    byMovement: new Map(movements.map((seen) => [seen.movement.movementId, seen])),
    edgesOf,
    creditsOf,
    proposalsOf: Map.groupBy(outcome.proposals, (p) => p.movementId),
    versions,
    versionsOf,
    flows: new Map(outcome.flows.map((f) => [f.flowId, f])),
    folds: new Set(ours.map((f) => foldFlowId(f.flowId))),
    held,
    settled,
    aside,
    goneOf: Map.groupBy(plan.gone, (line) => line.reversaleId),
    postedOf,
    postedRows,
    postedFlows,
    decisionsOf,
    byAmount: Map.groupBy(movements, (seen) => Math.abs(seen.movement.cents)),
  }
}

function unpaidLabel(amount: Cents): Label {
  return labelOf('ASSIGNED_UNPAID', { cents: amount })
}

/**
 * The row is as it was assigned, and its flow or its credit asks by itself: an answer there brings the money back. Or a
 * revocation took it, which leans on the assignment.
 */
function waitsForMoney(flow: FlowOutcome, ordinal: number, { rows }: FlowVersionEvidence, given: Cents): boolean {
  const row = flow.rows[ordinal]
  if (row?.label.code === 'REVOKED_BY') return true
  const isAsIt = row?.state === 'waiting' && rows[ordinal]?.cents === given
  return isAsIt && (flow.blocked || flow.credit !== 'notCredited')
}

/** Where a row stands: in the version that counts, else in the latest of its flow that had it. */
function lastWith(
  rowKey: string,
  version: FlowVersionEvidence,
  all: readonly FlowVersionEvidence[],
): { readonly version: FlowVersionEvidence; readonly ordinal: number } | null {
  const older = all.filter((v) => v.receiver === version.receiver && v !== version)
  older.sort((a, b) => (a.flowDateTime < b.flowDateTime ? 1 : -1))
  for (const one of [version, ...older]) {
    const ordinal = rowKeys(one).indexOf(rowKey)
    if (ordinal >= 0) return { version: one, ordinal }
  }
  return null
}

/** Keys of a version's rows, in file order. */
export function rowKeys(version: FlowVersionEvidence): string[] {
  const seen = new Map<string, number>()
  return version.rows.map((row) => {
    const first = rowKeyOf(row, 1)
    const n = (seen.get(first) ?? 0) + 1
    seen.set(first, n)
    return rowKeyOf(row, n)
  })
}

function subjectsOf(decision: Decision): string[] {
  switch (decision.kind) {
    case 'manualMatch':
    case 'exclude':
      return [`m${decision.movementId}`]
    case 'internal':
      return [`m${decision.movementId}`, `m${decision.debitMovementId}`]
    case 'storno':
      return [`m${decision.movementId}`, `m${decision.creditMovementId}`]
    case 'acceptFlow':
    case 'chooseVersion':
    case 'netRevocation':
      return [`f${decision.flowId}`]
    case 'setAside':
      if ('movementId' in decision) return [`m${decision.movementId}`]
      return decision.rowKey === null
        ? [`f${decision.flowId}`]
        : [`f${decision.flowId}`, `f${decision.flowId}|${decision.rowKey}`]
    case 'confirmRevocation':
    case 'assignRow':
      return [`f${decision.flowId}`, `f${decision.flowId}|${decision.rowKey}`]
    default:
      return []
  }
}

/** What waits for a counterpart. Of a credit matched by hand, what the person left out: the rest waits for other money. */
export function leftOf(seen: Seen): Cents {
  const { movement, outcome } = seen
  const part = partOf(seen)
  if (part !== null) return part
  return movement.cents < 0 ? movement.cents : ((outcome.availableCents - outcome.matchedCents) as Cents)
}

/** What a match by hand leaves of its credit; null when there is none, or it leaves nothing. */
export function partOf({ outcome }: Seen): Cents | null {
  if (outcome.state !== 'matched') return null
  const label = outcome.labels.find((l) => l.code === 'PARTLY_ASSIGNED')
  return label ? (Number(label.params.left) as Cents) : null
}

const words = new WeakMap<MovementEvidence, ReadonlySet<string>>()

/** Words that rules look at, read once for each movement. */
export function wordsOf(movement: MovementEvidence): ReadonlySet<string> {
  let found = words.get(movement)
  if (!found) {
    found = ruleWords(movement.description)
    words.set(movement, found)
  }
  return found
}
