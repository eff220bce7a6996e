import { addDays, formatDate, type IsoDate } from './date.ts'
import { type Cents, formatCents } from './money.ts'

/** One statement of an account: its period as the bank declares it, else from its first to its last movement. */
export interface StatementPeriod {
  readonly from: IsoDate
  readonly to: IsoDate
  /** True when the bank says what the file covers: days without movements inside it are covered too. */
  readonly declared: boolean
  readonly openingCents: Cents | null
  readonly closingCents: Cents | null
}

export interface StatementHole {
  /** Day after which nothing is known, and day from which it is again. */
  readonly after: IsoDate
  readonly before: IsoDate
  /** Where both balances are written and differ. */
  readonly balances: { readonly closing: Cents; readonly opening: Cents } | null
}

/**
 * Stretches that no statement of one account covers. Two that follow one another prove it by their balances; where a
 * balance is missing, by the periods, if the bank declares them. Statements whose periods overlap leave no hole.
 */
export function statementHoles(statements: readonly StatementPeriod[]): StatementHole[] {
  const sorted = statements.toSorted((a, b) => compare(a.from, b.from) || compare(a.to, b.to))
  const holes: StatementHole[] = []
  let last: StatementPeriod | undefined
  for (const next of sorted) {
    if (last !== undefined && next.from > last.to) {
      const { closingCents: closing } = last
      const { openingCents: opening } = next
      const hole = { after: last.to, before: next.from }
      if (closing !== null && opening !== null) {
        if (closing !== opening) holes.push({ ...hole, balances: { closing, opening } })
      } else if (last.declared && next.declared && next.from > addDays(last.to, 1)) {
        holes.push({ ...hole, balances: null })
      }
    }
    if (last === undefined || next.to >= last.to) last = next
  }
  return holes
}

/** «Banca: tra gli estratti conto dal 05/03/2026 al 10/03/2026 manca qualcosa…» */
export function holeText(account: string, hole: StatementHole): string {
  const days =
    hole.before > addDays(hole.after, 1) ? ` dal ${formatDate(hole.after)} al ${formatDate(hole.before)}` : ''
  const { balances } = hole
  const why =
    balances === null
      ? ' (i periodi dichiarati dalla banca non si toccano)'
      : ` (saldo finale ${formatCents(balances.closing)}, iniziale successivo ${formatCents(balances.opening)})`
  return `${account}: tra gli estratti conto${days} manca qualcosa${why}. Carica prima il periodo che manca.`
}

/** True when the day lies inside or before what the statements cover, with nothing missing up to it in that year. */
export function coversDay(statements: readonly StatementPeriod[], day: IsoDate): boolean {
  const firstDay = `${day.slice(0, 4)}-01-01`
  if (!statements.some((s) => s.to >= day)) return false
  return !statementHoles(statements).some((hole) => hole.after < day && hole.before > firstDay)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
