import { daysBetween, type IsoDate, isoDate, yearOf } from './date.ts'
import { type Cents, cents, formatCents } from './money.ts'

/** What is asked once the delay is longer than `afterDays`: it takes the place of the steps before it. */
export interface LateFeeStep {
  readonly afterDays: number
  readonly fixedCents: Cents
  /** Of what is unpaid, in hundredths of a percent: 1000 is 10 %. */
  readonly basisPoints: number
}

/** Interest for each day of delay, on what is unpaid: by the legal rate of each year, or by a rate of its own. */
export type LateInterest =
  | { readonly kind: 'legal' }
  /** A year, in hundredths of a percent. */
  | { readonly kind: 'yearly'; readonly basisPoints: number }

/** Regola della mora of a tipo di dovuto. */
export interface LateFeeRule {
  /** Days after the due date within which nothing is asked. */
  readonly graceDays: number
  /** By rising `afterDays`. */
  readonly steps: readonly LateFeeStep[]
  readonly interest: LateInterest | null
  readonly minCents: Cents | null
  readonly maxCents: Cents | null
}

/** Rates of the legal interest by year, in hundredths of a percent. */
export type LegalRates = ReadonlyMap<number, number>

export interface LateFee {
  readonly daysLate: number
  /** How many steps the delay has passed; 0 where only interest is asked. */
  readonly step: number
  readonly cents: Cents
  /** How the amount comes about, in words. */
  readonly why: string
}

export type LateFeeOutcome =
  | { readonly kind: 'fee'; readonly fee: LateFee }
  | { readonly kind: 'none'; readonly daysLate: number; readonly why: string }
  /** The legal rate of that year was never entered. */
  | { readonly kind: 'rateMissing'; readonly year: number }

/** Days of a year for interest, in leap years too: the civil year of banks. */
const YEAR_DAYS = 365n
const BASIS = 10_000n

/**
 * The fee that a rule asks for one debt on a day: the step reached plus interest, brought within minimum and maximum. Interest
 * is summed exactly over the years and rounded once, half a cent up; so is a percentage.
 * @param base what is unpaid and due, in cents; @param due its due date: the delay counts from the day after
 */
export function lateFeeOf(
  rule: LateFeeRule,
  base: Cents,
  due: IsoDate,
  day: IsoDate,
  rates: LegalRates,
): LateFeeOutcome {
  const daysLate = daysBetween(due, day)
  if (daysLate <= 0) return { kind: 'none', daysLate: 0, why: 'Non è ancora scaduto' }
  if (daysLate <= rule.graceDays) {
    return {
      kind: 'none',
      daysLate,
      why: `${daysLate} giorni di ritardo: la regola ne lascia passare ${rule.graceDays}`,
    }
  }
  const reached = rule.steps.filter((step) => daysLate > step.afterDays)
  const step = reached.at(-1)
  const words: string[] = []
  let total = 0
  if (step !== undefined) {
    total += step.fixedCents
    if (step.fixedCents > 0) words.push(`${formatCents(step.fixedCents)} €`)
    if (step.basisPoints > 0) {
      total += round(BigInt(base) * BigInt(step.basisPoints), BASIS)
      words.push(`${percentText(step.basisPoints)} di ${formatCents(base)} €`)
    }
    if (words.length > 0 && step.afterDays > 0) words.push(`oltre ${step.afterDays} giorni`)
  }
  if (rule.interest !== null) {
    const weights = interestWeight(rule.interest, due, day, rates)
    if (typeof weights === 'number') return { kind: 'rateMissing', year: weights }
    const interest = round(BigInt(base) * weights, BASIS * YEAR_DAYS)
    total += interest
    words.push(`interessi di ${daysLate} giorni ${formatCents(cents(interest))} €`)
  }
  if (total <= 0) return { kind: 'none', daysLate, why: 'La regola non chiede ancora niente' }
  if (rule.minCents !== null && total < rule.minCents) {
    total = rule.minCents
    words.push(`minimo ${formatCents(rule.minCents)} €`)
  }
  if (rule.maxCents !== null && total > rule.maxCents) {
    total = rule.maxCents
    words.push(`massimo ${formatCents(rule.maxCents)} €`)
  }
  return { kind: 'fee', fee: { daysLate, step: reached.length, cents: cents(total), why: words.join(', ') } }
}

/** Σ days × rate over the years of the delay, exactly; the year without a rate where one is missing. */
function interestWeight(interest: LateInterest, due: IsoDate, day: IsoDate, rates: LegalRates): bigint | number {
  let weight = 0n
  for (let year = yearOf(due); year <= yearOf(day); year += 1) {
    const from = year === yearOf(due) ? due : isoDate(`${year - 1}-12-31`)
    const to = year === yearOf(day) ? day : isoDate(`${year}-12-31`)
    const days = daysBetween(from, to)
    if (days === 0) continue
    const rate = interest.kind === 'legal' ? rates.get(year) : interest.basisPoints
    if (rate === undefined) return year
    weight += BigInt(days) * BigInt(rate)
  }
  return weight
}

/** Half a unit up; both are positive. */
function round(numerator: bigint, denominator: bigint): number {
  return Number((2n * numerator + denominator) / (2n * denominator))
}

/** «10 %», «2,5 %» */
export function percentText(basisPoints: number): string {
  const text = formatCents(cents(basisPoints))
    .replace(/,00$/, '')
    .replace(/(,\d)0$/, '$1')
  return `${text} %`
}

/** One part of what a live position asks for a debt. */
export interface AskedPart {
  readonly kind: 'single' | 'plan'
  readonly dueDate: IsoDate | null
  readonly cents: Cents
  readonly unpaid: boolean
}

export interface Overdue {
  readonly dueDate: IsoDate
  readonly cents: Cents
}

/**
 * What of a debt is late, and since when; null when nothing is. Without a position the whole debt by its own date. Where
 * instalments are being paid, only those that have passed; where the payer may still choose, the later of the two ways.
 */
export function overdueOf(
  debt: { readonly dueDate: IsoDate | null; readonly outstandingCents: Cents; readonly parts: readonly AskedPart[] },
  day: IsoDate,
): Overdue | null {
  const late = (date: IsoDate | null): date is IsoDate => date !== null && date < day
  const single = debt.parts.filter((p) => p.kind === 'single')
  const plan = debt.parts.filter((p) => p.kind === 'plan')
  const planBegun = plan.some((p) => !p.unpaid)
  const passed = plan.filter((p) => p.unpaid && late(p.dueDate))
  const first = passed.map((p) => p.dueDate as IsoDate).sort()[0]
  const byPlan = (): Overdue | null =>
    first === undefined
      ? null
      : {
          dueDate: first,
          cents: cents(
            Math.min(
              debt.outstandingCents,
              passed.reduce((n, p) => n + p.cents, 0),
            ),
          ),
        }
  if (single.length === 0 && plan.length === 0) {
    return late(debt.dueDate) ? { dueDate: debt.dueDate, cents: debt.outstandingCents } : null
  }
  if (planBegun || single.length === 0) return byPlan()
  const due = single[0]?.dueDate ?? debt.dueDate
  if (!late(due)) return null
  if (plan.length > 0 && first === undefined) return null
  return { dueDate: first !== undefined && first > due ? first : due, cents: debt.outstandingCents }
}

/** «dopo 15 giorni: 10 %; dopo 90 giorni: 20 %; interessi legali; minimo 5,00 €» */
export function lateFeeRuleInWords(rule: LateFeeRule): string {
  const words = rule.steps.map((step) => {
    const what = [
      step.fixedCents > 0 ? `${formatCents(step.fixedCents)} €` : '',
      step.basisPoints > 0 ? percentText(step.basisPoints) : '',
    ].filter((text) => text !== '')
    return `oltre ${Math.max(step.afterDays, rule.graceDays)} giorni ${what.join(' più ') || 'niente'}`
  })
  if (rule.interest?.kind === 'legal') words.push('interessi legali al giorno')
  if (rule.interest?.kind === 'yearly') words.push(`interessi al ${percentText(rule.interest.basisPoints)} l’anno`)
  if (rule.minCents !== null) words.push(`minimo ${formatCents(rule.minCents)} €`)
  if (rule.maxCents !== null) words.push(`massimo ${formatCents(rule.maxCents)} €`)
  return words.length === 0 ? 'nessuna mora' : words.join('; ')
}

/** The rule as it is stored (`serviceType.moraRuleJson`), which only this program writes. */
export function readLateFeeRule(json: string | null): LateFeeRule | null {
  return json === null ? null : (JSON.parse(json) as LateFeeRule)
}
