import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { GpdApi } from '#domain/gpd'
import { cents } from '#domain/money'
import type { NodeEnvironment } from '#domain/node-ports'
import { ABSENT } from '#domain/node-step'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { FRESH, type NodeRow, presentEnvironment } from './node-position.ts'
import { ANY_POSITION, readValidity, sumPositions } from './position-list.ts'
import type { NodeStrangerTable } from './schema/node-follow.ts'

const MANY = 500

/** A position to be asked about, with the days on which its open payments fall due by our own books. */
export interface Asked {
  readonly iupd: string
  readonly debtPositionId: Id<'debtPosition'>
  readonly api: GpdApi
  /** A step of it is under way, or its end is not known: the worker asks by itself. */
  readonly busy: boolean
  /** Days on which the node may have been told that it falls due: the first of the current version, and its last day. */
  readonly dues: readonly IsoDate[]
  /** How many payments the current version is made of. */
  readonly payments: number
}

/**
 * Rows that the node may know of: those of these positions, else all that can still move there (a payment, its report, an expiry).
 */
export async function readAsked(
  db: ReadHandle,
  environment: NodeEnvironment,
  ids: readonly Id<'debtPosition'>[] | null,
): Promise<Asked[]> {
  const found: Asked[] = []
  const batches = await readValidity(db)
  for (const slice of ids === null ? [null] : chunks([...new Set(ids)], MANY)) {
    let q = db
      .selectFrom('nodePosition as n')
      .innerJoin('debtPosition as p', 'p.id', 'n.debtPositionId')
      .where('n.environment', '=', environment)
      .where((or) => or.or([or('n.heldVersion', 'is not', null), or('n.state', 'is not', null)]))
      .innerJoin('debtPositionVersion as v', (join) =>
        join.onRef('v.debtPositionId', '=', 'p.id').onRef('v.version', '=', 'p.currentVersion'),
      )
      .select(['n.iupd', 'n.debtPositionId', 'n.api', 'n.step', 'n.unsure', 'v.validUntil', 'p.issuanceId'])
      .select([
        sql<IsoDate | null>`(select min(i."dueDate") from "paymentOption" o join "installment" i on i."paymentOptionId" = o."id"
          where o."debtPositionId" = p."id" and o."version" = p."currentVersion")`.as('due'),
        sql<number>`(select cast(count(*) as integer) from "paymentOption" o join "installment" i on i."paymentOptionId" = o."id"
          where o."debtPositionId" = p."id" and o."version" = p."currentVersion")`.as('payments'),
      ])
    if (slice === null) {
      q = q
        .where((or) => or.or([or('n.state', 'is', null), or('n.state', 'not in', ['REPORTED', 'INVALID', ABSENT])]))
        .orderBy('n.iupd')
    } else q = q.where('n.debtPositionId', 'in', slice)
    for (const { step, unsure, api, due, validUntil, issuanceId, ...row } of await q.execute()) {
      // What was overdue when it was sent falls due on its last day there.
      const last = validUntil ?? batches.get(issuanceId ?? 0) ?? null
      const dues = [due, last].filter((day) => day !== null)
      found.push({ ...row, api: api ?? 'v1', busy: step !== null || unsure === 1, dues })
    }
  }
  return found
}

export async function readNodeRowsByIupd(
  db: ReadHandle,
  environment: NodeEnvironment,
  iupds: readonly string[],
): Promise<Map<string, NodeRow>> {
  const found = new Map<string, NodeRow>()
  for (const slice of chunks([...new Set(iupds)], MANY)) {
    const rows = await db
      .selectFrom('nodePosition')
      .selectAll()
      .where('environment', '=', environment)
      .where('iupd', 'in', slice)
      .execute()
    for (const row of rows) found.set(row.iupd, row)
  }
  return found
}

/** Versions that carry these iupds, the latest of each: an older copy of the archive does not remember what it had published. */
export async function findVersionsByIupd(
  db: ReadHandle,
  iupds: readonly string[],
): Promise<Map<string, { readonly debtPositionId: Id<'debtPosition'>; readonly version: number }>> {
  const found = new Map<string, { debtPositionId: Id<'debtPosition'>; version: number }>()
  for (const slice of chunks([...new Set(iupds)], MANY)) {
    const rows = await db
      .selectFrom('debtPositionVersion')
      .where('iupd', 'in', slice)
      .select(['iupd', 'debtPositionId', 'version'])
      .orderBy('version')
      .execute()
    for (const { iupd, ...row } of rows) found.set(iupd, row)
  }
  return found
}

/** The node holds it, and this archive has to learn so. */
export async function adoptOnNode(
  db: WriteHandle,
  environment: NodeEnvironment,
  rows: readonly { readonly iupd: string; readonly debtPositionId: Id<'debtPosition'>; readonly api: GpdApi }[],
): Promise<void> {
  for (const slice of chunks(rows, 100)) {
    await db
      .insertInto('nodePosition')
      .values(slice.map((row) => ({ ...FRESH, environment, ...row, heldVersion: 0, pending: 0 as const })))
      .onConflict((conflict) => conflict.columns(['environment', 'iupd']).doNothing())
      .execute()
  }
}

export async function keepStrangers(
  db: WriteHandle,
  rows: readonly Omit<NodeStrangerTable, 'keptState' | 'keptReason'>[],
): Promise<void> {
  for (const row of rows) {
    const { state, cents, heldJson, seenAt, api } = row
    await db
      .insertInto('nodeStranger')
      .values({ ...row, keptState: null, keptReason: null })
      .onConflict((conflict) =>
        conflict.columns(['environment', 'iupd']).doUpdateSet({ state, cents, heldJson, seenAt, api }),
      )
      .execute()
  }
}

export async function dropStrangers(
  db: WriteHandle,
  environment: NodeEnvironment,
  iupds: readonly string[],
): Promise<void> {
  for (const slice of chunks(iupds, MANY)) {
    await db.deleteFrom('nodeStranger').where('environment', '=', environment).where('iupd', 'in', slice).execute()
  }
}

export async function listStrangers(db: ReadHandle, environment: NodeEnvironment) {
  return db.selectFrom('nodeStranger').selectAll().where('environment', '=', environment).orderBy('iupd').execute()
}

/** Left as it is with a reason, or looked at again where the reason is null. */
export async function markStranger(
  db: WriteHandle,
  environment: NodeEnvironment,
  iupd: string,
  kept: { readonly state: string; readonly reason: string } | null,
): Promise<void> {
  await db
    .updateTable('nodeStranger')
    .set({ keptState: kept?.state ?? null, keptReason: kept?.reason ?? null })
    .where('environment', '=', environment)
    .where('iupd', '=', iupd)
    .execute()
}

/** Rows in which both sides say different things. */
export async function listDiverged(
  db: ReadHandle,
  environment: NodeEnvironment,
  debtPositionId: Id<'debtPosition'> | null = null,
): Promise<NodeRow[]> {
  let q = db
    .selectFrom('nodePosition')
    .selectAll()
    .where('environment', '=', environment)
    .where('divergence', 'is not', null)
    .orderBy('saidAt', 'desc')
    .orderBy('iupd')
  if (debtPositionId !== null) q = q.where('debtPositionId', '=', debtPositionId)
  return q.execute()
}

/** How many wait for a choice. */
export async function countDivergences(db: ReadHandle, environment: NodeEnvironment): Promise<number> {
  const own = await db
    .selectFrom('nodePosition')
    .select(sql<number>`count(*)`.as('n'))
    .where('environment', '=', environment)
    .where('divergence', 'is not', null)
    .where((or) => or.or([or('keptDivergence', 'is', null), or('keptDivergence', '<>', or.ref('divergence'))]))
    .executeTakeFirstOrThrow()
  const strangers = await db
    .selectFrom('nodeStranger')
    .select(sql<number>`count(*)`.as('n'))
    .where('environment', '=', environment)
    .where((or) => or.or([or('keptState', 'is', null), or('keptState', '<>', or.ref('state'))]))
    .executeTakeFirstOrThrow()
  return Number(own.n) + Number(strangers.n)
}

/** Positions that the node did not take as they are. */
export async function countNodeFaults(db: ReadHandle, environment: NodeEnvironment): Promise<number> {
  const row = await db
    .selectFrom('nodePosition')
    .select(sql<number>`count(*)`.as('n'))
    .where('environment', '=', environment)
    .where('faultKind', '=', 'refused')
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** What waits between here and the node, for the dashboard. */
export async function readOnNode(db: ReadHandle, today: IsoDate) {
  const environment = await presentEnvironment(db)
  const used = await db
    .selectFrom('nodePosition')
    .select('iupd')
    .where('environment', '=', environment)
    .limit(1)
    .execute()
  const none = { count: 0, cents: cents(0) }
  return {
    refused: await countNodeFaults(db, environment),
    diverged: await countDivergences(db, environment),
    // An office that never used the node is asked nothing about it.
    toPublish: used.length === 0 ? none : await sumToPublish(db, today),
  }
}

/** Whatever its exercise: it can be paid and the node does not know of it. */
async function sumToPublish(db: ReadHandle, today: IsoDate) {
  const filters = { ...ANY_POSITION, node: 'toPublish' as const }
  const { count, cents: asked } = await sumPositions(db, { filters, search: '', sort: null }, today)
  return { count, cents: asked }
}
