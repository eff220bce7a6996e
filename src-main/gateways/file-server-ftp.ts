import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { type ConnectionOptions, TLSSocket } from 'node:tls'
import { Client } from 'basic-ftp'
import { CLEAR_ACCEPTED, type FileServer } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { ftpLine } from './file-server-ftp-line.ts'
import { CONNECT_TIMEOUT_MS, type FileLine, type FileServerOptions, SILENCE_TIMEOUT_MS } from './file-server-line.ts'
import { goPassive } from './file-server-passive.ts'
import { connectReason } from './file-server-reason.ts'
import { withoutSecret } from './without-secret.ts'

export interface FtpLogin {
  enter(server: FileServer): Promise<FileLine>
  close(): Promise<void>
}

/**
 * FTP up to the login. In FTPS the certificate is judged before anything secret is sent: trusted by the system, or the one
 * that a person accepted; the channels of the data then accept that one only and resume its TLS session (RFC 4217).
 * @throws ProblemError FILE_SERVER_CLEAR, FILE_SERVER_CERTIFICATE, FILE_SERVER_LOGIN, FILE_SERVER_UNREACHABLE
 */
export async function ftpLogin(
  server: FileServer,
  options: FileServerOptions,
  seen: (fingerprint: string) => void = () => {},
): Promise<FtpLogin> {
  const { host } = server
  if (server.protocol === 'ftp' && !isThisMachine(host)) {
    seen(CLEAR_ACCEPTED)
    if (server.pinned !== CLEAR_ACCEPTED) throw new ProblemError(problem('FILE_SERVER_CLEAR', { host }))
  }
  const client = new Client(options.silenceTimeoutMs ?? SILENCE_TIMEOUT_MS)
  goPassive(client)
  const inTime = patience(client, options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS)
  try {
    const ca = options.ca === undefined ? {} : { ca: options.ca }
    await inTime(connect(client, server, { ...ca, rejectUnauthorized: false }))
    if (server.protocol !== 'ftp') {
      const accepted = judge(client, server, seen)
      // The channels of the data resume the session of this one, with its verdict: a line that trusts exactly that certificate.
      if (accepted !== null) await inTime(connect(client, server, trustOnly(accepted)))
    }
  } catch (error) {
    client.close()
    if (error instanceof ProblemError) throw error
    throw new ProblemError(problem('FILE_SERVER_UNREACHABLE', { host, reason: refusalOf(error) }))
  }
  try {
    await inTime(enterAs(client, server))
  } catch (error) {
    client.close()
    throw loginProblem(server, error)
  }
  return {
    enter: (at) => ftpLine(client, at),
    async close() {
      client.close()
    },
  }
}

async function enterAs(client: Client, server: FileServer): Promise<void> {
  await client.sendIgnoringError('OPTS UTF8 ON')
  await client.login(server.user, server.password ?? '')
  // biome-ignore lint/correctness/useHookAtTopLevel: a command of FTP, not of React.
  await client.useDefaultSettings()
}

/** A server that is silent while one connects is left sooner than one in the middle of a file. */
function patience(client: Client, ms: number): <T>(work: Promise<T>) => Promise<T> {
  return async (work) => {
    let late = false
    const timer = setTimeout(() => {
      late = true
      client.close()
    }, ms)
    try {
      return await work
    } catch (error) {
      throw late ? new Error('Timeout') : error
    } finally {
      clearTimeout(timer)
    }
  }
}

async function connect(client: Client, server: FileServer, trust: ConnectionOptions): Promise<void> {
  const { host, port, protocol } = server
  const tls = { host, ...(isIP(host) === 0 ? { servername: host } : {}), ...trust }
  if (protocol === 'ftpsImplicit') {
    await client.connectImplicitTLS(host, port, tls)
    return
  }
  await client.connect(host, port)
  // biome-ignore lint/correctness/useHookAtTopLevel: a command of FTP, not of React.
  if (protocol === 'ftps') await client.useTLS(tls)
}

/**
 * Looks at the certificate of a line on which nothing secret has passed yet: null where the system trusts it, itself where a
 * person accepted it. @throws ProblemError FILE_SERVER_CERTIFICATE
 */
function judge(client: Client, server: FileServer, seen: (fingerprint: string) => void): X509Certificate | null {
  const { host } = server
  const socket = client.ftp.socket
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined
  if (!(socket instanceof TLSSocket) || certificate === undefined) throw new Error('handshake without a certificate')
  const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase()
  seen(fingerprint)
  if (socket.authorized) {
    client.ftp.tlsOptions = { ...client.ftp.tlsOptions, rejectUnauthorized: true }
    return null
  }
  if (server.pinned?.toLowerCase() === fingerprint) return certificate
  const reason =
    server.pinned === null ? certificateReason(socket.authorizationError) : 'non è più quello che era stato accettato'
  throw new ProblemError(problem('FILE_SERVER_CERTIFICATE', { host, reason, fingerprint }))
}

/** Exactly this certificate, whatever name and issuer it bears. */
function trustOnly(certificate: X509Certificate): ConnectionOptions {
  const { fingerprint256 } = certificate
  return {
    ca: certificate.toString(),
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, shown) =>
      shown.fingerprint256 === fingerprint256 ? undefined : new Error('another certificate'),
  }
}

function certificateReason(error: unknown): string {
  const code = String((error as { code?: unknown } | null)?.code ?? error)
  if (/EXPIRED/.test(code)) return 'è scaduto'
  if (/NOT_YET_VALID/.test(code)) return 'non vale ancora'
  if (/ALTNAME|HOSTNAME/i.test(code)) return 'è di un altro server'
  if (/SELF_SIGNED/.test(code)) return 'il server se l’è firmato da sé'
  if (/UNABLE_TO|UNTRUSTED/.test(code)) return 'nessuna autorità conosciuta lo garantisce'
  return `il sistema risponde ${code}`
}

function refusalOf(error: unknown): string {
  const { name = '', code, message = '' } = error as { name?: string; code?: unknown; message?: string }
  if (name !== 'FTPError') return connectReason(error)
  if (code === 421 || code === 120) return `Il server non accoglie altri collegamenti ora («${message}»).`
  if (code === 530) return 'Il server accetta solo collegamenti cifrati.'
  return `Il server non offre la cifratura scelta («${message.slice(0, 200)}»).`
}

function loginProblem({ host, password }: FileServer, error: unknown): ProblemError {
  const { name = '', code, message = '' } = error as { name?: string; code?: unknown; message?: string }
  const reply = withoutSecret(message, password).slice(0, 200)
  if (name !== 'FTPError') {
    return new ProblemError(problem('FILE_SERVER_UNREACHABLE', { host, reason: connectReason(error) }))
  }
  if (code === 421) {
    const reason = `Il server non accoglie altri collegamenti ora («${reply}»).`
    return new ProblemError(problem('FILE_SERVER_UNREACHABLE', { host, reason }))
  }
  const reason = /encrypt|SSL|TLS/i.test(message)
    ? `Il server accetta solo collegamenti cifrati («${reply}»).`
    : `Utente o password rifiutati («${reply}»).`
  return new ProblemError(problem('FILE_SERVER_LOGIN', { host, reason }))
}

export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host)
}
