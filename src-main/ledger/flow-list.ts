import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { Label } from '#domain/labels'
import type { Cents } from '#domain/money'
import { BLOCKS, readLabels } from './label-text.ts'
import type { ReadHandle } from './ledger.ts'

export interface FlowVersionRow {
  readonly id: Id<'reportingFlowVersion'>
  readonly flowDateTime: Instant
  readonly flowDateTimeText: string
  readonly declaredCents: Cents | null
  readonly contentHash: string
  readonly fileName: string | null
  readonly importedAt: Instant
}

export interface FlowRow {
  readonly id: Id<'reportingFlow'>
  readonly flowId: string
  readonly receiver: string
  readonly foldKey: string
  readonly pspCode: string
  readonly pspName: string | null
  readonly flowDateTime: Instant
  readonly regulationId: string
  readonly regulationDate: IsoDate
  readonly declaredCount: number | null
  readonly declaredCents: Cents | null
  readonly rowCount: number
  readonly rowsCents: Cents
  /** Total that the reconciliation counts with. */
  readonly totalCents: Cents
  readonly creditedCents: Cents
  readonly creditDate: IsoDate | null
  readonly credit: string
  readonly books: 'none' | 'partly' | 'whole'
  readonly code: string | null
  readonly paramsJson: string | null
  /** All that is said of it, the first included. */
  readonly labels: readonly Label[]
  /** Those that keep it out of the books: versions in conflict, sum, count, revocations. */
  readonly blocks: readonly Label[]
  /** The version shown: the active one, else the latest. */
  readonly versionId: Id<'reportingFlowVersion'>
  readonly active: boolean
  /** Oldest first. */
  readonly versions: readonly FlowVersionRow[]
}

export interface FlowFilter {
  readonly id?: Id<'reportingFlow'>
  readonly paymentFrom?: IsoDate | null
  readonly paymentTo?: IsoDate | null
  readonly fiscalCode?: string | null
  readonly iuv?: string | null
  /** With or without something that keeps them out of the books. */
  readonly blocked?: boolean | null
}

/** Flows of the ledger, latest regulation first, with the version that counts and what is credited of it. */
export async function listFlows(db: ReadHandle, filter: FlowFilter = {}): Promise<FlowRow[]> {
  let query = db
    .selectFrom('reportingFlow')
    .leftJoin('flowLabel', 'flowLabel.reportingFlowId', 'reportingFlow.id')
    .selectAll('reportingFlow')
    .select(['flowLabel.code', 'flowLabel.paramsJson', 'flowLabel.labelsJson', 'flowLabel.state', 'flowLabel.books'])
    .select(['flowLabel.totalCents', 'flowLabel.creditedCents', 'flowLabel.activeVersionId'])
  if (filter.id !== undefined) query = query.where('reportingFlow.id', '=', filter.id)
  if (filter.blocked === true) query = query.where('flowLabel.labelsJson', 'like', `%${BLOCKS}%`)
  if (filter.blocked === false) query = query.where('flowLabel.labelsJson', 'not like', `%${BLOCKS}%`)
  const flows = await query.execute()
  let ofFlows = db.selectFrom('reportingFlowVersion').selectAll()
  if (filter.id !== undefined) ofFlows = ofFlows.where('reportingFlowId', '=', filter.id)
  const versions = Map.groupBy(
    await ofFlows.orderBy('flowDateTime').orderBy('revision').orderBy('contentHash').execute(),
    (v) => v.reportingFlowId as number,
  )
  const sums = await rowSums(db, filter.id)
  const credits = await creditDates(db, filter.id)
  const matching = await versionsWith(db, filter)
  const rows = flows.flatMap((flow): FlowRow[] => {
    const own = versions.get(flow.id) ?? []
    const shown = own.find((v) => v.id === flow.activeVersionId) ?? own.at(-1)
    if (!shown || (matching && !matching.has(shown.id))) return []
    const sum = sums.get(shown.id)
    return [
      {
        id: flow.id,
        flowId: flow.flowId,
        receiver: flow.receiver,
        foldKey: flow.foldKey,
        pspCode: shown.pspCode,
        pspName: shown.pspName,
        flowDateTime: shown.flowDateTime,
        regulationId: shown.regulationId,
        regulationDate: shown.regulationDate,
        declaredCount: shown.declaredCount,
        declaredCents: shown.declaredCents,
        rowCount: sum?.count ?? 0,
        rowsCents: (sum?.cents ?? 0) as Cents,
        totalCents: flow.totalCents ?? shown.declaredCents ?? ((sum?.cents ?? 0) as Cents),
        creditedCents: flow.creditedCents ?? (0 as Cents),
        creditDate: credits.get(flow.id) ?? null,
        credit: flow.state ?? 'notCredited',
        books: flow.books ?? 'none',
        code: flow.code,
        paramsJson: flow.paramsJson,
        ...readLabels(flow.labelsJson),
        versionId: shown.id,
        active: shown.id === flow.activeVersionId,
        versions: own,
      },
    ]
  })
  return rows.sort((a, b) => compare(b.regulationDate, a.regulationDate) || compare(a.flowId, b.flowId))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Rows and signed sum (outcome 3 takes away) of each version. */
async function rowSums(
  db: ReadHandle,
  id?: Id<'reportingFlow'>,
): Promise<Map<number, { count: number; cents: number }>> {
  let query = db.selectFrom('flowRow')
  if (id !== undefined) {
    query = query.where('versionId', 'in', (eb) =>
      eb.selectFrom('reportingFlowVersion').select('reportingFlowVersion.id').where('reportingFlowId', '=', id),
    )
  }
  const rows = await query
    .groupBy('versionId')
    .select(['versionId', sql<number>`count(*)`.as('count')])
    .select(sql<number>`cast(sum(case when "outcome" = '3' then -"cents" else "cents" end) as bigint)`.as('cents'))
    .execute()
  return new Map(rows.map((r) => [r.versionId, { count: Number(r.count), cents: Number(r.cents) }]))
}

/** Latest booking date among the credits matched to each flow. */
async function creditDates(db: ReadHandle, id?: Id<'reportingFlow'>): Promise<Map<number, IsoDate>> {
  let query = db
    .selectFrom('match')
    .innerJoin('bankMovement', 'bankMovement.id', 'match.bankMovementId')
    .where('match.kind', '=', 'flow')
    .where('match.closedReason', 'is', null)
  if (id !== undefined) query = query.where('match.reportingFlowId', '=', id)
  const rows = await query.select(['match.reportingFlowId', 'bankMovement.bookingDate']).execute()
  const out = new Map<number, IsoDate>()
  for (const row of rows) {
    if (row.reportingFlowId === null) continue
    const known = out.get(row.reportingFlowId)
    if (known === undefined || row.bookingDate > known) out.set(row.reportingFlowId, row.bookingDate)
  }
  return out
}

/** Versions with a row that meets the filter; null when it asks nothing of rows. */
async function versionsWith(db: ReadHandle, filter: FlowFilter): Promise<Set<number> | null> {
  const { paymentFrom = null, paymentTo = null, fiscalCode = null, iuv = null } = filter
  if (paymentFrom === null && paymentTo === null && fiscalCode === null && iuv === null) return null
  let query = db.selectFrom('flowRow').select('flowRow.versionId').distinct()
  if (paymentFrom !== null) query = query.where('flowRow.outcomeDate', '>=', paymentFrom)
  if (paymentTo !== null) query = query.where('flowRow.outcomeDate', '<=', paymentTo)
  if (iuv !== null) query = query.where('flowRow.iuv', 'like', `%${iuv.replace(/\s+/g, '')}%`)
  if (fiscalCode !== null) {
    const code = fiscalCode.trim().toUpperCase()
    query = query
      .innerJoin('iuvAssignment', (join) => join.on(sql<boolean>`"iuvAssignment"."iuv" = "flowRow"."iuv"`))
      .innerJoin('debtPosition', 'debtPosition.id', 'iuvAssignment.debtPositionId')
      .innerJoin('person', 'person.id', 'debtPosition.personId')
      .where((eb) => eb.or([eb(sql`"person"."fiscalCode"`, '=', code), eb('person.vatNumber', '=', code)]))
  }
  return new Set((await query.execute()).map((r) => r.versionId))
}

export interface FlowPaymentRow {
  readonly id: Id<'flowRow'>
  /** Its name in decisions and notes: survives a new version that keeps the row. */
  readonly rowKey: string
  readonly ordinal: number
  readonly iuv: string
  readonly iur: string
  readonly idTransfer: number | null
  readonly cents: Cents
  readonly outcome: string
  readonly outcomeDate: IsoDate
  readonly personName: string | null
  readonly fiscalCode: string | null
  readonly debtPositionId: Id<'debtPosition'> | null
  /** «2026/12», of the effective reversale that holds it. */
  readonly reversale: string | null
  readonly code: string | null
  readonly paramsJson: string | null
}

/** Payments of one version in file order. */
export async function listFlowPayments(
  db: ReadHandle,
  versionId: Id<'reportingFlowVersion'>,
): Promise<FlowPaymentRow[]> {
  const rows = await db
    .selectFrom('flowRow')
    .leftJoin('flowRowLabel', 'flowRowLabel.flowRowId', 'flowRow.id')
    .leftJoin('iuvAssignment', (join) => join.on(sql<boolean>`"iuvAssignment"."iuv" = "flowRow"."iuv"`))
    .leftJoin('debtPosition', 'debtPosition.id', 'iuvAssignment.debtPositionId')
    .leftJoin('person', 'person.id', 'debtPosition.personId')
    .where('flowRow.versionId', '=', versionId)
    .selectAll('flowRow')
    .select(['flowRowLabel.code', 'flowRowLabel.paramsJson', 'person.name as personName', 'person.fiscalCode'])
    .select('debtPosition.id as debtPositionId')
    .orderBy('flowRow.ordinal')
    .execute()
  const posted = await db
    .selectFrom('reversaleLine as line')
    .innerJoin('reversale', 'reversale.id', 'line.reversaleId')
    .innerJoin('reportingFlowVersion as version', 'version.reportingFlowId', 'line.reportingFlowId')
    .leftJoin('reversaleAnnulment as annulment', 'annulment.reversaleId', 'line.reversaleId')
    .where('version.id', '=', versionId)
    .where('annulment.id', 'is', null)
    .select(['line.rowKey', 'line.iuv', 'reversale.exercise', 'reversale.number'])
    .orderBy('line.id')
    .execute()
  const reversaleOf = new Map<string, string>()
  for (const line of posted) {
    if (line.rowKey !== null && !reversaleOf.has(line.rowKey)) {
      reversaleOf.set(line.rowKey, `${line.exercise}/${line.number}`)
    }
  }
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const key = `${row.iuv}|${row.iur}|${row.idTransfer ?? ''}`
    const n = (seen.get(key) ?? 0) + 1
    seen.set(key, n)
    return {
      id: row.id,
      rowKey: `${key}|${n}`,
      ordinal: row.ordinal,
      iuv: row.iuv,
      iur: row.iur,
      idTransfer: row.idTransfer,
      cents: row.cents,
      outcome: row.outcome,
      outcomeDate: row.outcomeDate,
      personName: row.personName,
      fiscalCode: row.fiscalCode,
      debtPositionId: row.debtPositionId,
      reversale: reversaleOf.get(`${key}|${n}`) ?? null,
      code: row.code,
      paramsJson: row.paramsJson,
    }
  })
}

export interface FlowCreditRow {
  readonly bankMovementId: Id<'bankMovement'>
  readonly bookingDate: IsoDate
  readonly cents: Cents
  readonly description: string
}

/** Credits matched to a flow, with the cents that each gives it. */
export async function listFlowCredits(db: ReadHandle, id: Id<'reportingFlow'>): Promise<FlowCreditRow[]> {
  return db
    .selectFrom('match')
    .innerJoin('bankMovement', 'bankMovement.id', 'match.bankMovementId')
    .where('match.reportingFlowId', '=', id)
    .where('match.closedReason', 'is', null)
    .select(['match.bankMovementId', 'bankMovement.bookingDate', 'match.cents', 'bankMovement.description'])
    .orderBy('bankMovement.bookingDate')
    .orderBy('bankMovement.fingerprint')
    .execute()
}

export interface VersionRow {
  readonly versionId: Id<'reportingFlowVersion'>
  readonly iuv: string
  readonly iur: string
  readonly idTransfer: number | null
  readonly cents: Cents
  readonly outcome: string
}

/** Rows of all the versions of a flow, in file order, to tell one version from the next. */
export async function flowVersionRows(db: ReadHandle, id: Id<'reportingFlow'>): Promise<VersionRow[]> {
  return db
    .selectFrom('flowRow as r')
    .innerJoin('reportingFlowVersion as v', 'v.id', 'r.versionId')
    .where('v.reportingFlowId', '=', id)
    .select(['r.versionId', 'r.iuv', 'r.iur', 'r.idTransfer', 'r.cents', 'r.outcome'])
    .orderBy('r.versionId')
    .orderBy('r.ordinal')
    .execute()
}
