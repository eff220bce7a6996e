import { useQuery } from '@tanstack/react-query'
import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import type { SaidThere } from '#domain/node-divergence'
import { useAppState, useExercise } from '../../app-state.ts'
import { orpc } from '../../client.ts'
import { PayNow } from '../cart/PayNow.tsx'
import { proposedValidity } from '../generate/payment-mode.ts'
import { AddLateFee } from './AddLateFee.tsx'
import { CancelPositions } from './CancelPositions.tsx'
import { ChangeAmount } from './ChangeAmount.tsx'
import { ChangeDue } from './ChangeDue.tsx'
import { ChangePlan } from './ChangePlan.tsx'
import { PayOutside } from './PayOutside.tsx'
import type { PositionSelection } from './position-list.tsx'
import { ReactivatePositions, ReissuePositions } from './TakeUpAgain.tsx'

export type PositionActName =
  | 'payNow'
  | 'amount'
  | 'due'
  | 'plan'
  | 'outside'
  | 'lateFee'
  | 'cancel'
  | 'reactivate'
  | 'reissue'

/** An act that was asked for, and on what: one position by its id, or those chosen on the list. */
export interface AskedAct {
  readonly name: PositionActName
  readonly selection: PositionSelection
  readonly one: Id<'debtPosition'> | null
  /** What the node says of the one otherwise: the fields start from it. */
  readonly there?: SaidThere | null
}

/** The dialog of the act that was asked for. */
export function PositionActs({
  asked,
  onClose,
  onDone,
}: {
  readonly asked: AskedAct
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const exercise = useExercise()
  const today = useAppState().data?.today ?? isoDate(`${exercise}-01-01`)
  const { one, there } = asked
  const day = there?.dueDate ?? null
  const card = useQuery(
    orpc.positionAct.card.queryOptions({ input: { id: one ?? (1 as Id<'debtPosition'>) }, enabled: one !== null }),
  ).data
  const detail = useQuery(
    orpc.debtPosition.get.queryOptions({ input: { id: one ?? (1 as Id<'debtPosition'>) }, enabled: one !== null }),
  ).data
  const props = { selection: asked.selection, onClose, onDone }
  // The fields start from what the position says now.
  if (one !== null && (card === undefined || detail === undefined)) return null
  const own = one !== null && card !== undefined ? { card } : {}
  switch (asked.name) {
    case 'payNow':
      return <PayNow of={{ selection: asked.selection }} onClose={onClose} />
    case 'amount':
      return detail ? (
        <ChangeAmount {...props} allocations={detail.allocations} more={there?.moreCents ?? null} />
      ) : null
    case 'due':
      return <ChangeDue {...props} {...own} start={day !== null && day >= today ? day : null} />
    case 'plan':
      return card ? <ChangePlan {...props} card={card} today={today} /> : null
    case 'outside':
      return detail ? (
        <PayOutside id={detail.id} personName={detail.personName} today={today} onClose={onClose} />
      ) : null
    case 'lateFee':
      return (
        <AddLateFee {...props} today={today} validUntil={card?.validUntil ?? proposedValidity(exercise, today, null)} />
      )
    case 'cancel':
      return <CancelPositions {...props} />
    case 'reactivate':
      return <ReactivatePositions {...props} {...own} />
    case 'reissue':
      return <ReissuePositions {...props} {...own} today={today} />
  }
}
