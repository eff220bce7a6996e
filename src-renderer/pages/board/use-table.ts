import { useQueries } from '@tanstack/react-query'
import { useRef } from 'react'
import { orpc } from '../../client.ts'
import type { Table, TableInput, TableRow } from './board.ts'

/** Few enough to be answered at once, more than are seen. */
const PAGE = 50

export type Asked = Omit<TableInput, 'offset' | 'limit'>

export interface LoadedTable {
  /** Undefined before the first answer. */
  readonly table: Table | undefined
  /** Undefined while its page comes. */
  readonly rowAt: (index: number) => TableRow | undefined
  readonly loaded: readonly TableRow[]
  readonly error: unknown
  /** Reads it again; resolves when what is seen is new. */
  readonly again: () => Promise<unknown>
}

/** The pages of the work table that are seen, and page 0, which tells the counts. The former rows stay meanwhile. */
export function useTable(asked: Asked, from: number, to: number): LoadedTable {
  const first = Math.floor(from / PAGE)
  const last = Math.floor(to / PAGE)
  const pages = [...new Set([0, ...Array.from({ length: last - first + 1 }, (_, i) => first + i)])]
  const results = useQueries({
    queries: pages.map((page) =>
      orpc.reconciliation.table.queryOptions({ input: { ...asked, offset: page * PAGE, limit: PAGE } }),
    ),
  })
  const view = JSON.stringify(asked)
  const kept = useRef<{ readonly view: string; readonly pages: Map<number, Table> }>({ view, pages: new Map() })
  const now = new Map<number, Table>()
  results.forEach((result, i) => {
    if (result.data) now.set(pages[i] as number, result.data)
  })
  if (now.has(0)) kept.current = { view, pages: now }
  const shown = now.has(0) ? now : kept.current.view === view ? kept.current.pages : now
  return {
    table: shown.get(0) ?? kept.current.pages.get(0),
    rowAt: (index) => shown.get(Math.floor(index / PAGE))?.rows[index % PAGE],
    loaded: [...shown.entries()].sort(([a], [b]) => a - b).flatMap(([, page]) => page.rows),
    error: results.find((r) => r.isError)?.error ?? null,
    // Only what is seen is waited for: the next key may come as soon as its row is there.
    again: () => Promise.all(results.map((result) => result.refetch())),
  }
}
