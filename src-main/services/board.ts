import type { z } from 'zod'
import type { boardRowSchema } from '#contract/reconciliation'
import type { Id } from '#domain/brand'
import { readCausale } from '#domain/causale'
import { formatDate, type IsoDate } from '#domain/date'
import { type Cents, cents, formatCents, sum } from '#domain/money'
import { type SquareCredit, type SquareFlow, squareOf } from '#domain/quadratura'
import {
  type BoardMatch,
  type BoardProposal,
  boardProposals,
  type OpenDebt,
  openBoardMatches,
  openDebts,
  type PayerRow,
  payersOf,
} from '#ledger/board-load'
import { type DecisionRow, listDecisions } from '#ledger/decision'
import { type FlowRow, listFlows } from '#ledger/flow-list'
import type { ReadHandle } from '#ledger/ledger'
import { listMovements, listStatements, type MovementRow } from '#ledger/movement-list'
import { allNoteCounts, type NoteCount } from '#ledger/note-store'
import { WAITING_STATES } from '#ledger/waiting-credit'
import { type Candidate, debtCandidate, flowCandidate, levelOf } from './board-candidates.ts'
import type { Scope } from './reversale-drafts.ts'
import { storedLabel } from './wire-label.ts'

type BoardRow = z.infer<typeof boardRowSchema>

const UNDECIDED: ReadonlySet<string> = new Set(WAITING_STATES)

/** All that the work table is made of, read once. */
interface Table {
  readonly today: IsoDate
  readonly movements: readonly MovementRow[]
  readonly flows: ReadonlyMap<number, FlowRow>
  readonly matchesOf: ReadonlyMap<number, BoardMatch[]>
  readonly proposalsOf: ReadonlyMap<number, BoardProposal[]>
  readonly debts: ReadonlyMap<number, OpenDebt>
  readonly payers: ReadonlyMap<number, PayerRow[]>
  readonly folds: ReadonlySet<string>
  readonly notes: ReadonlyMap<string, NoteCount>
  readonly decisions: readonly DecisionRow[]
  readonly skipped: ReadonlySet<number>
}

/** The work table of reconciliation: what waits for a person, what is matched, what is left and why (SCREENS.md §10). */
export async function readBoard(db: ReadHandle, scope: Scope, today: IsoDate) {
  const table = await loadTable(db, scope, today)
  const credits = table.movements.filter((m) => m.cents > 0)
  const undecided = credits.filter((m) => isUndecided(m, table))
  const toDecide = undecided.map((m) => boardRow(m, table)).sort(byStrength)
  const days = table.movements.map((m) => m.bookingDate)
  return {
    scopeText: await scopeInWords(db, scope, table),
    from: days[0] ?? null,
    to: days.at(-1) ?? null,
    movements: table.movements.length,
    toDecide,
    matched: credits.filter((m) => m.state === 'matched').map((m) => matchedRow(m, table)),
    flowsWithoutCredit: uncredited(table).map((flow) => ({
      reportingFlowId: flow.id,
      flowId: flow.flowId,
      pspName: flow.pspName ?? flow.pspCode,
      regulationDate: flow.regulationDate,
      payments: flow.rowCount,
      cents: flow.totalCents,
      label: storedLabel(flow, today),
    })),
    ignored: table.movements
      .filter((m) => (m.state !== 'matched' || m.cents < 0) && !isUndecided(m, table))
      .map((m) => ({
        bankMovementId: m.id,
        bookingDate: m.bookingDate,
        cents: m.cents,
        description: m.description,
        label: storedLabel(m, today),
        decisionId: decisionOn(m.id, table, 'exclude')?.id ?? null,
      })),
    square: squareOfTable(table, scope),
    lastAct: lastAct(table),
  }
}

async function loadTable(db: ReadHandle, scope: Scope, today: IsoDate): Promise<Table> {
  const movements = await listMovements(db, scope)
  const ids = new Set<number>(movements.map((m) => m.id))
  const flows = new Map<number, FlowRow>((await listFlows(db)).map((f) => [f.id, f]))
  const matches = await openBoardMatches(db)
  const proposals = (await boardProposals(db)).filter((p) => ids.has(p.bankMovementId))
  const debtIds = [
    ...proposals.filter((p) => p.kind === 'accertamento').map((p) => p.targetId as Id<'accertamento'>),
    ...matches.flatMap((k) => (k.accertamentoId !== null && ids.has(k.bankMovementId) ? [k.accertamentoId] : [])),
  ]
  const debts = await openDebts(db, { ids: debtIds })
  const shown = proposals.flatMap((p) => {
    const flow = p.kind === 'flow' ? flows.get(p.targetId) : undefined
    return flow ? [flow.versionId] : []
  })
  const folds = new Set([...flows.values()].map((f) => f.foldKey))
  const named = movements
    .filter((m) => m.cents > 0 && m.state !== 'matched')
    .flatMap((m) => namedFlows(m, flows))
    .map((f) => f.versionId)
  const decisions = await listDecisions(db)
  const skipped = decisions.filter(
    (d) => d.kind === 'skip' && !d.revoked && (d.payload as { day?: string }).day === today,
  )
  return {
    today,
    movements,
    flows,
    matchesOf: Map.groupBy(matches, (m) => m.bankMovementId as number),
    proposalsOf: Map.groupBy(proposals, (p) => p.bankMovementId as number),
    debts: new Map(debts.map((d) => [d.accertamentoId, d])),
    payers: await payersOf(db, [...new Set([...shown, ...named])]),
    folds,
    notes: await allNoteCounts(db),
    decisions,
    skipped: new Set(skipped.map((d) => Number(d.subjectKey))),
  }
}

function leftOf(m: MovementRow): Cents {
  return cents(m.availableCents - m.matchedCents)
}

/** Credits of strangers, that say nothing of pagoPA and look like nobody's debt, do not ask for anything. */
function isUndecided(m: MovementRow, table: Pick<Table, 'proposalsOf'>): boolean {
  if (m.cents < 0 || m.state === null || leftOf(m) <= 0) return false
  if (m.state === 'noReference') return table.proposalsOf.has(m.id)
  return UNDECIDED.has(m.state)
}

/** Known flows whose id the causale carries. */
function namedFlows(m: MovementRow, flows: ReadonlyMap<number, FlowRow>): FlowRow[] {
  const folds = new Set(readCausale(m.description).reference.flows.flatMap((f) => f.folds))
  if (folds.size === 0) return []
  return [...flows.values()].filter((f) => folds.has(f.foldKey))
}

function boardRow(m: MovementRow, table: Table): BoardRow {
  const left = leftOf(m)
  const candidates: Candidate[] = (table.proposalsOf.get(m.id) ?? []).flatMap((proposal) => {
    if (proposal.kind === 'flow') {
      const flow = table.flows.get(proposal.targetId)
      if (!flow) return []
      const how = { level: levelOf(proposal), rivals: proposal.rivals }
      return [flowCandidate(m, left, flow, table.payers.get(flow.versionId) ?? [], how)]
    }
    const debt = table.debts.get(proposal.targetId)
    return debt ? [debtCandidate(left, debt, { level: 'debtor', proposal })] : []
  })
  if (candidates.length === 0) {
    for (const flow of namedFlows(m, table.flows)) {
      candidates.push(
        flowCandidate(m, left, flow, table.payers.get(flow.versionId) ?? [], { level: 'exact', rivals: 1 }),
      )
    }
  }
  return {
    bankMovementId: m.id,
    bookingDate: m.bookingDate,
    valueDate: m.valueDate,
    cents: m.cents,
    leftCents: left,
    description: m.description,
    spans: readCausale(m.description, table.folds).spans.map((s) => ({ start: s.from, end: s.to, mark: s.mark })),
    bankReference: m.bankReference,
    provvisorio: m.provvisorio === null ? null : String(m.provvisorio),
    label: storedLabel(m, table.today),
    candidates,
    skippedToday: table.skipped.has(m.id),
    notes: table.notes.get(`bankMovement#${m.id}`)?.notes ?? 0,
  }
}

const STRENGTH = ['truncated', 'psp', 'debtor', 'amount']

/** Proposals by strength, then amounts that differ, then orphans; rows skipped today last. */
function byStrength(a: BoardRow, b: BoardRow): number {
  const rank = (row: BoardRow): number => {
    if (row.skippedToday) return 100
    const level = row.candidates[0]?.level
    if (level !== undefined && level !== 'exact') return STRENGTH.indexOf(level)
    return level === 'exact' ? 10 : 20
  }
  return rank(a) - rank(b) || (a.bookingDate < b.bookingDate ? -1 : a.bookingDate > b.bookingDate ? 1 : 0)
}

function matchedRow(m: MovementRow, table: Table) {
  const matches = (table.matchesOf.get(m.id) ?? []).filter((k) => k.kind !== 'storno')
  const flow = matches.length === 1 ? table.flows.get(matches[0]?.reportingFlowId ?? 0) : undefined
  const byHand = matches.find((k) => k.byHand)
  const titles = matches.map((k) => {
    if (k.flowId !== null) return k.flowId
    if (k.iuv !== null) return `IUV ${k.iuv}`
    const debt = table.debts.get(k.accertamentoId ?? 0)
    return debt ? `${debt.personName}, accertamento ${debt.exercise}/${debt.number}` : 'Giroconto'
  })
  return {
    bankMovementId: m.id,
    bookingDate: m.bookingDate,
    cents: m.cents,
    description: m.description,
    flowId: flow?.flowId ?? null,
    targetTitle: titles.join(', '),
    targetCents: flow ? flow.totalCents : sum(matches.map((k) => k.cents)),
    byHand: byHand !== undefined,
    decisionId: byHand?.decisionId ?? null,
    posted: m.regularisedCents > 0,
    label: storedLabel(m, table.today),
  }
}

function uncredited(table: Table): FlowRow[] {
  return [...table.flows.values()]
    .filter((f) => f.active && f.credit === 'notCredited')
    .sort((a, b) => (a.regulationDate < b.regulationDate ? -1 : 1))
}

/** Flows of a scope: those its credits cover, and, as they may be waited for on any account, those not covered yet. */
function squareOfTable(table: Table, scope: Scope) {
  const credits = table.movements
    .filter((m) => m.cents > 0)
    .map((m): SquareCredit => {
      const matches = table.matchesOf.get(m.id) ?? []
      return {
        cents: m.cents,
        toFlows: sum(matches.filter((k) => k.kind === 'flow').map((k) => k.cents)),
        toOthers: sum(matches.filter((k) => k.kind !== 'flow' && k.kind !== 'storno').map((k) => k.cents)),
        proposed: (table.proposalsOf.get(m.id) ?? []).length > 0,
        reason: storedLabel(m, table.today).title.toLowerCase(),
      }
    })
  const covered = new Map<number, number>()
  for (const m of table.movements) {
    for (const k of table.matchesOf.get(m.id) ?? []) {
      if (k.reportingFlowId !== null) covered.set(k.reportingFlowId, (covered.get(k.reportingFlowId) ?? 0) + k.cents)
    }
  }
  const proposed = new Set(
    [...table.proposalsOf.values()].flat().flatMap((p) => (p.kind === 'flow' ? [p.targetId] : [])),
  )
  const whole = scope.statementId === null && scope.bankAccountId === null
  const flows = [...table.flows.values()]
    .filter((f) => f.active && (covered.has(f.id) || f.credit !== 'credited'))
    .map((f): SquareFlow => {
      // Over the whole ledger the flow's own figure is used: it must say the same as the matches of the credits.
      const own = whole && f.credit === 'credited' ? f.creditedCents : cents(covered.get(f.id) ?? 0)
      const elsewhere =
        f.credit === 'credited'
          ? 'accreditati in altri estratti conto'
          : storedLabel(f, table.today).title.toLowerCase()
      return { cents: f.totalCents, covered: own, proposed: proposed.has(f.id), reason: elsewhere }
    })
  const square = squareOf(credits, flows)
  return { ...square, explanation: square.explanation.map((e) => ({ ...e })) }
}

function decisionOn(movementId: number, table: Table, kind: string): DecisionRow | undefined {
  return table.decisions.findLast((d) => {
    if (d.revoked || d.kind !== kind) return false
    const { movementIds, movementId: one } = d.payload as { movementIds?: number[]; movementId?: number }
    return one === movementId || movementIds?.includes(movementId) === true
  })
}

const ACTS: Readonly<Record<string, string>> = {
  manualMatch: 'Abbinato',
  exclude: 'Escluso',
  internal: 'Segnato come giroconto',
  storno: 'Segnato come storno',
}

function lastAct(table: Table) {
  const last = table.decisions.findLast((d) => !d.revoked && Object.hasOwn(ACTS, d.kind))
  if (!last) return null
  const { movementIds = [], movementId } = last.payload as { movementIds?: number[]; movementId?: number }
  const first = movementId ?? movementIds[0]
  const movement = table.movements.find((m) => m.id === first)
  const verb = ACTS[last.kind] ?? last.kind
  const what =
    movementIds.length > 1
      ? `${movementIds.length} accrediti`
      : movement
        ? `l’accredito del ${formatDate(movement.bookingDate)} di ${formatCents(movement.cents)}`
        : 'un accredito'
  return { decisionId: last.id, text: `${verb} ${what}` }
}

async function scopeInWords(db: ReadHandle, scope: Scope, table: Table): Promise<string> {
  if (scope.statementId !== null) {
    const statement = (await listStatements(db, {})).find((s) => s.id === scope.statementId)
    return statement ? `${statement.account}, ${statement.fileName}` : 'Estratto conto'
  }
  if (scope.bankAccountId !== null) return table.movements[0]?.account ?? 'Conto'
  return 'Tutti i conti'
}
