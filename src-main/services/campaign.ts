import { REMINDER_BODY, REMINDER_SUBJECT, STANDARD_BODY, STANDARD_SUBJECT } from '#domain/mail-template'
import type { FolderToken } from '#domain/ports'
import { postalLabel } from '#domain/postal-address'
import { ProblemError, problem } from '#domain/problem'
import { isOver, mayAsk } from '#domain/sending-rules'
import { listCampaigns, readCampaign, setCampaign, setRunning } from '#ledger/campaign'
import { restingChunks } from '#ledger/chunks'
import { cancelWaiting, hastenDeferred } from '#ledger/delivery-queue'
import type { WriteHandle } from '#ledger/ledger'
import { readNoticeFacts } from '#ledger/notice-facts'
import { readNoticeStyle } from '#ledger/notice-style'
import { readSetting } from '#ledger/setting'
import { cleanUpCampaign } from './campaign-clean-up.ts'
import { planCampaign, planWarnings } from './campaign-plan.ts'
import { lastUsedKey, MAX_PROBLEMS, queueCampaign } from './campaign-start.ts'
import { campaignSummaries, campaignSummary } from './campaign-summary.ts'
import { command } from './command.ts'
import { os } from './context.ts'
import { checkTemplates } from './letter.ts'
import { longWork } from './long-work.ts'
import { paperFileName } from './notice-paper.ts'
import { mailText } from './outbox/channel-mail.ts'
import { CAMPAIGN_CANCELLED } from './outbox/core.ts'
import { paperInstitution } from './paper-heading.ts'
import { today } from './produced-file.ts'
import { chosenPositions } from './selection.ts'

async function refuseCancelled(db: WriteHandle, id: Parameters<typeof readCampaign>[1]) {
  const row = await readCampaign(db, id)
  if (row === null) throw new ProblemError(problem('CAMPAIGN_GONE', {}))
  if (row.cancelledAt !== null) throw new ProblemError(problem('CAMPAIGN_CANCELLED', {}))
}

export const campaign = {
  defaults: os.campaign.defaults.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const text = await readSetting(db, lastUsedKey(input.purpose))
      if (text === null) {
        const standard =
          input.purpose === 'notice'
            ? { subject: STANDARD_SUBJECT, body: STANDARD_BODY }
            : { subject: REMINDER_SUBJECT, body: REMINDER_BODY }
        return { ...standard, folder: null }
      }
      const { subject, body, folder } = JSON.parse(text) as {
        subject: string
        body: string
        folder: FolderToken | null
      }
      return { subject, body, folder }
    }),
  ),

  preview: os.campaign.preview.handler(({ context, input }) => {
    checkTemplates(input)
    return context.ledger.read(async (db) => {
      const plan = await planCampaign(db, input, context)
      const { planned, leftOut } = plan
      // What a person would read first: a mail before a file.
      const first = planned.find((p) => p.contactPointId !== null) ?? planned[0]
      const sample = async (one: NonNullable<typeof first>) => {
        const { name: institution } = await paperInstitution(db)
        const inApp = one.channel === 'io'
        const mail = mailText(input, one.facts, { institution, today: today(context), inApp })
        const { fileNamePattern } = await readNoticeStyle(db)
        const attachment = inApp ? null : paperFileName(one.facts, fileNamePattern)
        return { to: one.addressText, subject: mail.subject, body: mail.text, attachment }
      }
      return {
        channels: [...new Set(input.channels)].map((channel) => ({
          channel,
          count: planned.filter((p) => p.channel === channel).length,
        })),
        leftOut: leftOut.list(),
        warnings: await planWarnings(plan, input, context),
        sample: first === undefined ? null : await sample(first),
      }
    })
  }),

  postalAddresses: os.campaign.postalAddresses.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const ids = await chosenPositions(db, input.selection, today(context))
      // Those that the campaign may ask: who paid needs no address.
      const day = today(context)
      const facts = (await readNoticeFacts(db, ids, input.purpose)).filter(
        ({ lifecycle, payment, validUntil }) =>
          lifecycle === 'issued' && mayAsk(input.purpose, payment) && !isOver({ validUntil, today: day }),
      )
      const all = []
      for await (const slice of restingChunks(facts, 500)) {
        for (const { debtPositionId, name, address } of slice) {
          const { lines, doubts } = postalLabel(name, address)
          const blocks = doubts.some((doubt) => doubt.blocks)
          const row = { debtPositionId, personName: name, lines: [...lines], problems: doubts.map(({ text }) => text) }
          all.push({ row, rank: blocks ? 0 : doubts.length > 0 ? 1 : 2 })
        }
      }
      const sorted = [...all].sort((a, b) => a.rank - b.rank)
      return {
        count: all.length,
        wrong: all.filter(({ rank }) => rank < 2).length,
        rows: sorted.slice(0, input.limit).map(({ row }) => row),
      }
    }),
  ),

  start: os.campaign.start.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, async (report) => {
      const { id, problems } = await queueCampaign(context, input, report)
      return {
        campaign: await context.ledger.read((db) => campaignSummary(db, id, context)),
        problems: { first: problems.slice(0, MAX_PROBLEMS), total: problems.length },
      }
    })
  }),

  pause: os.campaign.pause.handler(async ({ context, input: { id } }) => {
    await context.ledger.write(command(context, 'campaign.pause', { id }), async (db) => {
      await refuseCancelled(db, id)
      await setCampaign(db, id, { pausedAt: context.clock.now() })
    })
    return context.ledger.read((db) => campaignSummary(db, id, context))
  }),

  /** Also starts again what stopped, and does not wait for the next time of what a server put off. */
  resume: os.campaign.resume.handler(async ({ context, input: { id } }) => {
    await context.ledger.write(command(context, 'campaign.resume', { id }), async (db) => {
      await refuseCancelled(db, id)
      await setCampaign(db, id, { pausedAt: null })
      await setRunning(db, id)
      await hastenDeferred(db, id)
    })
    context.outbox.kick()
    return context.ledger.read((db) => campaignSummary(db, id, context))
  }),

  cancel: os.campaign.cancel.handler(async function* ({ context, input, signal }) {
    const { id, reason, cleanUp } = input
    return yield* longWork(signal, async (report) => {
      const at = context.clock.now()
      const cancelled = await context.ledger.write(command(context, 'campaign.cancel', { id, reason }), async (db) => {
        const row = await readCampaign(db, id)
        if (row === null) throw new ProblemError(problem('CAMPAIGN_GONE', {}))
        // Asked again, to take back its files: it stays annulled since the first time.
        if (row.cancelledAt === null) await setCampaign(db, id, { cancelledAt: at })
        await setRunning(db, id)
        return cancelWaiting(db, id, reason === '' ? CAMPAIGN_CANCELLED : reason, at)
      })
      const cleaned = cleanUp ? await cleanUpCampaign(context, id, report) : { removed: 0, problems: [] }
      return {
        cancelled,
        removed: cleaned.removed,
        problems: { first: cleaned.problems.slice(0, MAX_PROBLEMS), total: cleaned.problems.length },
      }
    })
  }),

  list: os.campaign.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { rows, count } = await listCampaigns(db, input)
      return { rows: await campaignSummaries(db, rows, context), count, totals: {} }
    }),
  ),

  get: os.campaign.get.handler(({ context, input }) =>
    context.ledger.read((db) => campaignSummary(db, input.id, context)),
  ),
}
