import type { Selectable } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { canonicalJson, type JsonValue } from '#domain/json'
import type { Decision } from '#domain/reconcile-evidence'
import { insertMany, reserveIds } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { DecisionTable } from './schema/evidence.ts'

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

/** What a decision speaks of: a movement, a flow, a row, a position, a reversale. Its history is found by this. */
export interface DecisionSubject {
  readonly kind: string
  readonly key: string
}

/** The kinds that `reconcile` knows; the others (skip, keepLine, keepReversale) speak to the work table and to posting. */
const RECONCILED = new Set([
  'manualMatch',
  'exclude',
  'internal',
  'storno',
  'acceptFlow',
  'chooseVersion',
  'confirmRevocation',
  'assignRow',
  'netRevocation',
  'setAside',
  'paidOutside',
])

/** `subjects`: all that it speaks of; when absent, each movement of an exclusion of many, else the subject itself. */
export async function insertDecision(
  db: WriteHandle,
  decision: NewDecision,
  subjects: readonly DecisionSubject[] = subjectsOf(decision),
): Promise<Id<'decision'>> {
  const { payload, ...rest } = decision
  const row = await db
    .insertInto('decision')
    .values({ ...rest, payloadJson: canonicalJson(payload), revokesId: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  await insertSubjects(db, row.id, subjects)
  return row.id
}

/** A decision with all that it speaks of. */
export interface DecisionToSay {
  readonly decision: NewDecision
  readonly subjects: readonly DecisionSubject[]
}

/** Many at once, in order: their ids rise. */
export async function insertDecisions(db: WriteHandle, said: readonly DecisionToSay[]): Promise<Id<'decision'>[]> {
  const ids = await reserveIds(db, 'decision', said.length)
  await insertMany(
    db,
    'decision',
    said.map(({ decision: { payload, ...rest } }, index) => ({
      id: ids[index] as Id<'decision'>,
      ...rest,
      payloadJson: canonicalJson(payload),
      revokesId: null,
    })),
  )
  const subjects = new Map<string, { decisionId: Id<'decision'>; kind: string; key: string }>()
  for (const [index, { subjects: of }] of said.entries()) {
    const decisionId = ids[index] as Id<'decision'>
    for (const { kind, key } of of) subjects.set(`${decisionId}|${kind}|${key}`, { decisionId, kind, key })
  }
  await insertMany(db, 'decisionSubject', [...subjects.values()])
  return ids
}

function subjectsOf({ payload, subjectKind, subjectKey }: NewDecision): DecisionSubject[] {
  const many = (payload as { movementIds?: readonly number[] } | null)?.movementIds
  return (many?.map(String) ?? [subjectKey]).map((key) => ({ kind: subjectKind, key }))
}

async function insertSubjects(
  db: WriteHandle,
  decisionId: Id<'decision'>,
  subjects: readonly DecisionSubject[],
): Promise<void> {
  const once = new Map(subjects.map(({ kind, key }) => [`${kind}|${key}`, { decisionId, kind, key }]))
  await insertMany(db, 'decisionSubject', [...once.values()])
}

interface Revoking {
  readonly reason: string
  readonly at: Instant
  readonly operator: string
}

/** Takes a decision back. The database refuses a second time. */
export async function revokeDecision(db: WriteHandle, revoked: DecisionRow, by: Revoking): Promise<Id<'decision'>> {
  return (await revokeDecisions(db, [revoked], by))[0] as Id<'decision'>
}

/** Many at once: what each speaks of, its revocation speaks of too. */
export async function revokeDecisions(
  db: WriteHandle,
  revoked: readonly DecisionRow[],
  by: Revoking,
): Promise<Id<'decision'>[]> {
  const ids = await reserveIds(db, 'decision', revoked.length)
  const revocationOf = new Map(revoked.map((row, index) => [row.id as number, ids[index] as Id<'decision'>]))
  await insertMany(
    db,
    'decision',
    revoked.map(({ id, kind, subjectKind, subjectKey }, index) => ({
      ...{ id: ids[index] as Id<'decision'>, kind: 'revoke', subjectKind, subjectKey },
      ...{ payloadJson: canonicalJson({ kind }), revokesId: id, ...by },
    })),
  )
  for (const part of chunks(revoked.map((row) => row.id))) {
    const subjects = await db
      .selectFrom('decisionSubject')
      .select(['decisionId', 'kind', 'key'])
      .where('decisionId', 'in', [...part])
      .execute()
    await insertMany(
      db,
      'decisionSubject',
      subjects.map((s) => ({ ...s, decisionId: revocationOf.get(s.decisionId) as Id<'decision'> })),
    )
  }
  return ids
}

/** Decisions taken back, by id: a revocation that was itself taken back takes nothing back. */
export function revokedIds(rows: readonly { readonly id: number; readonly revokesId: number | null }[]): Set<number> {
  const revoked = new Set<number>()
  // Latest first: whether a revocation stands is known before what it takes back.
  for (const row of rows.toSorted((a, b) => b.id - a.id)) {
    if (row.revokesId !== null && !revoked.has(row.id)) revoked.add(row.revokesId)
  }
  return revoked
}

/** All decisions in order of saying. */
export async function listDecisions(db: ReadHandle): Promise<DecisionRow[]> {
  return withRevoked(await decisionsAfter(db, 0))
}

/** These decisions and all that takes them back, in order of saying. */
export async function decisionsWithRevocations(db: ReadHandle, ids: readonly Id<'decision'>[]): Promise<DecisionRow[]> {
  const found: Selectable<DecisionTable>[] = []
  for (const part of chunks(ids)) {
    found.push(
      ...(await db
        .selectFrom('decision')
        .selectAll()
        .where('id', 'in', [...part])
        .execute()),
    )
  }
  return withRevocations(db, found)
}

/** What was decided of one subject and taken back again, in order of saying. */
export async function decisionsOf(db: ReadHandle, subject: DecisionSubject): Promise<DecisionRow[]> {
  const found = await db
    .selectFrom('decision')
    .selectAll()
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('decisionSubject')
        .select('decisionId')
        .where('kind', '=', subject.kind)
        .where('key', '=', subject.key),
    )
    .execute()
  return withRevocations(db, found)
}

/** Those of these kinds that stand on any of these subjects. */
export async function decisionsOn(
  db: ReadHandle,
  subjects: readonly DecisionSubject[],
  kinds: readonly string[],
): Promise<DecisionRow[]> {
  const ids = new Set<Id<'decision'>>()
  for (const [kind, of] of Map.groupBy(subjects, (s) => s.kind)) {
    for (const part of chunks(of.map((s) => s.key))) {
      const rows = await db
        .selectFrom('decisionSubject as s')
        .innerJoin('decision as d', 'd.id', 's.decisionId')
        .where('s.kind', '=', kind)
        .where('s.key', 'in', [...part])
        .where('d.kind', 'in', [...kinds])
        .select('d.id')
        .execute()
      for (const { id } of rows) ids.add(id)
    }
  }
  return inForceAmong(await decisionsWithRevocations(db, [...ids]))
}

/** A revocation may bear no subject of its own, and may be taken back in its turn. */
async function withRevocations(db: ReadHandle, first: Selectable<DecisionTable>[]): Promise<DecisionRow[]> {
  const rows = new Map<number, Selectable<DecisionTable>>()
  let found = first
  while (found.length > 0) {
    for (const row of found) rows.set(row.id, row)
    const revocations: typeof found = []
    for (const part of chunks(found.map((row) => row.id))) {
      revocations.push(
        ...(await db
          .selectFrom('decision')
          .selectAll()
          .where('revokesId', 'in', [...part])
          .execute()),
      )
    }
    found = revocations.filter((row) => !rows.has(row.id))
  }
  return withRevoked([...rows.values()].sort((a, b) => a.id - b.id).map(payloadRead))
}

function payloadRead({ payloadJson, ...row }: Selectable<DecisionTable>): Omit<DecisionRow, 'revoked'> {
  return { ...row, payload: JSON.parse(payloadJson) as JsonValue }
}

/** The same decisions, each with whether it was taken back by a later one among them. */
export function withRevoked(rows: readonly Omit<DecisionRow, 'revoked'>[]): DecisionRow[] {
  const revoked = revokedIds(rows)
  return rows.map((row) => ({ ...row, revoked: revoked.has(row.id) }))
}

/** Decisions said after that one, in order of saying. */
export async function decisionsAfter(db: ReadHandle, last: number): Promise<Omit<DecisionRow, 'revoked'>[]> {
  const rows = await db
    .selectFrom('decision')
    .selectAll()
    .where('id', '>', last as Id<'decision'>)
    .orderBy('id')
    .execute()
  return rows.map(payloadRead)
}

/** Those that stand, of every kind: neither taken back nor the taking back of another. */
export function inForceAmong(rows: readonly Omit<DecisionRow, 'revoked'>[]): DecisionRow[] {
  return withRevoked(rows).filter((row) => !row.revoked && row.revokesId === null)
}

/** Posted lines and whole reversali that a person chose to keep though the evidence left them. */
export interface KeptByHand {
  readonly lineIds: ReadonlySet<number>
  readonly reversaleIds: ReadonlySet<number>
}

export function keptByHand(inForce: readonly DecisionRow[]): KeptByHand {
  const lines = inForce.filter((d) => d.kind === 'keepLine').map((d) => Number(d.subjectKey))
  const reversali = inForce
    .filter((d) => d.kind === 'keepReversale')
    .map((d) => (d.payload as { reversaleId: number }).reversaleId)
  return { lineIds: new Set(lines), reversaleIds: new Set(reversali) }
}

/**
 * Decisions in force, as `reconcile` reads them. The payload holds the fields of the domain's decision; `exclude`
 * holds many movements and becomes one decision for each.
 */
export function reconcileDecisions(inForce: readonly DecisionRow[]): Decision[] {
  return inForce
    .filter((row) => RECONCILED.has(row.kind))
    .flatMap((row): Decision[] => {
      const base = { decisionId: row.id, user: row.operator, at: row.at }
      const payload = row.payload as Record<string, JsonValue>
      if (row.kind === 'exclude') {
        const movementIds = payload.movementIds as number[]
        return movementIds.map((movementId) => ({ ...base, kind: 'exclude', movementId, reason: row.reason }))
      }
      const why = row.kind === 'setAside' ? { reason: row.reason } : {}
      return [{ ...base, kind: row.kind, ...why, ...payload } as unknown as Decision]
    })
}
