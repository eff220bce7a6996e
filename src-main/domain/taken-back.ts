import type { IsoDate } from './date.ts'

/**
 * What a statement says that a storno takes back: a provvisorio by its number (a treasurer may write two, the one that is
 * meant first), or, where the bank only marks a reversal, whatever bears the same end-to-end id or reference.
 */
export type TakenBack =
  | { readonly kind: 'provvisorio'; readonly exercise: number; readonly numbers: readonly number[] }
  | { readonly kind: 'reversal' }

/** `provvisorio 2026 734 801` or `reversal`: how a ledger keeps it. */
export function takenBackText(taken: TakenBack): string {
  return taken.kind === 'reversal' ? taken.kind : [taken.kind, taken.exercise, ...taken.numbers].join(' ')
}

/** Null for what `takenBackText` never wrote. */
export function readTakenBack(text: string): TakenBack | null {
  if (text === 'reversal') return { kind: 'reversal' }
  const match = /^provvisorio (\d{4})((?: \d+)+)$/.exec(text)
  if (!match) return null
  const numbers = (match[2] as string).trim().split(' ').map(Number)
  return { kind: 'provvisorio', exercise: Number(match[1]), numbers }
}

interface ReferencedMovement {
  readonly movementId: number
  readonly bankAccountId: number
  readonly bookingDate: IsoDate
  /** Debits negative. */
  readonly cents: number
  readonly fingerprint: string
  readonly endToEndId: string | null
  readonly bankReference: string | null
}

export interface NamingDebit extends ReferencedMovement {
  readonly takesBack: TakenBack
}

export interface NamedCredit extends ReferencedMovement {
  /** Treasurer's number in force. */
  readonly provvisorio: { readonly exercise: number; readonly number: number } | null
}

/**
 * The credit that each of these debits names, of its own account and not dated later. A number names one credit; a
 * reversal the latest of its very amount with the same end-to-end id, else with the same reference, each credit once.
 * Debits without an entry name nothing that is known. Depends on no order of arrival.
 */
export function namedByStorni(debits: readonly NamingDebit[], credits: readonly NamedCredit[]): Map<number, number> {
  const named = new Map<number, number>()
  const taken = new Set<number>()
  const latestFirst = credits.toSorted((a, b) => -canonical(a, b))
  for (const debit of debits.toSorted(canonical)) {
    const usable = latestFirst.filter(
      (c) => c.bankAccountId === debit.bankAccountId && c.bookingDate <= debit.bookingDate && c.cents > 0,
    )
    const found = ofDebit(debit, usable, taken)
    if (!found) continue
    named.set(debit.movementId, found.movementId)
    if (debit.takesBack.kind === 'reversal') taken.add(found.movementId)
  }
  return named
}

function ofDebit(debit: NamingDebit, usable: readonly NamedCredit[], taken: ReadonlySet<number>) {
  const { takesBack } = debit
  if (takesBack.kind === 'provvisorio') {
    const bearing = takesBack.numbers.flatMap(
      (number) =>
        usable.find((c) => c.provvisorio?.exercise === takesBack.exercise && c.provvisorio.number === number) ?? [],
    )
    return bearing.find((c) => c.cents === -debit.cents) ?? bearing[0]
  }
  const equal = usable.filter((c) => c.cents === -debit.cents && !taken.has(c.movementId))
  return (
    equal.find((c) => debit.endToEndId !== null && c.endToEndId === debit.endToEndId) ??
    equal.find((c) => debit.bankReference !== null && c.bankReference === debit.bankReference)
  )
}

function canonical(a: ReferencedMovement, b: ReferencedMovement): number {
  if (a.bookingDate !== b.bookingDate) return a.bookingDate < b.bookingDate ? -1 : 1
  return a.fingerprint < b.fingerprint ? -1 : a.fingerprint === b.fingerprint ? 0 : 1
}
