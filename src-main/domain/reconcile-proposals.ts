import { daysBetween } from './date.ts'
import { foldFlowId } from './flow-id.ts'
import type { Cents } from './money.ts'
import { carriesTrn } from './reconcile-doubts.ts'
import type { DueAccertamento, MovementEvidence, PayableInstallment } from './reconcile-evidence.ts'
import type { ActiveFlow } from './reconcile-flows.ts'
import type { MovementOutcome, Proposal, ProposalLevel } from './reconcile-outcome.ts'
import { oldestFirst, type PayerIndex } from './reconcile-payers.ts'
import type { Choice, Offer } from './reconcile-slices.ts'

export interface ProposalFacts {
  readonly movements: readonly MovementEvidence[]
  readonly outcomes: readonly MovementOutcome[]
  readonly offers: readonly Offer[]
  readonly available: Float64Array
  readonly flows: readonly ActiveFlow[]
  readonly choices: readonly Choice[]
  readonly payers: PayerIndex
  leftDue(due: number): number
}

/** Days that a credit may come before or after the flow's regulation date. */
export const WINDOW = { from: -2, to: 10 } as const

const RANK: readonly ProposalLevel[] = ['TRN', 'PARTS', 'TRUNCATED', 'PSP', 'DEBTOR', 'AMOUNT']

/**
 * For credits without a usable key: flows that nobody offered anything to, of equal total, near in date; else debtors
 * named in the text whose whole outstanding equals the credit. By movement, strongest first (DOMAIN.md §6.8).
 */
export function proposalsFor(facts: ProposalFacts): Proposal[] {
  const keyless = facts.outcomes.flatMap((o, m) => {
    const { kind } = facts.offers[m] as Offer
    const wanted = o.state === 'truncated' || o.state === 'noReference' || kind === 'ambiguous' || kind === 'parts'
    return wanted && kind !== 'none' ? [m] : []
  })
  if (keyless.length === 0) return []
  const byTotal = new Map<number, ActiveFlow[]>()
  for (const flow of facts.flows) {
    if (flow.state === 'otherReceiver' || flow.total <= 0 || (facts.choices[flow.index] as Choice).offered > 0) continue
    const list = byTotal.get(flow.total)
    if (list) list.push(flow)
    else byTotal.set(flow.total, [flow])
  }
  const debtors = debtorsByAmount(facts, keyless)
  return keyless.flatMap((m) => {
    const movement = facts.movements[m] as MovementEvidence
    const credit = facts.available[m] as number
    const offer = facts.offers[m] as Offer
    if (offer.kind === 'parts') return partProposals(movement, offer, facts)
    const fromFlows = flowProposals(movement, credit, offer, byTotal.get(credit) ?? [])
    const fromDebtors = offer.kind === 'noReference' ? debtorProposals(movement, credit, debtors.get(credit) ?? []) : []
    const all = [...fromFlows, ...fromDebtors]
    all.sort((a, b) => RANK.indexOf(a.level) - RANK.indexOf(b.level))
    return all.map((p) => ({ ...p, rivals: all.filter((o) => o.level === p.level).length }))
  })
}

function flowProposals(
  movement: MovementEvidence,
  credit: number,
  offer: Offer,
  flows: readonly ActiveFlow[],
): Proposal[] {
  if (flows.length === 0) return []
  const cuts =
    offer.kind === 'waiting'
      ? [foldFlowId(offer.flowId)]
      : offer.kind === 'truncated' || offer.kind === 'ambiguous'
        ? offer.cuts
        : []
  const text = foldFlowId(movement.description)
  return flows.flatMap((flow): Proposal[] => {
    const days = daysBetween(flow.version.regulationDate, movement.bookingDate)
    if (days < WINDOW.from || days > WINDOW.to) return []
    let level: ProposalLevel
    if (cuts.length > 0) {
      // What is left of the id contradicts this flow: no proposal at all.
      if (!cuts.some((cut) => flow.fold.startsWith(cut))) return []
    }
    if (carriesTrn(movement.description, flow)) level = 'TRN'
    else if (cuts.length > 0) level = 'TRUNCATED'
    else {
      const names = [flow.version.pspCode, flow.version.pspName ?? ''].map(foldFlowId).filter((n) => n.length >= 4)
      level = names.some((name) => text.includes(name)) ? 'PSP' : 'AMOUNT'
    }
    const target = { kind: 'flow', flowId: flow.flowId } as const
    return [{ movementId: movement.movementId, level, target, cents: credit as Cents, days, rivals: 0 }]
  })
}

/** The whole credit in its parts, to be confirmed together. */
function partProposals(
  movement: MovementEvidence,
  offer: Extract<Offer, { kind: 'parts' }>,
  facts: ProposalFacts,
): Proposal[] {
  const { movementId } = movement
  const flows = offer.flows.map((f): Proposal => {
    const { flowId, total, version } = facts.flows[f] as ActiveFlow
    const days = daysBetween(version.regulationDate, movement.bookingDate)
    return { movementId, level: 'PARTS', target: { kind: 'flow', flowId }, cents: total, days, rivals: 1 }
  })
  const payments = offer.installments.map((i): Proposal => {
    const { iuv } = facts.payers.installments[i] as PayableInstallment
    const amount = facts.payers.ownCents(i) as Cents
    return { movementId, level: 'PARTS', target: { kind: 'iuv', iuv }, cents: amount, days: null, rivals: 1 }
  })
  return [...flows, ...payments]
}

function debtorsByAmount(facts: ProposalFacts, keyless: readonly number[]): Map<number, DueAccertamento[]> {
  const wanted = new Set(keyless.map((m) => facts.available[m] as number))
  const found = new Map<number, DueAccertamento[]>()
  facts.payers.due.forEach((accertamento, i) => {
    const left = facts.leftDue(i)
    if (left <= 0 || !wanted.has(left)) return
    const list = found.get(left)
    if (list) list.push(accertamento)
    else found.set(left, [accertamento])
  })
  for (const list of found.values()) list.sort(oldestFirst)
  return found
}

function debtorProposals(movement: MovementEvidence, credit: number, due: readonly DueAccertamento[]): Proposal[] {
  return namedIn(movement, due).map(({ accertamentoId }): Proposal => {
    const target = { kind: 'accertamento', accertamentoId } as const
    return { movementId: movement.movementId, level: 'DEBTOR', target, cents: credit as Cents, days: null, rivals: 0 }
  })
}

/**
 * Credits without reference, and without a proposal, that name who has paid a debt of their very amount already: by index of
 * movement, the latest such debt. The second of two equal bonifici is not to be forgotten once the first has found its debt.
 */
export function paidAgain(facts: ProposalFacts, proposals: readonly Proposal[]): ReadonlyMap<number, DueAccertamento> {
  const proposed = new Set(proposals.map((p) => p.movementId))
  const mute = facts.outcomes.flatMap(({ state, movementId }, m) => {
    const { kind } = facts.offers[m] as Offer
    return state === 'noReference' && kind === 'noReference' && !proposed.has(movementId) ? [m] : []
  })
  const found = new Map<number, DueAccertamento>()
  if (mute.length === 0) return found
  const amounts = new Set(mute.map((m) => facts.available[m] as number))
  const paid = facts.payers.due.filter((a, i) => amounts.has(a.dueCents) && facts.leftDue(i) <= 0)
  if (paid.length === 0) return found
  const byWords = new Map<string, number[]>()
  for (const m of mute) {
    const words = [...new Set(plainWords((facts.movements[m] as MovementEvidence).description).split(' '))]
    for (const key of words.flatMap((word, k) => [word, ...words.slice(k + 1).map((other) => pairOf(word, other))])) {
      const list = byWords.get(key)
      if (list) list.push(m)
      else byWords.set(key, [m])
    }
  }
  const near = new Map<number, Set<DueAccertamento>>()
  for (const a of paid) {
    const { pair } = nameOf(a)
    for (const m of [...(byWords.get(pair) ?? []), ...(byWords.get(a.fiscalCode?.toLowerCase() ?? '') ?? [])]) {
      if (a.dueCents === facts.available[m]) near.set(m, (near.get(m) ?? new Set()).add(a))
    }
  }
  for (const [m, debts] of near) {
    const last = namedIn(facts.movements[m] as MovementEvidence, [...debts])
      .sort(oldestFirst)
      .at(-1)
    if (last) found.set(m, last)
  }
  return found
}

/** Those whose fiscal code or whole name the causale has. */
function namedIn(movement: MovementEvidence, due: readonly DueAccertamento[]): DueAccertamento[] {
  if (due.length === 0) return []
  const text = plainWords(movement.description)
  const words = new Set(text.split(' '))
  return due.filter((a) => {
    const byCode = a.fiscalCode !== null && text.includes(a.fiscalCode.toLowerCase())
    const name = nameOf(a).words
    return byCode || (name.length >= 2 && name.every((w) => words.has(w)))
  })
}

interface Name {
  readonly words: readonly string[]
  /** Its first two words: all the people of one first name would be too many to compare. */
  readonly pair: string
}

const names = new WeakMap<DueAccertamento, Name>()

/** Words of a debtor's name, read once for each debt. */
function nameOf(due: DueAccertamento): Name {
  let found = names.get(due)
  if (!found) {
    const words = plainWords(due.personName)
      .split(' ')
      .filter((w) => w.length > 1)
    found = { words, pair: pairOf(words[0] ?? '', words[1] ?? '') }
    names.set(due, found)
  }
  return found
}

/** The same whichever of the two comes first. */
function pairOf(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}

function plainWords(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^0-9a-z]+/g, ' ')
    .trim()
}
