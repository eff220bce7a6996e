import { IconNote, IconUser } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { sum } from '#domain/money'
import { counted, DateText, Money } from '../../components/cells.tsx'
import { ToneText } from '../../components/St.tsx'
import { type BoardView, isMovement, isUnasked, type TableRow, textOf } from './board.ts'
import { Causale } from './Causale.tsx'
import { ROW_PX, type RowsProps, useFlatRows } from './drawn-rows.ts'
import { rowId } from './row-parts.tsx'

interface Props extends RowsProps {
  readonly view: BoardView
  readonly loaded: readonly TableRow[]
  readonly onReopen: (row: TableRow) => void
  readonly onMatch: (row: TableRow, index: number) => void
}

/** What is decided, or asks for nothing: one line each, with what faces what and «Riapri» where a person decided. */
export function RowList({ view, count, rowAt, loaded, cursor, onCursor, onSeen, onReopen, onMatch }: Props) {
  const { scroller, grid, items, top, bottom, openKey } = useFlatRows({ count, rowAt, cursor, onSeen })
  return (
    <div className="card board-list">
      <div className="chooser-scroll" ref={scroller}>
        <table
          ref={grid}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table with a cursor is a grid
          role="grid"
          tabIndex={0}
          className="plain board-table"
          aria-label={view.label}
          aria-rowcount={count + 1}
          {...(openKey === undefined ? {} : { 'aria-activedescendant': rowId(openKey) })}
        >
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col" className="col-day">
                Data
              </th>
              <th scope="col">{view.view === 'uncredited' ? 'Flusso' : 'In banca'}</th>
              <th scope="col" className="right col-amount">
                Importo €
              </th>
              <th scope="col" className={view.view === 'uncredited' ? 'col-reason-long' : 'col-reason'}>
                {view.view === 'matched' ? 'Come' : 'Perché'}
              </th>
              <th scope="col" className={view.view === 'matched' ? 'col-face' : 'col-face-little'}>
                {view.view === 'uncredited' ? 'Prestatore' : 'Controparte'}
              </th>
              <th scope="col" className="col-act">
                <span className="visually-hidden">Azioni</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {top > 0 && <tr aria-hidden style={{ height: top }} />}
            {items.map((item) => {
              const row = rowAt(item.index)
              if (!row) {
                return (
                  <tr key={item.key} aria-rowindex={item.index + 2} style={{ height: ROW_PX }}>
                    <td className="muted">…</td>
                  </tr>
                )
              }
              return (
                <tr
                  key={row.key}
                  id={rowId(row.key)}
                  tabIndex={-1}
                  aria-rowindex={item.index + 2}
                  aria-selected={item.index === cursor}
                  className={item.index === cursor ? 'cursor' : ''}
                  style={{ height: ROW_PX }}
                  onClick={() => onCursor(item.index)}
                >
                  <Cells
                    row={row}
                    uncredited={view.view === 'uncredited'}
                    onReopen={() => onReopen(row)}
                    onMatch={() => onMatch(row, item.index)}
                  />
                </tr>
              )
            })}
            {bottom > 0 && <tr aria-hidden style={{ height: bottom }} />}
          </tbody>
        </table>
      </div>
      <div className="totals">
        <div className="totals-left">
          <span>
            <b>{counted(count, 'riga', 'righe')}</b>
          </span>
        </div>
        {loaded.length === count && (
          <span>
            Totale <Money cents={sum(loaded.map((r) => r.cents))} euro strong />
          </span>
        )}
      </div>
    </div>
  )
}

function Cells({
  row,
  uncredited,
  onReopen,
  onMatch,
}: {
  readonly row: TableRow
  readonly uncredited: boolean
  readonly onReopen: () => void
  readonly onMatch: () => void
}) {
  const excluded = row.label.code === 'EXCLUDED' || row.label.code === 'SET_ASIDE'
  return (
    <>
      <td>
        <DateText date={row.date} />
      </td>
      <td className={`cut${row.kind === 'flow' ? ' mono' : ''}`} title={textOf(row)}>
        {isMovement(row) ? (
          <Causale text={row.description} spans={row.spans} folded />
        ) : row.kind === 'flow' ? (
          <Link to="/rendicontazioni" search={{ flusso: row.flowId } as never} tabIndex={-1}>
            {row.flowId}
          </Link>
        ) : (
          textOf(row)
        )}
      </td>
      <td className="right">
        <Money cents={row.cents} />
      </td>
      <td title={row.label.text}>
        <ToneText tone={row.label.tone}>
          {isMovement(row) && row.byHand
            ? 'Abbinato a mano'
            : excluded || uncredited
              ? row.label.text
              : row.label.title}
        </ToneText>
      </td>
      <td className="cut" title={counterpartOf(row)}>
        {uncredited && row.kind === 'flow' ? row.pspName : <Faces row={row} />}
      </td>
      <td className="right nowrap">
        {row.notes > 0 && (
          <span title={counted(row.notes, 'nota', 'note')}>
            <IconNote size={14} stroke={1.7} aria-label={counted(row.notes, 'nota', 'note')} />{' '}
          </span>
        )}
        {row.assignee !== null && (
          <span title={`a ${row.assignee}`}>
            <IconUser size={14} stroke={1.7} aria-label={`assegnato a ${row.assignee}`} />{' '}
          </span>
        )}
        {row.posted && <span className="small muted">con reversale </span>}
        {row.decisionIds.length > 0 && (
          <button type="button" className="link" tabIndex={-1} onClick={onReopen}>
            Riapri
          </button>
        )}
        {isUnasked(row) && (
          <button type="button" className="link" tabIndex={-1} onClick={onMatch}>
            Abbina…
          </button>
        )}
      </td>
    </>
  )
}

function counterpartOf(row: TableRow): string {
  if (isMovement(row)) return row.targets.map((t) => t.title).join(', ')
  if (row.kind === 'flowRow') return `nel flusso ${row.flowId}`
  return row.kind === 'flow' ? row.pspName : row.label.text
}

function Faces({ row }: { readonly row: TableRow }) {
  const [only, ...more] = isMovement(row) ? row.targets : []
  if (!only || more.length > 0 || only.reportingFlowId === null) return <>{counterpartOf(row)}</>
  return (
    <Link to="/rendicontazioni" search={{ flusso: only.title } as never} className="mono" tabIndex={-1}>
      {only.title}
    </Link>
  )
}
