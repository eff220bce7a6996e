import type { Id } from '#domain/brand'
import type { Ledger } from '#ledger/ledger'

type Act = readonly Id<'decision'>[]

/**
 * What each operator has done since the ledger was opened, for Ctrl Z: nobody takes back a colleague's act, nor
 * yesterday's, by pressing two keys.
 */
const done = new WeakMap<Ledger, Map<string, Act[]>>()

/** As many as anybody would walk back. */
const KEPT = 200

function actsOf(ledger: Ledger, operator: string): Act[] {
  let byOperator = done.get(ledger)
  if (!byOperator) {
    byOperator = new Map()
    done.set(ledger, byOperator)
  }
  let acts = byOperator.get(operator)
  if (!acts) {
    acts = []
    byOperator.set(operator, acts)
  }
  return acts
}

/** To be called once the write is committed. */
export function rememberAct(ledger: Ledger, operator: string, act: Act): void {
  const acts = actsOf(ledger, operator)
  acts.push(act)
  if (acts.length > KEPT) acts.shift()
}

/** Latest first. */
export function actsOfSession(ledger: Ledger, operator: string): readonly Act[] {
  return actsOf(ledger, operator).toReversed()
}
