import type { PositionSelection } from '../positions/position-list.tsx'

const KEY = 'quietanza.consegna'

/** Positions that a list hands to a new campaign: kept for this window, so that a reload does not lose them. */
export interface ChosenForDelivery {
  readonly selection: PositionSelection
  readonly words: string
}

export function chooseForDelivery(chosen: ChosenForDelivery): void {
  sessionStorage.setItem(KEY, JSON.stringify(chosen))
}

export function chosenForDelivery(): ChosenForDelivery | null {
  const text = sessionStorage.getItem(KEY)
  try {
    return text === null ? null : (JSON.parse(text) as ChosenForDelivery)
  } catch {
    return null
  }
}
