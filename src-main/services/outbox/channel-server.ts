import { ProblemError, problem, problemText } from '#domain/problem'
import type { CampaignWay } from '#ledger/campaign'
import { supersededFile } from '#ledger/superseded-file'
import type { ServiceContext } from '../context.ts'
import { fileServerOf, needFileAccount } from '../file-account.ts'
import { readPaperRun } from '../notice-paper.ts'
import type { ChannelEnd, OpenChannel } from './channel.ts'
import { writeIndex } from './index-files.ts'
import { PapersAhead } from './papers-ahead.ts'
import { checkSpace } from './space.ts'

/**
 * A server of files: one PDF a notice, under its name only when whole. A file that is there is compared; only that of an
 * earlier version of the same position, as it was written, is replaced.
 */
export const openServer: OpenChannel = async (context, campaign, way) => {
  const account = await needFileAccount(context, way.accountId)
  const run = await context.ledger.read((db) => readPaperRun(db, context, campaign.template.letter ?? null))
  const session = await context.fileServers.open(await fileServerOf(context, account))
  try {
    await checkSpace(context, way, await session.free())
  } catch (error) {
    await session.close()
    throw error
  }
  const papers = new PapersAhead(context, run, campaign.purpose)
  return {
    prepare: (next) => papers.prepare(next),
    async send({ delivery, facts }): Promise<ChannelEnd> {
      // The name promised when the campaign was written, whatever the pattern has become (`present-address.ts`).
      const name = delivery.addressText
      const { bytes, sha256 } = await papers.take(facts)
      const text = `${way.place} › ${name}`
      let result = await session.put(name, bytes)
      if (result.kind === 'different') {
        const former = await context.ledger.read((db) => supersededFile(db, delivery.id, text))
        if (former !== null) result = await session.put(name, bytes, former)
      }
      switch (result.kind) {
        case 'written':
        case 'same': {
          const reply = result.kind === 'same' ? 'Il file c’era già, uguale' : 'File scritto'
          const evidence = { kind: 'file' as const, sha256, text }
          return { state: 'delivered', outcome: result.kind, reply, reason: null, evidence, retry: false }
        }
        case 'different': {
          const reason = problemText(problem('FILE_SERVER_FILE_DIFFERS', { name }))
          return { state: 'failed', outcome: 'different', reply: null, reason, evidence: null, retry: false }
        }
        case 'permanent': {
          const { reason, reply } = result
          return { state: 'failed', outcome: 'permanent', reply, reason, evidence: null, retry: false }
        }
        default: {
          // Also where the answer got lost: put again, an equal file is found and compared.
          const { kind, reason, reply } = result
          return { state: 'deferred', outcome: kind, reply, reason, evidence: null, retry: true }
        }
      }
    },
    async afterAll() {
      if (campaign.template.index !== true) return
      await writeIndex(context, campaign, way, async (name, bytes, replacing) => {
        const result = await session.put(name, bytes, replacing)
        if (!('reason' in result)) return result.kind
        throw new ProblemError(problem('INDEX_NOT_WRITTEN', { name, place: way.place, reason: result.reason }))
      })
    },
    async close() {
      await papers.close()
      await session.close()
    },
  }
}

/** For the clean-up of a cancelled campaign. @throws ProblemError when the server cannot be used. */
export async function openRemover(context: ServiceContext, way: Pick<CampaignWay, 'accountId'>) {
  const account = await needFileAccount(context, way.accountId)
  return context.fileServers.open(await fileServerOf(context, account))
}
