import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { canonicalJson, type JsonValue } from '#domain/json'
import type { Decision } from '#domain/reconcile-evidence'
import type { ReadHandle, WriteHandle } from './ledger.ts'

export interface NewDecision {
  readonly kind: string
  readonly subjectKind: string
  readonly subjectKey: string
  readonly payload: JsonValue
  readonly reason: string
  readonly at: Instant
  readonly operator: string
}

export interface DecisionRow {
  readonly id: Id<'decision'>
  readonly kind: string
  readonly subjectKind: string
  readonly subjectKey: string
  readonly payload: JsonValue
  readonly reason: string
  readonly revokesId: Id<'decision'> | null
  readonly at: Instant
  readonly operator: string
  /** Taken back by a later one. */
  readonly revoked: boolean
}

/** The kinds that `reconcile` knows; the others (skip, keepLine) speak to the work table and to posting only. */
const RECONCILED = new Set([
  'manualMatch',
  'exclude',
  'internal',
  'storno',
  'acceptFlow',
  'chooseVersion',
  'confirmRevocation',
  'assignRow',
  'paidOutside',
])

export async function insertDecision(db: WriteHandle, decision: NewDecision): Promise<Id<'decision'>> {
  const { payload, ...rest } = decision
  const row = await db
    .insertInto('decision')
    .values({ ...rest, payloadJson: canonicalJson(payload), revokesId: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Takes a decision back. The database refuses a second time. */
export async function revokeDecision(
  db: WriteHandle,
  revoked: DecisionRow,
  by: { readonly reason: string; readonly at: Instant; readonly operator: string },
): Promise<Id<'decision'>> {
  const row = await db
    .insertInto('decision')
    .values({
      kind: 'revoke',
      subjectKind: revoked.subjectKind,
      subjectKey: revoked.subjectKey,
      payloadJson: canonicalJson({ kind: revoked.kind }),
      revokesId: revoked.id,
      ...by,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** All decisions in order of saying. */
export async function listDecisions(db: ReadHandle): Promise<DecisionRow[]> {
  const rows = await db.selectFrom('decision').selectAll().orderBy('id').execute()
  const revoked = new Set<number>()
  // Latest first: a revocation may itself have been taken back.
  for (const row of [...rows].reverse()) {
    if (row.revokesId !== null && !revoked.has(row.id)) revoked.add(row.revokesId)
  }
  return rows.map(({ payloadJson, ...row }) => ({
    ...row,
    payload: JSON.parse(payloadJson) as JsonValue,
    revoked: revoked.has(row.id),
  }))
}

/**
 * Decisions in force, as `reconcile` reads them. The payload holds the fields of the domain's decision; `exclude`
 * holds many movements and becomes one decision for each.
 */
export async function reconcileDecisions(db: ReadHandle): Promise<Decision[]> {
  const rows = await listDecisions(db)
  return rows
    .filter((row) => !row.revoked && RECONCILED.has(row.kind))
    .flatMap((row): Decision[] => {
      const base = { decisionId: row.id, user: row.operator, at: row.at }
      const payload = row.payload as Record<string, JsonValue>
      if (row.kind === 'exclude') {
        const movementIds = payload.movementIds as number[]
        return movementIds.map((movementId) => ({ ...base, kind: 'exclude', movementId, reason: row.reason }))
      }
      return [{ ...base, kind: row.kind, ...payload } as unknown as Decision]
    })
}
