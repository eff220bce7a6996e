import type { Id } from '#domain/brand'
import { STANDARD_BODY, STANDARD_SUBJECT } from '#domain/mail-template'
import { fileNameKey } from '#domain/notice-file-name'
import type { FolderToken } from '#domain/ports'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { countByCampaign, listCampaignIds } from '#ledger/delivery-list'
import {
  insertCampaign,
  insertDeliveries,
  listWaiting,
  moveDeliveries,
  type NewDelivery,
  readCampaign,
  readContacts,
  readTakenDeliveries,
} from '#ledger/delivery-queue'
import type { ReadHandle } from '#ledger/ledger'
import { type DrawnPaper, ensureNotices, type NoticeFacts, readNoticeFacts } from '#ledger/notice-facts'
import { readNoticeStyle } from '#ledger/notice-style'
import type { PositionQuery } from '#ledger/position-list'
import type { DeliveryChannel } from '#ledger/schema/delivery'
import { readSetting, writeSetting } from '#ledger/setting'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import {
  type CampaignChannel,
  type CampaignTemplate,
  channelsOf,
  mailText,
  recoverDeliveries,
  runDeliveries,
} from './delivery-run.ts'
import { checkTemplates } from './letter.ts'
import { cancelledAfter, longWork, type Report } from './long-work.ts'
import { needMailAccount } from './mail-account.ts'
import { BATCH, noticePaper, oneAhead, type PaperRun, paperFileName, readPaperRun } from './notice-paper.ts'
import { paperInstitution } from './paper-heading.ts'
import { today } from './produced-file.ts'
import { chosenPositions, LeftOut, type Selection } from './selection.ts'

const LAST_USED = 'campaign.lastUsed'
const MAX_PROBLEMS = 500
const CHANNEL_WORDS = { email: 'e-mail', pec: 'PEC', folder: 'cartella' } as const

interface CampaignInput {
  readonly selection: Selection<PositionQuery>
  readonly channels: readonly DeliveryChannel[]
  readonly emailAccountId: Id<'mailAccount'> | null
  readonly pecAccountId: Id<'mailAccount'> | null
  readonly folder: FolderToken | null
  readonly subject: string
  readonly body: string
}

interface PlannedDelivery extends Omit<NewDelivery, 'noticeId' | 'ordinal'> {
  readonly facts: NoticeFacts
}

/** Who would get what now, and who is left out and why. */
async function planCampaign(db: ReadHandle, input: CampaignInput, context: ServiceContext) {
  const leftOut = new LeftOut()
  const ids = await chosenPositions(db, input.selection, today(context))
  const facts = (await readNoticeFacts(db, ids)).filter((f) => {
    if (f.lifecycle !== 'issued') leftOut.add('Sono annullate')
    else if (f.payment !== 'unpaid') leftOut.add('Sono già pagate, in tutto o in parte')
    else return true
    return false
  })
  const { fileNamePattern } = await readNoticeStyle(db)
  const taken = await readTakenDeliveries(
    db,
    facts.map((f) => f.debtPositionId),
  )
  const planned: PlannedDelivery[] = []
  const names = new Set<string>()
  for (const channel of new Set(input.channels)) {
    const contacts =
      channel === 'folder'
        ? null
        : await readContacts(
            db,
            channel,
            facts.map((f) => f.personId),
          )
    for (const one of facts) {
      const contact = contacts?.get(one.personId)
      if (taken.has(`${one.debtPositionId}|${channel}`)) {
        leftOut.add(`Già consegnate o in consegna (${CHANNEL_WORDS[channel]})`)
      } else if (channel === 'folder') {
        const name = paperFileName(one, fileNamePattern)
        if (names.has(fileNameKey(name))) leftOut.add('Il file avrebbe il nome di un altro avviso')
        else planned.push({ facts: one, channel, contactPointId: null, addressText: name })
        names.add(fileNameKey(name))
      } else if (contact === undefined) leftOut.add(`Senza indirizzo ${CHANNEL_WORDS[channel]}`)
      else planned.push({ facts: one, channel, contactPointId: contact.id, addressText: contact.value })
    }
  }
  return { planned, leftOut }
}

/** The ways of the campaign with their places in words; each must be there and usable before anything is written. */
async function waysOf(context: ServiceContext, input: CampaignInput): Promise<CampaignChannel[]> {
  const ways: CampaignChannel[] = []
  for (const channel of new Set(input.channels)) {
    if (channel === 'folder') {
      if (input.folder === null) throw new ProblemError(problem('CAMPAIGN_FOLDER_MISSING', {}))
      const place = await context.folders.describe(input.folder)
      const state = await context.folders.check(input.folder)
      if (!state.ok) throw new ProblemError(problem('FOLDER_UNWRITABLE', { place, reason: state.reason }))
      ways.push({ channel, accountId: null, folder: input.folder, place })
    } else {
      const accountId = channel === 'email' ? input.emailAccountId : input.pecAccountId
      if (accountId === null) {
        throw new ProblemError(problem('CAMPAIGN_ACCOUNT_MISSING', { channel: CHANNEL_WORDS[channel] }))
      }
      const account = await needMailAccount(context, accountId)
      ways.push({ channel, accountId, folder: null, place: account.fromAddress })
    }
  }
  return ways
}

/** Draws every paper once, before anything is written: what cannot be printed is not queued. */
async function drawAll(context: ServiceContext, planned: readonly PlannedDelivery[], run: PaperRun, report: Report) {
  const papers = new Map<number, DrawnPaper>()
  const problems: Problem[] = []
  const all = [...new Map(planned.map(({ facts }) => [facts.debtPositionId, facts])).values()]
  const batches = async function* () {
    for (let from = 0; from < all.length; from += BATCH) yield all.slice(from, from + BATCH)
  }
  const drawings = oneAhead(batches(), async (facts) => ({
    facts,
    drawn: await context.press.draw(
      run.kit,
      facts.map((one) => noticePaper(one, run)),
    ),
  }))
  let done = 0
  for await (const { facts, drawn } of drawings) {
    for (const [i, one] of drawn.entries()) {
      const { debtPositionId, version } = facts[i] as NoticeFacts
      if (!one.ok) problems.push(...one.problems)
      else papers.set(debtPositionId, { debtPositionId, version, layout: one.layout, sha256: one.sha256 })
    }
    done += facts.length
    report('Preparo gli avvisi', done, all.length)
  }
  return { papers, problems }
}

/**
 * Writes a campaign with all its deliveries in one transaction. Planned again inside it: two clicks, or two windows,
 * never queue the same notice twice on one channel.
 */
async function queueCampaign(context: ServiceContext, input: CampaignInput, report: Report) {
  const template = { subject: input.subject, body: input.body }
  checkTemplates(template)
  const ways = await waysOf(context, input)
  const { first, run } = await context.ledger.read(async (db) => ({
    first: await planCampaign(db, input, context),
    run: await readPaperRun(db, context),
  }))
  const { papers, problems } = await drawAll(context, first.planned, run, report)
  const at = context.clock.now()
  const payload = { channels: [...input.channels], places: ways.map((way) => way.place) }
  const id = await context.ledger.write(command(context, 'campaign.start', payload), async (db) => {
    const { planned } = await planCampaign(db, input, context)
    const good = planned.filter(({ facts }) => papers.get(facts.debtPositionId)?.version === facts.version)
    if (good.length === 0) throw new ProblemError(...problems.slice(0, MAX_PROBLEMS), problem('CAMPAIGN_NOTHING', {}))
    const notices = await ensureNotices(db, [...papers.values()], { languages: run.languages, at })
    const campaignId = await insertCampaign(db, {
      purpose: purposeOf(good, ways),
      channelsJson: JSON.stringify(ways),
      templateJson: JSON.stringify(template),
      at,
      operator: context.operator,
    })
    await insertDeliveries(
      db,
      campaignId,
      good.map(({ facts, ...delivery }) => ({
        ...delivery,
        noticeId: notices.get(facts.debtPositionId) as Id<'notice'>,
        ordinal: 1,
      })),
      at,
    )
    await writeSetting(db, LAST_USED, JSON.stringify({ ...template, folder: input.folder }))
    return campaignId
  })
  return { id, problems }
}

function purposeOf(planned: readonly PlannedDelivery[], ways: readonly CampaignChannel[]): string {
  const notices = new Set(planned.map(({ facts }) => facts.debtPositionId)).size
  const how = ways.map((way) => (way.channel === 'folder' ? 'in cartella' : `per ${CHANNEL_WORDS[way.channel]}`))
  return `${notices === 1 ? 'Un avviso' : `${notices} avvisi`} ${how.join(' e ')}`
}

async function summaries(db: ReadHandle, ids: readonly Id<'campaign'>[]) {
  const counts = await countByCampaign(db, ids)
  const out = []
  for (const id of ids) {
    const campaign = await readCampaign(db, id)
    if (campaign === null) throw new ProblemError(problem('CAMPAIGN_GONE', {}))
    out.push({
      id,
      at: campaign.at,
      operator: campaign.operator,
      description: campaign.purpose,
      channels: channelsOf(campaign).map(({ channel, place }) => {
        const of = (...states: string[]) =>
          counts
            .filter((c) => c.campaignId === id && c.channel === channel && states.includes(c.state))
            .reduce((n, c) => n + c.count, 0)
        const parts = {
          done: of('sent', 'accepted', 'delivered'),
          failed: of('failed'),
          uncertain: of('uncertain'),
          waiting: of('queued', 'sending', 'deferred'),
          cancelled: of('cancelled', 'suppressed'),
        }
        return { channel, place, total: Object.values(parts).reduce((a, b) => a + b, 0), ...parts }
      }),
    })
  }
  return out
}

export const campaign = {
  defaults: os.campaign.defaults.handler(({ context }) =>
    context.ledger.read(async (db) => {
      const text = await readSetting(db, LAST_USED)
      if (text === null) return { subject: STANDARD_SUBJECT, body: STANDARD_BODY, folder: null }
      const used = JSON.parse(text) as CampaignTemplate & { readonly folder: FolderToken | null }
      return { subject: used.subject, body: used.body, folder: used.folder }
    }),
  ),

  preview: os.campaign.preview.handler(({ context, input }) => {
    checkTemplates(input)
    return context.ledger.read(async (db) => {
      const { planned, leftOut } = await planCampaign(db, input, context)
      const first = planned.find((p) => p.channel !== 'folder') ?? planned[0]
      const institution = first === undefined ? null : (await paperInstitution(db)).name
      const mail =
        first === undefined || institution === null
          ? null
          : mailText(input, first.facts, { institution, today: today(context) })
      return {
        channels: [...new Set(input.channels)].map((channel) => ({
          channel,
          count: planned.filter((p) => p.channel === channel).length,
        })),
        leftOut: leftOut.list(),
        sample:
          first === undefined || mail === null
            ? null
            : {
                to: first.addressText,
                subject: mail.subject,
                body: mail.text,
                attachment: paperFileName(first.facts, (await readNoticeStyle(db)).fileNamePattern),
              },
      }
    })
  }),

  start: os.campaign.start.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, async (report) => {
      await recoverDeliveries(context)
      const { id, problems } = await queueCampaign(context, input, report)
      try {
        const run = await runDeliveries(context, { campaignId: id }, report)
        const all = [...problems, ...run.problems]
        const [summary] = await context.ledger.read((db) => summaries(db, [id]))
        return {
          campaign: summary as NonNullable<typeof summary>,
          problems: { first: all.slice(0, MAX_PROBLEMS), total: all.length },
        }
      } catch (error) {
        const done = cancelledAfter(error)
        if (done === null) throw error
        await takeBack(context, id)
        throw new ProblemError(problem('CANCELLED_DELIVERING', { done }))
      }
    })
  }),

  list: os.campaign.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const ids = await listCampaignIds(db)
      const rows = await summaries(db, ids.slice(input.offset, input.offset + input.limit))
      return { rows, count: ids.length, totals: {} }
    }),
  ),

  get: os.campaign.get.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const [summary] = await summaries(db, [input.id])
      return summary as NonNullable<typeof summary>
    }),
  ),
}

/** What has not left yet is annulled; what left has left. */
async function takeBack(context: ServiceContext, id: Id<'campaign'>): Promise<void> {
  await context.ledger.write(command(context, 'campaign.cancel', { id }), async (db) => {
    const waiting = await listWaiting(db, { campaignId: id })
    const ids = waiting.map((row) => row.id)
    await moveDeliveries(db, ids, ['queued', 'deferred'], 'cancelled', 'Interrotta', context.clock.now())
  })
}
