import type { Id } from '#domain/brand'
import type { FolderToken } from '#domain/ports'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { type CampaignWay, readCampaign, readWays } from '#ledger/campaign'
import { listWrittenFiles, type WrittenFile } from '#ledger/delivery-list'
import { moveDeliveries } from '#ledger/delivery-queue'
import { readIndexFiles } from '#ledger/notice-index'
import type { DeliveryChannel } from '#ledger/schema/delivery'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { pause, type Report } from './long-work.ts'
import { removePostBatches } from './outbox/channel-post.ts'
import { openRemover } from './outbox/channel-server.ts'

/** Removes one file if its bytes are still those that were written. */
export interface Remover {
  remove(name: string, sha256: string): Promise<'removed' | 'absent' | 'different'>
  close(): Promise<void>
}

/** How files are taken back from each channel that puts them one by one. */
const REMOVERS: Readonly<
  Partial<Record<DeliveryChannel, (context: ServiceContext, way: CampaignWay) => Promise<Remover>>>
> = {
  folder: async (context, way) => ({
    remove: (name, sha256) => context.folders.remove(way.folder as FolderToken, name, sha256),
    async close() {},
  }),
  server: openRemover,
}

const AT_ONCE = 50

/**
 * Files of a cancelled campaign go from its folder and its server, if they are still as they were written; what a person
 * changed stays and is told. Their deliveries become annulled, so that the notices may be delivered again.
 */
export async function cleanUpCampaign(context: ServiceContext, id: Id<'campaign'>, report: Report) {
  const ways = await context.ledger.read((db) => readWays(db, [id]))
  const problems: Problem[] = []
  let removed = 0
  for (const way of ways) {
    if (way.channel === 'post') removed += await removeBatches(context, way, problems)
    const open = REMOVERS[way.channel]
    if (open === undefined) continue
    const files = await context.ledger.read((db) => listWrittenFiles(db, id, way.channel))
    if (files.length === 0) continue
    try {
      const remover = await open(context, way)
      try {
        // First the index: it never names files that are gone.
        for (const { name, sha256 } of await context.ledger.read((db) => readIndexFiles(db, id, way.channel))) {
          const result = await remover.remove(name, sha256)
          if (result === 'different') problems.push(problem('CLEAN_UP_FILE_DIFFERS', { name }))
        }
        for (let from = 0; from < files.length; from += AT_ONCE) {
          report('Tolgo i file', from, files.length)
          removed += await removeSome(context, remover, files.slice(from, from + AT_ONCE), problems)
          await pause()
        }
      } finally {
        await remover.close()
      }
    } catch (error) {
      // A server that does not answer: what is done is done and written down, the rest stays where it is.
      if (!(error instanceof ProblemError) || error.problems.some(({ code }) => code === 'CANCELLED')) throw error
      problems.push(...error.problems)
    }
  }
  return { removed, problems }
}

/** Postal batches go whole or stay whole. */
async function removeBatches(context: ServiceContext, way: CampaignWay, problems: Problem[]): Promise<number> {
  const campaign = await context.ledger.read((db) => readCampaign(db, way.campaignId))
  if (campaign === null) return 0
  try {
    const result = await removePostBatches(context, campaign, way.folder as FolderToken)
    problems.push(...result.different.map((name) => problem('CLEAN_UP_FILE_DIFFERS', { name })))
    return result.removed
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    problems.push(...error.problems)
    return 0
  }
}

async function removeSome(
  context: ServiceContext,
  remover: Remover,
  files: readonly WrittenFile[],
  problems: Problem[],
): Promise<number> {
  const gone: Id<'delivery'>[] = []
  let removed = 0
  try {
    for (const { id, name, sha256 } of files) {
      const result = await remover.remove(name, sha256)
      if (result === 'different') {
        problems.push(problem('CLEAN_UP_FILE_DIFFERS', { name }))
        continue
      }
      if (result === 'removed') removed += 1
      gone.push(id)
    }
  } finally {
    if (gone.length > 0) {
      const payload = { deliveries: gone.length }
      await context.ledger.write(command(context, 'campaign.cleanUp', payload), (db) =>
        moveDeliveries(db, gone, ['delivered'], 'cancelled', 'File tolto con la campagna', context.clock.now()),
      )
    }
  }
  return removed
}
