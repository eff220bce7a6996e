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
import type { ReadHandle } from '#ledger/ledger'
import type { Act } from './act.ts'

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
      return act.subject.kind === 'movement' ? [act.subject.bankMovementId] : []
    default:
      return []
  }
}

function flowsOf(act: Act): Id<'reportingFlow'>[] {
  if (act.kind === 'match') return act.targets.flatMap((t) => (t.kind === 'flow' ? [t.id as Id<'reportingFlow'>] : []))
  if (act.kind === 'skip') return 'reportingFlowId' in act.subject ? [act.subject.reportingFlowId] : []
  return 'reportingFlowId' in act ? [act.reportingFlowId] : []
}

export async function loadFacts(db: ReadHandle, acts: readonly Act[]): Promise<Facts> {
  const flows = await actFlows(db, acts.flatMap(flowsOf))
  const withRows = acts.flatMap((act) => {
    if (act.kind !== 'assignRow' && act.kind !== 'confirmRevocation') return []
    const version = flows.get(act.reportingFlowId)?.activeVersionId
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
  return {
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
