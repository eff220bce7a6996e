import { type Insertable, type Selectable, sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { NodeEnvironment } from '#domain/node-ports'
import type { PartnerOutcome } from '#domain/partner'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { presentEnvironment } from './node-position.ts'
import { heldRows, isEntrusted } from './partner-held.ts'
import type { PartnerBatchRowTable, PartnerBatchTable, PartnerOutcomeTable } from './schema/partner.ts'

type BatchId = Id<'partnerBatch'>

/** A file for the partner without its bytes, and how many of its rows came to what. */
export interface PartnerBatch
  extends Omit<Selectable<PartnerBatchTable>, 'contentBase64'>,
    Readonly<Record<PartnerOutcome, number>> {}

export interface NewPartnerRow
  extends Pick<PartnerBatchRowTable, 'iupd' | 'debtPositionId' | 'version' | 'cents' | 'closed'> {}

/** The file and what stands in it, from the write that makes it. */
export async function insertPartnerBatch(
  db: WriteHandle,
  batch: Omit<Insertable<PartnerBatchTable>, 'withdrawnAt' | 'withdrawnReason'> & { readonly id: BatchId },
  rows: readonly NewPartnerRow[],
): Promise<void> {
  await db
    .insertInto('partnerBatch')
    .values({ ...batch, withdrawnAt: null, withdrawnReason: null })
    .execute()
  await insertMany(
    db,
    'partnerBatchRow',
    rows.map((row) => ({
      ...{ partnerBatchId: batch.id, iupd: row.iupd, debtPositionId: row.debtPositionId, version: row.version },
      ...{ cents: row.cents, closed: row.closed, outcome: 'waiting' as const, reason: null, partnerOutcomeId: null },
    })),
  )
}

/** Newest first; @param id of one only */
export async function listPartnerBatches(
  db: ReadHandle,
  of: { readonly environment: NodeEnvironment } | { readonly id: BatchId },
): Promise<PartnerBatch[]> {
  const counts = db
    .selectFrom('partnerBatchRow')
    .select('partnerBatchId')
    .select(sql<number>`sum(case when "outcome" = 'waiting' then 1 else 0 end)`.as('waiting'))
    .select(sql<number>`sum(case when "outcome" = 'accepted' then 1 else 0 end)`.as('accepted'))
    .select(sql<number>`sum(case when "outcome" = 'refused' then 1 else 0 end)`.as('refused'))
    .select(sql<number>`sum(case when "outcome" = 'released' then 1 else 0 end)`.as('released'))
    .groupBy('partnerBatchId')
  let q = db
    .selectFrom('partnerBatch as b')
    .innerJoin(counts.as('c'), 'c.partnerBatchId', 'b.id')
    .select(['b.id', 'b.environment', 'b.kind', 'b.format', 'b.at', 'b.operator', 'b.fileName', 'b.sha256', 'b.size'])
    .select([
      'b.rows',
      'b.cents',
      'b.withdrawnAt',
      'b.withdrawnReason',
      'c.waiting',
      'c.accepted',
      'c.refused',
      'c.released',
    ])
    .orderBy('b.id', 'desc')
  q = 'id' in of ? q.where('b.id', '=', of.id) : q.where('b.environment', '=', of.environment)
  return (await q.execute()).map((row) => ({
    ...row,
    waiting: Number(row.waiting),
    accepted: Number(row.accepted),
    refused: Number(row.refused),
    released: Number(row.released),
  }))
}

export async function readPartnerContent(db: ReadHandle, id: BatchId): Promise<string | null> {
  const row = await db.selectFrom('partnerBatch').where('id', '=', id).select('contentBase64').executeTakeFirst()
  return row?.contentBase64 ?? null
}

/** Positions of the present environment that are the partner's. */
export async function countEntrusted(db: ReadHandle, environment: NodeEnvironment): Promise<number> {
  const row = await heldRows(db, environment)
    .select((of) => of.fn.count<number>('r.debtPositionId').distinct().as('n'))
    .executeTakeFirst()
  return Number(row?.n ?? 0)
}

/** The partner's positions of which a file should tell him something; lists show them as to be told or refused. */
export async function entrustedToTell(
  db: ReadHandle,
  environment: NodeEnvironment,
): Promise<readonly Id<'debtPosition'>[]> {
  const rows = await heldRows(db, environment)
    .innerJoin('debtPosition as p', 'p.id', 'r.debtPositionId')
    .where('p.syncState', 'in', ['toSync', 'failed'])
    .select('r.debtPositionId')
    .distinct()
    .orderBy('r.debtPositionId')
    .execute()
  return rows.map((row) => row.debtPositionId)
}

/** The partner's positions that wait for a person: to be told of, or refused by him. */
export async function partnerToDo(db: ReadHandle): Promise<{ readonly toTell: number; readonly refused: number }> {
  const rows = await db
    .selectFrom('debtPosition')
    .where('syncState', 'in', ['toSync', 'failed'])
    .where(isEntrusted(await presentEnvironment(db)))
    .select((of) => ['syncState', of.fn.countAll<number>().as('n')])
    .groupBy('syncState')
    .execute()
  const of = (state: string) => Number(rows.find((row) => row.syncState === state)?.n ?? 0)
  return { toTell: of('toSync'), refused: of('failed') }
}

/** A row of a batch as people know it. */
export interface PartnerRow
  extends Pick<PartnerBatchRowTable, 'debtPositionId' | 'iupd' | 'version' | 'cents' | 'outcome' | 'reason'> {
  readonly personName: string
  readonly noticeNumber: string
  readonly followed: boolean
}

/** All of a batch, by name. */
export async function listPartnerRows(db: ReadHandle, id: BatchId): Promise<PartnerRow[]> {
  const rows = await db
    .selectFrom('partnerBatchRow as r')
    .innerJoin('debtPosition as p', 'p.id', 'r.debtPositionId')
    .innerJoin('person', 'person.id', 'p.personId')
    .where('r.partnerBatchId', '=', id)
    .select(['r.debtPositionId', 'r.iupd', 'r.version', 'r.cents', 'r.outcome', 'r.reason'])
    .select('person.name as personName')
    .orderBy('person.name')
    .orderBy('r.iupd')
    .execute()
  const ids = rows.map((row) => row.debtPositionId)
  const last = await lastBatches(db, ids)
  const notices = await noticesOf(db, ids)
  return rows.map((row) => ({
    ...row,
    noticeNumber: notices.get(`${row.debtPositionId} ${row.version}`) ?? '',
    followed: (last.get(row.debtPositionId) ?? 0) > id,
  }))
}

/** The latest file, of those not taken back, that speaks of each position. */
async function lastBatches(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>()
  for (const slice of chunks([...new Set(ids)], 500)) {
    const rows = await db
      .selectFrom('partnerBatchRow as r')
      .innerJoin('partnerBatch as b', 'b.id', 'r.partnerBatchId')
      .where('r.debtPositionId', 'in', slice)
      .where('b.withdrawnAt', 'is', null)
      .select((of) => ['r.debtPositionId', of.fn.max<number>('b.id').as('last')])
      .groupBy('r.debtPositionId')
      .execute()
    for (const { debtPositionId, last } of rows) found.set(debtPositionId, Number(last))
  }
  return found
}

/** Leading notice number by «position version». */
async function noticesOf(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const slice of chunks([...new Set(ids)], 500)) {
    const rows = await db
      .selectFrom('paymentOption as o')
      .innerJoin('installment as i', 'i.paymentOptionId', 'o.id')
      .innerJoin('iuvAssignment as n', 'n.iuv', 'i.iuv')
      .where('o.debtPositionId', 'in', slice)
      .select(['o.debtPositionId', 'o.version', 'n.noticeNumber'])
      .orderBy('o.kind', 'desc')
      .orderBy('i.ordinal')
      .execute()
    for (const { debtPositionId, version, noticeNumber } of rows) {
      const name = `${debtPositionId} ${version}`
      if (!found.has(name)) found.set(name, noticeNumber ?? '')
    }
  }
  return found
}

/** Files, of those not taken back, that speak of a position, newest first. */
export async function partnerFilesOf(db: ReadHandle, environment: NodeEnvironment, debtPositionId: Id<'debtPosition'>) {
  return heldRows(db, environment)
    .where('r.debtPositionId', '=', debtPositionId)
    .select(['b.id', 'b.kind', 'b.at', 'r.outcome', 'r.reason'])
    .orderBy('b.id', 'desc')
    .orderBy('r.iupd')
    .execute()
}

/** Its positions are no longer the partner's, unless another file says so. */
export async function withdrawPartnerBatch(db: WriteHandle, id: BatchId, at: Instant, reason: string): Promise<void> {
  await db
    .updateTable('partnerBatch')
    .set({ withdrawnAt: at, withdrawnReason: reason })
    .where('id', '=', id)
    .where('withdrawnAt', 'is', null)
    .execute()
}

/** Rows that he refused are no longer his. */
export async function releasePartnerRows(db: WriteHandle, id: BatchId, iupds: readonly string[]): Promise<void> {
  for (const slice of chunks(iupds, 500)) {
    await db
      .updateTable('partnerBatchRow')
      .set({ outcome: 'released' })
      .where('partnerBatchId', '=', id)
      .where('outcome', '=', 'refused')
      .where('iupd', 'in', slice)
      .execute()
  }
}

export interface ToldRow {
  readonly iupd: string
  readonly outcome: 'accepted' | 'refused'
  readonly reason: string | null
}

/** What the partner said, and what becomes of the rows that it speaks of. */
export async function keepPartnerOutcome(
  db: WriteHandle,
  outcome: Insertable<PartnerOutcomeTable>,
  rows: readonly ToldRow[],
): Promise<void> {
  const { id } = await db.insertInto('partnerOutcome').values(outcome).returning('id').executeTakeFirstOrThrow()
  const same = Map.groupBy(rows, (row) => JSON.stringify([row.outcome, row.reason]))
  for (const of of same.values()) {
    const [first] = of
    if (first === undefined) continue
    for (const slice of chunks(of, 500)) {
      await db
        .updateTable('partnerBatchRow')
        .set({ outcome: first.outcome, reason: first.reason, partnerOutcomeId: id })
        .where('partnerBatchId', '=', outcome.partnerBatchId)
        .where(
          'iupd',
          'in',
          slice.map((row) => row.iupd),
        )
        .execute()
    }
  }
}

/** Newest first. */
export async function listPartnerOutcomes(db: ReadHandle, id: BatchId) {
  return db
    .selectFrom('partnerOutcome')
    .where('partnerBatchId', '=', id)
    .select(['id', 'at', 'operator', 'source', 'fileName', 'sha256', 'accepted', 'refused', 'unknown'])
    .orderBy('id', 'desc')
    .execute()
}
