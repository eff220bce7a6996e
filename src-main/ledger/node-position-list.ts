import type { Selectable } from 'kysely'
import type { Id } from '#domain/brand'
import type { Cents } from '#domain/money'
import type { NodeEnvironment } from '#domain/node-ports'
import type { NodeSync } from '#domain/node-step'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'
import { isEntrusted } from './partner-held.ts'
import { shownId } from './person-family.ts'
import type { NodePositionTable } from './schema/node-publish.ts'

/** A row that the node refused, with whom it is about. */
export interface RefusedRow
  extends Pick<
    Selectable<NodePositionTable>,
    'iupd' | 'debtPositionId' | 'faultStep' | 'faultStatus' | 'faultReply' | 'faultReason' | 'faultAt'
  > {
  readonly personId: Id<'person'>
  readonly personName: string
  readonly noticeNumber: string
  readonly cents: Cents
}

/** Refused as they are, newest first. @param of null: all of the environment. */
export async function listRefused(
  db: ReadHandle,
  environment: NodeEnvironment,
  of: Id<'debtPosition'> | null = null,
): Promise<RefusedRow[]> {
  let q = db
    .selectFrom('nodePosition as n')
    .innerJoin('debtPosition as p', 'p.id', 'n.debtPositionId')
    .innerJoin('person', 'person.id', 'p.personId')
    .where('n.environment', '=', environment)
    .where('n.faultKind', '=', 'refused')
    .where('n.pending', '=', 0)
    .select([
      'n.iupd',
      'n.debtPositionId',
      'n.faultStep',
      'n.faultStatus',
      'n.faultReply',
      'n.faultReason',
      'n.faultAt',
    ])
    .select([shownId('person').as('personId'), 'person.name as personName'])
    .orderBy('n.faultAt', 'desc')
    .orderBy('n.iupd')
  if (of !== null) q = q.where('n.debtPositionId', '=', of)
  const rows = await q.execute()
  const leading = await leadingOf(
    db,
    rows.map((row) => row.debtPositionId),
  )
  return rows.map((row) => ({
    ...row,
    ...(leading.get(row.debtPositionId) ?? { noticeNumber: '', cents: 0 as Cents }),
  }))
}

/** How many `listRefused` answers. */
export async function countRefused(db: ReadHandle, environment: NodeEnvironment): Promise<number> {
  const { n } = await db
    .selectFrom('nodePosition')
    .where('environment', '=', environment)
    .where('faultKind', '=', 'refused')
    .where('pending', '=', 0)
    .select((of) => of.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(n)
}

async function leadingOf(db: ReadHandle, ids: readonly Id<'debtPosition'>[]) {
  const found = new Map<number, { readonly noticeNumber: string; readonly cents: Cents }>()
  for (const slice of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('debtPosition as p')
      .innerJoin('paymentOption as o', (join) =>
        join.onRef('o.debtPositionId', '=', 'p.id').onRef('o.version', '=', 'p.currentVersion'),
      )
      .innerJoin('installment as i', 'i.paymentOptionId', 'o.id')
      .innerJoin('iuvAssignment as n', 'n.iuv', 'i.iuv')
      .where('p.id', 'in', slice)
      .select(['p.id', 'o.kind', 'i.cents', 'n.noticeNumber'])
      .orderBy('o.kind', 'desc')
      .orderBy('i.ordinal')
      .execute()
    for (const [id, own] of Map.groupBy(rows, (row) => row.id)) {
      const [first] = own
      if (first === undefined) continue
      const same = own.filter((row) => row.kind === first.kind)
      const cents = same.reduce((total, row) => total + row.cents, 0) as Cents
      found.set(id, { noticeNumber: first.noticeNumber ?? '', cents })
    }
  }
  return found
}

/** Positions by what lists show of the node; the partner's are not among them. */
export async function countBySync(db: ReadHandle, environment: NodeEnvironment): Promise<Record<NodeSync, number>> {
  const rows = await db
    .selectFrom('debtPosition')
    .where((of) => of.not(isEntrusted(environment)))
    .select((of) => ['syncState', of.fn.countAll<number>().as('n')])
    .groupBy('syncState')
    .execute()
  const counts = { none: 0, toSync: 0, inFlight: 0, synced: 0, failed: 0, diverged: 0 }
  for (const { syncState, n } of rows) counts[syncState] = Number(n)
  return counts
}

/** How many of these the node holds, or may hold: a new version, or a cancellation, is told to it. */
export async function countHeld(
  db: ReadHandle,
  environment: NodeEnvironment,
  ids: readonly Id<'debtPosition'>[],
): Promise<number> {
  const held = new Set<number>()
  for (const slice of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('nodePosition')
      .where('environment', '=', environment)
      .where('debtPositionId', 'in', slice)
      .where((or) => or.or([or('state', 'in', ['DRAFT', 'PUBLISHED', 'VALID', 'EXPIRED']), or('unsure', '=', 1)]))
      .select('debtPositionId')
      .execute()
    for (const row of rows) held.add(row.debtPositionId)
  }
  return held.size
}
