import type { Id } from '#domain/brand'
import type { FileServer, FileToken } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import {
  type FileAccountRow,
  type FileAccountValues,
  listFileAccounts,
  retireFileAccount,
  saveFileAccount,
} from '#ledger/file-account'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'

/** A private key is some kilobytes; more is another file. */
const MOST_KEY_BYTES = 64 * 1024
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----|^PuTTY-User-Key-File-\d/

/** Names under which the keychain keeps an account's password or pass-phrase, and its private key. */
const secretName = (id: Id<'fileAccount'>) => `file:${id}`
const keyName = (id: Id<'fileAccount'>) => `file-key:${id}`

export async function needFileAccount(context: ServiceContext, id: number | null): Promise<FileAccountRow> {
  const account = (await context.ledger.read(listFileAccounts)).find((row) => row.id === id)
  if (account === undefined) throw new ProblemError(problem('FILE_ACCOUNT_GONE', {}))
  return account
}

/** The account as the gateway wants it, with its secrets from the keychain. @throws ProblemError FILE_ACCOUNT_KEY_MISSING */
export async function fileServerOf(context: ServiceContext, account: FileAccountRow): Promise<FileServer> {
  const password = await context.secrets.get(secretName(account.id))
  const key = withKey(account) ? await context.secrets.get(keyName(account.id)) : null
  return serverOf(account, password, key)
}

function withKey({ protocol, auth }: Pick<FileAccountValues, 'protocol' | 'auth'>): boolean {
  return protocol === 'sftp' && auth === 'key'
}

function serverOf(account: FileAccountValues, password: string | null, privateKey: string | null): FileServer {
  const { protocol, host, port, user, remoteFolder, pinned } = account
  if (withKey(account) && privateKey === null) throw new ProblemError(problem('FILE_ACCOUNT_KEY_MISSING', {}))
  return { protocol, host, port, user, remoteFolder, pinned, password, privateKey }
}

async function accountOut(context: ServiceContext, { pacing, ...row }: FileAccountRow) {
  const { window } = pacing
  const wire = { ...pacing, window: window === null ? null : { ...window, days: [...window.days] } }
  const kept = withKey(row) ? keyName(row.id) : secretName(row.id)
  return { ...row, pacing: wire, hasSecret: (await context.secrets.get(kept)) !== null }
}

async function readKey(context: ServiceContext, token: FileToken): Promise<string> {
  const file = await context.files.open(token)
  if (file.size > MOST_KEY_BYTES) throw new ProblemError(problem('FILE_ACCOUNT_KEY', {}))
  const text = new TextDecoder().decode(await file.bytes())
  if (!PRIVATE_KEY.test(text)) throw new ProblemError(problem('FILE_ACCOUNT_KEY', {}))
  return text
}

export const fileAccount = {
  list: os.fileAccount.list.handler(async ({ context }) => {
    const rows = await context.ledger.read(listFileAccounts)
    return Promise.all(rows.map((row) => accountOut(context, row)))
  }),

  save: os.fileAccount.save.handler(async ({ context, input }) => {
    const { id, secret, key, ...values } = input
    // Read before anything is written: a file that is no key changes nothing.
    const privateKey = key === null ? null : await readKey(context, key as FileToken)
    const saved = await context.ledger.write(command(context, 'fileAccount.save', { id, ...values }), async (db) => {
      const accounts = await listFileAccounts(db)
      if (id !== null && !accounts.some((row) => row.id === id)) {
        throw new ProblemError(problem('FILE_ACCOUNT_GONE', {}))
      }
      if (accounts.some((row) => row.id !== id && row.name.toLowerCase() === values.name.toLowerCase())) {
        throw new ProblemError(problem('FILE_ACCOUNT_NAME_TAKEN', { name: values.name }))
      }
      return saveFileAccount(db, id, values)
    })
    if (secret === '') await context.secrets.delete(secretName(saved))
    else if (secret !== null) await context.secrets.set(secretName(saved), secret)
    if (privateKey !== null) await context.secrets.set(keyName(saved), privateKey)
    context.outbox.kick()
    return accountOut(context, await needFileAccount(context, saved))
  }),

  remove: os.fileAccount.remove.handler(async ({ context, input }) => {
    const account = await needFileAccount(context, input.id)
    await context.ledger.write(command(context, 'fileAccount.remove', { id: input.id }), (db) =>
      retireFileAccount(db, input.id, account.name),
    )
    await context.secrets.delete(secretName(input.id))
    await context.secrets.delete(keyName(input.id))
    context.outbox.kick()
    return { id: input.id }
  }),

  test: os.fileAccount.test.handler(async ({ context, input }) => {
    const { id, secret, key, ...values } = input.account
    const kept = async (name: (of: Id<'fileAccount'>) => string) =>
      id === null ? null : await context.secrets.get(name(id))
    const password = secret === null ? await kept(secretName) : secret === '' ? null : secret
    const privateKey = !withKey(values)
      ? null
      : key === null
        ? await kept(keyName)
        : await readKey(context, key as FileToken)
    const server = { ...serverOf(values, password, privateKey), makeFolder: input.makeFolder }
    const { steps, fingerprint } = await context.fileServers.probe(server)
    return {
      steps: steps.map((step) => ({ ...step })),
      fingerprint,
      // Also a certificate that the system trusts, or a server without a key, needs nobody's word.
      known: fingerprint === null || fingerprint === values.pinned || steps.some(({ ok }) => ok),
    }
  }),
}
