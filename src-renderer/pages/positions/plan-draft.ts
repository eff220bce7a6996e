import type { IsoDate } from '#domain/date'
import { installmentAmounts, installmentDueDates } from '#domain/installment-split'
import { type Cents, formatCents, subtract, sum, ZERO } from '#domain/money'
import { type InstallmentRule, type PaymentMode, proposedRule } from '../generate/payment-mode.ts'

/** The most instalments that a position made by hand may have. */
export const MOST_INSTALLMENTS = 12

export interface PlanLine {
  readonly dueDate: IsoDate | null
  readonly cents: Cents | null
}

/** How one position is to be paid, while it is being written. */
export interface PlanDraft {
  readonly mode: PaymentMode
  readonly rule: InstallmentRule
  /** Instalments changed by hand; null follows the rule. */
  readonly edited: readonly PlanLine[] | null
}

export function newPlan(today: IsoDate): PlanDraft {
  return { mode: 'single', rule: proposedRule(today, null), edited: null }
}

/** The instalments as they stand: those written by hand, else equal ones by the rule. */
export function planLines({ rule, edited }: PlanDraft, total: Cents): readonly PlanLine[] {
  if (edited !== null) return edited
  const amounts = installmentAmounts(total, rule.count)
  return installmentDueDates(rule).map((dueDate, i) => ({ dueDate, cents: amounts?.[i] ?? null }))
}

export function planSum(lines: readonly PlanLine[]): Cents {
  return sum(lines.map((line) => line.cents ?? ZERO))
}

/** «mancano 0,01 €», «0,01 € di troppo»; null when the sum is the total. */
export function planGap(lines: readonly PlanLine[], total: Cents): string | null {
  const gap = subtract(total, planSum(lines))
  if (gap === 0) return null
  return gap > 0 ? `mancano ${formatCents(gap)} €` : `${formatCents(subtract(ZERO, gap))} € di troppo`
}

/** Why these instalments cannot stand, the first reason; null when they can. */
export function planProblem(lines: readonly PlanLine[], total: Cents): string | null {
  for (const [i, line] of lines.entries()) {
    const before = lines[i - 1]?.dueDate
    if (line.cents === null || line.cents <= 0) return `La rata ${i + 1} non ha un importo.`
    if (line.dueDate === null) return `La rata ${i + 1} non ha una scadenza.`
    if (before != null && line.dueDate <= before) return `La rata ${i + 1} non scade dopo la ${i}.`
  }
  const gap = planGap(lines, total)
  return gap === null ? null : `Le rate non fanno il totale: ${gap}.`
}
