import { useVirtualizer, type VirtualizerOptions } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { TableRow } from './board.ts'

/** What every form of the table is given: its rows, of which not all are loaded, and the one with the cursor. */
export interface RowsProps {
  readonly count: number
  readonly rowAt: (index: number) => TableRow | undefined
  readonly cursor: number
  readonly onCursor: (index: number) => void
  /** First and last row that are drawn: their pages are wanted. */
  readonly onSeen: (first: number, last: number) => void
}

type Sizes = Pick<VirtualizerOptions<HTMLDivElement, Element>, 'estimateSize' | 'getItemKey' | 'overscan'>

/** Draws the rows in sight under a head that stays; `top` and `bottom` are the room of those that are not drawn. */
export function useDrawnRows({ count, onSeen }: Pick<RowsProps, 'count' | 'onSeen'>, headPx: number, sizes: Sizes) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    ...sizes,
    count,
    getScrollElement: () => scroller.current,
    scrollMargin: headPx,
    scrollPaddingStart: headPx,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => onSeen(first, last), [first, last, onSeen])
  const top = Math.max(0, (items[0]?.start ?? headPx) - headPx)
  const bottom = Math.max(0, virtual.getTotalSize() + headPx - (items.at(-1)?.end ?? headPx))
  return { scroller, virtual, items, top, bottom }
}

export const ROW_PX = 30
const HEAD_PX = 29

/** Rows of one line each: the one with the cursor is kept in sight, and the keyboard on the grid. */
export function useFlatRows({ count, rowAt, cursor, onSeen }: Omit<RowsProps, 'onCursor'>) {
  const grid = useRef<HTMLTableElement>(null)
  const { virtual, ...drawn } = useDrawnRows({ count, onSeen }, HEAD_PX, { estimateSize: () => ROW_PX, overscan: 8 })
  const openKey = rowAt(cursor)?.key
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another row has the cursor
  useEffect(() => {
    virtual.scrollToIndex(cursor, { align: 'auto' })
    if (document.activeElement === document.body) grid.current?.focus({ preventScroll: true })
  }, [cursor, openKey])
  return { ...drawn, grid, openKey }
}
