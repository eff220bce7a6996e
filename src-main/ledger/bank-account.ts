import { type Insertable, sql } from 'kysely'
import { asId, type Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { BankAccountTable } from './schema/institution.ts'

export type BankAccountRow = Insertable<BankAccountTable> & {
  readonly id: Id<'bankAccount'>
  readonly movements: number
}

/** All accounts with the number of their movements, open ones first, then by name. */
export async function listBankAccounts(db: ReadHandle): Promise<BankAccountRow[]> {
  const rows = await db
    .selectFrom('bankAccount')
    .selectAll('bankAccount')
    .select((eb) =>
      eb
        .selectFrom('bankMovement')
        .whereRef('bankMovement.bankAccountId', '=', 'bankAccount.id')
        .select(sql<number>`count(*)`.as('n'))
        .as('movements'),
    )
    .orderBy('bankAccount.id')
    .execute()
  return rows
    .map((row) => ({ ...row, movements: Number(row.movements ?? 0) }))
    .sort((a, b) => Number(a.closedDate !== null) - Number(b.closedDate !== null) || a.name.localeCompare(b.name, 'it'))
}

export async function insertBankAccount(
  db: WriteHandle,
  account: Omit<Insertable<BankAccountTable>, 'id'>,
): Promise<Id<'bankAccount'>> {
  const row = await db.insertInto('bankAccount').values(account).returning('id').executeTakeFirstOrThrow()
  return asId<'bankAccount'>(row.id)
}

export async function updateBankAccount(
  db: WriteHandle,
  id: Id<'bankAccount'>,
  account: Omit<Insertable<BankAccountTable>, 'id' | 'closedDate'>,
): Promise<void> {
  await db.updateTable('bankAccount').set(account).where('id', '=', id).execute()
}

export async function closeBankAccount(db: WriteHandle, id: Id<'bankAccount'>, date: IsoDate): Promise<void> {
  await db.updateTable('bankAccount').set({ closedDate: date }).where('id', '=', id).execute()
}
