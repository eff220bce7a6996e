import type { Insertable } from 'kysely'
import type { Instant } from '#domain/date'
import { foldFlowId } from '#domain/flow-id'
import type { Iuv, NoticeNumber } from '#domain/notice-number'
import type { flowFactsText } from '#domain/reporting-flow'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { FlowRowTable, ReportingFlowVersionTable } from './schema/evidence.ts'

export interface NewFlow {
  readonly receiver: string
  readonly flowId: string
  readonly version: Omit<Insertable<ReportingFlowVersionTable>, 'id' | 'reportingFlowId'>
  /** Hash that versions kept earlier have of the same content. */
  readonly earlierHash: string
  readonly rows: readonly Omit<Insertable<FlowRowTable>, 'id' | 'versionId' | 'ordinal'>[]
}

/** Whether these very facts of this flow are kept already, however they were hashed when they came. */
export async function knowsFlow(
  db: ReadHandle,
  flow: NewFlow,
  hashOf: (facts: Parameters<typeof flowFactsText>[0]) => string,
): Promise<boolean> {
  const versions = await db
    .selectFrom('reportingFlow as f')
    .innerJoin('reportingFlowVersion as v', 'v.reportingFlowId', 'f.id')
    .selectAll('v')
    .where('f.receiver', '=', flow.receiver)
    .where('f.flowId', '=', flow.flowId)
    .execute()
  const { contentHash } = flow.version
  if (versions.some((v) => v.contentHash === contentHash || v.contentHash === flow.earlierHash)) return true
  for (const v of versions) {
    const rows = await db.selectFrom('flowRow').selectAll().where('versionId', '=', v.id).execute()
    if (rows.length !== flow.rows.length) continue
    const facts = {
      receiverFiscalCode: flow.receiver,
      flowId: flow.flowId,
      flowDateTimeUtc: isSameWallClock(v.flowDateTimeText, flow.version.flowDateTimeText)
        ? flow.version.flowDateTime
        : v.flowDateTime,
      regulationId: v.regulationId,
      regulationDate: v.regulationDate,
      declaredCount: v.declaredCount,
      declaredTotalCents: v.declaredCents,
      rows: rows.map((r) => ({ ...r, index: r.idTransfer, amountCents: r.cents })),
    }
    if (hashOf(facts) === contentHash) return true
  }
  return false
}

/**
 * The moment that a provider writes without zone the platform gives back with one, its digits untouched (its converter from XML to
 * JSON takes its own zone): read on the wall clock in Italy the first, as it stands the second, the two differ by an hour or two.
 */
function isSameWallClock(a: string, b: string): boolean {
  const zone = /(?:Z|[+-]\d{2}:\d{2})$/
  return a.slice(0, 19) === b.slice(0, 19) && zone.test(a) !== zone.test(b)
}

/** A new flow, or another version of one that is known, beside the others. To be called for what `knowsFlow` does not. */
export async function insertFlow(db: WriteHandle, flow: NewFlow): Promise<'added' | 'newVersion'> {
  const known = await db
    .selectFrom('reportingFlow')
    .select('id')
    .where('receiver', '=', flow.receiver)
    .where('flowId', '=', flow.flowId)
    .executeTakeFirst()
  const reportingFlowId =
    known?.id ??
    (
      await db
        .insertInto('reportingFlow')
        .values({ receiver: flow.receiver, flowId: flow.flowId, foldKey: foldFlowId(flow.flowId) })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id
  const version = await db
    .insertInto('reportingFlowVersion')
    .values({ ...flow.version, reportingFlowId })
    .returning('id')
    .executeTakeFirstOrThrow()
  const rows = flow.rows.map((row, index) => ({ ...row, versionId: version.id, ordinal: index + 1 }))
  for (const part of chunks(rows)) {
    await db
      .insertInto('flowRow')
      .values([...part])
      .execute()
  }
  return known ? 'newVersion' : 'added'
}

/**
 * IUVs with one of our segregation codes that this ledger never assigned (a restore lost them, or another program
 * issued them) are taken on sight, so that they are never issued again (DOMAIN.md §4). Returns how many.
 */
export async function takeExternalIuvs(db: WriteHandle, iuvs: Iterable<string>, at: Instant): Promise<number> {
  const codes = new Set<string>((await db.selectFrom('segregationCode').select('code').execute()).map((c) => c.code))
  const ours = [...new Set(iuvs)].filter((iuv) => /^\d{17}$/.test(iuv) && codes.has(iuv.slice(0, 2))).sort()
  let taken = 0
  for (const part of chunks(ours)) {
    const known = await db
      .selectFrom('iuvAssignment')
      .select('iuv')
      .where('iuv', 'in', part as Iuv[])
      .execute()
    const present = new Set<string>(known.map((k) => k.iuv))
    const missing = part.filter((iuv) => !present.has(iuv))
    if (missing.length === 0) continue
    await db
      .insertInto('iuvAssignment')
      .values(
        missing.map((iuv) => ({
          iuv: iuv as Iuv,
          noticeNumber: `3${iuv}` as NoticeNumber,
          base: null,
          origin: 'external' as const,
          debtPositionId: null,
          at,
        })),
      )
      .execute()
    taken += missing.length
  }
  return taken
}

export async function receiverOf(db: ReadHandle): Promise<string | null> {
  const row = await db.selectFrom('creditorInstitution').select('fiscalCode').executeTakeFirst()
  return row?.fiscalCode ?? null
}
