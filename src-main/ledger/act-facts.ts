import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { rowKeyOf } from '#domain/reconcile-evidence'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'

// What must be known of the things that acts of the work table name, many at once.

export interface ActMovement {
  readonly id: Id<'bankMovement'>
  readonly bankAccountId: Id<'bankAccount'>
  readonly bookingDate: IsoDate
  readonly cents: Cents
  readonly description: string
  readonly availableCents: Cents
  readonly regularisedCents: Cents
}

export async function actMovements(
  db: ReadHandle,
  ids: readonly Id<'bankMovement'>[],
): Promise<Map<number, ActMovement>> {
  const out = new Map<number, ActMovement>()
  for (const part of chunks([...new Set(ids)])) {
    const rows = await db
      .selectFrom('bankMovement as m')
      .innerJoin('movementBalance as b', 'b.bankMovementId', 'm.id')
      .where('m.id', 'in', [...part])
      .select(['m.id', 'm.bankAccountId', 'm.bookingDate', 'm.cents', 'm.description'])
      .select(['b.availableCents', 'b.regularisedCents'])
      .execute()
    for (const row of rows) out.set(row.id, row)
  }
  return out
}

/** Which of these debits already are the giroconto of a credit, and of which. */
export async function internalDebits(db: ReadHandle, ids: readonly Id<'bankMovement'>[]): Promise<Map<number, number>> {
  const out = new Map<number, number>()
  for (const part of chunks(ids)) {
    const rows = await db
      .selectFrom('match')
      .where('kind', '=', 'internal')
      .where('closedReason', 'is', null)
      .where('targetMovementId', 'in', [...part])
      .select(['targetMovementId', 'bankMovementId'])
      .execute()
    for (const row of rows) out.set(row.targetMovementId ?? 0, row.bankMovementId)
  }
  return out
}

/** Those of these credits that are a giroconto. */
export async function internalCredits(
  db: ReadHandle,
  ids: readonly Id<'bankMovement'>[],
): Promise<ReadonlySet<number>> {
  const out = new Set<number>()
  for (const part of chunks(ids)) {
    const rows = await db
      .selectFrom('match')
      .where('kind', '=', 'internal')
      .where('closedReason', 'is', null)
      .where('bankMovementId', 'in', [...part])
      .select('bankMovementId')
      .execute()
    for (const { bankMovementId } of rows) out.add(bankMovementId)
  }
  return out
}

export interface ActVersion {
  readonly id: Id<'reportingFlowVersion'>
  readonly contentHash: string
}

export interface ActFlow {
  readonly id: Id<'reportingFlow'>
  readonly flowId: string
  /** Null of a flow of another institution, or in conflict. */
  readonly activeVersionId: Id<'reportingFlowVersion'> | null
  readonly totalCents: Cents
  readonly versions: readonly ActVersion[]
}

export async function actFlows(db: ReadHandle, ids: readonly Id<'reportingFlow'>[]): Promise<Map<number, ActFlow>> {
  const out = new Map<number, ActFlow>()
  for (const part of chunks([...new Set(ids)])) {
    const flows = await db
      .selectFrom('reportingFlow as f')
      .innerJoin('flowLabel as l', 'l.reportingFlowId', 'f.id')
      .where('f.id', 'in', [...part])
      .select(['f.id', 'f.flowId', 'l.activeVersionId', 'l.totalCents'])
      .execute()
    const versions = await db
      .selectFrom('reportingFlowVersion')
      .where('reportingFlowId', 'in', [...part])
      .select(['id', 'reportingFlowId', 'contentHash'])
      .execute()
    const byFlow = Map.groupBy(versions, (v) => v.reportingFlowId as number)
    for (const flow of flows) out.set(flow.id, { ...flow, versions: byFlow.get(flow.id) ?? [] })
  }
  return out
}

export interface ActRow {
  readonly rowKey: string
  readonly iuv: string
  readonly cents: Cents
  readonly outcome: string
}

/** Rows of versions by their key, which survives a revision that keeps them. */
export async function actRows(
  db: ReadHandle,
  versionIds: readonly Id<'reportingFlowVersion'>[],
): Promise<Map<number, Map<string, ActRow>>> {
  const out = new Map<number, Map<string, ActRow>>()
  for (const part of chunks([...new Set(versionIds)])) {
    const rows = await db
      .selectFrom('flowRow')
      .where('versionId', 'in', [...part])
      .selectAll()
      .orderBy('versionId')
      .orderBy('ordinal')
      .execute()
    for (const [versionId, of] of Map.groupBy(rows, (r) => r.versionId as number)) {
      const seen = new Map<string, number>()
      const byKey = new Map<string, ActRow>()
      for (const row of of) {
        const first = rowKeyOf(row, 1)
        const n = (seen.get(first) ?? 0) + 1
        seen.set(first, n)
        const rowKey = rowKeyOf(row, n)
        byKey.set(rowKey, { rowKey, iuv: row.iuv, cents: row.cents, outcome: row.outcome })
      }
      out.set(versionId, byKey)
    }
  }
  return out
}

/** Whether some version of a flow has the row of this key. */
export async function isFlowRow(db: ReadHandle, flow: Id<'reportingFlow'>, rowKey: string): Promise<boolean> {
  const iuv = rowKey.slice(0, rowKey.indexOf('|'))
  const rows = await db
    .selectFrom('flowRow as r')
    .innerJoin('reportingFlowVersion as v', 'v.id', 'r.versionId')
    .where('v.reportingFlowId', '=', flow)
    .where('r.iuv', '=', iuv)
    .select(['r.versionId', 'r.iuv', 'r.iur', 'r.idTransfer'])
    .execute()
  const met = new Map<string, number>()
  return rows.some(({ versionId, ...row }) => {
    const name = `${versionId} ${rowKeyOf(row, 1)}`
    met.set(name, (met.get(name) ?? 0) + 1)
    return rowKeyOf(row, met.get(name) as number) === rowKey
  })
}

export interface ActInstallment {
  readonly id: Id<'installment'>
  readonly iuv: string
  /** What is ours of it, stamps apart: all or nothing of it is collected. */
  readonly ownCents: Cents
}

export async function actInstallments(
  db: ReadHandle,
  ids: readonly Id<'installment'>[],
): Promise<Map<number, ActInstallment>> {
  const out = new Map<number, ActInstallment>()
  for (const part of chunks([...new Set(ids)])) {
    const rows = await db
      .selectFrom('installment as i')
      .leftJoin('transfer as t', (join) =>
        join.onRef('t.installmentId', '=', 'i.id').on('t.own', '=', 1).on('t.stamp', '=', 0),
      )
      .where('i.id', 'in', [...part])
      .groupBy(['i.id', 'i.iuv'])
      .select(['i.id', 'i.iuv', sql<number>`cast(coalesce(sum(t."cents"), 0) as bigint)`.as('own')])
      .execute()
    for (const { own, ...row } of rows) out.set(row.id, { ...row, ownCents: Number(own) as Cents })
  }
  return out
}

export interface ActPosition {
  readonly id: Id<'debtPosition'>
  readonly personId: Id<'person'>
  readonly personName: string
  /** Accertamenti that its current version asks for, oldest first, with what is left of each. */
  readonly debts: readonly { readonly accertamentoId: Id<'accertamento'>; readonly outstandingCents: Cents }[]
  /** What its payments ask of them, by IUV. */
  readonly shares: ReadonlyMap<string, readonly { readonly accertamentoId: number; readonly cents: Cents }[]>
}

/** A live position, null when there is none. */
export async function actPosition(db: ReadHandle, id: Id<'debtPosition'>): Promise<ActPosition | null> {
  const position = await db
    .selectFrom('debtPosition as d')
    .innerJoin('person as p', 'p.id', 'd.personId')
    .where('d.id', '=', id)
    .where('d.lifecycle', '=', 'issued')
    .select(['d.id', 'd.personId', 'd.currentVersion', 'p.name as personName'])
    .executeTakeFirst()
  if (!position) return null
  const debts = await db
    .selectFrom('accertamento as a')
    .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
    .where('a.id', 'in', (eb) =>
      eb
        .selectFrom('allocation as al')
        .innerJoin('transfer as t', 't.id', 'al.transferId')
        .innerJoin('installment as i', 'i.id', 't.installmentId')
        .innerJoin('paymentOption as o', 'o.id', 'i.paymentOptionId')
        .where('o.debtPositionId', '=', id)
        .where('o.version', '=', position.currentVersion)
        .select('al.accertamentoId'),
    )
    .select(['a.id as accertamentoId', sql<Cents>`b."dueCents" - b."collectedCents"`.as('outstandingCents')])
    .orderBy('a.exercise')
    .orderBy('a.dueDate')
    .orderBy('a.number')
    .execute()
  const { currentVersion: version, ...rest } = position
  const shares = await db
    .selectFrom('allocation as al')
    .innerJoin('transfer as t', 't.id', 'al.transferId')
    .innerJoin('installment as i', 'i.id', 't.installmentId')
    .innerJoin('paymentOption as o', 'o.id', 'i.paymentOptionId')
    .where('o.debtPositionId', '=', id)
    .where('o.version', '=', version)
    .select(['i.iuv', 'al.accertamentoId', 'al.cents'])
    .execute()
  return { ...rest, debts, shares: Map.groupBy(shares, (row) => row.iuv as string) }
}

export interface ActReversale {
  readonly id: Id<'reversale'>
  readonly cents: Cents
  readonly executedOn: IsoDate | null
}

export async function actReversali(db: ReadHandle, ids: readonly number[]): Promise<ActReversale[]> {
  const out: ActReversale[] = []
  for (const part of chunks(ids)) {
    const rows = await db
      .selectFrom('reversale as r')
      .leftJoin('reversaleExecution as e', 'e.reversaleId', 'r.id')
      .where('r.id', 'in', part as Id<'reversale'>[])
      .select(['r.id', 'r.cents', 'e.date as executedOn'])
      .orderBy('r.id')
      .execute()
    out.push(...rows)
  }
  return out
}

/** Whose each accertamento is. */
export async function accertamentoPeople(
  db: ReadHandle,
  ids: readonly Id<'accertamento'>[],
): Promise<Map<number, Id<'person'>>> {
  const out = new Map<number, Id<'person'>>()
  for (const part of chunks([...new Set(ids)])) {
    const rows = await db
      .selectFrom('accertamento')
      .where('id', 'in', [...part])
      .select(['id', 'personId'])
      .execute()
    for (const row of rows) out.set(row.id, row.personId)
  }
  return out
}
