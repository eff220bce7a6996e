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
  /** By position, the latest last: each may speak of some of its payments only. */
  readonly outside: ReadonlyMap<number, readonly Of<'paidOutside'>[]>
  /** Flows whose uncovered revocations their own rows bear. */
  readonly net: ReadonlySet<string>
  /** Why they were set aside: debits, flows, and `flowId` → row key. */
  readonly aside: {
    readonly movements: ReadonlyMap<number, string>
    readonly flows: ReadonlyMap<string, string>
    readonly rows: ReadonlyMap<string, ReadonlyMap<string, string>>
  }
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
  const outside = new Map<number, Of<'paidOutside'>[]>()
  const net = new Set<string>()
  const aside = {
    movements: new Map<number, string>(),
    flows: new Map<string, string>(),
    rows: new Map<string, Map<string, string>>(),
  }
  const creditOf = new Map<number, number>()
  // A debit of which something else is said later is the giroconto of no credit any more.
  const freeDebit = (debit: number) => {
    const credit = creditOf.get(debit) ?? 0
    if (internal.get(credit)?.debitMovementId === debit) internal.delete(credit)
  }
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
        storno.delete(d.movementId)
        freeDebit(d.movementId)
        break
      case 'internal':
        freeDebit(d.debitMovementId)
        internal.set(d.movementId, d)
        creditOf.set(d.debitMovementId, d.movementId)
        manual.delete(d.movementId)
        excluded.delete(d.movementId)
        excluded.delete(d.debitMovementId)
        storno.delete(d.debitMovementId)
        break
      case 'storno':
        storno.set(d.movementId, d)
        excluded.delete(d.movementId)
        freeDebit(d.movementId)
        break
      case 'acceptFlow':
        accepted.add(`${d.flowId}|${d.contentHash}`)
        aside.flows.delete(d.flowId)
        break
      case 'chooseVersion':
        chosen.set(d.flowId, d.contentHash)
        aside.flows.delete(d.flowId)
        break
      case 'confirmRevocation':
        into(revocations, d.flowId, () => new Set<string>()).add(d.rowKey)
        aside.flows.delete(d.flowId)
        break
      case 'netRevocation':
        net.add(d.flowId)
        aside.flows.delete(d.flowId)
        break
      case 'assignRow':
        into(assigned, d.flowId, () => new Map<string, Of<'assignRow'>>()).set(d.rowKey, d)
        aside.rows.get(d.flowId)?.delete(d.rowKey)
        break
      case 'setAside':
        if ('movementId' in d) aside.movements.set(d.movementId, d.reason)
        else if (d.rowKey === null) aside.flows.set(d.flowId, d.reason)
        else {
          into(aside.rows, d.flowId, () => new Map<string, string>()).set(d.rowKey, d.reason)
          assigned.get(d.flowId)?.delete(d.rowKey)
        }
        break
      case 'paidOutside':
        into(outside, d.positionId, () => []).push(d)
        break
    }
  }
  return { manual, excluded, internal, storno, accepted, chosen, revocations, assigned, outside, net, aside }
}

function into<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
