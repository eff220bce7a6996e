import type { Id } from '#domain/brand'
import type { ServiceContext } from '../context.ts'

/** What lanes need of the outbox. */
export interface OutboxCore {
  readonly context: ServiceContext
  /** Name of this run of the program on the lanes that it holds. */
  readonly holder: string
  /** Deliveries in the hands of this program: whatever else is `sending` was left by one that died. */
  readonly inHand: Set<Id<'delivery'>>
  readonly closing: boolean
  /** Remembers outside the archive how far it has come: before anything leaves. */
  mark(): Promise<void>
}

/** A program that says nothing for so long is dead for the others. */
export const LEASE_MS = 90_000

/** Reason of what did not leave because its campaign was annulled, where nobody gave another. */
export const CAMPAIGN_CANCELLED = 'Campagna annullata'
