import { useQueries } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'

export const PAGE_ROWS = 200

export interface ListPageResult<Row, Totals> {
  readonly rows: readonly Row[]
  readonly count: number
  readonly totals: Totals
}

export interface Paging {
  readonly offset: number
  readonly limit: number
}

export interface LoadedList<Row, Totals> {
  /** Undefined while its page loads: a grey row. */
  readonly rowAt: (index: number) => Row | undefined
  readonly loaded: readonly Row[]
  /** Null before the first answer. */
  readonly count: number | null
  readonly totals: Totals | null
  readonly fetching: boolean
  readonly error: unknown
  readonly retry: () => void
}

/** Pages read before they are seen, the way the list is moving and behind it. */
const AHEAD = 2
const BEHIND = 1
/** A list dragged past so many pages is read where it rests, and now and then on its way. */
const NEAR = 3
const REST_MS = 60
const MOVING_MS = 180

/** The pages to read for those on screen: some ahead, so that a wheel or a held key meets no grey rows. */
export function usePagesAround(
  first: number,
  last: number,
  direction: 'forward' | 'backward' | null,
): readonly number[] {
  const [range, setRange] = useState<readonly number[]>([0])
  const read = useRef({ first: 0, at: 0 })
  useEffect(() => {
    const take = () => {
      read.current = { first, at: performance.now() }
      const from = Math.max(0, first - (direction === 'backward' ? AHEAD : BEHIND))
      const to = last + (direction === 'backward' ? BEHIND : AHEAD)
      setRange(Array.from({ length: to - from + 1 }, (_, i) => from + i))
    }
    if (Math.abs(first - read.current.first) <= NEAR || performance.now() - read.current.at > MOVING_MS) return take()
    const timer = setTimeout(take, REST_MS)
    return () => clearTimeout(timer)
  }, [first, last, direction])
  return range
}

/**
 * The pages of a list that are on screen and around it; page 0 always, since it brings count and totals. While another filter loads
 * the rows of the former one stay (SCREENS.md §8, Loading).
 */
export function useListPages<Row, Totals>(
  queryKey: readonly unknown[],
  fetchPage: (paging: Paging, signal: AbortSignal) => Promise<ListPageResult<Row, Totals>>,
  wanted: readonly number[],
): LoadedList<Row, Totals> {
  const known = useRef<number | null>(null)
  const beyond = known.current === null ? 1 : Math.ceil(known.current / PAGE_ROWS)
  const pages = [...new Set([0, ...wanted.filter((page) => page < beyond)])].sort((a, b) => a - b)
  const results = useQueries({
    queries: pages.map((page) => ({
      queryKey: [...queryKey, 'page', page],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        fetchPage({ offset: page * PAGE_ROWS, limit: PAGE_ROWS }, signal),
    })),
  })
  const before = useRef<ReadonlyMap<number, ListPageResult<Row, Totals>>>(new Map())
  const now = new Map<number, ListPageResult<Row, Totals>>()
  results.forEach((result, i) => {
    if (result.data) now.set(pages[i] as number, result.data)
  })
  if (now.has(0)) before.current = now
  const shown = now.has(0) ? now : before.current
  const first = shown.get(0)
  known.current = first?.count ?? null
  const failed = results.find((r) => r.isError)
  return {
    rowAt: (index) => shown.get(Math.floor(index / PAGE_ROWS))?.rows[index % PAGE_ROWS],
    loaded: [...shown.values()].flatMap((page) => page.rows),
    count: first?.count ?? null,
    totals: first?.totals ?? null,
    fetching: results.some((r) => r.isFetching),
    error: failed?.error ?? null,
    retry: () => {
      for (const result of results) if (result.isError) void result.refetch()
    },
  }
}
