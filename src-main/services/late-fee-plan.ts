import type { Id } from '#domain/brand'
import { daysBetween, type Instant, type IsoDate, romeDate } from '#domain/date'
import { MAX_POSITION_CENTS } from '#domain/issuing'
import { type LateFeeRule, type LegalRates, lateFeeOfDebt } from '#domain/late-fee'
import { type Cents, cents, sum, ZERO } from '#domain/money'
import type { AccertamentoQuery } from '#ledger/accertamento-list'
import { type LateDebt, listAskedDebts, readLateDebts } from '#ledger/late-fee'
import type { ReadHandle } from '#ledger/ledger'
import type { PositionQuery } from '#ledger/position-list'
import { readLegalRates } from '#ledger/tariff'
import { keptList } from './kept-list.ts'
import { reconciledBooks } from './reconcile-ledger.ts'
import { roomsOf } from './rooms.ts'
import { chosenAccertamenti, chosenPositions, type Selection } from './selection.ts'

/** Whose late fees: all that is late as an exercise sees it, or what some positions or accertamenti ask. */
export type LateFeeScope =
  | { readonly exercise: number }
  | { readonly positions: Selection<PositionQuery> }
  | { readonly accertamenti: Selection<AccertamentoQuery> }

export interface LateFeeRow {
  readonly accertamentoId: Id<'accertamento'>
  readonly number: number
  readonly exercise: number
  readonly personId: Id<'person'>
  readonly personName: string
  readonly fiscalCode: string | null
  readonly service: string
  readonly causale: string
  readonly competenceYear: number
  readonly debtPositionId: Id<'debtPosition'> | null
  readonly dueDate: IsoDate | null
  readonly daysLate: number
  readonly baseCents: Cents
  readonly beforeCents: Cents
  readonly cents: Cents
  readonly state: 'fee' | 'none' | 'refused'
  readonly why: string
  /** Step of the rule that the fee would stand for. */
  readonly step: number
  readonly byHand: boolean
}

export interface LateFeeEdit {
  readonly accertamentoId: Id<'accertamento'>
  /** Null strikes the row off. */
  readonly cents: Cents | null
}

/** Every debt of the scope with what the rule of its type asks now, in alphabetical order. */
export async function planLateFees(
  db: ReadHandle,
  of: LateFeeScope,
  day: IsoDate,
  at: Instant,
): Promise<readonly LateFeeRow[]> {
  const debts = await readLateDebts(db, await scopeOf(db, of, day))
  const rates = await readLegalRates(db)
  const books = await reconciledBooks(db, at)
  const rooms = books === null ? null : roomsOf(books, new Set(debts.map((debt) => debt.accertamentoId)))
  return debts.map((debt) => {
    const room = Math.min(debt.outstandingCents, rooms?.get(debt.accertamentoId) ?? debt.outstandingCents)
    return rowOf(debt, room, day, rates)
  })
}

/** The same, remembered until something is written: a page asks for it at every scroll. Not for use inside a write. */
export function keptLateFees(
  db: ReadHandle,
  of: LateFeeScope,
  day: IsoDate,
  at: Instant,
): Promise<readonly LateFeeRow[]> {
  return keptList(db, ['lateFee', of, day, romeDate(at)], () => planLateFees(db, of, day, at))
}

async function scopeOf(db: ReadHandle, of: LateFeeScope, day: IsoDate) {
  if ('exercise' in of) return of
  if ('accertamenti' in of) return { ids: await chosenAccertamenti(db, of.accertamenti, day) }
  return { ids: await listAskedDebts(db, await chosenPositions(db, of.positions, day)) }
}

function rowOf(debt: LateDebt, room: number, day: IsoDate, rates: LegalRates): LateFeeRow {
  const { searchKey: _key, kind, rule, outstandingCents: _left, position, parts, fees, ...known } = debt
  const head = {
    ...known,
    debtPositionId: position?.id ?? null,
    beforeCents: sum(fees.map((fee) => fee.cents)),
    daysLate: 0,
    baseCents: ZERO,
    cents: ZERO,
    step: 0,
    byHand: false,
  }
  const refused = (why: string): LateFeeRow => ({ ...head, state: 'refused', why })
  if (kind === 'mora') return refused('È già una mora')
  if (position !== null && (position.payment === 'paid' || position.payment === 'collected')) {
    return refused('È pagata, aspetta la reversale')
  }
  if (room <= 0) return refused('Un incasso la copre già')
  const asked = lateFeeOfDebt(rule ?? NO_RULE, { ...debt, outstandingCents: cents(room) }, day, rates)
  if (asked === null) {
    return refused(debt.dueDate === null && parts.length === 0 ? 'Non ha scadenza' : 'Non è scaduta')
  }
  const { outcome, ...late } = asked
  const row = { ...head, ...late, daysLate: daysBetween(late.dueDate, day) }
  if (rule === null) return { ...row, state: 'none', why: 'Il tipo di dovuto non ha una regola di mora' }
  if (outcome.kind === 'rateMissing') {
    return { ...row, state: 'none', why: `Manca il tasso degli interessi legali del ${outcome.year}` }
  }
  if (outcome.kind === 'none') return { ...row, state: 'none', why: outcome.why }
  const { step, cents: amount, why } = outcome.fee
  return { ...row, step, cents: amount, state: 'fee', why }
}

const NO_RULE: LateFeeRule = { graceDays: 0, steps: [], interest: null, minCents: null, maxCents: null }

/** The rows with the amounts that a person wrote: a hand may ask where the rule does not, never where it is refused. */
export function withEdits(rows: readonly LateFeeRow[], edits: readonly LateFeeEdit[]): LateFeeRow[] {
  if (edits.length === 0) return [...rows]
  const byId = new Map<number, LateFeeEdit>(edits.map((edit) => [edit.accertamentoId, edit]))
  return rows.map((row) => {
    const edit = byId.get(row.accertamentoId)
    if (edit === undefined || row.state === 'refused') return row
    if (edit.cents === null) return { ...row, cents: ZERO, state: 'none', why: 'Tolta a mano' }
    if (edit.cents === row.cents) return row
    if (edit.cents <= 0) return { ...row, cents: ZERO, state: 'none', why: 'Tolta a mano' }
    if (edit.cents > MAX_POSITION_CENTS) {
      return { ...row, cents: ZERO, state: 'none', why: 'L’importo a mano supera il limite di pagoPA' }
    }
    return { ...row, cents: edit.cents, state: 'fee', why: 'Importo a mano', byHand: true }
  })
}
