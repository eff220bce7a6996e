import { type Label, labelOf } from './labels.ts'
import type { Cents } from './money.ts'
import type { KeptLine, PayableInstallment, PayableTransfer } from './reconcile-evidence.ts'
import type { TargetLine } from './reconcile-outcome.ts'
import { isOurs, oldestFirst, type PayerIndex } from './reconcile-payers.ts'
import { ALL_TRANSFERS } from './reconcile-rows.ts'

/** Something that wants to be collected whole: a flow's row, a credit of one IUV, a part matched by hand. */
export interface Claim {
  readonly id: number
  /** Flow index and ordinal of its row; −1 outside flows. */
  readonly flow: number
  readonly ordinal: number
  readonly flowId: string | null
  readonly rowKey: string | null
  readonly iuv: string | null
  /** −1 when assigned by hand. */
  readonly installment: number
  readonly which: number
  /** Only when assigned by hand. */
  readonly targets: readonly { readonly accertamentoId: number; readonly cents: Cents }[] | null
  readonly idTransfer: number | null
  /** Money behind it: slices of edges, in order. */
  readonly from: number
  readonly to: number
}

interface Want {
  readonly due: number
  readonly idTransfer: number | null
  readonly cents: number
}

const EXCEEDS = labelOf('EXCEEDS_OUTSTANDING', {})
const CREDIT_USED = labelOf('CREDIT_USED', {})
const OTHER_OPTION = labelOf('PAID_WITH_OTHER_OPTION', {})

const FREE = -1
const KEPT = -2

/** Segments of money: parallel arrays, because there are as many as rows. */
export interface Segments {
  readonly edge: number[]
  readonly cents: number[]
}

/**
 * The rooms that claims compete for: transfers not settled, one option of a position, what is due of each accertamento,
 * what is left of each credit. Each claim is taken whole or not at all.
 */
export class ClaimBook {
  readonly #payers: PayerIndex
  readonly #segments: Segments
  /** Movement index and id of each edge. */
  readonly #edgeMovement: readonly number[]
  readonly #movementIds: readonly number[]
  readonly #nameOf: (claim: number) => string
  readonly #settledBy: Int32Array
  readonly #options = new Map<number, { option: 'single' | 'plan'; claims: number }>()
  readonly #dueRoom: Float64Array
  readonly #creditRoom: Float64Array
  readonly #kept = new Map<string, number>()
  readonly #keptOfTransfer = new Map<number, number>()
  readonly #lines: TargetLine[] = []
  /** First line of each taken claim and one past its last; −1 when not taken. */
  readonly #first: number[] = []
  readonly #end: number[] = []
  #dropped = 0
  readonly #held = new Set<number>()

  constructor(
    payers: PayerIndex,
    segments: Segments,
    edgeMovement: readonly number[],
    movementIds: readonly number[],
    available: Float64Array,
    kept: readonly KeptLine[],
    nameOf: (claim: number) => string,
  ) {
    this.#payers = payers
    this.#segments = segments
    this.#edgeMovement = edgeMovement
    this.#movementIds = movementIds
    this.#nameOf = nameOf
    this.#settledBy = new Int32Array(payers.transferCount).fill(FREE)
    this.#dueRoom = Float64Array.from(payers.due, (a) => a.dueCents)
    this.#creditRoom = Float64Array.from(available)
    if (kept.length > 0) this.#keep(kept)
  }

  #keep(kept: readonly KeptLine[]): void {
    const movementOf = new Map(this.#movementIds.map((id, i) => [id, i]))
    for (const line of kept) {
      const due = this.#payers.byAccertamento.get(line.accertamentoId)
      const movement = movementOf.get(line.movementId)
      if (due !== undefined) this.#dueRoom[due] = (this.#dueRoom[due] as number) - line.cents
      if (movement !== undefined) this.#creditRoom[movement] = (this.#creditRoom[movement] as number) - line.cents
      const key = keyOf(line.movementId, line.iuv, line.idTransfer, line.accertamentoId, line.cents)
      this.#kept.set(key, (this.#kept.get(key) ?? 0) + 1)
      const installment = line.iuv === null ? undefined : this.#payers.byIuv.get(line.iuv)
      if (installment === undefined) continue
      const { transfers, positionId, option } = this.#payers.installments[installment] as PayableInstallment
      const k = transfers.findIndex((t) => t.idTransfer === line.idTransfer)
      const pays = transfers[k]?.allocations.some((a) => a.accertamentoId === line.accertamentoId)
      if (!pays) continue // assigned by hand to something else: it settles nothing
      const transfer = (this.#payers.firstTransfer[installment] as number) + k
      this.#settledBy[transfer] = KEPT
      this.#keptOfTransfer.set(transfer, (this.#keptOfTransfer.get(transfer) ?? 0) + 1)
      this.#optionTaken(positionId, option, 1)
    }
  }

  /** Null when taken, with its lines; else why not. */
  take(claim: Claim): Label | null {
    const reason = this.judge(claim)
    if (reason) return reason
    const wants = this.#wantsOf(claim)
    if (wants === null) return EXCEEDS
    const lines: TargetLine[] = []
    const fromKept: boolean[] = []
    let keptSeen = 0
    let failed: Label | null = null
    this.#pour(claim, wants, (segment, want, amount) => {
      const edge = this.#segments.edge[segment] as number
      const movement = this.#edgeMovement[edge] as number
      const movementId = this.#movementIds[movement] as number
      const accertamentoId = (this.#payers.due[want.due] as { accertamentoId: number }).accertamentoId
      const isKept = this.#useKept(movementId, claim.iuv, want.idTransfer, accertamentoId, amount)
      if (isKept) keptSeen += 1
      else {
        const dueRoom = (this.#dueRoom[want.due] as number) - amount
        const creditRoom = (this.#creditRoom[movement] as number) - amount
        this.#dueRoom[want.due] = dueRoom
        this.#creditRoom[movement] = creditRoom
        if (dueRoom < 0) failed ??= EXCEEDS
        else if (creditRoom < 0) failed ??= CREDIT_USED
      }
      fromKept.push(isKept)
      lines.push({
        movementId,
        iuv: claim.iuv,
        idTransfer: want.idTransfer,
        accertamentoId,
        cents: amount as Cents,
        flowId: claim.flowId,
        rowKey: claim.rowKey,
        edge,
        claim: claim.id,
        assignedByHand: claim.targets !== null,
      })
    })
    if (failed === null && this.#keptElsewhere(claim, keptSeen)) {
      failed = labelOf('DUPLICATE_PAYMENT', { first: 'righe mantenute' })
    }
    if (failed !== null) {
      lines.forEach((line, i) => {
        this.#giveBack(line, fromKept[i] as boolean)
      })
      return failed
    }
    this.#first[claim.id] = this.#lines.length
    for (const line of lines) this.#lines.push(line)
    this.#end[claim.id] = this.#lines.length
    if (keptSeen > 0) this.#held.add(claim.id)
    this.#settle(claim, claim.id, 1)
    return null
  }

  /** Whether its transfers are free and no other option of its position is paid, without taking anything. */
  judge(claim: Claim): Label | null {
    if (claim.installment < 0) return null
    const installment = this.#payers.installments[claim.installment] as PayableInstallment
    for (const transfer of this.#transfersOf(claim)) {
      const by = this.#settledBy[transfer] as number
      if (by >= 0) return labelOf('DUPLICATE_PAYMENT', { first: this.#nameOf(by) })
    }
    const taken = this.#options.get(installment.positionId)
    return taken && taken.claims > 0 && taken.option !== installment.option ? OTHER_OPTION : null
  }

  /** The claim that settled a transfer of an installment (all of ours: of the first); −1 when none, or kept. */
  settlerOf(installment: number, which: number): number {
    const first = this.#payers.firstTransfer[installment] as number
    const { transfers } = this.#payers.installments[installment] as PayableInstallment
    const k = which === ALL_TRANSFERS ? transfers.findIndex(isOurs) : which
    return Math.max(FREE, this.#settledBy[first + k] ?? FREE)
  }

  /** False when some of it is kept: what a closed exercise holds cannot be freed. */
  canDrop(claim: number): boolean {
    return this.isTaken(claim) && !this.#held.has(claim)
  }

  drop(claim: Claim): void {
    const end = this.#end[claim.id] as number
    for (let i = this.#first[claim.id] as number; i < end; i++) this.#giveBack(this.#lines[i] as TargetLine, false)
    this.#first[claim.id] = -1
    this.#dropped += 1
    this.#settle(claim, FREE, -1)
  }

  isTaken(claim: number): boolean {
    return (this.#first[claim] ?? -1) >= 0
  }

  settledAll(installment: number): boolean {
    const first = this.#payers.firstTransfer[installment] as number
    const { transfers } = this.#payers.installments[installment] as PayableInstallment
    return transfers.every((t, k) => !isOurs(t) || this.#settledBy[first + k] !== FREE)
  }

  leftDue(due: number): number {
    return this.#dueRoom[due] as number
  }

  /** In the order in which claims were taken. */
  lines(): TargetLine[] {
    return this.#dropped === 0 ? this.#lines : this.#lines.filter((line) => this.isTaken(line.claim))
  }

  #wantsOf(claim: Claim): Want[] | null {
    const wants: Want[] = []
    const { byAccertamento, due } = this.#payers
    if (claim.targets) {
      for (const target of claim.targets) {
        const index = byAccertamento.get(target.accertamentoId)
        if (index === undefined) return null
        wants.push({ due: index, idTransfer: claim.idTransfer, cents: target.cents })
      }
      return wants
    }
    const { transfers } = this.#payers.installments[claim.installment] as PayableInstallment
    for (let k = 0; k < transfers.length; k++) {
      const transfer = transfers[k] as PayableTransfer
      if (claim.which === ALL_TRANSFERS ? !isOurs(transfer) : claim.which !== k) continue
      for (const allocation of transfer.allocations) {
        const index = byAccertamento.get(allocation.accertamentoId)
        if (index === undefined) return null
        wants.push({ due: index, idTransfer: transfer.idTransfer, cents: allocation.cents })
      }
    }
    if (wants.length > 1) {
      wants.sort(
        (a, b) =>
          oldestFirst(due[a.due] as (typeof due)[number], due[b.due] as (typeof due)[number]) ||
          (a.idTransfer ?? 0) - (b.idTransfer ?? 0),
      )
    }
    return wants
  }

  /** Wants into segments, both in order (northwest corner). */
  #pour(claim: Claim, wants: readonly Want[], line: (segment: number, want: Want, amount: number) => void): void {
    let segment = claim.from
    let left = this.#segments.cents[segment] ?? 0
    for (const want of wants) {
      let need = want.cents
      while (need > 0 && segment < claim.to) {
        if (left === 0) {
          segment += 1
          left = this.#segments.cents[segment] ?? 0
          continue
        }
        const amount = Math.min(need, left)
        line(segment, want, amount)
        need -= amount
        left -= amount
      }
    }
  }

  #transfersOf(claim: Claim): number[] {
    const first = this.#payers.firstTransfer[claim.installment] as number
    if (claim.which !== ALL_TRANSFERS) return [first + claim.which]
    const { transfers } = this.#payers.installments[claim.installment] as PayableInstallment
    return transfers.flatMap((t, k) => (isOurs(t) ? [first + k] : []))
  }

  #settle(claim: Claim, by: number, change: 1 | -1): void {
    if (claim.installment < 0) return
    for (const transfer of this.#transfersOf(claim)) {
      if (this.#settledBy[transfer] !== KEPT) this.#settledBy[transfer] = by
    }
    const { positionId, option } = this.#payers.installments[claim.installment] as PayableInstallment
    this.#optionTaken(positionId, option, change)
  }

  #optionTaken(positionId: number, option: 'single' | 'plan', change: 1 | -1): void {
    const taken = this.#options.get(positionId)
    if (!taken || taken.claims === 0) this.#options.set(positionId, { option, claims: 1 })
    else taken.claims += change
  }

  #useKept(movementId: number, iuv: string | null, idTransfer: number | null, due: number, amount: number): boolean {
    if (this.#kept.size === 0) return false
    const key = keyOf(movementId, iuv, idTransfer, due, amount)
    const count = this.#kept.get(key) ?? 0
    if (count === 0) return false
    this.#kept.set(key, count - 1)
    return true
  }

  /** A transfer settled by kept lines is free only for the very claim that they were posted for. */
  #keptElsewhere(claim: Claim, keptSeen: number): boolean {
    if (this.#keptOfTransfer.size === 0 || claim.installment < 0) return false
    const kept = this.#transfersOf(claim).reduce((sum, t) => sum + (this.#keptOfTransfer.get(t) ?? 0), 0)
    return kept > 0 && keptSeen < kept
  }

  #giveBack(line: TargetLine, kept: boolean): void {
    if (kept) {
      const key = keyOf(line.movementId, line.iuv, line.idTransfer, line.accertamentoId, line.cents)
      this.#kept.set(key, (this.#kept.get(key) ?? 0) + 1)
      return
    }
    const due = this.#payers.byAccertamento.get(line.accertamentoId) as number
    const movement = this.#edgeMovement[line.edge] as number
    this.#dueRoom[due] = (this.#dueRoom[due] as number) + line.cents
    this.#creditRoom[movement] = (this.#creditRoom[movement] as number) + line.cents
  }
}

function keyOf(movementId: number, iuv: string | null, idTransfer: number | null, due: number, amount: number): string {
  return `${movementId}|${iuv ?? ''}|${idTransfer ?? ''}|${due}|${amount}`
}
