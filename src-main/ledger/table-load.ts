import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import { searchKey } from '#domain/search-key'
import { chunks } from './chunks.ts'
import { type DecisionRow, decisionsWithRevocations } from './decision.ts'
import type { ReadHandle } from './ledger.ts'
import { shownId } from './person-family.ts'

// What one page of the work table shows beside what the reconciliation already knows.

export interface PageMovement {
  readonly id: Id<'bankMovement'>
  readonly account: string
  readonly valueDate: IsoDate | null
  readonly bankReference: string | null
  readonly counterparty: string | null
  readonly provvisorio: number | null
}

export async function pageMovements(db: ReadHandle, ids: readonly number[]): Promise<Map<number, PageMovement>> {
  const out = new Map<number, PageMovement>()
  for (const part of chunks(ids)) {
    const rows = await db
      .selectFrom('bankMovement as m')
      .innerJoin('bankAccount as b', 'b.id', 'm.bankAccountId')
      .leftJoin('provvisorio as p', (join) =>
        join.onRef('p.bankMovementId', '=', 'm.id').on('p.annulledAt', 'is', null),
      )
      .where('m.id', 'in', part as Id<'bankMovement'>[])
      .select([
        'm.id',
        'm.valueDate',
        'm.bankReference',
        'm.counterparty',
        'b.name as account',
        'p.number as provvisorio',
      ])
      .execute()
    for (const row of rows) out.set(row.id, row)
  }
  return out
}

export interface Payer {
  readonly debtPositionId: Id<'debtPosition'>
  readonly personId: Id<'person'>
  readonly name: string
}

export type PayerOfReceipt = Omit<Payer, 'debtPositionId'>

/** Whose IUVs these are. */
export async function payersOfIuvs(db: ReadHandle, iuvs: readonly string[]): Promise<Map<string, Payer>> {
  const out = new Map<string, Payer>()
  for (const part of chunks([...new Set(iuvs)])) {
    const rows = await db
      .selectFrom('iuvAssignment as i')
      .innerJoin('debtPosition as d', 'd.id', 'i.debtPositionId')
      .innerJoin('person as p', 'p.id', 'd.personId')
      .where(sql<string>`i."iuv"`, 'in', [...part])
      .select(['i.iuv', 'd.id as debtPositionId', shownId('p').as('personId'), 'p.name'])
      .execute()
    for (const { iuv, ...row } of rows) out.set(iuv, row)
  }
  return out
}

/** Who paid these IUVs, by the code on their receipts: of payments that no position of ours asked for. */
export async function payersByReceipt(db: ReadHandle, iuvs: readonly string[]): Promise<Map<string, PayerOfReceipt>> {
  const out = new Map<string, PayerOfReceipt>()
  for (const part of chunks([...new Set(iuvs)])) {
    const rows = await db
      .selectFrom('receipt as r')
      .innerJoin('person as p', (join) =>
        join.on(sql<boolean>`p."fiscalCode" = coalesce(r."debtorFiscalCode", r."payerFiscalCode")`),
      )
      .where(sql<string>`r."iuv"`, 'in', [...part])
      .where('r.ok', '=', 1)
      .select(['r.iuv', shownId('p').as('personId'), 'p.name'])
      .orderBy('r.id')
      .execute()
    for (const { iuv, ...row } of rows) out.set(iuv, row)
  }
  return out
}

/** People by name or code, every word of the text in it. */
export async function peopleNamed(
  db: ReadHandle,
  text: string,
  most: number,
): Promise<{ readonly id: Id<'person'>; readonly name: string }[]> {
  let query = db.selectFrom('person').where('mergedIntoId', 'is', null).select(['id', 'name'])
  for (const word of searchKey(text).split(' ')) if (word !== '') query = query.where('searchKey', 'like', `%${word}%`)
  return query.orderBy('name').orderBy('id').limit(most).execute()
}

/** Installments by IUV. */
export async function installmentsOfIuvs(
  db: ReadHandle,
  iuvs: readonly string[],
): Promise<Map<string, Id<'installment'>>> {
  const out = new Map<string, Id<'installment'>>()
  for (const part of chunks([...new Set(iuvs)])) {
    const rows = await db
      .selectFrom('installment')
      .where(sql<string>`"iuv"`, 'in', [...part])
      .select(['id', 'iuv'])
      .orderBy('id')
      .execute()
    for (const row of rows) out.set(row.iuv, row.id)
  }
  return out
}

/** Decisions of these kinds that stand, said from that moment on. */
export async function standing(
  db: ReadHandle,
  kinds: readonly string[],
  since: Instant | null = null,
): Promise<DecisionRow[]> {
  let query = db
    .selectFrom('decision')
    .select('id')
    .where('kind', 'in', [...kinds])
  if (since !== null) query = query.where('at', '>=', since)
  const ids = (await query.execute()).map((row) => row.id)
  const all = await decisionsWithRevocations(db, ids)
  return all.filter((row) => row.revokesId === null && !row.revoked)
}

export interface PageReversale {
  readonly id: Id<'reversale'>
  readonly date: IsoDate
  readonly cents: number
}

export async function pageReversali(db: ReadHandle, ids: readonly number[]): Promise<Map<number, PageReversale>> {
  const out = new Map<number, PageReversale>()
  for (const part of chunks(ids)) {
    const rows = await db
      .selectFrom('reversale')
      .where('id', 'in', part as Id<'reversale'>[])
      .select(['id', 'date', 'cents'])
      .execute()
    for (const row of rows) out.set(row.id, row)
  }
  return out
}
