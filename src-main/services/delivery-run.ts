import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Id } from '#domain/brand'
import { epochMsOf, type Instant, type IsoDate } from '#domain/date'
import { letterValues } from '#domain/letter'
import type { FolderToken, SendOutcome } from '#domain/ports'
import { type Problem, ProblemError, problem, problemText } from '#domain/problem'
import { fillTemplate } from '#domain/template'
import {
  type CampaignRow,
  claimDelivery,
  type DeliveryEnd,
  endAttempt,
  listSending,
  listWaiting,
  moveDeliveries,
  type QueuedDelivery,
  readCampaign,
  readSendable,
} from '#ledger/delivery-queue'
import type { MailAccountRow } from '#ledger/mail-account'
import { type NoticeFacts, noticeData, readNoticeFacts } from '#ledger/notice-facts'
import type { DeliveryChannel, DeliveryState } from '#ledger/schema/delivery'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { cancelledAfter, pause, type Report } from './long-work.ts'
import { mailServerOf, messageIdOf, needMailAccount } from './mail-account.ts'
import { drawOne, type PaperRun, paperFileName, readPaperRun } from './notice-paper.ts'

/** One way of a campaign, as it is kept with it. */
export interface CampaignChannel {
  readonly channel: DeliveryChannel
  readonly accountId: Id<'mailAccount'> | null
  readonly folder: FolderToken | null
  /** The account's address or the folder, in words. */
  readonly place: string
}

export interface CampaignTemplate {
  readonly subject: string
  readonly body: string
}

export function channelsOf(campaign: CampaignRow): readonly CampaignChannel[] {
  return JSON.parse(campaign.channelsJson) as CampaignChannel[]
}

/** A message that the server puts off is tried again after these waits, then it stays for a person to retry. */
const RETRY_AFTER_MS = [20_000, 120_000]

/** Longer than any one message takes, waits for the server's answers included. */
const LOST_AFTER_MS = 15 * 60_000

/** Deliveries in the hands of this program: whatever else is `sending` was left by one that died. */
const inHand = new Set<number>()

export interface RunResult {
  readonly counts: Readonly<Partial<Record<DeliveryState, number>>>
  readonly problems: readonly Problem[]
}

/**
 * What a program that died left in `sending`: a mail may have left, so its outcome is uncertain and a person decides;
 * a file in a folder is simply put again, since the same file twice is one file. To be called when the program starts.
 */
export async function recoverDeliveries(context: ServiceContext): Promise<number> {
  const at = context.clock.now()
  // A ledger on a server has other workstations: what one of them is sending now is not lost.
  const shared = context.ledger.target.engine === 'postgres'
  const isLost = (startedAt: Instant | null) =>
    !shared || startedAt === null || epochMsOf(at) - epochMsOf(startedAt) > LOST_AFTER_MS
  const lost = (await context.ledger.read(listSending)).filter((row) => !inHand.has(row.id) && isLost(row.startedAt))
  if (lost.length === 0) return 0
  await context.ledger.write(command(context, 'delivery.recover', { deliveries: lost.length }), async (db) => {
    for (const { id, attemptId, channel } of lost) {
      const state = channel === 'folder' ? ('deferred' as const) : ('uncertain' as const)
      const reason = 'Il programma si è fermato durante l’invio'
      if (attemptId === null) await moveDeliveries(db, [id], ['sending'], state, reason, at)
      else {
        const end = { id, attemptId, state, outcome: 'interrupted', reply: null, reason, evidence: null }
        await endAttempt(db, end, at)
      }
    }
  })
  return lost.length
}

/** Sends what waits, channel by channel, until nothing waits or the caller stops it. */
export async function runDeliveries(
  context: ServiceContext,
  of: { readonly campaignId: Id<'campaign'> } | { readonly ids: readonly Id<'delivery'>[] },
  report: Report,
): Promise<RunResult> {
  const counts: Partial<Record<DeliveryState, number>> = {}
  const problems: Problem[] = []
  const count = (state: DeliveryState) => {
    counts[state] = (counts[state] ?? 0) + 1
  }
  const waiting = await context.ledger.read((db) => listWaiting(db, of))
  let done = 0
  const beat = () => {
    done += 1
    report('Consegno gli avvisi', Math.min(done, waiting.length), waiting.length)
  }
  const check = () => report('Consegno gli avvisi', done, waiting.length)
  check()
  for (const [key, group] of groupByWay(waiting)) {
    const campaign = await context.ledger.read((db) => readCampaign(db, key.campaignId))
    if (campaign === null) continue
    const way = channelsOf(campaign).find((c) => c.channel === key.channel)
    if (way === undefined) continue
    try {
      if (way.channel === 'folder') await runFolder(context, campaign, way, group, count, beat)
      else await runMail(context, campaign, way, group, count, beat, check)
    } catch (error) {
      // One way that does not open does not stop the others; what waits goes on waiting.
      if (!(error instanceof ProblemError) || cancelledAfter(error) !== null) throw error
      problems.push(...error.problems)
    }
  }
  return { counts, problems }
}

function groupByWay(
  waiting: readonly QueuedDelivery[],
): [{ campaignId: Id<'campaign'>; channel: DeliveryChannel }, QueuedDelivery[]][] {
  const groups = new Map<string, [{ campaignId: Id<'campaign'>; channel: DeliveryChannel }, QueuedDelivery[]]>()
  for (const row of waiting) {
    const key = `${row.campaignId}|${row.channel}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [{ campaignId: row.campaignId, channel: row.channel }, [row]])
    else group[1].push(row)
  }
  return [...groups.values()]
}

interface Claimed {
  readonly attemptId: Id<'deliveryAttempt'>
  readonly messageId: string
  readonly facts: NoticeFacts
}

/** Looks at the position once more and writes the attempt; null when the delivery must not leave. */
async function claim(
  context: ServiceContext,
  delivery: QueuedDelivery,
  fromAddress: string,
  count: (state: DeliveryState) => void,
): Promise<Claimed | null> {
  inHand.add(delivery.id)
  const at = context.clock.now()
  return context.ledger.write(command(context, 'delivery.attempt', { id: delivery.id }), async (db) => {
    const position = await readSendable(db, delivery.debtPositionId)
    const reason =
      position.lifecycle !== 'issued'
        ? 'La posizione è annullata'
        : position.payment !== 'unpaid'
          ? 'La posizione è già pagata'
          : position.currentVersion !== delivery.noticeVersion
            ? 'L’avviso è superato da una nuova versione'
            : null
    if (reason !== null) {
      if ((await moveDeliveries(db, [delivery.id], ['queued', 'deferred'], 'suppressed', reason, at)) > 0) {
        count('suppressed')
      }
      return null
    }
    const subject = (ordinal: number) => `${delivery.campaignId}|${delivery.id}|${ordinal}`
    const attempt = await claimDelivery(db, delivery.id, (ordinal) => messageIdOf(subject(ordinal), fromAddress), at)
    if (attempt === null) return null
    const [facts] = await readNoticeFacts(db, [delivery.debtPositionId])
    return { ...attempt, facts: facts as NoticeFacts }
  })
}

async function finish(context: ServiceContext, end: DeliveryEnd, count: (state: DeliveryState) => void) {
  const payload = { id: end.id, state: end.state }
  await context.ledger.write(command(context, 'delivery.outcome', payload), (db) =>
    endAttempt(db, end, context.clock.now()),
  )
  count(end.state)
}

async function runFolder(
  context: ServiceContext,
  _campaign: CampaignRow,
  way: CampaignChannel,
  group: readonly QueuedDelivery[],
  count: (state: DeliveryState) => void,
  beat: () => void,
): Promise<void> {
  const run = await context.ledger.read((db) => readPaperRun(db, context))
  const folder = way.folder as FolderToken
  for (const delivery of group) {
    try {
      const claimed = await claim(context, delivery, 'cartella', count)
      if (claimed !== null) {
        const { attemptId, facts } = claimed
        // The name promised when the campaign was written, whatever the pattern has become.
        const end = await putNotice(context, folder, way.place, delivery.addressText, facts, run)
        await finish(context, { id: delivery.id, attemptId, ...end }, count)
      }
    } finally {
      inHand.delete(delivery.id)
    }
    beat()
    await pause()
  }
}

async function putNotice(
  context: ServiceContext,
  folder: FolderToken,
  place: string,
  name: string,
  facts: NoticeFacts,
  run: PaperRun,
): Promise<Omit<DeliveryEnd, 'id' | 'attemptId'>> {
  try {
    const { bytes, sha256 } = await drawOne(context.press, facts, run)
    const result = await context.folders.put(folder, name, bytes)
    if (result === 'different') {
      const reason = problemText(problem('FOLDER_FILE_DIFFERS', { name }))
      return { state: 'failed', outcome: 'different', reply: null, reason, evidence: null }
    }
    const text = `${place} › ${name}`
    const reply = result === 'same' ? 'Il file c’era già, uguale' : 'File scritto'
    return { state: 'delivered', outcome: result, reply, reason: null, evidence: { kind: 'file', sha256, text } }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return { state: 'failed', outcome: 'failed', reply: null, reason: sentences(error), evidence: null }
  }
}

function sentences(error: ProblemError): string {
  return error.problems.map(problemText).join(' ')
}

async function runMail(
  context: ServiceContext,
  campaign: CampaignRow,
  way: CampaignChannel,
  group: readonly QueuedDelivery[],
  count: (state: DeliveryState) => void,
  beat: () => void,
  check: () => void,
): Promise<void> {
  const account = await needMailAccount(context, way.accountId)
  const run = await context.ledger.read((db) => readPaperRun(db, context))
  const server = await mailServerOf(context, account)
  const template = JSON.parse(campaign.templateJson) as CampaignTemplate
  const gap = 60_000 / account.perMinute
  let next = context.clock.epochMs()
  let round: readonly QueuedDelivery[] = group
  for (let attempt = 0; round.length > 0; attempt += 1) {
    const deferred: QueuedDelivery[] = []
    const connection = await context.mail.open(server)
    try {
      for (const delivery of round) {
        try {
          await waitFor(context, next, check)
          const claimed = await claim(context, delivery, account.fromAddress, count)
          if (claimed !== null) {
            const { state, again } = await sendNotice(context, connection, account, template, run, delivery, claimed)
            next = context.clock.epochMs() + gap
            if (again) deferred.push(delivery)
            if (state !== 'deferred' || attempt === RETRY_AFTER_MS.length) count(state)
          }
        } finally {
          inHand.delete(delivery.id)
        }
        if (attempt === 0) beat()
        await pause()
      }
    } finally {
      await connection.close()
    }
    const wait = RETRY_AFTER_MS[attempt]
    if (wait === undefined || deferred.length === 0) break
    await waitFor(context, context.clock.epochMs() + wait, check)
    round = deferred
  }
}

/** Waits in short steps, so that stopping answers within a second. A fake clock does not wait at all. */
async function waitFor(context: ServiceContext, epochMs: number, check: () => void): Promise<void> {
  while (context.clock.epochMs() < epochMs) {
    await context.clock.waitUntil(Math.min(epochMs, context.clock.epochMs() + 500))
    check()
    await sleep(0)
  }
}

const STATE_OF: Readonly<Record<SendOutcome['kind'], DeliveryState>> = {
  sent: 'sent',
  temporary: 'deferred',
  permanent: 'failed',
  unknown: 'uncertain',
}

async function sendNotice(
  context: ServiceContext,
  connection: Awaited<ReturnType<ServiceContext['mail']['open']>>,
  account: MailAccountRow,
  template: CampaignTemplate,
  run: PaperRun,
  delivery: QueuedDelivery,
  { attemptId, messageId, facts }: Claimed,
): Promise<{ state: DeliveryState; again: boolean }> {
  const close = async (end: Omit<DeliveryEnd, 'id' | 'attemptId'>) => {
    await finish(context, { id: delivery.id, attemptId, ...end }, () => {})
    return { state: end.state, again: end.state === 'deferred' }
  }
  let bytes: Uint8Array
  try {
    bytes = (await drawOne(context.press, facts, run)).bytes
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return close({ state: 'failed', outcome: 'failed', reply: null, reason: sentences(error), evidence: null })
  }
  const outcome = await connection.send({
    from: { name: account.fromName, address: account.fromAddress },
    to: { name: facts.name, address: delivery.addressText },
    ...mailText(template, facts, { institution: run.institution.name, today: run.today }),
    messageId,
    attachments: [{ name: paperFileName(facts, run.fileNamePattern), mime: 'application/pdf', bytes }],
  })
  const state = STATE_OF[outcome.kind]
  const text = `${messageId} ${outcome.reply}`
  return close({
    state,
    outcome: outcome.kind,
    reply: outcome.reply,
    reason: outcome.kind === 'sent' ? null : outcome.reason,
    evidence:
      outcome.kind === 'sent' ? { kind: 'smtp', sha256: createHash('sha256').update(text).digest('hex'), text } : null,
  })
}

/** Subject on one line and text of the mail that carries one notice. */
export function mailText(
  template: CampaignTemplate,
  facts: NoticeFacts,
  more: { readonly institution: string; readonly today: IsoDate },
) {
  const values = letterValues(noticeData(facts), { ...more, year: facts.year })
  const subject = fillTemplate(template.subject, values).replace(/\s+/g, ' ').trim()
  return { subject, text: fillTemplate(template.body, values) }
}
