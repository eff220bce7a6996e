import type { Instant } from '#domain/date'
import type { ListedFlow, NodeConnection } from '#domain/node-ports'
import { readingFrom } from '#domain/node-reading'
import { problem, problemText } from '#domain/problem'
import { type NewFlow, receiverOf } from '#ledger/flow-store'
import {
  type FlowRevision,
  forgetUnread,
  keptRevisions,
  listUnread,
  markNodeReading,
  noteUnread,
  readNodeReading,
  rememberNodeFlows,
  revisionKey,
  versionOf,
} from '#ledger/node-inbox'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { keepFlows, readFlowFile } from './flow-import.ts'
import type { Report } from './long-work.ts'
import { holdEnvironment } from './node-connection.ts'
import { Asking, unreadable } from './node-inbox-ask.ts'
import { NO_PEOPLE, reconcileLedger } from './reconcile-ledger.ts'

const WIDTH = 3
const BATCH = 100
const BATCH_ROWS = 20_000

export interface FlowsCame {
  listed: number
  added: number
  newVersions: number
  already: number
  unread: number
  /** IUVs of what is new. */
  readonly iuvs: string[]
}

interface Fetched {
  readonly listed: ListedFlow
  readonly flow: NewFlow | null
  /** Why it was not had; null where the node does not have it. */
  readonly reason: string | null
}

/**
 * Reporting flows published since the mark: each revision that is not here, kept as a version of its flow by the batch, in the
 * order of publication. What cannot be read is written down and asked for again by the next reading.
 * @throws ReadingStopped where the service does not answer; what was kept stays.
 */
export class FlowsReading {
  readonly came: FlowsCame = { listed: 0, added: 0, newVersions: 0, already: 0, unread: 0, iuvs: [] }
  readonly #context: ServiceContext
  readonly #to: NodeConnection
  readonly #asking: Asking

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
      mark: (await readNodeReading(db, environment, 'flows')).mark,
      pending: await listUnread(db, environment, { kind: 'flows', left: true }),
    }))
    const listed = await this.#list(readingFrom('flows', mark, now))
    this.came.listed += listed.length
    const kept = await ledger.read((db) =>
      keptRevisions(
        db,
        environment,
        listed.map((one) => one.fdr),
      ),
    )
    const left = new Set(pending.filter((one) => one.leftAt !== null).map((one) => `${one.reference}|${one.part}`))
    const again = pending.filter((one) => one.leftAt === null).map((one) => JSON.parse(one.listedJson) as ListedFlow)
    const wanted = new Map<string, ListedFlow>()
    for (const one of [...again, ...listed.flatMap(withEarlier)]) {
      const key = revisionKey(revisionOf(one))
      if (kept.has(key)) this.came.already += 1
      else if (!left.has(`${one.fdr}|${partOf(one)}`)) wanted.set(key, one)
    }
    await this.#fetch([...wanted.values()].sort(byPublication), now)
    return now
  }

  #list(publishedAfter: Instant): Promise<ListedFlow[]> {
    const { node } = this.#context
    const keyOf = (row: ListedFlow) => revisionKey(revisionOf(row))
    return this.#asking.list('Elenco dei flussi', 1, keyOf, (page, signal) =>
      node.fdr.list(this.#to, { page, publishedAfter }, signal),
    )
  }

  #fetch(wanted: readonly ListedFlow[], readUntil: Instant): Promise<void> {
    return this.#asking.fetch('Flussi dal nodo', wanted, {
      width: WIDTH,
      one: (listed) => this.#one(listed),
      isFull: (batch) =>
        batch.length >= BATCH || batch.reduce((rows, { flow }) => rows + (flow?.rows.length ?? 0), 0) >= BATCH_ROWS,
      keep: (batch, isLast) => this.#keep(batch, isLast ? readUntil : null),
    })
  }

  async #one(listed: ListedFlow): Promise<Fetched> {
    const { node, clock } = this.#context
    const answer = await this.#asking.content((signal) => node.fdr.flow(this.#to, listed, signal))
    if (answer.kind !== 'ok') {
      // Only the last revision is listed: an earlier one may be there no longer, and then it is not missed.
      const isGone = answer.kind !== 'closed' && answer.status === 404 && listed.published === null
      return { listed, flow: null, reason: isGone ? null : this.#asking.missed(answer) }
    }
    const from = { source: 'api' as const, revision: listed.revision }
    const read = await readFlowFile(`${listed.fdr}.json`, answer.value, clock.now(), from)
    if (read.flow === null) return { listed, flow: null, reason: unreadable(read.problems) }
    if (read.flow.flowId !== listed.fdr) {
      const other = problem('NODE_FLOW_OTHER', { asked: listed.fdr, found: read.flow.flowId })
      return { listed, flow: null, reason: problemText(other) }
    }
    return { listed, flow: read.flow, reason: '' }
  }

  async #keep(batch: readonly Fetched[], readUntil: Instant | null): Promise<void> {
    const context = this.#context
    const { environment } = this.#to
    const at = context.clock.now()
    const good = batch.flatMap(({ listed, flow }) => (flow === null ? [] : [{ listed, flow }]))
    const bad = batch.flatMap(({ listed, reason }) => (reason === null || reason === '' ? [] : [{ listed, reason }]))
    const gone = batch.filter((one) => one.reason === null)
    const payload = {
      environment,
      flows: good.map(({ listed }) => listed.fdr),
      ...(bad.length > 0 ? { unread: bad.length } : {}),
    }
    const outcomes = await context.ledger.write(command(context, 'nodeInbox.flows', payload), async (db) => {
      await holdEnvironment(db, environment)
      const receiver = (await receiverOf(db)) ?? ''
      const found = await keepFlows(
        db,
        good.map((one) => one.flow),
        receiver,
        at,
      )
      const rows = []
      for (const { listed, flow } of good) {
        const { published } = listed
        rows.push({ ...revisionOf(listed), published, versionId: await versionOf(db, flow) })
      }
      for (const { listed } of gone) rows.push({ ...revisionOf(listed), published: null, versionId: null })
      await rememberNodeFlows(db, environment, rows, at)
      await forgetUnread(
        db,
        environment,
        'flows',
        good.map(({ listed }) => ({ reference: listed.fdr, part: partOf(listed) })),
      )
      const told = bad.map(({ listed, reason }) => ({
        ...{ reference: listed.fdr, part: partOf(listed), listedJson: JSON.stringify(listed), reason },
      }))
      await noteUnread(db, environment, 'flows', told, at)
      if (readUntil !== null) await markNodeReading(db, environment, 'flows', { mark: readUntil, triedAt: at })
      if (found.some((one) => one !== 'already')) await reconcileLedger(db, at, NO_PEOPLE)
      return found
    })
    const { came } = this
    const count = (...of: readonly string[]) => outcomes.filter((one) => of.includes(one)).length
    came.added += count('added', 'otherReceiver')
    came.newVersions += count('newVersion')
    came.already += count('already')
    came.unread += bad.length
    for (const [i, { flow }] of good.entries()) {
      if (outcomes[i] === 'added' || outcomes[i] === 'newVersion') came.iuvs.push(...flow.rows.map((row) => row.iuv))
    }
  }
}

/** The list names the last revision alone; the earlier ones can be had too. */
function withEarlier(last: ListedFlow): ListedFlow[] {
  const earlier = Array.from({ length: Math.min(last.revision - 1, 50) }, (_, i) => ({
    ...{ ...last, revision: i + 1, flowDate: null, published: null },
  }))
  return [...earlier, last]
}

function revisionOf({ fdr, pspId, revision }: ListedFlow): FlowRevision {
  return { flowId: fdr, pspCode: pspId, revision }
}

function partOf({ pspId, revision }: ListedFlow): string {
  return `${pspId}|${revision}`
}

/** Of one flow the earlier revision first. */
function byPublication(a: ListedFlow, b: ListedFlow): number {
  if (a.fdr === b.fdr) return a.revision - b.revision
  const [first, second] = [a.published ?? '', b.published ?? '']
  if (first !== second) return first < second ? -1 : 1
  return a.fdr < b.fdr ? -1 : 1
}
