import type { z } from 'zod'
import type { tableInput, tableOutput } from '#contract/work-table'
import { cents } from '#domain/money'
import type { ReadHandle } from '#ledger/ledger'
import { movementsInScope } from '#ledger/posting-facts'
import { listRules } from '#ledger/rule-store'
import type { ServiceContext } from './context.ts'
import { lastActOf } from './last-act.ts'
import { reconciledBooks } from './reconcile-ledger.ts'
import { squareOfBooks } from './square-of-books.ts'
import {
  alarmItem,
  flowItem,
  type Item,
  loadFacts,
  movementItem,
  notesOf,
  type RowKind,
  rowItem,
  type TableFacts,
  type View,
} from './table-facts.ts'
import { rowsOfPage } from './table-rows.ts'
import { isAside, type Undecided, undecidedOf } from './to-decide.ts'

type Input = z.infer<typeof tableInput>

type Output = z.infer<typeof tableOutput>

type Views = Readonly<Record<View, Item[]>>

const NONE = { count: 0, cents: cents(0) }

const EMPTY_LINE = { total: NONE, matched: NONE, proposed: NONE, alone: NONE }

/** One view and page of the work table of reconciliation (SCREENS.md §10). */
export async function readTable(db: ReadHandle, context: ServiceContext, input: Input): Promise<Output> {
  const at = context.clock.now()
  const books = await reconciledBooks(db, at)
  const scopeText = await scopeInWords(db, input)
  const lastAct = await lastActOf(db, context, books)
  if (!books) {
    return {
      ...{ scopeText, from: null, to: null, movements: 0, rows: [], count: 0, lastAct, assignees: [] },
      counts: { toDecide: 0, matched: 0, uncredited: 0, ignored: 0 },
      kinds: { credit: 0, debit: 0, flowRow: 0, flow: 0, alarm: 0 },
      square: {
        credits: EMPTY_LINE,
        flows: EMPTY_LINE,
        differenceCents: cents(0),
        explanation: [],
        unexplainedCents: cents(0),
        notOurs: NONE,
      },
    }
  }
  const facts = await loadFacts(db, books, at)
  const scope = await movementsInScope(db, input)
  const undecided = undecidedOf(books, await listRules(db, ['accepted']))
  const views = viewsOf(facts, scope, input.statementId !== null, undecided)
  const view = views[input.view]
  const wanted = view.filter(
    (item) =>
      (input.kinds.length === 0 || input.kinds.includes(item.kind)) &&
      (input.assignee === null || notesOf(item, facts).assignee === input.assignee),
  )
  if (input.view === 'toDecide') wanted.sort((a, b) => rankOf(a, facts) - rankOf(b, facts) || byDate(a, b))
  const count = (kind: RowKind) => view.filter((item) => item.kind === kind).length
  const inScope = facts.index.movements.filter((s) => scope === null || scope.has(s.movement.movementId))
  const square = squareOfBooks(books, scope)
  const assignees = new Set([...facts.notes.values()].flatMap((n) => (n.assignee === null ? [] : [n.assignee])))
  return {
    scopeText,
    from: inScope[0]?.movement.bookingDate ?? null,
    to: inScope.at(-1)?.movement.bookingDate ?? null,
    movements: inScope.length,
    rows: await rowsOfPage(db, wanted.slice(input.offset, input.offset + input.limit), facts),
    count: wanted.length,
    counts: {
      toDecide: views.toDecide.length,
      matched: views.matched.length,
      uncredited: views.uncredited.length,
      ignored: views.ignored.length,
    },
    kinds: {
      credit: count('credit'),
      debit: count('debit'),
      flowRow: count('flowRow'),
      flow: count('flow'),
      alarm: count('alarm'),
    },
    square: { ...square, explanation: [...square.explanation] },
    lastAct,
    assignees: [...assignees].sort(),
  }
}

/** `ofStatement`: flows that wait for a credit on any account belong to no statement. */
function viewsOf(
  facts: TableFacts,
  scope: ReadonlySet<number> | null,
  ofStatement: boolean,
  undecided: readonly Undecided[],
): Views {
  const { index, books, flowIds } = facts
  const inScope = (movementId: number) => scope === null || scope.has(movementId)
  const touches = (flowId: string) => scope === null || (index.creditsOf.get(flowId) ?? []).some(inScope)
  const views: Views = { toDecide: [], matched: [], uncredited: [], ignored: [] }
  const waiting = new Set<unknown>()
  for (const one of undecided) {
    if (one.kind === 'credit' || one.kind === 'debit') waiting.add(one.seen)
    if (one.kind === 'flow') waiting.add(one.flow)
    if (scope !== null && !(one.anywhere && !ofStatement) && !one.on.some(inScope)) continue
    const item = itemOf(one, facts)
    if (item) views.toDecide.push(item)
  }
  for (const seen of index.movements) {
    if (waiting.has(seen) || !inScope(seen.movement.movementId)) continue
    const item = movementItem(seen, [], index)
    if (seen.outcome.state === 'matched' && seen.movement.cents > 0) views.matched.push(item)
    else views.ignored.push(item)
  }
  for (const row of index.settled) if (touches(row.flow.flowId)) views.matched.push(rowItem(row, flowIds, 0))
  for (const row of index.aside) if (touches(row.flow.flowId)) views.ignored.push(rowItem(row, flowIds, 0))
  for (const flow of books.outcome.flows) {
    if (flow.versionState === 'otherReceiver') continue
    const item = flowItem(flow.flowId, facts)
    if (!item) continue
    const decided = (index.decisionsOf.get(`f${flow.flowId}`) ?? []).some(isOfFlow)
    if (isAside(flow)) views.ignored.push(item)
    else if (decided && !waiting.has(flow) && touches(flow.flowId)) views.matched.push(item)
    const waits = flow.credit === 'notCredited' || flow.credit === 'partlyCredited'
    if (waits && flow.totalCents !== 0) views.uncredited.push(item)
  }
  if (scope === null) for (const reversaleId of facts.kept.keys()) views.matched.push(alarmItem(reversaleId, facts))
  return views
}

function itemOf(one: Undecided, facts: TableFacts): Item | null {
  switch (one.kind) {
    case 'flowRow':
      return rowItem(one.row, facts.flowIds, 12)
    case 'flow':
      return flowItem(one.flow.flowId, facts)
    case 'alarm':
      return alarmItem(one.reversaleId, facts)
    default:
      return movementItem(one.seen, one.rules, facts.index)
  }
}

const FLOW_DECISIONS: ReadonlySet<string> = new Set([
  'acceptFlow',
  'chooseVersion',
  'confirmRevocation',
  'netRevocation',
])

function isOfFlow({ kind }: { readonly kind: string }): boolean {
  return FLOW_DECISIONS.has(kind)
}

function rankOf(item: Item, facts: TableFacts): number {
  return facts.skipped.has(item.subject) ? 100 : item.rank
}

function byDate(a: Item, b: Item): number {
  return a.date === b.date ? (a.key < b.key ? -1 : 1) : a.date < b.date ? -1 : 1
}

async function scopeInWords(db: ReadHandle, input: Input): Promise<string> {
  if (input.statementId !== null) {
    const row = await db
      .selectFrom('bankStatement as s')
      .innerJoin('bankAccount as b', 'b.id', 's.bankAccountId')
      .where('s.id', '=', input.statementId)
      .select(['s.fileName', 'b.name'])
      .executeTakeFirst()
    return row ? `${row.name}, ${row.fileName}` : 'Estratto conto'
  }
  if (input.bankAccountId !== null) {
    const row = await db
      .selectFrom('bankAccount')
      .where('id', '=', input.bankAccountId)
      .select('name')
      .executeTakeFirst()
    return row?.name ?? 'Conto'
  }
  return 'Tutti i conti'
}
