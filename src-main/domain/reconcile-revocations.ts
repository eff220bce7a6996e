import { type Label, labelOf } from './labels.ts'
import type { Claim, ClaimBook, Segments } from './reconcile-claims.ts'
import type { PayableInstallment } from './reconcile-evidence.ts'
import type { ActiveFlow } from './reconcile-flows.ts'
import type { PayerIndex } from './reconcile-payers.ts'
import { ALL_TRANSFERS } from './reconcile-rows.ts'

/** A credited flow all of whose revocations a person confirmed. */
export interface RevocationCase {
  readonly flow: ActiveFlow
  readonly keys: readonly string[]
  readonly repeated: ReadonlySet<number>
  readonly money: readonly { readonly edge: number; readonly cents: number }[]
}

export interface RevocationCover {
  readonly covered: boolean
  /** Claims that the flow netted. */
  readonly originals: readonly Claim[]
  /** Their money: the flow's credit is smaller by exactly that. */
  readonly freed: readonly { readonly edge: number; readonly cents: number }[]
  readonly rowLabels: ReadonlyMap<number, Label>
}

/** Looks for the collected payment behind each revoked row; all or none, nothing is changed here (DOMAIN.md §6.7). */
export function coverRevocations(
  flow: ActiveFlow,
  payers: PayerIndex,
  claims: readonly Claim[],
  segments: Segments,
  book: ClaimBook,
): RevocationCover {
  const originals: Claim[] = []
  const rowLabels = new Map<number, Label>()
  let covered = true
  flow.version.rows.forEach((row, ordinal) => {
    if (row.outcome !== '3') return
    const installment = payers.byIuv.get(row.iuv)
    const byHand = claims.find(
      (c) =>
        c.targets !== null && c.flow >= 0 && c.iuv === row.iuv && c.idTransfer === row.idTransfer && book.isTaken(c.id),
    )
    const settler =
      installment === undefined ? -1 : book.settlerOf(installment, whichOf(payers, installment, row.idTransfer))
    const original = settler >= 0 ? claims[settler] : byHand
    let label: Label = labelOf('REVOKED', { cents: row.cents })
    if (!original) label = labelOf(installment === undefined ? 'REVOKED_UNKNOWN' : 'REVOKED_NOT_COLLECTED', {})
    else if (moneyOf(original, segments) !== row.cents) label = labelOf('REVOKED_AMOUNT_DIFFERS', {})
    else if (!book.canDrop(original.id) || originals.includes(original)) label = labelOf('REVOKED_NOT_COLLECTED', {})
    else originals.push(original)
    if (label.code !== 'REVOKED') covered = false
    rowLabels.set(ordinal, label)
  })
  const freed = covered
    ? originals.flatMap((claim) =>
        segments.edge
          .slice(claim.from, claim.to)
          .map((edge, i) => ({ edge, cents: segments.cents[claim.from + i] as number })),
      )
    : []
  return { covered, originals: covered ? originals : [], freed, rowLabels }
}

function whichOf(payers: PayerIndex, installment: number, idTransfer: number | null): number {
  if (idTransfer === null) return ALL_TRANSFERS
  const { transfers } = payers.installments[installment] as PayableInstallment
  const k = transfers.findIndex((t) => t.idTransfer === idTransfer)
  return k < 0 ? ALL_TRANSFERS : k
}

function moneyOf(claim: Claim, segments: Segments): number {
  let sum = 0
  for (let i = claim.from; i < claim.to; i++) sum += segments.cents[i] as number
  return sum
}
