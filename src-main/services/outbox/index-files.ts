import { createHash } from 'node:crypto'
import { indexCsv, indexJson, indexName } from '#codecs/notice-index'
import { ProblemError, problem } from '#domain/problem'
import type { CampaignWay } from '#ledger/campaign'
import { addEvidence } from '#ledger/delivery-queue'
import { leadingOf, readNoticeFacts } from '#ledger/notice-facts'
import { listIndexed, readIndexFiles } from '#ledger/notice-index'
import { command } from '../command.ts'
import type { ServiceContext } from '../context.ts'
import type { Campaign } from './channel.ts'

type Put = (name: string, bytes: Uint8Array, replacing: string | undefined) => Promise<'written' | 'same' | 'different'>

/**
 * The index of what a campaign put in a folder or on a server, CSV and JSON, after all its files. An index that is there
 * is replaced only if it is the one that this campaign wrote before; the way stops with its reason when it is not.
 * @throws ProblemError INDEX_DIFFERS, INDEX_NOT_WRITTEN
 */
export async function writeIndex(
  context: ServiceContext,
  campaign: Pick<Campaign, 'id' | 'at' | 'purpose'>,
  way: Pick<CampaignWay, 'channel' | 'place'>,
  put: Put,
): Promise<void> {
  const { files, entries, before } = await context.ledger.read(async (db) => {
    const written = await listIndexed(db, campaign.id, way.channel)
    const facts = await readNoticeFacts(
      db,
      written.map((one) => one.debtPositionId),
      campaign.purpose,
    )
    const byPosition = new Map(facts.map((one) => [one.debtPositionId, one]))
    return {
      files: written,
      before: await readIndexFiles(db, campaign.id, way.channel),
      entries: written.flatMap(({ name, sha256, debtPositionId }) => {
        const one = byPosition.get(debtPositionId)
        if (one === undefined) return []
        const { noticeNumber, iuv, cents, dueDate } = leadingOf(one)
        return [{ file: name, fiscalCode: one.fiscalCode, noticeNumber, iuv, cents, dueDate, sha256 }]
      }),
    }
  })
  const last = files.at(-1)
  if (last === undefined) return
  const base = indexName(campaign.id, campaign.at)
  const outputs = [
    { name: `${base}.csv`, bytes: await indexCsv(entries) },
    { name: `${base}.json`, bytes: indexJson(campaign.id, entries) },
  ]
  for (const { name, bytes } of outputs) {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const ours = before.find((one) => one.name === name)?.sha256
    const result = await put(name, bytes, ours)
    if (result === 'different') throw new ProblemError(problem('INDEX_DIFFERS', { name, place: way.place }))
    const evidence = { kind: 'index' as const, sha256, text: name, bytesBase64: Buffer.from(bytes).toString('base64') }
    await context.ledger.write(command(context, 'campaign.index', { id: campaign.id, name }), (db) =>
      addEvidence(db, last.id, evidence, context.clock.now()),
    )
  }
}
