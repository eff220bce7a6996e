import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { FiscalCode } from '#domain/fiscal-code'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'

/** Whom a joined person is seen as: the survivor of a merge, else itself. `alias` is the name it is joined under. */
export function shownId(alias: string) {
  return sql<Id<'person'>>`coalesce(${sql.ref(`${alias}.mergedIntoId`)}, ${sql.ref(`${alias}.id`)})`
}

/** A person and whoever was merged into it, as a subquery of ids: `where(…, 'in', familyOf(id))`. */
export function familyOf(id: Id<'person'>) {
  return sql<
    Id<'person'>
  >`(select f."id" from "person" f where f."id" = ${id} union all select f."id" from "person" f where f."mergedIntoId" = ${id})`
}

/** Ids of a person and of whoever was merged into it, the survivor first. */
export async function familyIds(db: ReadHandle, id: Id<'person'>): Promise<Id<'person'>[]> {
  const rows = await db.selectFrom('person').select('id').where('mergedIntoId', '=', id).orderBy('id').execute()
  return [id, ...rows.map((row) => row.id)]
}

/** Whoever was merged into one of these, or into anybody, and into whom. */
export async function survivorsAmong(
  db: ReadHandle,
  ids: readonly Id<'person'>[] | null,
): Promise<ReadonlyMap<Id<'person'>, Id<'person'>>> {
  const found = new Map<Id<'person'>, Id<'person'>>()
  const merged = db.selectFrom('person').where('mergedIntoId', 'is not', null).select(['id', 'mergedIntoId'])
  for (const slice of ids === null ? [null] : chunks(ids, 500)) {
    const rows = await (slice === null ? merged : merged.where('mergedIntoId', 'in', slice)).execute()
    for (const { id, mergedIntoId } of rows) if (mergedIntoId !== null) found.set(id, mergedIntoId)
  }
  return found
}

/** Fiscal codes that merges left behind, each with the survivor. */
export async function readFormerCodes(
  db: ReadHandle,
): Promise<{ readonly code: FiscalCode; readonly id: Id<'person'> }[]> {
  const rows = await formerCodes(db).where('m.formerCode', 'is not', null).execute()
  return rows.flatMap(({ formerCode, id }) => (formerCode === null ? [] : [{ code: formerCode, id }]))
}

/** Who stands for a fiscal code that a merge left behind. */
export async function survivorWithCode(db: ReadHandle, code: FiscalCode): Promise<Id<'person'> | null> {
  return (await formerCodes(db).where('m.formerCode', '=', code).executeTakeFirst())?.id ?? null
}

function formerCodes(db: ReadHandle) {
  return db
    .selectFrom('personMerge as m')
    .innerJoin('person as p', 'p.id', 'm.personId')
    .where('m.separatedAt', 'is', null)
    .select(['m.formerCode', shownId('p').as('id')])
}
