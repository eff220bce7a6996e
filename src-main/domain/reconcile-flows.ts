import { romeDate } from './date.ts'
import { foldFlowId } from './flow-id.ts'
import { type Label, labelOf } from './labels.ts'
import { type Cents, cents } from './money.ts'
import type { DecisionsInForce } from './reconcile-decisions.ts'
import { type FlowVersionEvidence, type ReconcileInput, rowKeyOf } from './reconcile-evidence.ts'

/** A flow with the version that counts. `index` is its place in canonical order (flow id). */
export interface ActiveFlow {
  readonly index: number
  readonly flowId: string
  readonly fold: string
  readonly version: FlowVersionEvidence
  readonly state: 'active' | 'conflicting' | 'otherReceiver'
  readonly superseded: readonly number[]
  /** What the bank should credit. */
  readonly total: Cents
  /** Reasons of its own not to post it (a revocation is another one, found later). */
  readonly blocked: boolean
  readonly labels: readonly Label[]
  readonly hasRevocation: boolean
}

/** Every flow once, in order of id, with its active version (highest date, then revision). */
export function activeFlows(input: ReconcileInput, decisions: DecisionsInForce): ActiveFlow[] {
  const groups = new Map<string, FlowVersionEvidence[]>()
  for (const version of input.versions) {
    const key = version.receiver === input.receiver ? version.flowId : `${version.flowId} ${version.receiver}`
    const group = groups.get(key)
    if (group) group.push(version)
    else groups.set(key, [version])
  }
  const keys = [...groups.keys()].sort()
  return keys.map((key, index) => activate(index, groups.get(key) as FlowVersionEvidence[], input.receiver, decisions))
}

function activate(
  index: number,
  versions: FlowVersionEvidence[],
  receiver: string,
  decisions: DecisionsInForce,
): ActiveFlow {
  if (versions.length > 1) versions.sort(newestFirst)
  const newest = versions[0] as FlowVersionEvidence
  const rivals = versions.filter((v) => sameAge(v, newest))
  const choice = decisions.chosen.get(newest.flowId)
  const version = rivals.find((v) => v.contentHash === choice) ?? newest
  const conflicting = rivals.length > 1 && version.contentHash !== choice
  const foreign = version.receiver !== receiver
  const labels: Label[] = []
  let sum = 0
  let hasRevocation = false
  for (const row of version.rows) {
    if (row.outcome === '3') {
      hasRevocation = true
      sum -= row.cents
    } else sum += row.cents
  }
  if (foreign) labels.push(labelOf('FLOW_OTHER_RECEIVER', { receiver: version.receiver }))
  if (conflicting) labels.push(labelOf('FLOW_VERSION_CONFLICT', {}))
  const accepted = decisions.accepted.has(`${version.flowId}|${version.contentHash}`)
  const sumDiffers = version.declaredCents !== null && version.declaredCents !== sum
  const countDiffers = version.declaredCount !== null && version.declaredCount !== version.rows.length
  if (sumDiffers) labels.push(labelOf('FLOW_SUM_DIFFERS', { declared: version.declaredCents as number, sum }))
  if (countDiffers) {
    labels.push(
      labelOf('FLOW_COUNT_DIFFERS', { declared: version.declaredCount as number, count: version.rows.length }),
    )
  }
  const before = versions.find((v) => !rivals.includes(v))
  if (before) labels.push(labelOf('FLOW_REVISED', { date: romeDate(before.flowDateTime) }))
  return {
    index,
    flowId: version.flowId,
    fold: foldFlowId(version.flowId),
    version,
    state: foreign ? 'otherReceiver' : conflicting ? 'conflicting' : 'active',
    superseded: versions.filter((v) => v !== version).map((v) => v.versionId),
    total: accepted || version.declaredCents === null ? cents(sum) : version.declaredCents,
    blocked: foreign || conflicting || (!accepted && (sumDiffers || countDiffers)),
    labels,
    hasRevocation,
  }
}

function newestFirst(a: FlowVersionEvidence, b: FlowVersionEvidence): number {
  if (a.flowDateTime !== b.flowDateTime) return a.flowDateTime < b.flowDateTime ? 1 : -1
  if (a.revision !== b.revision) return b.revision - a.revision
  return a.contentHash < b.contentHash ? -1 : a.contentHash > b.contentHash ? 1 : 0
}

function sameAge(a: FlowVersionEvidence, b: FlowVersionEvidence): boolean {
  return a.flowDateTime === b.flowDateTime && a.revision === b.revision
}

/** Rows of a version that repeat an earlier one: ordinal → which occurrence it is, from 2 on. */
export function repeatsOf(version: FlowVersionEvidence): ReadonlyMap<number, number> {
  const count = new Map<string, number>()
  const repeats = new Map<number, number>()
  version.rows.forEach((row, ordinal) => {
    const key = rowKeyOf(row, 1)
    const n = (count.get(key) ?? 0) + 1
    count.set(key, n)
    if (n > 1) repeats.set(ordinal, n)
  })
  return repeats
}
