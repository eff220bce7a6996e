import { createHash } from 'node:crypto'
import type { Id } from '#domain/brand'
import { romeDate } from '#domain/date'
import type { FolderToken } from '#domain/ports'
import { isMailable, postalLabel } from '#domain/postal-address'
import { ProblemError, problem } from '#domain/problem'
import { whyNotSent } from '#domain/sending-rules'
import { readCampaign } from '#ledger/campaign'
import { moveDeliveries } from '#ledger/delivery-queue'
import { isStopped, readStops } from '#ledger/delivery-stop'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { readNoticeFacts } from '#ledger/notice-facts'
import { type GatheredDelivery, handOver, readGathered } from '#ledger/post-delivery'
import { command } from '../command.ts'
import type { ServiceContext } from '../context.ts'
import { readPaperRun } from '../notice-paper.ts'
import type { Campaign, ChannelEnd, DeliveryChannelRun, OpenChannel } from './channel.ts'
import {
  type BatchManifest,
  doubtsOf,
  type Letter,
  letterEvidence,
  MANIFEST,
  readManifest,
  writeBatch,
} from './post-batch.ts'
import { checkSpace } from './space.ts'

/** Batches that one campaign may make: the first, and those of what was sent again. */
const MOST_BATCHES = 200

/**
 * The postal batch. `send` only says that a letter belongs into it («sent»); when nothing waits any more the batch is
 * written whole, becomes visible, and its letters are handed over («delivered»). A program that dies in between finds
 * either nothing, and writes it again, or the sealed batch, whose manifest names its letters.
 */
export const openPost: OpenChannel = async (context, campaign, way): Promise<DeliveryChannelRun> => {
  const folder = way.folder as FolderToken | null
  if (folder === null) throw new ProblemError(problem('CAMPAIGN_FOLDER_MISSING', {}))
  const room = await context.folders.check(folder)
  if (!room.ok) throw new ProblemError(problem('FOLDER_UNWRITABLE', { place: way.place, reason: room.reason }))
  // One PDF for the printer shares its fonts among all: what it weighs is known only when it is drawn.
  if (campaign.template.postMerged !== true) await checkSpace(context, way, room.freeBytes)
  return {
    async send({ facts }): Promise<ChannelEnd> {
      const label = postalLabel(facts.name, facts.address)
      const end = { evidence: null, retry: false } as const
      if (!isMailable(label))
        return { ...end, state: 'failed', outcome: 'address', reply: null, reason: doubtsOf(label) }
      return { ...end, state: 'sent', outcome: 'gathered', reply: 'Nel lotto postale', reason: null }
    },
    async afterAll() {
      for (let n = 1; n <= MOST_BATCHES; ) {
        const left = await context.ledger.read((db) => readGathered(db, campaign.id))
        if (left.length === 0) return
        const name = batchName(campaign, n)
        const result = await oneBatch(context, campaign, { folder, place: way.place, name }, left)
        if (result === 'stop') return
        if (result === 'next') n += 1
      }
      throw new ProblemError(problem('POST_BATCH_NAME', { name: batchName(campaign, 1), place: way.place }))
    },
    async close() {},
  }
}

/** «Lotto postale 12 del 2026-03-01», and a number from the second on. */
function batchName(campaign: Pick<Campaign, 'id' | 'at'>, n: number): string {
  return `Lotto postale ${campaign.id} del ${campaign.at.slice(0, 10)}${n === 1 ? '' : ` (${n})`}`
}

/**
 * Takes the sealed batches of a cancelled campaign out of the folder, those that are as they were written; their letters
 * are annulled. Answers how many letters went, and the batches that somebody changed or took from.
 */
export async function removePostBatches(
  context: ServiceContext,
  campaign: Pick<Campaign, 'id' | 'at'>,
  folder: FolderToken,
): Promise<{ readonly removed: number; readonly different: readonly string[] }> {
  let removed = 0
  const different: string[] = []
  for (let n = 1; n <= MOST_BATCHES; n += 1) {
    const name = batchName(campaign, n)
    const bytes = await context.folders.readFromBatch(folder, name, MANIFEST)
    if (bytes === 'none') break
    const manifest = readManifest(bytes, campaign.id)
    if (manifest === null || bytes === null) continue
    const own = createHash('sha256').update(bytes).digest('hex')
    const result = await context.folders.removeBatch(folder, name, { ...manifest.files, [MANIFEST]: own })
    if (result === 'different') different.push(name)
    if (result !== 'removed') continue
    const ids = manifest.letters.map((one) => one.delivery as Id<'delivery'>)
    await context.ledger.write(command(context, 'campaign.cleanUp', { deliveries: ids.length }), (db) =>
      moveDeliveries(db, ids, ['delivered'], 'cancelled', 'Lotto tolto con la campagna', context.clock.now()),
    )
    removed += ids.length
  }
  return { removed, different }
}

interface Place {
  readonly folder: FolderToken
  readonly place: string
  readonly name: string
}

/**
 * Hands over what a sealed batch of that name holds, or writes and seals it; a name of somebody else's is left alone.
 * `again` where somebody paid while it was being drawn: nothing was sealed, and it is drawn anew without them.
 */
async function oneBatch(
  context: ServiceContext,
  campaign: Campaign,
  { folder, place, name }: Place,
  left: readonly GatheredDelivery[],
): Promise<'next' | 'again' | 'stop'> {
  const words = `${place} › ${name}`
  const there = await context.folders.readFromBatch(folder, name, MANIFEST)
  if (there !== 'none') {
    const manifest = readManifest(there, campaign.id)
    if (manifest !== null) await markHandedOver(context, campaign, manifest, words)
    return 'next'
  }
  const run = await context.ledger.read((db) => readPaperRun(db, context, campaign.template.letter ?? null))
  const look = () =>
    context.ledger.write(command(context, 'delivery.gather', { id: campaign.id }), (db) =>
      stillToPost(context, db, campaign, left),
    )
  const letters = await look()
  if (letters.length === 0) return 'next'
  const batch = await context.folders.batch(folder, name)
  try {
    const merged = campaign.template.postMerged === true
    const { manifest, refused } = await writeBatch(context, batch, letters, run, { campaign: campaign.id, merged })
    await context.ledger.write(command(context, 'delivery.refuse', { deliveries: refused.length }), async (db) => {
      for (const { id, reason } of refused) {
        await moveDeliveries(db, [id], ['sent'], 'failed', reason, context.clock.now())
      }
    })
    // Looked at last of all: a campaign taken back while its papers were being drawn hands nothing over.
    const row = await context.ledger.read((db) => readCampaign(db, campaign.id))
    if (row === null || row.cancelledAt !== null || row.pausedAt !== null) return 'stop'
    if (manifest.letters.length === 0) return 'next'
    // Thousands of papers take minutes: who paid meanwhile, all or a part, is in none of them.
    if (JSON.stringify(await look()) !== JSON.stringify(letters)) return 'again'
    if ((await batch.seal()) === 'taken') return 'next'
    context.log.info('postal batch', { campaign: campaign.id, letters: manifest.letters.length, pages: manifest.pages })
    await markHandedOver(context, campaign, manifest, words)
    return 'next'
  } finally {
    await batch.abort()
  }
}

async function markHandedOver(context: ServiceContext, campaign: Campaign, manifest: BatchManifest, words: string) {
  const { letters, pages } = manifest
  const payload = { id: campaign.id, letters: letters.length, pages, place: words }
  await context.ledger.write(command(context, 'delivery.handOver', payload), (db) =>
    handOver(
      db,
      letters.map((one) => ({ id: one.delivery as Id<'delivery'>, evidence: letterEvidence(one, words) })),
      context.clock.now(),
    ),
  )
}

/** Looked at again when the batch is made: who paid, was annulled, changed or is not written to any more stays out. */
async function stillToPost(
  context: ServiceContext,
  db: WriteHandle & ReadHandle,
  campaign: Campaign,
  left: readonly GatheredDelivery[],
): Promise<Letter[]> {
  const at = context.clock.now()
  const { purpose } = campaign
  const all = await readNoticeFacts(
    db,
    left.map((one) => one.debtPositionId),
    campaign.purpose,
  )
  const facts = new Map(all.map((one) => [one.debtPositionId, one]))
  const stops = await readStops(
    db,
    left.map((one) => one.personId),
  )
  const letters: Letter[] = []
  for (const { id, debtPositionId, personId, noticeVersion } of left) {
    const one = facts.get(debtPositionId)
    const stop = isStopped(stops, personId, 'post') ? 'posta' : null
    const reason =
      one === undefined
        ? 'L’avviso non si può più stampare'
        : whyNotSent({ ...one, purpose, isCurrent: one.version === noticeVersion, stop, today: romeDate(at) })
    if (reason !== null) await moveDeliveries(db, [id], ['sent'], 'suppressed', reason, at)
    else if (one !== undefined) letters.push({ id, facts: one })
  }
  return letters
}
