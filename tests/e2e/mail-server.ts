import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export interface MailServer {
  readonly port: number
  readonly received: readonly ParsedMail[]
  close(): Promise<void>
}

/** A real mail server of this machine that keeps what it is given. Addressees of `refused` get a 550. */
export async function startMailServer(refused: (address: string) => boolean = () => false): Promise<MailServer> {
  const received: ParsedMail[] = []
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo({ address }, _session, done) {
      if (refused(address)) done(Object.assign(new Error('Casella inesistente'), { responseCode: 550 }))
      else done()
    },
    onData(stream, _session, done) {
      simpleParser(stream).then(
        (mail) => {
          received.push(mail)
          done()
        },
        (error: Error) => done(error),
      )
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
