import { Button } from '@mantine/core'
import { type ClipboardEvent, type KeyboardEvent, useState } from 'react'
import { formatDate } from '#domain/date'
import { counted, Money } from '../../components/cells.tsx'
import { Key } from '../../components/Key.tsx'
import { ToneText } from '../../components/St.tsx'
import { sayFailure } from '../../components/toast.ts'
import { useKeys } from '../../keys.ts'
import { errorText } from '../../problems.ts'
import {
  type Act,
  bankCentsOf,
  isMono,
  isMovement,
  reasonOf,
  shortDay,
  spansOf,
  type TableRow,
  textOf,
} from './board.ts'
import { Causale } from './Causale.tsx'
import { CellEditor } from './CellEditor.tsx'
import { ROW_PX, type RowsProps, useFlatRows } from './drawn-rows.ts'
import { Amount, rowId } from './row-parts.tsx'
import { type Cell, firstRefused, readCell } from './sheet-cells.ts'

interface Props extends RowsProps {
  /** One write for all; false when it waits for a word on reversali. */
  readonly decide: (acts: Act[], reason: string) => Promise<boolean>
  readonly onLeave: () => void
}

/** «Tabella»: the same rows one line each; the counterpart is written in its cell and all cells are decided together. */
export function Spreadsheet({ count, rowAt, cursor, onCursor, onSeen, decide, onLeave }: Props) {
  const [anchor, setAnchor] = useState<number | null>(null)
  const [cells, setCells] = useState<ReadonlyMap<string, Cell>>(new Map())
  const [editing, setEditing] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const { scroller, grid, items, top, bottom, openKey } = useFlatRows({ count, rowAt, cursor, onSeen })
  const row = rowAt(cursor)
  const from = Math.min(anchor ?? cursor, cursor)
  const to = Math.max(anchor ?? cursor, cursor)
  const ready = [...cells.values()].filter((cell) => cell.act !== null)
  const wrong = cells.size - ready.length

  const put = (written: readonly (readonly [TableRow, Cell | null])[]) =>
    setCells((before) => {
      const next = new Map(before)
      for (const [r, cell] of written) {
        if (cell) next.set(r.key, cell)
        else next.delete(r.key)
      }
      return next
    })
  const write = async (rows: readonly TableRow[], textFor: (index: number) => string) => {
    const read = await Promise.all(rows.map(async (r, i) => [r, await readCell(r, textFor(i))] as const))
    put(read)
  }
  const rowsBetween = (a: number, b: number): TableRow[] => {
    const out: TableRow[] = []
    for (let i = a; i <= b; i += 1) {
      const r = rowAt(i)
      if (r) out.push(r)
    }
    return out
  }
  /** Ctrl D: what stands in the first cell of the choice, or in the one above, is written in the others and read there. */
  const fillDown = () => {
    const source = from === to ? from - 1 : from
    const above = rowAt(source)
    const text = above ? cells.get(above.key)?.text : undefined
    if (text !== undefined) void write(rowsBetween(source + 1, to), () => text).catch(sayFailure)
  }
  const paste = (event: ClipboardEvent) => {
    const lines = event.clipboardData
      .getData('text/plain')
      .replace(/\r?\n$/, '')
      .split(/\r?\n/)
    event.preventDefault()
    const rows = rowsBetween(from, Math.min(count, from + lines.length) - 1)
    void write(rows, (i) => (lines[i] ?? '').split('\t')[0] ?? '').catch(sayFailure)
  }
  const apply = async () => {
    if (busy || ready.length === 0) return
    setBusy(true)
    const acts = ready.map((cell) => cell.act as Act)
    try {
      const done = await decide(acts, '')
      if (done) setCells((before) => new Map([...before].filter(([, cell]) => cell.act === null)))
    } catch (error) {
      const found = await firstRefused(acts).catch(() => null)
      const cell = found ? ready[found.index] : undefined
      if (found && cell) put([[cell.row, { ...cell, act: null, error: errorText(found.why) }]])
      sayFailure(error)
    } finally {
      setBusy(false)
      grid.current?.focus({ preventScroll: true })
    }
  }
  const move = (index: number, extend = false) => {
    setAnchor(extend ? (anchor ?? cursor) : null)
    onCursor(index)
  }
  const nextWrong = (step: 1 | -1) => {
    for (let i = cursor + step; i >= 0 && i < count; i += step) {
      if (cells.get(rowAt(i)?.key ?? '')?.error) return move(i)
    }
  }
  useKeys([
    { keys: 'Enter', label: 'scrivi' },
    { keys: 'Ctrl+D', label: 'copia in giù', run: fillDown },
    { keys: 'Ctrl+Enter', label: 'decidi tutte', run: () => void apply() },
    { keys: 'Delete', label: 'svuota', quiet: true },
    { keys: 'F8', label: 'prossimo errore', quiet: true, run: () => nextWrong(1) },
    { keys: 'Shift+F8', label: 'errore precedente', quiet: true, run: () => nextWrong(-1) },
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Escape', label: 'torna al confronto', quiet: true },
  ])
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    if (editing !== null) return
    const control = event.ctrlKey || event.metaKey || event.altKey
    const steps: Record<string, number> = {
      ArrowDown: cursor + 1,
      ArrowUp: cursor - 1,
      PageDown: cursor + 10,
      PageUp: cursor - 10,
      Home: 0,
      End: count - 1,
    }
    const step = steps[event.key]
    if (control) return
    if (step !== undefined) move(Math.max(0, Math.min(count - 1, step)), event.shiftKey)
    else if (event.key === 'Enter' || event.key === 'F2') setEditing(row ? (cells.get(row.key)?.text ?? '') : null)
    else if (event.key === 'Delete') put(rowsBetween(from, to).map((r) => [r, null]))
    else if (event.key === 'Escape') {
      if (cells.size === 0) onLeave()
      else setAnchor(null)
    } else if (event.key.length === 1 && event.key !== '?' && row) setEditing(event.key)
    else return
    event.preventDefault()
  }
  const leaveCell = (next: number) => {
    setEditing(null)
    grid.current?.focus({ preventScroll: true })
    if (next !== 0) move(Math.max(0, Math.min(count - 1, cursor + next)))
  }
  return (
    <div className="card board-list">
      <div className="chooser-scroll" ref={scroller}>
        <table
          ref={grid}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its cells are written in
          role="grid"
          tabIndex={0}
          className="plain board-table sheet-table"
          aria-label="Da decidere, in tabella"
          aria-rowcount={count + 1}
          aria-multiselectable
          {...(openKey === undefined ? {} : { 'aria-activedescendant': rowId(openKey) })}
          onKeyDown={onKeyDown}
          onPaste={editing === null ? paste : undefined}
        >
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col" className="col-short-day">
                Data
              </th>
              <th scope="col">In banca</th>
              <th scope="col" className="right col-amount">
                Accreditato €
              </th>
              <th scope="col" className="col-sheet-reason">
                Motivo
              </th>
              <th scope="col" className="right col-amount">
                Nel flusso €
              </th>
              <th scope="col" className="col-target">
                Controparte
              </th>
            </tr>
          </thead>
          <tbody>
            {top > 0 && <tr aria-hidden style={{ height: top }} />}
            {items.map((item) => {
              const r = rowAt(item.index)
              if (!r) {
                return (
                  <tr key={item.key} aria-rowindex={item.index + 2} style={{ height: ROW_PX }}>
                    <td className="muted">…</td>
                  </tr>
                )
              }
              const here = item.index === cursor
              const chosen = item.index >= from && item.index <= to
              return (
                <tr
                  key={r.key}
                  id={rowId(r.key)}
                  tabIndex={-1}
                  aria-rowindex={item.index + 2}
                  aria-selected={chosen}
                  className={here ? 'cursor' : chosen ? 'chosen' : ''}
                  style={{ height: ROW_PX }}
                  onClick={(event) => {
                    if (editing === null || !here) {
                      setEditing(null)
                      move(item.index, event.shiftKey)
                    }
                  }}
                  onDoubleClick={() => setEditing(cells.get(r.key)?.text ?? '')}
                >
                  <Line row={r} />
                  <td
                    className={`sheet-cell${cells.get(r.key)?.error ? ' wrong' : cells.has(r.key) ? ' written' : ''}`}
                  >
                    {here && editing !== null ? (
                      <CellEditor
                        row={r}
                        start={editing}
                        onLeave={() => leaveCell(0)}
                        onPicked={(cell) => {
                          put([[r, cell]])
                          leaveCell(1)
                        }}
                        onText={(text) => {
                          leaveCell(1)
                          void write([r], () => text).catch(sayFailure)
                        }}
                      />
                    ) : (
                      <Written row={r} cell={cells.get(r.key)} />
                    )}
                  </td>
                </tr>
              )
            })}
            {bottom > 0 && <tr aria-hidden style={{ height: bottom }} />}
          </tbody>
        </table>
      </div>
      <div className="totals">
        <div className="totals-left">
          <span role="status">
            <b>{counted(ready.length, 'decisione scritta', 'decisioni scritte')}</b> su{' '}
            {counted(count, 'riga', 'righe')}
            {wrong > 0 && (
              <span className="t-bad">
                {' '}
                · {counted(wrong, 'cella da correggere', 'celle da correggere')} <Key keys="F8" />
              </span>
            )}
          </span>
          <span className="small ink2">«=» la proposta, «1» la prima, «x motivo» esclude, o un nome</span>
        </div>
        <Button variant="filled" disabled={ready.length === 0} loading={busy} onClick={() => void apply()}>
          Decidi {counted(ready.length, 'riga', 'righe')}
        </Button>
      </div>
    </div>
  )
}

function Line({ row }: { readonly row: TableRow }) {
  const reason = reasonOf(row)
  const best = row.counterparts[0]
  return (
    <>
      <td title={formatDate(row.date)}>{shortDay(row.date)}</td>
      <td className="cut" title={textOf(row)}>
        {isMovement(row) ? <Causale text={row.description} spans={spansOf(row)} folded /> : textOf(row)}
      </td>
      <td className="right">
        <Money cents={bankCentsOf(row)} />
      </td>
      <td title={reason.text}>
        <ToneText tone={reason.tone}>{reason.title}</ToneText>
      </td>
      <td className="right">{best ? <Amount row={row} cents={best.cents} /> : <span className="muted">·</span>}</td>
    </>
  )
}

/** What is written, or, in grey, what could be. */
function Written({ row, cell }: { readonly row: TableRow; readonly cell: Cell | undefined }) {
  if (cell?.error) {
    return (
      <span className="t-bad cut" title={cell.error}>
        <span className="strong">{cell.text}</span> · {cell.error}
      </span>
    )
  }
  if (cell) {
    return (
      <span className="strong cut" title={cell.title}>
        {cell.title}
      </span>
    )
  }
  const [best] = row.counterparts
  if (!best) return <span className="muted">scrivi la controparte</span>
  return (
    <span className={`muted cut${isMono(best) ? ' mono' : ''}`} title={`${best.title}, ${best.detail}`}>
      {row.confirms === null ? `1 ${best.title}` : `= ${best.title}`}
    </span>
  )
}
