import type { GpdApi, HeldPayment } from './gpd.ts'

/** What the node is told about a position, one at a time (pagopa.md §7.2). `ask`: nobody knows how it stands there. */
export type NodeStep = 'create' | 'update' | 'publish' | 'invalidate' | 'remove' | 'payOutside' | 'ask'

/** The node has none under this iupd, or has thrown it away. */
export const ABSENT = 'ABSENT'

/** Where both sides say things that no step brings together. */
export const STEP_DIVERGENCES = [
  'changedButPaid',
  'cancelledButPaid',
  'invalidOnNode',
  'absentOnNode',
  'notPayableOnNode',
  'oddState',
] as const
export type StepDivergence = (typeof STEP_DIVERGENCES)[number]

/** How the books want one iupd on the node. */
export interface WantedOnNode {
  /** It is that of the current version of an issued position; what is left behind or cancelled is wanted nowhere. */
  readonly live: boolean
  /** Current version of the position. */
  readonly version: number
  /** Interface that takes this version: plans go by v3. */
  readonly api: GpdApi
  /** Nothing is left to pay, however it was paid. */
  readonly settled: boolean
  /** Payments of this version paid outside pagoPA: there they are to be closed too. */
  readonly paidOutside: readonly string[]
}

/** What is known of the same iupd on the node, and what it did not accept. */
export interface HeldOnNode {
  readonly api: GpdApi | null
  readonly heldVersion: number | null
  readonly state: string | null
  /** Null where it was never read. */
  readonly payments: readonly HeldPayment[] | null
  readonly unsure: boolean
  /** The step that was refused, of which version. */
  readonly refused: { readonly step: NodeStep; readonly version: number } | null
}

export type NextOnNode =
  | { readonly kind: 'none' }
  | { readonly kind: 'step'; readonly step: NodeStep }
  /** Refused as it is: a person mends something first. */
  | { readonly kind: 'refused' }
  /** No step brings the two sides together: a person chooses. */
  | { readonly kind: 'diverged'; readonly divergence: StepDivergence }

const NONE: NextOnNode = { kind: 'none' }
const PAID = new Set(['PARTIALLY_PAID', 'PAID', 'REPORTED'])
const UPDATABLE = new Set(['PUBLISHED', 'VALID', 'EXPIRED'])
const PAYABLE = new Set(['VALID', 'PARTIALLY_PAID'])

/** Somebody has paid of it there. */
export function isPaidState(state: string): boolean {
  return PAID.has(state)
}

/** The node has thrown this iupd away: what is issued again needs another one, with other numbers (DOMAIN.md §1). */
export function thrownAway(state: string | null): boolean {
  return state === 'INVALID' || state === ABSENT
}

/** With the numbers that it has there nobody can pay it. */
export function isUnpayable(state: string | null): boolean {
  return thrownAway(state) || state === 'UNPAYABLE'
}

/**
 * Wanted against held: what to tell the node next. Neither remembers the steps that were made, so it may be asked after any cut; a
 * step whose end is not known is never made again before the node was asked.
 */
export function nextOnNode(wanted: WantedOnNode, held: HeldOnNode): NextOnNode {
  const next = stepOf(wanted, held)
  if (next.kind !== 'step' || next.step === 'ask') return next
  const { refused } = held
  return refused?.step === next.step && refused.version === wanted.version ? { kind: 'refused' } : next
}

function stepOf(wanted: WantedOnNode, held: HeldOnNode): NextOnNode {
  if (held.unsure) return step('ask')
  return wanted.live ? liveStep(wanted, held) : leavingStep(held)
}

function liveStep(wanted: WantedOnNode, held: HeldOnNode): NextOnNode {
  const { state, heldVersion } = held
  if (state === null || (state === ABSENT && heldVersion === null)) return wanted.settled ? NONE : step('create')
  // What is settled here asks for nothing: whether the node agrees is told by whoever compares the two.
  if (state === ABSENT) return wanted.settled ? NONE : diverged('absentOnNode')
  if (state === 'INVALID') return wanted.settled ? NONE : diverged('invalidOnNode')
  // A plan that ran out: v3 has no other word for it. What changed here meanwhile may make it payable again.
  if (state === 'UNPAYABLE') {
    if (wanted.settled) return NONE
    return heldVersion === wanted.version ? diverged('notPayableOnNode') : step('update')
  }
  const outside = outsideStep(wanted, held)
  if (outside !== null) return outside
  if (state === 'DRAFT') return step(heldVersion === wanted.version ? 'publish' : 'update')
  if (UPDATABLE.has(state)) return heldVersion === wanted.version || wanted.settled ? NONE : step('update')
  if (isPaidState(state)) return heldVersion === wanted.version ? NONE : diverged('changedButPaid')
  return diverged('oddState')
}

/** Paid outside pagoPA: closed there by its notice number, or taken away where it cannot be closed (DOMAIN.md §5.8). */
function outsideStep({ paidOutside, settled }: WantedOnNode, { state, payments, api }: HeldOnNode): NextOnNode | null {
  if (paidOutside.length === 0 || state === null) return null
  if (PAYABLE.has(state)) {
    if (payments === null) return step('ask')
    return toldOutside(paidOutside, payments).length === 0 ? null : step('payOutside')
  }
  if (!settled) return null
  if (state === 'DRAFT') return step('remove')
  if (state === 'PUBLISHED') return step(api === 'v3' ? 'remove' : 'invalidate')
  return null
}

/** Nobody has paid it there. */
export function isOpenOnNode({ status }: HeldPayment): boolean {
  return /^(PO_)?(UNPAID|EXPIRED)$/.test(status)
}

/** Of these notice numbers, those that the node would still let somebody pay. */
export function toldOutside(navs: readonly string[], payments: readonly HeldPayment[]): string[] {
  const open = new Set(payments.filter(isOpenOnNode).map((one) => one.nav))
  return navs.filter((nav) => open.has(nav))
}

function leavingStep({ state, api }: HeldOnNode): NextOnNode {
  if (state === null || thrownAway(state) || state === 'UNPAYABLE') return NONE
  if (isPaidState(state)) return diverged('cancelledButPaid')
  if (state === 'DRAFT') return step('remove')
  // v3 knows no invalidation: what nobody has paid can be taken away.
  if (state === 'PUBLISHED' || state === 'VALID') return step(api === 'v3' ? 'remove' : 'invalidate')
  return state === 'EXPIRED' ? NONE : diverged('oddState')
}

function step(which: NodeStep): NextOnNode {
  return { kind: 'step', step: which }
}

function diverged(divergence: StepDivergence): NextOnNode {
  return { kind: 'diverged', divergence }
}

export type NodeSync = 'none' | 'toSync' | 'inFlight' | 'synced' | 'failed' | 'diverged'

/** `syncState` of a position whose current iupd stands so. */
export function syncOf(next: NextOnNode, underWay: boolean): NodeSync {
  if (underWay) return 'inFlight'
  if (next.kind === 'step') return 'toSync'
  if (next.kind === 'none') return 'synced'
  return next.kind === 'refused' ? 'failed' : 'diverged'
}
