import type { Id } from '#domain/brand'
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
  internalDebits,
} from '#ledger/act-facts'
import { type OpenDebt, openDebts } from '#ledger/board-load'
import { type DecisionSubject, decisionsOn } from '#ledger/decision'
import type { ReadHandle } from '#ledger/ledger'
import type { Act, Author } from './act.ts'
import { hasEffect } from './decision-effects.ts'
import { reconciledBooks } from './reconcile-ledger.ts'
import { roomsOf } from './rooms.ts'
import { rowSubject } from './subject.ts'

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
  /** What the reconciliation leaves of each accertamento, the movements and rows decided here apart. */
  readonly rooms: ReadonlyMap<number, number>
  /** `kind|key` of rows assigned by hand, of revocations confirmed and of movements whose decision raised an accertamento: those stand. */
  readonly standing: ReadonlySet<string>
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
  const rows = acts.flatMap((act) => {
    const row = rowOf(act)
    const flowId = row && flows.get(row.reportingFlowId)?.flowId
    return row && flowId !== undefined ? [rowSubject(flowId ?? '', row.rowKey)] : []
  })
  const revoked = acts.flatMap((act) => {
    const flowId = act.kind === 'confirmRevocation' ? flows.get(act.reportingFlowId)?.flowId : undefined
    return act.kind === 'confirmRevocation' && flowId ? act.rowKeys.map((rowKey) => rowSubject(flowId, rowKey)) : []
  })
  const given = new Set(acts.flatMap((act) => (act.kind === 'match' ? [act.bankMovementId as number] : [])))
  const rowKeys = new Set(rows.map((row) => row.key))
  const books = debtIds.length === 0 ? null : await reconciledBooks(db, at)
  return {
    rooms: books
      ? roomsOf(
          books,
          new Set(debtIds),
          (line) => given.has(line.movementId) || rowKeys.has(`${line.flowId}|${line.rowKey}`),
        )
      : new Map(),
    standing: await standingOn(db, acts, [...rows, ...revoked]),
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
  }
}

async function standingOn(
  db: ReadHandle,
  acts: readonly Act[],
  rows: readonly DecisionSubject[],
): Promise<ReadonlySet<string>> {
  const movements = acts
    .filter((act) => act.kind === 'match' || act.kind === 'exclude' || act.kind === 'internal')
    .flatMap(movementsOf)
    .map((id): DecisionSubject => ({ kind: 'bankMovement', key: String(id) }))
  const said = await decisionsOn(db, [...rows, ...movements], ['assignRow', 'confirmRevocation', 'manualMatch'])
  return new Set(
    said
      .filter((decision) => decision.kind !== 'manualMatch' || hasEffect(decision))
      .map(({ subjectKind, subjectKey }) => `${subjectKind}|${subjectKey}`),
  )
}
