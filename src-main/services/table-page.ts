import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { FlowRowEvidence } from '#domain/reconcile-evidence'
import { excessPlace } from '#ledger/act-facts'
import { type OpenDebt, openDebts, openDebtsOf, type PayerRow, payersOf } from '#ledger/board-load'
import type { ReadHandle } from '#ledger/ledger'
import {
  installmentsOfIuvs,
  type PageMovement,
  type Payer,
  pageMovements,
  pageReversali,
  payersOfIuvs,
} from '#ledger/table-load'
import { type Item, namedFlows, type TableFacts, versionOf } from './table-facts.ts'
import type { SeenRow } from './table-index.ts'

export type Of<K extends Item['kind']> = Extract<Item, { kind: K }>

export type MovementItem = Of<'credit' | 'debit'>

/** What the rows of one page need from the ledger, read together. */
export interface Page {
  readonly movements: ReadonlyMap<number, PageMovement>
  readonly debts: ReadonlyMap<number, OpenDebt>
  /** Of the people whose payments are held, and of those that rules name. */
  readonly debtsOf: ReadonlyMap<number, readonly OpenDebt[]>
  readonly payers: ReadonlyMap<number, readonly PayerRow[]>
  readonly owners: ReadonlyMap<string, Payer>
  readonly installments: ReadonlyMap<string, Id<'installment'>>
  readonly reversali: ReadonlyMap<number, { readonly date: IsoDate; readonly cents: number }>
  /** There is a partita di giro for what is given back. */
  readonly canGiveBack: boolean
}

export async function loadPage(db: ReadHandle, items: readonly Item[], facts: TableFacts): Promise<Page> {
  const { index } = facts
  const seen = items.flatMap((item) => ('seen' in item ? [item] : []))
  const proposals = seen.flatMap((item) => index.proposalsOf.get(item.seen.movement.movementId) ?? [])
  const edges = seen.flatMap((item) => index.edgesOf.get(item.seen.movement.movementId) ?? [])
  const targets = [...proposals, ...edges].map((p) => p.target)
  const debtIds = targets.flatMap((t) => (t.kind === 'accertamento' ? [t.accertamentoId as Id<'accertamento'>] : []))
  const named = seen.flatMap((item) => namedFlows(item.seen, facts))
  const flowIds = [...named, ...proposals.flatMap(({ target }) => (target.kind === 'flow' ? [target.flowId] : []))]
  const versionIds = new Set(flowIds.flatMap((id) => index.flows.get(id)?.versionId ?? []))
  const rows = items.flatMap((item) => (item.kind === 'flowRow' ? [evidenceOf(item.row)] : []))
  const revoked = items.flatMap((item) =>
    item.kind === 'flow'
      ? (versionOf(item.flowId, facts)
          ?.rows.filter((row) => row.outcome === '3')
          .slice(0, 200) ?? [])
      : [],
  )
  const owners = await payersOfIuvs(
    db,
    [...rows, ...revoked].map((row) => row.iuv),
  )
  const people = [
    ...rows.flatMap((row) => owners.get(row.iuv)?.personId ?? []),
    ...seen.flatMap((item) => item.rules.flatMap(({ action }) => (action.kind === 'match' ? [action.personId] : []))),
  ]
  const iuvs = proposals.flatMap(({ target }) => (target.kind === 'iuv' ? [target.iuv] : []))
  const debts = await openDebts(db, { ids: [...new Set(debtIds)] })
  return {
    movements: await pageMovements(
      db,
      seen.map((item) => item.seen.movement.movementId),
    ),
    debts: new Map(debts.map((d) => [d.accertamentoId, d])),
    debtsOf: await openDebtsOf(db, people as Id<'person'>[]),
    payers: await payersOf(db, [...versionIds] as Id<'reportingFlowVersion'>[]),
    owners,
    installments: await installmentsOfIuvs(db, iuvs),
    reversali: await pageReversali(
      db,
      items.flatMap((item) => (item.kind === 'alarm' ? [item.reversaleId] : [])),
    ),
    canGiveBack: rows.length > 0 && (await excessPlace(db)) !== null,
  }
}

export function evidenceOf(row: SeenRow): FlowRowEvidence {
  return row.version.rows[row.ordinal] as FlowRowEvidence
}
