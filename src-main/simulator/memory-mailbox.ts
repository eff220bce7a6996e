import type { Instant } from '#domain/date'
import type { MailboxGateway } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'

/** A mailbox in memory that behaves like one over IMAP: UIDs grow, and start again when its validity changes. */
export class MemoryMailbox {
  #uidValidity = 1
  #uid = 0
  #messages: { uid: number; receivedAt: Instant; source: Uint8Array }[] = []
  readonly #now: () => Instant
  readonly #limit: number
  /** Said by every reading while it is set. */
  fault: string | null = null

  constructor(now: () => Instant, limit = 40 * 1_048_576) {
    this.#now = now
    this.#limit = limit
  }

  put(source: Uint8Array): void {
    this.#uid += 1
    this.#messages.push({ uid: this.#uid, receivedAt: this.#now(), source })
  }

  /** As after a mailbox was made anew from a copy: same messages, other numbers. */
  renumber(): void {
    this.#uidValidity += 1
    this.#messages = this.#messages.map((message, index) => ({ ...message, uid: index + 1 }))
    this.#uid = this.#messages.length
  }

  gateway(batch = 50): MailboxGateway {
    const self = this
    return {
      async *read(mailbox, since, signal) {
        signal?.throwIfAborted()
        self.#refuse(mailbox.user)
        const uidValidity = String(self.#uidValidity)
        const after = since?.uidValidity === uidValidity ? since.uid : 0
        const found = self.#messages.filter((message) => message.uid > after)
        if (found.length === 0) yield { uidValidity, messages: [] }
        for (let at = 0; at < found.length; at += batch) {
          const messages = found.slice(at, at + batch).map(({ uid, receivedAt, source }) => ({
            ...{ uid, receivedAt, size: source.length },
            source: source.length > self.#limit ? null : source,
          }))
          yield { uidValidity, messages }
        }
      },
      async probe(mailbox) {
        const text = self.fault ?? `«${mailbox.folder}» si legge: ${self.#messages.length} messaggi.`
        return [{ step: 'Cartella delle ricevute', ok: self.fault === null, ms: 0, text }]
      },
    }
  }

  #refuse(user: string): void {
    if (this.fault !== null) {
      throw new ProblemError(problem('MAILBOX_UNREADABLE', { mailbox: user, reason: this.fault }))
    }
  }
}
