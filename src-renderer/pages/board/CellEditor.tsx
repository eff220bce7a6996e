import { Popover } from '@mantine/core'
import { useEffect, useId, useRef, useState } from 'react'
import { Money } from '../../components/cells.tsx'
import { askedFor, type Counterpart, isMono, keyOfCounterpart, type TableRow } from './board.ts'
import { type Cell, cellOf } from './sheet-cells.ts'
import { useCounterparts } from './use-search.ts'

const SHOWN = 8

/** A counterpart being written: ↓ ↑ walk the completion, Invio or Tab takes what is chosen or what is written, Esc nothing. */
export function CellEditor({
  row,
  start,
  onPicked,
  onText,
  onLeave,
}: {
  readonly row: TableRow
  readonly start: string
  readonly onPicked: (cell: Cell) => void
  readonly onText: (text: string) => void
  readonly onLeave: () => void
}) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(start)
  const [at, setAt] = useState(-1)
  useEffect(() => field.current?.focus(), [])
  const plain = /^(=|[1-9](\s|$)|x(\s|$)|escludi)/i.test(text)
  const list = useOptions(row, plain ? '' : text).slice(0, SHOWN)
  const take = (counterpart: Counterpart) => {
    // One that wants a reason is written with its number, and the reason after it.
    if (askedFor(counterpart.act) !== null) {
      setText(`${row.counterparts.indexOf(counterpart) + 1} `)
      setAt(-1)
      return
    }
    onPicked(cellOf(row, counterpart.title, counterpart))
  }
  return (
    <Popover opened={list.length > 0 && !plain} position="bottom-start" width={420} withinPortal trapFocus={false}>
      <Popover.Target>
        <input
          ref={field}
          className="sheet-input"
          role="combobox"
          aria-label="Controparte"
          aria-expanded={list.length > 0 && !plain}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          {...(at >= 0 ? { 'aria-activedescendant': `${id}-${at}` } : {})}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setAt(-1)
          }}
          onBlur={onLeave}
          onKeyDown={(event) => {
            const chosen = list[at]
            if (event.key === 'ArrowDown') setAt(Math.min(list.length - 1, at + 1))
            else if (event.key === 'ArrowUp') setAt(Math.max(-1, at - 1))
            else if (event.key === 'Enter' || event.key === 'Tab') {
              if (chosen) take(chosen)
              else onText(text)
            } else if (event.key === 'Escape') onLeave()
            else return
            event.preventDefault()
            event.stopPropagation()
          }}
        />
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <div role="listbox" id={`${id}-list`} aria-label="Controparti" className="sheet-options">
          {list.map((c, i) => (
            <div
              key={keyOfCounterpart(c)}
              id={`${id}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === at}
              className="sheet-option"
              onMouseDown={(event) => {
                event.preventDefault()
                take(c)
              }}
            >
              <span className={`cut${isMono(c) ? ' mono' : ''}`}>{c.title}</span>
              <Money cents={c.cents} />
              <span className="small ink2 cut">{c.detail}</span>
            </div>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

/** The row's own counterparts first, then what the search finds. */
function useOptions(row: TableRow, text: string): Counterpart[] {
  const found = useCounterparts(row, { text })
  const wanted = text.trim().toLowerCase()
  const own = row.counterparts.filter((c) => `${c.title} ${c.detail}`.toLowerCase().includes(wanted))
  const all = new Map([...own, ...(found.data ?? [])].map((c) => [keyOfCounterpart(c), c]))
  return [...all.values()]
}
