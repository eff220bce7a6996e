import { createHash } from 'node:crypto'
import type { Id } from '#domain/brand'
import type { MailServer } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import {
  listMailAccounts,
  type MailAccountRow,
  type MailAccountValues,
  retireMailAccount,
  saveMailAccount,
} from '#ledger/mail-account'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { longWork } from './long-work.ts'
import { readReceipts } from './mail-receipts.ts'
import { secretName } from './mail-secret.ts'

export async function needMailAccount(context: ServiceContext, id: Id<'mailAccount'> | null): Promise<MailAccountRow> {
  const account = (await context.ledger.read(listMailAccounts)).find((row) => row.id === id)
  if (account === undefined) throw new ProblemError(problem('MAIL_ACCOUNT_GONE', {}))
  return account
}

/** The account as the mail gateway wants it, with its password from the secrets. */
export async function mailServerOf(context: ServiceContext, account: MailAccountRow): Promise<MailServer> {
  const { host, port, security, user } = account
  return { host, port, security, user, password: await context.secrets.get(secretName(account.id)) }
}

async function accountOut(context: ServiceContext, row: MailAccountRow) {
  const { receiptsUidValidity: _validity, receiptsUid: _uid, pacing, ...shown } = row
  const { window } = pacing
  // The wire's own copy: the domain's lists are read-only.
  const wire = { ...pacing, window: window === null ? null : { ...window, days: [...window.days] } }
  return { ...shown, pacing: wire, hasPassword: (await context.secrets.get(secretName(row.id))) !== null }
}

/** A PEC provider takes a message only from the address of the mailbox that logs in. */
export function refusePecSender({
  kind,
  user,
  fromAddress,
}: Pick<MailAccountValues, 'kind' | 'user' | 'fromAddress'>): void {
  if (kind !== 'pec' || user === null || !user.includes('@')) return
  if (user.toLowerCase() === fromAddress.toLowerCase()) return
  throw new ProblemError(problem('MAIL_PEC_SENDER', { sender: fromAddress, user }))
}

interface SaveInput extends MailAccountValues {
  readonly id: Id<'mailAccount'> | null
  readonly password: string | null
}

export const mailAccount = {
  list: os.mailAccount.list.handler(async ({ context }) => {
    const rows = await context.ledger.read(listMailAccounts)
    return Promise.all(rows.map((row) => accountOut(context, row)))
  }),

  save: os.mailAccount.save.handler(async ({ context, input }) => {
    const { id, password, ...given } = input satisfies SaveInput
    // A tab or a line end pasted into the name would make every message of a campaign fail.
    const values = { ...given, fromName: given.fromName.replace(/[\p{Cc}\s]+/gu, ' ').trim() }
    refusePecSender(values)
    const saved = await context.ledger.write(command(context, 'mailAccount.save', { id, ...values }), async (db) => {
      const accounts = await listMailAccounts(db)
      if (id !== null && !accounts.some((row) => row.id === id))
        throw new ProblemError(problem('MAIL_ACCOUNT_GONE', {}))
      if (accounts.some((row) => row.id !== id && row.name.toLowerCase() === values.name.toLowerCase())) {
        throw new ProblemError(problem('MAIL_ACCOUNT_NAME_TAKEN', { name: values.name }))
      }
      return saveMailAccount(db, id, values)
    })
    if (password === '') await context.secrets.delete(secretName(saved))
    else if (password !== null) await context.secrets.set(secretName(saved), password)
    // What is leaving through it goes on as it is now.
    context.outbox.kick()
    return accountOut(context, await needMailAccount(context, saved))
  }),

  remove: os.mailAccount.remove.handler(async ({ context, input }) => {
    const account = await needMailAccount(context, input.id)
    await context.ledger.write(command(context, 'mailAccount.remove', { id: input.id }), (db) =>
      retireMailAccount(db, input.id, account.name),
    )
    await context.secrets.delete(secretName(input.id))
    context.outbox.kick()
    return { id: input.id }
  }),

  test: os.mailAccount.test.handler(async ({ context, input }) => {
    const { account, to } = input
    const kept = account.id === null ? null : await context.secrets.get(secretName(account.id))
    const password = account.password === null ? kept : account.password === '' ? null : account.password
    const { host, port, security, user } = account
    const server: MailServer = { host, port, security, user, password }
    const steps = [...(await context.mail.probe(server))]
    // Each side is told, also when the other does not work.
    if (account.imap !== null) steps.push(...(await context.mailbox.probe({ ...account.imap, password })))
    const rounded = steps.map((step) => ({ ...step, ms: Math.round(step.ms) }))
    if (to === null || rounded.some((step) => !step.ok)) return rounded
    return [...rounded, await sendTest(context, server, account, to)]
  }),

  readReceipts: os.mailAccount.readReceipts.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, async (report) => {
      const { problems, ...counts } = await readReceipts(context, input.id, report, signal ? { signal } : {})
      return { ...counts, problems: problems.list() }
    })
  }),
}

async function sendTest(context: ServiceContext, server: MailServer, account: MailAccountValues, to: string) {
  const started = context.clock.epochMs()
  const took = () => Math.max(0, Math.round(context.clock.epochMs() - started))
  const step = 'Messaggio di prova'
  try {
    const connection = await context.mail.open(server)
    try {
      const outcome = await connection.send({
        from: { name: account.fromName, address: account.fromAddress },
        to: { name: '', address: to },
        subject: 'Prova di invio',
        text: 'Questo messaggio prova che il programma può spedire da questo account.\n',
        messageId: messageIdOf(`prova ${to} ${context.clock.now()}`, account.fromAddress),
        attachments: [],
      })
      const ok = outcome.kind === 'sent'
      const text = ok ? `Consegnato al server per ${to}: «${outcome.reply}»` : outcome.reason
      return { step, ok, ms: took(), text }
    } finally {
      await connection.close()
    }
  } catch (error) {
    if (error instanceof ProblemError) return { step, ok: false, ms: took(), text: error.message }
    throw error
  }
}

/** Message-ID made of what it names, so that the same delivery always carries the same one. */
export function messageIdOf(subject: string, fromAddress: string): string {
  const domain = fromAddress.split('@').at(-1) ?? 'localhost'
  return `<${createHash('sha256').update(subject).digest('hex').slice(0, 32)}@${domain}>`
}
