import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { type Cents, cents } from '#domain/money'
import { BOARD_REASONS, type Tone } from '#domain/vocabulary'

type Outputs = InferContractRouterOutputs<Contract>['reconciliation']

export type Board = Outputs['board']
export type BoardRow = Board['toDecide'][number]
export type Candidate = BoardRow['candidates'][number]
export type MatchTarget = InferContractRouterInputs<Contract>['reconciliation']['match']['targets'][number]

/** What confirming a candidate assigns: never more than the credit has left, nor than the counterpart is worth. */
export function targetOf(row: BoardRow, candidate: Candidate): MatchTarget {
  return { ...candidate.target, cents: lesser(row.leftCents, candidate.cents) }
}

export function lesser(a: Cents, b: Cents): Cents {
  return cents(Math.min(a, b))
}

/** Title, tone and sentence of a row: a proposal is named for how strong it is, the rest by its label. */
export function reasonOf(row: BoardRow): { readonly title: string; readonly tone: Tone; readonly text: string } {
  const best = row.candidates[0]
  const { title, tone, text } = row.label
  if (!best || best.level === 'exact' || best.level === 'searched') return { title, tone, text }
  const reason =
    row.candidates.length > 1
      ? BOARD_REASONS.severalFlows
      : best.level === 'truncated'
        ? BOARD_REASONS.toConfirm
        : best.level === 'debtor'
          ? BOARD_REASONS.outside
          : BOARD_REASONS.weak
  const doubt = best.evidence.find((e) => !e.ok)?.text ?? text
  return { title: reason.word, tone: reason.tone, text: doubt }
}

/** The marks of the causale; where the bank cut the id and a flow completes it, what is missing is marked too. */
export function spansOf(row: BoardRow): BoardRow['spans'] {
  const last = row.spans.findLast((s) => s.mark === 'recognised')
  const cut = row.candidates[0]?.level === 'truncated' && !row.spans.some((s) => s.mark === 'missing')
  return cut && last ? [...row.spans, { start: last.end, end: last.end, mark: 'missing' }] : row.spans
}

/** A row that Invio may confirm as it is: it has a proposal, and only one that the evidence prefers. */
export function canConfirm(row: BoardRow): boolean {
  return row.candidates.length > 0
}

/** `12/04` of a booking day: the year stands in the head of the page. */
export function shortDay(date: string): string {
  return `${date.slice(8, 10)}/${date.slice(5, 7)}`
}
