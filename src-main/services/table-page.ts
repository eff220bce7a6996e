import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { FlowRowEvidence } from '#domain/reconcile-evidence'
import { accertamentoPeople, actInstallments } from '#ledger/act-facts'
import { type OpenDebt, openDebts, openDebtsOf, type PayerRow, payersOf } from '#ledger/board-load'
import { type ExcessPlace, excessPlace, unidentifiedPlace } from '#ledger/excess-place'
import type { ReadHandle } from '#ledger/ledger'
import {
  installmentsOfIuvs,
  type PageMovement,
  type Payer,
  type PayerOfReceipt,
  pageMovements,
  pageReversali,
  payersByReceipt,
  payersOfIuvs,
} from '#ledger/table-load'
import { withRoom } from './rooms.ts'
import { type Item, namedFlows, type TableFacts, versionOf } from './table-facts.ts'
import { partOf, type Seen, type SeenRow } from './table-index.ts'

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
  /** Of the payments held and of those that credits name: whose they are, by position, else by receipt. */
  readonly payerOf: ReadonlyMap<string, PayerOfReceipt>
  /** By movement: whose debt took the first part of a credit matched by hand, or was paid before by who pays again. */
  readonly payerOfRest: ReadonlyMap<number, PayerOfReceipt>
  readonly installments: ReadonlyMap<string, Id<'installment'>>
  /** What is ours of each of them. */
  readonly ownCents: ReadonlyMap<number, Cents>
  readonly reversali: ReadonlyMap<number, { readonly date: IsoDate; readonly cents: number }>
  /** Where what is given back is raised, and what has no owner; null: nowhere. */
  readonly giveBack: ExcessPlace | null
  readonly unidentified: ExcessPlace | null
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
  const ofCredits = seen.flatMap((item) => iuvsOf(item.seen))
  const paid = [...new Set([...rows.map((row) => row.iuv), ...ofCredits])]
  const given = new Map(
    seen.flatMap(({ seen: one }) => {
      const debt = debtOf(one, facts)
      return debt === undefined ? [] : [[one.movement.movementId, debt as Id<'accertamento'>] as const]
    }),
  )
  const owing = await accertamentoPeople(db, [...given.values()])
  const owners = await payersOfIuvs(db, [...paid, ...revoked.map((row) => row.iuv)])
  const payerOf = new Map<string, PayerOfReceipt>([...(await payersByReceipt(db, paid)), ...owners])
  const people = [
    ...owing.values(),
    ...paid.flatMap((iuv) => payerOf.get(iuv)?.personId ?? []),
    ...seen.flatMap((item) => item.rules.flatMap(({ action }) => (action.kind === 'match' ? [action.personId] : []))),
  ]
  const iuvs = [...ofCredits, ...proposals.flatMap(({ target }) => (target.kind === 'iuv' ? [target.iuv] : []))]
  const installments = await installmentsOfIuvs(db, iuvs)
  const own = await actInstallments(db, [...installments.values()])
  const debtsOf = await openDebtsOf(db, [...new Set(people)] as Id<'person'>[])
  const debts = await openDebts(db, { ids: [...new Set(debtIds)] })
  const name = new Map(given.size === 0 ? [] : facts.books.input.due.map((d) => [d.accertamentoId, d.personName]))
  return {
    payerOfRest: new Map(
      [...given].flatMap(([movementId, debt]) => {
        const personId = owing.get(debt)
        return personId === undefined ? [] : [[movementId, { personId, name: name.get(debt) ?? '' }] as const]
      }),
    ),
    movements: await pageMovements(
      db,
      seen.map((item) => item.seen.movement.movementId),
    ),
    debts: new Map(debts.map((d) => [d.accertamentoId, d])),
    debtsOf: new Map([...debtsOf].map(([person, list]) => [person, withRoom(list, facts.books)])),
    payers: await payersOf(db, [...versionIds] as Id<'reportingFlowVersion'>[]),
    owners,
    payerOf,
    installments,
    ownCents: new Map([...own].map(([id, { ownCents }]) => [id, ownCents])),
    reversali: await pageReversali(
      db,
      items.flatMap((item) => (item.kind === 'alarm' ? [item.reversaleId] : [])),
    ),
    giveBack: await excessPlace(db),
    unidentified: await unidentifiedPlace(db),
  }
}

/** The accertamento that tells who paid a credit whose causale no debt takes, or not all of it. */
function debtOf(seen: Seen, { index, books }: TableFacts): number | undefined {
  const { movementId } = seen.movement
  const [label] = seen.outcome.labels
  if (label?.code === 'MAYBE_PAID_AGAIN') {
    const { exercise, number } = label.params
    return books.input.due.find((d) => d.exercise === exercise && d.number === number)?.accertamentoId
  }
  const to = partOf(seen) === null ? [] : (index.edgesOf.get(movementId) ?? [])
  return to.flatMap(({ target: t }) => (t.kind === 'accertamento' ? [t.accertamentoId] : []))[0]
}

/** Payments that a credit says it is of. */
export function iuvsOf({ movement }: Seen): string[] {
  return movement.cents > 0 ? [...new Set(movement.reference.iuvs.map(({ iuv }) => iuv))] : []
}

export function evidenceOf(row: SeenRow): FlowRowEvidence {
  return row.version.rows[row.ordinal] as FlowRowEvidence
}
