import { useMemo } from 'react'
import { cleared, sortOf, tidy, type UrlState, useUrlState } from '../url-state.ts'

/** Keys of the address that are not filters. */
const OWN = ['vista', 'cerca', 'ordina', 'sel']

export interface ListState {
  readonly url: UrlState
  readonly search: string
  readonly sort: { readonly column: string; readonly direction: 'asc' | 'desc' } | null
  /** Id of the open row. */
  readonly open: number | null
  /** Filters of the address, by key. */
  readonly filters: UrlState
  readonly set: (patch: UrlState, options?: { push?: boolean }) => void
  readonly clearFilters: () => void
}

/** What a list shows, kept in the address: `?vista=scadute&cerca=rossi&ordina=-dueDate&sel=380&stato=expired`. */
export function useListState(defaults: { readonly sort?: string } = {}): ListState {
  const [url, set] = useUrlState()
  return useMemo(() => {
    const filters = tidy(Object.fromEntries(Object.entries(url).filter(([key]) => !OWN.includes(key))))
    return {
      url,
      search: url.cerca ?? '',
      sort: sortOf(url.ordina ?? defaults.sort),
      open: url.sel === undefined ? null : Number(url.sel),
      filters,
      set,
      clearFilters: () => set({ ...cleared(filters), cerca: undefined }),
    }
  }, [url, set, defaults.sort])
}

/** A list one of whose keys stands in the address beside the filters, and is none of them. */
export function withoutKey(list: ListState, key: string): ListState {
  const { [key]: _, ...filters } = list.filters
  return { ...list, filters, clearFilters: () => list.set({ ...cleared(filters), cerca: undefined }) }
}

/** A filter of many choices: `a,b` in the address. */
export function manyOf<T extends string>(text: string | undefined): T[] {
  return text ? (text.split(',') as T[]) : []
}
