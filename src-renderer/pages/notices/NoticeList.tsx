import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { stateWord } from '#domain/vocabulary'
import { formatCount, Money, NoticeNumberText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { StIcon } from '../../components/St.tsx'
import { PAGE_ROWS } from '../../table/pages.ts'
import type { PositionRow } from '../positions/position-list.tsx'

const ROW_PX = 39

/** The batch at the left: name and notice number, ↑↓ leaf through it. */
export function NoticeList({
  head,
  count,
  cents,
  rowAt,
  index,
  onIndex,
  onPages,
  error,
}: {
  readonly head: ReactNode
  readonly count: number
  readonly cents: number | null
  readonly rowAt: (index: number) => PositionRow | undefined
  readonly index: number
  readonly onIndex: (index: number) => void
  /** Pages of rows that are on screen. */
  readonly onPages: (first: number, last: number) => void
  readonly error: unknown
}) {
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const first = Math.floor((items[0]?.index ?? 0) / PAGE_ROWS)
  const last = Math.floor((items.at(-1)?.index ?? 0) / PAGE_ROWS)
  // biome-ignore lint/correctness/useExhaustiveDependencies: told when the pages on screen are others
  useEffect(() => onPages(first, last), [first, last])
  useEffect(() => {
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' })
  }, [index, virtual])
  const shown = items.some((item) => item.index === index)
  return (
    <section className="card notice-list" aria-label="Avvisi del lotto">
      <div className="notice-list-head">{head}</div>
      <ErrorNote error={error} />
      <div
        ref={scroller}
        className="notice-scroll"
        role="listbox"
        aria-label="Avvisi"
        tabIndex={0}
        {...(shown ? { 'aria-activedescendant': `${id}-${index}` } : {})}
        onKeyDown={(event) => {
          // Pag turns the pages of the notice, wherever the focus is; with one page only, the list just scrolls.
          const step = { ArrowDown: 1, ArrowUp: -1, Home: -count, End: count }[event.key]
          if (step === undefined || event.ctrlKey || event.altKey) return
          event.preventDefault()
          onIndex(Math.max(0, Math.min(count - 1, index + step)))
        }}
      >
        <div className="notice-rows" style={{ height: virtual.getTotalSize() }} role="presentation">
          {items.map((item) => {
            const row = rowAt(item.index)
            const state = row && row.state !== 'issued' ? stateWord('position', row.state) : null
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself has the keys
              <div
                key={item.key}
                id={`${id}-${item.index}`}
                role="option"
                tabIndex={-1}
                aria-selected={item.index === index}
                aria-posinset={item.index + 1}
                aria-setsize={count}
                className="notice-row"
                style={{ top: item.start }}
                onClick={() => onIndex(item.index)}
              >
                <span className="notice-name cut" title={row?.personName}>
                  {row?.personName ?? '…'}
                </span>
                <span>{state && <StIcon tone={state.tone} word={state.word} />}</span>
                <NoticeNumberText value={row?.noticeNumber ?? null} />
              </div>
            )
          })}
        </div>
      </div>
      <div className="totals">
        <span className="totals-left">
          <span>
            <b>{formatCount(count)}</b> {count === 1 ? 'avviso' : 'avvisi'}
          </span>
        </span>
        <Money cents={cents} euro strong />
      </div>
    </section>
  )
}
