import {
  addDays,
  daysBetween,
  formatDate,
  type Instant,
  type IsoDate,
  isoDate,
  maxDate,
  romeDate,
  yearOf,
} from './date.ts'
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

/** What was asked of a part before: the longest delay for which, and the last day of interest. */
export interface AskedBefore {
  readonly daysLate: number
  readonly until: IsoDate
}

/**
 * The fee that a rule asks for one part of a debt on a day: the step reached plus interest, brought within minimum and
 * maximum. Interest is summed exactly over the years and rounded once, half a cent up; so is a percentage. Where something was
 * asked before it is the difference between the two sums, so that what is asked in pieces adds up to what is asked at once.
 * @param base what is unpaid and due, in cents; @param due its due date: the delay counts from the day after
 */
export function lateFeeOf(
  rule: LateFeeRule,
  base: Cents,
  due: IsoDate,
  day: IsoDate,
  rates: LegalRates,
  before: AskedBefore | null = null,
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
  // A step is never gone down again: the due date may have moved since it was asked.
  const now = sumsOf(rule, base, due, Math.max(daysLate, before?.daysLate ?? 0), day, rates)
  if ('year' in now) return { kind: 'rateMissing', year: now.year }
  const asked = before !== null && before.daysLate > rule.graceDays ? before : null
  const then = asked && sumsOf(rule, base, due, asked.daysLate, maxDate(due, asked.until), rates)
  if (then !== null && 'year' in then) return { kind: 'rateMissing', year: then.year }
  const total = now.cents - (then?.cents ?? 0)
  if (total <= 0) return { kind: 'none', daysLate, why: 'La regola non chiede ancora niente' }
  const words: string[] = []
  const less = (asked: number) => words.push(`meno ${formatCents(cents(asked))} € già chiesti`)
  if (now.step > (then?.step ?? 0)) {
    words.push(...stepWords(now.reached as LateFeeStep, base))
    if (then !== null && then.step > 0 && !then.limited && !now.limited) less(then.step)
  }
  if (now.interest > 0 || (rule.interest !== null && then === null)) {
    const limited = now.limited || then?.limited === true
    const from = asked === null || limited ? due : maxDate(due, asked.until)
    const more = now.interest - (limited ? 0 : (then?.interest ?? 0))
    const span = `${daysBetween(from, day)} giorni, dal ${formatDate(addDays(from, 1))} al ${formatDate(day)}`
    if (from < day) words.push(`interessi di ${span}: ${formatCents(cents(more))} €`)
  }
  if (now.limited) {
    const least = now.cents === rule.minCents
    words.push(`${least ? 'minimo' : 'massimo'} ${formatCents(now.cents)} €`)
  }
  if (then !== null && then.cents > 0 && (now.limited || then.limited)) less(then.cents)
  return { kind: 'fee', fee: { daysLate, step: now.steps, cents: cents(total), why: words.join(', ') } }
}

interface Sums {
  readonly steps: number
  readonly reached: LateFeeStep | undefined
  readonly step: number
  readonly interest: number
  /** Of both, within minimum and maximum. */
  readonly cents: Cents
  readonly limited: boolean
}

/** All that a rule wants of a part, by the steps of a delay and with interest up to a day; the year whose rate is missing. */
function sumsOf(
  rule: LateFeeRule,
  base: Cents,
  due: IsoDate,
  delay: number,
  until: IsoDate,
  rates: LegalRates,
): Sums | { readonly year: number } {
  const reached = rule.steps.filter((one) => delay > one.afterDays)
  const last = reached.at(-1)
  const percent = last === undefined ? 0 : round(BigInt(base) * BigInt(last.basisPoints), BASIS)
  const step = (last?.fixedCents ?? 0) + percent
  const weight = rule.interest === null ? 0n : interestWeight(rule.interest, due, until, rates)
  if (typeof weight === 'number') return { year: weight }
  const interest = round(BigInt(base) * weight, BASIS * YEAR_DAYS)
  const sum = step + interest
  const least = sum > 0 ? Math.max(sum, rule.minCents ?? 0) : 0
  const within = cents(rule.maxCents === null ? least : Math.min(least, rule.maxCents))
  return { steps: reached.length, reached: last, step, interest, cents: within, limited: within !== sum }
}

function stepWords({ fixedCents, basisPoints, afterDays }: LateFeeStep, base: Cents): string[] {
  const words: string[] = []
  if (fixedCents > 0) words.push(`${formatCents(fixedCents)} €`)
  if (basisPoints > 0) words.push(`${percentText(basisPoints)} di ${formatCents(base)} €`)
  if (words.length > 0 && afterDays > 0) words.push(`oltre ${afterDays} giorni`)
  return words
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
  /** The due dates that it had in the versions of its position, the first one first. */
  readonly dates: readonly { readonly from: Instant; readonly dueDate: IsoDate | null }[]
}

/** A fee that was asked before and stands. */
export interface AskedFee {
  readonly cents: Cents
  readonly daysLate: number
  readonly baseCents: Cents
  /** As of when its delay was counted. */
  readonly at: Instant
}

/** Money of a debt that is late by one due date. */
export interface Overdue {
  readonly dueDate: IsoDate
  readonly cents: Cents
  readonly before: AskedBefore | null
}

export interface LateDebtParts {
  readonly dueDate: IsoDate | null
  readonly outstandingCents: Cents
  readonly parts: readonly AskedPart[]
  /** In the order in which they were asked. */
  readonly fees: readonly AskedFee[]
}

/**
 * What of a debt is late, and since when; empty when nothing is. Without a position the whole debt by its own date. Where
 * instalments are being paid, each one that has passed; where the payer may still choose, all of it by the later of the two ways.
 */
export function overdueOf(debt: LateDebtParts, day: IsoDate): readonly Overdue[] {
  const late = (date: IsoDate | null): date is IsoDate => date !== null && date < day
  const single = debt.parts.filter((p) => p.kind === 'single')
  const plan = debt.parts.filter((p) => p.kind === 'plan')
  const passed = plan
    .flatMap((part) => (part.unpaid && late(part.dueDate) ? [{ ...part, dueDate: part.dueDate }] : []))
    .sort((a, b) => (a.dueDate < b.dueDate ? -1 : a.dueDate > b.dueDate ? 1 : 0))
  if (plan.length > 0 && (single.length === 0 || plan.some((p) => !p.unpaid))) {
    // Money that came another way went to the oldest.
    let gone = passed.reduce((n, p) => n + p.cents, 0) - debt.outstandingCents
    return passed.flatMap((part): Overdue[] => {
      const left = part.cents - Math.max(0, gone)
      gone -= part.cents
      if (left <= 0) return []
      return [{ dueDate: part.dueDate, cents: cents(left), before: askedOfPart(part, plan, debt.fees) }]
    })
  }
  const due = single[0]?.dueDate ?? debt.dueDate
  const first = passed[0]?.dueDate
  if (!late(due) || (plan.length > 0 && first === undefined)) return []
  return [
    {
      dueDate: first === undefined ? due : maxDate(due, first),
      cents: debt.outstandingCents,
      before: latestOf(debt.fees.map((fee) => ({ daysLate: fee.daysLate, until: romeDate(fee.at) }))),
    },
  ]
}

/** Which fees asked of an instalment too: those of a day on which it was late, and those of the whole debt. */
function askedOfPart(part: AskedPart, plan: readonly AskedPart[], fees: readonly AskedFee[]): AskedBefore | null {
  return latestOf(
    fees.flatMap((fee): AskedBefore[] => {
      const until = romeDate(fee.at)
      const delay = ({ dates, dueDate }: AskedPart): number => {
        const then = dates.findLast((one) => one.from < fee.at) ?? dates[0] ?? { dueDate }
        return then.dueDate === null ? 0 : daysBetween(then.dueDate, until)
      }
      const passed = plan.reduce((n, one) => n + (delay(one) > 0 ? one.cents : 0), 0)
      if (fee.baseCents > passed) return [{ daysLate: fee.daysLate, until }]
      return delay(part) > 0 ? [{ daysLate: delay(part), until }] : []
    }),
  )
}

function latestOf(asked: readonly AskedBefore[]): AskedBefore | null {
  return asked.reduce<AskedBefore | null>(
    (known, one) =>
      known === null
        ? one
        : { daysLate: Math.max(known.daysLate, one.daysLate), until: maxDate(known.until, one.until) },
    null,
  )
}

export interface DebtFee {
  /** Earliest due date, and all the money, of the parts of which something is asked; where nothing is, of all that are late. */
  readonly dueDate: IsoDate
  readonly baseCents: Cents
  readonly outcome: LateFeeOutcome
}

/** The fee of a debt: of each part that is late by itself, since its own date. Null when nothing is late. */
export function lateFeeOfDebt(rule: LateFeeRule, debt: LateDebtParts, day: IsoDate, rates: LegalRates): DebtFee | null {
  const overdue = overdueOf(debt, day)
  const parts = overdue.map((part) => ({
    part,
    outcome: lateFeeOf(rule, part.cents, part.dueDate, day, rates, part.before),
  }))
  const first = parts[0]
  if (first === undefined) return null
  const of = (chosen: typeof parts) => ({
    dueDate: (chosen[0] as typeof first).part.dueDate,
    baseCents: cents(chosen.reduce((n, { part }) => n + part.cents, 0)),
  })
  const missing = parts.find(({ outcome }) => outcome.kind === 'rateMissing')
  if (missing !== undefined) return { ...of(parts), outcome: missing.outcome }
  const fees = parts.flatMap((one) => (one.outcome.kind === 'fee' ? [{ ...one, fee: one.outcome.fee }] : []))
  const total = fees.reduce((n, { fee }) => n + fee.cents, 0)
  const over = debt.parts.some(({ kind }) => kind === 'plan') ? 0 : askedBeyond(rule, debt.fees, rates)
  const lead = fees[0]
  if (lead === undefined || total <= over) {
    const asked = debt.fees.reduce((n, fee) => n + fee.cents, 0)
    const { daysLate, why: none } =
      first.outcome.kind === 'none' ? first.outcome : (lead as NonNullable<typeof lead>).fee
    const known = overdue.some(({ before }) => before !== null)
    const why = known ? `Per questo ritardo la mora è già stata chiesta: ${formatCents(cents(asked))} €` : none
    return { ...of(parts), outcome: { kind: 'none', daysLate, why } }
  }
  const words =
    fees.length === 1 ? [lead.fee.why] : fees.map(({ part, fee }) => `rata del ${formatDate(part.dueDate)}: ${fee.why}`)
  const beyond = over > 0 ? `, meno ${formatCents(cents(over))} € chiesti in più a mano` : ''
  const step = Math.max(...fees.map(({ fee }) => fee.step))
  const fee = { daysLate: lead.fee.daysLate, step, cents: cents(total - over), why: `${words.join('; ')}${beyond}` }
  return { ...of(fees), outcome: { kind: 'fee', fee } }
}

/** How much more than the rule wanted was asked of a whole debt, all in all. */
function askedBeyond(rule: LateFeeRule, fees: readonly AskedFee[], rates: LegalRates): number {
  let beyond = 0
  let before: AskedBefore | null = null
  for (const fee of fees) {
    const until = romeDate(fee.at)
    const wanted = lateFeeOf(rule, fee.baseCents, addDays(until, -fee.daysLate), until, rates, before)
    beyond += fee.cents - (wanted.kind === 'fee' ? wanted.fee.cents : 0)
    before = latestOf([...(before === null ? [] : [before]), { daysLate: fee.daysLate, until }])
  }
  return Math.max(0, beyond)
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
