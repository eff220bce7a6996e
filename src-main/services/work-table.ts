import type { z } from 'zod'
import type { tableInput, tableOutput } from '#contract/work-table'
import { ruleFits } from '#domain/learned-rule'
import { cents } from '#domain/money'
import { squareOf } from '#domain/quadratura'
import type { ReadHandle } from '#ledger/ledger'
import { movementsInScope } from '#ledger/posting-facts'
import { listRules, type RuleRow } from '#ledger/rule-store'
import type { ServiceContext } from './context.ts'
import { lastActOf } from './last-act.ts'
import { reconciledBooks } from './reconcile-ledger.ts'
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
import { leftOf, type Seen, waits, wordsOf } from './table-index.ts'
import { rowsOfPage } from './table-rows.ts'
import { wireLabel } from './wire-label.ts'

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
      square: { credits: EMPTY_LINE, flows: EMPTY_LINE, differenceCents: cents(0), explanation: [], explained: true },
    }
  }
  const facts = await loadFacts(db, books, at)
  const scope = await movementsInScope(db, input)
  const views = viewsOf(facts, scope, await listRules(db, ['accepted']))
  const view = views[input.view]
  const wanted = view.filter(
    (item) =>
      (input.kinds.length === 0 || input.kinds.includes(item.kind)) &&
      (input.assignee === null || notesOf(item, facts).assignee === input.assignee),
  )
  if (input.view === 'toDecide') wanted.sort((a, b) => rankOf(a, facts) - rankOf(b, facts) || byDate(a, b))
  const count = (kind: RowKind) => view.filter((item) => item.kind === kind).length
  const inScope = facts.index.movements.filter((s) => scope === null || scope.has(s.movement.movementId))
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
    square: squareOfScope(facts, inScope, scope === null),
    lastAct,
    assignees: [...assignees].sort(),
  }
}

function viewsOf(facts: TableFacts, scope: ReadonlySet<number> | null, rules: readonly RuleRow[]): Views {
  const { index, books, flowIds } = facts
  const inScope = (movementId: number) => scope === null || scope.has(movementId)
  const touches = (flowId: string) => scope === null || (index.creditsOf.get(flowId) ?? []).some(inScope)
  const views: Views = { toDecide: [], matched: [], uncredited: [], ignored: [] }
  for (const seen of index.movements) {
    const { movement, outcome } = seen
    if (!inScope(movement.movementId)) continue
    const fits = rules.length > 0 && movement.cents > 0 && leftOf(seen) > 0 ? rulesFor(seen, rules) : []
    const item = movementItem(seen, fits, index)
    if (waits(seen, index, fits.length > 0)) views.toDecide.push(item)
    else if (outcome.state === 'matched' && movement.cents > 0) views.matched.push(item)
    else views.ignored.push(item)
  }
  for (const row of index.held) if (touches(row.flow.flowId)) views.toDecide.push(rowItem(row, flowIds, 12))
  for (const row of index.assigned) if (touches(row.flow.flowId)) views.matched.push(rowItem(row, flowIds, 0))
  for (const flow of books.outcome.flows) {
    if (flow.versionState === 'otherReceiver') continue
    const item = flowItem(flow.flowId, facts)
    if (!item) continue
    if (flow.blocked && (scope === null || flow.credit === 'notCredited' || touches(flow.flowId))) {
      views.toDecide.push(item)
    } else if ((index.decisionsOf.get(`f${flow.flowId}`) ?? []).some(isOfFlow) && touches(flow.flowId)) {
      views.matched.push(item)
    }
    if (flow.credit === 'notCredited' && flow.totalCents !== 0) views.uncredited.push(item)
  }
  for (const [reversaleId, lines] of index.goneOf) {
    if (scope === null || lines.some((line) => scope.has(line.movementId)))
      views.toDecide.push(alarmItem(reversaleId, facts))
  }
  if (scope === null) for (const reversaleId of facts.kept.keys()) views.matched.push(alarmItem(reversaleId, facts))
  return views
}

function isOfFlow({ kind }: { readonly kind: string }): boolean {
  return kind === 'acceptFlow' || kind === 'chooseVersion' || kind === 'confirmRevocation'
}

function rulesFor({ movement }: Seen, rules: readonly RuleRow[]): RuleRow[] {
  const bankAccountId = movement.bankAccountId ?? 0
  const credit = { bankAccountId, words: wordsOf(movement) }
  return rules.filter((rule) => ruleFits(rule, credit))
}

function rankOf(item: Item, facts: TableFacts): number {
  return facts.skipped.has(item.subject) ? 100 : item.rank
}

function byDate(a: Item, b: Item): number {
  return a.date === b.date ? (a.key < b.key ? -1 : 1) : a.date < b.date ? -1 : 1
}

/** Flows of a scope: those its credits cover, and, as they may be waited for on any account, those not covered yet. */
function squareOfScope({ index, books, today }: TableFacts, seen: readonly Seen[], whole: boolean): Output['square'] {
  const covered = new Map<string, number>()
  const proposedFlows = new Set<string>()
  const credits = seen
    .filter((s) => s.movement.cents > 0)
    .map(({ movement, outcome }) => {
      let toFlows = 0
      let toOthers = 0
      for (const { target, cents: amount } of index.edgesOf.get(movement.movementId) ?? []) {
        if (target.kind === 'flow') {
          toFlows += amount
          covered.set(target.flowId, (covered.get(target.flowId) ?? 0) + amount)
        } else toOthers += amount
      }
      const proposals = index.proposalsOf.get(movement.movementId) ?? []
      for (const { target } of proposals) if (target.kind === 'flow') proposedFlows.add(target.flowId)
      const first = outcome.labels[0]
      return {
        cents: movement.cents,
        toFlows: cents(toFlows),
        toOthers: cents(toOthers),
        proposed: proposals.length > 0,
        reason: first ? wireLabel(first, today).title.toLowerCase() : '',
      }
    })
  const flows = books.outcome.flows
    .filter((f) => f.versionState === 'active' && (covered.has(f.flowId) || f.credit !== 'credited'))
    .map((f) => {
      const first = f.labels[0]
      // Over the whole ledger the flow's own figure is used: it must say the same as the credits.
      const own = whole && f.credit === 'credited' ? f.creditedCents : cents(covered.get(f.flowId) ?? 0)
      const title = first ? wireLabel(first, today).title.toLowerCase() : ''
      const reason = f.credit === 'credited' ? 'accreditati in altri estratti conto' : title
      return { cents: f.totalCents, covered: own, proposed: proposedFlows.has(f.flowId), reason }
    })
  const square = squareOf(credits, flows)
  return { ...square, explanation: square.explanation.map((e) => ({ ...e })) }
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
