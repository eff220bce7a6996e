import type { Id } from '#domain/brand'
import { epochMsOf } from '#domain/date'
import type { NodeEnvironment } from '#domain/node-ports'
import { ProblemError, problemText } from '#domain/problem'
import { isThisMachine } from '#gateways/https-call'
import { readIoService } from '#ledger/io-service'
import type { ReadHandle } from '#ledger/ledger'
import { readNodeSettings } from '#ledger/node-connection'
import { presentEnvironment } from '#ledger/node-position'
import { settleMessages, type WaitingMessage, waitingMessages } from '#ledger/publication-message'
import { type CampaignInput, planCampaign } from './campaign-plan.ts'
import { queueCampaign } from './campaign-start.ts'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { type Looker, lookAgain } from './look-again.ts'
import { refreshOnNode } from './node-follow.ts'
import { type PublicationText, readPublicationText } from './publication-text.ts'

/**
 * App IO is told of positions that have just become payable on the node, where the institution wants it. Whatever waits is taken
 * up together once the publication rests, so that a run of thousands is one campaign; it may be called again after a cut: the
 * same version of a position is never told of twice.
 */
export async function afterPublication(context: ServiceContext): Promise<void> {
  if ((await context.ledger.read(waitingMessages)).length === 0) return
  await context.nodePublisher.idle()
  const { waiting, environment, baseUrl, text } = await context.ledger.read(async (db) => {
    const service = await readIoService(db)
    return {
      waiting: await waitingMessages(db),
      environment: await presentEnvironment(db),
      baseUrl: service?.enabled === true ? service.baseUrl : null,
      text: await readPublicationText(db),
    }
  })
  const leftOut = Map.groupBy(waiting, (one) => whyNot(one, environment, baseUrl) ?? '')
  const good = leftOut.get('') ?? []
  leftOut.delete('')
  // Those that the node does not yet let anybody pay wait for the next time.
  leftOut.delete(LATER)
  if (leftOut.size > 0) await leaveOut(context, leftOut)
  if (good.length > 0) await tell(context, good, text)
}

const LOOK_MS = 5 * 60_000
/** The node is asked more seldom than we look: what it answers is written down even where it says nothing new. */
const ASK_MS = 60 * 60_000
/** More than these are asked for with the list of all. */
const ASKED_ONE_BY_ONE = 50

/** Looks again at what could not be paid yet when it was published, and tells of it once it can. */
export function openLateTeller(context: ServiceContext): Looker {
  let askedMs = 0
  return lookAgain(
    LOOK_MS,
    async (signal) => {
      const waiting = await context.ledger.read(waitingHere)
      if (waiting.length === 0) return
      const early = waiting.filter((one) => one.nodeState === 'PUBLISHED').map((one) => one.debtPositionId)
      const nowMs = epochMsOf(context.clock.now())
      if (early.length > 0 && nowMs - askedMs >= ASK_MS) {
        askedMs = nowMs
        await refreshOnNode(context, early.length > ASKED_ONE_BY_ONE ? null : early, () => signal.throwIfAborted())
      }
      if (!signal.aborted) await afterPublication(context)
    },
    (error, signal) => {
      if (signal.aborted) return
      const reason = error instanceof ProblemError ? error.problems.map(problemText).join(' ') : undefined
      context.log.warn('late messages not looked after', reason === undefined ? { error } : { reason })
    },
    LOOK_MS,
  )
}

/** What waits to be told in the present environment, where that is wanted. */
async function waitingHere(db: ReadHandle): Promise<WaitingMessage[]> {
  const environment = await presentEnvironment(db)
  if (!(await readNodeSettings(db, environment)).ioOnPublication) return []
  return (await waitingMessages(db)).filter((one) => one.environment === environment)
}

const LATER = 'più tardi'
const PAYABLE: ReadonlySet<string> = new Set(['VALID', 'PARTIALLY_PAID'])

function whyNot(one: WaitingMessage, environment: NodeEnvironment, baseUrl: string | null): string | null {
  if (baseUrl === null) return 'App IO è spenta'
  // What the rehearsal publishes nobody can pay: it must never reach a real telephone.
  if (environment !== 'production' && !isThisMachine(new URL(baseUrl).hostname)) return 'Non è l’ambiente di produzione'
  if (one.environment !== environment) return 'L’ambiente è cambiato prima che partisse'
  if (one.version !== one.currentVersion) return 'È cambiata prima che partisse'
  if (one.lifecycle !== 'issued') return 'È annullata'
  if (one.payment === 'paid' || one.payment === 'collected') return 'È già pagata'
  return one.nodeState === null || !PAYABLE.has(one.nodeState) ? LATER : null
}

/** One campaign on App IO; whoever is paid meanwhile, has no code of a person or wants nothing is left out by the campaign itself. */
async function tell(context: ServiceContext, good: readonly WaitingMessage[], text: PublicationText): Promise<void> {
  const input: CampaignInput = {
    ...{ selection: { ids: good.map((one) => one.debtPositionId) }, purpose: 'notice', channels: ['io'] },
    ...{ emailAccountId: null, pecAccountId: null, fileAccountId: null, folder: null, startAt: null },
    ...{ ...text, letter: null, index: false, postMerged: false },
  }
  try {
    await queueCampaign(context, input, () => undefined, {
      words: ', alla pubblicazione',
      async also(db, campaignId: Id<'campaign'>, told, whyNot) {
        const there = new Set<number>(told)
        const inside = good.filter((one) => there.has(one.debtPositionId))
        await settleMessages(db, inside, { campaignId })
        for (const [why, all] of outside(good, there, whyNot)) await settleMessages(db, all, { campaignId, why })
      },
    })
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const nothing = error.problems.some(({ code }) => code === 'CAMPAIGN_NOTHING')
    const reason = error.problems.map(problemText).join(' ')
    context.log.warn('no message after publication', { reason, positions: good.length })
    if (!nothing) return
    const { reasons, waiting } = await context.ledger.read(async (db) => ({
      reasons: (await planCampaign(db, input, context)).whyNot,
      waiting: new Set(
        (await waitingMessages(db)).map(({ debtPositionId, version }) => `${debtPositionId}|${version}`),
      ),
    }))
    // Another workstation may have told them meanwhile.
    const still = good.filter(({ debtPositionId, version }) => waiting.has(`${debtPositionId}|${version}`))
    if (still.length === 0) return
    await leaveOut(context, outside(still, new Set(), reasons))
  }
}

/** Of these nothing is told, by why. */
async function leaveOut(context: ServiceContext, left: ReadonlyMap<string, readonly WaitingMessage[]>): Promise<void> {
  const said = { leftOut: [...left].map(([why, all]) => ({ why, count: all.length })) }
  await context.ledger.write(command(context, 'publicationMessage.leaveOut', said), async (db) => {
    for (const [why, all] of left) await settleMessages(db, all, { why })
  })
}

/** Those of which the campaign does not tell, by why. */
function outside(
  good: readonly WaitingMessage[],
  told: ReadonlySet<number>,
  whyNot: ReadonlyMap<number, string>,
): Map<string, WaitingMessage[]> {
  const left = good.filter((one) => !told.has(one.debtPositionId))
  return Map.groupBy(left, (one) => whyNot.get(one.debtPositionId) ?? 'L’avviso non si può preparare')
}
