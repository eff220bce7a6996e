import type { Id } from './brand.ts'
import type { IsoDate } from './date.ts'
import type { Iban } from './iban.ts'
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

/** One position with a single payment option of one installment. Σ allocations = Σ transfers = cents. */
export interface PlannedPosition {
  readonly personId: Id<'person'>
  readonly description: string
  readonly dueDate: IsoDate | null
  readonly cents: Cents
  readonly transfers: readonly PlannedTransfer[]
}

export interface IssuingPlan {
  readonly positions: readonly PlannedPosition[]
  /** Groups that need more than 5 transfers: to be issued apart (DOMAIN.md §5.3). */
  readonly tooManyAccounts: readonly (readonly IssuableDebt[])[]
}

/** pagoPA allows five transfers in a payment (pagopa.md §6). */
export const MAX_TRANSFERS = 5

/** pagoPA's limit of one payment: 999.999.999,99 euro. */
export const MAX_POSITION_CENTS = 99_999_999_999

/** Length of a causale on pagoPA. */
export const MAX_CAUSALE = 140

/**
 * Makes positions of debts: one each, or one a person (DOMAIN.md §5.3–5.4). The order of the answer is that in which
 * people first appear, so that notice numbers follow the list; inside a position the oldest debt comes first
 * (exercise, due date, number), which is the order in which money is imputed. A group falls due with its latest debt.
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
  for (const group of groups.values()) {
    const position = planOne(group.sort(oldestFirst), parameters)
    if (position === null) tooManyAccounts.push(group)
    else positions.push(position)
  }
  return { positions, tooManyAccounts }
}

/** Oldest first: exercise, due date (none last), number. DOMAIN.md §5.2. */
export function oldestFirst(a: IssuableDebt, b: IssuableDebt): number {
  if (a.exercise !== b.exercise) return a.exercise - b.exercise
  const [dueA, dueB] = [a.dueDate ?? '9999-12-31', b.dueDate ?? '9999-12-31']
  if (dueA !== dueB) return dueA < dueB ? -1 : 1
  return a.number - b.number
}

function planOne(debts: readonly IssuableDebt[], parameters: IssuingParameters): PlannedPosition | null {
  const first = debts[0] as IssuableDebt
  const description = (debts.length > 1 ? parameters.groupDescription : first.causale).slice(0, MAX_CAUSALE)
  let parts = partition(debts, (d) => `${d.iban} ${d.taxonomyCode}`)
  if (parts.length > MAX_TRANSFERS) parts = partition(debts, (d) => d.iban)
  if (parts.length > MAX_TRANSFERS) return null
  const dues = debts.map((d) => d.dueDate ?? parameters.dueDate)
  return {
    personId: first.personId,
    description,
    dueDate: dues.reduce((late, due) => (late === null || due === null ? null : due > late ? due : late)),
    cents: sum(debts.map((d) => d.outstandingCents)),
    transfers: parts.map((part, index) => ({
      idTransfer: index + 1,
      cents: sum(part.map((d) => d.outstandingCents)),
      iban: (part[0] as IssuableDebt).iban,
      taxonomyCode: taxonomyOfLargest(part),
      remittance: part.length > 1 ? description : (part[0] as IssuableDebt).causale.slice(0, MAX_CAUSALE),
      allocations: part.map((d) => ({ accertamentoId: d.accertamentoId, cents: d.outstandingCents })),
    })),
  }
}

function partition(debts: readonly IssuableDebt[], keyOf: (debt: IssuableDebt) => string): IssuableDebt[][] {
  const parts = new Map<string, IssuableDebt[]>()
  for (const debt of debts) {
    const key = keyOf(debt)
    const part = parts.get(key)
    if (part === undefined) parts.set(key, [debt])
    else part.push(debt)
  }
  return [...parts.values()]
}

/** The taxonomy with most money in it, the first on a tie. */
function taxonomyOfLargest(debts: readonly IssuableDebt[]): string {
  const weights = new Map<string, number>()
  for (const debt of debts) {
    weights.set(debt.taxonomyCode, (weights.get(debt.taxonomyCode) ?? 0) + debt.outstandingCents)
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
