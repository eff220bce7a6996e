import type { Id } from '#domain/brand'
import { epochMsOf, type Instant, instantOf } from '#domain/date'
import type { Mailbox } from '#domain/ports'
import { ProblemError, problem, problemText } from '#domain/problem'
import { listMailAccounts, type MailAccountRow, markReceiptsRead } from '#ledger/mail-account'
import {
  accountsAwaiting,
  findByMessageIds,
  firstAttemptAt,
  hasUnsettled,
  insertReceipt,
  type NewReceipt,
  type ReferencedDelivery,
  settleDeliveries,
} from '#ledger/mail-receipt'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { pause, type Report } from './long-work.ts'
import { secretName } from './mail-secret.ts'
import { ProblemList } from './problem-list.ts'
import { type Recognised, receiptOf, recognise } from './receipt-recognise.ts'

/** Between two readings of a mailbox from which something is still expected. */
const EVERY_MS = 5 * 60_000
/** A PEC provider answers within 24 hours (RT §6.3.7), late servers bounce within five days: afterwards only on demand. */
const AWAIT_PEC_MS = 15 * 86_400_000
const AWAIT_EMAIL_MS = 7 * 86_400_000
/** A reading that found nothing is written down at most this often: each write is a row of the journal. */
const MARK_MS = 60 * 60_000
/** Receipts in one write: a complete one carries the whole message, and nobody else writes meanwhile. */
const WRITE = 8

export interface ReceiptsRead {
  /** New messages in the mailbox. */
  read: number
  /** Receipts and bounces of ours, kept as evidence. */
  tied: number
  /** Receipts and bounces of messages that this program did not send. */
  unknown: number
  readonly problems: ProblemList
}

/** One reading at a time of each mailbox in this program: the second begins where the first ended. */
const underWay = new Map<string, Promise<unknown>>()

/**
 * Reads an account's mailbox from where it was left: what speaks of our deliveries is kept whole and moves them
 * (DOMAIN.md §3). Reading the same message again changes nothing.
 */
export async function readReceipts(
  context: ServiceContext,
  id: Id<'mailAccount'>,
  report: Report = () => {},
  options: { readonly signal?: AbortSignal; readonly quiet?: boolean } = {},
): Promise<ReceiptsRead> {
  const key = `${JSON.stringify(context.ledger.target)} ${id}`
  const before = underWay.get(key) ?? Promise.resolve()
  const work = before.then(() => readOne(context, id, report, options))
  const settled = work.catch(() => undefined)
  underWay.set(key, settled)
  try {
    return await work
  } finally {
    if (underWay.get(key) === settled) underWay.delete(key)
  }
}

async function readOne(
  context: ServiceContext,
  id: Id<'mailAccount'>,
  report: Report,
  options: { readonly signal?: AbortSignal; readonly quiet?: boolean },
): Promise<ReceiptsRead> {
  // Read again: the reading before this one moved the mark.
  const account = (await context.ledger.read(listMailAccounts)).find((row) => row.id === id)
  if (account === undefined) throw new ProblemError(problem('MAIL_ACCOUNT_GONE', {}))
  const mailbox = await mailboxOf(context, account)
  if (mailbox === null) throw new ProblemError(problem('MAILBOX_ABSENT', { name: account.name }))
  report('Leggo la casella', 0)
  await settle(context)
  const reading = new Reading(context, account, report)
  try {
    await reading.run(mailbox, options.signal)
    await reading.close(options.quiet ?? false)
    return reading.result
  } catch (error) {
    if (error instanceof ProblemError) await noteFailure(context, account, error)
    throw error
  }
}

class Reading {
  readonly result: ReceiptsRead = { read: 0, tied: 0, unknown: 0, problems: new ProblemList() }
  readonly #context: ServiceContext
  readonly #account: MailAccountRow
  readonly #report: Report
  #mark: { receiptsUidValidity: string; receiptsUid: number } | null = null

  constructor(context: ServiceContext, account: MailAccountRow, report: Report) {
    this.#context = context
    this.#account = account
    this.#report = report
  }

  async run(mailbox: Mailbox, signal: AbortSignal | undefined): Promise<void> {
    const { receiptsUidValidity: uidValidity, receiptsUid: uid, id } = this.#account
    const since = uidValidity === null || uid === null ? null : { uidValidity, uid }
    const now = this.#context.clock.now()
    // Nothing can speak of a message that left later: a mailbox of years is not read whole.
    const from = (await this.#context.ledger.read((db) => firstAttemptAt(db, id))) ?? now
    for await (const batch of this.#context.mailbox.read(mailbox, since, signal, from)) {
      const found: Recognised[] = []
      for (const message of batch.messages) {
        this.result.read += 1
        if (message.source === null) {
          this.result.problems.add(problem('MAILBOX_MESSAGE_LARGE', { bytes: message.size }, { severity: 'warning' }))
        }
        const recognised = await recognise(message)
        if (recognised !== null) found.push(recognised)
        this.#report('Leggo la casella', this.result.read)
        await pause()
      }
      const known = since?.uidValidity === batch.uidValidity ? since.uid : 0
      const last = batch.messages.at(-1)?.uid ?? this.#mark?.receiptsUid ?? known
      this.#mark = { receiptsUidValidity: batch.uidValidity, receiptsUid: last }
      await this.#keep(found, batch.uidValidity)
    }
  }

  async #keep(found: readonly Recognised[], uidValidity: string): Promise<void> {
    const ids = found.flatMap((one) => (one.messageId === null ? [] : [one.messageId]))
    const deliveries = await this.#context.ledger.read((db) => findByMessageIds(db, ids))
    const ours: [Recognised, ReferencedDelivery][] = []
    for (const one of found) {
      const delivery = one.messageId === null ? undefined : deliveries.get(one.messageId)
      if (delivery === undefined) this.result.unknown += 1
      else ours.push([one, delivery])
    }
    for (let at = 0; at < ours.length; at += WRITE) {
      const receipts = ours
        .slice(at, at + WRITE)
        .map(([one, delivery]) => receiptOf(one, delivery, this.#account, uidValidity))
      await this.#write(receipts, at + WRITE >= ours.length)
      await pause()
    }
  }

  /** Receipts, the moves they make and, with the last, how far the mailbox was read stand or fall together. */
  async #write(receipts: readonly NewReceipt[], last: boolean): Promise<void> {
    const { clock, ledger } = this.#context
    const payload = { id: this.#account.id, receipts: receipts.length }
    this.result.tied += await ledger.write(command(this.#context, 'mailAccount.readReceipts', payload), async (db) => {
      let kept = 0
      for (const receipt of receipts) if (await insertReceipt(db, receipt)) kept += 1
      const touched = [...new Set(receipts.map((receipt) => receipt.deliveryId))]
      await settleDeliveries(db, clock.now(), touched)
      if (last) await markReceiptsRead(db, this.#account.id, this.#mark ?? {})
      return kept
    })
  }

  /** Writes down that the mailbox was read to its end. `quiet` spares the journal a row for a reading without news. */
  async close(quiet: boolean): Promise<void> {
    const { receiptsReadAt, receiptsError, id } = this.#account
    const now = this.#context.clock.now()
    const recent = receiptsReadAt !== null && epochMsOf(now) - epochMsOf(receiptsReadAt) < MARK_MS
    if (quiet && recent && receiptsError === null && this.result.read === 0) return
    await this.#context.ledger.write(command(this.#context, 'mailAccount.receiptsRead', { id }), (db) =>
      markReceiptsRead(db, id, { ...(this.#mark ?? {}), receiptsReadAt: now, receiptsError: null }),
    )
  }
}

async function settle(context: ServiceContext): Promise<void> {
  if (!(await context.ledger.read(hasUnsettled))) return
  await context.ledger.write(command(context, 'delivery.settle', {}), (db) => settleDeliveries(db, context.clock.now()))
}

async function noteFailure(context: ServiceContext, account: MailAccountRow, error: ProblemError): Promise<void> {
  if (error.problems.some((one) => one.code === 'CANCELLED')) return
  const text = error.problems.map(problemText).join(' ')
  if (text === account.receiptsError) return
  await context.ledger.write(command(context, 'mailAccount.receiptsFailed', { id: account.id }), (db) =>
    markReceiptsRead(db, account.id, { receiptsError: text }),
  )
}

/** The account's mailbox as the gateway wants it, null where none is written. The password is that of sending. */
export async function mailboxOf(context: ServiceContext, account: MailAccountRow): Promise<Mailbox | null> {
  if (account.imap === null) return null
  return { ...account.imap, password: await context.secrets.get(secretName(account.id)) }
}

export interface ReceiptReader {
  /** Reads now whatever is expected, also when nothing is due. */
  look(): Promise<void>
  close(): Promise<void>
}

/** Reads the mailboxes when the program starts, then every five minutes while something is expected. */
export function openReceiptReader(context: ServiceContext): ReceiptReader {
  const stop = new AbortController()
  let running: Promise<void> = Promise.resolve()
  const look = (every: boolean): Promise<void> => {
    running = running.then(() => readAll(context, stop.signal, every))
    return running
  }
  const timer = setInterval(() => void look(false), EVERY_MS)
  timer.unref()
  void look(true)
  return {
    look: () => look(true),
    async close() {
      clearInterval(timer)
      stop.abort()
      await running
    },
  }
}

async function readAll(context: ServiceContext, signal: AbortSignal, every: boolean): Promise<void> {
  try {
    if (signal.aborted) return
    await settle(context)
    const accounts = (await context.ledger.read(listMailAccounts)).filter((account) => account.imap !== null)
    if (accounts.length === 0) return
    const since = (ms: number): Instant => instantOf(context.clock.epochMs() - ms)
    const awaited = { pec: since(AWAIT_PEC_MS), email: since(AWAIT_EMAIL_MS) }
    const expecting = await context.ledger.read((db) => accountsAwaiting(db, awaited))
    for (const { id } of accounts) {
      if (signal.aborted) return
      if (!every && !expecting.has(id)) continue
      await readReceipts(context, id, () => {}, { signal, quiet: true }).catch((error: unknown) => {
        if (signal.aborted) return
        const fields = error instanceof ProblemError ? { reason: error.problems.map(problemText).join(' ') } : { error }
        context.log.warn('mailbox not read', { account: id, ...fields })
      })
    }
  } catch (error) {
    if (!signal.aborted) context.log.error('receipts not read', { error })
  }
}
