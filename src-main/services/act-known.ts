import type { Id } from '#domain/brand'
import type { Decision } from '#domain/reconcile-evidence'
import {
  type ActFlow,
  type ActInstallment,
  type ActMovement,
  type ActPosition,
  type ActRow,
  actFlows,
  actInstallments,
  actMovements,
  actPosition,
  actRows,
  internalCredits,
  internalDebits,
} from '#ledger/act-facts'
import { type OpenDebt, openDebts } from '#ledger/board-load'
import { listExerciseStates } from '#ledger/chart'
import { chunks } from '#ledger/chunks'
import { type DecisionRow, type DecisionSubject, decisionsOn } from '#ledger/decision'
import type { ReadHandle } from '#ledger/ledger'
import type { Act, Author } from './act.ts'
import { givenByHand } from './matched-by-hand.ts'
import { reconciledBooks } from './reconcile-ledger.ts'
import { roomsOf } from './rooms.ts'
import { decisionSubjectOf, rowSubject, subjectStands } from './subject.ts'

export interface Facts {
  readonly movements: ReadonlyMap<number, ActMovement>
  readonly flows: ReadonlyMap<number, ActFlow>
  readonly rows: ReadonlyMap<number, ReadonlyMap<string, ActRow>>
  readonly installments: ReadonlyMap<number, ActInstallment>
  readonly debts: ReadonlyMap<number, OpenDebt>
  readonly positions: ReadonlyMap<number, ActPosition>
  readonly cashAccounts: ReadonlySet<number>
  /** Debits that already are the giroconto of a credit. */
  readonly takenDebits: ReadonlyMap<number, number>
  /** Credits that are a giroconto, among those to be taken back. */
  readonly internalCredits: ReadonlySet<number>
  /** What the reconciliation leaves of each accertamento, the movements and rows decided here apart. */
  readonly rooms: ReadonlyMap<number, number>
  /** What reversali in force already gave to each accertamento out of those movements and rows. */
  readonly given: ReadonlyMap<number, number>
  /** How much people have said that other credits give to a flow. */
  byHand(flowId: string, exceptMovement: number): number
  /** What stands, by `kind|key` of each thing that the acts would decide; the latest last. */
  readonly standing: ReadonlyMap<string, readonly DecisionRow[]>
  readonly exercises: readonly { readonly year: number; readonly state: string }[]
  /** Those among the people that acts name who are in the archive. */
  readonly people: ReadonlySet<number>
}

function movementsOf(act: Act): Id<'bankMovement'>[] {
  switch (act.kind) {
    case 'match':
      return [act.bankMovementId]
    case 'exclude':
      return act.bankMovementIds
    case 'internal':
      return [act.bankMovementId, act.debitMovementId]
    case 'storno':
      return [act.bankMovementId, act.creditMovementId]
    case 'skip':
    case 'setAside':
      return act.subject.kind === 'movement' ? [act.subject.bankMovementId] : []
    default:
      return []
  }
}

function flowsOf(act: Act): Id<'reportingFlow'>[] {
  if (act.kind === 'match') return act.targets.flatMap((t) => (t.kind === 'flow' ? [t.id as Id<'reportingFlow'>] : []))
  if (act.kind === 'skip' || act.kind === 'setAside')
    return 'reportingFlowId' in act.subject ? [act.subject.reportingFlowId] : []
  return 'reportingFlowId' in act ? [act.reportingFlowId] : []
}

/** The row of a flow that an act is about. */
function rowOf(act: Act): { readonly reportingFlowId: Id<'reportingFlow'>; readonly rowKey: string } | null {
  if (act.kind === 'assignRow') return act
  return act.kind === 'setAside' && act.subject.kind === 'flowRow' ? act.subject : null
}

export async function loadFacts(db: ReadHandle, acts: readonly Act[], { at }: Pick<Author, 'at'>): Promise<Facts> {
  const flows = await actFlows(db, acts.flatMap(flowsOf))
  const withRows = acts.flatMap((act) => {
    const of = act.kind === 'confirmRevocation' ? act.reportingFlowId : rowOf(act)?.reportingFlowId
    const version = of === undefined ? null : flows.get(of)?.activeVersionId
    return version == null ? [] : [version]
  })
  const targets = acts.flatMap((act) => (act.kind === 'match' ? act.targets : []))
  const debtIds = [
    ...targets.flatMap((t) => (t.kind === 'accertamento' ? [t.id as Id<'accertamento'>] : [])),
    ...acts.flatMap((act) => (act.kind === 'assignRow' ? act.targets.map((t) => t.accertamentoId) : [])),
  ]
  const positions = new Map<number, ActPosition>()
  for (const act of acts) {
    if (act.kind !== 'paidOutside' || positions.has(act.debtPositionId)) continue
    const position = await actPosition(db, act.debtPositionId)
    if (position) positions.set(act.debtPositionId, position)
  }
  const cash = acts.some((act) => act.kind === 'paidOutside' && act.how === 'cash')
    ? await db
        .selectFrom('bankAccount')
        .select('id')
        .where('kind', '=', 'cash')
        .where('closedDate', 'is', null)
        .execute()
    : []
  for (const act of acts) if (act.kind === 'skip') await subjectStands(db, act.subject)
  const flowIdOf = (id: Id<'reportingFlow'>) => flows.get(id)?.flowId ?? ''
  const standing = await standingOn(db, acts, flowIdOf)
  // A match beside a former one gives anew what that one gave.
  debtIds.push(...acts.flatMap((act) => (act.kind === 'match' && act.more ? debtsBefore(standing, act) : [])))
  debtIds.push(...[...positions.values()].flatMap((p) => p.debts.map((d) => d.accertamentoId)))
  const rows = acts.flatMap((act) => {
    const row = rowOf(act)
    return row ? [rowSubject(flowIdOf(row.reportingFlowId), row.rowKey).key] : []
  })
  const own = new Set(acts.flatMap((act) => (act.kind === 'match' ? [act.bankMovementId as number] : [])))
  const rowKeys = new Set(rows)
  const isOwn = (movementId: number, row: string) => own.has(movementId) || rowKeys.has(row)
  const hasFlows = acts.some((act) => act.kind === 'match' && flowsOf(act).length > 0)
  const books = debtIds.length === 0 && !hasFlows ? null : await reconciledBooks(db, at)
  const given = new Map<number, number>()
  for (const line of books?.posted ?? []) {
    if (!isOwn(line.movementId, `${line.flowId}|${line.rowKey}`)) continue
    given.set(line.accertamentoId, (given.get(line.accertamentoId) ?? 0) + line.cents)
  }
  const people = acts.flatMap((act) => ('excessTo' in act && act.excessTo != null ? [act.excessTo] : []))
  return {
    rooms: books
      ? roomsOf(books, new Set(debtIds), (line) => isOwn(line.movementId, `${line.flowId}|${line.rowKey}`))
      : new Map(),
    given,
    byHand: (flowId, movementId) => (books ? givenByHand(books, flowId, movementId) : 0),
    standing,
    exercises: positions.size === 0 ? [] : await listExerciseStates(db),
    people: await peopleAmong(db, people),
    movements: await actMovements(db, acts.flatMap(movementsOf)),
    flows,
    rows: await actRows(db, withRows),
    installments: await actInstallments(
      db,
      targets.flatMap((t) => (t.kind === 'iuv' ? [t.id as Id<'installment'>] : [])),
    ),
    debts: new Map((await openDebts(db, { ids: [...new Set(debtIds)] })).map((d) => [d.accertamentoId, d])),
    positions,
    cashAccounts: new Set(cash.map((account) => account.id)),
    takenDebits: await internalDebits(
      db,
      acts.flatMap((act) => (act.kind === 'internal' ? [act.debitMovementId] : [])),
    ),
    internalCredits: await internalCredits(
      db,
      acts.flatMap((act) => (act.kind === 'storno' ? [act.creditMovementId] : [])),
    ),
  }
}

function debtsBefore(standing: Facts['standing'], { bankMovementId }: { readonly bankMovementId: number }) {
  return (lastMatch(standing, bankMovementId)?.targets ?? []).flatMap((t) =>
    'accertamentoId' in t ? [t.accertamentoId as Id<'accertamento'>] : [],
  )
}

type MatchTargets = Extract<Decision, { kind: 'manualMatch' }>['targets']

/** What was last said of a movement, when it was a match by hand that stands. */
export function lastMatch(
  standing: Facts['standing'],
  movementId: number,
): { readonly id: number; readonly targets: MatchTargets } | null {
  const last = standing.get(`bankMovement|${movementId}`)?.at(-1)
  if (last?.kind !== 'manualMatch') return null
  return { id: last.id, targets: (last.payload as unknown as { targets: MatchTargets }).targets }
}

/** What each kind of act decides of, and the kinds of decision that say the same of it. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  bankMovement: ['manualMatch', 'exclude', 'internal', 'storno', 'setAside'],
  flowRow: ['assignRow', 'confirmRevocation', 'setAside'],
  reportingFlow: ['acceptFlow', 'chooseVersion', 'netRevocation', 'setAside'],
  debtPosition: ['paidOutside'],
}

function decidedBy(act: Act, flowIdOf: (id: Id<'reportingFlow'>) => string): DecisionSubject[] {
  switch (act.kind) {
    case 'match':
    case 'exclude':
    case 'internal':
      return movementsOf(act).map((id) => ({ kind: 'bankMovement', key: String(id) }))
    case 'storno':
      return [{ kind: 'bankMovement', key: String(act.bankMovementId) }]
    case 'assignRow':
      return [rowSubject(flowIdOf(act.reportingFlowId), act.rowKey)]
    case 'confirmRevocation':
      return act.rowKeys.map((rowKey) => rowSubject(flowIdOf(act.reportingFlowId), rowKey))
    case 'acceptFlow':
    case 'chooseVersion':
    case 'netRevocation':
      return [{ kind: 'reportingFlow', key: String(act.reportingFlowId) }]
    case 'setAside':
      return [decisionSubjectOf(act.subject, flowIdOf)]
    case 'paidOutside':
      return [{ kind: 'debtPosition', key: String(act.debtPositionId) }]
    default:
      return []
  }
}

/** Of a flow only what is said of the whole of it; of a credit not what another movement takes back from it. */
function isSaidOf({ kind, subjectKind, subjectKey, payload }: DecisionRow, subject: DecisionSubject): boolean {
  if (!SAID[subject.kind]?.includes(kind)) return false
  if (subject.kind !== 'bankMovement' || kind === 'setAside') {
    return subjectKind === subject.kind && subjectKey === subject.key
  }
  const { movementId, movementIds, debitMovementId } = payload as {
    readonly movementId?: number
    readonly movementIds?: readonly number[]
    readonly debitMovementId?: number
  }
  const id = Number(subject.key)
  return movementId === id || debitMovementId === id || movementIds?.includes(id) === true
}

async function standingOn(
  db: ReadHandle,
  acts: readonly Act[],
  flowIdOf: (id: Id<'reportingFlow'>) => string,
): Promise<Facts['standing']> {
  const subjects = new Map<string, DecisionSubject>()
  for (const subject of acts.flatMap((act) => decidedBy(act, flowIdOf))) {
    subjects.set(`${subject.kind}|${subject.key}`, subject)
  }
  const standing = new Map<string, DecisionRow[]>()
  for (const [kind, of] of Map.groupBy(subjects.values(), (subject) => subject.kind)) {
    const said = await decisionsOn(db, of, SAID[kind] ?? [])
    for (const subject of of) {
      const about = said.filter((row) => isSaidOf(row, subject)).sort((a, b) => a.id - b.id)
      if (about.length > 0) standing.set(`${kind}|${subject.key}`, about)
    }
  }
  return standing
}

async function peopleAmong(db: ReadHandle, ids: readonly Id<'person'>[]): Promise<ReadonlySet<number>> {
  const found = new Set<number>()
  for (const part of chunks([...new Set(ids)])) {
    const rows = await db
      .selectFrom('person')
      .select('id')
      .where('id', 'in', [...part])
      .execute()
    for (const { id } of rows) found.add(id)
  }
  return found
}
