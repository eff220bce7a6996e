import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { NodeEnvironment } from '#domain/node-ports'
import type { NodeReadingKind } from '#domain/node-reading'
import type { Iuv } from '#domain/notice-number'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { NodeReadingTable, NodeUnreadTable } from './schema/node-receive.ts'

export type NodeReading = Omit<NodeReadingTable, 'environment' | 'kind'>

const NEVER: NodeReading = {
  mark: null,
  wholeAt: null,
  triedAt: null,
  error: null,
  lostFrom: null,
  lostUntil: null,
}

/** How far one kind was fetched; all null where nothing ever was. */
export async function readNodeReading(
  db: ReadHandle,
  environment: NodeEnvironment,
  kind: NodeReadingKind,
): Promise<NodeReading> {
  const row = await db
    .selectFrom('nodeReading')
    .where('environment', '=', environment)
    .where('kind', '=', kind)
    .select(['mark', 'wholeAt', 'triedAt', 'error', 'lostFrom', 'lostUntil'])
    .executeTakeFirst()
  return row ?? NEVER
}

export async function markNodeReading(
  db: WriteHandle,
  environment: NodeEnvironment,
  kind: NodeReadingKind,
  values: Partial<NodeReading>,
): Promise<void> {
  await db
    .insertInto('nodeReading')
    .values({ environment, kind, ...NEVER, ...values })
    .onConflict((conflict) => conflict.columns(['environment', 'kind']).doUpdateSet(values))
    .execute()
}

/** Of these IUVs: which forms, as the node listed them, are kept already; and days and IURs of the receipts that are. */
export async function keptReceipts(
  db: ReadHandle,
  environment: NodeEnvironment,
  iuvs: readonly string[],
): Promise<{
  readonly listed: ReadonlySet<string>
  readonly receipts: ReadonlyMap<string, readonly { readonly iur: string; readonly paidAt: string }[]>
}> {
  const listed = new Set<string>()
  const receipts = new Map<string, { iur: string; paidAt: string }[]>()
  for (const part of chunks([...new Set(iuvs)], 500)) {
    const known = await db
      .selectFrom('nodeReceipt')
      .select(['iuv', 'listed'])
      .where('environment', '=', environment)
      .where('iuv', 'in', part)
      .execute()
    for (const row of known) listed.add(`${row.iuv}|${row.listed}`)
    const rows = await db
      .selectFrom('receipt')
      .select(['iuv', 'iur', 'paidAt'])
      .where('iuv', 'in', part)
      .where('ok', '=', 1)
      .execute()
    for (const { iuv, ...row } of rows) {
      const of = receipts.get(iuv)
      if (of === undefined) receipts.set(iuv, [row])
      else of.push(row)
    }
  }
  return { listed, receipts }
}

export interface HadReceipt {
  readonly iuv: string
  readonly listed: string
  readonly receiptId: Id<'receipt'> | null
}

/** What was listed is here: not asked for again. */
export async function rememberNodeReceipts(
  db: WriteHandle,
  environment: NodeEnvironment,
  had: readonly HadReceipt[],
  at: Instant,
): Promise<void> {
  for (const part of chunks(had, 200)) {
    await db
      .insertInto('nodeReceipt')
      .values(part.map((one) => ({ environment, ...one, at })))
      .onConflict((conflict) => conflict.columns(['environment', 'iuv', 'listed']).doNothing())
      .execute()
  }
}

/** Ids of receipts by IUV and IUR. */
export async function receiptIds(db: ReadHandle, iuvs: readonly string[]): Promise<Map<string, Id<'receipt'>>> {
  const ids = new Map<string, Id<'receipt'>>()
  for (const part of chunks([...new Set(iuvs)], 500)) {
    const rows = await db.selectFrom('receipt').select(['id', 'iuv', 'iur']).where('iuv', 'in', part).execute()
    for (const row of rows) ids.set(`${row.iuv}|${row.iur}`, row.id)
  }
  return ids
}

export interface FlowRevision {
  readonly flowId: string
  readonly pspCode: string
  readonly revision: number
}

/** Revisions that are kept already, of these flows. */
export async function keptRevisions(
  db: ReadHandle,
  environment: NodeEnvironment,
  flowIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const kept = new Set<string>()
  for (const part of chunks([...new Set(flowIds)], 500)) {
    const rows = await db
      .selectFrom('nodeFlow')
      .select(['flowId', 'pspCode', 'revision'])
      .where('environment', '=', environment)
      .where('flowId', 'in', part)
      .execute()
    for (const row of rows) kept.add(revisionKey(row))
  }
  return kept
}

export function revisionKey({ flowId, pspCode, revision }: FlowRevision): string {
  return `${flowId}|${pspCode}|${revision}`
}

/** The version that a content is of a flow, where it is kept. */
export async function versionOf(
  db: ReadHandle,
  flow: { readonly receiver: string; readonly flowId: string; readonly version: { readonly contentHash: string } },
): Promise<Id<'reportingFlowVersion'> | null> {
  const row = await db
    .selectFrom('reportingFlowVersion as v')
    .innerJoin('reportingFlow as f', 'f.id', 'v.reportingFlowId')
    .select('v.id')
    .where('f.receiver', '=', flow.receiver)
    .where('f.flowId', '=', flow.flowId)
    .where('v.contentHash', '=', flow.version.contentHash as never)
    .executeTakeFirst()
  return row?.id ?? null
}

export async function rememberNodeFlows(
  db: WriteHandle,
  environment: NodeEnvironment,
  flows: readonly (FlowRevision & {
    readonly published: string | null
    readonly versionId: Id<'reportingFlowVersion'> | null
  })[],
  at: Instant,
): Promise<void> {
  for (const flow of flows) {
    await db
      .insertInto('nodeFlow')
      .values({ environment, ...flow, at })
      .onConflict((conflict) => conflict.columns(['environment', 'flowId', 'pspCode', 'revision']).doNothing())
      .execute()
  }
}

export interface Unread {
  readonly reference: string
  readonly part: string
  readonly listedJson: string
  readonly reason: string
}

/** Listed and not read; those that a person left are in it where `left` says so. */
export async function listUnread(
  db: ReadHandle,
  environment: NodeEnvironment,
  options: { readonly kind?: NodeReadingKind; readonly left?: boolean } = {},
): Promise<(Omit<NodeUnreadTable, 'id'> & { readonly id: Id<'nodeUnread'> })[]> {
  let query = db.selectFrom('nodeUnread').selectAll().where('environment', '=', environment)
  if (options.kind !== undefined) query = query.where('kind', '=', options.kind)
  if (options.left !== true) query = query.where('leftAt', 'is', null)
  return query.orderBy('firstAt').orderBy('id').execute()
}

export async function noteUnread(
  db: WriteHandle,
  environment: NodeEnvironment,
  kind: NodeReadingKind,
  found: readonly Unread[],
  at: Instant,
): Promise<void> {
  for (const one of found) {
    await db
      .insertInto('nodeUnread')
      .values({ environment, kind, ...one, attempts: 1, firstAt: at, lastAt: at, leftAt: null })
      .onConflict((conflict) =>
        conflict.columns(['environment', 'kind', 'reference', 'part']).doUpdateSet({
          reason: one.reason,
          listedJson: one.listedJson,
          attempts: sql`"nodeUnread"."attempts" + 1`,
          lastAt: at,
        }),
      )
      .execute()
  }
}

/** They came. */
export async function forgetUnread(
  db: WriteHandle,
  environment: NodeEnvironment,
  kind: NodeReadingKind,
  found: readonly { readonly reference: string; readonly part: string }[],
): Promise<void> {
  const pending = await db
    .selectFrom('nodeUnread')
    .select(['id', 'reference', 'part'])
    .where('environment', '=', environment)
    .where('kind', '=', kind)
    .execute()
  if (pending.length === 0) return
  const came = new Set(found.map((one) => `${one.reference}|${one.part}`))
  const ids = pending.filter((one) => came.has(`${one.reference}|${one.part}`)).map((one) => one.id)
  for (const part of chunks(ids, 500)) await db.deleteFrom('nodeUnread').where('id', 'in', part).execute()
}

export async function leaveUnread(db: WriteHandle, id: Id<'nodeUnread'>, at: Instant): Promise<boolean> {
  const done = await db.updateTable('nodeUnread').set({ leftAt: at }).where('id', '=', id).executeTakeFirst()
  return Number(done.numUpdatedRows) > 0
}

/** Something of ours was ever given to, or fetched from, the node of this environment. */
export async function isNodeInUse(db: ReadHandle, environment: NodeEnvironment): Promise<boolean> {
  const read = await db
    .selectFrom('nodeReading')
    .select('kind')
    .where('environment', '=', environment)
    .limit(1)
    .executeTakeFirst()
  if (read !== undefined) return true
  const held = await db
    .selectFrom('nodePosition')
    .select('iupd')
    .where('environment', '=', environment)
    .limit(1)
    .executeTakeFirst()
  return held !== undefined
}

/** Positions with these IUVs of which the node was ever told. */
export async function heldPositionsOf(db: ReadHandle, iuvs: readonly string[]): Promise<Id<'debtPosition'>[]> {
  const ids = new Set<Id<'debtPosition'>>()
  for (const part of chunks([...new Set(iuvs)], 500)) {
    const rows = await db
      .selectFrom('iuvAssignment')
      .innerJoin('nodePosition', 'nodePosition.debtPositionId', 'iuvAssignment.debtPositionId')
      .where('iuvAssignment.iuv', 'in', part as Iuv[])
      .select('nodePosition.debtPositionId')
      .execute()
    for (const row of rows) ids.add(row.debtPositionId)
  }
  return [...ids]
}
