import type { ReactNode } from 'react'
import { formatCount } from './cells.tsx'
import { ScrollBox } from './ScrollBox.tsx'

export interface FileRow {
  /** As the file counts them, from 1. */
  readonly number: number
  readonly cells: readonly string[]
}

/** The first rows of a file as it is, with a control in the head of each column that says what it holds. */
export function FileHeadTable({
  rows,
  headerRow,
  chosen,
  head,
  cellClass,
  onDropOn,
}: {
  readonly rows: readonly FileRow[]
  /** Number of the row of headings; null when there is none. */
  readonly headerRow: number | null
  /** Whether the column, from 0, is read. */
  readonly chosen: (column: number) => boolean
  readonly head: (column: number) => ReactNode
  readonly cellClass?: (row: FileRow, column: number) => string
  /** Something was dragged onto the head of a column. */
  readonly onDropOn?: (column: number, what: DataTransfer) => void
}) {
  const width = rows.reduce((most, row) => Math.max(most, row.cells.length), 0)
  const columns = Array.from({ length: width }, (_, i) => i)
  return (
    <ScrollBox className="chooser-scroll" label="Prime righe del file">
      <table className="plain chooser-table">
        <thead>
          <tr>
            <th className="right">Riga</th>
            {columns.map((c) => (
              <th
                key={c}
                className={chosen(c) ? 'chosen' : ''}
                {...(onDropOn === undefined
                  ? {}
                  : {
                      onDragOver: (event) => event.preventDefault(),
                      onDrop: (event) => {
                        event.preventDefault()
                        onDropOn(c, event.dataTransfer)
                      },
                    })}
              >
                {head(c)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.number}
              className={
                row.number === headerRow ? 'heading' : headerRow !== null && row.number < headerRow ? 'before' : ''
              }
            >
              <td className="right muted">{formatCount(row.number)}</td>
              {columns.map((c) => (
                <td
                  key={c}
                  data-cell={`${row.number}-${c}`}
                  className={`${chosen(c) ? '' : 'ignored'} ${cellClass?.(row, c) ?? ''}`.trim()}
                  title={row.cells[c]}
                >
                  {row.cells[c]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}
