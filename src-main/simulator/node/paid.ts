import { between, hexDigits } from '../dice.ts'
import { diceOf } from './dice-of.ts'
import type { PaidNotice } from './money.ts'
import type { NodeStore } from './store.ts'

const METHODS = ['creditCard', 'bankTransfer', 'bancomatPay', 'other'] as const
const FEES = [0, 100, 130, 150, 200] as const

/** How many payments the node knows for an IUV: they are numbered from 0. */
export function paymentsOf(store: NodeStore, creditor: string, iuv: string): number {
  let number = 0
  while (store.get('paid', `${creditor}/${iuv}/${number}`)) number += 1
  return number
}

export function paidKey(paid: Pick<PaidNotice, 'creditor' | 'iuv'>, number: number): string {
  return `${paid.creditor}/${paid.iuv}/${number}`
}

/** Identifier of a payment: from what was paid and how many times before, so that rehearsals can be repeated. */
export function iurOf(creditor: string, noticeNumber: string, number: number): string {
  return hexDigits(diceOf(`iur ${creditor} ${noticeNumber} ${number}`), 32).toLowerCase()
}

/** Fee and way of a payment, which say nothing to the books. */
export function mannerOf(iur: string): { readonly method: string; readonly feeCents: number } {
  const next = diceOf(`manner ${iur}`)
  return {
    method: METHODS[between(next, 0, METHODS.length - 1)] as string,
    feeCents: FEES[between(next, 0, FEES.length - 1)] as number,
  }
}
