import type { Id } from '#domain/brand'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { MailAccountTable } from './schema/delivery.ts'

export type MailAccountValues = Omit<MailAccountTable, 'id' | 'active'>
export interface MailAccountRow extends MailAccountValues {
  readonly id: Id<'mailAccount'>
}

/** Accounts in use, by name. */
export async function listMailAccounts(db: ReadHandle): Promise<MailAccountRow[]> {
  const rows = await db.selectFrom('mailAccount').selectAll().where('active', '=', 1).execute()
  return rows.map(({ active: _active, ...row }) => row).sort((a, b) => a.name.localeCompare(b.name, 'it'))
}

export async function saveMailAccount(
  db: WriteHandle,
  id: Id<'mailAccount'> | null,
  values: MailAccountValues,
): Promise<Id<'mailAccount'>> {
  if (id !== null) {
    await db.updateTable('mailAccount').set(values).where('id', '=', id).execute()
    return id
  }
  return (
    await db
      .insertInto('mailAccount')
      .values({ ...values, active: 1 })
      .returning('id')
      .executeTakeFirstOrThrow()
  ).id
}

/** Past campaigns may name it: it only leaves the lists, and its name becomes free. */
export async function retireMailAccount(db: WriteHandle, id: Id<'mailAccount'>, name: string): Promise<void> {
  await db
    .updateTable('mailAccount')
    .set({ active: 0, name: `${name} (tolto, n. ${id})` })
    .where('id', '=', id)
    .execute()
}
