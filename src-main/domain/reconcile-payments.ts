import type { IsoDate } from './date.ts'
import { type Label, labelOf } from './labels.ts'
import type { ClaimTargets } from './reconcile-claim-list.ts'
import type { ClaimBook } from './reconcile-claims.ts'
import { IntColumn } from './reconcile-columns.ts'
import type { DecisionsInForce } from './reconcile-decisions.ts'
import type { FlowRowEvidence, PayableInstallment, ReceiptEvidence } from './reconcile-evidence.ts'
import type { InstallmentOutcome, ReceiptOutcome } from './reconcile-outcome.ts'
import type { PayerIndex } from './reconcile-payers.ts'
import { ownPart, type ReceiptIndex } from './reconcile-rows.ts'

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
  /** How much of its payments a person gave to its own debts. */
  readonly #given = new Map<number, number>()

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

  /** A person has said where the money of a row goes: that, and no receipt, tells whether its instalment is paid. */
  given(row: FlowRowEvidence, targets: ClaimTargets): void {
    const installment = this.#payers.byIuv.get(row.iuv)
    if (installment === undefined) return
    const { transfers } = this.#payers.installments[installment] as PayableInstallment
    const own = new Set(transfers.flatMap((t) => t.allocations.map((a) => a.accertamentoId)))
    const given = targets.reduce((sum, t) => sum + (own.has(t.accertamentoId) ? t.cents : 0), 0)
    this.#given.set(installment, (this.#given.get(installment) ?? 0) + given)
    if (!this.#isGivenWhole(installment)) return
    this.reported(installment, row.outcomeDate)
    this.#reach(installment, CREDITED)
  }

  #isGivenWhole(installment: number): boolean {
    const given = this.#given.get(installment)
    return given !== undefined && given >= this.#payers.ownCents(installment)
  }

  /** Its money went back: what was given is not there. */
  takenBack(row: FlowRowEvidence): void {
    this.#given.delete(this.#payers.byIuv.get(row.iuv) ?? -1)
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
      if (!this.#given.has(installment)) {
        this.#reach(installment, PAID)
        this.#paidOn[installment] ??= receipt.paidAt.slice(0, 10) as IsoDate
      }
      const reached = this.#receipts.reached[i] as 0 | 1 | 2 | 3
      const label = reached === 0 ? this.#differs(receipt, installment) : null
      return { receiptId, label: label ?? labelOf(RECEIPT_CODES[reached], {}) }
    })
  }

  /** Of another amount than its notice asks now: its flow will ask what to do, until then it is told here. */
  #differs(receipt: ReceiptEvidence, installment: number): Label | null {
    const { transfers, version } = this.#payers.installments[installment] as PayableInstallment
    // Without its parts a receipt is of the whole notice, stamps and other institutions too.
    const whole = receipt.transfers.length === 0
    const expected = whole ? transfers.reduce((sum, t) => sum + t.cents, 0) : this.#payers.ownCents(installment)
    const paid = ownPart(receipt, this.#receipts.receiver)
    return paid === expected ? null : labelOf('RT_AMOUNT_DIFFERS', { paid, expected, v: version })
  }

  outcomes(book: ClaimBook, outside: DecisionsInForce['outside']): InstallmentOutcome[] {
    const { iuvs, positionIds } = this.#payers
    const onlyOutside = outside.size > 0 ? this.#onlyOutside(outside) : []
    for (const i of onlyOutside) this.#touched.push(i)
    // Said too: what is posted with its number is of other debts, or less than it asks.
    const outsideToo = new Set(onlyOutside)
    for (const i of this.#given.keys()) if (this.#state[i] === 0 && !outsideToo.has(i)) this.#touched.push(i)
    return Array.from({ length: this.#touched.length }, (_, at): InstallmentOutcome => {
      const i = this.#touched.at(at)
      const positionId = positionIds[i] as number
      const reached = this.#state[i] as number
      const iuv = iuvs[i] as string
      const decision = outside.get(positionId)?.findLast((d) => d.iuvs?.includes(iuv) ?? true)
      const credited = reached === CREDITED && (book.settledAll(i) || this.#isGivenWhole(i))
      const said = decision ? 'paidOutside' : 'unpaid'
      const known = reached >= REPORTED ? 'reported' : reached === PAID ? 'paid' : said
      return {
        iuv,
        positionId,
        state: credited ? 'credited' : known,
        paidTwice: this.#paidTwice.has(i),
        otherOptionPaid: this.#otherOption.has(i),
        paidOn: this.#paidOn[i] ?? decision?.date ?? null,
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
