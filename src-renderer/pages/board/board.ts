import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { type Cents, cents } from '#domain/money'

type Outputs = InferContractRouterOutputs<Contract>['reconciliation']

export type Board = Outputs['board']
export type BoardRow = Board['toDecide'][number]
export type Candidate = BoardRow['candidates'][number]
export type MatchedRow = Board['matched'][number]
export type IgnoredRow = Board['ignored'][number]
export type MatchTarget = InferContractRouterInputs<Contract>['reconciliation']['match']['targets'][number]

/** What confirming a candidate assigns: never more than the credit has left, nor than the counterpart is worth. */
export function targetOf(row: BoardRow, candidate: Candidate): MatchTarget {
  return { ...candidate.target, cents: lesser(row.leftCents, candidate.cents) }
}

export function lesser(a: Cents, b: Cents): Cents {
  return cents(Math.min(a, b))
}

/** A row that Invio may confirm as it is: it has a proposal, and only one that the evidence prefers. */
export function canConfirm(row: BoardRow): boolean {
  return row.candidates.length > 0
}

/** `12/04` of a booking day: the year stands in the head of the page. */
export function shortDay(date: string): string {
  return `${date.slice(8, 10)}/${date.slice(5, 7)}`
}
