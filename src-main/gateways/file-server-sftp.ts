import SftpClient from 'ssh2-sftp-client'
import type { FileServer } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { CONNECT_TIMEOUT_MS, type FileLine, type FileServerOptions, SILENCE_TIMEOUT_MS } from './file-server-line.ts'
import { connectReason } from './file-server-reason.ts'
import { sftpLine, type Wrapper } from './file-server-sftp-line.ts'

/** A connection that is logged in, but not yet in its folder. */
export interface SftpLogin {
  readonly fingerprint: string | null
  enter(server: FileServer): Promise<FileLine>
  close(): Promise<void>
}

/**
 * SSH up to the login. The host key is compared before anything secret is sent.
 * @throws ProblemError FILE_SERVER_KEY_NEW, FILE_SERVER_KEY_CHANGED, FILE_SERVER_LOGIN, FILE_SERVER_UNREACHABLE
 */
export async function sftpLogin(
  server: FileServer,
  options: FileServerOptions,
  seen: (fingerprint: string) => void = () => {},
): Promise<SftpLogin> {
  const silent = () => undefined
  const client = new SftpClient('quietanza', { error: silent, end: silent, close: silent })
  let fingerprint: string | null = null
  let dead = false
  client.on('close', () => {
    dead = true
  })
  // Servers that ask for the password in a dialogue of their own: one question, one answer.
  client.on('keyboard-interactive', (_name, _text, _lang, prompts: readonly unknown[], finish) =>
    finish(prompts.map(() => server.password ?? '')),
  )
  const secret =
    server.privateKey === null
      ? { password: server.password ?? '', tryKeyboard: true }
      : { privateKey: server.privateKey, ...(server.password ? { passphrase: server.password } : {}) }
  let wrapper: Wrapper
  try {
    wrapper = await client.connect({
      host: server.host,
      port: server.port,
      username: server.user,
      ...secret,
      hostHash: 'sha256',
      hostVerifier: (hash: string) => {
        fingerprint = hash.toLowerCase()
        seen(fingerprint)
        return server.pinned !== null && server.pinned.toLowerCase() === fingerprint
      },
      readyTimeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      keepaliveInterval: 15_000,
    })
    // Small requests one after the other: each would wait 40 ms for the next.
    under(client).setNoDelay(true)
  } catch (error) {
    await end(client)
    throw loginProblem(server, fingerprint, error)
  }
  return {
    fingerprint,
    enter: (at) =>
      sftpLine(wrapper, at, {
        silenceMs: options.silenceTimeoutMs ?? SILENCE_TIMEOUT_MS,
        isDead: () => dead,
        cut: () => cut(client),
        end: () => end(client),
      }),
    close: () => end(client),
  }
}

function loginProblem(server: FileServer, fingerprint: string | null, error: unknown): ProblemError {
  const { host, pinned } = server
  if (fingerprint !== null && pinned?.toLowerCase() !== fingerprint) {
    return new ProblemError(
      pinned === null
        ? problem('FILE_SERVER_KEY_NEW', { host, fingerprint })
        : problem('FILE_SERVER_KEY_CHANGED', { host, fingerprint }),
    )
  }
  const message = (error as Error).message ?? ''
  if (/privateKey|passphrase/i.test(message)) {
    const reason = /passphrase/i.test(message)
      ? 'La chiave privata non si apre con questa frase segreta.'
      : 'La chiave privata non si legge.'
    return new ProblemError(problem('FILE_SERVER_LOGIN', { host, reason }))
  }
  if (/authentication/i.test(message)) {
    const reason = server.privateKey === null ? 'Utente o password rifiutati.' : 'Utente o chiave rifiutati.'
    return new ProblemError(problem('FILE_SERVER_LOGIN', { host, reason }))
  }
  return new ProblemError(problem('FILE_SERVER_UNREACHABLE', { host, reason: connectReason(error) }))
}

async function end(client: SftpClient): Promise<void> {
  // A server that hangs must not hold us: the line is cut if it does not close by itself.
  await Promise.race([client.end().catch(() => undefined), new Promise((r) => setTimeout(r, 1_000).unref())])
  cut(client)
}

function cut(client: SftpClient): void {
  under(client).destroy()
}

/** The connection below, which the library does not show in its types. */
function under(client: SftpClient): { destroy(): void; setNoDelay(noDelay: boolean): void } {
  return (client as unknown as { client: ReturnType<typeof under> }).client
}
