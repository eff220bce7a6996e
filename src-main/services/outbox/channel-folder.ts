import type { FolderToken } from '#domain/ports'
import { ProblemError, problem, problemText } from '#domain/problem'
import { supersededFile } from '#ledger/superseded-file'
import type { ServiceContext } from '../context.ts'
import { readPaperRun } from '../notice-paper.ts'
import type { ChannelEnd, OpenChannel } from './channel.ts'
import { writeIndex } from './index-files.ts'
import { PapersAhead } from './papers-ahead.ts'
import { checkSpace } from './space.ts'

/**
 * A folder of the network or of this machine: one file a notice, under its name only when whole. A file that is there is
 * compared; only that of an earlier version of the same position, as it was written, is replaced.
 */
export const openFolder: OpenChannel = async (context, campaign, way) => {
  const folder = way.folder as FolderToken
  const room = await context.folders.check(folder)
  if (!room.ok) throw new ProblemError(problem('FOLDER_UNWRITABLE', { place: way.place, reason: room.reason }))
  await checkSpace(context, way, room.freeBytes)
  const run = await context.ledger.read((db) => readPaperRun(db, context, campaign.template.letter ?? null))
  const papers = new PapersAhead(context, run, campaign.purpose)
  return {
    prepare: (next) => papers.prepare(next),
    async send({ delivery, facts }) {
      // The name promised when the campaign was written, whatever the pattern has become (`present-address.ts`).
      const name = delivery.addressText
      const { bytes, sha256 } = await papers.take(facts)
      const text = `${way.place} › ${name}`
      let result = await put(context, folder, name, bytes)
      if (result === 'different') {
        const former = await context.ledger.read((db) => supersededFile(db, delivery.id, text))
        if (former !== null) result = await put(context, folder, name, bytes, former)
      }
      if (typeof result !== 'string') return result
      if (result === 'different') {
        const reason = problemText(problem('FOLDER_FILE_DIFFERS', { name }))
        return { state: 'failed', outcome: 'different', reply: null, reason, evidence: null, retry: false }
      }
      return {
        state: 'delivered',
        outcome: result,
        reply: result === 'same' ? 'Il file c’era già, uguale' : 'File scritto',
        reason: null,
        evidence: { kind: 'file', sha256, text },
        retry: false,
      }
    },
    async afterAll() {
      if (campaign.template.index !== true) return
      await writeIndex(context, campaign, way, (name, bytes, replacing) =>
        context.folders.put(folder, name, bytes, replacing),
      )
    },
    close: () => papers.close(),
  }
}

/** A folder that cannot be written now is no fault of this notice: it waits, and opening the folder again says why. */
async function put(
  context: ServiceContext,
  folder: FolderToken,
  name: string,
  bytes: Uint8Array,
  replacing?: string,
): Promise<'written' | 'same' | 'different' | ChannelEnd> {
  try {
    return await context.folders.put(folder, name, bytes, replacing)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problems.every(({ code }) => code !== 'FOLDER_UNWRITABLE'))
      throw error
    const reason = error.problems.map(problemText).join(' ')
    return { state: 'deferred', outcome: 'temporary', reply: '', reason, evidence: null, retry: true }
  }
}
