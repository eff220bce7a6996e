import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'

export type FeeList = InferContractRouterOutputs<Contract>['lateFee']['list']
export type FeeRow = FeeList['rows'][number]
export type FeeApply = InferContractRouterInputs<Contract>['lateFee']['apply']
type FeeScope = FeeApply['of']
const KEPT = 'mora.scelta.'

/** Puts the rows chosen on a list into an address of «Mora»; this window remembers which they are. */
export function keepScope(of: FeeScope): { readonly scelta: string } {
  const scelta = String(Date.now())
  sessionStorage.setItem(KEPT + scelta, JSON.stringify(of))
  return { scelta }
}

/** Whose fees the address names: rows chosen on a list, else all of the exercise; null where the window has forgotten them. */
export function scopeOf(scelta: string | undefined, exercise: number): FeeScope | null {
  if (scelta === undefined) return { exercise }
  const kept = sessionStorage.getItem(KEPT + scelta)
  return kept === null ? null : (JSON.parse(kept) as FeeScope)
}
