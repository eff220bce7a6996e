import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'

export interface MailSink {
  readonly port: number
  readonly received: () => number
  close(): Promise<void>
}

/** A mail server of this machine only, which keeps each message it is given as `<hash of the addressee>.eml`. */
export async function openMailSink(folder: string): Promise<MailSink> {
  await mkdir(folder, { recursive: true })
  let received = 0
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: 20 * 1024 * 1024,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const addressee = session.envelope.rcptTo[0]?.address ?? ''
        const bytes = Buffer.concat(chunks)
        const messageId = /^message-id:\s*(\S+)/im.exec(bytes.subarray(0, 8192).toString('latin1'))?.[1] ?? ''
        const name = createHash('sha256').update(`${addressee}\n${messageId}`).digest('hex').slice(0, 24)
        writeFile(join(folder, `${name}.eml`), bytes, { flag: 'wx' }).then(
          () => {
            received += 1
            done()
          },
          (error: Error) => done(error),
        )
      })
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    received: () => received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
