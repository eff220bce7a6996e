import { IconX } from '@tabler/icons-react'
import { type KeyboardEvent, useId, useRef } from 'react'
import { CATEGORIES } from '#domain/vocabulary'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { DRAFT_COLUMNS, type DraftColumn, type DraftReading, type DraftRow, pasteInto } from './tariff-draft.ts'

const HEADS: Readonly<
  Record<DraftColumn, { readonly title: string; readonly width?: number; readonly hint?: string }>
> = {
  code: { title: 'Codice', width: 66 },
  description: { title: 'Descrizione' },
  category: { title: 'Categoria', width: 120, hint: 'tutte' },
  albo: { title: 'Albo', width: 86, hint: 'tutti' },
  section: { title: 'Sezione', width: 64, hint: 'tutte' },
  status: { title: 'Stato', width: 74, hint: 'iscritto' },
  from: { title: 'Anni da', width: 60, hint: '0' },
  to: { title: 'a', width: 38, hint: '…' },
  value: { title: '€, % o niente', width: 108 },
}

const RIGHT: ReadonlySet<DraftColumn> = new Set(['from', 'to', 'value'])

/** Words offered while typing, by column. */
export type SheetWords = Readonly<Partial<Record<DraftColumn, readonly string[]>>>

/** The table of a tariff, typed like a spreadsheet: Invio goes down, Ctrl D copies from above, cells are pasted from Excel. */
export function TariffSheet({
  rows,
  readings,
  marked,
  words,
  onChange,
  onAdd,
}: {
  readonly rows: readonly DraftRow[]
  readonly readings: readonly DraftReading[]
  /** What is said of each row: errors and warnings. */
  readonly marked: ReadonlyMap<number, { readonly severity: 'error' | 'warning'; readonly text: string }>
  readonly words: SheetWords
  readonly onChange: (rows: readonly DraftRow[]) => void
  readonly onAdd: () => void
}) {
  const body = useRef<HTMLTableSectionElement>(null)
  const id = useId()
  const lists: SheetWords = {
    ...words,
    category: Object.values(CATEGORIES),
    status: ['iscritto', 'sospeso', ...(words.status ?? [])].filter((w, n, all) => all.indexOf(w) === n),
  }
  const set = (at: number, column: DraftColumn, value: string) =>
    onChange(rows.map((row, n) => (n === at ? { ...row, [column]: value } : row)))
  const focus = (at: number, column: DraftColumn) => {
    const cell = body.current?.querySelector<HTMLInputElement>(`[data-cell="${at}-${column}"]`)
    cell?.focus()
    cell?.select()
  }
  const onKey = (event: KeyboardEvent<HTMLInputElement>, at: number, column: DraftColumn) => {
    const down = event.key === 'Enter' || event.key === 'ArrowDown'
    if (event.ctrlKey && event.key.toLowerCase() === 'd') {
      event.preventDefault()
      const above = rows[at - 1]
      if (above !== undefined) set(at, column, above[column])
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.altKey) {
      event.preventDefault()
      if (at === rows.length - 1) onAdd()
      setTimeout(() => focus(at + 1, column), 0)
    } else if ((down || event.key === 'ArrowUp') && event.altKey === false && !event.ctrlKey && !lists[column]) {
      event.preventDefault()
      focus(at + (event.key === 'ArrowUp' ? -1 : 1), column)
    }
  }
  return (
    <ScrollBox label="Righe della tariffa" className="tariff-sheet card">
      <table>
        <colgroup>
          <col style={{ width: 34 }} />
          {DRAFT_COLUMNS.map((column) => (
            <col
              key={column}
              {...(HEADS[column].width === undefined ? {} : { style: { width: HEADS[column].width } })}
            />
          ))}
          <col style={{ width: 30 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Riga</span>
            </th>
            {DRAFT_COLUMNS.map((column) => (
              <th key={column} scope="col" className={RIGHT.has(column) ? 'right' : ''}>
                {HEADS[column].title}
              </th>
            ))}
            <th scope="col">
              <span className="visually-hidden">Togli</span>
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, at) => {
            const mark = marked.get(at)
            const errors = readings[at]?.errors ?? {}
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name but its place while it is typed
              <tr key={at} className={mark === undefined ? '' : `marked-${mark.severity}`} title={mark?.text}>
                <th scope="row">{at + 1}</th>
                {DRAFT_COLUMNS.map((column) => {
                  const error = errors[column]
                  return (
                    <td key={column} className={error === undefined ? '' : 'wrong'}>
                      <input
                        data-cell={`${at}-${column}`}
                        aria-label={`${HEADS[column].title}, riga ${at + 1}`}
                        aria-invalid={error !== undefined}
                        title={error ?? (row[column] || undefined)}
                        className={RIGHT.has(column) ? 'num' : ''}
                        placeholder={HEADS[column].hint}
                        value={row[column]}
                        autoComplete="off"
                        spellCheck={false}
                        {...(lists[column] ? { list: `${id}-${column}` } : {})}
                        onChange={(e) => set(at, column, e.currentTarget.value)}
                        onKeyDown={(e) => onKey(e, at, column)}
                        onPaste={(e) => {
                          const text = e.clipboardData.getData('text/plain')
                          if (!/[\t\n]/.test(text)) return
                          e.preventDefault()
                          onChange(pasteInto(rows, at, column, text))
                        }}
                      />
                    </td>
                  )
                })}
                <td>
                  <button
                    type="button"
                    className="icon-button"
                    aria-label={`Togli la riga ${at + 1}`}
                    onClick={() => onChange(rows.filter((_, n) => n !== at))}
                  >
                    <IconX size={14} stroke={1.7} aria-hidden />
                  </button>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {Object.entries(lists).map(([column, values]) => (
        <datalist key={column} id={`${id}-${column}`}>
          {values?.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      ))}
    </ScrollBox>
  )
}
