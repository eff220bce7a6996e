import type { Id } from './brand.ts'
import type { IsoDate } from './date.ts'
import type { FiscalCode } from './fiscal-code.ts'
import type { Iban } from './iban.ts'
import { type InstallmentRule, type InstallmentTerm, installmentTerms, splitDebts } from './installment-split.ts'
import { type Cents, sum } from './money.ts'

/** What is still to be asked for of one accertamento, with where the money goes. Amounts positive. */
export interface IssuableDebt {
  readonly accertamentoId: Id<'accertamento'>
  readonly personId: Id<'person'>
  readonly exercise: number
  readonly number: number
  readonly dueDate: IsoDate | null
  readonly causale: string
  readonly outstandingCents: Cents
  readonly iban: Iban
  readonly taxonomyCode: string
}

export interface IssuingParameters {
  /** Where the accertamento has none; null leaves the notice without due date. */
  readonly dueDate: IsoDate | null
  readonly groupByPerson: boolean
  /** Causale of a position that groups more than one accertamento. */
  readonly groupDescription: string
  /** Instalments beside or instead of the single payment; null asks for the whole at once. */
  readonly installments: InstallmentRule | null
}

/** Money on the same notice that is not ours to collect: of another institution, or a stamp. */
export interface BesideMoney {
  readonly own: boolean
  readonly stamp: boolean
  readonly fiscalCode: FiscalCode
  /** Null only of a stamp. */
  readonly iban: Iban | null
  readonly taxonomyCode: string
  readonly remittance: string
  readonly cents: Cents
}

export interface PlannedTransfer {
  /** From 1, at most 5. */
  readonly idTransfer: number
  readonly cents: Cents
  readonly iban: Iban | null
  readonly taxonomyCode: string
  readonly remittance: string
  readonly allocations: readonly { readonly accertamentoId: Id<'accertamento'>; readonly cents: Cents }[]
  /** Absent: ours. Then it has no allocations. */
  readonly beside?: Pick<BesideMoney, 'own' | 'stamp' | 'fiscalCode'> | undefined
}

/** One amount that can be paid by itself, with its own notice number. Σ transfers = cents, Σ allocations = those of ours. */
export interface PlannedPayment {
  readonly dueDate: IsoDate | null
  readonly cents: Cents
  readonly transfers: readonly PlannedTransfer[]
}

/** One position: a single payment, or instalments (at least two), or both. Σ installments = cents = the single payment. */
export interface PlannedPosition {
  readonly personId: Id<'person'>
  readonly description: string
  readonly cents: Cents
  readonly accertamenti: readonly Id<'accertamento'>[]
  readonly single: PlannedPayment | null
  readonly installments: readonly PlannedPayment[]
}

export interface IssuingPlan {
  readonly positions: readonly PlannedPosition[]
  /** Groups with a payment of more than 5 transfers: to be issued apart (DOMAIN.md §5.3). */
  readonly tooManyAccounts: readonly (readonly IssuableDebt[])[]
  /** Groups so small that an instalment would be under a cent. */
  readonly tooSmall: readonly (readonly IssuableDebt[])[]
}

/** pagoPA allows five transfers in a payment (pagopa.md §6). */
export const MAX_TRANSFERS = 5

/** pagoPA's limit of one payment: 999.999.999,99 euro. */
export const MAX_POSITION_CENTS = 99_999_999_999

/** Length of a causale on pagoPA. */
export const MAX_CAUSALE = 140

/** How a position is asked for: at once, in instalments (Σ = the whole), or as the payer likes. */
export interface PaymentTerms {
  readonly single: { readonly dueDate: IsoDate | null } | null
  readonly installments: readonly InstallmentTerm[] | null
}

/** What can be paid with the position's notice: the single payment first, then the instalments. */
export function plannedPayments(position: PlannedPosition): readonly PlannedPayment[] {
  return position.single === null ? position.installments : [position.single, ...position.installments]
}

/**
 * Makes positions of debts: one each, or one a person (DOMAIN.md §5.3–5.4). The order of the answer is that in which
 * people first appear, so that notice numbers follow the list; inside a position the oldest debt comes first
 * (exercise, due date, number), which is the order in which money is imputed: the first instalment extinguishes the
 * oldest debt. The single payment of a group falls due with its latest debt, the instalments by their rule.
 */
export function planPositions(debts: readonly IssuableDebt[], parameters: IssuingParameters): IssuingPlan {
  const groups = new Map<string, IssuableDebt[]>()
  for (const debt of debts) {
    const key = parameters.groupByPerson ? `p${debt.personId}` : `a${debt.accertamentoId}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [debt])
    else group.push(debt)
  }
  const positions: PlannedPosition[] = []
  const tooManyAccounts: IssuableDebt[][] = []
  const tooSmall: IssuableDebt[][] = []
  for (const group of groups.values()) {
    const position = planOne(group.sort(oldestFirst), parameters)
    if (position === 'tooManyAccounts') tooManyAccounts.push(group)
    else if (position === 'tooSmall') tooSmall.push(group)
    else positions.push(position)
  }
  return { positions, tooManyAccounts, tooSmall }
}

/** Oldest first: exercise, due date (none last), number. DOMAIN.md §5.2. */
export function oldestFirst(a: IssuableDebt, b: IssuableDebt): number {
  if (a.exercise !== b.exercise) return a.exercise - b.exercise
  const [dueA, dueB] = [a.dueDate ?? '9999-12-31', b.dueDate ?? '9999-12-31']
  if (dueA !== dueB) return dueA < dueB ? -1 : 1
  return a.number - b.number
}

function planOne(
  debts: readonly IssuableDebt[],
  parameters: IssuingParameters,
): PlannedPosition | 'tooManyAccounts' | 'tooSmall' {
  const first = debts[0] as IssuableDebt
  const description = (debts.length > 1 ? parameters.groupDescription : first.causale).slice(0, MAX_CAUSALE)
  const rule = parameters.installments
  const total = sum(debts.map((d) => d.outstandingCents))
  const dues = debts.map((d) => d.dueDate ?? parameters.dueDate)
  const latest = dues.reduce((late, due) => (late === null || due === null ? null : due > late ? due : late))
  const installments = rule === null ? null : installmentTerms(total, rule)
  if (rule !== null && installments === null) return 'tooSmall'
  const single = rule === null || rule.withSingle ? { dueDate: latest } : null
  const payments = planPayments(debts, [], description, { single, installments })
  if (payments === null) return 'tooManyAccounts'
  const accertamenti = debts.map((d) => d.accertamentoId)
  return { personId: first.personId, description, cents: total, accertamenti, ...payments }
}

type DebtShare = Pick<IssuableDebt, 'accertamentoId' | 'causale' | 'iban' | 'taxonomyCode' | 'outstandingCents'>

/**
 * The payments of one position: its debts as they are to be extinguished, then what is beside them, poured into the
 * amounts of the terms (DOMAIN.md §5.2). Null where a payment would need more than five transfers.
 */
export function planPayments(
  debts: readonly DebtShare[],
  beside: readonly BesideMoney[],
  description: string,
  terms: PaymentTerms,
): { readonly single: PlannedPayment | null; readonly installments: readonly PlannedPayment[] } | null {
  const wants = [...debts.map((d) => d.outstandingCents), ...beside.map((b) => b.cents)]
  const pour = (parts: readonly { readonly debt: number; readonly cents: Cents }[], dueDate: IsoDate | null) => {
    const shares: Share[] = []
    const others: BesideMoney[] = []
    for (const { debt: at, cents } of parts) {
      const debt = debts[at]
      if (debt !== undefined) shares.push({ debt, cents })
      else others.push({ ...(beside[at - debts.length] as BesideMoney), cents })
    }
    return planPayment(shares, others, description, dueDate)
  }
  const whole = wants.map((cents, debt) => ({ debt, cents })).filter((part) => part.cents > 0)
  const single = terms.single === null ? null : pour(whole, terms.single.dueDate)
  const written = terms.installments ?? []
  const shares = splitDebts(
    wants,
    written.map((one) => one.cents),
  )
  const installments = shares.map((parts, n) => pour(parts, (written[n] as InstallmentTerm).dueDate))
  if (single === 'tooManyAccounts') return null
  const planned: PlannedPayment[] = []
  for (const one of installments) {
    if (one === 'tooManyAccounts') return null
    planned.push(one)
  }
  return { single, installments: planned }
}

/** What a payment asks of one debt: all of it, or the part that its instalment extinguishes. */
interface Share {
  readonly debt: DebtShare
  readonly cents: Cents
}

/** Transfers are shares by account and taxonomy; if over 5, by account (DOMAIN.md §5.3); others' money stands after ours. */
function planPayment(
  shares: readonly Share[],
  beside: readonly BesideMoney[],
  description: string,
  dueDate: IsoDate | null,
): PlannedPayment | 'tooManyAccounts' {
  const most = MAX_TRANSFERS - beside.length
  let parts = partition(shares, ({ debt }) => `${debt.iban} ${debt.taxonomyCode}`)
  if (parts.length > most) parts = partition(shares, ({ debt }) => debt.iban)
  if (parts.length > most) return 'tooManyAccounts'
  const own = parts.map(
    (part): Omit<PlannedTransfer, 'idTransfer'> => ({
      cents: sum(part.map((share) => share.cents)),
      iban: (part[0] as Share).debt.iban,
      taxonomyCode: taxonomyOfLargest(part),
      remittance: part.length > 1 ? description : (part[0] as Share).debt.causale.slice(0, MAX_CAUSALE),
      allocations: part.map(({ debt, cents }) => ({ accertamentoId: debt.accertamentoId, cents })),
    }),
  )
  const others = beside.map(
    ({ own: ours, stamp, fiscalCode, ...money }): Omit<PlannedTransfer, 'idTransfer'> => ({
      ...money,
      allocations: [],
      beside: { own: ours, stamp, fiscalCode },
    }),
  )
  const transfers = [...own, ...others].map((transfer, index) => ({ idTransfer: index + 1, ...transfer }))
  return { dueDate, cents: sum(transfers.map((t) => t.cents)), transfers }
}

function partition(shares: readonly Share[], keyOf: (share: Share) => string): Share[][] {
  const parts = new Map<string, Share[]>()
  for (const share of shares) {
    const key = keyOf(share)
    const part = parts.get(key)
    if (part === undefined) parts.set(key, [share])
    else part.push(share)
  }
  return [...parts.values()]
}

/** The taxonomy with most money in it, the first on a tie. */
function taxonomyOfLargest(shares: readonly Share[]): string {
  const weights = new Map<string, number>()
  for (const { debt, cents } of shares) {
    weights.set(debt.taxonomyCode, (weights.get(debt.taxonomyCode) ?? 0) + cents)
  }
  let best = ''
  let most = -1
  for (const [code, weight] of weights) {
    if (weight > most) {
      best = code
      most = weight
    }
  }
  return best
}
