import type { z } from 'zod'
import { type counterpartSchema, PROPOSED_LEVELS } from '#contract/work-table'
import { daysBetween, formatDate } from '#domain/date'
import { foldFlowId } from '#domain/flow-id'
import { type Cents, cents, formatCents } from '#domain/money'
import type { FlowVersionEvidence } from '#domain/reconcile-evidence'
import type { FlowOutcome, ProposalLevel } from '#domain/reconcile-outcome'
import type { OpenDebt, OpenInstallment, PayerRow } from '#ledger/board-load'
import type { Act } from './act.ts'
import type { Seen } from './table-index.ts'

export type Counterpart = z.infer<typeof counterpartSchema>
type Level = Counterpart['level']
type Tick = Counterpart['evidence'][number]

export const LEVELS: Readonly<Record<ProposalLevel, Level>> = {
  TRN: 'trn',
  PARTS: 'parts',
  TRUNCATED: 'truncated',
  PSP: 'psp',
  DEBTOR: 'debtor',
  AMOUNT: 'amount',
}

const PROPOSED: ReadonlySet<Level> = new Set<Level>(PROPOSED_LEVELS)

/** Which counterpart Invio confirms as it is: the one exact proposal, null when there is none or more than one. */
export function confirmable(list: readonly Counterpart[], left: Cents): number | null {
  const exact = list.flatMap((c, i) => (PROPOSED.has(c.level) && c.cents === Math.abs(left) ? [i] : []))
  return exact.length === 1 ? (exact[0] as number) : null
}

export interface KnownFlow {
  readonly id: number
  readonly version: FlowVersionEvidence
  readonly outcome: FlowOutcome
  readonly payers: readonly PayerRow[]
}

interface How {
  readonly level: Level
  readonly rivals: number
}

const PROOFS: Partial<Readonly<Record<Level, readonly Tick[]>>> = {
  exact: [{ ok: true, text: 'La causale porta proprio questo identificativo' }],
  parts: [{ ok: true, text: 'La causale porta proprio questo identificativo' }],
  trn: [{ ok: true, text: 'Il TRN del regolamento è nella causale' }],
  truncated: [
    { ok: true, text: 'L’inizio dell’identificativo rimasto nella causale coincide' },
    { ok: false, text: 'La banca ha tagliato il resto dell’identificativo' },
  ],
}

/**
 * How much of a credit a flow can take beside what other credits give it; all that it wants when they give it too much, or
 * enough: what a person says goes before. 0 when saying so would settle nothing.
 */
export function partForFlow({ outcome }: Seen, left: Cents, flow: FlowOutcome): Cents {
  const { flowId, totalCents, creditedCents } = flow
  const gives = outcome.labels.some((l) => OFFERED.has(l.code) && l.params.flowId === flowId)
  const others = creditedCents - (gives ? Math.min(left, creditedCents) : 0)
  if (others < totalCents) return cents(Math.min(left, totalCents - others))
  return left >= totalCents ? totalCents : cents(0)
}

const OFFERED: ReadonlySet<string> = new Set(['PARTLY_CREDITED', 'OVER_CREDITED'])

/** A flow that may be what a credit pays, with its proof: the doubts stand last. */
export function flowCounterpart(seen: Seen, left: Cents, flow: KnownFlow, how: How): Counterpart {
  const { movement } = seen
  const { version, outcome } = flow
  const days = daysBetween(version.regulationDate, movement.bookingDate)
  const text = foldFlowId(movement.description)
  const psp = version.pspName ?? version.pspCode
  const namesPsp = [version.pspCode, version.pspName ?? '']
    .map(foldFlowId)
    .some((n) => n.length >= 4 && text.includes(n))
  const missing = cents(outcome.totalCents - outcome.creditedCents)
  const ticks: Tick[] = [
    left === outcome.totalCents
      ? { ok: true, text: `Importo uguale al centesimo: ${formatCents(left)}` }
      : { ok: false, text: `Accreditati ${formatCents(left)}, nel flusso ${formatCents(outcome.totalCents)}` },
    {
      ok: days >= -2 && days <= 10,
      text: `Regolamento del ${formatDate(version.regulationDate)}, ${daysInWords(days)}`,
    },
    ...(PROOFS[how.level] ?? [{ ok: false, text: 'La causale non porta l’identificativo del flusso' }]),
  ]
  if (namesPsp) ticks.push({ ok: true, text: `La causale nomina il PSP: ${psp}` })
  if (outcome.credit === 'partlyCredited' && missing > 0) {
    ticks.push({ ok: false, text: `Al flusso mancano ancora ${formatCents(missing)}` })
  }
  if (outcome.credit === 'credited') ticks.push({ ok: false, text: 'Il flusso è già coperto da un altro accredito' })
  if (how.rivals > 1) ticks.push({ ok: false, text: `Ci sono ${how.rivals} flussi ugualmente possibili` })
  const amount = partForFlow(seen, left, outcome)
  return {
    act: matchOf(movement.movementId, [{ kind: 'flow', id: flow.id, cents: amount }]),
    title: version.flowId,
    detail: `${psp}, ${version.rows.length} ${version.rows.length === 1 ? 'pagamento' : 'pagamenti'}`,
    date: version.regulationDate,
    cents: outcome.totalCents,
    evidence: doubtsLast(ticks),
    level: how.level,
    payers: flow.payers.slice(0, 50).map(({ name, iuv, cents }) => ({ name, iuv, cents })),
  }
}

export function debtCounterpart(act: Act, left: Cents, debt: OpenDebt, how: How, ticks: readonly Tick[]): Counterpart {
  const all = [amountTick(left, debt.outstandingCents), ...ticks]
  if (how.rivals > 1) all.push({ ok: false, text: `Ci sono ${how.rivals} debiti ugualmente possibili` })
  return {
    act,
    title: debt.personName,
    detail: `Accertamento ${debt.exercise}/${debt.number}, ${debt.causale}`,
    date: debt.dueDate,
    cents: debt.outstandingCents,
    evidence: doubtsLast(all),
    level: how.level,
    payers: [],
  }
}

export function installmentCounterpart(movementId: number, left: Cents, installment: OpenInstallment): Counterpart {
  const { id, iuv, personName, ordinal, description, dueDate } = installment
  return {
    act: matchOf(movementId, [{ kind: 'iuv', id, cents: installment.cents }]),
    title: personName,
    detail: `IUV ${iuv}, ${ordinal === null ? '' : `rata ${ordinal}, `}${description}`,
    date: dueDate,
    cents: installment.cents,
    evidence: [amountTick(left, installment.cents)],
    level: 'searched',
    payers: [{ name: personName, iuv, cents: installment.cents }],
  }
}

/** Another movement: the debit of a giroconto, the credit that a debit takes back. */
export function movementCounterpart(
  act: Act,
  other: Seen,
  account: string,
  level: Level,
  ticks: readonly Tick[],
): Counterpart {
  const { movement } = other
  return {
    act,
    title: movement.cents < 0 ? `Addebito su ${account}` : `Accredito su ${account}`,
    detail: movement.description,
    date: movement.bookingDate,
    cents: cents(Math.abs(movement.cents)),
    evidence: doubtsLast(ticks),
    level,
    payers: [],
  }
}

type Match = Extract<Act, { kind: 'match' }>

export function matchOf(movementId: number, targets: Match['targets']): Match {
  return { kind: 'match', bankMovementId: movementId as never, targets }
}

export function amountTick(left: Cents, amount: Cents): Tick {
  return Math.abs(left) === amount
    ? { ok: true, text: `Importo uguale al centesimo: ${formatCents(amount)}` }
    : {
        ok: false,
        text: `Da attribuire ${formatCents(cents(Math.abs(left)))}, nella controparte ${formatCents(amount)}`,
      }
}

export function daysInWords(days: number): string {
  if (days === 0) return 'accreditato lo stesso giorno'
  const n = Math.abs(days)
  return `accreditato ${n} ${n === 1 ? 'giorno' : 'giorni'} ${days > 0 ? 'dopo' : 'prima'}`
}

export function doubtsLast(ticks: readonly Tick[]): Tick[] {
  return [...ticks.filter((t) => t.ok), ...ticks.filter((t) => !t.ok)]
}
