import type { IsoDate } from './date.ts'
import { type Label, labelOf } from './labels.ts'
import type { ClaimBook } from './reconcile-claims.ts'
import { IntColumn } from './reconcile-columns.ts'
import type { DecisionsInForce } from './reconcile-decisions.ts'
import type { InstallmentOutcome, ReceiptOutcome } from './reconcile-outcome.ts'
import type { PayerIndex } from './reconcile-payers.ts'
import type { ReceiptIndex } from './reconcile-rows.ts'

const PAID = 1
const REPORTED = 2
const CREDITED = 3
/** By how far its receipt got. */
const RECEIPT_CODES = ['RT_NO_FLOW', 'RT_IN_FLOW', 'RT_CREDITED', 'RT_DIRECT'] as const
const NO_LABELS: readonly Label[] = Object.freeze([])

/** How far the payment of each installment got, in the order in which something was first known of it. */
export class PaymentStates {
  readonly #payers: PayerIndex
  readonly #receipts: ReceiptIndex
  readonly #state: Uint8Array
  readonly #touched: IntColumn
  /** First day of payment known. */
  readonly #paidOn: (IsoDate | undefined)[]
  readonly #paidTwice = new Set<number>()
  readonly #otherOption = new Set<number>()

  constructor(payers: PayerIndex, receipts: ReceiptIndex) {
    this.#payers = payers
    this.#receipts = receipts
    this.#state = new Uint8Array(payers.installments.length)
    this.#touched = new IntColumn(payers.installments.length)
    this.#paidOn = new Array(payers.installments.length).fill(undefined)
  }

  #reach(installment: number, state: number): void {
    const before = this.#state[installment] as number
    if (before === 0) this.#touched.push(installment)
    if (state > before) this.#state[installment] = state
  }

  /** A flow says so. */
  reported(installment: number, day: IsoDate): void {
    this.#reach(installment, REPORTED)
    const before = this.#paidOn[installment]
    if (before === undefined || day < before) this.#paidOn[installment] = day
  }

  /** Its money came, and was taken or not. */
  settled(installment: number, failed: Label | null): void {
    if (failed?.code === 'DUPLICATE_PAYMENT') this.#paidTwice.add(installment)
    if (failed?.code === 'PAID_WITH_OTHER_OPTION') this.#otherOption.add(installment)
    this.#reach(installment, failed ? REPORTED : CREDITED)
  }

  /** Its money came by itself, without a flow. */
  direct(installment: number, day: IsoDate): void {
    this.#paidOn[installment] ??= day
    const iuv = this.#payers.iuvs[installment] as string
    for (const i of this.#receipts.byIuv.get(iuv) ?? []) this.#receipts.reached[i] = 3
  }

  /** Also notes what only a receipt says. */
  receiptOutcomes(): ReceiptOutcome[] {
    return this.#receipts.list.map((receipt, i) => {
      const { receiptId } = receipt
      if (!receipt.ok) return { receiptId, label: labelOf('RT_KO', {}) }
      const installment = this.#payers.byIuv.get(receipt.iuv)
      if (installment === undefined) return { receiptId, label: labelOf('RT_NO_POSITION', {}) }
      this.#reach(installment, PAID)
      this.#paidOn[installment] ??= receipt.paidAt.slice(0, 10) as IsoDate
      const code = RECEIPT_CODES[this.#receipts.reached[i] as 0 | 1 | 2 | 3]
      return { receiptId, label: labelOf(code, {}) }
    })
  }

  outcomes(book: ClaimBook, outside: DecisionsInForce['outside']): InstallmentOutcome[] {
    const { iuvs, positionIds } = this.#payers
    if (outside.size > 0) for (const i of this.#onlyOutside(outside)) this.#touched.push(i)
    return Array.from({ length: this.#touched.length }, (_, at): InstallmentOutcome => {
      const i = this.#touched.at(at)
      const positionId = positionIds[i] as number
      const reached = this.#state[i] as number
      const iuv = iuvs[i] as string
      const decision = outside.get(positionId)?.findLast((d) => d.iuvs?.includes(iuv) ?? true)
      const credited = reached === CREDITED && book.settledAll(i)
      const known = reached >= REPORTED ? 'reported' : reached === PAID ? 'paid' : 'paidOutside'
      return {
        iuv,
        positionId,
        state: credited ? 'credited' : known,
        paidTwice: this.#paidTwice.has(i),
        otherOptionPaid: this.#otherOption.has(i),
        paidOn: this.#paidOn[i] ?? null,
        labels: decision ? [labelOf('PAID_OUTSIDE', { document: decision.document })] : NO_LABELS,
      }
    })
  }

  /** Those that only a person's word says paid, by IUV. */
  #onlyOutside(outside: DecisionsInForce['outside']): number[] {
    const { iuvs, positionIds } = this.#payers
    const found: number[] = []
    positionIds.forEach((positionId, i) => {
      const said = this.#state[i] === 0 ? outside.get(positionId) : undefined
      if (said?.some((d) => d.iuvs?.includes(iuvs[i] as string) ?? true)) found.push(i)
    })
    return found.sort((a, b) => ((iuvs[a] as string) < (iuvs[b] as string) ? -1 : 1))
  }
}
