import type { Insertable } from 'kysely'
import type { StatementMapping } from '#domain/bank-statement'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { canonicalJson, type JsonValue } from '#domain/json'
import type { Cents } from '#domain/money'
import { insertMany } from './bulk.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { BankMovementTable, BankStatementTable } from './schema/evidence.ts'

export interface KnownMovement {
  readonly bookingDate: IsoDate
  readonly cents: Cents
  readonly bankReference: string | null
  readonly fingerprint: string
  /** Layout of the statement that brought it, null for a movement written by hand. */
  readonly profile: string | null
}

/** Movements of an account in a span of days, to tell new from known. */
export async function knownMovements(
  db: ReadHandle,
  bankAccountId: Id<'bankAccount'>,
  from: IsoDate,
  to: IsoDate,
): Promise<KnownMovement[]> {
  return db
    .selectFrom('bankMovement as m')
    .leftJoin('bankStatement as s', 's.id', 'm.bankStatementId')
    .where('m.bankAccountId', '=', bankAccountId)
    .where('m.bookingDate', '>=', from)
    .where('m.bookingDate', '<=', to)
    .select(['m.bookingDate', 'm.cents', 'm.bankReference', 'm.fingerprint', 's.profile'])
    .execute()
}

export async function accountKey(db: ReadHandle, id: Id<'bankAccount'>): Promise<string | null> {
  const row = await db.selectFrom('bankAccount').select(['iban', 'closedDate']).where('id', '=', id).executeTakeFirst()
  if (!row) return null
  return row.iban ?? `conto ${id}`
}

export async function statementBySha(db: ReadHandle, sha256: string): Promise<Id<'bankStatement'> | null> {
  const row = await db.selectFrom('bankStatement').select('id').where('sha256', '=', sha256).executeTakeFirst()
  return row?.id ?? null
}

export async function insertStatement(
  db: WriteHandle,
  statement: Omit<Insertable<BankStatementTable>, 'id'>,
  movements: readonly Omit<Insertable<BankMovementTable>, 'id' | 'bankStatementId' | 'bankAccountId'>[],
): Promise<Id<'bankStatement'>> {
  const { id } = await db.insertInto('bankStatement').values(statement).returning('id').executeTakeFirstOrThrow()
  await insertMany(
    db,
    'bankMovement',
    movements.map((m) => ({ ...m, bankStatementId: id, bankAccountId: statement.bankAccountId })),
  )
  return id
}

const MAPPING_KIND = 'bankStatement'

/** How a person said that this account's files are read. */
export async function rememberedMapping(
  db: ReadHandle,
  bankAccountId: Id<'bankAccount'>,
): Promise<StatementMapping | null> {
  const row = await db
    .selectFrom('profile')
    .select('mappingJson')
    .where('kind', '=', MAPPING_KIND)
    .where('name', '=', String(bankAccountId))
    .executeTakeFirst()
  return row ? (JSON.parse(row.mappingJson) as StatementMapping) : null
}

export async function rememberMapping(
  db: WriteHandle,
  bankAccountId: Id<'bankAccount'>,
  mapping: StatementMapping,
): Promise<void> {
  const mappingJson = canonicalJson(mapping as unknown as JsonValue)
  await db
    .insertInto('profile')
    .values({ kind: MAPPING_KIND, name: String(bankAccountId), mappingJson })
    .onConflict((conflict) => conflict.columns(['kind', 'name']).doUpdateSet({ mappingJson }))
    .execute()
}
