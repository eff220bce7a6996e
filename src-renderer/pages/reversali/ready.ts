import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { type IsoDate, maxDate } from '#domain/date'

type Outputs = InferContractRouterOutputs<Contract>['reversale']

export type Ready = Outputs['ready']
export type Draft = Ready['drafts'][number]
export type Reversale = Outputs['list']['rows'][number]
export type Scope = Required<InferContractRouterInputs<Contract>['reversale']['ready']>

/** Data contabile and causale moved by hand before issuing, by key of the draft. */
export interface DraftChange {
  readonly date?: IsoDate
  readonly causale?: string
}
export type DraftChanges = Readonly<Record<string, DraftChange>>

export interface NumberedDraft extends Draft {
  /** The number that it would take if these were issued now. */
  readonly number: number
  readonly changed: boolean
}

export const WHOLE: Scope = { statementId: null, bankAccountId: null, reportingFlowId: null }

/**
 * The drafts as they would be issued, with the numbers that they would take: a date moved later carries along those
 * after it, as posting does, so that numbers and dates rise together.
 */
export function numbered(ready: Ready, changes: DraftChanges): readonly NumberedDraft[] {
  const last = new Map<number, IsoDate>()
  const numbers = new Map(ready.nextNumbers.map((next) => [next.exercise, next.number]))
  return ready.drafts.map((draft) => {
    const number = numbers.get(draft.exercise) ?? 1
    numbers.set(draft.exercise, number + 1)
    const change = changes[draft.key]
    const chosen = change?.date ?? draft.date
    const date = maxDate(chosen, last.get(draft.exercise) ?? chosen)
    last.set(draft.exercise, date)
    return {
      ...draft,
      date,
      causale: change?.causale ?? draft.causale,
      changed: change !== undefined,
      number,
    }
  })
}

/** `10.1` of «10.1 Quote iscritti». */
export function capitoloCode(capitolo: string): string {
  return capitolo.split(' ', 1)[0] ?? capitolo
}
