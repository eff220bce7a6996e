import type { IsoDate } from './date.ts'
import { type Label, labelOf } from './labels.ts'
import { type Cents, ZERO } from './money.ts'
import { type Claim, ClaimBook, type Segments } from './reconcile-claims.ts'
import { type DecisionsInForce, decisionsInForce } from './reconcile-decisions.ts'
import { FlowDoubts } from './reconcile-doubts.ts'
import type { FlowRowEvidence, MovementEvidence, PayableInstallment, ReconcileInput } from './reconcile-evidence.ts'
import { type ActiveFlow, activeFlows, rowKeysOf } from './reconcile-flows.ts'
import { movementOutcomes } from './reconcile-movements.ts'
import type {
  Edge,
  FlowOutcome,
  InstallmentOutcome,
  ReconcileOutcome,
  RowOutcome,
  TargetLine,
} from './reconcile-outcome.ts'
import { type PayerIndex, payerIndex } from './reconcile-payers.ts'
import { proposalsFor } from './reconcile-proposals.ts'
import { coverRevocations, type RevocationCase } from './reconcile-revocations.ts'
import {
  ALL_TRANSFERS,
  isMoney,
  joinReceipt,
  type ReceiptIndex,
  type RowReading,
  readRow,
  receiptIndex,
} from './reconcile-rows.ts'
import { type Choice, choose, foldIndex, knownAmong, offerSlices } from './reconcile-slices.ts'
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
  readonly #segments: Segments = { edge: [], cents: [] }
  readonly #claims: Claim[] = []
  readonly #byDay = new Map<string, number[]>()
  readonly #choices: Choice[] = []
  readonly #rows: RowOutcome[][] = []
  readonly #keys: string[][] = []
  readonly #blockLabels = new Map<number, Label>()
  readonly #directHeld = new Map<number, Label[]>()
  readonly #deadEdges = new Set<number>()
  readonly #touched: number[] = []
  readonly #payment: Uint8Array
  readonly #paidTwice = new Set<number>()
  readonly #otherOption = new Set<number>()
  /** First day of payment known, by installment. */
  readonly #paidOn: (IsoDate | undefined)[] = []

  constructor(input: ReconcileInput) {
    this.#input = input
    this.#decisions = decisionsInForce(input.decisions)
    this.#payers = payerIndex(input)
    this.#receipts = receiptIndex(input.receipts, input.receiver)
    this.#flows = activeFlows(input, this.#decisions)
    this.#movements = [...input.movements].sort(byDateAndFingerprint)
    this.#available = Float64Array.from(this.#movements, (m) => Math.max(0, m.cents))
    this.#payment = new Uint8Array(this.#payers.installments.length)
  }

  run(): ReconcileOutcome {
    const byFold = foldIndex(this.#flows)
    const doubts = new FlowDoubts(this.#flows)
    const doubtOf = (m: MovementEvidence) => doubtOfReading(m, byFold, doubts)
    const keysOf = (m: MovementEvidence) => (doubtOf(m) ? [] : referenceKeys(m, byFold))
    const storni = takeStorni(this.#movements, keysOf, this.#decisions, this.#available)
    const { offers, slices } = offerSlices(
      this.#movements,
      this.#flows,
      this.#available,
      byFold,
      doubts,
      this.#payers,
      this.#decisions,
    )
    const book = new ClaimBook(
      this.#payers,
      this.#segments,
      this.#edgeMovement,
      this.#movements.map((m) => m.movementId),
      this.#available,
      this.#input.kept,
      (claim) => this.#nameOf(this.#claims[claim] as Claim),
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
    this.#settleDays(book)
    this.#settleRevocations(book, revocations)
    for (const flow of waiting) this.#labelWaiting(this.#flows[flow] as ActiveFlow, book)
    for (const { debit, credit, cents } of storni.list) {
      const target = { kind: 'storno', movementId: this.#idOf(credit) } as const
      this.#edges.push(edge(this.#idOf(debit), target, cents, null))
    }
    this.#addInternal()
    const { edges, lines } = this.#withoutDeadEdges(book.lines())
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
    return {
      edges,
      lines,
      movements,
      flows: this.#flows.map((flow) => this.#flowOutcome(flow)),
      receipts: this.#receiptOutcomes(),
      installments: this.#installmentOutcomes(book),
      proposals: proposalsFor({
        movements: this.#movements,
        outcomes: movements,
        offers,
        available: this.#available,
        flows: this.#flows,
        choices: this.#choices,
        payers: this.#payers,
        leftDue: (due) => book.leftDue(due),
      }),
    }
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
  #withoutDeadEdges(lines: readonly TargetLine[]): { edges: readonly Edge[]; lines: readonly TargetLine[] } {
    const dead = this.#deadEdges
    if (dead.size === 0) return { edges: this.#edges, lines }
    const place = new Int32Array(this.#edges.length + 1)
    const edges = this.#edges.filter((_, i) => {
      place[i + 1] = (place[i] as number) + (dead.has(i) ? 0 : 1)
      return !dead.has(i)
    })
    return { edges, lines: lines.map((line) => ({ ...line, edge: place[line.edge] as number })) }
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
      flow.state === 'otherReceiver' ? { credit: 'notCredited', chosen: [], offered: 0 } : choose(flow.total, offered)
    this.#choices.push(choice)
    const { keys, repeated } = rowKeysOf(flow.version)
    this.#keys.push(keys)
    this.#rows.push(new Array(keys.length))
    const target = { kind: 'flow', flowId: flow.flowId } as const
    const money = choice.chosen.map((s) => ({
      edge: this.#addEdge(s.movement, target, s.cents, s.decisionId),
      cents: s.cents,
    }))
    if (flow.hasRevocation && flow.state === 'active') {
      const confirmed = this.#decisions.revocations.get(flow.flowId)
      const all = flow.version.rows.every((row, i) => row.outcome !== '3' || confirmed?.has(keys[i] as string))
      if (!all) this.#blockLabels.set(flow.index, labelOf('FLOW_HAS_REVOCATION', {}))
      else if (choice.credit === 'credited' && !flow.blocked) {
        revocations.push({ flow, keys, repeated, money })
        return
      }
    }
    const ready = choice.credit === 'credited' && !flow.blocked && !this.#blockLabels.has(flow.index)
    if (!ready) waiting.push(flow.index)
    else this.#claimRows(flow, keys, repeated, money, (claim, day) => this.#queue(claim, day))
  }

  #queue(claim: Claim, day: string): void {
    const list = this.#byDay.get(day)
    if (list) list.push(claim.id)
    else this.#byDay.set(day, [claim.id])
  }

  #claimRows(
    flow: ActiveFlow,
    keys: readonly string[],
    repeated: ReadonlySet<number>,
    money: readonly { edge: number; cents: number }[],
    queue: (claim: Claim, day: string) => void,
  ): void {
    const { rows } = flow.version
    const outcomes = this.#rows[flow.index] as RowOutcome[]
    const assigned = this.#decisions.assigned.get(flow.flowId)
    const reading: RowReading = { outcome: null, installment: -1, which: ALL_TRANSFERS }
    let slice = 0
    let left = money[0]?.cents ?? 0
    for (let ordinal = 0; ordinal < rows.length; ordinal++) {
      const row = rows[ordinal] as FlowRowEvidence
      if (row.outcome === '3') {
        outcomes[ordinal] = { state: 'revocation', label: labelOf('REVOKED', { cents: row.cents }) }
        continue
      }
      const from = this.#segments.edge.length
      let need: number = row.cents
      while (need > 0 && slice < money.length) {
        if (left === 0) {
          slice += 1
          left = money[slice]?.cents ?? 0
          continue
        }
        const amount = Math.min(need, left)
        this.#segments.edge.push((money[slice] as { edge: number }).edge)
        this.#segments.cents.push(amount)
        need -= amount
        left -= amount
      }
      const to = this.#segments.edge.length
      const rowKey = keys[ordinal] as string
      const decision = assigned?.get(rowKey)
      if (decision) {
        const base = {
          flow: flow.index,
          ordinal,
          flowId: flow.flowId,
          rowKey,
          iuv: row.iuv,
          idTransfer: row.idTransfer,
        }
        const fits = need === 0 && decision.targets.reduce((sum, t) => sum + t.cents, 0) <= row.cents
        const claim = this.#claim({
          ...base,
          installment: -1,
          which: 0,
          targets: fits ? decision.targets : [],
          from,
          to,
        })
        queue(claim, row.outcomeDate)
        continue
      }
      const stuck = this.#readRow(row, ordinal, repeated, reading, 2)
      if (stuck || need > 0) {
        outcomes[ordinal] = stuck ?? { state: 'held', label: labelOf('CREDIT_USED', {}) }
        continue
      }
      const claim = this.#claim({
        flow: flow.index,
        ordinal,
        flowId: flow.flowId,
        rowKey,
        iuv: row.iuv,
        idTransfer: row.idTransfer,
        installment: reading.installment,
        which: reading.which,
        targets: null,
        from,
        to,
      })
      queue(claim, row.outcomeDate)
    }
  }

  /** What is in a row's way by itself; null when it may be claimed. Also notes its payment for the installment. */
  #readRow(
    row: FlowRowEvidence,
    ordinal: number,
    repeated: ReadonlySet<number>,
    reading: RowReading,
    reach: 1 | 2,
  ): RowOutcome | null {
    if (!isMoney(row.outcome)) {
      return { state: 'held', label: labelOf('UNKNOWN_OUTCOME', { outcome: row.outcome }) }
    }
    readRow(row, this.#payers, this.#input.segregationCodes, reading)
    if (reading.installment >= 0) {
      this.#reach(reading.installment, 2)
      const before = this.#paidOn[reading.installment]
      if (before === undefined || row.outcomeDate < before) this.#paidOn[reading.installment] = row.outcomeDate
    }
    const stuck = repeated.has(ordinal) ? REPEATED : reading.outcome
    if (stuck) joinReceipt(row, this.#receipts, reach)
    return stuck
  }

  #claim(parts: Omit<Claim, 'id'>): Claim {
    const claim: Claim = {
      id: this.#claims.length,
      flow: parts.flow,
      ordinal: parts.ordinal,
      flowId: parts.flowId,
      rowKey: parts.rowKey,
      iuv: parts.iuv,
      installment: parts.installment,
      which: parts.which,
      targets: parts.targets,
      idTransfer: parts.idTransfer,
      from: parts.from,
      to: parts.to,
    }
    this.#claims.push(claim)
    return claim
  }

  #claimDirect(movement: number, installment: number, decisionId: number | null): void {
    const { iuv } = this.#payers.installments[installment] as PayableInstallment
    const cents = this.#payers.ownCents(installment)
    const edgeIndex = this.#addEdge(movement, { kind: 'iuv', iuv }, cents, decisionId)
    this.#claimOne(movement, edgeIndex, cents, { iuv, installment, targets: null })
  }

  #claimByHand(movement: number, accertamentoId: number, cents: Cents, decisionId: number): void {
    const edgeIndex = this.#addEdge(movement, { kind: 'accertamento', accertamentoId }, cents, decisionId)
    this.#claimOne(movement, edgeIndex, cents, { iuv: null, installment: -1, targets: [{ accertamentoId, cents }] })
  }

  #claimOne(
    movement: number,
    edgeIndex: number,
    cents: number,
    of: Pick<Claim, 'iuv' | 'installment' | 'targets'>,
  ): void {
    const from = this.#segments.edge.length
    this.#segments.edge.push(edgeIndex)
    this.#segments.cents.push(cents)
    const none = { flow: -1, ordinal: movement, flowId: null, rowKey: null, idTransfer: null, which: ALL_TRANSFERS }
    const claim = this.#claim({ ...none, ...of, from, to: from + 1 })
    this.#queue(claim, (this.#movements[movement] as MovementEvidence).bookingDate)
  }

  /** Claims by day of payment; inside a day in the order in which they were made, which is canonical. */
  #settleDays(book: ClaimBook): void {
    for (const day of [...this.#byDay.keys()].sort()) {
      for (const id of this.#byDay.get(day) as number[]) this.#settle(this.#claims[id] as Claim, book)
    }
  }

  #settle(claim: Claim, book: ClaimBook): void {
    const row = claim.flow < 0 ? null : this.#rowOf(claim)
    const installment =
      claim.installment < 0 ? null : (this.#payers.installments[claim.installment] as PayableInstallment)
    let label: Label | null = row ? (claim.targets ? BY_HAND : joinReceipt(row, this.#receipts, 2)) : null
    let failed: Label | null = null
    if (installment?.cancelled) failed = labelOf('POSITION_CANCELLED', {})
    else if (label?.code === 'NO_RECEIPT' && this.#input.settings?.requireReceipt) failed = label
    else if (claim.targets?.length === 0) failed = labelOf('EXCEEDS_OUTSTANDING', {})
    else failed = book.take(claim)
    if (failed?.code === 'DUPLICATE_PAYMENT' && installment) this.#paidTwice.add(claim.installment)
    if (failed?.code === 'PAID_WITH_OTHER_OPTION' && installment) this.#otherOption.add(claim.installment)
    if (installment) this.#reach(claim.installment, failed ? 2 : 3)
    if (row) {
      label = failed ?? label
      ;(this.#rows[claim.flow] as RowOutcome[])[claim.ordinal] = shared(failed ? 'held' : 'payable', label as Label)
    } else {
      if (installment) this.#noteDirect(claim)
      if (failed) {
        this.#deadEdges.add(this.#segments.edge[claim.from] as number)
        const list = this.#directHeld.get(claim.ordinal)
        if (list) list.push(failed)
        else this.#directHeld.set(claim.ordinal, [failed])
      }
    }
  }

  #noteDirect(claim: Claim): void {
    const day = (this.#movements[claim.ordinal] as MovementEvidence).bookingDate
    this.#paidOn[claim.installment] ??= day
    for (const i of this.#receipts.byIuv.get(claim.iuv as string) ?? []) this.#receipts.reached[i] = 3
  }

  #rowOf(claim: Claim): FlowRowEvidence {
    return (this.#flows[claim.flow] as ActiveFlow).version.rows[claim.ordinal] as FlowRowEvidence
  }

  #settleRevocations(book: ClaimBook, cases: RevocationCase[]): void {
    cases.sort((a, b) => {
      const x = a.flow.version.flowDateTime
      const y = b.flow.version.flowDateTime
      return x !== y ? (x < y ? -1 : 1) : a.flow.index - b.flow.index
    })
    for (const { flow, keys, repeated, money } of cases) {
      const outcomes = this.#rows[flow.index] as RowOutcome[]
      const cover = coverRevocations(flow, this.#payers, this.#claims, this.#segments, book)
      for (const [ordinal, label] of cover.rowLabels) outcomes[ordinal] = { state: 'revocation', label }
      if (!cover.covered) {
        this.#blockLabels.set(flow.index, labelOf('FLOW_REVOCATION_UNCOVERED', {}))
        this.#labelWaiting(flow, book)
        continue
      }
      for (const original of cover.originals) {
        book.drop(original)
        if (original.flow >= 0) {
          const label = labelOf('REVOKED_BY', { flowId: flow.flowId })
          ;(this.#rows[original.flow] as RowOutcome[])[original.ordinal] = { state: 'held', label }
        }
      }
      const queued: { claim: Claim; day: string }[] = []
      this.#claimRows(flow, keys, repeated, [...money, ...cover.freed], (claim, day) => queued.push({ claim, day }))
      queued.sort((a, b) => (a.day !== b.day ? (a.day < b.day ? -1 : 1) : a.claim.id - b.claim.id))
      for (const { claim } of queued) this.#settle(claim, book)
    }
  }

  /** Rows whose money is not here: what is known of them, without taking anything. */
  #labelWaiting(flow: ActiveFlow, book: ClaimBook): void {
    const outcomes = this.#rows[flow.index] as RowOutcome[]
    const { rows } = flow.version
    const repeated = this.#repeatedOf(flow)
    const reading: RowReading = { outcome: null, installment: -1, which: ALL_TRANSFERS }
    const foreign = flow.state === 'otherReceiver'
    for (let ordinal = 0; ordinal < rows.length; ordinal++) {
      const row = rows[ordinal] as FlowRowEvidence
      if (foreign) {
        outcomes[ordinal] = shared('notOurs', labelOf('NOT_OURS', {}))
      } else if (row.outcome === '3') {
        outcomes[ordinal] ??= { state: 'revocation', label: labelOf('REVOKED', { cents: row.cents }) }
      } else {
        const stuck = this.#readRow(row, ordinal, repeated, reading, 1)
        if (stuck) outcomes[ordinal] = stuck.state === 'notOurs' ? stuck : { state: 'waiting', label: stuck.label }
        else {
          const probe = { installment: reading.installment, which: reading.which } as Claim
          const label = book.judge(probe) ?? joinReceipt(row, this.#receipts, 1)
          outcomes[ordinal] = shared('waiting', label)
        }
      }
    }
  }

  #repeatedOf(flow: ActiveFlow): ReadonlySet<number> {
    const keys = this.#keys[flow.index] as string[]
    const repeated = new Set<number>()
    keys.forEach((key, ordinal) => {
      if (!key.endsWith('|1')) repeated.add(ordinal)
    })
    return repeated
  }

  /** 1 paid (receipt), 2 reported, 3 credited. */
  #reach(installment: number, state: 1 | 2 | 3): void {
    const before = this.#payment[installment] as number
    if (before === 0) this.#touched.push(installment)
    if (state > before) this.#payment[installment] = state
  }

  #nameOf(claim: Claim): string {
    if (claim.flowId !== null) return `il flusso ${claim.flowId}`
    const movement = this.#movements[claim.ordinal] as MovementEvidence
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
    return {
      flowId,
      versionId: flow.version.versionId,
      versionState: flow.state,
      supersededVersionIds: flow.superseded,
      credit,
      blocked: flow.blocked || block !== undefined,
      labels,
      totalCents: total,
      creditedCents: offered as Cents,
      rows: this.#rows[flow.index] as RowOutcome[],
    }
  }

  #receiptOutcomes(): ReconcileOutcome['receipts'] {
    return this.#receipts.list.map((receipt, i) => {
      const installment = this.#payers.byIuv.get(receipt.iuv)
      if (receipt.ok && installment !== undefined) this.#reach(installment, 1)
      if (receipt.ok && installment !== undefined) this.#paidOn[installment] ??= receipt.paidAt.slice(0, 10) as IsoDate
      const reached = this.#receipts.reached[i]
      const code = !receipt.ok
        ? 'RT_KO'
        : installment === undefined
          ? 'RT_NO_POSITION'
          : reached === 3
            ? 'RT_DIRECT'
            : reached === 2
              ? 'RT_CREDITED'
              : reached === 1
                ? 'RT_IN_FLOW'
                : 'RT_NO_FLOW'
      return { receiptId: receipt.receiptId, label: labelOf(code, {}) }
    })
  }

  #installmentOutcomes(book: ClaimBook): InstallmentOutcome[] {
    const { installments } = this.#payers
    if (this.#decisions.outside.size > 0) {
      const outside = [...this.#payers.byIuv.entries()].sort((a, b) => (a[0] < b[0] ? -1 : 1))
      for (const [, i] of outside) {
        const { positionId } = installments[i] as PayableInstallment
        if (this.#decisions.outside.has(positionId) && this.#payment[i] === 0) this.#touched.push(i)
      }
    }
    return this.#touched.map((i) => {
      const { iuv, positionId } = installments[i] as PayableInstallment
      const reached = this.#payment[i] as number
      const outside = this.#decisions.outside.get(positionId)
      const credited = reached === 3 && book.settledAll(i)
      const state = credited ? 'credited' : reached >= 2 ? 'reported' : reached === 1 ? 'paid' : 'paidOutside'
      return {
        iuv,
        positionId,
        state,
        paidTwice: this.#paidTwice.has(i),
        otherOptionPaid: this.#otherOption.has(i),
        paidOn: this.#paidOn[i] ?? null,
        labels: outside ? [labelOf('PAID_OUTSIDE', { document: outside.document })] : [],
      }
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

/** What a debit and the credit that it storns have in common: the known flow, else the id as it reads, else the IUV. */
function referenceKeys(movement: MovementEvidence, byFold: ReadonlyMap<string, number>): string[] {
  const { flows, iuvs, cutFolds } = movement.reference
  const keys = flows.map((ref) => {
    const known = ref.folds.find((fold) => (byFold.get(fold) ?? -1) >= 0)
    return `f:${known ?? ref.folds[0]}`
  })
  if (keys.length > 0) return keys
  const whole = cutFolds.find((fold) => (byFold.get(fold) ?? -1) >= 0)
  if (whole !== undefined) return [`f:${whole}`]
  return iuvs.filter((i) => i.sure).map((i) => `i:${i.iuv}`)
}

/** Why the known id that a movement carries is not enough to act on; null when it is, or when none is known. */
function doubtOfReading(
  movement: MovementEvidence,
  byFold: ReadonlyMap<string, number>,
  doubts: FlowDoubts,
): Label | null {
  const { flows, cutFolds } = movement.reference
  for (const ref of flows.length > 0 ? flows : [{ flowId: null, loose: [], folds: cutFolds }]) {
    for (const flow of knownAmong(ref.folds, byFold)) {
      const doubt = flow < 0 ? null : doubts.of(flow, ref, movement.description)
      if (doubt) return doubt
    }
  }
  return null
}

/** By id, our flows only; made when first asked. */
function flowFinder(flows: readonly ActiveFlow[]): (flowId: string) => number | undefined {
  let byId: Map<string, number> | undefined
  return (flowId) => {
    byId ??= new Map(flows.filter((f) => f.state !== 'otherReceiver').map((f) => [f.flowId, f.index]))
    return byId.get(flowId)
  }
}

const sharedOutcomes = new WeakMap<Label, Map<RowOutcome['state'], RowOutcome>>()

/** Rows by the million say the same few things: one object for each. */
function shared(state: RowOutcome['state'], label: Label): RowOutcome {
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
