import { useElementSize } from '@mantine/hooks'
import { useCallback, useRef, useState } from 'react'
import type { KeyBinding } from '../keys.ts'
import { PAPER } from './pdf-pages.ts'

const STEPS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 2.5, 3]
/** Around the paper, and between two pages (theme/parts.css). */
const MARGIN = 16
const GAP = 8
const SCROLLBAR = 14

/** Where one looks at a paper: how large, which page of how many. It outlives the papers that lie on it. */
export interface Desk {
  readonly ref: (node: HTMLDivElement | null) => void
  readonly scroller: { readonly current: HTMLDivElement | null }
  /** Points to pixels; null until the desk has been measured. */
  readonly scale: number | null
  /** The whole page in the window, whatever its size. */
  readonly whole: boolean
  readonly page: number
  readonly pages: number
  readonly zoomBy: (by: 1 | -1) => void
  readonly showWhole: () => void
  readonly turn: (by: 1 | -1) => void
  readonly setPages: (pages: number) => void
  readonly onScroll: () => void
}

export function useDesk(): Desk {
  const size = useElementSize<HTMLDivElement>()
  const scroller = useRef<HTMLDivElement | null>(null)
  const [zoom, setZoom] = useState<number | null>(null)
  const [pages, setPages] = useState(1)
  const [page, setPage] = useState(1)
  const width = size.width - MARGIN - (pages > 1 ? SCROLLBAR : 0)
  const fit = Math.max(0.2, Math.min(width / PAPER.width, (size.height - MARGIN) / PAPER.height))
  const scale = zoom ?? (size.width > 0 ? fit : null)
  const step = PAPER.height * (scale ?? 1) + GAP
  const measure = size.ref
  const ref = useCallback(
    (node: HTMLDivElement | null) => {
      scroller.current = node
      measure(node)
    },
    [measure],
  )
  const stand = (top: number) => Math.min(pages, Math.max(1, Math.round(top / step) + 1))
  return {
    ref,
    scroller,
    scale,
    whole: zoom === null,
    page: Math.min(page, pages),
    pages,
    setPages,
    onScroll: () => setPage(stand(scroller.current?.scrollTop ?? 0)),
    zoomBy: (by) => {
      const now = scale ?? 1
      const next = by > 0 ? STEPS.find((s) => s > now + 0.01) : STEPS.findLast((s) => s < now - 0.01)
      if (next !== undefined) setZoom(next)
    },
    showWhole: () => setZoom(null),
    turn: (by) => {
      const desk = scroller.current
      if (!desk) return
      // Page by page when they are seen whole; by what is seen of them when they are larger than the window.
      const target =
        zoom === null ? (stand(desk.scrollTop) - 1 + by) * step : desk.scrollTop + by * desk.clientHeight * 0.9
      desk.scrollTo({ top: target })
    },
  }
}

/** Keys of a desk, for `useKeys`: zoom, and the pages where there are more than one. `quiet` where it stands beside the work. */
export function deskKeys(desk: Desk, quiet = false): readonly KeyBinding[] {
  const turning: readonly KeyBinding[] = [
    { keys: 'PageDown', label: 'pagina seguente', quiet, run: () => desk.turn(1) },
    { keys: 'PageUp', label: 'pagina precedente', quiet, run: () => desk.turn(-1) },
  ]
  return [
    ...(desk.pages > 1 ? turning : []),
    { keys: '+', label: 'ingrandisci', quiet, run: () => desk.zoomBy(1) },
    { keys: '-', label: 'riduci', quiet, run: () => desk.zoomBy(-1) },
    { keys: '0', label: 'tutta la pagina', quiet: true, run: desk.showWhole },
  ]
}
