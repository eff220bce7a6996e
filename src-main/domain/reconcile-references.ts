import type { Label } from './labels.ts'
import type { FlowDoubts } from './reconcile-doubts.ts'
import type { MovementEvidence } from './reconcile-evidence.ts'
import { knownAmong } from './reconcile-slices.ts'

/** What a debit and the credit that it storns have in common: the known flow, else the id as it reads, else the IUV. */
export function referenceKeys(movement: MovementEvidence, byFold: ReadonlyMap<string, number>): string[] {
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
export function doubtOfReading(
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
