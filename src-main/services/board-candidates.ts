import type { z } from 'zod'
import type { boardRowSchema } from '#contract/reconciliation'
import { daysBetween, formatDate } from '#domain/date'
import { foldFlowId } from '#domain/flow-id'
import { type Cents, formatCents } from '#domain/money'
import type { BoardProposal, OpenDebt, OpenInstallment, PayerRow } from '#ledger/board-load'
import type { FlowRow } from '#ledger/flow-list'
import type { MovementRow } from '#ledger/movement-list'

export type Candidate = z.infer<typeof boardRowSchema>['candidates'][number]
type Tick = Candidate['evidence'][number]

const LEVELS = {
  TRN: 'truncated',
  TRUNCATED: 'truncated',
  PSP: 'psp',
  AMOUNT: 'amount',
  NAME: 'debtor',
  FISCAL_CODE: 'debtor',
  RULE: 'debtor',
} as const

/** A flow that may be the counterpart of a credit, with its proof as ticks: the doubts stand last. */
export function flowCandidate(
  movement: MovementRow,
  leftCents: Cents,
  flow: FlowRow,
  payers: readonly PayerRow[],
  how: { readonly level: Candidate['level']; readonly rivals: number },
): Candidate {
  const days = daysBetween(flow.regulationDate, movement.bookingDate)
  const text = foldFlowId(movement.description)
  const psp = flow.pspName ?? flow.pspCode
  const namesPsp = [flow.pspCode, flow.pspName ?? ''].map(foldFlowId).some((n) => n.length >= 4 && text.includes(n))
  const ticks: Tick[] = [
    leftCents === flow.totalCents
      ? { ok: true, text: `Importo uguale al centesimo: ${formatCents(flow.totalCents)}` }
      : { ok: false, text: `Accreditati ${formatCents(leftCents)}, nel flusso ${formatCents(flow.totalCents)}` },
    { ok: days >= -2 && days <= 10, text: `Regolamento del ${formatDate(flow.regulationDate)}, ${daysInWords(days)}` },
  ]
  if (how.level === 'exact') ticks.push({ ok: true, text: 'La causale porta proprio questo identificativo' })
  else if (how.level === 'truncated') {
    ticks.push({ ok: true, text: 'L’inizio dell’identificativo rimasto nella causale coincide' })
    ticks.push({ ok: false, text: 'La banca ha tagliato il resto dell’identificativo' })
  } else ticks.push({ ok: false, text: 'La causale non porta l’identificativo del flusso' })
  if (namesPsp) ticks.push({ ok: true, text: `La causale nomina il PSP: ${psp}` })
  if (how.rivals > 1) ticks.push({ ok: false, text: `Ci sono ${how.rivals} flussi ugualmente possibili` })
  return {
    target: { kind: 'flow', id: flow.id },
    title: flow.flowId,
    detail: `${psp}, ${flow.rowCount} ${flow.rowCount === 1 ? 'pagamento' : 'pagamenti'}`,
    date: flow.regulationDate,
    cents: flow.totalCents,
    evidence: doubtsLast(ticks),
    level: how.level,
    payers: payers.slice(0, 50).map(({ name, iuv, cents }) => ({ name, iuv, cents })),
  }
}

export function debtCandidate(
  leftCents: Cents,
  debt: OpenDebt,
  how: { readonly level: Candidate['level']; readonly proposal: BoardProposal | null },
): Candidate {
  const { proposal } = how
  const ticks: Tick[] = [amountTick(leftCents, debt.outstandingCents)]
  if (proposal?.level === 'FISCAL_CODE') ticks.push({ ok: true, text: 'Il codice fiscale è nella causale' })
  if (proposal?.level === 'NAME') ticks.push({ ok: true, text: 'Il nome è nella causale' })
  if (proposal && proposal.rivals > 1)
    ticks.push({ ok: false, text: `Ci sono ${proposal.rivals} debiti ugualmente possibili` })
  ticks.push({ ok: false, text: 'Nessun riferimento pagoPA: è un bonifico diretto' })
  return {
    target: { kind: 'accertamento', id: debt.accertamentoId },
    title: debt.personName,
    detail: `Accertamento ${debt.exercise}/${debt.number}, ${debt.causale}`,
    date: debt.dueDate,
    cents: debt.outstandingCents,
    evidence: doubtsLast(ticks),
    level: how.level,
    payers: [],
  }
}

export function installmentCandidate(leftCents: Cents, installment: OpenInstallment): Candidate {
  return {
    target: { kind: 'iuv', id: installment.id },
    title: installment.personName,
    detail: `IUV ${installment.iuv}, ${installment.ordinal === null ? '' : `rata ${installment.ordinal}, `}${installment.description}`,
    date: installment.dueDate,
    cents: installment.cents,
    evidence: [amountTick(leftCents, installment.cents)],
    level: 'searched',
    payers: [{ name: installment.personName, iuv: installment.iuv, cents: installment.cents }],
  }
}

export function levelOf(proposal: BoardProposal): Candidate['level'] {
  return LEVELS[proposal.level]
}

function amountTick(leftCents: Cents, cents: Cents): Tick {
  return leftCents === cents
    ? { ok: true, text: `Importo uguale al centesimo: ${formatCents(cents)}` }
    : { ok: false, text: `Accreditati ${formatCents(leftCents)}, da riscuotere ${formatCents(cents)}` }
}

function daysInWords(days: number): string {
  if (days === 0) return 'accreditato lo stesso giorno'
  const n = Math.abs(days)
  return `accreditato ${n} ${n === 1 ? 'giorno' : 'giorni'} ${days > 0 ? 'dopo' : 'prima'}`
}

function doubtsLast(ticks: readonly Tick[]): Tick[] {
  return [...ticks.filter((t) => t.ok), ...ticks.filter((t) => !t.ok)]
}
