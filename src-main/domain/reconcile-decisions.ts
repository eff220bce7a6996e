import type { Decision } from './reconcile-evidence.ts'

type Of<K extends Decision['kind']> = Extract<Decision, { kind: K }>

/** Decisions in force, by subject. Of two on one subject the later counts. */
export interface DecisionsInForce {
  readonly manual: ReadonlyMap<number, Of<'manualMatch'>>
  readonly excluded: ReadonlyMap<number, Of<'exclude'>>
  /** By credit. */
  readonly internal: ReadonlyMap<number, Of<'internal'>>
  /** By debit. */
  readonly storno: ReadonlyMap<number, Of<'storno'>>
  /** `flowId|contentHash` */
  readonly accepted: ReadonlySet<string>
  readonly chosen: ReadonlyMap<string, string>
  /** `flowId` → row keys. */
  readonly revocations: ReadonlyMap<string, ReadonlySet<string>>
  /** `flowId` → row key → decision. */
  readonly assigned: ReadonlyMap<string, ReadonlyMap<string, Of<'assignRow'>>>
  readonly outside: ReadonlyMap<number, Of<'paidOutside'>>
}

/** A revocation may itself be revoked, so the latest are looked at first. */
export function decisionsInForce(decisions: readonly Decision[]): DecisionsInForce {
  const revoked = new Set<number>()
  const inForce: Decision[] = []
  for (const d of [...decisions].sort((a, b) => b.decisionId - a.decisionId)) {
    if (revoked.has(d.decisionId)) continue
    if (d.kind === 'revoke') revoked.add(d.revokes)
    else inForce.push(d)
  }
  const manual = new Map<number, Of<'manualMatch'>>()
  const excluded = new Map<number, Of<'exclude'>>()
  const internal = new Map<number, Of<'internal'>>()
  const storno = new Map<number, Of<'storno'>>()
  const accepted = new Set<string>()
  const chosen = new Map<string, string>()
  const revocations = new Map<string, Set<string>>()
  const assigned = new Map<string, Map<string, Of<'assignRow'>>>()
  const outside = new Map<number, Of<'paidOutside'>>()
  for (const d of inForce.reverse()) {
    switch (d.kind) {
      case 'manualMatch':
        manual.set(d.movementId, d)
        excluded.delete(d.movementId)
        internal.delete(d.movementId)
        break
      case 'exclude':
        excluded.set(d.movementId, d)
        manual.delete(d.movementId)
        internal.delete(d.movementId)
        break
      case 'internal':
        internal.set(d.movementId, d)
        manual.delete(d.movementId)
        excluded.delete(d.movementId)
        break
      case 'storno':
        storno.set(d.movementId, d)
        break
      case 'acceptFlow':
        accepted.add(`${d.flowId}|${d.contentHash}`)
        break
      case 'chooseVersion':
        chosen.set(d.flowId, d.contentHash)
        break
      case 'confirmRevocation':
        into(revocations, d.flowId, () => new Set<string>()).add(d.rowKey)
        break
      case 'assignRow':
        into(assigned, d.flowId, () => new Map<string, Of<'assignRow'>>()).set(d.rowKey, d)
        break
      case 'paidOutside':
        outside.set(d.positionId, d)
        break
    }
  }
  return { manual, excluded, internal, storno, accepted, chosen, revocations, assigned, outside }
}

function into<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
