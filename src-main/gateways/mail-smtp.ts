import { isIP, connect as tcpConnect } from 'node:net'
import type { Clock, Mail, MailGateway, MailServer, SendOutcome } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { messageBytes } from './mail-message.ts'
import { connectionReason, failedOutcome, type SmtpFailure } from './smtp-outcome.ts'
import { type SmtpOptions, SmtpSession } from './smtp-session.ts'
import { withoutSecret } from './without-secret.ts'

/**
 * Mail over SMTP submission (RFC 5321, 6409, 8314). Certificates are always checked. A password never leaves unencrypted
 * but for a server on this machine.
 */
export function smtpMail(clock: Clock, options: SmtpOptions = {}): MailGateway {
  return {
    async open(server) {
      refuseClearPassword(server)
      let session = await opened(server, options)
      return {
        async send(mail) {
          if (!session.alive) {
            // The server hung up between two messages: nothing was under way, so a new line is safe.
            const again = await reopened(server, options)
            if (!(again instanceof SmtpSession)) return again
            session = again
          }
          const outcome = await sendOne(session, mail, new Date(clock.epochMs()))
          if (outcome.kind !== 'sent') await session.reset()
          return outcome
        },
        async close() {
          session.close()
        },
      }
    },
    probe: (server) => probe(server, options),
  }
}

async function sendOne(session: SmtpSession, mail: Mail, date: Date): Promise<SendOutcome> {
  const bytes = await messageBytes(mail, date)
  if (!bytes.ok) return { kind: 'permanent', reply: '', reason: bytes.error }
  const result = await session.send(mail.from.address, mail.to.address, bytes.value)
  if (result.ok) return { kind: 'sent', reply: result.value }
  return failedOutcome(result.error.failure, result.error.bodyStarted)
}

async function opened(server: MailServer, options: SmtpOptions): Promise<SmtpSession> {
  const session = new SmtpSession(server, options)
  const connected = await session.connect()
  if (!connected.ok) {
    session.close()
    throw new ProblemError(
      problem('MAIL_UNREACHABLE', { host: place(server), reason: connectionReason(connected.error) }),
    )
  }
  const logged = await session.login()
  if (!logged.ok) {
    session.close()
    const said = { host: place(server), reason: withoutSecret(loginReason(logged.error), server.password) }
    throw new ProblemError(problem(loginFault(logged.error), said))
  }
  return session
}

async function reopened(server: MailServer, options: SmtpOptions): Promise<SmtpSession | SendOutcome> {
  try {
    return await opened(server, options)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const reason = String(error.problems[0]?.params.reason ?? error.message)
    return { kind: 'temporary', reply: '', reason }
  }
}

async function probe(server: MailServer, options: SmtpOptions): ReturnType<MailGateway['probe']> {
  const steps: { step: string; ok: boolean; ms: number; text: string }[] = []
  const run = async (step: string, work: () => Promise<string | null>, done: string): Promise<boolean> => {
    const start = performance.now()
    const fault = await work()
    steps.push({ step, ok: fault === null, ms: Math.round(performance.now() - start), text: fault ?? done })
    return fault === null
  }
  const clear = clearPasswordFault(server)
  if (clear !== null) return [{ step: 'Accesso', ok: false, ms: 0, text: clear }]
  if (!(await run('Collegamento', () => reach(server, options), `${place(server)} risponde.`))) return steps
  const session = new SmtpSession(server, options)
  const connect = async () => {
    const result = await session.connect()
    return result.ok ? null : connectionReason(result.error)
  }
  const encrypted = server.security !== 'none'
  const greeted = await run(
    encrypted ? 'Cifratura' : 'Saluto',
    connect,
    encrypted ? 'Il collegamento è cifrato e il certificato è valido.' : 'Il server parla SMTP, senza cifratura.',
  )
  if (greeted && server.user !== null) {
    const login = async () => {
      const result = await session.login()
      return result.ok ? null : withoutSecret(loginReason(result.error), server.password)
    }
    await run('Accesso', login, `Il server riconosce «${server.user}».`)
  }
  session.close()
  return steps
}

function reach(server: MailServer, options: SmtpOptions): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = tcpConnect({ host: server.host, port: server.port })
    const end = (fault: string | null) => {
      socket.destroy()
      resolve(fault)
    }
    socket.setTimeout(options.connectTimeoutMs ?? 15_000, () =>
      end(connectionReason({ code: 'ETIMEDOUT', message: '' })),
    )
    socket.once('connect', () => end(null))
    socket.once('error', (error: NodeJS.ErrnoException) => end(connectionReason(error)))
  })
}

/** A 4 (454, RFC 4954 §6) or a line that dropped says nothing of the password: only a refusal waits for a person. */
function loginFault({ code, responseCode }: SmtpFailure): 'MAIL_LOGIN' | 'MAIL_LOGIN_LATER' | 'MAIL_UNREACHABLE' {
  if (responseCode !== undefined) return responseCode >= 500 ? 'MAIL_LOGIN' : 'MAIL_LOGIN_LATER'
  return code === 'EAUTH' ? 'MAIL_LOGIN' : 'MAIL_UNREACHABLE'
}

function loginReason(failure: SmtpFailure): string {
  if (failure.responseCode !== undefined && failure.responseCode >= 500) {
    return `Il server non accetta utente e password (ha risposto «${failure.response ?? failure.responseCode}»).`
  }
  if (failure.responseCode !== undefined) return 'Il server per ora non accetta l’accesso: riprova più tardi.'
  if (failure.code === 'EAUTH') return 'Manca la password dell’account.'
  return connectionReason(failure)
}

function refuseClearPassword(server: MailServer): void {
  const fault = clearPasswordFault(server)
  if (fault !== null) throw new ProblemError(problem('MAIL_LOGIN', { host: place(server), reason: fault }))
}

function clearPasswordFault(server: MailServer): string | null {
  if (server.security !== 'none' || server.user === null || isLoopback(server.host)) return null
  return 'Senza cifratura la password viaggerebbe in chiaro: scegli «TLS» o «STARTTLS».'
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function place(server: MailServer): string {
  return `${server.host}:${server.port}`
}
