import { useState } from 'react'

/** Rows chosen on a list: some by id, or the whole filtered set but some (Ctrl A). */
export type Chosen =
  | { readonly kind: 'some'; readonly ids: ReadonlyMap<number, number> }
  | { readonly kind: 'all'; readonly except: ReadonlyMap<number, number> }

export interface Selection {
  readonly chosen: Chosen
  readonly has: (id: number) => boolean
  /** `cents` is the row's amount, for the sum in words. */
  readonly toggle: (id: number, cents: number) => void
  readonly add: (rows: readonly (readonly [id: number, cents: number])[]) => void
  readonly all: () => void
  readonly clear: () => void
  readonly count: (total: number) => number
  readonly cents: (totalCents: number) => number
  /** As the contract wants it: ids, or the query and the exceptions. */
  readonly asInput: <Q>(query: Q) => { ids: number[] } | { query: Q; except: number[] }
}

const NONE: Chosen = { kind: 'some', ids: new Map() }

export function useSelection(): Selection {
  const [chosen, setChosen] = useState<Chosen>(NONE)
  const marked = chosen.kind === 'some' ? chosen.ids : chosen.except
  const sum = [...marked.values()].reduce((a, b) => a + b, 0)
  const change = (edit: (map: Map<number, number>) => void) => {
    const map = new Map(marked)
    edit(map)
    setChosen(chosen.kind === 'some' ? { kind: 'some', ids: map } : { kind: 'all', except: map })
  }
  return {
    chosen,
    has: (id) => marked.has(id) === (chosen.kind === 'some'),
    toggle: (id, cents) => change((map) => (map.has(id) ? map.delete(id) : map.set(id, cents))),
    add: (rows) =>
      change((map) => {
        for (const [id, cents] of rows) {
          if (chosen.kind === 'some') map.set(id, cents)
          else map.delete(id)
        }
      }),
    all: () => setChosen({ kind: 'all', except: new Map() }),
    clear: () => setChosen(NONE),
    count: (total) => (chosen.kind === 'some' ? marked.size : total - marked.size),
    cents: (totalCents) => (chosen.kind === 'some' ? sum : totalCents - sum),
    asInput: (query) => (chosen.kind === 'some' ? { ids: [...marked.keys()] } : { query, except: [...marked.keys()] }),
  }
}
