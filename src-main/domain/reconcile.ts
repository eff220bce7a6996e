import { type Label, labelOf } from './labels.ts'
import { type Cents, ZERO } from './money.ts'
import { ClaimList, type ClaimTargets } from './reconcile-claim-list.ts'
import { ClaimBook } from './reconcile-claims.ts'
import { type DecisionsInForce, decisionsInForce } from './reconcile-decisions.ts'
import { FlowDoubts } from './reconcile-doubts.ts'
import {
  type DueAccertamento,
  type FlowRowEvidence,
  type MovementEvidence,
  type PayableInstallment,
  type ReconcileInput,
  rowKeyOf,
} from './reconcile-evidence.ts'
import { type ActiveFlow, activeFlows, repeatsOf } from './reconcile-flows.ts'
import type { KeptMoney } from './reconcile-kept.ts'
import { movementOutcomes } from './reconcile-movements.ts'
import type {
  Edge,
  FlowOutcome,
  MovementOutcome,
  ReconcileOutcome,
  RowOutcome,
  TargetLine,
} from './reconcile-outcome.ts'
import { PayerIndex } from './reconcile-payers.ts'
import { PaymentStates } from './reconcile-payments.ts'
import { paidAgain, proposalsFor } from './reconcile-proposals.ts'
import { doubtOfReading, referenceKeys } from './reconcile-references.ts'
import { coverRevocations, type Money, type RevocationCase } from './reconcile-revocations.ts'
import {
  ALL_TRANSFERS,
  isMoney,
  joinReceipt,
  type ReceiptIndex,
  type RowReading,
  readRow,
  receiptIndex,
  shared,
} from './reconcile-rows.ts'
import { type Choice, choose, foldIndex, offerSlices } from './reconcile-slices.ts'
import { takeStorni } from './reconcile-storni.ts'

/**
 * Who paid this credit, to the cent, with the reason: a pure function of the set of evidence and decisions, blind to
 * what is posted (DOMAIN.md §6). `plan` compares its lines with the books.
 */
export function reconcile(input: ReconcileInput): ReconcileOutcome {
  return new Reconciliation(input).run()
}

const REPEATED: RowOutcome = Object.freeze({ state: 'held', label: labelOf('DUPLICATE_ROW', {}) })
const BY_HAND: Label = labelOf('ASSIGNED_BY_HAND', {})

/** One run. The steps are in the order of DOMAIN.md §6; each leaves its result in a field for the next. */
class Reconciliation {
  readonly #input: ReconcileInput
  readonly #decisions: DecisionsInForce
  readonly #payers: PayerIndex
  readonly #receipts: ReceiptIndex
  readonly #flows: readonly ActiveFlow[]
  /** By booking date and fingerprint. */
  readonly #movements: readonly MovementEvidence[]
  readonly #available: Float64Array
  readonly #edges: Edge[] = []
  readonly #edgeMovement: number[] = []
  readonly #claims: ClaimList
  readonly #byDay = new Map<string, number[]>()
  readonly #choices: Choice[] = []
  readonly #rows: RowOutcome[][] = []
  /** By flow, only where some row may repeat another. */
  readonly #repeats = new Map<number, ReadonlyMap<number, number>>()
  /** By installment: the last flow in which it was met; and the unknown IUVs of the flow at hand. */
  readonly #metIn: Int32Array
  readonly #strangers = new Set<string>()
  readonly #blockLabels = new Map<number, Label>()
  /** By flow: its payments of other software or other institutions. */
  readonly #notOurs = new Map<number, { n: number; cents: number }>()
  readonly #directHeld = new Map<number, Label[]>()
  readonly #deadEdges = new Set<number>()
  /** Movements, by flow, on which its kept lines rest. */
  readonly #keptOf = new Map<string, Set<number>>()
  readonly #payments: PaymentStates

  constructor(input: ReconcileInput) {
    this.#input = input
    this.#decisions = decisionsInForce(input.decisions)
    this.#payers = new PayerIndex(input)
    this.#receipts = receiptIndex(input.receipts, input.receiver)
    this.#flows = activeFlows(input, this.#decisions)
    this.#movements = [...input.movements].sort(byDateAndFingerprint)
    this.#available = Float64Array.from(this.#movements, (m) => Math.max(0, m.cents))
    this.#metIn = new Int32Array(this.#payers.installments.length).fill(-1)
    this.#payments = new PaymentStates(this.#payers, this.#receipts)
    this.#claims = new ClaimList(this.#flows, this.#payers)
    if (input.kept.length > 0) this.#placeKept()
  }

  #placeKept(): void {
    const index = new Map(this.#movements.map((m, i) => [m.movementId, i]))
    for (const { flowId, movementId } of this.#input.kept) {
      const movement = index.get(movementId)
      if (flowId === null || movement === undefined) continue
      const on = this.#keptOf.get(flowId)
      if (on) on.add(movement)
      else this.#keptOf.set(flowId, new Set([movement]))
    }
  }

  run(): ReconcileOutcome {
    const byFold = foldIndex(this.#flows)
    const doubts = new FlowDoubts(this.#flows)
    const doubtOf = (m: MovementEvidence) => doubtOfReading(m, byFold, doubts)
    const keysOf = (m: MovementEvidence) => (doubtOf(m) ? [] : referenceKeys(m, byFold))
    const storni = takeStorni(this.#movements, keysOf, this.#decisions, this.#available, this.#input.kept)
    const { offers, slices } = offerSlices(
      this.#movements,
      this.#flows,
      this.#available,
      byFold,
      doubts,
      this.#payers,
      this.#decisions,
    )
    const revocations: RevocationCase[] = []
    const waiting: number[] = []
    for (const flow of this.#flows) this.#matchFlow(flow, slices[flow.index], revocations, waiting)
    offers.forEach((offer, m) => {
      if (offer.kind === 'iuvs') for (const i of offer.installments) this.#claimDirect(m, i, null)
      if (offer.kind !== 'manual') return
      for (const target of offer.targets) {
        if (target.kind === 'accertamento') this.#claimByHand(m, target.accertamentoId, target.cents, offer.decisionId)
        const installment = target.kind === 'iuv' ? this.#payers.byIuv.get(target.iuv) : undefined
        if (installment !== undefined && this.#payers.ownCents(installment) === target.cents) {
          this.#claimDirect(m, installment, offer.decisionId)
        }
      }
    })
    const book = new ClaimBook(
      this.#claims,
      this.#payers,
      {
        edges: this.#edges,
        edgeMovement: this.#edgeMovement,
        movementIds: this.#movements.map((m) => m.movementId),
        available: this.#available,
      },
      this.#input.kept,
      (claim) => this.#nameOf(claim),
      (claim, kept) => this.#keptOfRow(claim, kept),
    )
    this.#settleDays(book)
    this.#settleRevocations(book, revocations)
    for (const flow of waiting) this.#labelWaiting(this.#flows[flow] as ActiveFlow, book)
    for (const { debit, credit, cents } of storni.list) {
      const target = { kind: 'storno', movementId: this.#idOf(credit) } as const
      this.#edges.push(edge(this.#idOf(debit), target, cents, null))
    }
    this.#addInternal()
    const { edges, lines } = this.#edgesAndLines(book)
    const movements = movementOutcomes({
      movements: this.#movements,
      available: this.#available,
      offers,
      choices: this.#choices,
      flows: this.#flows,
      payers: this.#payers,
      storni,
      edges,
      lines,
      decisions: this.#decisions,
      directHeld: this.#directHeld,
      doubtOf,
      flowOf: flowFinder(this.#flows),
    })
    const facts = {
      movements: this.#movements,
      outcomes: movements,
      offers,
      available: this.#available,
      flows: this.#flows,
      choices: this.#choices,
      payers: this.#payers,
      leftDue: (due: number) => book.leftDue(due),
    }
    const proposals = proposalsFor(facts)
    return {
      edges,
      lines,
      movements: this.#askedAgain(movements, paidAgain(facts, proposals)),
      flows: this.#flows.map((flow) => this.#flowOutcome(flow)),
      receipts: this.#payments.receiptOutcomes(),
      installments: this.#payments.outcomes(book, this.#decisions.outside),
      proposals,
    }
  }

  #askedAgain(
    movements: readonly MovementOutcome[],
    again: ReadonlyMap<number, DueAccertamento>,
  ): readonly MovementOutcome[] {
    if (again.size === 0) return movements
    return movements.map((outcome, m) => {
      const paid = again.get(m)
      if (!paid) return outcome
      const { exercise, number, dueCents } = paid
      const label = labelOf('MAYBE_PAID_AGAIN', { exercise, number, cents: dueCents })
      return { ...outcome, labels: [label, ...outcome.labels] }
    })
  }

  #keptOfRow(claim: number, kept: KeptMoney): number {
    const flow = this.#flows[this.#claims.flow.at(claim)]
    if (!flow || !kept.hasRowsOf(flow.flowId)) return 0
    return kept.ofRow(flow.flowId, this.#keyOf(flow, this.#claims.ordinal.at(claim)))
  }

  #addInternal(): void {
    if (this.#decisions.internal.size === 0) return
    const byId = new Map(this.#movements.map((m) => [m.movementId, m]))
    for (const [credit, decision] of this.#decisions.internal) {
      const movement = byId.get(credit)
      if (!movement) continue
      const target = { kind: 'internal', movementId: decision.debitMovementId } as const
      this.#edges.push(edge(credit, target, movement.cents, decision.decisionId))
    }
  }

  /** A credit of one payment that could not be taken is matched to nothing: it waits for a person. */
  #edgesAndLines(book: ClaimBook): { edges: readonly Edge[]; lines: readonly TargetLine[] } {
    const dead = this.#deadEdges
    const place = new Int32Array(this.#edges.length + 1)
    for (let i = 0; i < this.#edges.length; i++) place[i + 1] = (place[i] as number) + (dead.has(i) ? 0 : 1)
    const edges = dead.size === 0 ? this.#edges : this.#edges.filter((_, i) => !dead.has(i))
    const lines = book.lines.toOutcome({
      ...{ claims: this.#claims, flows: this.#flows, payers: this.#payers },
      occurrence: (flow, ordinal) => this.#repeats.get(flow)?.get(ordinal) ?? 1,
      isTaken: (claim) => book.isTaken(claim),
      movementOf: (edge) => this.#idOf(this.#edgeMovement[edge] as number),
      edgePlace: (edge) => place[edge] as number,
    })
    return { edges, lines }
  }

  #idOf(movement: number): number {
    return (this.#movements[movement] as MovementEvidence).movementId
  }

  #addEdge(movement: number, target: Edge['target'], cents: number, decisionId: number | null): number {
    this.#edges.push(edge(this.#idOf(movement), target, cents, decisionId))
    return this.#edgeMovement.push(movement) - 1
  }

  /** Chooses the flow's slices, pours its rows over them and puts what can be claimed among the claims of its day. */
  #matchFlow(
    flow: ActiveFlow,
    offered: Parameters<typeof choose>[1],
    revocations: RevocationCase[],
    waiting: number[],
  ): void {
    const choice: Choice =
      flow.state === 'otherReceiver'
        ? { credit: 'notCredited', chosen: [], offered: 0 }
        : choose(flow.total, offered, this.#keptOf.get(flow.flowId))
    this.#choices.push(choice)
    const { rows } = flow.version
    this.#rows.push(new Array(rows.length))
    const target = { kind: 'flow', flowId: flow.flowId } as const
    const money = choice.chosen.map((s) => ({
      edge: this.#addEdge(s.movement, target, s.cents, s.decisionId),
      cents: s.cents,
    }))
    if (flow.hasRevocation && flow.state === 'active') {
      const confirmed = this.#decisions.revocations.get(flow.flowId)
      const all = rows.every((row, i) => row.outcome !== '3' || confirmed?.has(this.#keyOf(flow, i)))
      if (!all) this.#blockLabels.set(flow.index, labelOf('FLOW_HAS_REVOCATION', {}))
      else if (choice.credit === 'credited' && !flow.blocked) {
        revocations.push({ flow, money })
        return
      }
    }
    const ready = choice.credit === 'credited' && !flow.blocked && !this.#blockLabels.has(flow.index)
    if (!ready) waiting.push(flow.index)
    else this.#claimRows(flow, money, (claim, day) => this.#queue(claim, day))
  }

  #keyOf(flow: ActiveFlow, ordinal: number): string {
    const n = this.#repeatsOf(flow).get(ordinal) ?? 1
    return rowKeyOf(flow.version.rows[ordinal] as FlowRowEvidence, n)
  }

  #repeatsOf(flow: ActiveFlow): ReadonlyMap<number, number> {
    let repeats = this.#repeats.get(flow.index)
    if (!repeats) {
      repeats = repeatsOf(flow.version)
      this.#repeats.set(flow.index, repeats)
    }
    return repeats
  }

  /** Only an IUV met before in this very flow, or a row that was not read as a payment, is worth comparing whole rows. */
  #isRepeated(flow: ActiveFlow, row: FlowRowEvidence, ordinal: number, installment: number): boolean {
    let met: boolean
    if (installment < 0) {
      met = this.#strangers.has(row.iuv)
      this.#strangers.add(row.iuv)
    } else {
      met = this.#metIn[installment] === flow.index
      this.#metIn[installment] = flow.index
    }
    return (met || this.#repeats.has(flow.index)) && this.#repeatsOf(flow).has(ordinal)
  }

  #queue(claim: number, day: string): void {
    const list = this.#byDay.get(day)
    if (list) list.push(claim)
    else this.#byDay.set(day, [claim])
  }

  #claimRows(flow: ActiveFlow, money: readonly Money[], queue: (claim: number, day: string) => void): void {
    const { rows } = flow.version
    const outcomes = this.#rows[flow.index] as RowOutcome[]
    const assigned = this.#decisions.assigned.get(flow.flowId)
    const reading: RowReading = { outcome: null, installment: -1, which: ALL_TRANSFERS }
    const claims = this.#claims
    this.#strangers.clear()
    let slice = 0
    let left = money[0]?.cents ?? 0
    for (let ordinal = 0; ordinal < rows.length; ordinal++) {
      const row = rows[ordinal] as FlowRowEvidence
      if (row.outcome === '3') {
        this.#repeatsOf(flow)
        outcomes[ordinal] = { state: 'revocation', label: labelOf('REVOKED', { cents: row.cents }) }
        continue
      }
      const from = claims.segmentEdge.length
      let need: number = row.cents
      while (need > 0 && slice < money.length) {
        if (left === 0) {
          slice += 1
          left = money[slice]?.cents ?? 0
          continue
        }
        const amount = Math.min(need, left)
        claims.addSegment((money[slice] as Money).edge, amount)
        need -= amount
        left -= amount
      }
      const decision = assigned === undefined ? undefined : assigned.get(this.#keyOf(flow, ordinal))
      if (decision) {
        // A payment is collected whole: what is left of it would be nobody's.
        const given = decision.targets.reduce((sum, t) => sum + t.cents, 0)
        if (given < row.cents) {
          const label = labelOf('ASSIGNED_IN_PART', { given, reported: row.cents })
          outcomes[ordinal] = { state: 'held', label }
          continue
        }
        const fits = need === 0 && given === row.cents
        queue(claims.addByHand(flow.index, ordinal, fits ? decision.targets : [], from), row.outcomeDate)
        continue
      }
      const stuck = this.#readRow(flow, row, ordinal, reading, 2)
      if (stuck || need > 0) outcomes[ordinal] = stuck ?? { state: 'held', label: labelOf('CREDIT_USED', {}) }
      else queue(claims.add(flow.index, ordinal, reading.installment, reading.which, from), row.outcomeDate)
    }
  }

  /** What is in a row's way by itself; null when it may be claimed. Also notes its payment for the installment. */
  #readRow(
    flow: ActiveFlow,
    row: FlowRowEvidence,
    ordinal: number,
    reading: RowReading,
    reach: 1 | 2,
  ): RowOutcome | null {
    if (!isMoney(row.outcome)) {
      this.#repeatsOf(flow)
      return { state: 'held', label: labelOf('UNKNOWN_OUTCOME', { outcome: row.outcome }) }
    }
    readRow(row, this.#payers, this.#input.segregationCodes, reading)
    if (reading.installment >= 0) this.#payments.reported(reading.installment, row.outcomeDate)
    const stuck = this.#isRepeated(flow, row, ordinal, reading.installment) ? REPEATED : reading.outcome
    if (stuck) joinReceipt(row, this.#receipts, reach)
    if (stuck?.state === 'notOurs') {
      const { n, cents } = this.#notOurs.get(flow.index) ?? { n: 0, cents: 0 }
      this.#notOurs.set(flow.index, { n: n + 1, cents: cents + row.cents })
    }
    return stuck
  }

  #claimDirect(movement: number, installment: number, decisionId: number | null): void {
    const { iuv } = this.#payers.installments[installment] as PayableInstallment
    const cents = this.#payers.ownCents(installment)
    const edgeIndex = this.#addEdge(movement, { kind: 'iuv', iuv }, cents, decisionId)
    this.#claimOne(movement, edgeIndex, cents, installment, null)
  }

  #claimByHand(movement: number, accertamentoId: number, cents: Cents, decisionId: number): void {
    const edgeIndex = this.#addEdge(movement, { kind: 'accertamento', accertamentoId }, cents, decisionId)
    this.#claimOne(movement, edgeIndex, cents, -1, [{ accertamentoId, cents }])
  }

  #claimOne(
    movement: number,
    edgeIndex: number,
    cents: number,
    installment: number,
    targets: ClaimTargets | null,
  ): void {
    const from = this.#claims.segmentEdge.length
    this.#claims.addSegment(edgeIndex, cents)
    const claim = targets
      ? this.#claims.addByHand(-1, movement, targets, from)
      : this.#claims.add(-1, movement, installment, ALL_TRANSFERS, from)
    this.#queue(claim, (this.#movements[movement] as MovementEvidence).bookingDate)
  }

  /** Claims by day of payment; inside a day in the order in which they were made, which is canonical. */
  #settleDays(book: ClaimBook): void {
    for (const day of [...this.#byDay.keys()].sort()) {
      for (const claim of this.#byDay.get(day) as number[]) this.#settle(claim, book)
    }
  }

  #settle(claim: number, book: ClaimBook): void {
    const flow = this.#claims.flow.at(claim)
    const installment = this.#claims.installment.at(claim)
    const targets = this.#claims.targetsOf(claim)
    const row = this.#claims.rowOf(claim)
    const joined = row ? joinReceipt(row, this.#receipts, 2) : null
    const label = targets && joined ? BY_HAND : joined
    let failed: Label | null = null
    if (installment >= 0 && this.#payers.isCancelled(installment)) failed = labelOf('POSITION_CANCELLED', {})
    else if (installment >= 0 && this.#payers.isReplaced(installment)) failed = this.#replaced(claim)
    else if (label?.code === 'NO_RECEIPT' && this.#input.settings?.requireReceipt) failed = label
    else if (targets?.length === 0) failed = labelOf('EXCEEDS_OUTSTANDING', {})
    else failed = book.take(claim)
    if (installment >= 0) this.#payments.settled(installment, failed)
    if (row && targets && failed === null) this.#payments.given(row, targets)
    const ordinal = this.#claims.ordinal.at(claim)
    if (row) {
      ;(this.#rows[flow] as RowOutcome[])[ordinal] = shared(failed ? 'held' : 'payable', failed ?? (label as Label))
      return
    }
    if (installment >= 0) this.#payments.direct(installment, (this.#movements[ordinal] as MovementEvidence).bookingDate)
    if (!failed) return
    this.#deadEdges.add(this.#claims.segmentEdge.at(this.#claims.from.at(claim)))
    const list = this.#directHeld.get(ordinal)
    if (list) list.push(failed)
    else this.#directHeld.set(ordinal, [failed])
  }

  #replaced(claim: number): Label {
    const asked = this.#payers.askedNow(this.#claims.installment.at(claim))
    return labelOf('NOTICE_REPLACED', { reported: this.#claims.moneyOf(claim), asked })
  }

  #settleRevocations(book: ClaimBook, cases: RevocationCase[]): void {
    cases.sort((a, b) => {
      const x = a.flow.version.flowDateTime
      const y = b.flow.version.flowDateTime
      return x !== y ? (x < y ? -1 : 1) : a.flow.index - b.flow.index
    })
    for (const { flow, money } of cases) {
      const outcomes = this.#rows[flow.index] as RowOutcome[]
      const net = this.#decisions.net.has(flow.flowId)
      const cover = coverRevocations(flow, this.#payers, this.#claims, book, net)
      for (const [ordinal, label] of cover.rowLabels) outcomes[ordinal] = { state: 'revocation', label }
      if (!cover.covered && !net) {
        this.#blockLabels.set(flow.index, labelOf('FLOW_REVOCATION_UNCOVERED', {}))
        this.#labelWaiting(flow, book)
        continue
      }
      for (const original of cover.originals) {
        book.drop(original)
        const taken = this.#claims.rowOf(original)
        if (taken) this.#payments.takenBack(taken)
        const label = labelOf('REVOKED_BY', { flowId: flow.flowId })
        const netted = this.#rows[this.#claims.flow.at(original)]
        if (netted) netted[this.#claims.ordinal.at(original)] = { state: 'held', label }
      }
      const queued: { claim: number; day: string }[] = []
      this.#claimRows(flow, [...money, ...cover.freed], (claim, day) => queued.push({ claim, day }))
      queued.sort((a, b) => (a.day !== b.day ? (a.day < b.day ? -1 : 1) : a.claim - b.claim))
      for (const { claim } of queued) this.#settle(claim, book)
    }
  }

  /** Rows whose money is not here: what is known of them, without taking anything. */
  #labelWaiting(flow: ActiveFlow, book: ClaimBook): void {
    const outcomes = this.#rows[flow.index] as RowOutcome[]
    const { rows } = flow.version
    const reading: RowReading = { outcome: null, installment: -1, which: ALL_TRANSFERS }
    const foreign = flow.state === 'otherReceiver'
    this.#strangers.clear()
    for (let ordinal = 0; ordinal < rows.length; ordinal++) {
      const row = rows[ordinal] as FlowRowEvidence
      if (foreign) {
        outcomes[ordinal] = shared('notOurs', labelOf('NOT_OURS', {}))
      } else if (row.outcome === '3') {
        this.#repeatsOf(flow)
        outcomes[ordinal] ??= { state: 'revocation', label: labelOf('REVOKED', { cents: row.cents }) }
      } else {
        const stuck = this.#readRow(flow, row, ordinal, reading, 1)
        if (stuck) outcomes[ordinal] = stuck.state === 'notOurs' ? stuck : { state: 'waiting', label: stuck.label }
        else {
          const label = book.judge(reading.installment, reading.which) ?? joinReceipt(row, this.#receipts, 1)
          outcomes[ordinal] = shared('waiting', label)
        }
      }
    }
  }

  #nameOf(claim: number): string {
    const flow = this.#flows[this.#claims.flow.at(claim)]
    if (flow) return `il flusso ${flow.flowId}`
    const movement = this.#movements[this.#claims.ordinal.at(claim)] as MovementEvidence
    return `l’accredito del ${movement.bookingDate.split('-').reverse().join('/')}`
  }

  #flowOutcome(flow: ActiveFlow): FlowOutcome {
    const { credit, chosen, offered } = this.#choices[flow.index] as Choice
    const { flowId, total } = flow
    const labels: Label[] = []
    if (credit === 'credited') {
      labels.push(chosen.length > 1 ? labelOf('CREDITED_IN_PARTS', { parts: chosen.length }) : labelOf('CREDITED', {}))
    } else if (credit === 'notCredited') {
      const since = flow.version.regulationDate
      if (flow.state !== 'otherReceiver') labels.push(labelOf('NOT_CREDITED', { since }))
    } else {
      const code = credit === 'partlyCredited' ? 'PARTLY_CREDITED' : 'OVER_CREDITED'
      labels.push(labelOf(code, { flowId, credited: offered, total }))
    }
    const block = this.#blockLabels.get(flow.index)
    if (block) labels.push(block)
    labels.push(...flow.labels)
    const notOurs = this.#notOurs.get(flow.index)
    if (notOurs && credit === 'credited') labels.push(labelOf('FLOW_NOT_ALL_OURS', notOurs))
    const blocked = flow.blocked || block !== undefined
    const reason = blocked ? this.#decisions.aside.flows.get(flowId) : undefined
    if (reason !== undefined) labels.unshift(labelOf('SET_ASIDE', { reason }))
    return {
      flowId,
      versionId: flow.version.versionId,
      versionState: flow.state,
      supersededVersionIds: flow.superseded,
      credit,
      blocked,
      labels,
      totalCents: total,
      creditedCents: credit === 'credited' ? total : (offered as Cents),
      rows: this.#setAside(flow, this.#rows[flow.index] as RowOutcome[]),
    }
  }

  /** What is held is still held: only the question is over. A row that may be paid meanwhile is paid. */
  #setAside(flow: ActiveFlow, rows: RowOutcome[]): RowOutcome[] {
    const aside = this.#decisions.aside.rows.get(flow.flowId)
    if (!aside || aside.size === 0) return rows
    return rows.map((row, ordinal) => {
      const reason = row.state === 'held' ? aside.get(this.#keyOf(flow, ordinal)) : undefined
      return reason === undefined ? row : { state: 'held', label: labelOf('SET_ASIDE', { reason }) }
    })
  }
}

function edge(movementId: number, target: Edge['target'], cents: number, decisionId: number | null): Edge {
  return {
    movementId,
    target,
    cents: (cents || ZERO) as Cents,
    origin: decisionId === null ? 'automatic' : 'manual',
    decisionId,
  }
}

function byDateAndFingerprint(a: MovementEvidence, b: MovementEvidence): number {
  if (a.bookingDate !== b.bookingDate) return a.bookingDate < b.bookingDate ? -1 : 1
  return a.fingerprint < b.fingerprint ? -1 : a.fingerprint > b.fingerprint ? 1 : 0
}

/** By id, our flows only; made when first asked. */
function flowFinder(flows: readonly ActiveFlow[]): (flowId: string) => number | undefined {
  let byId: Map<string, number> | undefined
  return (flowId) => {
    byId ??= new Map(flows.filter((f) => f.state !== 'otherReceiver').map((f) => [f.flowId, f.index]))
    return byId.get(flowId)
  }
}
