import type { Id } from '#domain/brand'
import { epochMsOf, type Instant, instantOf } from '#domain/date'
import { remainingSeconds } from '#domain/pacing'
import { ProblemError, problem } from '#domain/problem'
import { type CampaignRow, type CampaignWay, readCampaign, readWays } from '#ledger/campaign'
import { type CampaignCount, countByCampaign } from '#ledger/delivery-list'
import { readWaiting } from '#ledger/delivery-queue'
import type { ReadHandle } from '#ledger/ledger'
import { leftOutOf } from '#ledger/publication-message'
import type { DeliveryState } from '#ledger/schema/delivery'
import type { ServiceContext } from './context.ts'
import { Pace } from './outbox/pace.ts'
import { pacingOf } from './outbox/ways.ts'

/** A notice as a file takes about this long on ways without limits. */
const FREE_MS = 40

const ORDER = ['email', 'pec', 'io', 'server', 'folder', 'post']

/** Campaigns with their numbers, their state and how long they still take. */
export async function campaignSummaries(db: ReadHandle, rows: readonly CampaignRow[], context: ServiceContext) {
  const ids = rows.map((row) => row.id)
  const counts = await countByCampaign(db, ids)
  const ways = await readWays(db, ids)
  const leftOut = await leftOutOf(db, ids)
  const out = []
  for (const row of rows) {
    const own = ways
      .filter((way) => way.campaignId === row.id)
      .sort((a, b) => ORDER.indexOf(a.channel) - ORDER.indexOf(b.channel))
    const standing = own.map((way) => channelOut(way, counts))
    const { paces, ...state } = await stateOf(db, row, own, standing, context)
    const channels = standing.map((channel) => ({ ...channel, ...(paces.get(channel.channel) ?? NO_PACE) }))
    const { id, at, operator, description, purpose } = row
    out.push({ id, at, operator, description, purpose, channels, leftOut: leftOut.get(id) ?? [], ...state })
  }
  return out
}

export async function campaignSummary(db: ReadHandle, id: Id<'campaign'>, context: ServiceContext) {
  const row = await readCampaign(db, id)
  if (row === null) throw new ProblemError(problem('CAMPAIGN_GONE', {}))
  const [summary] = await campaignSummaries(db, [row], context)
  return summary as NonNullable<typeof summary>
}

function channelOut({ campaignId, channel, place, stoppedReason }: CampaignWay, counts: readonly CampaignCount[]) {
  const of = (...states: DeliveryState[]) =>
    counts
      .filter((c) => c.campaignId === campaignId && c.channel === channel && states.includes(c.state))
      .reduce((n, c) => n + c.count, 0)
  const parts = {
    done: of('sent', 'accepted', 'delivered'),
    failed: of('failed'),
    uncertain: of('uncertain'),
    waiting: of('queued', 'sending', 'deferred'),
    cancelled: of('cancelled'),
    suppressed: of('suppressed'),
  }
  const stopped = stoppedReason !== null
  return { channel, place, total: Object.values(parts).reduce((a, b) => a + b, 0), ...parts, stopped }
}

/** How one way goes: the most its account sends a minute, when its next one leaves, how long the rest takes. */
interface WayPace {
  readonly perMinute: number | null
  readonly nextAt: Instant | null
  readonly remainingSeconds: number | null
}

const NO_PACE: WayPace = { perMinute: null, nextAt: null, remainingSeconds: null }

interface State {
  readonly state: 'running' | 'waiting' | 'paused' | 'stopped' | 'finished' | 'cancelled'
  readonly reason: string | null
  readonly nextAt: Instant | null
  readonly remainingSeconds: number | null
  /** Of the ways on which something leaves by itself. */
  readonly paces: ReadonlyMap<CampaignWay['channel'], WayPace>
}

async function stateOf(
  db: ReadHandle,
  row: CampaignRow,
  ways: readonly CampaignWay[],
  channels: readonly ReturnType<typeof channelOut>[],
  context: ServiceContext,
): Promise<State> {
  const paces = new Map<CampaignWay['channel'], WayPace>()
  const still = { reason: null, nextAt: null, remainingSeconds: null, paces }
  const waiting = channels.reduce((n, channel) => n + channel.waiting, 0)
  if (row.cancelledAt !== null) return { ...still, state: 'cancelled' }
  if (waiting === 0 && ways.every(({ stoppedReason }) => stoppedReason === null)) return { ...still, state: 'finished' }
  if (row.pausedAt !== null) return { ...still, state: 'paused' }
  const now = context.ledger.clock.epochMs()
  const reason = ways.find(({ stoppedReason }) => stoppedReason !== null)?.stoppedReason ?? null
  const isHeld = ways.every(({ stoppedReason }) => stoppedReason !== null)
  if (!isHeld && row.startAt !== null && epochMsOf(row.startAt) > now) {
    return { ...still, state: 'waiting', reason: 'Non è ancora ora di partire', nextAt: row.startAt }
  }
  let seconds = 0
  let next: { at: number; reason: string | null } | null = null
  for (const way of ways) {
    const count = channels.find(({ channel }) => channel === way.channel)?.waiting ?? 0
    if (count === 0 || way.stoppedReason !== null) continue
    const pacing = await pacingOf(db, way)
    const pace = await Pace.read(db, way.lane, pacing, now)
    const left = pacing === null ? (count * FREE_MS) / 1000 : remainingSeconds(pacing, pace.history(now), count, now)
    seconds = Math.max(seconds, Math.ceil(left))
    const held = pace.next(now)
    const { nextAt } = await readWaiting(db, way)
    const due = await hasDue(db, way, instantOf(now))
    const at = due || nextAt === null ? held.at : Math.max(held.at, epochMsOf(nextAt))
    const why = held.at >= at ? (held.reason === null ? null : WHY[held.reason]) : 'Il server ha chiesto di riprovare'
    paces.set(way.channel, {
      perMinute: pacing?.perMinute ?? null,
      nextAt: instantOf(at),
      remainingSeconds: Math.ceil(left),
    })
    if (next === null || at < next.at) next = { at, reason: why }
  }
  if (next === null) {
    const retries = ways.flatMap(({ retryAt }) => retryAt ?? []).sort()
    return { ...still, state: reason === null ? 'finished' : 'stopped', reason, nextAt: retries[0] ?? null }
  }
  // A gap between two messages is not a wait that anybody should read of.
  const isWaiting = next.at - now > 60_000
  return {
    state: isWaiting ? 'waiting' : 'running',
    reason: reason ?? (isWaiting ? next.reason : null),
    nextAt: instantOf(next.at),
    remainingSeconds: seconds,
    paces,
  }
}

const WHY = {
  perMinute: 'Al ritmo dell’account',
  perDay: 'Raggiunto il limite al giorno dell’account',
  batch: 'Pausa fra un gruppo e l’altro',
  window: 'Fuori dall’orario di invio dell’account',
} as const

async function hasDue(db: ReadHandle, { campaignId, channel }: CampaignWay, now: Instant): Promise<boolean> {
  const row = await db
    .selectFrom('delivery')
    .where('campaignId', '=', campaignId)
    .where('channel', '=', channel)
    .where('state', 'in', ['queued', 'deferred', 'sending'])
    .where((eb) => eb.or([eb('nextAt', 'is', null), eb('nextAt', '<=', now)]))
    .select('id')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
