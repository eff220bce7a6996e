import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { Pacing } from '#domain/pacing'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { pacingColumns, withPacing } from './pacing-columns.ts'
import type { MailAccountTable } from './schema/delivery.ts'

export interface MailAccountValues
  extends Pick<MailAccountTable, 'name' | 'kind' | 'host' | 'port' | 'security' | 'user' | 'fromName' | 'fromAddress'> {
  readonly pacing: Pacing
  /** The mailbox in which receipts and bounces arrive; null where it is not read. */
  readonly imap: {
    readonly host: string
    readonly port: number
    readonly security: 'tls' | 'starttls' | 'none'
    readonly user: string
    readonly folder: string
  } | null
}

export interface MailAccountRow extends MailAccountValues {
  readonly id: Id<'mailAccount'>
  readonly receiptsUidValidity: string | null
  readonly receiptsUid: number | null
  readonly receiptsReadAt: Instant | null
  readonly receiptsError: string | null
}

/** Accounts in use, by name. */
export async function listMailAccounts(db: ReadHandle): Promise<MailAccountRow[]> {
  const rows = await db.selectFrom('mailAccount').selectAll().where('active', '=', 1).execute()
  return rows
    .map(({ active: _active, imapHost, imapPort, imapSecurity, imapUser, imapFolder, ...row }) => ({
      ...withPacing(row),
      imap:
        imapHost === null || imapPort === null || imapSecurity === null || imapUser === null || imapFolder === null
          ? null
          : { host: imapHost, port: imapPort, security: imapSecurity, user: imapUser, folder: imapFolder },
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'it'))
}

export async function saveMailAccount(
  db: WriteHandle,
  id: Id<'mailAccount'> | null,
  { pacing, imap, ...values }: MailAccountValues,
): Promise<Id<'mailAccount'>> {
  const columns = {
    ...values,
    ...pacingColumns(pacing),
    imapHost: imap?.host ?? null,
    imapPort: imap?.port ?? null,
    imapSecurity: imap?.security ?? null,
    imapUser: imap?.user ?? null,
    imapFolder: imap?.folder ?? null,
  }
  if (id !== null) {
    const before = await db
      .selectFrom('mailAccount')
      .select(['imapHost', 'imapUser', 'imapFolder'])
      .where('id', '=', id)
      .executeTakeFirst()
    // Another mailbox is read from its beginning; an error of the old one says nothing of the new.
    const same =
      before?.imapHost === columns.imapHost &&
      before.imapUser === columns.imapUser &&
      before.imapFolder === columns.imapFolder
    const from = same ? {} : { receiptsUidValidity: null, receiptsUid: null, receiptsReadAt: null, receiptsError: null }
    await db
      .updateTable('mailAccount')
      .set({ ...columns, ...from })
      .where('id', '=', id)
      .execute()
    return id
  }
  return (
    await db
      .insertInto('mailAccount')
      .values({
        ...columns,
        ...{ receiptsUidValidity: null, receiptsUid: null, receiptsReadAt: null, receiptsError: null },
        active: 1,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
  ).id
}

/** How far the mailbox was read, or what went wrong. */
export async function markReceiptsRead(
  db: WriteHandle,
  id: Id<'mailAccount'>,
  values: Partial<Pick<MailAccountTable, 'receiptsUidValidity' | 'receiptsUid' | 'receiptsReadAt' | 'receiptsError'>>,
): Promise<void> {
  await db.updateTable('mailAccount').set(values).where('id', '=', id).execute()
}

/** Past campaigns may name it: it only leaves the lists, and its name becomes free. */
export async function retireMailAccount(db: WriteHandle, id: Id<'mailAccount'>, name: string): Promise<void> {
  await db
    .updateTable('mailAccount')
    .set({ active: 0, name: `${name} (tolto, n. ${id})` })
    .where('id', '=', id)
    .execute()
}
