/** What is looked at once more at the moment of sending, and while planning. */
export interface SendingFacts {
  readonly purpose: 'notice' | 'reminder'
  readonly lifecycle: string
  readonly payment: string
  /** Whether the notice is of the position's current version. */
  readonly isCurrent: boolean
  /** Reason of the stop list, null when the person is not on it. */
  readonly stop: string | null
}

/** Why a notice must not leave, in words; null when it may. A reminder also goes to who paid a part. */
export function whyNotSent({ purpose, lifecycle, payment, isCurrent, stop }: SendingFacts): string | null {
  if (lifecycle !== 'issued') return 'La posizione è annullata'
  if (!mayAsk(purpose, payment)) return 'La posizione è già pagata'
  if (!isCurrent) return 'L’avviso è superato da una nuova versione'
  return stop === null ? null : `Nell’elenco di chi non riceve: ${stop}`
}

/** Whether there is still something to ask for. */
export function mayAsk(purpose: 'notice' | 'reminder', payment: string): boolean {
  return payment === 'unpaid' || (purpose === 'reminder' && payment === 'partiallyPaid')
}
