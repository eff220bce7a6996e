import { Checkbox } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import {
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react'
import { formatCount } from '../components/cells.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import type { ColumnSet, QColumn } from './columns.ts'
import type { ListState } from './list-state.ts'
import { type ListPageResult, PAGE_ROWS, type Paging, useListPages, usePagesAround } from './pages.ts'
import type { Selection } from './selection.ts'

const HEAD_PX = 28
const CHECK_PX = 36
const OVERSCAN = 12
const features = tableFeatures({
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
})
const NO_DATA: never[] = []

export interface QTableProps<Row, Totals> {
  /** Name of the list for those who do not see it. */
  readonly label: string
  readonly columns: ColumnSet<Row>
  readonly list: ListState
  /** Everything that the answer depends on: `['person.list', query]`. */
  readonly queryKey: readonly unknown[]
  readonly fetchPage: (paging: Paging, signal: AbortSignal) => Promise<ListPageResult<Row, Totals>>
  readonly rowId: (row: Row) => number
  /** What the row is about, for its tick box: the name. */
  readonly rowName: (row: Row) => string
  /** Amount that counts in the sum of the selection. */
  readonly rowCents?: (row: Row) => number
  /** Without it rows cannot be ticked. */
  readonly selection?: Selection
  /** The buttons of the selection bar; irreversible last, with class `danger`. */
  readonly bulk?: ReactNode
  /** Total of the filter in cents, for the sum of «tutte le filtrate». */
  readonly totalCents?: (totals: Totals) => number
  /** The line at the foot: `left` counts and breakdown, `right` the total. Selected sum is put between by the table. */
  readonly foot: (count: number, totals: Totals) => { readonly left: ReactNode; readonly right: ReactNode }
  /** Shown instead of the table when there is nothing at all. */
  readonly empty: ReactNode
  /** Double click or Invio. */
  readonly onOpen?: (row: Row) => void
  /** Canc on the ticked rows, or on the cursor's. */
  readonly onDelete?: (row: Row) => void
  /** F2. */
  readonly onEdit?: (row: Row) => void
  readonly rowClass?: (row: Row) => string
  /** Rows in groups: a heading row stands where the group changes. */
  readonly groupOf?: (row: Row) => { readonly key: string; readonly label: ReactNode; readonly sum?: ReactNode } | null
  /** About where the open row stands when its page is not loaded yet (jumps from a list of problems). */
  readonly openHint?: number
  /** Told of the row under the cursor (the panel's). */
  readonly onCursor?: (row: Row | undefined) => void
  readonly onLoaded?: (count: number, totals: Totals) => void
}

/** The one table of every list (SCREENS.md §4): pages from the backend, virtual rows, cursor apart from selection. */
export function QTable<Row, Totals>(props: QTableProps<Row, Totals>) {
  const { columns, list, selection, rowId } = props
  const gridId = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const grid = useRef<HTMLTableElement>(null)
  const rowPx = useRowHeight()
  const [cursor, setCursor] = useState(-1)
  const anchor = useRef(-1)
  const [seen, setSeen] = useState<readonly [number, number, 'forward' | 'backward' | null]>([0, 0, null])
  const data = useListPages(props.queryKey, props.fetchPage, usePagesAround(...seen))
  const count = data.count ?? 0

  const table = useTable({
    features,
    data: NO_DATA,
    columns: useMemo(
      () =>
        columns.all.map((c) => ({
          id: c.id,
          header: c.header,
          size: c.width,
          minSize: Math.min(36, c.width),
          maxSize: 800,
        })),
      [columns.all],
    ),
    state: {
      columnOrder: columns.all.map((c) => c.id),
      columnVisibility: Object.fromEntries(columns.all.map((c) => [c.id, columns.isShown(c.id)])),
      columnSizing: columns.memory.sizes as Record<string, number>,
    },
    columnResizeMode: 'onChange',
    onColumnSizingChange: (updater) => {
      const next = typeof updater === 'function' ? updater(columns.memory.sizes as Record<string, number>) : updater
      for (const [id, width] of Object.entries(next)) if (columns.memory.sizes[id] !== width) columns.resize(id, width)
    },
  })
  const headers = table.getHeaderGroups()[0]?.headers ?? []
  const byId = new Map(columns.all.map((c) => [c.id, c]))

  const isGroupStart = (index: number): boolean => {
    if (!props.groupOf) return false
    const row = data.rowAt(index)
    const before = index === 0 ? undefined : data.rowAt(index - 1)
    const group = row && props.groupOf(row)
    return !!group && group.key !== (before && props.groupOf(before)?.key)
  }
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (isGroupStart(index) ? rowPx * 2 : rowPx),
    overscan: OVERSCAN,
    scrollPaddingEnd: HEAD_PX,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  const firstPage = Math.floor(first / PAGE_ROWS)
  const lastPage = Math.floor(last / PAGE_ROWS)
  const { scrollDirection } = virtual
  useEffect(() => {
    // At rest the list goes on looking the way it last went.
    setSeen(([, , before]) => [firstPage, lastPage, scrollDirection ?? before])
  }, [firstPage, lastPage, scrollDirection])
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes depend on the rows that have come
  useEffect(() => virtual.measure(), [rowPx, data.loaded.length, virtual])

  // The open row of the address takes the cursor once its page is there.
  const openAt = list.open === null ? -1 : data.loaded.findIndex((row) => rowId(row) === list.open)
  const cursorRow = cursor >= 0 ? data.rowAt(cursor) : undefined
  const cursorId = cursorRow ? rowId(cursorRow) : null
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the address or the rows change
  useEffect(() => {
    if (list.open === null || cursorId === list.open || openAt < 0) return
    for (let index = 0; index < count; index += 1) {
      const row = data.rowAt(index)
      if (row && rowId(row) === list.open) {
        setCursor(index)
        virtual.scrollToIndex(index, { align: 'auto' })
        return
      }
    }
  }, [list.open, openAt])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each jump
  useEffect(() => {
    if (props.openHint !== undefined && openAt < 0 && list.open !== null && props.openHint < count) {
      virtual.scrollToIndex(props.openHint, { align: 'center' })
    }
  }, [list.open, props.openHint])
  const { onCursor, onLoaded } = props
  // biome-ignore lint/correctness/useExhaustiveDependencies: told when the row under the cursor is another one
  useEffect(() => onCursor?.(cursorRow), [cursorRow])
  // biome-ignore lint/correctness/useExhaustiveDependencies: told when the answer is another one
  useEffect(() => {
    if (data.totals !== null) onLoaded?.(count, data.totals)
  }, [count, data.totals])

  const openTimer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(openTimer.current), [])
  const goTo = (index: number, extend = false) => {
    if (count === 0) return
    const next = Math.max(0, Math.min(count - 1, index))
    if (extend && selection) {
      if (anchor.current < 0) anchor.current = Math.max(0, cursor)
      const [from, to] = [Math.min(anchor.current, next), Math.max(anchor.current, next)]
      selection.add(rowsBetween(from, to))
    } else anchor.current = next
    setCursor(next)
    virtual.scrollToIndex(next, { align: 'auto' })
    clearTimeout(openTimer.current)
    openTimer.current = setTimeout(() => {
      const row = data.rowAt(next)
      if (row) list.set({ sel: String(rowId(row)) })
    }, 100)
  }
  const rowsBetween = (from: number, to: number): [number, number][] => {
    const out: [number, number][] = []
    for (let i = from; i <= to; i += 1) {
      const row = data.rowAt(i)
      if (row) out.push([rowId(row), props.rowCents?.(row) ?? 0])
    }
    return out
  }

  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowPx * 10) / rowPx) - 2)
    const steps: Record<string, number> = {
      ArrowDown: cursor + 1,
      ArrowUp: cursor - 1,
      PageDown: cursor + pageRows,
      PageUp: cursor - pageRows,
      Home: 0,
      End: count - 1,
    }
    const step = steps[event.key]
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey
    if (step !== undefined && plain) goTo(step, event.shiftKey)
    else if (event.key === ' ' && plain && selection) {
      if (cursorRow) selection.toggle(rowId(cursorRow), props.rowCents?.(cursorRow) ?? 0)
    } else if (event.key.toLowerCase() === 'a' && event.ctrlKey && selection) selection.all()
    else if (event.key === 'Escape' && selection && selection.count(count) > 0) selection.clear()
    else if (event.key === 'Enter' && plain && !event.shiftKey && props.onOpen) {
      if (cursorRow) props.onOpen(cursorRow)
    } else if (event.key === 'Delete' && props.onDelete) {
      // All chosen with Ctrl A and no row under the cursor: any row stands for them.
      const row = cursorRow ?? (selection && selection.count(count) > 0 ? data.loaded[0] : undefined)
      if (row) props.onDelete(row)
    } else if (event.key === 'F2' && props.onEdit) {
      if (cursorRow) props.onEdit(cursorRow)
    } else return
    event.preventDefault()
  }

  if (data.count === 0 && !data.fetching) return <>{props.empty}</>

  const selected = selection?.count(count) ?? 0
  const selectedCents = data.totals && selection ? selection.cents(props.totalCents?.(data.totals) ?? 0) : 0
  const widths = headers.map((header) => {
    const column = byId.get(header.column.id) as QColumn<Row>
    return {
      column,
      header,
      width: header.column.getSize(),
      flex: column.flex && columns.memory.sizes[column.id] === undefined,
    }
  })
  const minWidth = widths.reduce((total, w) => total + w.width, selection ? CHECK_PX : 0)
  const spanned = widths.length + (selection ? 1 : 0)
  const top = items[0]?.start ?? 0
  const bottom = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const foot = data.totals === null ? null : props.foot(count, data.totals)

  return (
    <section className="card qtable" aria-label={props.label}>
      {selection && selected > 0 && (
        <div className="bulk" role="toolbar" aria-label="Righe selezionate">
          <span className="strong t-acc">
            {formatCount(selected)} {selected === 1 ? 'selezionata' : 'selezionate'}
            {selection.chosen.kind === 'all' && selected === count ? ', tutte le filtrate' : ''}
          </span>
          {props.rowCents && <span className="ink2">{centsWords(selectedCents)} €</span>}
          <div className="bulk-actions">{props.bulk}</div>
          <button type="button" className="bulk-close" aria-label="Togli la selezione" onClick={selection.clear}>
            ×
          </button>
        </div>
      )}
      <div className="qtable-scroll" ref={scroller}>
        <table
          ref={grid}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table with a cursor is a grid
          role="grid"
          className="grid"
          tabIndex={0}
          aria-label={props.label}
          aria-rowcount={count + 1}
          aria-colcount={widths.length + (selection ? 1 : 0)}
          aria-multiselectable={selection !== undefined}
          aria-busy={data.fetching}
          {...(cursor >= 0 && cursor >= first && cursor <= last
            ? { 'aria-activedescendant': `${gridId}-${cursor}` }
            : {})}
          style={{ minWidth }}
          onKeyDown={onKeyDown}
          onFocus={(event) => {
            if (event.target === grid.current && cursor < 0 && count > 0 && event.target.matches(':focus-visible'))
              goTo(0)
          }}
        >
          <colgroup>
            {selection && <col style={{ width: CHECK_PX }} />}
            {widths.map(({ column, width, flex }) => (
              <col key={column.id} style={flex ? {} : { width }} />
            ))}
            {!widths.some((w) => w.flex) && <col />}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {selection && (
                <th scope="col">
                  <Checkbox
                    tabIndex={-1}
                    aria-label="Seleziona tutte le filtrate"
                    checked={selected > 0 && selected === count}
                    indeterminate={selected > 0 && selected < count}
                    onChange={() => (selected > 0 ? selection.clear() : selection.all())}
                  />
                </th>
              )}
              {widths.map(({ column, header }) => {
                const sorted = list.sort?.column === column.id ? list.sort.direction : null
                const Arrow = sorted === 'desc' ? IconArrowDown : IconArrowUp
                const words = (
                  <>
                    {column.headerIcon ?? <span className="cut">{column.header}</span>}
                    {column.headerIcon !== undefined && <span className="visually-hidden">{column.header}</span>}
                    {sorted && <Arrow size={13} stroke={1.7} aria-hidden />}
                  </>
                )
                return (
                  <th
                    key={column.id}
                    scope="col"
                    className={column.align === 'right' ? 'right' : column.align === 'center' ? 'center' : ''}
                    {...(sorted
                      ? { 'aria-sort': sorted === 'asc' ? ('ascending' as const) : ('descending' as const) }
                      : {})}
                  >
                    {column.sortable === false ? (
                      <span className="th-words">{words}</span>
                    ) : (
                      <button
                        type="button"
                        tabIndex={-1}
                        className="th-words"
                        onClick={() => list.set({ ordina: sorted === 'asc' ? `-${column.id}` : column.id })}
                      >
                        {words}
                      </button>
                    )}
                    {!column.flex && (
                      // biome-ignore lint/a11y/noStaticElementInteractions: dragging only; «Ripristina» undoes it
                      <span
                        className="resizer"
                        onMouseDown={header.getResizeHandler()}
                        onDoubleClick={() => columns.resize(column.id, column.width)}
                      />
                    )}
                  </th>
                )
              })}
              {!widths.some((w) => w.flex) && <td className="filler" />}
            </tr>
          </thead>
          <tbody>
            {top > 0 && <Unread height={top} columns={spanned} />}
            {items.map((item) => {
              const row = data.rowAt(item.index)
              const group = row && isGroupStart(item.index) ? props.groupOf?.(row) : null
              return (
                <Rows key={item.key}>
                  {group && (
                    <tr className="group-row" style={{ height: rowPx }}>
                      <td colSpan={widths.length + (selection ? 1 : 0)}>
                        <span className="strong">{group.label}</span>
                        {group.sum !== undefined && <span className="group-sum">{group.sum}</span>}
                      </td>
                    </tr>
                  )}
                  {row === undefined ? (
                    <tr aria-rowindex={item.index + 2} className="placeholder" style={{ height: rowPx }}>
                      <td colSpan={widths.length + (selection ? 1 : 0)}>
                        <span className="visually-hidden">in lettura</span>
                      </td>
                    </tr>
                  ) : (
                    <tr
                      id={`${gridId}-${item.index}`}
                      aria-rowindex={item.index + 2}
                      {...(selection ? { 'aria-selected': selection.has(rowId(row)) } : {})}
                      className={[
                        item.index === cursor ? 'cursor' : '',
                        selection?.has(rowId(row)) ? 'selected' : '',
                        props.rowClass?.(row) ?? '',
                      ].join(' ')}
                      style={{ height: rowPx }}
                      onClick={(event) => {
                        goTo(item.index, event.shiftKey)
                        if (!(event.target as HTMLElement).closest('button, a, input'))
                          grid.current?.focus({ preventScroll: true })
                      }}
                      onDoubleClick={() => props.onOpen?.(row)}
                    >
                      {selection && (
                        <td>
                          <Checkbox
                            tabIndex={-1}
                            aria-label={`Seleziona ${props.rowName(row)}`}
                            checked={selection.has(rowId(row))}
                            onChange={() => selection.toggle(rowId(row), props.rowCents?.(row) ?? 0)}
                            onClick={(event) => event.stopPropagation()}
                          />
                        </td>
                      )}
                      {widths.map(({ column }) => (
                        <td
                          key={column.id}
                          className={column.align === 'right' ? 'right' : column.align === 'center' ? 'center' : ''}
                          title={column.title?.(row)}
                        >
                          {column.cell(row)}
                        </td>
                      ))}
                      {!widths.some((w) => w.flex) && <td className="filler" aria-hidden />}
                    </tr>
                  )}
                </Rows>
              )
            })}
            {bottom > 0 && <Unread height={bottom} columns={spanned} />}
          </tbody>
        </table>
        {data.fetching && <div className="fetch-line" />}
        {data.count === null && data.fetching && <Placeholders />}
      </div>
      {data.error !== null && (
        <div className="qtable-error">
          <ErrorNote error={data.error} />
          <button type="button" className="link" onClick={data.retry}>
            Riprova
          </button>
        </div>
      )}
      <div className="totals">
        {foot && (
          <>
            <div className="totals-left">{foot.left}</div>
            {selected > 0 && (
              <span className="muted small nowrap">
                {props.rowCents ? `selezionate ${centsWords(selectedCents)}` : `selezionate ${formatCount(selected)}`}
              </span>
            )}
            <div className="totals-right">{foot.right}</div>
          </>
        )}
      </div>
    </section>
  )
}

/** Rows that are not drawn: a scrollbar dragged faster than they come shows their lines, never a blank. */
function Unread({ height, columns }: { readonly height: number; readonly columns: number }) {
  return (
    <tr aria-hidden className="unread" style={{ height }}>
      <td colSpan={columns} />
    </tr>
  )
}

/** Fragment with a key. */
function Rows({ children }: { readonly children: ReactNode }) {
  return <>{children}</>
}

function Placeholders() {
  return (
    <div aria-hidden className="placeholders">
      {Array.from({ length: 14 }, (_, i) => `p${i}`).map((key) => (
        <div key={key} />
      ))}
    </div>
  )
}

function centsWords(value: number): string {
  const text = String(Math.abs(value)).padStart(3, '0')
  return `${value < 0 ? '−' : ''}${text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, '.')},${text.slice(-2)}`
}

/** The row height is a token of the theme (28, 30 from 1700 px, 34 «comoda»). */
function useRowHeight(): number {
  const read = () => Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--row'), 10) || 28
  const [px, setPx] = useState(read)
  useEffect(() => {
    const listen = () => setPx(read())
    window.addEventListener('resize', listen)
    window.addEventListener('quietanza:density', listen)
    return () => {
      window.removeEventListener('resize', listen)
      window.removeEventListener('quietanza:density', listen)
    }
  })
  return px
}
