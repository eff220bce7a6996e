import type { Id } from '#domain/brand'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { insertCampaign } from '#ledger/campaign'
import { insertDeliveries } from '#ledger/delivery-queue'
import type { WriteHandle } from '#ledger/ledger'
import { type DrawnPaper, ensureNotices, type NoticeFacts } from '#ledger/notice-facts'
import { writeSetting } from '#ledger/setting'
import { type CampaignInput, descriptionOf, planCampaign, waysOf } from './campaign-plan.ts'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { checkTemplates } from './letter.ts'
import type { Report } from './long-work.ts'
import { BATCH, noticePaper, oneAhead, readPaperRun } from './notice-paper.ts'
import type { CampaignTemplate } from './outbox/channel.ts'

export const MAX_PROBLEMS = 500

/** Under which the last subject, text and folder of each purpose are kept. */
export function lastUsedKey(purpose: 'notice' | 'reminder'): string {
  return purpose === 'notice' ? 'campaign.lastUsed' : 'campaign.lastReminder'
}

/** A campaign that nobody asked for by hand. */
export interface CampaignByItself {
  /** After its description. */
  readonly words: string
  /** In the same write: which positions it tells of, and why others of its are left out. */
  also(
    db: WriteHandle,
    id: Id<'campaign'>,
    told: readonly Id<'debtPosition'>[],
    whyNot: ReadonlyMap<number, string>,
  ): Promise<void>
}

/**
 * Writes a campaign with all its deliveries in one transaction. Planned again inside it: two clicks, or two windows,
 * never queue the same notice twice on one channel. Stopping before the end writes nothing.
 */
export async function queueCampaign(
  context: ServiceContext,
  input: CampaignInput,
  report: Report,
  byItself?: CampaignByItself,
) {
  const { subject, body, letter = null, index = false, postMerged = false } = input
  checkTemplates(input)
  const ways = await waysOf(context, input)
  const { papers, problems, run } = await drawAll(context, input, report)
  // The sample that was approved is what leaves: a letter edited, or a pattern changed, meanwhile counts for the next campaign.
  const template = {
    ...{ subject, body, index, postMerged, fileNamePattern: run.fileNamePattern },
    letter: letter === null || run.letter === null ? null : { ...letter, text: run.letter.text },
  } satisfies CampaignTemplate
  const at = context.clock.now()
  const { purpose, startAt } = input
  const payload = { channels: [...input.channels], places: ways.map((way) => way.place), purpose }
  const id = await context.ledger.write(command(context, 'campaign.start', payload), async (db) => {
    const { planned, whyNot } = await planCampaign(db, input, context)
    const good = planned.filter(({ facts }) => papers.get(facts.debtPositionId)?.version === facts.version)
    if (good.length === 0) throw new ProblemError(...problems.slice(0, MAX_PROBLEMS), problem('CAMPAIGN_NOTHING', {}))
    report('Metto in uscita', 0, good.length)
    const notices = await ensureNotices(db, [...papers.values()], { languages: run.languages, at })
    const channels = ways.map(({ channel }) => channel)
    const description = `${descriptionOf(purpose, good, channels)}${byItself?.words ?? ''}`
    const values = { description, templateJson: JSON.stringify(template), at, operator: context.operator }
    const campaignId = await insertCampaign(db, { ...values, purpose, startAt }, ways)
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
    if (byItself === undefined) {
      await writeSetting(db, lastUsedKey(purpose), JSON.stringify({ subject, body, folder: input.folder }))
    } else {
      const told = good.map(({ facts }) => facts.debtPositionId)
      await byItself.also(db, campaignId, told, whyNot)
    }
    return campaignId
  })
  context.outbox.kick()
  return { id, problems }
}

/** Draws every paper once, before anything is written: what cannot be printed is not queued. */
async function drawAll(context: ServiceContext, input: CampaignInput, report: Report) {
  const { planned, run } = await context.ledger.read(async (db) => ({
    planned: (await planCampaign(db, input, context)).planned,
    run: await readPaperRun(db, context, input.letter ?? null),
  }))
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
  return { papers, problems, run }
}
