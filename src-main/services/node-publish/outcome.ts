import { type Instant, instantOf } from '#domain/date'
import type { GpdApi, GpdBody, HeldPayment, HeldPosition } from '#domain/gpd'
import type { NodeFault } from '#domain/node-ports'
import { ABSENT, isOpenOnNode, isPaidState, type NodeStep } from '#domain/node-step'
import type { StoredPosition } from '#domain/position-plan'
import { heldJsonOf, NO_FAULT, type NodeRow, type NodeRowPatch } from '#ledger/node-position'
import { type DueRow, interruptedPatch } from '#ledger/node-position-work'
import type { PublishRun } from './core.ts'
import { pauseMs } from './pauses.ts'

/** A step that was told, and of which version. */
export interface Told {
  readonly row: Pick<NodeRow, 'attempts' | 'faultStep'>
  readonly step: NodeStep
  readonly facts: { readonly version: number; readonly api: GpdApi }
}

/** A step in hand, with the version that it speaks of. */
export interface Job extends DueRow {
  readonly position: StoredPosition
  /** What is sent; null where the step sends nothing. */
  readonly body: GpdBody | null
}

/** What a row needs of the run that speaks of it. */
type Moment = Pick<PublishRun, 'now' | 'chance' | 'options'>

const DONE: NodeRowPatch = { ...NO_FAULT, unsure: 0, attempts: 0, nextAt: null, divergence: null }

/** What the row says after the node did as it was told. @param held as it answered; null where a bulk answer tells nothing of each. */
export function acceptedPatch({ step, facts }: Told, held: HeldPosition | null, at: Instant): NodeRowPatch {
  const said = { ...DONE, saidAt: at }
  if (step === 'remove') return { ...said, state: ABSENT, heldJson: null }
  const now = held === null ? {} : saidOf(held)
  if (step === 'invalidate') return { ...said, state: 'INVALID', ...now }
  if (step === 'publish') return { ...said, state: 'VALID', ...now }
  // Published without a date from which it holds: payable at once (pagopa.md §7.2).
  const published = { state: 'VALID', heldJson: null, api: facts.api }
  return { ...said, ...published, ...now, heldVersion: facts.version }
}

/** Closed there as paid outside; the node tells nothing of the rest, so what was known of it stays. */
export function paidOutsidePatch(payments: readonly HeldPayment[], told: readonly string[], at: Instant): NodeRowPatch {
  const now = payments.map((one) =>
    one.nav !== null && told.includes(one.nav) ? { ...one, status: one.status.replace(/UNPAID|EXPIRED/, 'PAID') } : one,
  )
  const whole = now.some((one) => !one.partial && !isOpenOnNode(one)) || !now.some(isOpenOnNode)
  return { ...DONE, saidAt: at, state: whole ? 'PAID' : 'PARTIALLY_PAID', heldJson: heldJsonOf(now) }
}

/**
 * What the row says after the node was asked. What was sent last and never answered is found there or not; it is of the version
 * that was sent, unless its amounts are others.
 */
export function askedPatch({ row, facts, position }: Job, held: HeldPosition | null, run: Moment): NodeRowPatch {
  const at = run.now()
  const wasUnknown = row.faultKind === 'unknown' || row.faultKind === 'temporary'
  // What was not done goes again, later and later.
  const again =
    row.attempts === 0 ? null : laterThan(at, pauseMs(run.options.pauses, row.attempts, run.chance(), undefined))
  const heard = { unsure: 0 as const, saidAt: at, nextAt: again, ...(wasUnknown ? NO_FAULT : {}) }
  if (held === null) return { ...heard, state: ABSENT, heldJson: null }
  const sent = row.faultStep === 'create' || row.heldVersion === null ? (row.faultVersion ?? facts.version) : null
  const updated = row.faultStep === 'update' && row.faultKind === 'unknown' ? row.faultVersion : null
  let heldVersion = row.heldVersion
  if (heldVersion === null && sent !== null) heldVersion = sent !== facts.version || holds(held, position) ? sent : 0
  // Once somebody has paid it can no longer be updated again: what it asks tells whether it was.
  else if (updated === facts.version && isPaidState(held.status) && holds(held, position)) heldVersion = updated
  const found = row.faultStep === 'create' ? { ...NO_FAULT, attempts: 0, nextAt: null } : {}
  return { ...heard, ...found, ...saidOf(held), heldVersion }
}

/** It asks what the version asks: every payment there is one of ours, to the cent. */
function holds({ payments }: HeldPosition, { single, installments }: StoredPosition): boolean {
  const ours = new Map(
    [single, ...installments].flatMap((one) => (one === null ? [] : [[one.iuv as string, one.cents]])),
  )
  return payments.length > 0 && payments.every(({ iuv, cents }) => ours.get(iuv) === cents)
}

function saidOf(held: HeldPosition): { state: string; heldJson: string; api: GpdApi } {
  return { state: held.status, heldJson: heldJsonOf(held.payments), api: held.api }
}

/** What the row says after the node did not do as it was told. A closed service leaves no trace on the rows: it is not their fault. */
export function faultPatch({ row, step, facts }: Told, fault: NodeFault, run: Moment): NodeRowPatch {
  if (fault.kind === 'closed') return {}
  const at = run.now()
  const attempts = row.attempts + 1
  const later = laterThan(at, pauseMs(run.options.pauses, attempts, run.chance(), fault.retryAfterSeconds))
  if (step === 'ask') {
    // What was sent before the question stays remembered.
    const why = row.faultStep === null ? faultColumns(fault, 'temporary', step, facts.version, at) : {}
    return { ...why, attempts, nextAt: later }
  }
  const columns = faultColumns(fault, fault.kind, step, facts.version, at)
  if (fault.kind === 'temporary') return { ...columns, attempts, nextAt: later }
  if (fault.kind === 'unknown') return { ...columns, attempts, unsure: 1, nextAt: null }
  // It says that the two sides differ: how it stands there is asked before a person is.
  const differs = fault.status === 404 || fault.status === 409 || fault.status === 422
  return { ...columns, attempts: 0, unsure: differs ? 1 : 0, nextAt: null }
}

/** It cannot even be sent: a person mends it first. */
export function unsendablePatch({ step, facts }: Told, reasons: readonly string[], at: Instant): NodeRowPatch {
  const reason = reasons.join(' ')
  const fault: NodeFault = { kind: 'refused', status: null, reply: '', reason }
  return { ...faultColumns(fault, 'refused', step, facts.version, at), attempts: 0, unsure: 0, nextAt: null }
}

/** Nobody heard what came of it, for a reason that is not the node's. */
export function lostPatch({ step, facts }: Told, at: Instant): NodeRowPatch {
  return interruptedPatch({ step, stepVersion: facts.version }, at)
}

function faultColumns(
  { status, reply, reason }: NodeFault,
  faultKind: 'refused' | 'temporary' | 'unknown',
  faultStep: NodeStep,
  faultVersion: number,
  faultAt: Instant,
): NodeRowPatch {
  return { faultKind, faultStatus: status, faultReply: reply, faultReason: reason, faultStep, faultVersion, faultAt }
}

export function laterThan(at: Instant, ms: number): Instant {
  return instantOf(Date.parse(at) + ms)
}
