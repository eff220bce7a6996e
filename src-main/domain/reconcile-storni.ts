import { daysBetween } from './date.ts'
import { foldFlowId } from './flow-id.ts'
import type { DecisionsInForce } from './reconcile-decisions.ts'
import type { KeptLine, MovementEvidence } from './reconcile-evidence.ts'

/** What a debit took from which credit. Movements are indexes in canonical order. */
export interface Storno {
  readonly debit: number
  readonly credit: number
  readonly cents: number
}

export interface Storni {
  readonly list: readonly Storno[]
  /** Of debits that carry a reference: what no credit could bear. */
  readonly excess: ReadonlyMap<number, number>
  /** Of debits: what they would take of money that kept lines hold, and the last such credit. To be paid with a mandato. */
  readonly kept: ReadonlyMap<number, { readonly credit: number; readonly cents: number }>
  /** Of debits that may give back what a credit has among the sums to be given back: that credit. They take nothing. */
  readonly refunds: ReadonlyMap<number, { readonly credit: number; readonly cents: number }>
}

/**
 * Each debit with a credit's reference lowers a credit of that reference dated not later: first one of equal amount,
 * the latest; else the latest first (DOMAIN.md §6.2), unless a person or the statement itself names
 * the credit. Only credits of its own account, and none when
 * another account has the same amount with the same reference: that is a giroconto, for a person to say. What kept lines hold is not given back: a closed exercise stays as it is (§5.10).
 * A debit no greater than what such a credit has to give back takes nothing either: it may be the refund, paid with a mandato.
 * Changes `available`.
 */
export function takeStorni(
  movements: readonly MovementEvidence[],
  keysOf: (movement: MovementEvidence) => readonly string[],
  decisions: DecisionsInForce,
  available: Float64Array,
  keptLines: readonly KeptLine[],
): Storni {
  const debits: number[] = []
  movements.forEach((m, i) => {
    if (m.cents < 0 && !decisions.excluded.has(m.movementId)) debits.push(i)
  })
  if (debits.length === 0) return { list: [], excess: new Map(), kept: new Map(), refunds: new Map() }
  const internalDebits = new Set([...decisions.internal.values()].map((d) => d.debitMovementId))
  const wanted = new Set<string>()
  const named = new Map<number, number>()
  for (const debit of debits) {
    const movement = movements[debit] as MovementEvidence
    const credit = namedCredit(movement, decisions)
    if (credit !== null) named.set(credit, -1)
    for (const key of keysOf(movement)) wanted.add(key)
  }
  const credits = new Map<string, number[]>()
  movements.forEach((m, i) => {
    if (m.cents <= 0) return
    if (named.has(m.movementId)) named.set(m.movementId, i)
    for (const key of keysOf(m)) {
      if (!wanted.has(key)) continue
      const list = credits.get(key)
      if (list) list.push(i)
      else credits.set(key, [i])
    }
  })
  const list: Storno[] = []
  const excess = new Map<number, number>()
  const kept = new Map<number, { credit: number; cents: number }>()
  const refunds = new Map<number, { credit: number; cents: number }>()
  const toGiveBack = givenBack(decisions)
  const spent = new Map<number, number>()
  const taken = new Set<number>()
  const held = new Map<number, number>()
  for (const { movementId, cents } of keptLines) held.set(movementId, (held.get(movementId) ?? 0) + cents)
  const heldOf = (credit: number) => held.get((movements[credit] as MovementEvidence).movementId) ?? 0
  const roomOf = (credit: number) => (available[credit] as number) - heldOf(credit)
  for (const debit of debits) {
    const movement = movements[debit] as MovementEvidence
    if (internalDebits.has(movement.movementId)) continue
    const credit = namedCredit(movement, decisions)
    const chosen = credit === null ? -1 : (named.get(credit) ?? -1)
    const keys = keysOf(movement)
    if (chosen < 0 && keys.length === 0) continue
    const same = chosen >= 0 ? [chosen] : [...new Set(keys.flatMap((key) => credits.get(key) ?? []))]
    const swept = chosen >= 0 ? undefined : same.find((c) => !taken.has(c) && isSweep(movement, movements[c]))
    if (swept !== undefined) {
      taken.add(swept)
      continue
    }
    // Canonical order is by date: the latest comes last.
    const usable = same
      .filter((c) => {
        const { bankAccountId, bookingDate } = movements[c] as MovementEvidence
        const before = bankAccountId === movement.bankAccountId && bookingDate <= movement.bookingDate
        return before && (available[c] as number) > 0
      })
      .sort((a, b) => b - a)
    let left = -movement.cents
    const refund =
      chosen >= 0 ? undefined : usable.find((c) => toGiveBack(movements[c] as MovementEvidence, keysOf) >= left)
    if (refund !== undefined) {
      refunds.set(debit, { credit: refund, cents: toGiveBack(movements[refund] as MovementEvidence, keysOf) })
      continue
    }
    const equal = usable.find((c) => roomOf(c) === left) ?? usable.find((c) => available[c] === left)
    for (const credit of equal === undefined ? usable : [equal]) {
      if (left === 0) break
      const part = Math.min(left, roomOf(credit))
      if (part > 0) {
        available[credit] = (available[credit] as number) - part
        left -= part
        list.push({ debit, credit, cents: part })
      }
      const asked = Math.min(left, heldOf(credit))
      if (asked === 0) continue
      // Another debit on the same credit takes what this one leaves.
      const { movementId } = movements[credit] as MovementEvidence
      held.set(movementId, heldOf(credit) - asked)
      available[credit] = (available[credit] as number) - asked
      spent.set(credit, (spent.get(credit) ?? 0) + asked)
      left -= asked
      kept.set(debit, { credit, cents: asked + (kept.get(debit)?.cents ?? 0) })
    }
    // With a credit on another account it is a giroconto, perhaps, and no storno.
    const elsewhere = (c: number) => (movements[c] as MovementEvidence).bankAccountId !== movement.bankAccountId
    if (left > 0 && !same.some(elsewhere)) excess.set(debit, left)
  }
  // It was lowered only so that no second debit asked for it: the money is still there, in lines that stay.
  for (const [credit, cents] of spent) available[credit] = (available[credit] as number) + cents
  return { list, excess, kept, refunds }
}

/** How much of a credit, or of the flows that it carries, decisions put among the sums to be given back. */
function givenBack({ manual, assigned }: DecisionsInForce) {
  const ofFlow = new Map<string, number>()
  for (const [flowId, rows] of assigned) {
    const key = `f:${foldFlowId(flowId)}`
    for (const said of rows.values()) ofFlow.set(key, (ofFlow.get(key) ?? 0) + excessOf(said))
  }
  return (credit: MovementEvidence, keysOf: (movement: MovementEvidence) => readonly string[]): number => {
    const said = manual.get(credit.movementId)
    if (said) {
      const byHand = said.targets.flatMap((t) => (t.kind === 'accertamento' ? [t] : []))
      return excessOf({ ...said, targets: byHand })
    }
    return keysOf(credit).reduce((sum, key) => sum + (ofFlow.get(key) ?? 0), 0)
  }
}

function excessOf(said: {
  readonly targets: readonly { readonly accertamentoId: number; readonly cents: number }[]
  readonly excessAccertamentoId?: number
}): number {
  const { targets, excessAccertamentoId } = said
  return targets.reduce((sum, t) => sum + (t.accertamentoId === excessAccertamentoId ? t.cents : 0), 0)
}

/** How far a giroconto between two accounts of ours may be booked on them. */
const SWEEP_DAYS = 10

/** A debit and a credit of another account, of one amount and one reference, look like a giroconto: a person says. */
function isSweep(debit: MovementEvidence, credit: MovementEvidence | undefined): boolean {
  return (
    credit !== undefined &&
    credit.bankAccountId !== debit.bankAccountId &&
    credit.cents === -debit.cents &&
    Math.abs(daysBetween(debit.bookingDate, credit.bookingDate)) <= SWEEP_DAYS
  )
}

/** The credit that a person says a debit storns, else the one that the statement names. */
function namedCredit(debit: MovementEvidence, decisions: DecisionsInForce): number | null {
  return decisions.storno.get(debit.movementId)?.creditMovementId ?? debit.stornoOf
}
