import type { z } from 'zod'
import type { rowKind, tableInput, tableOutput, tableRowSchema, tableView } from '#contract/work-table'
import type { Id } from '#domain/brand'
import { formatDate, type Instant, type IsoDate, romeDate } from '#domain/date'
import { ruleFits } from '#domain/learned-rule'
import { cents, formatCents } from '#domain/money'
import { squareOf } from '#domain/quadratura'
import { type DecisionRow, decisionsWithRevocations } from '#ledger/decision'
import type { ReadHandle } from '#ledger/ledger'
import { allNoteCounts, NO_NOTES, type NoteCount } from '#ledger/note-store'
import { movementsInScope } from '#ledger/posting-facts'
import { listRules, type RuleRow } from '#ledger/rule-store'
import { standing } from '#ledger/table-load'
import { nameOfReversale } from './act-plan.ts'
import { actsOfSession } from './act-stack.ts'
import type { ServiceContext } from './context.ts'
import { type ReconciledBooks, reconciledBooks } from './reconcile-ledger.ts'
import { leftOf, type Seen, type SeenRow, type TableIndex, tableIndex, waits, wordsOf } from './table-index.ts'
import { rowsOfPage } from './table-rows.ts'
import { wireLabel } from './wire-label.ts'

export type TableRow = z.infer<typeof tableRowSchema>
type Input = z.infer<typeof tableInput>
type Output = z.infer<typeof tableOutput>
export type View = z.infer<typeof tableView>
export type RowKind = z.infer<typeof rowKind>

/** A row of the table before it is shown: enough to count, to filter and to put in order. */
export type Item = {
  readonly key: string
  /** What skips, notes and decisions are filed under. */
  readonly subject: string
  readonly notePlace: string
  readonly date: IsoDate
  readonly rank: number
} & (
  | { readonly kind: 'credit' | 'debit'; readonly seen: Seen; readonly rules: readonly RuleRow[] }
  | { readonly kind: 'flowRow'; readonly row: SeenRow }
  | { readonly kind: 'flow'; readonly flowId: string }
  | { readonly kind: 'alarm'; readonly reversaleId: number }
)

export interface TableFacts {
  readonly books: ReconciledBooks
  readonly index: TableIndex
  readonly today: IsoDate
  readonly skipped: ReadonlySet<string>
  readonly notes: ReadonlyMap<string, NoteCount>
  /** Standing `keepReversale`, by reversale. */
  readonly kept: ReadonlyMap<number, Id<'decision'>>
  readonly accounts: ReadonlyMap<number, string>
  readonly flowIds: ReadonlyMap<string, Id<'reportingFlow'>>
}

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

export async function loadFacts(db: ReadHandle, books: ReconciledBooks, at: Instant): Promise<TableFacts> {
  const today = romeDate(at)
  const twoDaysAgo = new Date(Date.parse(at) - 48 * 3_600_000).toISOString() as Instant
  const skips = (await standing(db, ['skip'], twoDaysAgo)).filter((d) => (d.payload as { day?: string }).day === today)
  const kept = await standing(db, ['keepReversale'])
  const accounts = await db.selectFrom('bankAccount').select(['id', 'name']).execute()
  const flows = await db
    .selectFrom('reportingFlow')
    .where('receiver', '=', books.input.receiver)
    .select(['id', 'flowId'])
    .execute()
  return {
    books,
    index: tableIndex(books),
    today,
    skipped: new Set(skips.map((d) => `${d.subjectKind}|${d.subjectKey}`)),
    notes: await allNoteCounts(db),
    kept: new Map(kept.map((d) => [(d.payload as { reversaleId: number }).reversaleId, d.id])),
    accounts: new Map(accounts.map((a) => [a.id, a.name])),
    flowIds: new Map(flows.map((f) => [f.flowId, f.id])),
  }
}

export function notesOf(item: Pick<Item, 'notePlace'>, facts: TableFacts): NoteCount {
  return facts.notes.get(item.notePlace) ?? NO_NOTES
}

type Views = Readonly<Record<View, Item[]>>

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

const STRENGTH = ['TRN', 'PARTS', 'TRUNCATED', 'PSP', 'DEBTOR', 'AMOUNT']

/** Proposals by strength, then what waits for a word, then amounts that differ, then orphans. */
function movementRank({ movement, outcome }: Seen, rules: readonly RuleRow[], index: TableIndex): number {
  const best = index.proposalsOf.get(movement.movementId)?.[0]
  if (best) return STRENGTH.indexOf(best.level)
  if (rules.length > 0) return 7
  if (movement.cents < 0) return 15
  return outcome.state === 'differs' || outcome.state === 'surplus' ? 10 : 20
}

export function movementItem(seen: Seen, rules: readonly RuleRow[], index: TableIndex): Item {
  const { movementId, bookingDate, cents: amount } = seen.movement
  return {
    kind: amount < 0 ? 'debit' : 'credit',
    key: `m${movementId}`,
    subject: `bankMovement|${movementId}`,
    notePlace: `bankMovement#${movementId}`,
    date: bookingDate,
    rank: movementRank(seen, rules, index),
    seen,
    rules,
  }
}

export function rowItem(row: SeenRow, flowIds: TableFacts['flowIds'], rank: number): Item {
  const { flowId } = row.flow
  const id = flowIds.get(flowId) ?? 0
  return {
    kind: 'flowRow',
    key: `f${id}|${row.rowKey}`,
    subject: `flowRow|${flowId}|${row.rowKey}`,
    notePlace: `flowRow ${row.rowKey}#${id}`,
    date: row.version.rows[row.ordinal]?.outcomeDate ?? row.version.regulationDate,
    rank,
    row,
  }
}

export function flowItem(flowId: string, { index, flowIds }: TableFacts): Item | null {
  const id = flowIds.get(flowId)
  const flow = index.flows.get(flowId)
  const version = index.versions.get(flow?.versionId ?? 0)
  if (id === undefined || !version) return null
  return {
    kind: 'flow',
    key: `f${id}`,
    subject: `reportingFlow|${id}`,
    notePlace: `reportingFlow#${id}`,
    date: version.regulationDate,
    rank: 9,
    flowId,
  }
}

function alarmItem(reversaleId: number, { index, today }: TableFacts): Item {
  const first = index.goneOf.get(reversaleId)?.[0]
  const date = index.byMovement.get(first?.movementId ?? 0)?.movement.bookingDate ?? today
  return {
    kind: 'alarm',
    key: `r${reversaleId}`,
    subject: `reversale|${reversaleId}`,
    notePlace: `reversale#${reversaleId}`,
    date,
    rank: 8,
    reversaleId,
  }
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

const ACTS: Readonly<Record<string, string>> = {
  manualMatch: 'Abbinato',
  exclude: 'Escluso',
  internal: 'Segnato come giroconto',
  storno: 'Segnato come storno',
  skip: 'Rimandato',
  acceptFlow: 'Accettato',
  chooseVersion: 'Scelta la versione del',
  confirmRevocation: 'Confermata la revoca nel',
  assignRow: 'Attribuito',
  paidOutside: 'Segnata pagata fuori da pagoPA',
  keepReversale: 'Tenuta',
}

/** The last act of this operator that still stands, since the ledger was opened. */
async function lastActOf(
  db: ReadHandle,
  context: ServiceContext,
  books: ReconciledBooks | null,
): Promise<Output['lastAct']> {
  for (const act of actsOfSession(context.ledger, context.operator)) {
    const ids = new Set<number>(act)
    const rows = (await decisionsWithRevocations(db, act)).filter((row) => ids.has(row.id) && !row.revoked)
    const [first] = rows
    if (!first) continue
    const many = rows.length > 1
    const text = many ? `${rows.length} decisioni` : inWords(first, books)
    return { decisionIds: rows.map((row) => row.id), text }
  }
  return null
}

function inWords(decision: DecisionRow, books: ReconciledBooks | null): string {
  const verb = ACTS[decision.kind] ?? decision.kind
  const payload = decision.payload as {
    readonly movementIds?: readonly number[]
    readonly movementId?: number
    readonly flowId?: string
    readonly reversaleId?: number
    readonly document?: string
  }
  const many = payload.movementIds?.length ?? 1
  if (many > 1) return `${verb} ${many} movimenti`
  const subject = decision.subjectKind === 'bankMovement' ? Number(decision.subjectKey) : undefined
  const id = payload.movementId ?? payload.movementIds?.[0] ?? subject
  const movement = id === undefined ? undefined : books && tableIndex(books).byMovement.get(id)?.movement
  if (movement) {
    const what = movement.cents < 0 ? 'l’addebito' : 'l’accredito'
    const amount = formatCents(cents(Math.abs(movement.cents)))
    return `${verb} ${what} del ${formatDate(movement.bookingDate)} di ${amount}`
  }
  if (decision.kind === 'assignRow' || decision.kind === 'skip') return `${verb} un pagamento`
  if (payload.flowId) return `${verb} flusso ${payload.flowId}`
  if (payload.reversaleId) return `${verb} la reversale ${nameOfReversale(payload.reversaleId)}`
  return payload.document ? `${verb} (${payload.document})` : verb
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
