import { type Label, labelOf } from './labels.ts'
import type { Cents } from './money.ts'
import type { ClaimList } from './reconcile-claim-list.ts'
import { IntColumn, intRoom, numbersOf } from './reconcile-columns.ts'
import type { KeptLine, LineIdentity, PayableInstallment, PayableTransfer } from './reconcile-evidence.ts'
import { KeptMoney, roomOfEdges } from './reconcile-kept.ts'
import { LineList } from './reconcile-lines.ts'
import type { Edge } from './reconcile-outcome.ts'
import { isOurs, oldestFirst, type PayerIndex } from './reconcile-payers.ts'
import { ALL_TRANSFERS } from './reconcile-rows.ts'

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
const ONE_CLAIM = 4

/**
 * The rooms that claims compete for: transfers not settled, one option of a position, what is due of each accertamento,
 * what is left of each credit and, where the books keep lines, of each part of it. Each claim is taken whole or not at all.
 */
export class ClaimBook {
  readonly #claims: ClaimList
  readonly #payers: PayerIndex
  /** Movement index and id of each edge. */
  readonly #edgeMovement: readonly number[]
  readonly #movementIds: readonly number[]
  readonly #nameOf: (claim: number) => string
  readonly #keptOfRow: (claim: number, kept: KeptMoney) => number
  readonly #settledBy: Int32Array
  /** By position: which option is paid (0 none) + ONE_CLAIM times how many claims pay it. */
  readonly #options: Int32Array
  readonly #dueRoom: Float64Array
  readonly #creditRoom: Float64Array
  /** Null when nothing is kept: then the claims on an edge are never worth more than it. */
  readonly #edgeRoom: Float64Array | null
  readonly #kept: KeptMoney | null
  readonly #keptOfTransfer = new Map<number, number>()
  readonly lines: LineList
  /** First line of each taken claim and one past its last; −1 when not taken. */
  readonly #first: IntColumn
  readonly #end: IntColumn
  readonly #held = new Set<number>()

  constructor(
    claims: ClaimList,
    payers: PayerIndex,
    credits: {
      readonly edges: readonly Edge[]
      readonly edgeMovement: readonly number[]
      readonly movementIds: readonly number[]
      readonly available: Float64Array
    },
    kept: readonly KeptLine[],
    nameOf: (claim: number) => string,
    keptOfRow: (claim: number, kept: KeptMoney) => number,
  ) {
    this.#claims = claims
    this.#payers = payers
    this.#edgeMovement = credits.edgeMovement
    this.#movementIds = credits.movementIds
    this.#nameOf = nameOf
    this.#keptOfRow = keptOfRow
    this.lines = new LineList(claims.room)
    this.#first = new IntColumn(claims.room)
    this.#end = new IntColumn(claims.room)
    this.#settledBy = intRoom(payers.transferCount).fill(FREE)
    this.#options = intRoom(payers.installments.length)
    this.#dueRoom = numbersOf(payers.due, (a) => a.dueCents)
    this.#creditRoom = Float64Array.from(credits.available)
    this.#kept = kept.length === 0 ? null : new KeptMoney(kept)
    this.#edgeRoom = kept.length === 0 ? null : roomOfEdges(credits.edges, kept)
    if (kept.length > 0) this.#keep(kept)
  }

  #keep(kept: readonly KeptLine[]): void {
    const movementOf = new Map(this.#movementIds.map((id, i) => [id, i]))
    for (const line of kept) {
      const due = this.#payers.dueOf(line.accertamentoId)
      const movement = movementOf.get(line.movementId)
      if (due >= 0) this.#dueRoom[due] = (this.#dueRoom[due] as number) - line.cents
      if (movement !== undefined) this.#creditRoom[movement] = (this.#creditRoom[movement] as number) - line.cents
      const installment = line.iuv === null ? undefined : this.#payers.byIuv.get(line.iuv)
      if (installment === undefined) continue
      const { transfers } = this.#payers.installments[installment] as PayableInstallment
      const k = transfers.findIndex((t) => t.idTransfer === line.idTransfer)
      const pays = transfers[k]?.allocations.some((a) => a.accertamentoId === line.accertamentoId)
      if (!pays) continue // assigned by hand to something else: it settles nothing
      const transfer = this.#payers.firstTransfer(installment) + k
      this.#settledBy[transfer] = KEPT
      this.#keptOfTransfer.set(transfer, (this.#keptOfTransfer.get(transfer) ?? 0) + 1)
      this.#optionTaken(installment, 1)
    }
  }

  /** Null when taken, with its lines; else why not. */
  take(claim: number): Label | null {
    const installment = this.#claims.installment.at(claim)
    const reason = this.judge(installment, this.#claims.which.at(claim))
    if (reason) return reason
    const oneSegment = this.#claims.to.at(claim) - this.#claims.from.at(claim) === 1
    if (oneSegment && installment >= 0 && this.#payers.isSimple(installment) && this.#kept === null) {
      return this.#takeSimple(claim, installment)
    }
    const wants = this.#wantsOf(claim)
    if (wants === null) return EXCEEDS
    const first = this.lines.length
    const fromKept: boolean[] = []
    let keptSeen = 0
    let failed: Label | null = null
    let added = 0
    const iuv = this.#kept === null ? null : this.#claims.iuvOf(claim)
    const poured: { segment: number; want: Want; cents: number }[] = []
    this.#pour(claim, wants, (segment, want, amount) => {
      const edge = this.#claims.segmentEdge.at(segment)
      const isKept = this.#kept?.use(this.#lineOf(edge, iuv, want, amount)) ?? false
      if (isKept) keptSeen += 1
      else {
        added += amount
        const dueRoom = (this.#dueRoom[want.due] as number) - amount
        this.#dueRoom[want.due] = dueRoom
        const creditRoom = this.#draw(edge, amount)
        if (dueRoom < 0) failed ??= EXCEEDS
        else if (creditRoom < 0) failed ??= CREDIT_USED
      }
      fromKept.push(isKept)
      poured.push({ segment, want, cents: amount })
    })
    if (failed === null && this.#keptElsewhere(claim, keptSeen)) {
      failed = labelOf('DUPLICATE_PAYMENT', { first: 'righe mantenute' })
    }
    if (failed === null && this.#kept !== null && added > 0) {
      // Whoever the row is given to now, what the books hold of it is not given twice.
      const keptCents = this.#keptOfRow(claim, this.#kept)
      if (keptCents > 0 && added > (this.#claims.rowOf(claim)?.cents ?? 0) - keptCents) failed = CREDIT_USED
    }
    if (failed !== null) {
      poured.forEach(({ segment, want, cents }, i) => {
        const edge = this.#claims.segmentEdge.at(segment)
        if (fromKept[i]) this.#kept?.giveBack(this.#lineOf(edge, iuv, want, cents))
        else this.#giveBack(edge, want.due, cents)
      })
      return failed
    }
    for (const { segment, want, cents } of poured) {
      this.lines.add(claim, this.#claims.segmentEdge.at(segment), want.due, want.idTransfer, cents)
    }
    this.#took(claim, first)
    if (keptSeen > 0) this.#held.add(claim)
    this.#settle(claim, claim, 1)
    return null
  }

  /** Nearly every claim: one transfer for one accertamento, out of one credit. */
  #takeSimple(claim: number, installment: number): Label | null {
    const payers = this.#payers
    const due = payers.simpleDue(installment)
    if (due < 0) return EXCEEDS
    const segment = this.#claims.from.at(claim)
    const edge = this.#claims.segmentEdge.at(segment)
    const movement = this.#edgeMovement[edge] as number
    const amount = Math.min(this.#payers.ownCents(installment), this.#claims.segmentCents.at(segment))
    const dueRoom = (this.#dueRoom[due] as number) - amount
    const creditRoom = (this.#creditRoom[movement] as number) - amount
    if (dueRoom < 0) return EXCEEDS
    if (creditRoom < 0) return CREDIT_USED
    this.#dueRoom[due] = dueRoom
    this.#creditRoom[movement] = creditRoom
    const first = this.lines.length
    this.lines.add(claim, edge, due, payers.simpleTransfer(installment), amount)
    this.#took(claim, first)
    this.#settledBy[payers.firstTransfer(installment)] = claim
    this.#optionTaken(installment, 1)
    return null
  }

  #took(claim: number, first: number): void {
    this.#first.put(claim, first)
    this.#end.put(claim, this.lines.length)
  }

  /** Whether its transfers are free and no other option of its position is paid, without taking anything. */
  judge(installment: number, which: number): Label | null {
    if (installment < 0) return null
    if (this.#payers.isSimple(installment)) {
      const by = this.#settledBy[this.#payers.firstTransfer(installment)] as number
      if (by >= 0) return labelOf('DUPLICATE_PAYMENT', { first: this.#nameOf(by) })
    } else {
      for (const transfer of this.#transfersOf(installment, which)) {
        const by = this.#settledBy[transfer] as number
        if (by >= 0) return labelOf('DUPLICATE_PAYMENT', { first: this.#nameOf(by) })
      }
    }
    const paid = this.#options[this.#payers.position(installment)] as number
    return paid >= ONE_CLAIM && paid % ONE_CLAIM !== this.#payers.option(installment) ? OTHER_OPTION : null
  }

  /** The claim that settled a transfer of an installment (all of ours: of the first); −1 when none, or kept. */
  settlerOf(installment: number, which: number): number {
    const first = this.#payers.firstTransfer(installment)
    const { transfers } = this.#payers.installments[installment] as PayableInstallment
    const k = which === ALL_TRANSFERS ? transfers.findIndex(isOurs) : which
    return Math.max(FREE, this.#settledBy[first + k] ?? FREE)
  }

  /** False when some of it is kept: what a closed exercise holds cannot be freed. */
  canDrop(claim: number): boolean {
    return this.isTaken(claim) && !this.#held.has(claim)
  }

  drop(claim: number): void {
    const end = this.#end.at(claim)
    for (let i = this.#first.at(claim); i < end; i++) {
      this.#giveBack(this.lines.edge.at(i), this.lines.due.at(i), this.lines.cents.at(i))
    }
    this.#first.put(claim, -1)
    this.#settle(claim, FREE, -1)
  }

  isTaken(claim: number): boolean {
    return claim < this.#first.length && this.#first.at(claim) >= 0
  }

  settledAll(installment: number): boolean {
    const first = this.#payers.firstTransfer(installment)
    if (this.#payers.isSimple(installment)) return this.#settledBy[first] !== FREE
    const { transfers } = this.#payers.installments[installment] as PayableInstallment
    return transfers.every((t, k) => !isOurs(t) || this.#settledBy[first + k] !== FREE)
  }

  leftDue(due: number): number {
    return this.#dueRoom[due] as number
  }

  #wantsOf(claim: number): Want[] | null {
    const wants: Want[] = []
    const { due } = this.#payers
    const targets = this.#claims.targetsOf(claim)
    if (targets) {
      const idTransfer = this.#claims.rowOf(claim)?.idTransfer ?? null
      for (const target of targets) {
        const index = this.#payers.dueOf(target.accertamentoId)
        if (index < 0) return null
        wants.push({ due: index, idTransfer, cents: target.cents })
      }
      return wants
    }
    const { transfers } = this.#payers.installments[this.#claims.installment.at(claim)] as PayableInstallment
    const which = this.#claims.which.at(claim)
    for (let k = 0; k < transfers.length; k++) {
      const transfer = transfers[k] as PayableTransfer
      if (which === ALL_TRANSFERS ? !isOurs(transfer) : which !== k) continue
      for (const allocation of transfer.allocations) {
        const index = this.#payers.dueOf(allocation.accertamentoId)
        if (index < 0) return null
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
  #pour(claim: number, wants: readonly Want[], line: (segment: number, want: Want, amount: number) => void): void {
    let segment = this.#claims.from.at(claim)
    const end = this.#claims.to.at(claim)
    let left = segment < end ? this.#claims.segmentCents.at(segment) : 0
    for (const want of wants) {
      let need = want.cents
      while (need > 0 && segment < end) {
        if (left === 0) {
          segment += 1
          left = segment < end ? this.#claims.segmentCents.at(segment) : 0
          continue
        }
        const amount = Math.min(need, left)
        line(segment, want, amount)
        need -= amount
        left -= amount
      }
    }
  }

  #transfersOf(installment: number, which: number): number[] {
    const first = this.#payers.firstTransfer(installment)
    if (which !== ALL_TRANSFERS) return [first + which]
    const { transfers } = this.#payers.installments[installment] as PayableInstallment
    return transfers.flatMap((t, k) => (isOurs(t) ? [first + k] : []))
  }

  #settle(claim: number, by: number, change: 1 | -1): void {
    const installment = this.#claims.installment.at(claim)
    if (installment < 0) return
    for (const transfer of this.#transfersOf(installment, this.#claims.which.at(claim))) {
      if (this.#settledBy[transfer] !== KEPT) this.#settledBy[transfer] = by
    }
    this.#optionTaken(installment, change)
  }

  #optionTaken(installment: number, change: 1 | -1): void {
    const place = this.#payers.position(installment)
    const paid = this.#options[place] as number
    this.#options[place] = paid < ONE_CLAIM ? ONE_CLAIM + this.#payers.option(installment) : paid + change * ONE_CLAIM
  }

  #lineOf(edge: number, iuv: string | null, want: Want, amount: number): LineIdentity {
    const movementId = this.#movementIds[this.#edgeMovement[edge] as number] as number
    const accertamentoId = this.#payers.accertamentoId(want.due)
    return { movementId, iuv, idTransfer: want.idTransfer, accertamentoId, cents: amount as Cents }
  }

  /** A transfer settled by kept lines is free only for the very claim that they were posted for. */
  #keptElsewhere(claim: number, keptSeen: number): boolean {
    const installment = this.#claims.installment.at(claim)
    if (this.#keptOfTransfer.size === 0 || installment < 0) return false
    const kept = this.#transfersOf(installment, this.#claims.which.at(claim)).reduce(
      (sum, t) => sum + (this.#keptOfTransfer.get(t) ?? 0),
      0,
    )
    return kept > 0 && keptSeen < kept
  }

  /** What is left then of the edge, or of its credit where that is less. */
  #draw(edge: number, amount: number): number {
    const movement = this.#edgeMovement[edge] as number
    const creditRoom = (this.#creditRoom[movement] as number) - amount
    this.#creditRoom[movement] = creditRoom
    if (this.#edgeRoom === null) return creditRoom
    const edgeRoom = (this.#edgeRoom[edge] as number) - amount
    this.#edgeRoom[edge] = edgeRoom
    return Math.min(creditRoom, edgeRoom)
  }

  #giveBack(edge: number, due: number, amount: number): void {
    this.#dueRoom[due] = (this.#dueRoom[due] as number) + amount
    this.#draw(edge, -amount)
  }
}
