import { formatDate, type IsoDate } from './date.ts'

/** What is looked at once more at the moment of sending, and while planning. */
export interface SendingFacts {
  readonly purpose: 'notice' | 'reminder'
  readonly lifecycle: string
  readonly payment: string
  /** Whether the notice is of the position's current version. */
  readonly isCurrent: boolean
  /** Last day on which it can be paid; null without end. */
  readonly validUntil: IsoDate | null
  readonly today: IsoDate
  /** Reason of the stop list, null when the person is not on it. */
  readonly stop: string | null
}

/** Why a notice must not leave, in words; null when it may. A reminder also goes to who paid a part. */
export function whyNotSent(facts: SendingFacts): string | null {
  const { purpose, lifecycle, payment, isCurrent, stop } = facts
  if (lifecycle !== 'issued') return 'La posizione è annullata'
  if (!mayAsk(purpose, payment)) return 'La posizione è già pagata'
  if (isOver(facts)) return `La posizione non si può più pagare: valeva fino al ${formatDate(facts.validUntil)}`
  if (!isCurrent) return 'L’avviso è superato da una nuova versione'
  return stop === null ? null : `Nell’elenco di chi non riceve: ${stop}`
}

/** Whether there is still something to ask for. */
export function mayAsk(purpose: 'notice' | 'reminder', payment: string): boolean {
  return payment === 'unpaid' || (purpose === 'reminder' && payment === 'partiallyPaid')
}

/** Past the end of its validity nobody can pay it any more: asking for it would only send people to a refusal. */
export function isOver<V extends { readonly validUntil: IsoDate | null; readonly today: IsoDate }>(
  facts: V,
): facts is V & { readonly validUntil: IsoDate } {
  return facts.validUntil !== null && facts.validUntil < facts.today
}
