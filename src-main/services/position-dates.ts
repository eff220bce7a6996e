import type { IsoDate } from '#domain/date'
import { thrownAway } from '#domain/node-step'
import type { StoredPosition } from '#domain/position-plan'
import { positionState } from '#domain/position-state'

/** Expired, cancelled, or failed on the node; or with an instalment left behind. */
export function mayReissue(position: StoredPosition, day: IsoDate): boolean {
  const { lifecycle, syncState, nodeState, payment } = position
  if (lifecycle === 'cancelled' || syncState === 'failed' || thrownAway(nodeState)) return true
  const open = [position.single, ...position.installments].filter((one) => one !== null && one.state === 'unpaid')
  if (payment === 'partiallyPaid') return open.some((one) => one?.dueDate != null && one.dueDate < day)
  const { validUntil } = position
  const dueDate = (position.single ?? position.installments[0])?.dueDate ?? null
  return positionState({ lifecycle, payment, dueDate, validUntil }, day) === 'expired' || validUntil < day
}
