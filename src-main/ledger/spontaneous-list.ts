import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { Cents } from '#domain/money'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'
import { shownId } from './person-family.ts'
import type { SpontaneousState, SpontaneousWhy } from './schema/node-receive.ts'
import { transfersOf, type UnaskedReceipt } from './spontaneous.ts'

export interface SpontaneousRow extends Omit<UnaskedReceipt, 'receiptId'> {
  readonly id: Id<'receipt'>
  readonly pspName: string | null
  readonly state: SpontaneousState
  readonly why: SpontaneousWhy | null
  readonly debtPositionId: Id<'debtPosition'> | null
  readonly personId: Id<'person'> | null
  readonly personName: string | null
  readonly newPerson: boolean
  readonly at: Instant
  readonly lookedAt: Instant | null
  readonly lookedBy: string | null
  readonly accertamenti: readonly RaisedAccertamento[]
}

export interface RaisedAccertamento {
  readonly id: Id<'accertamento'>
  readonly exercise: number
  readonly number: number
  readonly serviceType: string
  readonly dueCents: Cents
  readonly collectedCents: Cents
}

/** Payments without a position of ours with what became of each, the latest first. */
export async function listSpontaneous(
  db: ReadHandle,
  filter: {
    readonly id?: Id<'receipt'>
    readonly state?: readonly SpontaneousState[]
    readonly iuv?: string | null
  } = {},
): Promise<SpontaneousRow[]> {
  let query = db
    .selectFrom('spontaneous as s')
    .innerJoin('receipt as r', 'r.id', 's.receiptId')
    .leftJoin('debtPosition as d', 'd.id', 's.debtPositionId')
    .leftJoin('person as p', 'p.id', 'd.personId')
    .select(['r.id', 'r.iuv', 'r.noticeNumber', 'r.cents', 'r.paidAt', 'r.pspName', 'r.debtorFiscalCode'])
    .select(['r.debtorName', 'r.debtorKind', 'r.description', 's.state', 's.why', 's.debtPositionId', 's.newPerson'])
    .select(['s.at', 's.lookedAt', 's.lookedBy', 'p.name as personName', 'd.id as positionId'])
    .select(shownId('p').as('personId'))
    .orderBy('r.paidAt', 'desc')
    .orderBy('r.id', 'desc')
  if (filter.id !== undefined) query = query.where('r.id', '=', filter.id)
  if (filter.state !== undefined && filter.state.length > 0) query = query.where('s.state', 'in', [...filter.state])
  if (filter.iuv != null) query = query.where('r.iuv', 'like', `%${filter.iuv.replace(/\s+/g, '')}%`)
  const rows = await query.execute()
  const transfers = await transfersOf(
    db,
    rows.map((row) => row.id),
  )
  const raised = await accertamentiOf(
    db,
    rows.flatMap((row) => row.debtPositionId ?? []),
  )
  return rows.map(({ newPerson, positionId, personId, ...row }) => ({
    ...row,
    newPerson: newPerson === 1,
    personId: positionId === null ? null : personId,
    transfers: transfers.get(row.id) ?? [],
    accertamenti: raised.get(row.debtPositionId ?? 0) ?? [],
  }))
}

export async function countSpontaneous(db: ReadHandle): Promise<Record<SpontaneousState, number>> {
  const rows = await db
    .selectFrom('spontaneous')
    .select(['state', sql<number>`count(*)`.as('count')])
    .groupBy('state')
    .execute()
  const counts: Record<SpontaneousState, number> = { toAssign: 0, raised: 0, looked: 0, left: 0 }
  for (const { state, count } of rows) counts[state] = Number(count)
  return counts
}

/** What the current version of each position asks for. */
async function accertamentiOf(
  db: ReadHandle,
  positionIds: readonly Id<'debtPosition'>[],
): Promise<Map<number, RaisedAccertamento[]>> {
  const found = new Map<number, RaisedAccertamento[]>()
  for (const part of chunks([...new Set(positionIds)], 500)) {
    const rows = await db
      .selectFrom('positionDebt as asked')
      .innerJoin('debtPosition as d', (join) =>
        join.onRef('d.id', '=', 'asked.debtPositionId').onRef('d.currentVersion', '=', 'asked.version'),
      )
      .innerJoin('accertamento as a', 'a.id', 'asked.accertamentoId')
      .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
      .innerJoin('serviceType as t', 't.id', 'a.serviceTypeId')
      .where('asked.debtPositionId', 'in', part)
      .select(['asked.debtPositionId', 'a.id', 'a.exercise', 'a.number', 't.name as serviceType'])
      .select(['b.dueCents', 'b.collectedCents'])
      .orderBy('a.exercise')
      .orderBy('a.number')
      .execute()
    for (const { debtPositionId, ...row } of rows) {
      const of = found.get(debtPositionId)
      if (of === undefined) found.set(debtPositionId, [row])
      else of.push(row)
    }
  }
  return found
}
