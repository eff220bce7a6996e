import type { Label } from './labels.ts'
import type { DecisionsInForce } from './reconcile-decisions.ts'
import type { FlowDoubts } from './reconcile-doubts.ts'
import type { ManualTarget, MovementEvidence } from './reconcile-evidence.ts'
import type { ActiveFlow } from './reconcile-flows.ts'
import type { PayerIndex } from './reconcile-payers.ts'

/** What a credit offers to a flow. */
export interface Slice {
  readonly movement: number
  readonly cents: number
  readonly decisionId: number | null
}

/** What became of a credit before any flow chose. */
export type Offer =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'manual'
      readonly targets: readonly ManualTarget[]
      readonly decisionId: number
      readonly user: string
    }
  | { readonly kind: 'flows'; readonly flows: readonly number[] }
  | { readonly kind: 'iuvs'; readonly installments: readonly number[]; readonly iuvs: readonly string[] }
  | { readonly kind: 'foreign'; readonly flow: number }
  /** `cuts`: what the ids of the flows proposed may begin with. */
  | { readonly kind: 'ambiguous'; readonly cuts: readonly string[] }
  /** Known flows and known single payments that together make the credit. */
  | { readonly kind: 'parts'; readonly flows: readonly number[]; readonly installments: readonly number[] }
  | { readonly kind: 'differs'; readonly expected: number }
  | { readonly kind: 'waiting'; readonly flowId: string }
  | { readonly kind: 'unknownIuv'; readonly iuv: string }
  | { readonly kind: 'truncated'; readonly cuts: readonly string[]; readonly doubt: Label | null }
  | { readonly kind: 'noReference' }

/** Known flows by fold; −1 where two flows share it. */
export function foldIndex(flows: readonly ActiveFlow[]): Map<string, number> {
  const byFold = new Map<string, number>()
  for (const flow of flows) {
    const other = byFold.get(flow.fold)
    const before = other === undefined ? undefined : flows[other]
    // A flow of another institution never disturbs ours.
    if (before === undefined && other === undefined) byFold.set(flow.fold, flow.index)
    else if (before?.state === 'otherReceiver') byFold.set(flow.fold, flow.index)
    else if (flow.state !== 'otherReceiver') byFold.set(flow.fold, -1)
  }
  return byFold
}

/** Flows whose only row is a payment of that IUV; −1 where there are several. */
export function singleRowFlows(flows: readonly ActiveFlow[]): Map<string, number> {
  const single = new Map<string, number>()
  for (const flow of flows) {
    const row = flow.version.rows[0]
    if (!row || flow.version.rows.length !== 1 || row.outcome === '3' || flow.state === 'otherReceiver') continue
    single.set(row.iuv, single.has(row.iuv) ? -1 : flow.index)
  }
  return single
}

/** Reads each credit's candidates against what is known (DOMAIN.md §6.3) and hands its slices to the flows. */
export function offerSlices(
  movements: readonly MovementEvidence[],
  flows: readonly ActiveFlow[],
  available: Float64Array,
  byFold: ReadonlyMap<string, number>,
  doubts: FlowDoubts,
  payers: PayerIndex,
  decisions: DecisionsInForce,
): { offers: Offer[]; slices: (Slice[] | undefined)[] } {
  const slices: (Slice[] | undefined)[] = new Array(flows.length)
  const single = singleRowFlows(flows)
  const byId = new Map<string, number>()
  if (decisions.manual.size > 0) {
    for (const flow of flows) if (flow.state !== 'otherReceiver') byId.set(flow.flowId, flow.index)
  }
  const give = (flow: number, movement: number, amount: number, decisionId: number | null): void => {
    const list = slices[flow]
    const slice = { movement, cents: amount, decisionId }
    if (list) list.push(slice)
    else slices[flow] = [slice]
  }
  const offers = movements.map((movement, m): Offer => {
    const credit = available[m] as number
    const usable =
      movement.cents > 0 &&
      credit > 0 &&
      movement.bankAccountId !== null &&
      !decisions.excluded.has(movement.movementId) &&
      !decisions.internal.has(movement.movementId)
    if (!usable) return { kind: 'none' }
    const manual = decisions.manual.get(movement.movementId)
    if (manual) {
      const targets = fitting(manual.targets, credit)
      for (const target of targets) {
        const flow = target.kind === 'flow' ? byId.get(target.flowId) : undefined
        if (flow !== undefined) give(flow, m, target.cents, manual.decisionId)
      }
      return { kind: 'manual', targets, decisionId: manual.decisionId, user: manual.user }
    }
    const offer = readOffer(movement, credit, flows, byFold, doubts, single, payers)
    if (offer.kind === 'flows') {
      const alone = offer.flows.length === 1
      for (const f of offer.flows) give(f, m, alone ? credit : (flows[f] as ActiveFlow).total, null)
    }
    return offer
  })
  return { offers, slices }
}

/** After a storno the targets that no longer fit fall away, whole, from the first that does not. */
function fitting(targets: readonly ManualTarget[], credit: number): ManualTarget[] {
  const out: ManualTarget[] = []
  let left = credit
  for (const target of targets) {
    if (target.cents <= 0 || target.cents > left) break
    left -= target.cents
    out.push(target)
  }
  return out
}

const NO_READING = { flowId: null, loose: [] } as const

function readOffer(
  movement: MovementEvidence,
  credit: number,
  flows: readonly ActiveFlow[],
  byFold: ReadonlyMap<string, number>,
  doubts: FlowDoubts,
  single: ReadonlyMap<string, number>,
  payers: PayerIndex,
): Offer {
  const { reference } = movement
  const known: number[] = []
  let unknown: string | null = null
  // What looks cut may still be a whole known id: without free part, or with the provider's code broken.
  const readings = reference.flows.length > 0 ? reference.flows : [{ ...NO_READING, folds: reference.cutFolds }]
  for (const ref of readings) {
    const found = knownAmong(ref.folds, byFold)
    if (found.length > 1 || found[0] === -1) return { kind: 'ambiguous', cuts: ref.folds }
    const flow = flows[found[0] ?? -1]
    if (!flow) unknown ??= ref.flowId
    else {
      const doubt = flow.state === 'otherReceiver' ? null : doubts.of(flow.index, ref, movement.description)
      if (doubt) return { kind: 'truncated', cuts: [flow.fold], doubt }
      if (!known.includes(flow.index)) known.push(flow.index)
    }
  }
  const foreign = known.find((f) => (flows[f] as ActiveFlow).state === 'otherReceiver')
  if (foreign !== undefined) return { kind: 'foreign', flow: foreign }
  if (known.length > 0) {
    const expected = known.reduce((sum, f) => sum + (flows[f] as ActiveFlow).total, 0)
    if (known.some((f) => (flows[f] as ActiveFlow).total <= 0)) return { kind: 'differs', expected }
    const singles = expected < credit ? namedPayments(movement, payers) : []
    if (singles.length > 0 && expected + singles.reduce((sum, i) => sum + payers.ownCents(i), 0) === credit) {
      return { kind: 'parts', flows: known, installments: singles }
    }
    if (unknown !== null && expected !== credit) return { kind: 'waiting', flowId: unknown }
    if (known.length === 1 || expected === credit) return { kind: 'flows', flows: known }
    return { kind: 'differs', expected }
  }
  if (unknown !== null) return { kind: 'waiting', flowId: unknown }
  const byIuv = readIuvs(movement, credit, flows, single, payers)
  if (byIuv) return byIuv
  const { truncated } = reference
  return truncated.length > 0 ? { kind: 'truncated', cuts: truncated, doubt: null } : { kind: 'noReference' }
}

/** Known payments that the causale names as such, beside its flow. */
function namedPayments(movement: MovementEvidence, payers: PayerIndex): number[] {
  return movement.reference.iuvs.flatMap(({ iuv, sure }) => {
    const installment = sure ? payers.byIuv.get(iuv) : undefined
    return installment === undefined ? [] : [installment]
  })
}

/** Known flows that some of the folds equal: one is a match, several are nobody's. */
export function knownAmong(folds: readonly string[], byFold: ReadonlyMap<string, number>): number[] {
  const found: number[] = []
  for (const fold of folds) {
    const flow = byFold.get(fold)
    if (flow !== undefined && !found.includes(flow)) found.push(flow)
  }
  return found
}

function readIuvs(
  movement: MovementEvidence,
  credit: number,
  flows: readonly ActiveFlow[],
  single: ReadonlyMap<string, number>,
  payers: PayerIndex,
): Offer | null {
  const { iuvs } = movement.reference
  if (iuvs.length === 0) return null
  const installments: number[] = []
  const inFlows: number[] = []
  for (const { iuv } of iuvs) {
    const installment = payers.byIuv.get(iuv)
    if (installment !== undefined) installments.push(installment)
    const flow = single.get(iuv)
    if (flow !== undefined && flow >= 0 && (flows[flow] as ActiveFlow).total === credit) inFlows.push(flow)
  }
  if (inFlows.length === 1 && installments.length <= 1) return { kind: 'flows', flows: inFlows }
  if (installments.length > 0) {
    const expected = installments.reduce((sum, i) => sum + payers.ownCents(i), 0)
    const known = iuvs.map((i) => i.iuv).filter((iuv) => payers.byIuv.has(iuv))
    return expected === credit ? { kind: 'iuvs', installments, iuvs: known } : { kind: 'differs', expected }
  }
  const sure = iuvs.find((i) => i.sure)
  return sure ? { kind: 'unknownIuv', iuv: sure.iuv } : null
}

export interface Choice {
  readonly credit: 'notCredited' | 'partlyCredited' | 'credited' | 'overCredited'
  readonly chosen: readonly Slice[]
  /** Σ of all slices offered. */
  readonly offered: number
}

const NOTHING: Choice = { credit: 'notCredited', chosen: [], offered: 0 }

/**
 * All slices if they sum to the total; else what a person matched, or the first alone, if that is the total; else none.
 * No search for subsets: 60 + 50 + 40 for 100 is for a person (DOMAIN.md §6.4). Those that kept lines of the flow rest on
 * come before any other.
 */
export function choose(total: number, offered: Slice[] | undefined, kept?: ReadonlySet<number>): Choice {
  if (total === 0) return { credit: 'credited', chosen: [], offered: 0 }
  if (!offered) return NOTHING
  // Movements are in order of date and fingerprint already.
  const sorted =
    offered.length === 1
      ? offered
      : [...offered.filter((s) => s.decisionId !== null), ...offered.filter((s) => s.decisionId === null)]
  const all = sum(sorted)
  if (all === total) return { credit: 'credited', chosen: sorted, offered: all }
  const held = kept === undefined ? [] : sorted.filter((s) => kept.has(s.movement))
  if (held.length > 0 && sum(held) === total) return { credit: 'credited', chosen: held, offered: all }
  const manual = sorted.filter((s) => s.decisionId !== null)
  if (manual.length > 0 && sum(manual) === total) return { credit: 'credited', chosen: manual, offered: all }
  const first = sorted[0] as Slice
  if (first.cents === total) return { credit: 'credited', chosen: [first], offered: all }
  return { credit: all < total ? 'partlyCredited' : 'overCredited', chosen: [], offered: all }
}

function sum(slices: readonly Slice[]): number {
  return slices.reduce((total, s) => total + s.cents, 0)
}
