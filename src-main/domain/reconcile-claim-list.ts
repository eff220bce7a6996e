import type { Cents } from './money.ts'
import { CentsColumn, IntColumn } from './reconcile-columns.ts'
import type { FlowRowEvidence } from './reconcile-evidence.ts'
import type { ActiveFlow } from './reconcile-flows.ts'
import type { PayerIndex } from './reconcile-payers.ts'

export type ClaimTargets = readonly { readonly accertamentoId: number; readonly cents: Cents }[]

/**
 * Everything that wants to be collected whole: a flow's row, a credit of one IUV, a part matched by hand. In columns, by
 * number of claim, because there are as many as rows.
 */
export class ClaimList {
  /** Flow index and ordinal of its row; −1 and the movement's index outside flows. */
  readonly flow: IntColumn
  readonly ordinal: IntColumn
  /** −1 when assigned by hand. */
  readonly installment: IntColumn
  readonly which: IntColumn
  /** Money behind it: segments from here on, in order, and one past the last. */
  readonly from: IntColumn
  readonly to: IntColumn
  /** Segments of money: a part of an edge each. */
  readonly segmentEdge: IntColumn
  readonly segmentCents: CentsColumn
  readonly #targets = new Map<number, ClaimTargets>()
  /** Rows assigned by hand, by `iuv|idTransfer`. */
  readonly #byHand = new Map<string, number[]>()
  readonly #flows: readonly ActiveFlow[]
  readonly #payers: PayerIndex
  /** How many claims there are at most, nearly: one for each row, a few for single payments. */
  readonly room: number

  constructor(flows: readonly ActiveFlow[], payers: PayerIndex) {
    this.#flows = flows
    this.#payers = payers
    this.room = flows.reduce((sum, flow) => sum + flow.version.rows.length, 1024)
    const column = () => new IntColumn(this.room)
    this.flow = column()
    this.ordinal = column()
    this.installment = column()
    this.which = column()
    this.from = column()
    this.to = column()
    this.segmentEdge = column()
    this.segmentCents = new CentsColumn(this.room)
  }

  /** A claim on the segments from `from` to the last one added. */
  add(flow: number, ordinal: number, installment: number, which: number, from: number): number {
    const claim = this.flow.length
    this.flow.push(flow)
    this.ordinal.push(ordinal)
    this.installment.push(installment)
    this.which.push(which)
    this.from.push(from)
    this.to.push(this.segmentEdge.length)
    return claim
  }

  addByHand(flow: number, ordinal: number, targets: ClaimTargets, from: number): number {
    const claim = this.add(flow, ordinal, -1, 0, from)
    this.#targets.set(claim, targets)
    const row = this.rowOf(claim)
    if (row) {
      const key = handKey(row.iuv, row.idTransfer)
      const list = this.#byHand.get(key)
      if (list) list.push(claim)
      else this.#byHand.set(key, [claim])
    }
    return claim
  }

  addSegment(edge: number, amount: number): void {
    this.segmentEdge.push(edge)
    this.segmentCents.push(amount)
  }

  /** Only when assigned by hand. */
  targetsOf(claim: number): ClaimTargets | undefined {
    return this.#targets.size === 0 ? undefined : this.#targets.get(claim)
  }

  rowOf(claim: number): FlowRowEvidence | null {
    const flow = this.#flows[this.flow.at(claim)]
    return flow ? (flow.version.rows[this.ordinal.at(claim)] as FlowRowEvidence) : null
  }

  iuvOf(claim: number): string | null {
    const row = this.rowOf(claim)
    return row ? row.iuv : (this.#payers.installments[this.installment.at(claim)]?.iuv ?? null)
  }

  /** Rows assigned by hand of that IUV and transfer, in order of claim. */
  byHand(iuv: string, idTransfer: number | null): readonly number[] {
    return this.#byHand.get(handKey(iuv, idTransfer)) ?? []
  }

  moneyOf(claim: number): number {
    let sum = 0
    for (let i = this.from.at(claim); i < this.to.at(claim); i++) sum += this.segmentCents.at(i)
    return sum
  }
}

function handKey(iuv: string, idTransfer: number | null): string {
  return `${iuv}|${idTransfer ?? ''}`
}
