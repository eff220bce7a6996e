import type { Id } from '#domain/brand'
import { addDays, type IsoDate } from '#domain/date'
import type { GpdApi, HeldPosition } from '#domain/gpd'
import type { Cents } from '#domain/money'
import type { NodeAnswer, NodeConnection, NodeFault } from '#domain/node-ports'
import { readInstitution } from '#ledger/institution'
import {
  type Asked,
  adoptOnNode,
  dropStrangers,
  findVersionsByIupd,
  keepStrangers,
  listStrangers,
  readAsked,
  readNodeRowsByIupd,
} from '#ledger/node-follow'
import { heldJsonOf } from '#ledger/node-position'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import type { Report } from './long-work.ts'
import { needNode } from './node-connection.ts'
import { ask, severalAtOnce } from './node-inbox-ask.ts'
import { type Said, storeSaid } from './node-said.ts'

/** What stands on the node is written in batches: pages read again at each. */
const BATCH = 400
/** Questions under way at the same time. */
const AT_ONCE = 4
/** Fewer than this are asked one by one: a list would answer with everybody else's, too. */
const LISTED_FROM = 8
/** What the list answers for at most (pagopa.md §7.1), both ends counted. */
const WINDOW_DAYS = 30

export interface Refreshed {
  readonly asked: number
  readonly changed: number
  readonly diverged: number
  /** Why no other could be asked. */
  readonly stopped: string | null
  readonly leftOut: { readonly reason: string; readonly count: number }[]
  /** IUVs that the node says are paid and of which no payment is known here. */
  readonly paidThere: readonly string[]
}

/**
 * Asks the node how positions stand and writes it down: these, or all that can still move there. Those that the list of the node gives
 * are not asked one by one. Cancelled or stopped, what was answered stays.
 */
export async function refreshOnNode(
  context: ServiceContext,
  ids: readonly Id<'debtPosition'>[] | null,
  report: Report,
): Promise<Refreshed> {
  const to = await needNode(context, 'gpd')
  const { environment } = to
  const { all, wanted } = await context.ledger.read(async (db) => {
    const rows = await readAsked(db, environment, ids)
    return { all: rows, wanted: rows.filter((row) => !row.busy) }
  })
  const known = new Set(all.map((row) => row.debtPositionId))
  const never = ids === null ? 0 : new Set(ids.filter((id) => !known.has(id))).size
  const work = new Following(context, to, wanted, report)
  report(STEP, 0, wanted.length)
  try {
    await work.run(ids === null)
  } finally {
    await work.flush()
  }
  return {
    ...{ asked: work.asked, changed: work.changed, diverged: work.diverged, stopped: work.stopped },
    leftOut: [
      { reason: 'mai mandate al nodo', count: never },
      { reason: 'in partenza adesso', count: all.length - wanted.length },
    ].filter(({ count }) => count > 0),
    paidThere: [...work.paidThere],
  }
}

const STEP = 'Chiedo al nodo'

class Following {
  asked = 0
  changed = 0
  diverged = 0
  stopped: string | null = null
  readonly paidThere = new Set<string>()
  readonly #context: ServiceContext
  readonly #to: NodeConnection
  readonly #wanted: readonly Asked[]
  readonly #mine: ReadonlyMap<string, Asked>
  readonly #report: Report
  readonly #said: Said[] = []
  readonly #abort = new AbortController()
  #answered = new Set<string>()
  #writing: Promise<void> = Promise.resolve()

  constructor(context: ServiceContext, to: NodeConnection, wanted: readonly Asked[], report: Report) {
    this.#context = context
    this.#to = to
    this.#wanted = wanted
    this.#mine = new Map(wanted.map((row) => [row.iupd, row]))
    this.#report = report
  }

  async run(everything: boolean): Promise<void> {
    if (everything && this.#wanted.length >= LISTED_FROM) await this.#byList()
    const rest = this.#wanted.filter((row) => !this.#answered.has(row.iupd))
    const read = (row: Asked) => this.#ask((signal) => this.#context.node.gpd.read(this.#to, row.api, row.iupd, signal))
    for await (const [row, answer] of paired(rest, read)) {
      if (answer.kind === 'ok') await this.#hear({ iupd: row.iupd, held: answer.value })
      // Refused to answer about one: nothing is known of it, and the others may be asked.
      else if (answer.kind !== 'refused') return this.#stop(answer)
    }
  }

  /** Windows of thirty days over the due dates that we know, page after page. */
  async #byList(): Promise<void> {
    const strangers = new Map<string, HeldPosition>()
    for (const api of ['v1', 'v3'] as const) {
      const dues = this.#wanted.flatMap((row) => (row.api === api ? row.dues : [])).sort()
      for (const window of windowsOver(dues)) {
        await this.#window(api, window, strangers)
        if (this.stopped !== null) return
      }
    }
    await this.#keepStrangers(strangers)
  }

  /** What of it cannot be read is asked one by one, as is what it shows in part: an instalment due in these days, not the others. */
  async #window(
    api: GpdApi,
    due: { readonly from: IsoDate; readonly to: IsoDate },
    strangers: Map<string, HeldPosition>,
  ): Promise<void> {
    const page = (number: number) => this.#ask(() => this.#context.node.gpd.list(this.#to, { api, page: number, due }))
    const take = async (rows: readonly HeldPosition[]) => {
      for (const held of rows) {
        const own = this.#mine.get(held.iupd)
        if (own === undefined) strangers.set(held.iupd, held)
        else if (own.api === held.api && held.payments.length >= own.payments) {
          await this.#hear({ iupd: held.iupd, held })
        }
      }
    }
    const first = await page(0)
    if (first.kind !== 'ok') {
      if (first.kind === 'closed') this.#stop(first)
      return
    }
    await take(first.value.rows)
    const others = Array.from({ length: Math.max(0, first.value.pages - 1) }, (_, n) => n + 1)
    for await (const [, answer] of paired(others, page)) {
      if (answer.kind === 'ok') await take(answer.value.rows)
      else if (answer.kind === 'closed') return this.#stop(answer)
    }
  }

  #ask<T>(question: (signal: AbortSignal | undefined) => Promise<NodeAnswer<T>>): Promise<NodeAnswer<T>> {
    return ask(question, this.#abort.signal)
  }

  /** Throws where the person has stopped it; what is under way ends at once. */
  #beat(): void {
    try {
      this.#report(STEP, this.asked, this.#wanted.length)
    } catch (error) {
      this.#abort.abort()
      throw error
    }
  }

  #stop(fault: NodeFault): void {
    this.stopped ??= fault.reason
  }

  async #hear(said: Said): Promise<void> {
    if (this.#answered.has(said.iupd)) return
    this.#answered.add(said.iupd)
    this.#said.push(said)
    this.asked += 1
    this.#beat()
    if (this.#said.length >= BATCH) await this.flush()
  }

  /** What was heard goes into the ledger, one batch after the other. */
  async flush(): Promise<void> {
    const batch = this.#said.splice(0)
    this.#writing = this.#writing.then(() => (batch.length === 0 ? undefined : this.#write(batch)))
    await this.#writing
  }

  async #write(batch: readonly Said[]): Promise<void> {
    const { ledger } = this.#context
    const write = command(this.#context, 'nodePosition.refresh', { positions: batch.length })
    const told = await ledger.write(write, (db) => storeSaid(db, this.#context, this.#to.environment, batch))
    this.changed += told.changed
    this.diverged += told.diverged
    for (const iuv of told.paidThere) this.paidThere.add(iuv)
  }

  /** Those known before that no list has shown are asked about; answers the ones that the node has no longer. */
  async #lookAfterStrangers(found: Map<string, HeldPosition>): Promise<string[]> {
    const before = await this.#context.ledger.read((db) => listStrangers(db, this.#to.environment))
    const gone = before.filter(({ iupd }) => found.get(iupd)?.status === 'INVALID').map(({ iupd }) => iupd)
    const unseen = before.filter(({ iupd }) => !found.has(iupd))
    const read = (row: (typeof before)[number]) =>
      this.#ask((signal) => this.#context.node.gpd.read(this.#to, row.api, row.iupd, signal))
    for await (const [{ iupd }, answer] of paired(unseen, read)) {
      if (answer.kind !== 'ok') continue
      if (answer.value === null || answer.value.status === 'INVALID') gone.push(iupd)
      else found.set(iupd, answer.value)
    }
    return gone
  }

  /** Held for us and no row of ours: forgotten by an older copy of this archive, or no position here at all. */
  async #keepStrangers(found: Map<string, HeldPosition>): Promise<void> {
    const { ledger, clock } = this.#context
    const { environment } = this.#to
    const gone = await this.#lookAfterStrangers(found)
    const iupds = [...found.keys()]
    const { known, rows, before, code } = await ledger.read(async (db) => ({
      known: await findVersionsByIupd(db, iupds),
      rows: await readNodeRowsByIupd(db, environment, iupds),
      before: new Map((await listStrangers(db, environment)).map((row) => [row.iupd, row.state])),
      code: (await readInstitution(db))?.segregationCode ?? null,
    }))
    const adopted = iupds.filter((iupd) => known.has(iupd) && !rows.has(iupd))
    // The list may have shown a part of it.
    const whole = (iupd: string) =>
      this.#ask((signal) => this.#context.node.gpd.read(this.#to, found.get(iupd)?.api ?? 'v1', iupd, signal))
    for await (const [iupd, answer] of paired(adopted, whole)) {
      if (answer.kind === 'ok' && answer.value !== null) found.set(iupd, answer.value)
    }
    const strangers = [...found.values()].filter(
      ({ iupd, payments, status }) =>
        !known.has(iupd) && status !== 'INVALID' && payments.some(({ nav }) => nav?.startsWith(`3${code}`)),
    )
    const fresh = strangers.filter((one) => before.get(one.iupd) !== one.status)
    if (adopted.length + fresh.length + gone.length === 0) return
    const at = clock.now()
    const write = command(this.#context, 'nodePosition.found', { positions: adopted.length, rows: fresh.length })
    const told = await ledger.write(write, async (db) => {
      await keepStrangers(
        db,
        fresh.map(({ iupd, api, status, payments }) => ({
          ...{ environment, iupd, api, state: status, seenAt: at },
          cents: Math.max(0, ...payments.map((one) => one.cents)) as Cents,
          heldJson: heldJsonOf(payments),
        })),
      )
      await dropStrangers(db, environment, gone)
      await adoptOnNode(
        db,
        environment,
        adopted.flatMap((iupd) => {
          const of = known.get(iupd)
          const api = found.get(iupd)?.api
          return of === undefined || api === undefined ? [] : [{ iupd, debtPositionId: of.debtPositionId, api }]
        }),
      )
      const said = adopted.map((iupd) => ({ iupd, held: found.get(iupd) ?? null }))
      return storeSaid(db, this.#context, environment, said)
    })
    this.asked += adopted.length
    this.changed += told.changed
    this.diverged += told.diverged + fresh.length
  }
}

/** The days to be listed, thirty at a time, without the stretches in which nothing of ours falls due. */
function windowsOver(dues: readonly IsoDate[]): { readonly from: IsoDate; readonly to: IsoDate }[] {
  const windows: { from: IsoDate; to: IsoDate }[] = []
  for (const due of dues) {
    const last = windows.at(-1)
    // A day before and after: the node counts days in UTC.
    if (last === undefined || addDays(due, 1) > last.to) {
      windows.push({ from: addDays(due, -1), to: addDays(due, WINDOW_DAYS - 2) })
    }
  }
  return windows
}

/** Each item with its answer, in order, a few asked at the same time. */
async function* paired<T, R>(items: readonly T[], work: (item: T) => Promise<R>): AsyncGenerator<readonly [T, R]> {
  let n = 0
  for await (const answer of severalAtOnce(items, AT_ONCE, work)) {
    yield [items[n] as T, answer] as const
    n += 1
  }
}
