import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import type { IsoDate } from '#domain/date'

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

export const WHOLE: Scope = { statementId: null, bankAccountId: null }

/** The drafts as they would be issued: changes applied, by data contabile, with the numbers that they would take. */
export function numbered(ready: Ready, changes: DraftChanges): readonly NumberedDraft[] {
  return ready.drafts
    .map((draft, order) => {
      const change = changes[draft.key]
      return {
        ...draft,
        date: change?.date ?? draft.date,
        causale: change?.causale ?? draft.causale,
        changed: change !== undefined,
        order,
      }
    })
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.order - b.order))
    .map(({ order: _, ...draft }, i) => ({ ...draft, number: ready.nextNumber + i }))
}

/** `10.1` of «10.1 Quote iscritti». */
export function capitoloCode(capitolo: string): string {
  return capitolo.split(' ', 1)[0] ?? capitolo
}

/** What the credit is called where it stands: the treasurer's number, else the bank's own words. */
export function creditWords(lines: Draft['lines']): string {
  const names = new Set(lines.map((l) => l.provvisorio ?? l.bankReference).filter((n) => n !== null))
  return [...names].join(', ')
}
