import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'

type Answers = InferContractRouterOutputs<Contract>['person']

export type Card = Answers['get']
export type CardPerson = Card['person']
export type PersonId = CardPerson['id']
export type Due = Card['dues'][number]
export type Contact = Card['contacts'][number]
export type AlboEntry = Card['albo'][number]
export type Paper = Answers['papers'][number]
export type Candidate = Answers['compare']['first']
export type Pair = Answers['duplicates']['pairs'][number]

/** Paid as far as anybody knows; the books take it when the money is in the bank. */
export function isPaid(due: Due): boolean {
  return due.lifecycle === 'issued' && (due.payment === 'paid' || due.payment === 'collected')
}

/** Past its due date with something still to pay. */
export function isOverdue(due: Due, today: string | null): boolean {
  return (
    today !== null &&
    due.dueDate !== null &&
    due.dueDate < today &&
    due.state !== 'cancelled' &&
    !isPaid(due) &&
    due.collectedCents < due.dueCents
  )
}
