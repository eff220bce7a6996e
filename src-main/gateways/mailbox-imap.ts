import { isIP } from 'node:net'
import type { ImapFlow } from 'imapflow'
import { epochMsOf, type Instant, instantOf } from '#domain/date'
import type { Mailbox, MailboxGateway, MailboxMessage } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { mailboxFault } from './mailbox-fault.ts'

export interface ImapOptions {
  /** Further certificate authorities (PEM), for a server of the institution's own. */
  readonly ca?: string
  readonly connectTimeoutMs?: number
  /** Longest silence of the server in any step. */
  readonly silenceTimeoutMs?: number
  /** Messages larger than this are told by their size only. */
  readonly messageBytes?: number
  /** Messages handed over at a time. */
  readonly batch?: number
}

const MESSAGE_BYTES = 40 * 1_048_576
const BATCH = 50
/** Bytes held at a time, whatever the number of messages. */
const BATCH_BYTES = 32 * 1_048_576

/**
 * Mailboxes over IMAP (RFC 3501, 9051; TLS by RFC 8314). The folder is opened read-only and nothing is moved, marked or
 * deleted. Certificates are always checked. A password never leaves unencrypted but for a server on this machine.
 */
export function imapMailbox(options: ImapOptions = {}): MailboxGateway {
  return {
    read: (mailbox, since, signal, from) => read(mailbox, since, signal, from ?? null, options),
    probe: (mailbox) => probe(mailbox, options),
  }
}

async function* read(
  mailbox: Mailbox,
  since: { readonly uidValidity: string; readonly uid: number } | null,
  signal: AbortSignal | undefined,
  from: Instant | null,
  options: ImapOptions,
): AsyncGenerator<{ uidValidity: string; messages: MailboxMessage[] }> {
  const client = await clientOf(mailbox, options)
  const stop = () => client.close()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    signal?.throwIfAborted()
    await client.connect()
    const folder = await client.mailboxOpen(mailbox.folder, { readOnly: true })
    const uidValidity = folder.uidValidity.toString()
    const after = since !== null && since.uidValidity === uidValidity ? since.uid : 0
    // Asking for the messages of an empty folder is an error to some servers.
    if (folder.exists === 0) {
      yield { uidValidity, messages: [] }
      return
    }
    const found = await sizesAfter(client, after, from)
    if (found.length === 0) yield { uidValidity, messages: [] }
    for (const group of groupsOf(found, options)) {
      signal?.throwIfAborted()
      yield { uidValidity, messages: await fetchGroup(client, group, options) }
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw new ProblemError(
      problem('MAILBOX_UNREADABLE', { mailbox: place(mailbox), reason: mailboxFault(error, mailbox) }),
    )
  } finally {
    signal?.removeEventListener('abort', stop)
    await leave(client)
  }
}

interface Known {
  readonly uid: number
  readonly size: number
}

/** UIDs after `after`, oldest first: `n:*` always names the last message, also when it is older. */
async function sizesAfter(client: ImapFlow, after: number, from: Instant | null): Promise<Known[]> {
  let range = `${after + 1}:*`
  if (after === 0 && from !== null) {
    // A box may hold years of letters. SINCE knows only days, in the server's own zone: one day before is safe.
    const uids = await client.search({ since: new Date(epochMsOf(from) - 86_400_000) }, { uid: true })
    if (!uids || uids.length === 0) return []
    range = `${uids.reduce((a, b) => Math.min(a, b))}:*`
  }
  const found: Known[] = []
  for await (const message of client.fetch(range, { uid: true, size: true }, { uid: true })) {
    if (message.uid > after) found.push({ uid: message.uid, size: message.size ?? 0 })
  }
  return found.sort((a, b) => a.uid - b.uid)
}

function* groupsOf(found: readonly Known[], options: ImapOptions): Generator<Known[]> {
  let group: Known[] = []
  let bytes = 0
  for (const message of found) {
    if (group.length >= (options.batch ?? BATCH) || (group.length > 0 && bytes + message.size > BATCH_BYTES)) {
      yield group
      group = []
      bytes = 0
    }
    group.push(message)
    bytes += Math.min(message.size, options.messageBytes ?? MESSAGE_BYTES)
  }
  if (group.length > 0) yield group
}

async function fetchGroup(client: ImapFlow, group: readonly Known[], options: ImapOptions): Promise<MailboxMessage[]> {
  const limit = options.messageBytes ?? MESSAGE_BYTES
  const sources = new Map<number, { source: Uint8Array | null; receivedAt: Date | null }>()
  const ask = async (uids: readonly number[], source: boolean) => {
    if (uids.length === 0) return
    const query = { uid: true, internalDate: true, source }
    for await (const message of client.fetch(uids.join(','), query, { uid: true })) {
      const at = message.internalDate === undefined ? null : new Date(message.internalDate)
      sources.set(message.uid, { source: message.source ?? null, receivedAt: at })
    }
  }
  await ask(
    group.filter((one) => one.size <= limit).map((one) => one.uid),
    true,
  )
  await ask(
    group.filter((one) => one.size > limit).map((one) => one.uid),
    false,
  )
  // A line that dropped half way must not look like a folder with fewer messages.
  if (!client.usable) throw Object.assign(new Error('Connection closed'), { code: 'NoConnection' })
  return group.flatMap(({ uid, size }) => {
    const found = sources.get(uid)
    // Gone between the two questions: someone deleted it.
    if (found === undefined) return []
    const received = found.receivedAt?.getTime() ?? Number.NaN
    return [{ uid, size, source: found.source, receivedAt: instantOf(Number.isNaN(received) ? 0 : received) }]
  })
}

async function probe(mailbox: Mailbox, options: ImapOptions): ReturnType<MailboxGateway['probe']> {
  const steps: { step: string; ok: boolean; ms: number; text: string }[] = []
  const run = async (step: string, work: () => Promise<string>): Promise<boolean> => {
    const start = performance.now()
    try {
      const text = await work()
      steps.push({ step, ok: true, ms: Math.round(performance.now() - start), text })
      return true
    } catch (error) {
      const text = error instanceof ProblemError ? reasonOf(error) : mailboxFault(error, mailbox)
      steps.push({ step, ok: false, ms: Math.round(performance.now() - start), text })
      return false
    }
  }
  let client: ImapFlow | null = null
  const entered = await run('Accesso alla casella', async () => {
    client = await clientOf(mailbox, options)
    await client.connect()
    const how = mailbox.security === 'none' ? 'senza cifratura' : 'con un collegamento cifrato'
    return `${mailbox.host}:${mailbox.port} riconosce «${mailbox.user}» ${how}.`
  })
  if (entered) {
    await run('Cartella delle ricevute', async () => {
      const folder = await (client as unknown as ImapFlow).mailboxOpen(mailbox.folder, { readOnly: true })
      return `«${mailbox.folder}» si legge: ${folder.exists === 1 ? '1 messaggio' : `${folder.exists} messaggi`}.`
    })
  }
  if (client !== null) await leave(client)
  return steps
}

function reasonOf(error: ProblemError): string {
  return String(error.problems[0]?.params.reason ?? error.message)
}

/** The library is loaded only when a mailbox is read: most starts of the program never need it. */
async function clientOf(mailbox: Mailbox, options: ImapOptions): Promise<ImapFlow> {
  if (mailbox.security === 'none' && !isLoopback(mailbox.host)) {
    const reason = 'Senza cifratura la password viaggerebbe in chiaro: scegli «TLS» o «STARTTLS».'
    throw new ProblemError(problem('MAILBOX_UNREADABLE', { mailbox: place(mailbox), reason }))
  }
  const { ImapFlow } = await import('imapflow')
  const connectMs = options.connectTimeoutMs ?? 15_000
  const limit = options.messageBytes ?? MESSAGE_BYTES
  const client = new ImapFlow({
    host: mailbox.host,
    port: mailbox.port,
    secure: mailbox.security === 'tls',
    ...(mailbox.security === 'tls' ? {} : { doSTARTTLS: mailbox.security === 'starttls' }),
    auth: { user: mailbox.user, pass: mailbox.password ?? '' },
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(options.ca === undefined ? {} : { ca: options.ca }) },
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: options.silenceTimeoutMs ?? 60_000,
    // What servers announce is not believed beyond what is kept.
    maxLiteralSize: limit * 2,
    maxResponseSize: limit * 3,
    maxLineLength: 4 * 1_048_576,
    disableAutoIdle: true,
    disableCompression: true,
    logger: false,
  })
  // Failures also come as events; whoever waits for the step hears them there.
  client.on('error', () => undefined)
  return client
}

/** Says goodbye, but waits for no server that hangs. */
async function leave(client: ImapFlow): Promise<void> {
  if (!client.usable) return client.close()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 1000)
  })
  await Promise.race([client.logout().catch(() => undefined), late])
  clearTimeout(timer)
  client.close()
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function place(mailbox: Mailbox): string {
  return `${mailbox.user} su ${mailbox.host}:${mailbox.port}`
}
