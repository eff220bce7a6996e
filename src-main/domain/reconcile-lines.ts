import type { Cents } from './money.ts'
import type { ClaimList } from './reconcile-claim-list.ts'
import { CentsColumn, IntColumn } from './reconcile-columns.ts'
import { type FlowRowEvidence, rowKeyOf } from './reconcile-evidence.ts'
import type { ActiveFlow } from './reconcile-flows.ts'
import type { TargetLine } from './reconcile-outcome.ts'
import type { PayerIndex } from './reconcile-payers.ts'

/** Lines of the claims taken, in columns, in the order in which claims were taken. */
export class LineList {
  readonly claim: IntColumn
  readonly edge: IntColumn
  readonly due: IntColumn
  /** −1 for none. */
  readonly #idTransfer: IntColumn
  readonly cents: CentsColumn

  /** @param room for how many lines to begin with */
  constructor(room: number) {
    this.claim = new IntColumn(room)
    this.edge = new IntColumn(room)
    this.due = new IntColumn(room)
    this.#idTransfer = new IntColumn(room)
    this.cents = new CentsColumn(room)
  }

  get length(): number {
    return this.claim.length
  }

  add(claim: number, edge: number, due: number, idTransfer: number | null, amount: number): void {
    this.claim.push(claim)
    this.edge.push(edge)
    this.due.push(due)
    this.#idTransfer.push(idTransfer ?? -1)
    this.cents.push(amount)
  }

  idTransfer(line: number): number | null {
    const id = this.#idTransfer.at(line)
    return id < 0 ? null : id
  }

  /**
   * As the outcome has them.
   * @param occurrence of a row among those equal to it in its flow, from 1
   * @param movementOf id of the movement of an edge
   * @param edgePlace where each edge stands in the outcome
   */
  toOutcome(of: {
    readonly claims: ClaimList
    readonly flows: readonly ActiveFlow[]
    readonly payers: PayerIndex
    readonly occurrence: (flow: number, ordinal: number) => number
    readonly isTaken: (claim: number) => boolean
    readonly movementOf: (edge: number) => number
    readonly edgePlace: (edge: number) => number
  }): TargetLine[] {
    const out: TargetLine[] = new Array(this.length)
    let count = 0
    for (let i = 0; i < this.length; i++) {
      const claim = this.claim.at(i)
      if (!of.isTaken(claim)) continue
      const edge = this.edge.at(i)
      const flow = of.flows[of.claims.flow.at(claim)]
      const ordinal = of.claims.ordinal.at(claim)
      const row = flow ? (flow.version.rows[ordinal] as FlowRowEvidence) : null
      out[count] = new Line(
        of.movementOf(edge),
        row ? row.iuv : of.claims.iuvOf(claim),
        this.idTransfer(i),
        of.payers.accertamentoId(this.due.at(i)),
        this.cents.at(i) as Cents,
        flow ? flow.flowId : null,
        of.edgePlace(edge),
        claim,
        of.claims.targetsOf(claim) !== undefined,
        row,
        flow ? of.occurrence(flow.index, ordinal) : 1,
      )
      count += 1
    }
    out.length = count
    return out
  }
}

/** A line whose row key is written out only when somebody wants it: few of a million do. */
class Line implements TargetLine {
  readonly movementId: number
  readonly iuv: string | null
  readonly idTransfer: number | null
  readonly accertamentoId: number
  readonly cents: Cents
  readonly flowId: string | null
  readonly edge: number
  readonly claim: number
  readonly assignedByHand: boolean
  readonly #row: FlowRowEvidence | null
  readonly #n: number

  constructor(
    movementId: number,
    iuv: string | null,
    idTransfer: number | null,
    accertamentoId: number,
    amount: Cents,
    flowId: string | null,
    edge: number,
    claim: number,
    assignedByHand: boolean,
    row: FlowRowEvidence | null,
    n: number,
  ) {
    this.movementId = movementId
    this.iuv = iuv
    this.idTransfer = idTransfer
    this.accertamentoId = accertamentoId
    this.cents = amount
    this.flowId = flowId
    this.edge = edge
    this.claim = claim
    this.assignedByHand = assignedByHand
    this.#row = row
    this.#n = n
  }

  get rowKey(): string | null {
    return this.#row === null ? null : rowKeyOf(this.#row, this.#n)
  }
}
