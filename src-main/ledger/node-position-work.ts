import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { NodeEnvironment } from '#domain/node-ports'
import type { NodeStep } from '#domain/node-step'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { OPEN_BATCH } from './node-batch.ts'
import {
  NO_STEP,
  type NodeRow,
  nextOf,
  type PositionFacts,
  patchNodeRows,
  type RowChange,
  readNodeRows,
  readPositionFacts,
  settleOnNode,
} from './node-position.ts'

/** Rows looked at in one go: the most that a massive load carries. */
export const MOST_AT_ONCE = 5000

/** A row with the step that comes next. */
export interface DueRow {
  readonly row: NodeRow
  readonly facts: PositionFacts
  readonly step: NodeStep
}

/** On these somebody can pay, or has paid. */
const ASKED_THERE = sql.join(['PUBLISHED', 'VALID', 'PARTIALLY_PAID', 'PAID', 'REPORTED'])

/**
 * Rows that can be told now. Under new numbers nothing is created as long as the node may take money, or has taken it, under the
 * old ones of the same position: whatever keeps them there, nobody is asked twice.
 */
function isDue(now: Instant) {
  return sql<boolean>`"stepAt" is null and ("nextAt" is null or "nextAt" <= ${now}) and not ("state" is null and exists (
    select 1 from "nodePosition" as "old" where "old"."environment" = "nodePosition"."environment"
      and "old"."debtPositionId" = "nodePosition"."debtPositionId" and "old"."iupd" <> "nodePosition"."iupd"
      and ("old"."state" in (${ASKED_THERE}) or "old"."unsure" = 1 or "old"."stepAt" is not null)))`
}

/** What can be told now, oldest first, and what turns out to need nothing. */
export async function lookDue(
  db: ReadHandle,
  environment: NodeEnvironment,
  now: Instant,
): Promise<{ readonly due: readonly DueRow[]; readonly idle: readonly Id<'debtPosition'>[] }> {
  const rows = await db
    .selectFrom('nodePosition')
    .selectAll()
    .where('environment', '=', environment)
    .where('pending', '=', 1)
    .where(isDue(now))
    .orderBy('debtPositionId')
    .limit(MOST_AT_ONCE)
    .execute()
  const facts = await readPositionFacts(
    db,
    rows.map((row) => row.debtPositionId),
  )
  const due: DueRow[] = []
  const idle: Id<'debtPosition'>[] = []
  for (const row of rows) {
    const of = facts.get(row.debtPositionId)
    const next = of === undefined ? null : nextOf(row, of)
    if (of !== undefined && next?.kind === 'step') due.push({ row, facts: of, step: next.step })
    else idle.push(row.debtPositionId)
  }
  return { due, idle }
}

export interface Claim {
  readonly environment: NodeEnvironment
  readonly owner: string
  readonly at: Instant
  readonly batchId: Id<'nodeBatch'> | null
}

/** The steps are under way from now on: written before any call leaves. */
export async function claimRows(
  db: WriteHandle,
  due: readonly DueRow[],
  { environment, owner, at, batchId }: Claim,
): Promise<void> {
  const changes = due.map(({ row, facts, step }) => ({
    iupd: row.iupd,
    patch: { step, stepVersion: facts.version, stepAt: at, stepOwner: owner, batchId },
  }))
  await patchNodeRows(db, environment, changes)
  await settleOnNode(
    db,
    environment,
    due.map(({ row }) => row.debtPositionId),
  )
}

/**
 * Steps come to their end: what is left of each row is in its change. Only of those that this run of the program has still in
 * hand: whoever slept too long finds them taken. Answers the positions of which the node has just taken a version.
 */
export async function closeRows(
  db: WriteHandle,
  environment: NodeEnvironment,
  owner: string,
  changes: readonly RowChange[],
): Promise<Id<'debtPosition'>[]> {
  const ids: Id<'debtPosition'>[] = []
  const published: Id<'debtPosition'>[] = []
  const mine = new Set<string>()
  const taken = new Map(changes.map(({ iupd, patch }) => [iupd, patch.heldVersion ?? null]))
  for (const slice of chunks(changes, 500)) {
    const rows = await db
      .selectFrom('nodePosition')
      .where('environment', '=', environment)
      .where(
        'iupd',
        'in',
        slice.map(({ iupd }) => iupd),
      )
      .where('stepOwner', '=', owner)
      .select(['iupd', 'debtPositionId', 'heldVersion'])
      .execute()
    for (const row of rows) {
      const version = taken.get(row.iupd) ?? null
      if (version !== null && version !== row.heldVersion) published.push(row.debtPositionId)
      mine.add(row.iupd)
      ids.push(row.debtPositionId)
    }
  }
  await patchNodeRows(
    db,
    environment,
    changes
      .filter(({ iupd }) => mine.has(iupd))
      .map(({ iupd, patch }) => ({
        iupd,
        patch: { ...patch, ...NO_STEP },
      })),
  )
  await settleOnNode(db, environment, ids)
  return published
}

/** What a run of the program that is no more left under way, massive loads apart: nobody knows whether it was done. Answers how many. */
export async function recoverRows(
  db: WriteHandle,
  environment: NodeEnvironment,
  owner: string,
  at: Instant,
): Promise<number> {
  const rows = await lostRows(db, environment, owner)
  const changes = rows.map((row) => ({ iupd: row.iupd, patch: interruptedPatch(row, at) }))
  await patchNodeRows(db, environment, changes)
  await settleOnNode(
    db,
    environment,
    rows.map((row) => row.debtPositionId),
  )
  return rows.length
}

export async function lostRows(db: ReadHandle, environment: NodeEnvironment, owner: string): Promise<NodeRow[]> {
  return db
    .selectFrom('nodePosition')
    .selectAll()
    .where('environment', '=', environment)
    .where('pending', '=', 1)
    .where('step', 'is not', null)
    .where((or) =>
      or.or([
        or.and([or('batchId', 'is', null), or('stepOwner', '<>', owner)]),
        // A load that came to its end without them: nobody follows them any more.
        or('batchId', 'in', (of) => of.selectFrom('nodeBatch').select('id').where('state', 'not in', OPEN_BATCH)),
      ]),
    )
    .execute()
}

/** The step may have been done or not; which one it was, of which version, is remembered for when the node answers. */
export function interruptedPatch(row: Pick<NodeRow, 'step' | 'stepVersion'>, at: Instant): RowChange['patch'] {
  return {
    ...{ ...NO_STEP, unsure: 1, nextAt: null },
    ...(row.step === null || row.step === 'ask'
      ? {}
      : {
          ...{ faultKind: 'unknown', faultStep: row.step, faultVersion: row.stepVersion, faultAt: at },
          ...{ faultStatus: null, faultReply: null, faultReason: null },
        }),
  }
}

/** Rows of a massive load that are still waiting for its end. */
export function rowsOfBatch(db: ReadHandle, batchId: Id<'nodeBatch'>): Promise<NodeRow[]> {
  return db.selectFrom('nodePosition').selectAll().where('batchId', '=', batchId).execute()
}

/** Rows still to be told: under way, ready now, and when the next of the others may be. */
export async function waitingRows(
  db: ReadHandle,
  environment: NodeEnvironment,
  now: Instant,
): Promise<{
  readonly waiting: number
  readonly underWay: number
  readonly ready: number
  readonly nextAt: Instant | null
}> {
  const rows = await db
    .selectFrom('nodePosition')
    .where('environment', '=', environment)
    .where('pending', '=', 1)
    .select((of) => [
      of.fn.countAll<number>().as('waiting'),
      of.fn.count<number>('stepAt').as('underWay'),
      sql<number>`sum(case when ${isDue(now)} then 1 else 0 end)`.as('ready'),
      sql<Instant | null>`min(case when "stepAt" is null and "nextAt" > ${now} then "nextAt" end)`.as('nextAt'),
    ])
    .executeTakeFirst()
  return {
    waiting: Number(rows?.waiting ?? 0),
    underWay: Number(rows?.underWay ?? 0),
    ready: Number(rows?.ready ?? 0),
    nextAt: rows?.nextAt ?? null,
  }
}

/** Which of these are still to be told, of which some only later and so many are under way somewhere, and which were refused. */
export async function standingOf(
  db: ReadHandle,
  environment: NodeEnvironment,
  ids: readonly Id<'debtPosition'>[],
): Promise<{
  readonly pending: ReadonlySet<number>
  readonly later: ReadonlySet<number>
  readonly inHand: number
  readonly refused: ReadonlySet<number>
}> {
  const [pending, later, refused] = [new Set<number>(), new Set<number>(), new Set<number>()]
  let inHand = 0
  for (const slice of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('nodePosition')
      .where('environment', '=', environment)
      .where('debtPositionId', 'in', slice)
      .where((or) => or.or([or('pending', '=', 1), or('faultKind', '=', 'refused')]))
      .select(['debtPositionId', 'pending', 'nextAt', 'faultKind', 'step'])
      .execute()
    for (const row of rows) {
      if (row.pending === 0) refused.add(row.debtPositionId)
      else pending.add(row.debtPositionId)
      if (row.pending === 1 && row.nextAt !== null) later.add(row.debtPositionId)
      if (row.step !== null) inHand += 1
    }
  }
  return { pending, later, inHand, refused }
}

/**
 * Refused ones may go again, what waits for its time goes now. Answers how many.
 * @param of all of them, those of these positions, or only what waits: what was refused stays to be mended.
 */
export async function retryRows(
  db: WriteHandle,
  environment: NodeEnvironment,
  of: readonly Id<'debtPosition'>[] | 'all' | 'waiting',
): Promise<number> {
  const all = () => db.selectFrom('nodePosition').selectAll().where('environment', '=', environment)
  const rows =
    of === 'all'
      ? await all()
          .where((or) => or.or([or('faultKind', 'is not', null), or('nextAt', 'is not', null)]))
          .execute()
      : of === 'waiting'
        ? await all().where('pending', '=', 1).where('nextAt', 'is not', null).execute()
        : await readNodeRows(db, environment, of)
  const stopped = rows.filter((row) => row.step === null && (row.faultKind !== null || row.nextAt !== null))
  const changes = stopped.map(({ iupd, faultKind, unsure }) => ({
    iupd,
    // What may have been done is remembered until the node was asked.
    patch: { nextAt: null, attempts: 0, ...(faultKind === 'unknown' && unsure === 1 ? {} : { faultKind: null }) },
  }))
  await patchNodeRows(db, environment, changes)
  await settleOnNode(
    db,
    environment,
    stopped.map((row) => row.debtPositionId),
  )
  return stopped.length
}
