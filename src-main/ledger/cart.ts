import type { Insertable } from 'kysely'
import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { familyOf } from './person-family.ts'
import type { CheckoutCartRowTable, CheckoutCartTable } from './schema/cart.ts'

/** Keeps a cart that Checkout gave a link for. */
export async function insertCart(
  db: WriteHandle,
  cart: Omit<Insertable<CheckoutCartTable>, 'id'>,
  rows: readonly Omit<CheckoutCartRowTable, 'cartId' | 'ordinal'>[],
): Promise<Id<'checkoutCart'>> {
  const { id } = await db.insertInto('checkoutCart').values(cart).returning('id').executeTakeFirstOrThrow()
  await insertMany(
    db,
    'checkoutCartRow',
    rows.map((row, i) => ({ ...row, cartId: id, ordinal: i + 1 })),
  )
  return id
}

export interface CartRow extends Omit<CheckoutCartTable, 'id'> {
  readonly id: Id<'checkoutCart'>
  readonly rows: readonly (Omit<CheckoutCartRowTable, 'cartId' | 'ordinal'> & {
    readonly personId: Id<'person'>
    readonly personName: string
    /** As its receipt writes it; null while there is none. */
    readonly paidAt: string | null
    /** A receipt says so, or the flow that came before it; never that somebody took the money by another way. */
    readonly paid: boolean
  })[]
}

/** Carts with what came of each of their notices, newest first. */
export async function readCarts(
  db: ReadHandle,
  which:
    | { readonly id: Id<'checkoutCart'> }
    | { readonly debtPositionId: Id<'debtPosition'> }
    | { readonly personId: Id<'person'> }
    | { readonly iuvs: readonly string[] },
  limit = 50,
): Promise<CartRow[]> {
  let query = db.selectFrom('checkoutCart').selectAll().orderBy('id', 'desc').limit(limit)
  if ('id' in which) query = query.where('id', '=', which.id)
  if ('debtPositionId' in which) {
    const of = db.selectFrom('checkoutCartRow').select('cartId').where('debtPositionId', '=', which.debtPositionId)
    query = query.where('id', 'in', of)
  }
  if ('iuvs' in which) {
    const of = db
      .selectFrom('checkoutCartRow')
      .select('cartId')
      .where('iuv', 'in', [...which.iuvs] as never)
    query = query.where('id', 'in', of)
  }
  if ('personId' in which) {
    const of = db
      .selectFrom('checkoutCartRow')
      .innerJoin('debtPosition', 'debtPosition.id', 'checkoutCartRow.debtPositionId')
      .where('debtPosition.personId', 'in', familyOf(which.personId))
      .select('checkoutCartRow.cartId')
    query = query.where('id', 'in', of)
  }
  const carts = await query.execute()
  if (carts.length === 0) return []
  const rows = await db
    .selectFrom('checkoutCartRow as r')
    .innerJoin('debtPosition as d', 'd.id', 'r.debtPositionId')
    .innerJoin('person as p', 'p.id', 'd.personId')
    .selectAll('r')
    .select(['p.id as personId', 'p.name as personName'])
    .select(
      sql<string | null>`(select max(t."paidAt") from "receipt" t where t."iuv" = r."iuv" and t."ok" = 1)`.as('paidAt'),
    )
    .select(
      sql<number>`(select count(*) from "installment" i join "installmentState" s on s."installmentId" = i."id"
        where i."iuv" = r."iuv" and s."state" not in ('unpaid', 'paidOutside'))`.as('known'),
    )
    .where(
      'r.cartId',
      'in',
      carts.map((cart) => cart.id),
    )
    .orderBy('r.ordinal')
    .execute()
  const byCart = Map.groupBy(rows, (row) => row.cartId as number)
  return carts.map((cart) => ({
    ...cart,
    rows: (byCart.get(cart.id) ?? []).map(({ cartId: _cart, ordinal: _ordinal, known, ...row }) => ({
      ...row,
      paid: row.paidAt !== null || Number(known) > 0,
    })),
  }))
}

/** When the last link was handed out of those given after that moment of which a notice has no receipt yet. */
export async function newestWaitingCart(db: ReadHandle, since: Instant): Promise<Instant | null> {
  const row = await db
    .selectFrom('checkoutCart as c')
    .innerJoin('checkoutCartRow as r', 'r.cartId', 'c.id')
    .where('c.at', '>=', since)
    .where(sql<boolean>`not exists (select 1 from "receipt" t where t."iuv" = r."iuv" and t."ok" = 1)`)
    .select('c.at')
    .orderBy('c.at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}

/** Positions that these IUVs were given to. */
export async function positionsOfIuvs(
  db: ReadHandle,
  iuvs: readonly string[],
): Promise<Map<string, Id<'debtPosition'>>> {
  const found = new Map<string, Id<'debtPosition'>>()
  for (const part of chunks(iuvs)) {
    const rows = await db
      .selectFrom('iuvAssignment')
      .select(['iuv', 'debtPositionId'])
      .where('iuv', 'in', [...part] as never)
      .execute()
    for (const row of rows) if (row.debtPositionId !== null) found.set(row.iuv, row.debtPositionId)
  }
  return found
}
