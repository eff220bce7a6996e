import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { MailServer } from '#domain/ports'
import { err, ok, type Result } from '#domain/result'
import type { SmtpFailure } from './smtp-outcome.ts'

export interface SmtpOptions {
  /** Further certificate authorities (PEM), for a server of the institution's own. */
  readonly ca?: string
  /** Name said to the server in EHLO. */
  readonly clientName?: string
  readonly connectTimeoutMs?: number
  /** Longest silence of the server in any step. */
  readonly silenceTimeoutMs?: number
}

/** One SMTP conversation, step by step, where a failure is a value. */
export class SmtpSession {
  readonly #connection: SMTPConnection
  readonly #server: MailServer
  #alive = false
  #fail: ((failure: SmtpFailure) => void) | null = null

  constructor(server: MailServer, options: SmtpOptions) {
    this.#server = server
    this.#connection = new SMTPConnection({
      host: server.host,
      port: server.port,
      secure: server.security === 'tls',
      requireTLS: server.security === 'starttls',
      ignoreTLS: server.security === 'none',
      name: options.clientName ?? '[127.0.0.1]',
      connectionTimeout: options.connectTimeoutMs ?? 15_000,
      greetingTimeout: options.connectTimeoutMs ?? 15_000,
      dnsTimeout: options.connectTimeoutMs ?? 15_000,
      socketTimeout: options.silenceTimeoutMs ?? 120_000,
      tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(options.ca === undefined ? {} : { ca: options.ca }) },
    })
    this.#connection.on('error', (error: Error) => {
      this.#alive = false
      this.#fail?.(error as unknown as SmtpFailure)
    })
    this.#connection.on('end', () => {
      this.#alive = false
      this.#fail?.({ code: 'ECONNECTION', message: 'Connection closed' })
    })
  }

  get alive(): boolean {
    return this.#alive
  }

  connect(): Promise<Result<void, SmtpFailure>> {
    return this.#step((done) =>
      this.#connection.connect((error?: Error | null) => {
        this.#alive = !error
        done(error)
      }),
    )
  }

  /** Nothing to do, and no failure, for a server without user. */
  async login(): Promise<Result<void, SmtpFailure>> {
    const { user, password } = this.#server
    if (user === null) return ok(undefined)
    return this.#step((done) => this.#connection.login({ user, pass: password ?? '' }, (error) => done(error)))
  }

  /** Hands over one message. `bodyStarted` tells whether its text began to leave, which decides what a silence means. */
  async send(
    from: string,
    to: string,
    message: Buffer,
  ): Promise<Result<string, { readonly failure: SmtpFailure; readonly bodyStarted: boolean }>> {
    let bodyStarted = false
    // Read only once the server has answered 354: the first read is the moment the text starts to leave.
    const body = new Readable({
      read() {
        bodyStarted = true
        this.push(message)
        this.push(null)
      },
    })
    let reply = ''
    const result = await this.#step((done) =>
      this.#connection.send({ from, to: [to], size: message.length }, body, (error, info) => {
        reply = info?.response ?? ''
        done(error)
      }),
    )
    return result.ok ? ok(reply) : err({ failure: result.error, bodyStarted })
  }

  /** Forgets a refused message so that the next one starts clean; false when the line is gone. */
  async reset(): Promise<boolean> {
    if (!this.#alive) return false
    return (await this.#step((done) => this.#connection.reset((error) => done(error)))).ok
  }

  close(): void {
    this.#alive = false
    this.#fail = null
    this.#connection.quit()
    setTimeout(() => this.#connection.close(), 500).unref()
  }

  /** A dropped line reaches the caller also where the library only emits an event. */
  #step(run: (done: (error?: Error | null) => void) => void): Promise<Result<void, SmtpFailure>> {
    return new Promise((resolve) => {
      const settle = (failure: SmtpFailure | null) => {
        this.#fail = null
        resolve(failure === null ? ok(undefined) : err(failure))
      }
      this.#fail = settle
      run((error) => settle(error ? (error as unknown as SmtpFailure) : null))
    })
  }
}
