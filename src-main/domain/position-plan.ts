import type { Id } from './brand.ts'
import { addDays, daysBetween, type IsoDate } from './date.ts'
import type { FiscalCode } from './fiscal-code.ts'
import type { Iban } from './iban.ts'
import { type InstallmentRule, type InstallmentTerm, installmentTerms } from './installment-split.ts'
import {
  type BesideMoney,
  MAX_POSITION_CENTS,
  oldestFirst,
  type PaymentTerms,
  type PlannedPayment,
  planPayments,
} from './issuing.ts'
import { type Cents, cents, splitByLargestRemainder, subtract, sum } from './money.ts'
import type { Iuv, NoticeNumber } from './notice-number.ts'
import type { InstallmentPayment } from './payment-state.ts'

export interface StoredTransfer {
  readonly idTransfer: number
  readonly cents: Cents
  readonly own: boolean
  readonly stamp: boolean
  readonly fiscalCode: FiscalCode
  readonly iban: Iban | null
  readonly taxonomyCode: string
  readonly remittance: string
  readonly allocations: readonly { readonly accertamentoId: Id<'accertamento'>; readonly cents: Cents }[]
}

/** A payment of a version as the ledger holds it, with what came of it. */
export interface StoredPayment {
  readonly ordinal: number
  readonly iuv: Iuv
  readonly noticeNumber: NoticeNumber | null
  readonly cents: Cents
  readonly dueDate: IsoDate | null
  readonly state: InstallmentPayment
  readonly paidDate: IsoDate | null
  /** Paid when the other way already was: that money is not of the position. */
  readonly otherOption: boolean
  /** Paid twice, or the other way. */
  readonly surplus: boolean
  readonly transfers: readonly StoredTransfer[]
}

/** A position in its current version. */
export interface StoredPosition {
  readonly id: Id<'debtPosition'>
  readonly personId: Id<'person'>
  readonly personName: string
  readonly lifecycle: 'draft' | 'issued' | 'cancelled'
  readonly payment: 'unpaid' | 'partiallyPaid' | 'paid' | 'collected'
  readonly version: number
  readonly iupd: string
  readonly nodeState: string | null
  readonly syncState: 'none' | 'toSync' | 'inFlight' | 'synced' | 'failed' | 'diverged'
  readonly validUntil: IsoDate
  readonly description: string
  readonly single: StoredPayment | null
  readonly installments: readonly StoredPayment[]
}

/** An accertamento that a version asks for. */
export interface AskedDebt {
  readonly accertamentoId: Id<'accertamento'>
  readonly exercise: number
  readonly number: number
  readonly dueDate: IsoDate | null
  readonly causale: string
  readonly iban: Iban
  readonly taxonomyCode: string
  /** What the present version asks in all; 0 of one that is added. */
  readonly askedCents: Cents
  /** Of that, what the paid instalments took. */
  readonly paidCents: Cents
  /** What the reconciliation leaves of it: less than what is asked when its money came another way. */
  readonly roomCents: Cents
}

/** What changes; absent parts stay as they are. */
export interface PositionChange {
  /** New total of accertamenti, paid part included. */
  readonly amounts?: ReadonlyMap<number, Cents> | undefined
  readonly added?: readonly AskedDebt[] | undefined
  readonly dueDate?:
    | { readonly kind: 'to'; readonly date: IsoDate | null }
    | { readonly kind: 'shift'; readonly days: number }
    | undefined
  readonly validUntil?: IsoDate | undefined
  readonly terms?:
    | { readonly kind: 'once'; readonly dueDate: IsoDate | null }
    | { readonly kind: 'rule'; readonly rule: InstallmentRule }
    | {
        readonly kind: 'written'
        readonly single: { readonly dueDate: IsoDate | null } | null
        readonly installments: readonly InstallmentTerm[]
      }
    | undefined
  /** A cancelled one is taken up again: its notice may have been paid meanwhile, then it stands again as it was. */
  readonly takenUp?: boolean | undefined
  /** None of the numbers not paid yet is used again: the node has thrown them away. */
  readonly freshNumbers?: boolean | undefined
}

/** A payment of the new version: with the number of one before, or null where it gets a number of its own. */
export interface RevisedPayment extends PlannedPayment {
  readonly before: StoredPayment | null
  readonly paid: boolean
}

export interface RevisedPosition {
  readonly single: RevisedPayment | null
  readonly installments: readonly RevisedPayment[]
  readonly validUntil: IsoDate
  readonly cents: Cents
  /** How much each accertamento is to vary, signed; none is 0. */
  readonly variations: readonly { readonly accertamentoId: Id<'accertamento'>; readonly cents: Cents }[]
  /** False when nothing at all is other than before. */
  readonly changed: boolean
}

export type NotRevised =
  | 'paid'
  | 'singlePaid'
  | 'notAsked'
  | 'belowPaid'
  | 'nothingLeft'
  | 'termsDiffer'
  | 'tooSmall'
  | 'tooManyAccounts'
  | 'tooMuch'
  | 'validityBeforeDue'
  | 'datesGoBack'

/**
 * What a position asks in all and has not been paid yet: of its single payment, or of the instalments once one is paid.
 */
export function openPaymentsOf({ single, installments }: StoredPosition): readonly StoredPayment[] {
  if (single !== null && isPaid(single)) return []
  const open = installments.filter((one) => !isPaid(one))
  if (open.length < installments.length) return open
  return single === null ? open : [single, ...open]
}

/** Money is known to have come for it, and the position takes it. */
export function isPaid({ state, otherOption }: StoredPayment): boolean {
  return state !== 'unpaid' && !otherOption
}

/** The payments that say what the position asks for in all: the single one, else all the instalments. */
export function leadingPayments({ single, installments }: StoredPosition): readonly StoredPayment[] {
  return single === null ? installments : [single]
}

/** Where the money of each accertamento goes in the present version, and how much of it is paid. */
export function askedOf(
  position: StoredPosition,
): Map<number, Pick<AskedDebt, 'iban' | 'taxonomyCode' | 'askedCents' | 'paidCents'>> {
  const found = new Map<number, { iban: Iban; taxonomyCode: string; askedCents: Cents; paidCents: Cents }>()
  const paid = position.installments.filter(isPaid)
  // Once an instalment is paid the plan counts, and the single payment is closed.
  const leading = paid.length > 0 ? position.installments : leadingPayments(position)
  for (const { payment, isOpen } of leading.map((one) => ({ payment: one, isOpen: !isPaid(one) }))) {
    for (const { iban, taxonomyCode, allocations } of payment.transfers) {
      for (const { accertamentoId, cents: amount } of allocations) {
        const known = found.get(accertamentoId) ?? {
          ...{ iban: iban as Iban, taxonomyCode, askedCents: cents(0), paidCents: cents(0) },
        }
        found.set(accertamentoId, {
          ...known,
          askedCents: cents(known.askedCents + amount),
          paidCents: cents(known.paidCents + (isOpen ? 0 : amount)),
        })
      }
    }
  }
  return found
}

/** Money of others and stamps that is still to be asked for. */
function openBeside(position: StoredPosition): BesideMoney[] {
  const open = openPaymentsOf(position)
  const leading = position.single !== null && open.includes(position.single) ? [position.single] : open
  const found = new Map<string, BesideMoney>()
  for (const { idTransfer: _id, allocations: _none, ...transfer } of leading.flatMap((one) => one.transfers)) {
    if (transfer.own && !transfer.stamp) continue
    const { cents: amount, ...rest } = transfer
    const key = JSON.stringify(rest)
    const known = found.get(key)
    found.set(key, { ...transfer, cents: cents(amount + (known?.cents ?? 0)) })
  }
  return [...found.values()]
}

/**
 * A position as it is to be asked from now on: what was paid stays as it was paid, to the transfer; what is open is asked anew
 * of the same debts, the oldest first, with the numbers that its payments had.
 * @param debts those of the present version, as they stand now
 */
export function revisePosition(
  position: StoredPosition,
  debts: readonly AskedDebt[],
  change: PositionChange,
): RevisedPosition | NotRevised {
  const singlePaid = position.single !== null && isPaid(position.single)
  if (singlePaid || position.payment === 'paid' || position.payment === 'collected') {
    return change.takenUp ? asItWas(position) : singlePaid ? 'singlePaid' : 'paid'
  }
  const asked = [...debts, ...(change.added ?? [])]
  // Never half of what was written: an amount that nobody would ask for is told.
  for (const id of change.amounts?.keys() ?? [])
    if (asked.every((debt) => debt.accertamentoId !== id)) return 'notAsked'
  const wanted = wantedOf(asked, change)
  if (wanted === 'belowPaid') return wanted
  const beside = openBeside(position)
  const total = cents(sum(wanted.open.map((d) => d.outstandingCents)) + sum(beside.map((b) => b.cents)))
  const paid = position.installments.filter(isPaid)
  if (total === 0 && paid.length === 0) return 'nothingLeft'
  const terms = total === 0 ? { single: null, installments: [] } : termsOf(position, paid.length > 0, total, change)
  if (typeof terms === 'string') return terms
  const planned = planPayments(wanted.open, beside, position.description, terms)
  if (planned === null) return 'tooManyAccounts'
  if (
    [...(planned.single ? [planned.single] : []), ...planned.installments].some((p) => p.cents > MAX_POSITION_CENTS)
  ) {
    return 'tooMuch'
  }
  const validUntil = change.validUntil ?? position.validUntil
  const dues = [planned.single, ...planned.installments].flatMap((one) => one?.dueDate ?? [])
  if (dues.some((due) => due > validUntil)) return 'validityBeforeDue'
  const next = withNumbers(position, planned, change.freshNumbers === true)
  return {
    ...next,
    validUntil,
    cents: next.single?.cents ?? sum(next.installments.map((one) => one.cents)),
    variations: wanted.variations,
    changed:
      wanted.variations.length > 0 ||
      validUntil !== position.validUntil ||
      !sameAs(position, next.single, next.installments),
  }
}

function asItWas(position: StoredPosition): RevisedPosition {
  const same = (payment: StoredPayment): RevisedPayment => ({ ...asPaid(payment), paid: isPaid(payment) })
  const single = position.single && same(position.single)
  const installments = position.installments.map(same)
  return {
    ...{ single, installments, validUntil: position.validUntil, variations: [], changed: false },
    cents: single?.cents ?? sum(installments.map((one) => one.cents)),
  }
}

/** What each debt is still to be asked for, the oldest first, and by how much it varies. */
function wantedOf(debts: readonly AskedDebt[], { amounts }: PositionChange) {
  const variations: { accertamentoId: Id<'accertamento'>; cents: Cents }[] = []
  const open: (AskedDebt & { outstandingCents: Cents; personId: Id<'person'> })[] = []
  for (const debt of debts) {
    const asked = debt.askedCents === 0 ? debt.roomCents : debt.askedCents
    const total = amounts?.get(debt.accertamentoId) ?? asked
    if (total < debt.paidCents) return 'belowPaid' as const
    const by = subtract(total, asked)
    if (by !== 0) variations.push({ accertamentoId: debt.accertamentoId, cents: by })
    // Its money came another way, by hand or by another notice: what is left is asked, never more.
    const left = Math.max(0, Math.min(total - debt.paidCents, debt.roomCents + by))
    open.push({ ...debt, outstandingCents: cents(left), personId: 0 as Id<'person'> })
  }
  return { variations, open: open.sort(oldestFirst) }
}

function termsOf(
  position: StoredPosition,
  partlyPaid: boolean,
  total: Cents,
  { terms, dueDate }: PositionChange,
): PaymentTerms | NotRevised {
  if (terms === undefined) return keptTerms(position, partlyPaid, total, dueDate)
  if (terms.kind === 'once') {
    const { dueDate: due } = terms
    // After a paid instalment the rest is one more of them, and needs its day.
    if (!partlyPaid) return { single: { dueDate: due }, installments: null }
    const last = due ?? openPaymentsOf(position).at(-1)?.dueDate ?? null
    return last === null ? 'termsDiffer' : { single: null, installments: [{ cents: total, dueDate: last }] }
  }
  if (terms.kind === 'rule') {
    const installments = installmentTerms(total, terms.rule)
    if (installments === null) return 'tooSmall'
    const latest = installments.at(-1)?.dueDate ?? null
    const single = terms.rule.withSingle && !partlyPaid ? { dueDate: position.single?.dueDate ?? latest } : null
    return { single, installments }
  }
  const { single, installments } = terms
  if (sum(installments.map((one) => one.cents)) !== total || installments.some((one) => one.cents <= 0)) {
    return 'termsDiffer'
  }
  if (installments.some((one, i) => i > 0 && one.dueDate < (installments[i - 1] as InstallmentTerm).dueDate)) {
    return 'datesGoBack'
  }
  return { single: partlyPaid ? null : single, installments }
}

/** The same payments as now, of other amounts in the same proportion, on other days. */
function keptTerms(
  position: StoredPosition,
  partlyPaid: boolean,
  total: Cents,
  dueDate: PositionChange['dueDate'],
): PaymentTerms | NotRevised {
  const open = position.installments.filter((one) => !isPaid(one))
  const by = shiftOf(open, dueDate)
  const moved = (due: IsoDate | null): IsoDate | null => {
    if (dueDate === undefined || due === null) return dueDate?.kind === 'to' && due === null ? dueDate.date : due
    return by === null ? due : addDays(due, by)
  }
  const single =
    partlyPaid || position.single === null
      ? null
      : { dueDate: dueDate?.kind === 'to' ? dueDate.date : moved(position.single.dueDate) }
  if (open.length === 0) return { single, installments: null }
  const before = sum(open.map((one) => one.cents))
  const amounts =
    before === total
      ? open.map((one) => one.cents)
      : splitByLargestRemainder(
          total,
          open.map((one) => one.cents),
        )
  if (amounts.some((amount) => amount <= 0)) return 'tooSmall'
  const installments = open.map((one, i) => ({ cents: amounts[i] as Cents, dueDate: moved(one.dueDate) as IsoDate }))
  return { single, installments }
}

/** By how many days the open instalments move. */
function shiftOf(open: readonly StoredPayment[], dueDate: PositionChange['dueDate']): number | null {
  if (dueDate === undefined) return null
  if (dueDate.kind === 'shift') return dueDate.days
  const first = open[0]?.dueDate
  return first == null || dueDate.date === null ? null : daysBetween(first, dueDate.date)
}

/** Payments of a kind take the numbers that those of the same kind had, in order; paid ones stand where they stood. */
function withNumbers(
  position: StoredPosition,
  planned: { readonly single: PlannedPayment | null; readonly installments: readonly PlannedPayment[] },
  fresh: boolean,
): Pick<RevisedPosition, 'single' | 'installments'> {
  const single = planned.single && { ...planned.single, before: fresh ? null : position.single, paid: false }
  const open = position.installments.filter((one) => !isPaid(one))
  const next = planned.installments.map(
    (one, i): RevisedPayment => ({ ...one, before: fresh ? null : (open[i] ?? null), paid: false }),
  )
  const paid = position.installments.filter(isPaid).map(asPaid)
  if (paid.length === 0) return { single, installments: next }
  if (next.length !== open.length) return { single, installments: [...paid, ...next] }
  const rest = [...next]
  const installments = position.installments.map((one) =>
    isPaid(one) ? asPaid(one) : (rest.shift() as RevisedPayment),
  )
  return { single, installments }
}

function asPaid(payment: StoredPayment): RevisedPayment {
  return {
    dueDate: payment.dueDate,
    cents: payment.cents,
    transfers: payment.transfers.map(plannedOf),
    before: payment,
    paid: true,
  }
}

function plannedOf({ own, stamp, fiscalCode, ...transfer }: StoredTransfer): PlannedPayment['transfers'][number] {
  return own && !stamp ? transfer : { ...transfer, beside: { own, stamp, fiscalCode } }
}

function sameAs(
  position: StoredPosition,
  single: RevisedPayment | null,
  installments: readonly RevisedPayment[],
): boolean {
  const before = [position.single, ...position.installments]
  const after = [single, ...installments]
  return before.length === after.length && after.every((one, i) => samePayment(before[i] ?? null, one))
}

function samePayment(before: StoredPayment | null, after: RevisedPayment | null): boolean {
  if (before === null || after === null) return before === null && after === null
  if (before.iuv !== after.before?.iuv || before.cents !== after.cents || before.dueDate !== after.dueDate) return false
  const shape = (transfers: PlannedPayment['transfers']) =>
    JSON.stringify(
      transfers.map((t) => [
        t.idTransfer,
        t.cents,
        t.iban,
        t.taxonomyCode,
        t.allocations.map((a) => [a.accertamentoId, a.cents]),
      ]),
    )
  return shape(before.transfers.map(plannedOf)) === shape(after.transfers)
}
