import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type AccertamentoQuery, listAccertamentoIds } from '#ledger/accertamento-list'
import type { ReadHandle } from '#ledger/ledger'
import { listPositionIds, type PositionQuery } from '#ledger/position-list'

/** Rows chosen on a list: one by one, or all of its filter but some (`selectionSchema` of the contract). */
export type Selection<Q> =
  | { readonly ids: readonly number[] }
  | { readonly query: Q; readonly except: readonly number[] }

async function chosen<N extends string>(selection: Selection<unknown>, list: () => Promise<Id<N>[]>): Promise<Id<N>[]> {
  if ('ids' in selection) return [...new Set(selection.ids)] as Id<N>[]
  const except = new Set<number>(selection.except)
  return (await list()).filter((id) => !except.has(id))
}

export function chosenAccertamenti(
  db: ReadHandle,
  selection: Selection<AccertamentoQuery>,
  today: IsoDate,
): Promise<Id<'accertamento'>[]> {
  return chosen(selection, () =>
    'query' in selection ? listAccertamentoIds(db, selection.query, today) : Promise.resolve([]),
  )
}

export function chosenPositions(
  db: ReadHandle,
  selection: Selection<PositionQuery>,
  today: IsoDate,
): Promise<Id<'debtPosition'>[]> {
  return chosen(selection, () =>
    'query' in selection ? listPositionIds(db, selection.query, today) : Promise.resolve([]),
  )
}

/** Reasons by how many they keep out, for previews. */
export class LeftOut {
  readonly #counts = new Map<string, number>()

  add(reason: string, count = 1): void {
    if (count > 0) this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count)
  }

  list(): { reason: string; count: number }[] {
    return [...this.#counts].map(([reason, count]) => ({ reason, count }))
  }
}
