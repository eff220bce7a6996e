import type { IsoDate } from './date.ts'
import { foldFlowId } from './flow-id.ts'
import { type Label, labelOf } from './labels.ts'
import type { Cents } from './money.ts'
import type { DecisionsInForce } from './reconcile-decisions.ts'
import type { MovementEvidence } from './reconcile-evidence.ts'
import type { ActiveFlow } from './reconcile-flows.ts'
import type { Edge, MovementOutcome, MovementState, TargetLine } from './reconcile-outcome.ts'
import type { PayerIndex } from './reconcile-payers.ts'
import type { Choice, Offer } from './reconcile-slices.ts'
import type { Storni } from './reconcile-storni.ts'

export interface MovementFacts {
  /** In canonical order; the arrays below are by index. */
  readonly movements: readonly MovementEvidence[]
  readonly available: Float64Array
  readonly offers: readonly Offer[]
  readonly choices: readonly Choice[]
  readonly flows: readonly ActiveFlow[]
  readonly payers: PayerIndex
  readonly storni: Storni
  readonly edges: readonly Edge[]
  readonly lines: readonly TargetLine[]
  readonly decisions: DecisionsInForce
  /** Why a credit of one IUV, or a part matched by hand, could not be taken. */
  readonly directHeld: ReadonlyMap<number, readonly Label[]>
  /** Index of one of our flows. */
  flowOf(flowId: string): number | undefined
  /** Whether the id that a movement carries may be another's, cut. */
  doubtOf(movement: MovementEvidence): Label | null
}

interface Verdict {
  readonly state: MovementState
  readonly labels: Label[]
}

/** State and reasons of every movement, in canonical order. */
export function movementOutcomes(facts: MovementFacts): MovementOutcome[] {
  const matched = new Map<number, number>()
  for (const { movementId, target, cents } of facts.edges) {
    if (target.kind === 'storno' || target.kind === 'internal') continue
    matched.set(movementId, (matched.get(movementId) ?? 0) + cents)
  }
  const assigned = new Map<number, number>()
  for (const { movementId, cents } of facts.lines) assigned.set(movementId, (assigned.get(movementId) ?? 0) + cents)
  const storned = new Map<number, { date: IsoDate; cents: number }>()
  const storns = new Map<number, IsoDate>()
  for (const { debit, credit, cents } of facts.storni.list) {
    const date = (facts.movements[debit] as MovementEvidence).bookingDate
    storned.set(credit, { date, cents: cents + (storned.get(credit)?.cents ?? 0) })
    if (!storns.has(debit)) storns.set(debit, (facts.movements[credit] as MovementEvidence).bookingDate)
  }
  const internalDebits = new Set([...facts.decisions.internal.values()].map((d) => d.debitMovementId))
  const unsettled = unsettling(facts, storned)
  const cuts = flowsByFoldStart(facts.flows)
  return facts.movements.map((movement, m) => {
    const { movementId } = movement
    const verdict =
      movement.cents < 0
        ? debitVerdict(movement, m, facts, storns.get(m), internalDebits, unsettled.get(m))
        : creditVerdict(movement, m, facts, cuts)
    const storno = storned.get(m)
    if (storno) {
      const label = labelOf('STORNED', storno)
      if (facts.available[m] === 0) verdict.labels.unshift(label)
      else verdict.labels.push(label)
    }
    const gone = storno !== undefined && facts.available[m] === 0
    return {
      movementId,
      state: gone ? 'storned' : verdict.state,
      labels: gone ? verdict.labels.filter((l) => l.code !== 'NO_REFERENCE') : verdict.labels,
      availableCents: facts.available[m] as Cents,
      matchedCents: (matched.get(movementId) ?? 0) as Cents,
      assignedCents: (assigned.get(movementId) ?? 0) as Cents,
    }
  })
}

interface Unsettled {
  readonly date: IsoDate
  readonly cents: number
}

/** By debit: storni by reference alone that leave a part of a credit which whole, to the cent, was what it says it pays. */
function unsettling(
  { storni, movements, offers, choices, flows, available, decisions }: MovementFacts,
  storned: ReadonlyMap<number, { readonly cents: number }>,
): ReadonlyMap<number, Unsettled> {
  const found = new Map<number, Unsettled>()
  for (const { debit, credit, cents } of storni.list) {
    const { movementId, stornoOf } = movements[debit] as MovementEvidence
    if (available[credit] === 0 || storni.kept.has(debit)) continue
    if (stornoOf !== null || decisions.storno.has(movementId)) continue
    const offer = offers[credit] as Offer
    const taken = storned.get(credit)?.cents ?? 0
    const whole =
      offer.kind === 'differs'
        ? offer.expected === (available[credit] as number) + taken
        : offer.kind === 'flows' &&
          offer.flows.some((f) => {
            const { credit: state, offered } = choices[f] as Choice
            return state === 'partlyCredited' && offered + taken === (flows[f] as ActiveFlow).total
          })
    if (whole) found.set(debit, { date: (movements[credit] as MovementEvidence).bookingDate, cents })
  }
  return found
}

function debitVerdict(
  movement: MovementEvidence,
  m: number,
  facts: MovementFacts,
  storns: IsoDate | undefined,
  internalDebits: ReadonlySet<number>,
  unsettled: Unsettled | undefined,
): Verdict {
  const excluded = facts.decisions.excluded.get(movement.movementId)
  if (excluded) return { state: 'excluded', labels: [labelOf('EXCLUDED', { reason: excluded.reason })] }
  if (internalDebits.has(movement.movementId)) return { state: 'internal', labels: [labelOf('INTERNAL', {})] }
  const asked: Label[] = []
  const kept = facts.storni.kept.get(m)
  if (kept) {
    const { bookingDate } = facts.movements[kept.credit] as MovementEvidence
    asked.push(labelOf('STORNO_KEPT', { date: bookingDate, cents: kept.cents }))
  }
  const refund = facts.storni.refunds.get(m)
  if (refund) {
    const { bookingDate } = facts.movements[refund.credit] as MovementEvidence
    asked.push(labelOf('MAYBE_REFUND', { date: bookingDate, cents: refund.cents }))
  }
  if (unsettled) asked.push(labelOf('STORNO_IN_PART', unsettled))
  const excess = facts.storni.excess.get(m)
  if (excess !== undefined) asked.push(labelOf('STORNO_EXCEEDS', { cents: excess }))
  const aside = facts.decisions.aside.movements.get(movement.movementId)
  const answered = asked.length > 0 && aside !== undefined
  const labels = answered ? [labelOf('SET_ASIDE', { reason: aside })] : asked
  if (storns) labels.push(labelOf('STORNO', { date: storns }))
  if (labels.length > 0) return { state: 'storno', labels }
  const doubt = facts.doubtOf(movement)
  return { state: 'debit', labels: doubt ? [labelOf('DEBIT', {}), doubt] : [labelOf('DEBIT', {})] }
}

function creditVerdict(
  movement: MovementEvidence,
  m: number,
  facts: MovementFacts,
  cuts: (cut: string) => boolean,
): Verdict {
  const excluded = facts.decisions.excluded.get(movement.movementId)
  if (excluded) return { state: 'excluded', labels: [labelOf('EXCLUDED', { reason: excluded.reason })] }
  if (facts.decisions.internal.has(movement.movementId)) return { state: 'internal', labels: [labelOf('INTERNAL', {})] }
  if (movement.bankAccountId === null) return { state: 'noReference', labels: [labelOf('ACCOUNT_UNKNOWN', {})] }
  const offer = facts.offers[m] as Offer
  const credited = facts.available[m] as number
  switch (offer.kind) {
    case 'none':
    case 'noReference':
      return { state: 'noReference', labels: [labelOf('NO_REFERENCE', {})] }
    case 'flows':
      return flowsVerdict(m, offer.flows, facts)
    case 'manual':
      return manualVerdict(m, offer, facts)
    case 'iuvs': {
      const labels: Label[] = offer.iuvs.map((iuv) => labelOf('MATCHED_IUV', { iuv }))
      const held = facts.directHeld.get(m)
      return held ? { state: 'surplus', labels: [...held, ...labels] } : { state: 'matched', labels }
    }
    case 'foreign': {
      const { receiver } = (facts.flows[offer.flow] as ActiveFlow).version
      return { state: 'differs', labels: [labelOf('FLOW_OTHER_RECEIVER', { receiver })] }
    }
    case 'parts':
      return { state: 'differs', labels: [partsLabel(offer, facts)] }
    case 'ambiguous':
      return { state: 'differs', labels: [labelOf('AMBIGUOUS_FLOW_ID', {})] }
    case 'differs':
      return { state: 'differs', labels: [labelOf('AMOUNT_DIFFERS', { credited, expected: offer.expected })] }
    case 'waiting': {
      // The bank may have cut the id inside its free part: only a known flow that begins like it can tell.
      if (cuts(foldFlowId(offer.flowId))) return { state: 'truncated', labels: [labelOf('TRUNCATED', {})] }
      const since = movement.bookingDate
      return { state: 'waiting', labels: [labelOf('WAITING_FOR_FLOW', { flowId: offer.flowId, since })] }
    }
    case 'unknownIuv':
      return { state: 'waiting', labels: [labelOf('UNKNOWN_IUV', { iuv: offer.iuv })] }
    case 'truncated':
      return { state: 'truncated', labels: [offer.doubt ?? labelOf('TRUNCATED', {})] }
  }
}

function partsLabel(offer: Extract<Offer, { kind: 'parts' }>, facts: MovementFacts): Label {
  const flows = offer.flows.map((f) => facts.flows[f] as ActiveFlow)
  return labelOf('FLOW_AND_IUV', {
    flowId: flows.map((f) => f.flowId).join(' + '),
    total: flows.reduce((sum, f) => sum + f.total, 0),
    iuv: offer.installments.map((i) => facts.payers.installments[i]?.iuv ?? '').join(' + '),
    cents: offer.installments.reduce((sum, i) => sum + facts.payers.ownCents(i), 0),
  })
}

function flowsVerdict(m: number, flows: readonly number[], facts: MovementFacts): Verdict {
  const labels: Label[] = []
  let state: MovementState = 'matched'
  for (const f of flows) {
    const { flowId, total } = facts.flows[f] as ActiveFlow
    const choice = facts.choices[f] as Choice
    const slice = choice.chosen.find((s) => s.movement === m)
    if (slice) labels.push(labelOf('MATCHED_FLOW', { flowId, cents: slice.cents, total }))
    else if (choice.credit === 'credited') {
      state = 'surplus'
      labels.unshift(labelOf('FLOW_ALREADY_CREDITED', { flowId }))
    } else {
      state = 'differs'
      const code = choice.credit === 'partlyCredited' ? 'PARTLY_CREDITED' : 'OVER_CREDITED'
      labels.unshift(labelOf(code, { flowId, credited: choice.offered, total }))
    }
  }
  return { state, labels }
}

function manualVerdict(m: number, offer: Extract<Offer, { kind: 'manual' }>, facts: MovementFacts): Verdict {
  const labels: Label[] = [labelOf('MATCHED_BY_HAND', { user: offer.user })]
  let state: MovementState = 'matched'
  for (const target of offer.targets) {
    const found =
      target.kind === 'flow'
        ? byHandToFlow(m, target.flowId, facts)
        : target.kind === 'iuv'
          ? byHandToIuv(target, facts)
          : null
    if (!found) continue
    if (found.state === 'matched') labels.unshift(...found.labels)
    else {
      labels.push(...found.labels)
      state = found.state
    }
  }
  const left = (facts.available[m] as number) - offer.targets.reduce((sum, t) => sum + t.cents, 0)
  if (left > 0) labels.push(labelOf('PARTLY_ASSIGNED', { left }))
  const held = facts.directHeld.get(m)
  if (held) {
    labels.unshift(...held)
    if (state === 'matched') state = 'surplus'
  }
  return { state, labels }
}

/** What keeps a flow chosen by hand from taking its part; null when nothing does. */
function byHandToFlow(m: number, flowId: string, facts: MovementFacts): Verdict | null {
  const index = facts.flowOf(flowId)
  if (index === undefined) {
    const since = (facts.movements[m] as MovementEvidence).bookingDate
    return { state: 'waiting', labels: [labelOf('WAITING_FOR_FLOW', { flowId, since })] }
  }
  const { total } = facts.flows[index] as ActiveFlow
  const choice = facts.choices[index] as Choice
  if (choice.chosen.some((s) => s.movement === m)) return null
  if (choice.credit === 'credited') return { state: 'surplus', labels: [labelOf('FLOW_ALREADY_CREDITED', { flowId })] }
  // The person has said whose it is: what is missing is the rest of the flow's money, not a word.
  if (choice.credit === 'partlyCredited') {
    return { state: 'matched', labels: [labelOf('PARTLY_CREDITED', { flowId, credited: choice.offered, total })] }
  }
  return { state: 'differs', labels: [labelOf('OVER_CREDITED', { flowId, credited: choice.offered, total })] }
}

/** A payment is collected whole or not at all. */
function byHandToIuv(target: { readonly iuv: string; readonly cents: Cents }, facts: MovementFacts): Verdict | null {
  const installment = facts.payers.byIuv.get(target.iuv)
  if (installment === undefined) return { state: 'waiting', labels: [labelOf('UNKNOWN_IUV', { iuv: target.iuv })] }
  const expected = facts.payers.ownCents(installment)
  if (expected === target.cents) return null
  return { state: 'differs', labels: [labelOf('AMOUNT_DIFFERS', { credited: target.cents, expected })] }
}

/** Whether some known flow's fold begins with a cut and goes on. */
export function flowsByFoldStart(flows: readonly ActiveFlow[]): (cut: string) => boolean {
  const folds = flows.filter((f) => f.state !== 'otherReceiver').map((f) => f.fold)
  folds.sort()
  return (cut) => {
    let low = 0
    let high = folds.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((folds[middle] as string) <= cut) low = middle + 1
      else high = middle
    }
    return (folds[low] ?? '').startsWith(cut)
  }
}
