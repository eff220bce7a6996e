import { type Label, labelOf } from './labels.ts'
import type { ClaimList } from './reconcile-claim-list.ts'
import type { ClaimBook } from './reconcile-claims.ts'
import type { PayableInstallment } from './reconcile-evidence.ts'
import type { ActiveFlow } from './reconcile-flows.ts'
import type { PayerIndex } from './reconcile-payers.ts'
import { ALL_TRANSFERS } from './reconcile-rows.ts'

/** Part of an edge. */
export interface Money {
  readonly edge: number
  readonly cents: number
}

/** A credited flow all of whose revocations a person confirmed. */
export interface RevocationCase {
  readonly flow: ActiveFlow
  readonly money: readonly Money[]
}

export interface RevocationCover {
  readonly covered: boolean
  /** Claims that the flow netted. */
  readonly originals: readonly number[]
  /** Their money: the flow's credit is smaller by exactly that. */
  readonly freed: readonly Money[]
  readonly rowLabels: ReadonlyMap<number, Label>
}

/**
 * Looks for the collected payment behind each revoked row; all or none, nothing is changed here (DOMAIN.md §6.7). `net`:
 * those that are found, because a person has said that the flow's own rows bear the others.
 */
export function coverRevocations(
  flow: ActiveFlow,
  payers: PayerIndex,
  claims: ClaimList,
  book: ClaimBook,
  net: boolean,
): RevocationCover {
  const originals = new Set<number>()
  const rowLabels = new Map<number, Label>()
  let covered = true
  flow.version.rows.forEach((row, ordinal) => {
    if (row.outcome !== '3') return
    const installment = payers.byIuv.get(row.iuv)
    const settler =
      installment === undefined ? -1 : book.settlerOf(installment, whichOf(payers, installment, row.idTransfer))
    const byHand = claims.byHand(row.iuv, row.idTransfer).find((c) => book.isTaken(c))
    const original = settler >= 0 ? settler : byHand
    let label: Label = labelOf('REVOKED', { cents: row.cents })
    if (original === undefined) {
      label = labelOf(installment === undefined ? 'REVOKED_UNKNOWN' : 'REVOKED_NOT_COLLECTED', {})
    } else if (claims.moneyOf(original) !== row.cents) label = labelOf('REVOKED_AMOUNT_DIFFERS', {})
    else if (!book.canDrop(original) || originals.has(original)) label = labelOf('REVOKED_NOT_COLLECTED', {})
    else originals.add(original)
    if (label.code !== 'REVOKED') covered = false
    rowLabels.set(ordinal, label)
  })
  if (!covered && !net) return { covered, originals: [], freed: [], rowLabels }
  const freed = [...originals].flatMap((claim) => {
    const money: Money[] = []
    for (let i = claims.from.at(claim); i < claims.to.at(claim); i++) {
      money.push({ edge: claims.segmentEdge.at(i), cents: claims.segmentCents.at(i) })
    }
    return money
  })
  return { covered, originals: [...originals], freed, rowLabels }
}

function whichOf(payers: PayerIndex, installment: number, idTransfer: number | null): number {
  if (idTransfer === null) return ALL_TRANSFERS
  const { transfers } = payers.installments[installment] as PayableInstallment
  const k = transfers.findIndex((t) => t.idTransfer === idTransfer)
  return k < 0 ? ALL_TRANSFERS : k
}
