import type { Id } from './brand.ts'
import type { IsoDate } from './date.ts'
import type { Iban } from './iban.ts'
import { type InstallmentRule, installmentDueDates, splitDebts } from './installment-split.ts'
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

export interface PlannedTransfer {
  /** From 1, at most 5. */
  readonly idTransfer: number
  readonly cents: Cents
  readonly iban: Iban
  readonly taxonomyCode: string
  readonly remittance: string
  readonly allocations: readonly { readonly accertamentoId: Id<'accertamento'>; readonly cents: Cents }[]
}

/** One amount that can be paid by itself, with its own notice number. Σ allocations = Σ transfers = cents. */
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
  const dueDates = parameters.installments === null ? [] : installmentDueDates(parameters.installments)
  for (const group of groups.values()) {
    const position = planOne(group.sort(oldestFirst), parameters, dueDates)
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
  dueDates: readonly IsoDate[],
): PlannedPosition | 'tooManyAccounts' | 'tooSmall' {
  const first = debts[0] as IssuableDebt
  const description = (debts.length > 1 ? parameters.groupDescription : first.causale).slice(0, MAX_CAUSALE)
  const rule = parameters.installments
  const whole = debts.map((debt) => ({ debt, cents: debt.outstandingCents }))
  const dues = debts.map((d) => d.dueDate ?? parameters.dueDate)
  const latest = dues.reduce((late, due) => (late === null || due === null ? null : due > late ? due : late))
  const single = rule === null || rule.withSingle ? planPayment(whole, description, latest) : null
  const shares =
    rule === null
      ? []
      : splitDebts(
          debts.map((d) => d.outstandingCents),
          rule.count,
        )
  if (shares === null) return 'tooSmall'
  const installments = shares.map((share, n) =>
    planPayment(
      share.map(({ debt, cents }) => ({ debt: debts[debt] as IssuableDebt, cents })),
      description,
      dueDates[n] as IsoDate,
    ),
  )
  if (single === 'tooManyAccounts' || !installments.every((one) => one !== 'tooManyAccounts')) return 'tooManyAccounts'
  return {
    personId: first.personId,
    description,
    cents: sum(debts.map((d) => d.outstandingCents)),
    accertamenti: debts.map((d) => d.accertamentoId),
    single,
    installments,
  }
}

/** What a payment asks of one debt: all of it, or the part that its instalment extinguishes. */
interface Share {
  readonly debt: IssuableDebt
  readonly cents: Cents
}

/** Transfers are shares by account and taxonomy; if over 5, by account (DOMAIN.md §5.3). */
function planPayment(
  shares: readonly Share[],
  description: string,
  dueDate: IsoDate | null,
): PlannedPayment | 'tooManyAccounts' {
  let parts = partition(shares, ({ debt }) => `${debt.iban} ${debt.taxonomyCode}`)
  if (parts.length > MAX_TRANSFERS) parts = partition(shares, ({ debt }) => debt.iban)
  if (parts.length > MAX_TRANSFERS) return 'tooManyAccounts'
  return {
    dueDate,
    cents: sum(shares.map((share) => share.cents)),
    transfers: parts.map((part, index) => ({
      idTransfer: index + 1,
      cents: sum(part.map((share) => share.cents)),
      iban: (part[0] as Share).debt.iban,
      taxonomyCode: taxonomyOfLargest(part),
      remittance: part.length > 1 ? description : (part[0] as Share).debt.causale.slice(0, MAX_CAUSALE),
      allocations: part.map(({ debt, cents }) => ({ accertamentoId: debt.accertamentoId, cents })),
    })),
  }
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
