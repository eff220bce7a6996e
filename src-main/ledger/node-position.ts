import type { Selectable, Updateable } from 'kysely'
import type { Id } from '#domain/brand'
import type { GpdApi, HeldPayment } from '#domain/gpd'
import { canonicalJson, type JsonValue } from '#domain/json'
import type { NodeEnvironment } from '#domain/node-ports'
import {
  ABSENT,
  type HeldOnNode,
  type NextOnNode,
  type NodeStep,
  type NodeSync,
  nextOnNode,
  STEP_DIVERGENCES,
  syncOf,
  type WantedOnNode,
} from '#domain/node-step'
import { partnerShown } from '#domain/partner'
import { chunks } from './chunks.ts'
import { readInstitution } from './institution.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { readNodeSettings } from './node-connection.ts'
import { handedRows, standingAtPartner, type WantedPosition } from './partner-held.ts'
import type { NodePositionTable } from './schema/node-publish.ts'

/** Ids in a statement: fewer than the parameters that both engines take. */
const MANY = 500

export type NodeRow = Selectable<NodePositionTable>
export type NodeRowPatch = Omit<Updateable<NodePositionTable>, 'environment' | 'iupd' | 'debtPositionId'>

/** What the books want of a position on the node, whichever iupd it is asked about. */
export interface PositionFacts extends WantedPosition {
  readonly api: GpdApi
}

export async function readPositionFacts(
  db: ReadHandle,
  ids: readonly Id<'debtPosition'>[],
): Promise<ReadonlyMap<number, PositionFacts>> {
  const found = new Map<number, PositionFacts>()
  for (const slice of chunks([...new Set(ids)], MANY)) {
    const positions = await db
      .selectFrom('debtPosition as p')
      .innerJoin('debtPositionVersion as v', (join) =>
        join.onRef('v.debtPositionId', '=', 'p.id').onRef('v.version', '=', 'p.currentVersion'),
      )
      .where('p.id', 'in', slice)
      .select(['p.id', 'p.lifecycle', 'p.currentVersion as version', 'p.payment', 'v.iupd'])
      .execute()
    const options = await db
      .selectFrom('debtPosition as p')
      .innerJoin('paymentOption as o', (join) =>
        join.onRef('o.debtPositionId', '=', 'p.id').onRef('o.version', '=', 'p.currentVersion'),
      )
      .where('p.id', 'in', slice)
      .where('o.kind', '=', 'plan')
      .select('p.id')
      .execute()
    const outside = await db
      .selectFrom('debtPosition as p')
      .innerJoin('paymentOption as o', (join) =>
        join.onRef('o.debtPositionId', '=', 'p.id').onRef('o.version', '=', 'p.currentVersion'),
      )
      .innerJoin('installment as i', 'i.paymentOptionId', 'o.id')
      .innerJoin('installmentState as s', 's.installmentId', 'i.id')
      .innerJoin('iuvAssignment as n', 'n.iuv', 'i.iuv')
      .where('p.id', 'in', slice)
      .where('s.state', '=', 'paidOutside')
      .select(['p.id', 'n.noticeNumber'])
      .orderBy('o.kind', 'desc')
      .orderBy('i.ordinal')
      .execute()
    const plans = new Set<number>(options.map(({ id }) => id))
    const navs = Map.groupBy(outside, (row) => row.id as number)
    for (const { id, payment, ...row } of positions) {
      found.set(id, {
        ...row,
        settled: payment === 'paid' || payment === 'collected',
        api: plans.has(id) ? 'v3' : 'v1',
        paidOutside: (navs.get(id) ?? []).flatMap(({ noticeNumber }) => noticeNumber ?? []),
      })
    }
  }
  return found
}

/** As a row keeps them. */
export function heldJsonOf(payments: readonly HeldPayment[]): string {
  return canonicalJson(payments as unknown as JsonValue)
}

export function heldPaymentsOf(row: Pick<NodeRow, 'heldJson'>): readonly HeldPayment[] | null {
  return row.heldJson === null ? null : (JSON.parse(row.heldJson) as HeldPayment[])
}

/** What to do next about a row, by the one rule of the domain. */
export function nextOf(row: NodeRow, facts: PositionFacts): NextOnNode {
  const wanted: WantedOnNode = { ...facts, live: facts.lifecycle === 'issued' && facts.iupd === row.iupd }
  const held: HeldOnNode = {
    ...{ api: row.api, heldVersion: row.heldVersion, state: row.state, unsure: row.unsure === 1 },
    payments: heldPaymentsOf(row),
    refused:
      row.faultKind !== 'refused' || row.faultStep === null || row.faultVersion === null
        ? null
        : { step: row.faultStep as NodeStep, version: row.faultVersion },
  }
  return nextOnNode(wanted, held)
}

/** The environment of the institution: what pages show and the worker works on. */
export async function presentEnvironment(db: ReadHandle): Promise<NodeEnvironment> {
  return (await readInstitution(db))?.environment ?? 'rehearsal'
}

/** Nothing of it is under way. */
export const NO_STEP = { step: null, stepVersion: null, stepAt: null, stepOwner: null, batchId: null }
/** The node has refused nothing of it. */
export const NO_FAULT = {
  ...{ faultKind: null, faultStatus: null, faultReply: null, faultReason: null },
  ...{ faultStep: null, faultVersion: null, faultAt: null },
}

/** A row of which the node never said anything. */
export const FRESH: Omit<NodeRow, 'environment' | 'iupd' | 'debtPositionId'> = {
  ...{ api: null, heldVersion: null, state: null, heldJson: null, saidAt: null },
  ...{ ...NO_STEP, ...NO_FAULT, attempts: 0, nextAt: null, unsure: 0, pending: 1 },
  ...{ divergence: null, keptDivergence: null, sidesJson: null },
}

/**
 * Wanted on the node from now on, in this environment: a row for the current iupd of each. What is there already is looked at
 * again; what was handed to the technological partner is his.
 */
export async function wantOnNode(
  db: WriteHandle,
  environment: NodeEnvironment,
  ids: readonly Id<'debtPosition'>[],
): Promise<void> {
  for (const slice of chunks(ids, MANY)) {
    const facts = await readPositionFacts(db, slice)
    const entrusted = await handedRows(db, environment, slice)
    const rows = slice.flatMap((debtPositionId) => {
      const iupd = facts.get(debtPositionId)?.iupd
      return iupd === undefined || entrusted.has(debtPositionId)
        ? []
        : [{ environment, iupd, debtPositionId, ...FRESH }]
    })
    if (rows.length === 0) continue
    await db
      .insertInto('nodePosition')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['environment', 'iupd']).doUpdateSet({ pending: 1, nextAt: null }))
      .execute()
  }
  await settleOnNode(db, environment, ids)
}

/** Positions just issued leave by themselves where the institution wants it so. */
export async function wantFreshOnNode(db: WriteHandle, ids: readonly Id<'debtPosition'>[]): Promise<void> {
  const environment = await presentEnvironment(db)
  const { autoPublish } = await readNodeSettings(db, environment)
  if (autoPublish) await wantOnNode(db, environment, ids)
}

/**
 * These positions have another version, are cancelled, or were paid outside: wherever one is wanted on the node it is looked at
 * again, under its present iupd too. Those that nobody wanted there stay as they are.
 */
export async function followOnNode(db: WriteHandle, ids: readonly Id<'debtPosition'>[]): Promise<void> {
  const present = await presentEnvironment(db)
  const handed = await handedRows(db, present, ids)
  for (const slice of chunks(ids, MANY)) {
    const rows = await db
      .selectFrom('nodePosition')
      .where('debtPositionId', 'in', slice)
      .select(['environment', 'debtPositionId'])
      .execute()
    for (const [environment, of] of Map.groupBy(rows, (row) => row.environment)) {
      const followed = [...new Set(of.map((row) => row.debtPositionId))]
      const facts = await readPositionFacts(db, followed)
      const isIssued = (id: Id<'debtPosition'>) => facts.get(id)?.lifecycle === 'issued'
      const [issued, others] = [followed.filter(isIssued), followed.filter((id) => !isIssued(id))]
      if (issued.length > 0) await wantOnNode(db, environment, issued)
      if (environment !== present) await touch(db, environment, followed)
      else if (others.length > 0) await settleOnNode(db, environment, others)
    }
    const entrusted = slice.filter((id) => handed.has(id))
    if (entrusted.length > 0) await settleOnNode(db, present, entrusted)
  }
}

async function touch(db: WriteHandle, environment: NodeEnvironment, ids: readonly Id<'debtPosition'>[]): Promise<void> {
  await db
    .updateTable('nodePosition')
    .set({ pending: 1, nextAt: null })
    .where('environment', '=', environment)
    .where('debtPositionId', 'in', ids)
    .execute()
}

export async function readNodeRows(
  db: ReadHandle,
  environment: NodeEnvironment,
  ids: readonly Id<'debtPosition'>[],
): Promise<NodeRow[]> {
  const found: NodeRow[] = []
  for (const slice of chunks([...new Set(ids)], MANY)) {
    const rows = await db
      .selectFrom('nodePosition')
      .selectAll()
      .where('debtPositionId', 'in', slice)
      .where('environment', '=', environment)
      .execute()
    found.push(...rows)
  }
  return found
}

export interface RowChange {
  readonly iupd: string
  readonly patch: NodeRowPatch
}

/** Equal changes go in one statement. */
export async function patchNodeRows(
  db: WriteHandle,
  environment: NodeEnvironment,
  changes: readonly RowChange[],
): Promise<void> {
  const same = Map.groupBy(changes, ({ patch }) => JSON.stringify(patch))
  for (const of of same.values()) {
    const patch = of[0]?.patch
    if (patch === undefined || Object.keys(patch).length === 0) continue
    for (const slice of chunks(of, MANY)) {
      await db
        .updateTable('nodePosition')
        .set(patch)
        .where('environment', '=', environment)
        .where(
          'iupd',
          'in',
          slice.map(({ iupd }) => iupd),
        )
        .execute()
    }
  }
}

/**
 * Works out again what is to be done about these positions, and what lists show of them. Called in the write of whatever changed:
 * versions, payments, what the node said.
 */
export async function settleOnNode(
  db: WriteHandle,
  environment: NodeEnvironment,
  ids: readonly Id<'debtPosition'>[],
): Promise<void> {
  const present = await presentEnvironment(db)
  for (const slice of chunks([...new Set(ids)], MANY)) {
    const facts = await readPositionFacts(db, slice)
    const rows = await readNodeRows(db, environment, slice)
    const handed = await handedRows(db, environment, slice)
    const changes: RowChange[] = []
    const shown = new Map<number, Shown>()
    for (const row of rows) {
      const of = facts.get(row.debtPositionId)
      if (of === undefined) continue
      const wanted = nextOf(row, of)
      // What is the partner's is told nothing from here, but for a step whose end is not known.
      const leaves = handed.has(row.debtPositionId) && wanted.kind === 'step' && wanted.step !== 'ask'
      const next: NextOnNode = leaves ? { kind: 'none' } : wanted
      const divergence = divergenceOf(row, next)
      const pending = row.step !== null || next.kind === 'step' ? 1 : 0
      // A refusal that stands in nobody's way any more is not shown.
      const faultKind = row.faultKind === 'refused' && isOver(row, next) ? null : row.faultKind
      if (pending !== row.pending || divergence !== row.divergence || faultKind !== row.faultKind) {
        changes.push({ iupd: row.iupd, patch: { pending, divergence, faultKind } })
      }
      if (row.iupd === of.iupd) shown.set(row.debtPositionId, shownOf({ ...row, divergence }, next))
    }
    await patchNodeRows(db, environment, changes)
    for (const [id, given] of handed) {
      const of = facts.get(id)
      if (of !== undefined) shown.set(id, partnerShown(standingAtPartner(of, given)))
    }
    if (environment === present) await show(db, slice, shown)
  }
}

function isOver(row: NodeRow, next: NextOnNode): boolean {
  return row.step === null && (next.kind === 'none' || next.kind === 'diverged')
}

/** What whoever compares the two sides found stays until one of them moves. */
function divergenceOf(row: NodeRow, next: NextOnNode): string | null {
  if (next.kind === 'diverged') return next.divergence
  return STEP_DIVERGENCES.some((one) => one === row.divergence) ? null : row.divergence
}

interface Shown {
  readonly nodeState: string | null
  readonly syncState: NodeSync
}

function shownOf(row: NodeRow, next: NextOnNode): Shown {
  const sync = syncOf(next, row.step !== null)
  const apart = row.divergence !== null && row.divergence !== row.keptDivergence
  return {
    nodeState: row.state === ABSENT && row.heldVersion === null ? null : row.state,
    syncState: sync === 'synced' || sync === 'diverged' ? (apart ? 'diverged' : 'synced') : sync,
  }
}

const UNKNOWN_THERE: Shown = { nodeState: null, syncState: 'none' }

async function show(
  db: WriteHandle,
  ids: readonly Id<'debtPosition'>[],
  shown: ReadonlyMap<number, Shown>,
): Promise<void> {
  const present = await db
    .selectFrom('debtPosition')
    .where('id', 'in', ids)
    .select(['id', 'nodeState', 'syncState'])
    .execute()
  const moved = present.filter(({ id, nodeState, syncState }) => {
    const as = shown.get(id) ?? UNKNOWN_THERE
    return as.nodeState !== nodeState || as.syncState !== syncState
  })
  const same = Map.groupBy(moved, ({ id }) => JSON.stringify(shown.get(id) ?? UNKNOWN_THERE))
  for (const [as, of] of same) {
    await db
      .updateTable('debtPosition')
      .set(JSON.parse(as) as Shown)
      .where(
        'id',
        'in',
        of.map(({ id }) => id),
      )
      .execute()
  }
}

/** Another environment was chosen: lists show what its node holds. */
export async function showEnvironment(db: WriteHandle, environment: NodeEnvironment): Promise<void> {
  await db
    .updateTable('debtPosition')
    .set({ nodeState: null, syncState: 'none' })
    .where((or) => or.or([or('nodeState', 'is not', null), or('syncState', '<>', 'none')]))
    .execute()
  const rows = await db
    .selectFrom('nodePosition')
    .where('environment', '=', environment)
    .select('debtPositionId')
    .distinct()
    .execute()
  const handed = await db
    .selectFrom('partnerBatchRow as r')
    .innerJoin('partnerBatch as b', 'b.id', 'r.partnerBatchId')
    .where('b.environment', '=', environment)
    .where('b.withdrawnAt', 'is', null)
    .where('r.outcome', '<>', 'released')
    .select('r.debtPositionId')
    .distinct()
    .execute()
  await settleOnNode(
    db,
    environment,
    [...rows, ...handed].map((row) => row.debtPositionId),
  )
}

/** No longer wanted there: what never left, so that the node knows nothing of it. Answers how many. */
export async function unwantOnNode(
  db: WriteHandle,
  environment: NodeEnvironment,
  ids: readonly Id<'debtPosition'>[],
): Promise<number> {
  let gone = 0
  for (const slice of chunks(ids, MANY)) {
    const deleted = await db
      .deleteFrom('nodePosition')
      .where('environment', '=', environment)
      .where('debtPositionId', 'in', slice)
      .where('step', 'is', null)
      .where('unsure', '=', 0)
      .where('heldVersion', 'is', null)
      .where((or) => or.or([or('state', 'is', null), or('state', '=', ABSENT)]))
      .executeTakeFirst()
    gone += Number(deleted.numDeletedRows)
  }
  await settleOnNode(db, environment, ids)
  return gone
}
