import { addDays, daysInMonth, type IsoDate, isoDateOf } from './date.ts'
import { isWorkingDay } from './working-days.ts'

/** When a due of one tipo di dovuto falls due, if nobody says otherwise. */
export type DueRule =
  /** A fixed day of the year of competence; 29 February is the last of the month in other years. */
  | { readonly kind: 'fixedDay'; readonly month: number; readonly day: number; readonly workingDay: boolean }
  /** So many days after it is raised. */
  | { readonly kind: 'daysAfter'; readonly days: number; readonly workingDay: boolean }
  /** The last day of the month in which it is raised, or of a later one. */
  | { readonly kind: 'endOfMonth'; readonly months: number; readonly workingDay: boolean }

/**
 * The due date that a rule gives. With `workingDay` a day on which banks are closed moves to the next working one.
 * @param issued the day on which the due is raised; @param year its year of competence
 */
export function dueDateOf(rule: DueRule, issued: IsoDate, year: number): IsoDate {
  const day = plainDueDate(rule, issued, year)
  if (!rule.workingDay) return day
  let moved = day
  while (!isWorkingDay(moved)) moved = addDays(moved, 1)
  return moved
}

function plainDueDate(rule: DueRule, issued: IsoDate, year: number): IsoDate {
  switch (rule.kind) {
    case 'fixedDay':
      return isoDateOf(year, rule.month, Math.min(rule.day, daysInMonth(year, rule.month))) as IsoDate
    case 'daysAfter':
      return addDays(issued, rule.days)
    case 'endOfMonth': {
      const months = Number(issued.slice(5, 7)) - 1 + rule.months
      const inYear = Number(issued.slice(0, 4)) + Math.floor(months / 12)
      const inMonth = (months % 12) + 1
      return isoDateOf(inYear, inMonth, daysInMonth(inYear, inMonth)) as IsoDate
    }
  }
}

const MONTHS = [
  ...['gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno'],
  ...['luglio', 'agosto', 'settembre', 'ottobre', 'novembre', 'dicembre'],
]

/** «il 31 marzo dell’anno di competenza» */
export function dueRuleInWords(rule: DueRule): string {
  const moved = rule.workingDay ? ', o il primo giorno lavorativo dopo' : ''
  switch (rule.kind) {
    case 'fixedDay':
      return `il ${rule.day} ${MONTHS[rule.month - 1]} dell’anno di competenza${moved}`
    case 'daysAfter':
      return `${rule.days} giorni dopo l’emissione${moved}`
    case 'endOfMonth':
      if (rule.months === 0) return `a fine mese${moved}`
      return `a fine mese, ${rule.months === 1 ? 'un mese' : `${rule.months} mesi`} dopo l’emissione${moved}`
  }
}

/** The rule as it is stored (`serviceType.dueRuleJson`); null where there is none or it is not one of ours. */
export function readDueRule(json: string | null): DueRule | null {
  if (json === null) return null
  const r = JSON.parse(json) as Partial<Record<'kind' | 'month' | 'day' | 'days' | 'months' | 'workingDay', unknown>>
  const workingDay = r.workingDay === true
  if (r.kind === 'fixedDay' && isWhole(r.month, 1, 12) && isWhole(r.day, 1, 31)) {
    return { kind: 'fixedDay', month: r.month, day: r.day, workingDay }
  }
  if (r.kind === 'daysAfter' && isWhole(r.days, 0, 730)) return { kind: 'daysAfter', days: r.days, workingDay }
  if (r.kind === 'endOfMonth' && isWhole(r.months, 0, 24)) return { kind: 'endOfMonth', months: r.months, workingDay }
  return null
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
}
