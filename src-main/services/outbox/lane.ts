import type { Id } from '#domain/brand'
import { epochMsOf, instantOf, romeDate } from '#domain/date'
import { nextAttempt, nextOpening } from '#domain/pacing'
import { type ProblemCode, ProblemError, problem, problemText } from '#domain/problem'
import { whyNotSent } from '#domain/sending-rules'
import { type CampaignWay, readCampaign, readWays, setClosed, setRunning, setStopped } from '#ledger/campaign'
import {
  cancelPutOff,
  claimDelivery,
  type DeliveryEnd,
  endAttempt,
  insertNextDeliveries,
  listDue,
  listOpenWays,
  moveDeliveries,
  type OpenWay,
  type QueuedDelivery,
  readSendable,
  readWaiting,
} from '#ledger/delivery-queue'
import type { WriteHandle } from '#ledger/ledger'
import { readNoticeFacts } from '#ledger/notice-facts'
import { keepLane, takeLane } from '#ledger/outbox-lane'
import { command } from '../command.ts'
import { pause } from '../long-work.ts'
import { messageIdOf } from '../mail-account.ts'
import type { Campaign, CampaignTemplate, ChannelEnd, Claimed, DeliveryChannelRun } from './channel.ts'
import { CHANNELS } from './channels.ts'
import { CAMPAIGN_CANCELLED, LEASE_MS, type OutboxCore } from './core.ts'
import { Pace } from './pace.ts'
import { presentAddress } from './present-address.ts'
import { accountMark, isFiles, pacingOf } from './ways.ts'

/** Deliveries read ahead of the one that leaves. */
const AHEAD = 48
/** A wait as long as this closes the connection and lets the lane rest. */
const PARK_MS = 4_000
/** A resting lane looks again at least so often. */
const LOOK_MS = 60_000
/** Who asks to slow down is left alone so long at most: one answer must not silence a service for a day. */
const SLOW_MS = 15 * 60_000
/** Nobody needs to come to the keyboard because a server was away for a while: anything else wants a person. */
const AWAY: readonly string[] = [
  'MAIL_UNREACHABLE',
  'MAIL_LOGIN_LATER',
  'FILE_SERVER_UNREACHABLE',
  'IO_UNREACHABLE',
] satisfies ProblemCode[]

const ADDRESS_CHANGED = 'L’indirizzo è cambiato: si manda a quello nuovo'
const NAME_CHANGED = 'Il nome del file è cambiato: si scrive con quello nuovo'

interface Hooks {
  onIdle(): void
}

interface Ended {
  readonly claimed: Claimed
  readonly end: ChannelEnd
}

/** One loop over all that goes through one account, folder or service, in the order in which it was queued. */
export class Lane {
  readonly hooks: Hooks
  readonly #core: OutboxCore
  readonly #name: string
  #pace: Pace | null = null
  #run: { readonly way: CampaignWay; readonly channel: DeliveryChannelRun; readonly mark: string } | null = null
  #fileNamePattern: string | undefined
  #wake: (() => void) | null = null
  #woken = false
  /** Its other side asked for silence until then. */
  #slowUntil = 0
  isParked = false
  isHeld = false

  constructor(core: OutboxCore, name: string, hooks: Hooks) {
    this.#core = core
    this.#name = name
    this.hooks = hooks
  }

  /** A resting lane looks again. */
  wake(): void {
    this.#woken = true
    this.#wake?.()
  }

  /** Until nothing of the lane is left to send, or the outbox closes. */
  async run(): Promise<void> {
    try {
      if (!(await this.#take())) return
      while (!this.#core.closing) {
        this.#woken = false
        const ways = await this.#ledger.read((db) => listOpenWays(db, this.#name))
        if (ways.length === 0) return
        let wakeAt = Number.POSITIVE_INFINITY
        for (const way of ways) wakeAt = Math.min(wakeAt, await this.#drain(way))
        if (!this.isHeld) return
        if (wakeAt > this.#now()) await this.#park(wakeAt)
      }
    } finally {
      await this.#closeRun()
    }
  }

  get #ledger() {
    return this.#core.context.ledger
  }

  #now(): number {
    return this.#ledger.clock.epochMs()
  }

  /** Only one workstation at a time sends on a lane; on a file there is but one program. */
  async #take(): Promise<boolean> {
    const { context, holder } = this.#core
    if (this.#ledger.target.engine === 'postgres') {
      const now = this.#now()
      const taken = await this.#ledger.write(command(context, 'delivery.hold', {}), (db) =>
        takeLane(db, this.#name, holder, instantOf(now), instantOf(now + LEASE_MS)),
      )
      if (!taken) return false
    }
    this.isHeld = true
    return true
  }

  /** Sends what is due of one way. When it should be looked at again: now when something may have changed meanwhile. */
  async #drain(way: OpenWay): Promise<number> {
    if (way.startAt !== null && epochMsOf(way.startAt) > this.#now()) return epochMsOf(way.startAt)
    if (this.#slowUntil > this.#now()) return this.#slowUntil
    const present = await this.#readWay(way)
    if (present === null) return Number.POSITIVE_INFINITY
    let full = present
    this.#pace = await this.#ledger.read(async (db) =>
      Pace.read(db, this.#name, await pacingOf(db, present), this.#now()),
    )
    let ended: Ended | null = null
    while (!this.#core.closing) {
      const due = await this.#ledger.read((db) => listDue(db, way, instantOf(this.#now()), AHEAD))
      if (due.length === 0) break
      if (this.#run === null) {
        if (!(await this.#open(full))) return Number.POSITIVE_INFINITY
        full = { ...full, retries: 0 }
      }
      this.#run?.channel.prepare?.(due)
      for (const [i, delivery] of due.entries()) {
        const at = this.#pace.next(this.#now()).at
        if (at > this.#now()) {
          if (ended !== null) await this.#finish(ended)
          ended = null
          if (at - this.#now() >= PARK_MS) return at
          await this.#shortWait(at)
        }
        if (this.#core.closing || this.#run === null) break
        if (this.#woken) {
          // Something changed: the account and its pace are read anew before the next one leaves.
          if (ended !== null) await this.#finish(ended)
          return this.#now()
        }
        const claimed = await this.#claim(delivery, ended)
        ended = null
        if (claimed === 'stop') return this.#now()
        if (claimed === null) continue
        this.#run.channel.prepare?.(due.slice(i + 1))
        ended = { claimed, end: await this.#send(this.#run.channel, claimed) }
        if (ended.end.state === 'deferred' && (ended.end.reply ?? '') === '') {
          // Nobody answered: the next one would meet the same. A new connection says why, once for all.
          await this.#finish(ended)
          ended = null
          await this.#closeRun()
        } else if (ended.end.notBefore !== undefined) {
          // The others would hear the same, and each would lose an attempt.
          const until = Math.min(epochMsOf(ended.end.notBefore), this.#now() + SLOW_MS)
          await this.#finish(ended)
          this.#slowUntil = until
          return until
        }
        await pause()
      }
      if (ended !== null) await this.#finish(ended)
      ended = null
    }
    return this.#core.closing ? this.#now() : this.#wayDone(full)
  }

  async #readWay(way: OpenWay): Promise<CampaignWay | null> {
    const ways = await this.#ledger.read((db) => readWays(db, [way.campaignId]))
    const full = ways.find(({ channel }) => channel === way.channel) ?? null
    if (this.#run !== null) {
      const { campaignId, channel } = this.#run.way
      const same = campaignId === way.campaignId && channel === way.channel
      // An account edited or removed meanwhile is opened again as it is now.
      if (!same || full === null || (await this.#mark(full)) !== this.#run.mark) await this.#closeRun()
    }
    return full
  }

  #mark(way: CampaignWay): Promise<string> {
    return this.#ledger.read((db) => accountMark(db, way))
  }

  async #campaign(id: Id<'campaign'>): Promise<Campaign> {
    const row = await this.#ledger.read((db) => readCampaign(db, id))
    if (row === null) throw new ProblemError(problem('CAMPAIGN_GONE', {}))
    return { ...row, template: JSON.parse(row.templateJson) as CampaignTemplate }
  }

  /** False when the way cannot be used: it stands still with its reason. */
  async #open(way: CampaignWay): Promise<boolean> {
    try {
      const campaign = await this.#campaign(way.campaignId)
      const mark = await this.#mark(way)
      this.#fileNamePattern = campaign.template.fileNamePattern
      this.#run = { way, channel: await CHANNELS[way.channel](this.#core.context, campaign, way), mark }
      if (way.retries > 0) {
        await this.#ledger.write(command(this.#core.context, 'campaign.reopen', { id: way.campaignId }), (db) =>
          setRunning(db, way.campaignId, way.channel),
        )
      }
      return true
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      await this.#stop(way, error)
      return false
    }
  }

  async #stop(way: CampaignWay, error: ProblemError): Promise<void> {
    const reason = sentences(error)
    const isAway = error.problems.some(({ code }) => AWAY.includes(code))
    const retries = isAway ? way.retries + 1 : 0
    const retryAt = isAway ? nextOpening(retries, this.#now()) : null
    await this.#ledger.write(command(this.#core.context, 'campaign.stop', { id: way.campaignId, reason }), (db) =>
      setStopped(db, way, { stoppedReason: reason, retryAt, retries }),
    )
  }

  /** All of the way has left: what comes after it, then it is closed. Else when the next may leave. */
  async #wayDone(way: CampaignWay): Promise<number> {
    const { waiting, nextAt } = await this.#ledger.read((db) => readWaiting(db, way))
    if (waiting > 0) return nextAt === null ? Number.POSITIVE_INFINITY : epochMsOf(nextAt)
    try {
      const { template } = await this.#campaign(way.campaignId)
      const more = way.channel === 'post' || (template.index === true && isFiles(way.channel))
      if (this.#run === null && more && !(await this.#open(way))) return Number.POSITIVE_INFINITY
      await this.#run?.channel.afterAll?.()
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      await this.#stop(way, error)
      return Number.POSITIVE_INFINITY
    }
    await this.#closeRun()
    const { campaignId, channel } = way
    await this.#ledger.write(command(this.#core.context, 'campaign.close', { id: campaignId }), async (db) => {
      // A delivery sent again meanwhile keeps the way open.
      if ((await readWaiting(db, way)).waiting > 0) return
      await setClosed(db, campaignId, channel, this.#ledger.clock.now())
    })
    return this.#now()
  }

  /**
   * Writes how the one before ended and takes the next in hand, in one transaction. Null when this one must not leave;
   * `stop` when the whole way must not.
   */
  async #claim(delivery: QueuedDelivery, ended: Ended | null): Promise<Claimed | null | 'stop'> {
    const { context, holder, inHand } = this.#core
    const before = ended === null ? {} : { id: ended.claimed.delivery.id, state: ended.end.state }
    const entry =
      ended === null
        ? command(context, 'delivery.attempt', { id: delivery.id })
        : command(context, 'delivery.outcome', { ...before, next: delivery.id })
    inHand.add(delivery.id)
    let claimed: Claimed | null | 'stop' = null
    try {
      claimed = await this.#ledger.write(entry, async (db) => {
        const now = this.#now()
        if (ended !== null) await this.#writeEnd(db, ended, now)
        if (this.#ledger.target.engine === 'postgres') {
          const kept = await keepLane(db, this.#name, holder, instantOf(now + LEASE_MS))
          if (!kept) {
            this.isHeld = false
            return 'stop'
          }
        }
        return this.#claimIn(db, delivery, now)
      })
    } finally {
      if (ended !== null) inHand.delete(ended.claimed.delivery.id)
      if (claimed === null || claimed === 'stop') inHand.delete(delivery.id)
    }
    if (claimed !== null && claimed !== 'stop') {
      this.#pace?.note(this.#now())
      await this.#core.mark()
    }
    return claimed
  }

  async #claimIn(db: WriteHandle, delivery: QueuedDelivery, now: number): Promise<Claimed | null | 'stop'> {
    const at = instantOf(now)
    const present = await readSendable(db, delivery.id)
    if (present === null) return null
    if (!present.mayLeave) return 'stop'
    const [facts] = await readNoticeFacts(db, [delivery.debtPositionId], present.purpose)
    const moment = { validUntil: facts?.validUntil ?? null, today: romeDate(at) }
    const unprintable = facts === undefined ? 'L’avviso non si può più stampare' : null
    const to = facts === undefined ? 'keep' : await presentAddress(db, delivery, facts, this.#fileNamePattern)
    const nowhere = to === null ? 'Non ha più un indirizzo per questa via' : null
    const reason = whyNotSent({ ...present, ...moment }) ?? unprintable ?? nowhere
    if (reason !== null || facts === undefined || to === null) {
      await moveDeliveries(db, [delivery.id], ['queued', 'deferred'], 'suppressed', reason, at)
      return null
    }
    if (to !== 'keep') {
      const changed = isFiles(delivery.channel) && delivery.channel !== 'post' ? NAME_CHANGED : ADDRESS_CHANGED
      // A row never changes its address: it stays, and one to the new address follows it.
      await moveDeliveries(db, [delivery.id], ['queued', 'deferred'], 'suppressed', changed, at)
      const { campaignId, noticeId, channel } = delivery
      await insertNextDeliveries(db, [{ after: delivery.id, campaignId, delivery: { noticeId, channel, ...to } }], at)
      return null
    }
    // Nobody outside may guess it: a bounce that names it is believed.
    const secret = Buffer.from(this.#core.context.random.bytes(16)).toString('hex')
    const subject = (ordinal: number) => `${delivery.campaignId}|${delivery.id}|${ordinal}|${secret}`
    const place = this.#run?.way.place ?? ''
    const sender = place.includes('@') ? place : 'avviso@cartella'
    const attempt = await claimDelivery(
      db,
      delivery.id,
      (ordinal) => messageIdOf(subject(ordinal), sender),
      at,
      this.#name,
    )
    return attempt === null ? null : { delivery, facts, ...attempt }
  }

  async #send(channel: DeliveryChannelRun, claimed: Claimed): Promise<ChannelEnd> {
    try {
      return await channel.send(claimed)
    } catch (error) {
      const end = { reply: null, evidence: null, retry: false }
      if (error instanceof ProblemError) {
        return { ...end, state: 'failed', outcome: 'failed', reason: sentences(error) }
      }
      this.#core.context.log.error('delivery failed', { delivery: claimed.delivery.id, error })
      const reason = 'Il programma non ha saputo come è andata'
      return isFiles(claimed.delivery.channel)
        ? { ...end, state: 'failed', outcome: 'failed', reason }
        : { ...end, state: 'uncertain', outcome: 'unknown', reason }
    }
  }

  async #finish(ended: Ended): Promise<void> {
    const { context, inHand } = this.#core
    const { id } = ended.claimed.delivery
    try {
      await this.#ledger.write(command(context, 'delivery.outcome', { id, state: ended.end.state }), (db) =>
        this.#writeEnd(db, ended, this.#now()),
      )
    } finally {
      inHand.delete(id)
    }
  }

  async #writeEnd(db: WriteHandle, { claimed, end }: Ended, now: number): Promise<void> {
    const { delivery, attemptId, ordinal } = claimed
    const { retry, notBefore, ...rest } = end
    let last: DeliveryEnd = { id: delivery.id, attemptId, ...rest }
    if (end.state === 'deferred') {
      const nextAt = retry ? nextAttempt(ordinal, now) : null
      const later = nextAt !== null && notBefore !== undefined && notBefore > nextAt ? notBefore : nextAt
      const given = `${end.reason ?? ''} Provato ${ordinal === 1 ? 'una volta' : `${ordinal} volte`}.`.trim()
      last = later === null ? { ...last, state: 'failed', reason: given } : { ...last, nextAt: later }
    }
    await endAttempt(db, last, instantOf(now))
    await cancelPutOff(db, delivery.id, CAMPAIGN_CANCELLED, instantOf(now))
  }

  async #closeRun(): Promise<void> {
    const run = this.#run
    this.#run = null
    await run?.channel.close().catch((error: unknown) => {
      this.#core.context.log.warn('channel did not close', { lane: this.#name, error })
    })
  }

  /** Short enough to keep the line open; a fake clock does not wait at all. */
  async #shortWait(until: number): Promise<void> {
    while (!this.#core.closing && this.#now() < until) {
      await this.#ledger.clock.waitUntil(Math.min(until, this.#now() + 200))
    }
  }

  /** Rests until then, until woken or for a minute: whoever moves the clock, or the ledger from elsewhere, is noticed. */
  async #park(until: number): Promise<void> {
    await this.#closeRun()
    if (this.#woken || this.#core.closing) return
    this.isParked = true
    this.hooks.onIdle()
    const rest = Math.max(10, Math.min(LOOK_MS, until - this.#now()))
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, rest)
      timer.unref()
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = null
    this.isParked = false
  }
}

function sentences(error: ProblemError): string {
  return error.problems.map(problemText).join(' ')
}
