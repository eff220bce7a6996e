import { createHash } from 'node:crypto'
import type { Instant } from '#domain/date'
import type { ListedReceipt, NodeConnection } from '#domain/node-ports'
import { receiptWindows } from '#domain/node-reading'
import { problem, problemText } from '#domain/problem'
import { receiverOf, takeExternalIuvs } from '#ledger/flow-store'
import type { WriteHandle } from '#ledger/ledger'
import {
  forgetUnread,
  type HadReceipt,
  keptReceipts,
  listUnread,
  markNodeReading,
  noteUnread,
  readNodeReading,
  receiptIds,
  rememberNodeReceipts,
  type Unread,
} from '#ledger/node-inbox'
import { insertReceipts, type ReceiptFacts, receiptsOf } from '#ledger/receipt-store'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import type { Report } from './long-work.ts'
import { holdEnvironment } from './node-connection.ts'
import { Asking, unreadable } from './node-inbox-ask.ts'
import { factsOf, type ReadReceipt, readReceiptFile, receiptConflict } from './receipt-read.ts'
import { reconcileLedger } from './reconcile-ledger.ts'
import { raiseSpontaneous } from './spontaneous-raise.ts'

const PAGE = 100
/** XML asked for at the same time. */
const WIDTH = 4
/** Kept, and reconciled, by one write. */
const BATCH = 500

export interface ReceiptsCame {
  listed: number
  added: number
  already: number
  unread: number
  raised: number
  toAssign: number
  /** IUVs of what is new. */
  readonly iuvs: string[]
}

interface Fetched {
  readonly listed: ListedReceipt
  /** Null: not had; then `reason` says why. */
  readonly read: ReadReceipt | null
  readonly reason: string
}

/**
 * Receipts from the mark on, window by window of days: listed, the XML of each that is new, kept by the batch. What cannot be
 * read is written down and asked for again by the next reading.
 * @throws ReadingStopped where the service does not answer; what was kept stays.
 */
export class ReceiptsReading {
  readonly came: ReceiptsCame = { listed: 0, added: 0, already: 0, unread: 0, raised: 0, toAssign: 0, iuvs: [] }
  readonly #context: ServiceContext
  readonly #to: NodeConnection
  readonly #asking: Asking
  readonly #seen = new Set<string>()

  constructor(context: ServiceContext, to: NodeConnection, report: Report, signal: AbortSignal | undefined) {
    this.#context = context
    this.#to = to
    this.#asking = new Asking(report, signal)
  }

  /** Answers until when all is read. */
  async run(): Promise<Instant> {
    const { ledger, clock } = this.#context
    const { environment } = this.#to
    const now = clock.now()
    const { mark, pending } = await ledger.read(async (db) => ({
      mark: (await readNodeReading(db, environment, 'receipts')).mark,
      pending: await listUnread(db, environment, { kind: 'receipts' }),
    }))
    const again = pending.map((one) => JSON.parse(one.listedJson) as ListedReceipt)
    for (const one of again) this.#seen.add(seenKey(one))
    await this.#fetch(again, null)
    for (const { from, until, readUntil } of receiptWindows(mark, now)) {
      // The days where two windows meet are listed by both.
      const listed = (await this.#list(from, until)).filter((one) => !this.#seen.has(seenKey(one)))
      for (const one of listed) this.#seen.add(seenKey(one))
      this.came.listed += listed.length
      await this.#fetch(await this.#unknown(listed), readUntil)
    }
    return now
  }

  #list(from: string, until: string): Promise<ListedReceipt[]> {
    const { node } = this.#context
    return this.#asking.list('Elenco delle ricevute', 0, seenKey, (page, signal) =>
      node.receipts.list(this.#to, { page, size: PAGE, from, until }, signal),
    )
  }

  /** Those that are not here yet, whether they came from the node or from a file. */
  async #unknown(listed: readonly ListedReceipt[]): Promise<ListedReceipt[]> {
    const { environment } = this.#to
    const iuvs = listed.map((one) => one.iuv)
    const { kept, left } = await this.#context.ledger.read(async (db) => ({
      kept: await keptReceipts(db, environment, iuvs),
      left: new Set(
        (await listUnread(db, environment, { kind: 'receipts', left: true }))
          .filter((one) => one.leftAt !== null)
          .map((one) => `${one.reference}|${one.part}`),
      ),
    }))
    return listed.filter((one) => {
      const key = seenKey(one)
      if (left.has(key)) return false
      const here = kept.listed.has(key) || (kept.receipts.get(one.iuv) ?? []).some((had) => isSame(one, had))
      if (here) this.came.already += 1
      return !here
    })
  }

  /** @param readUntil everything paid before it is read once these are kept; null where they say nothing of that. */
  async #fetch(wanted: readonly ListedReceipt[], readUntil: Instant | null): Promise<void> {
    if (wanted.length === 0) return
    const receiver = (await this.#context.ledger.read(receiverOf)) ?? ''
    await this.#asking.fetch('Ricevute dal nodo', wanted, {
      width: WIDTH,
      one: (listed) => this.#one(listed, receiver),
      isFull: (batch) => batch.length >= BATCH,
      keep: (batch, isLast) => this.#keep(batch, isLast ? readUntil : null),
    })
  }

  async #one(listed: ListedReceipt, receiver: string): Promise<Fetched> {
    const { node, clock } = this.#context
    const answer = await this.#asking.content((signal) => node.receipts.xml(this.#to, listed.iuv, signal))
    if (answer.kind !== 'ok') return { listed, read: null, reason: this.#asking.missed(answer) }
    const bytes = answer.value
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const file = { name: `${listed.iuv}.xml`, bytes, sha256, source: 'node' as const }
    const read = await readReceiptFile(file, receiver, clock.now())
    const found = read.receipt?.receipt
    if (found === undefined) return { listed, read: null, reason: unreadable(read.problems) }
    if (found.iuv !== listed.iuv || (listed.iur !== null && found.iur !== listed.iur)) {
      const other = problem('NODE_RECEIPT_OTHER', {
        asked: listed.iur ?? listed.iuv,
        found: `${found.iuv} ${found.iur}`,
      })
      return { listed, read: null, reason: problemText(other) }
    }
    return { listed, read, reason: '' }
  }

  /** Receipts, what they raise, their traces and how far the reading got stand or fall together. */
  async #keep(batch: readonly Fetched[], readUntil: Instant | null): Promise<void> {
    const context = this.#context
    const { environment } = this.#to
    const at = context.clock.now()
    const good = batch.filter((one) => one.read !== null).length
    const payload = { environment, count: good, ...(good < batch.length ? { unread: batch.length - good } : {}) }
    const kept = await context.ledger.write(command(context, 'nodeInbox.receipts', payload), async (db) => {
      // Invented payments never enter the books of production, however long the reading took.
      await holdEnvironment(db, environment)
      const { fresh, had, unread, raised } = await keepReceipts(db, batch, at, context.operator)
      await rememberNodeReceipts(db, environment, had, at)
      await forgetUnread(
        db,
        environment,
        'receipts',
        batch
          .filter((one) => one.read !== null)
          .map(({ listed }) => ({ reference: listed.iuv, part: listedKey(listed) })),
      )
      await noteUnread(db, environment, 'receipts', unread, at)
      if (readUntil !== null) await markNodeReading(db, environment, 'receipts', { mark: readUntil, triedAt: at })
      if (fresh.length > 0) await reconcileLedger(db, at, { people: raised.people })
      return { fresh, unread: unread.length, raised }
    })
    const { came } = this
    came.added += kept.fresh.length
    came.already += good - kept.fresh.length
    came.unread += kept.unread
    came.raised += kept.raised.raised
    came.toAssign += kept.raised.toAssign
    came.iuvs.push(...kept.fresh)
  }
}

/** Under the lock: what another workstation kept meanwhile is not kept again. */
async function keepReceipts(db: WriteHandle, batch: readonly Fetched[], at: Instant, operator: string) {
  const iuvs = batch.map((one) => one.listed.iuv)
  const known = new Map<string, ReceiptFacts>((await receiptsOf(db, iuvs)).map((one) => [keyOf(one), one]))
  const unread: Unread[] = []
  const fresh: NonNullable<ReadReceipt['receipt']>[] = []
  const had: { readonly listed: ListedReceipt; readonly key: string }[] = []
  for (const { listed, read, reason } of batch) {
    const receipt = read?.receipt
    if (receipt == null) {
      unread.push(unreadOf(listed, reason))
      continue
    }
    const facts = factsOf(receipt)
    const key = keyOf(facts)
    const before = known.get(key)
    const conflict = before === undefined ? null : receiptConflict(before, facts)
    if (conflict !== null) {
      unread.push(unreadOf(listed, problemText(conflict)))
      continue
    }
    if (before === undefined) {
      fresh.push(receipt)
      known.set(key, facts)
    }
    had.push({ listed, key })
  }
  await insertReceipts(db, fresh)
  const freshIuvs = fresh.map((one) => one.receipt.iuv)
  await takeExternalIuvs(db, freshIuvs, at)
  const raised = await raiseSpontaneous(db, freshIuvs, { at, operator })
  const ids = await receiptIds(db, iuvs)
  const rows = had.map(
    ({ listed, key }): HadReceipt => ({
      iuv: listed.iuv,
      listed: listedKey(listed),
      receiptId: ids.get(key) ?? null,
    }),
  )
  return { fresh: freshIuvs, had: rows, unread, raised }
}

function unreadOf(listed: ListedReceipt, reason: string): Unread {
  return { reference: listed.iuv, part: listedKey(listed), listedJson: JSON.stringify(listed), reason }
}

/** What tells two receipts of one IUV apart, as far as the list does. */
function listedKey({ iur, paidAt }: ListedReceipt): string {
  return iur ?? paidAt ?? ''
}

function seenKey(listed: ListedReceipt): string {
  return `${listed.iuv}|${listedKey(listed)}`
}

function keyOf({ iuv, iur }: { readonly iuv: string; readonly iur: string }): string {
  return `${iuv}|${iur}`
}

/** The list may tell the day alone. */
function isSame(listed: ListedReceipt, had: { readonly iur: string; readonly paidAt: string }): boolean {
  if (listed.iur !== null) return listed.iur === had.iur
  return listed.paidAt === null || listed.paidAt.slice(0, 10) === had.paidAt.slice(0, 10)
}
