import { epochMsOf, type Instant, instantOf } from '#domain/date'
import type { NodeEnvironment } from '#domain/node-ports'
import { lostBefore, NODE_READING_KINDS, type NodeReadingKind } from '#domain/node-reading'
import { type Problem, ProblemError, problem, problemText } from '#domain/problem'
import { NODE_READING_WORDS } from '#domain/vocabulary'
import { readInstitution } from '#ledger/institution'
import type { Ledger } from '#ledger/ledger'
import { readNodeSettings } from '#ledger/node-connection'
import { heldPositionsOf, isNodeInUse, markNodeReading, readNodeReading } from '#ledger/node-inbox'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { cancelledAfter, type Report } from './long-work.ts'
import { type Looker, lookAgain } from './look-again.ts'
import { needNode } from './node-connection.ts'
import { refreshOnNode } from './node-follow.ts'
import { ReadingStopped } from './node-inbox-ask.ts'
import { type FlowsCame, FlowsReading } from './node-inbox-flows.ts'
import { type ReceiptsCame, ReceiptsReading } from './node-inbox-receipts.ts'
import { lacksOf } from './node-settings.ts'
import { reconcileLedger } from './reconcile-ledger.ts'
import { hasUnjudged, raiseSpontaneous } from './spontaneous-raise.ts'

/** How often it is looked whether a reading is due. */
const LOOK_MS = 60_000
/** A reading without news is written down at most this often: each write makes every page read again. */
const MARK_MS = 60 * 60_000

/** Of more, the node is asked how all of them stand: its lists are far fewer calls. */
const ASKED_ONE_BY_ONE = 200

const PRODUCTS = { receipts: 'gpd', flows: 'fdr' } as const

const NO_RECEIPTS: ReceiptsCame = { listed: 0, added: 0, already: 0, unread: 0, raised: 0, toAssign: 0, iuvs: [] }
const NO_FLOWS: FlowsCame = { listed: 0, added: 0, newVersions: 0, already: 0, unread: 0, iuvs: [] }

export interface Came {
  readonly receipts: ReceiptsCame
  readonly flows: FlowsCame
  /** Why a kind was not read to its end. */
  readonly problems: readonly Problem[]
}

/** What this program knows of its readings beyond what is written down. */
interface Known {
  /** One at a time: the second begins where the first ended. */
  running: Promise<unknown>
  readonly underWay: Set<NodeReadingKind>
  /** By `lastOf`: what one environment answered says nothing of another. */
  readonly last: Map<string, { readonly at: Instant; readonly error: string | null }>
  nextAt: Instant | null
}

const known = new WeakMap<Ledger, Known>()

export function lastOf(environment: NodeEnvironment, kind: NodeReadingKind): string {
  return `${environment} ${kind}`
}

export function knownReadings(ledger: Ledger): Known {
  const found = known.get(ledger) ?? { running: Promise.resolve(), underWay: new Set(), last: new Map(), nextAt: null }
  known.set(ledger, found)
  return found
}

/**
 * Reads receipts and reporting flows of the present environment from the node. What came is kept whatever happens after; a kind that
 * cannot be read does not keep the other from it.
 * @throws ProblemError where nothing can be asked at all, or when cancelled.
 */
export async function receiveFromNode(
  context: ServiceContext,
  kinds: readonly NodeReadingKind[],
  report: Report = () => {},
  signal?: AbortSignal,
): Promise<Came> {
  const state = knownReadings(context.ledger)
  const work = state.running.then(() => receive(context, kinds, report, signal))
  state.running = work.catch(() => undefined)
  return work
}

async function receive(
  context: ServiceContext,
  kinds: readonly NodeReadingKind[],
  report: Report,
  signal: AbortSignal | undefined,
): Promise<Came> {
  const state = knownReadings(context.ledger)
  const to = await needNode(context)
  const problems: Problem[] = []
  let receipts = NO_RECEIPTS
  let flows = NO_FLOWS
  for (const kind of kinds) {
    const lacking = await lackOf(context, kind)
    if (lacking !== null) {
      if (kinds.length === 1) throw lacking
      problems.push(...lacking.problems)
      continue
    }
    state.underWay.add(kind)
    try {
      await noteLost(context, to.environment, kind)
      if (kind === 'receipts') {
        const reading = new ReceiptsReading(context, to, report, signal)
        receipts = reading.came
        const until = await reading.run()
        await lookAtOld(context, receipts)
        await close(context, to.environment, kind, until, receipts.added + receipts.unread > 0)
      } else {
        const reading = new FlowsReading(context, to, report, signal)
        flows = reading.came
        const until = await reading.run()
        await close(context, to.environment, kind, until, flows.added + flows.newVersions + flows.unread > 0)
      }
    } catch (error) {
      if (!(error instanceof ReadingStopped)) throw error
      await noteFailure(context, to.environment, kind, error.message)
      problems.push(problem('NODE_READING_STOPPED', { what: NODE_READING_WORDS[kind], reason: error.message }))
    } finally {
      state.underWay.delete(kind)
    }
  }
  await askHowTheyStand(context, [...receipts.iuvs, ...flows.iuvs], report)
  return { receipts, flows, problems }
}

/** Why a kind cannot be asked for at all: its service is off, or has no key here. */
async function lackOf(context: ServiceContext, kind: NodeReadingKind): Promise<ProblemError | null> {
  try {
    await needNode(context, PRODUCTS[kind])
    return null
  } catch (error) {
    if (error instanceof ProblemError) return error
    throw error
  }
}

/** What was paid or reported stands otherwise on the node by now: the node says how. What it does not say now, it says another time. */
async function askHowTheyStand(context: ServiceContext, iuvs: readonly string[], report: Report): Promise<void> {
  const ids = await context.ledger.read((db) => heldPositionsOf(db, iuvs))
  if (ids.length === 0) return
  try {
    await refreshOnNode(context, ids.length > ASKED_ONE_BY_ONE ? null : ids, report)
  } catch (error) {
    if (!(error instanceof ProblemError) || cancelledAfter(error) !== null) throw error
    context.log.warn('positions not asked after', { reason: error.problems.map(problemText).join(' ') })
  }
}

/** Receipts that were here before it was known that they have no position, and those that waited for a type that is there now. */
async function lookAtOld(context: ServiceContext, came: ReceiptsCame): Promise<void> {
  const { ledger, operator } = context
  const at = context.clock.now()
  if (!(await ledger.read((db) => hasUnjudged(db, at)))) return
  await ledger.write(command(context, 'spontaneous.raise', {}), async (db) => {
    const done = await raiseSpontaneous(db, null, { at, operator })
    came.raised += done.raised
    came.toAssign += done.toAssign
    if (done.raised > 0) await reconcileLedger(db, at, { people: done.people })
  })
}

/** Days out of reach are written down before the mark moves past them, and told until a person has dealt with them. */
async function noteLost(context: ServiceContext, environment: NodeEnvironment, kind: NodeReadingKind): Promise<void> {
  const before = await context.ledger.read((db) => readNodeReading(db, environment, kind))
  const lost = lostBefore(kind, before.mark, context.clock.now())
  if (lost === null) return
  const from = before.lostFrom !== null && before.lostFrom < lost.from ? before.lostFrom : lost.from
  await context.ledger.write(command(context, 'nodeInbox.lost', { environment, kind }), (db) =>
    markNodeReading(db, environment, kind, { lostFrom: from, lostUntil: lost.until }),
  )
}

/** The reading came to its end. */
async function close(
  context: ServiceContext,
  environment: NodeEnvironment,
  kind: NodeReadingKind,
  until: Instant,
  news: boolean,
): Promise<void> {
  const now = context.clock.now()
  knownReadings(context.ledger).last.set(lastOf(environment, kind), { at: now, error: null })
  const before = await context.ledger.read((db) => readNodeReading(db, environment, kind))
  const recent = before.wholeAt !== null && epochMsOf(now) - epochMsOf(before.wholeAt) < MARK_MS
  if (recent && !news && before.error === null) return
  await context.ledger.write(command(context, 'nodeInbox.read', { environment, kind }), (db) =>
    markNodeReading(db, environment, kind, {
      ...{ mark: until, wholeAt: now, triedAt: now, error: null },
    }),
  )
}

async function noteFailure(
  context: ServiceContext,
  environment: NodeEnvironment,
  kind: NodeReadingKind,
  error: string,
): Promise<void> {
  const at = context.clock.now()
  knownReadings(context.ledger).last.set(lastOf(environment, kind), { at, error })
  context.log.warn('node not read', { environment, kind, error })
  const before = await context.ledger.read((db) => readNodeReading(db, environment, kind))
  if (before.error === error) return
  await context.ledger.write(command(context, 'nodeInbox.readFailed', { environment, kind }), (db) =>
    markNodeReading(db, environment, kind, { triedAt: at, error }),
  )
}

/**
 * Reads at the start of the program and then as often as the settings say, for as long as it runs. In the rehearsal only where
 * something was published or read before: a program that never met the node does not open one.
 */
export function openNodeReceiver(context: ServiceContext): Looker {
  const state = knownReadings(context.ledger)
  let environment: NodeEnvironment | null = null
  return lookAgain(
    LOOK_MS,
    async (signal) => {
      const plan = await planOf(context)
      const now = context.clock.epochMs()
      if (plan === null || signal.aborted) {
        state.nextAt = null
        return
      }
      // Of another environment nothing was read yet; a time made shorter meanwhile is sooner.
      if (plan.environment !== environment) state.nextAt = null
      environment = plan.environment
      const next = state.nextAt === null ? now : Math.min(epochMsOf(state.nextAt), now + plan.everyMs)
      state.nextAt = instantOf(now < next ? next : now + plan.everyMs)
      if (now >= next) await receiveFromNode(context, plan.kinds, undefined, signal)
    },
    (error, signal) => {
      if (signal.aborted || cancelledAfter(error) !== null) return
      const reason = error instanceof ProblemError ? error.problems.map(problemText).join(' ') : undefined
      context.log.warn('node not read', reason === undefined ? { error } : { reason })
    },
  )
}

/** What is read by itself, how often; null where nothing is. */
async function planOf(context: ServiceContext): Promise<{
  readonly environment: NodeEnvironment
  readonly kinds: readonly NodeReadingKind[]
  readonly everyMs: number
} | null> {
  const { ledger } = context
  const found = await ledger.read(async (db) => {
    const institution = await readInstitution(db)
    if (institution === null) return null
    const { environment } = institution
    return { environment, settings: await readNodeSettings(db, environment), used: await isNodeInUse(db, environment) }
  })
  if (found === null || found.settings.receiveEveryMinutes === 0) return null
  if (found.environment === 'rehearsal' && !found.used) return null
  const { products } = found.settings
  const kinds: NodeReadingKind[] = []
  for (const kind of NODE_READING_KINDS) {
    const product = PRODUCTS[kind]
    if (!products[product]) continue
    if ((await lacksOf(context, found.environment, { ...NONE, [product]: true })).length === 0) kinds.push(kind)
  }
  if (kinds.length === 0) return null
  return { environment: found.environment, kinds, everyMs: found.settings.receiveEveryMinutes * 60_000 }
}

const NONE = { gpd: false, fdr: false, checkout: false, backoffice: false }
