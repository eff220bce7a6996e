import { type Label, labelOf } from './labels.ts'
import type { FlowRowEvidence, PayableInstallment, ReceiptEvidence } from './reconcile-evidence.ts'
import type { RowOutcome } from './reconcile-outcome.ts'
import { isOurs, type PayerIndex } from './reconcile-payers.ts'

/** Which transfers of the installment a row pays: the k-th, or all of ours. */
export const ALL_TRANSFERS = -1

/** Either what keeps a row from being posted, or what it pays. Reused: read it before the next call. */
export interface RowReading {
  outcome: RowOutcome | null
  installment: number
  which: number
}

const held = (label: Label): RowOutcome => Object.freeze({ state: 'held', label })
const notOurs = (label: Label): RowOutcome => Object.freeze({ state: 'notOurs', label })

const UNKNOWN_POSITION = held(labelOf('UNKNOWN_POSITION', {}))
const OTHER_SOFTWARE = notOurs(labelOf('OTHER_SOFTWARE', {}))
const NOT_OURS = notOurs(labelOf('NOT_OURS', {}))
const CANCELLED = held(labelOf('POSITION_CANCELLED', {}))
const AMBIGUOUS = held(labelOf('AMBIGUOUS_TRANSFER', {}))
const WITH_RECEIPT = labelOf('WITH_RECEIPT', {})
const MANY_RECEIPTS = labelOf('MANY_RECEIPTS', {})

/** Outcomes that are money (DOMAIN.md §5 rule 7). */
export function isMoney(outcome: string): boolean {
  return outcome === '0' || outcome === '4' || outcome === '8' || outcome === '9'
}

/** What a row with a money outcome pays, from the positions alone. */
export function readRow(
  row: FlowRowEvidence,
  payers: PayerIndex,
  segregationCodes: readonly string[],
  into: RowReading,
): void {
  into.outcome = null
  into.installment = -1
  const index = payers.byIuv.get(row.iuv)
  if (index === undefined) {
    const ours = row.iuv.length === 17 && segregationCodes.includes(row.iuv.slice(0, 2))
    into.outcome = ours ? UNKNOWN_POSITION : OTHER_SOFTWARE
    return
  }
  into.installment = index
  if (payers.isCancelled(index)) {
    into.outcome = CANCELLED
    return
  }
  if (payers.isReplaced(index)) {
    into.outcome = held(labelOf('NOTICE_REPLACED', { reported: row.cents, asked: payers.askedNow(index) }))
    return
  }
  if (payers.isSimple(index) && payers.ownCents(index) === row.cents) {
    into.which = 0
    return
  }
  const installment = payers.installments[index] as PayableInstallment
  const { transfers } = installment
  const indexed = row.idTransfer === null ? -1 : transfers.findIndex((t) => t.idTransfer === row.idTransfer)
  const transfer = transfers[indexed]
  if (transfer) {
    // What came is in our bank: of another it is only when the amount says so too.
    if (!isOurs(transfer)) {
      into.outcome = transfer.cents === row.cents ? NOT_OURS : differs(row, transfer.cents, installment.version)
    } else if (transfer.cents === row.cents) into.which = indexed
    else if (payers.ownCents(index) === row.cents) into.which = ALL_TRANSFERS
    else into.outcome = differs(row, transfer.cents, installment.version)
    return
  }
  const whole = payers.ownCents(index)
  if (whole === row.cents) {
    into.which = ALL_TRANSFERS
    return
  }
  const equal = transfers.filter((t) => isOurs(t) && t.cents === row.cents)
  if (equal.length === 1) into.which = transfers.indexOf(equal[0] as (typeof transfers)[number])
  else into.outcome = equal.length > 1 ? AMBIGUOUS : differs(row, whole, installment.version)
}

function differs(row: FlowRowEvidence, expected: number, version: number): RowOutcome {
  return held(labelOf('AMOUNT_DIFFERS', { reported: row.cents, expected, v: version }))
}

/** Receipts by IUV, and how far each got: 0 no flow, 1 in a flow, 2 in a credited flow, 3 credited by itself. */
export interface ReceiptIndex {
  readonly receiver: string
  readonly list: readonly ReceiptEvidence[]
  readonly byIuv: ReadonlyMap<string, readonly number[]>
  readonly reached: Uint8Array
}

export function receiptIndex(receipts: readonly ReceiptEvidence[], receiver: string): ReceiptIndex {
  const list = [...receipts].sort((a, b) => (a.iuv !== b.iuv ? (a.iuv < b.iuv ? -1 : 1) : a.iur < b.iur ? -1 : 1))
  const byIuv = new Map<string, number[]>()
  list.forEach((receipt, i) => {
    if (!receipt.ok) return
    const of = byIuv.get(receipt.iuv)
    if (of) of.push(i)
    else byIuv.set(receipt.iuv, [i])
  })
  return { receiver, list, byIuv, reached: new Uint8Array(list.length) }
}

const withoutReceipt = new Map<string, Label>()

/** Joins on IUV + index + amount, then IUR (the IUR may differ from the receipt's id). */
export function joinReceipt(row: FlowRowEvidence, receipts: ReceiptIndex, reach: 1 | 2): Label {
  const of = receipts.byIuv.size === 0 ? undefined : receipts.byIuv.get(row.iuv)
  if (of === undefined) {
    let label = withoutReceipt.get(row.outcome)
    if (!label) {
      label = labelOf('NO_RECEIPT', { outcome: row.outcome })
      withoutReceipt.set(row.outcome, label)
    }
    return label
  }
  const equal = of.filter((i) => agrees(receipts.list[i] as ReceiptEvidence, row, receipts.receiver))
  const exact = equal.filter((i) => (receipts.list[i] as ReceiptEvidence).iur === row.iur)
  const joined = exact.length === 1 ? exact : equal
  const marked = joined.length > 0 ? joined : of
  for (const i of marked) receipts.reached[i] = Math.max(receipts.reached[i] as number, reach)
  if (joined.length === 1) return WITH_RECEIPT
  if (joined.length > 1) return MANY_RECEIPTS
  const first = receipts.list[of[0] as number] as ReceiptEvidence
  return labelOf('RECEIPT_DIFFERS', { receipt: ownPart(first, receipts.receiver), reported: row.cents })
}

/** Only what the receipt pays to us, stamps apart: a part of another institution never vouches for a row of ours. */
function agrees(receipt: ReceiptEvidence, row: FlowRowEvidence, receiver: string): boolean {
  if (ownPart(receipt, receiver) === row.cents) return true
  return receipt.transfers.some(
    (t) =>
      t.fiscalCode === receiver &&
      !t.stamp &&
      t.cents === row.cents &&
      (row.idTransfer === null || t.idTransfer === row.idTransfer),
  )
}

/** Σ of what a receipt pays to us; the whole of it when it does not say to whom. */
export function ownPart(receipt: ReceiptEvidence, receiver: string): number {
  if (receipt.transfers.length === 0) return receipt.cents
  return receipt.transfers.reduce((sum, t) => sum + (t.fiscalCode === receiver && !t.stamp ? t.cents : 0), 0)
}

const sharedOutcomes = new WeakMap<Label, Map<RowOutcome['state'], RowOutcome>>()

/** Rows by the million say the same few things: one object for each. */
export function shared(state: RowOutcome['state'], label: Label): RowOutcome {
  let of = sharedOutcomes.get(label)
  if (!of) {
    of = new Map()
    sharedOutcomes.set(label, of)
  }
  let outcome = of.get(state)
  if (!outcome) {
    outcome = Object.freeze({ state, label })
    of.set(state, outcome)
  }
  return outcome
}
