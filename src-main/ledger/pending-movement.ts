import type { Insertable } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { movementOfProvvisorio, setProvvisorio } from './provvisorio.ts'
import type { PendingMovementTable } from './schema/reconciliation.ts'

export type PendingKind = PendingMovementTable['kind']

export interface PendingRow {
  readonly id: Id<'pendingMovement'>
  readonly kind: PendingKind
  readonly bankAccountId: Id<'bankAccount'>
  readonly account: string
  readonly fileName: string
  readonly bankStatementId: Id<'bankStatement'>
  readonly bookingDate: IsoDate
  readonly valueDate: IsoDate | null
  readonly cents: Cents
  readonly description: string
  readonly bankReference: string | null
  readonly provvisorio: number | null
  readonly knownMovementId: Id<'bankMovement'>
  /** The movement that it may be. */
  readonly knownDescription: string
  readonly knownReference: string | null
  readonly knownValueDate: IsoDate | null
  readonly knownFileName: string | null
}

export type NewPending = Omit<
  Insertable<PendingMovementTable>,
  'id' | 'bankStatementId' | 'bankAccountId' | 'state' | 'reason' | 'decidedAt' | 'operator'
>

export async function insertPending(
  db: WriteHandle,
  of: { readonly bankStatementId: Id<'bankStatement'>; readonly bankAccountId: Id<'bankAccount'> },
  rows: readonly NewPending[],
): Promise<void> {
  const open = { state: 'open', reason: '', decidedAt: null, operator: null } as const
  await insertMany(
    db,
    'pendingMovement',
    rows.map((row) => ({ ...row, ...of, ...open })),
  )
}

/** What is known of the rows of an account that waited once, by fingerprint. */
export async function pendingByPrint(
  db: ReadHandle,
  bankAccountId: Id<'bankAccount'>,
  from: IsoDate,
  to: IsoDate,
): Promise<Map<string, Pick<PendingMovementTable, 'state' | 'knownMovementId'>>> {
  const rows = await db
    .selectFrom('pendingMovement')
    .select(['fingerprint', 'state', 'knownMovementId'])
    .where('bankAccountId', '=', bankAccountId)
    .where('bookingDate', '>=', from)
    .where('bookingDate', '<=', to)
    .execute()
  return new Map(rows.map(({ fingerprint, ...row }) => [fingerprint, row]))
}

/** Rows that wait for a person, beside the movement that each may be; in the order of their days. */
export async function listPending(
  db: ReadHandle,
  filter: { readonly bankAccountId?: Id<'bankAccount'> | null; readonly kind?: PendingKind | null },
): Promise<PendingRow[]> {
  let query = db
    .selectFrom('pendingMovement as p')
    .innerJoin('bankAccount as b', 'b.id', 'p.bankAccountId')
    .innerJoin('bankStatement as s', 's.id', 'p.bankStatementId')
    .innerJoin('bankMovement as k', 'k.id', 'p.knownMovementId')
    .leftJoin('bankStatement as ks', 'ks.id', 'k.bankStatementId')
    .where('p.state', '=', 'open')
    .select(['p.id', 'p.kind', 'p.bankAccountId', 'p.bankStatementId', 'p.bookingDate', 'p.valueDate', 'p.cents'])
    .select(['p.description', 'p.bankReference', 'p.provvisorio', 'p.knownMovementId', 'b.name as account'])
    .select(['s.fileName', 'k.description as knownDescription', 'k.bankReference as knownReference'])
    .select(['k.valueDate as knownValueDate', 'ks.fileName as knownFileName'])
    .orderBy('p.bookingDate')
    .orderBy('p.id')
  if (filter.bankAccountId != null) query = query.where('p.bankAccountId', '=', filter.bankAccountId)
  if (filter.kind != null) query = query.where('p.kind', '=', filter.kind)
  return query.execute()
}

/** Those of these rows that still wait. */
export async function openPending(db: ReadHandle, ids: readonly Id<'pendingMovement'>[]) {
  const found = []
  for (const part of chunks(ids)) {
    found.push(
      ...(await db
        .selectFrom('pendingMovement')
        .selectAll()
        .where('id', 'in', [...part])
        .where('state', '=', 'open')
        .orderBy('id')
        .execute()),
    )
  }
  return found
}

/** Known movements of which some row of the same statement was already said to be the same. */
export async function takenByStatement(
  db: ReadHandle,
  bankStatementId: Id<'bankStatement'>,
): Promise<ReadonlySet<number>> {
  const rows = await db
    .selectFrom('pendingMovement')
    .select('knownMovementId')
    .where('bankStatementId', '=', bankStatementId)
    .where('state', '=', 'discarded')
    .execute()
  return new Set(rows.map((r) => r.knownMovementId as number))
}

/**
 * Rows become movements of their statement, or are the ones they look like; either way the treasurer's number goes with
 * them, unless another credit has it.
 */
export async function settlePending(
  db: WriteHandle,
  rows: Awaited<ReturnType<typeof openPending>>,
  decision: 'add' | 'same',
  by: { readonly at: Instant; readonly operator: string; readonly reason: string },
): Promise<void> {
  for (const row of rows) {
    const { id, kind: _, knownMovementId, provvisorio, state: __, reason: ___, decidedAt: ____, ...rest } = row
    const { operator: _____, ...movement } = rest
    let movementId = knownMovementId
    if (decision === 'add') {
      const added = await db
        .insertInto('bankMovement')
        .values({ ...movement, stornoOfId: null })
        .returning('id')
        .executeTakeFirstOrThrow()
      movementId = added.id
    }
    if (provvisorio !== null && row.cents > 0) await giveNumber(db, movementId, row, provvisorio, by.at)
    await db
      .updateTable('pendingMovement')
      .set({
        state: decision === 'add' ? 'added' : 'discarded',
        reason: by.reason,
        decidedAt: by.at,
        operator: by.operator,
      })
      .where('id', '=', id)
      .execute()
  }
}

async function giveNumber(
  db: WriteHandle,
  movementId: Id<'bankMovement'>,
  row: { readonly bankAccountId: Id<'bankAccount'>; readonly bookingDate: IsoDate },
  number: number,
  at: Instant,
): Promise<void> {
  const given = { bankAccountId: row.bankAccountId, exercise: Number(row.bookingDate.slice(0, 4)), number }
  const has = await db
    .selectFrom('provvisorio')
    .select('id')
    .where('bankMovementId', '=', movementId)
    .where('annulledAt', 'is', null)
    .executeTakeFirst()
  const year = await db.selectFrom('exercise').select('year').where('year', '=', given.exercise).executeTakeFirst()
  if (has || !year || (await movementOfProvvisorio(db, given)) !== null) return
  await setProvvisorio(db, movementId, given, at)
}
