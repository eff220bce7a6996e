import { ProblemError, problem } from '#domain/problem'
import type { CampaignWay } from '#ledger/campaign'
import { readWaiting } from '#ledger/delivery-queue'
import type { ServiceContext } from '../context.ts'

/** A notice on its own, fonts included, takes 29–39 kB; a letter adds some. */
const BYTES_A_FILE = 40_000

/**
 * Stops a way before its first file when what still waits cannot fit: half a campaign on a full disk helps nobody.
 * @param free bytes; null where the place does not tell, and the files themselves will
 * @throws ProblemError DELIVERY_SPACE with what is needed and what there is
 */
export async function checkSpace(
  context: ServiceContext,
  way: Pick<CampaignWay, 'campaignId' | 'channel' | 'place'>,
  free: number | null,
): Promise<void> {
  if (free === null) return
  const { waiting } = await context.ledger.read((db) => readWaiting(db, way))
  const needed = waiting * BYTES_A_FILE
  if (needed <= free) return
  const megabytes = (bytes: number, round: (n: number) => number) => round(bytes / 1_000_000).toLocaleString('it-IT')
  const files = waiting === 1 ? 'un file' : `${waiting.toLocaleString('it-IT')} file`
  const words = { files, needed: megabytes(needed, Math.ceil), free: megabytes(free, Math.floor) }
  throw new ProblemError(problem('DELIVERY_SPACE', { place: way.place, ...words }))
}
