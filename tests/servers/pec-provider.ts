import { buffer } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { PecProvider, type PecProviderOptions } from '#simulator/pec-provider'

export interface PecServer {
  readonly host: '127.0.0.1'
  readonly port: number
  readonly user: string
  readonly password: string
  readonly provider: PecProvider
  stop(): Promise<void>
}

/** A PEC provider that takes messages by SMTP with a login, in clear since it is on this machine, and answers into mailboxes. */
export async function startPecProvider(options: PecProviderOptions): Promise<PecServer> {
  const provider = new PecProvider(options)
  const [user, password] = ['ordine', 'segreto']
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onAuth(login, _session, done) {
      const known = login.username === user && login.password === password
      done(known ? null : new Error('535 utente o password'), known ? { user } : undefined)
    },
    onData(stream, session, done) {
      const recipients = session.envelope.rcptTo.map((one) => one.address)
      buffer(stream)
        .then((bytes) => provider.take(bytes, recipients))
        .then(() => done(), done)
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as { port: number }
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { host: '127.0.0.1', port, user, password, provider, stop }
}
