import { IconChevronRight } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { formatDate } from '#domain/date'
import { counted, Money } from '../../components/cells.tsx'
import { ToneText } from '../../components/St.tsx'
import { bankCentsOf, isMono, onlyUndone, reasonOf, shortDay, spansOf, type Table, type TableRow } from './board.ts'
import { Causale } from './Causale.tsx'
import { type RowsProps, useDrawnRows } from './drawn-rows.ts'
import { OpenRow, type RowActs } from './OpenRow.tsx'
import { Amount, type RowPlace, rowId } from './row-parts.tsx'

const HEAD_PX = 28
const FOLDED_PX = 45
const OPEN_PX = 190

/** The two amounts face each other with the reason between; the row with the cursor is open (SCREENS.md §10). */
export function Comparison({
  table,
  count,
  rowAt,
  cursor,
  picked,
  acts,
  onCursor,
  onSeen,
  onMatched,
}: RowsProps & {
  readonly table: Table
  /** Counterpart picked on the open row. */
  readonly picked: number | null
  readonly acts: RowActs
  readonly onMatched: () => void
}) {
  const grid = useRef<HTMLTableElement>(null)
  const openKey = rowAt(cursor)?.key
  const { scroller, virtual, items, top, bottom } = useDrawnRows({ count, onSeen }, HEAD_PX, {
    estimateSize: (index) => (index === cursor ? OPEN_PX : FOLDED_PX),
    getItemKey: (index) => rowAt(index)?.key ?? index,
    overscan: 4,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another row is open
  useEffect(() => {
    virtual.measure()
    virtual.scrollToIndex(cursor, { align: 'auto' })
    const inside = grid.current?.contains(document.activeElement) ?? false
    if (inside || document.activeElement === document.body) grid.current?.focus({ preventScroll: true })
    // How high the open row is, is known once it is drawn: only then its buttons can be brought into sight.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => bringIntoSight(scroller.current))
    })
    return () => cancelAnimationFrame(frame)
  }, [openKey, cursor])
  const { matched: credits } = table.square.credits
  const flows = table.square.flows.matched.count
  return (
    <div className="board-grid" ref={scroller}>
      <table
        ref={grid}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: arrows and letters act on its rows
        role="grid"
        tabIndex={0}
        className="board-table-grid"
        aria-label="Accrediti da decidere"
        aria-rowcount={count + 1}
        {...(openKey === undefined ? {} : { 'aria-activedescendant': rowId(openKey) })}
      >
        <thead>
          <tr className="board-line board-head" aria-rowindex={1}>
            <th scope="col">Data</th>
            <th scope="col">In banca</th>
            <th scope="col" className="right">
              Accreditato €
            </th>
            <th scope="col">Motivo</th>
            <th scope="col" className="right">
              Nel flusso €
            </th>
            <th scope="col">Controparte</th>
          </tr>
        </thead>
        <tbody style={{ paddingTop: top, paddingBottom: bottom }}>
          {items.map((item) => {
            const row = rowAt(item.index)
            const place = { 'data-index': item.index, 'aria-rowindex': item.index + 2, ref: virtual.measureElement }
            if (!row) {
              return (
                <tr key={item.key} className="board-line folded" {...place}>
                  <td className="muted">…</td>
                </tr>
              )
            }
            return item.index === cursor ? (
              <OpenRow key={row.key} row={row} id={rowId(row.key)} place={place} picked={picked} acts={acts} />
            ) : (
              <FoldedRow key={row.key} row={row} place={place} onOpen={() => onCursor(item.index)} />
            )
          })}
        </tbody>
        {credits.count > 0 && (
          <tbody>
            <tr className="board-band">
              <td>
                <button type="button" className="band-button" tabIndex={-1} onClick={onMatched}>
                  <IconChevronRight size={16} stroke={1.7} aria-hidden />
                  <b>
                    {counted(credits.count, 'accredito abbinato', 'accrediti abbinati')}
                    {flows > 0 && ` a ${counted(flows, 'flusso', 'flussi')}`}
                  </b>
                  <span>stesso identificativo e stesso importo, o deciso da te</span>
                  <Money cents={credits.cents} euro strong />
                </button>
              </td>
            </tr>
          </tbody>
        )}
      </table>
    </div>
  )
}

function bringIntoSight(scroller: HTMLDivElement | null): void {
  const open = scroller?.querySelector('tr.open')
  if (!scroller || !open) return
  const frame = scroller.getBoundingClientRect()
  const row = open.getBoundingClientRect()
  const above = frame.top + HEAD_PX - row.top
  if (above > 0) scroller.scrollTop -= above
  else scroller.scrollTop += Math.max(0, Math.min(row.bottom - frame.bottom + 1, -above))
}

function FoldedRow({
  row,
  place,
  onOpen,
}: {
  readonly row: TableRow
  readonly place: RowPlace
  readonly onOpen: () => void
}) {
  const reason = reasonOf(row)
  const [best, second] = row.counterparts
  return (
    <tr
      className={`board-line folded${row.skippedToday ? ' skipped' : ''}`}
      id={rowId(row.key)}
      tabIndex={-1}
      onClick={onOpen}
      {...place}
    >
      <td className="nowrap" title={formatDate(row.date)}>
        {shortDay(row.date)}
      </td>
      <td className="board-causale">
        <RowText row={row} />
      </td>
      <td className="right board-amount">
        <Money cents={bankCentsOf(row)} />
      </td>
      <td className="board-reason">
        <ToneText tone={reason.tone}>{reason.title}</ToneText>
        <span className="small ink2 cut" title={reason.text}>
          {row.skippedToday ? 'saltato per oggi' : reason.short}
        </span>
      </td>
      <td className="right board-amount">
        {best ? <Amount row={row} cents={best.cents} /> : <span className="none muted">nessuno</span>}
      </td>
      <td className="board-target">
        <span className={`cut ${best && isMono(best) ? 'mono' : 'strong'}`} title={best?.title}>
          {best?.title ?? <span className="ink2">Nessuna controparte</span>}
        </span>
        <span className="small ink2 cut">
          {second && row.confirms === null
            ? `oppure ${second.title} · scegli`
            : (best?.detail ?? (onlyUndone(row) ? 'l’attribuzione si disfa' : 'cercala, annotala o escludi'))}
        </span>
      </td>
    </tr>
  )
}

/** One line of what the row is: the causale from its recognised part, or whose payment in which flow. */
export function RowText({ row }: { readonly row: TableRow }) {
  switch (row.kind) {
    case 'credit':
    case 'debit':
      return <Causale text={row.description} spans={spansOf(row)} folded />
    case 'flowRow':
      return (
        <>
          <span className="strong cut">{row.personName ?? 'Pagamento di uno sconosciuto'}</span>
          <span className="small ink2 cut" title={`${row.iuv} nel flusso ${row.flowId}`}>
            <span className="mono">…{row.iuv.slice(-8)}</span> nel flusso <span className="mono">{row.flowId}</span>
          </span>
        </>
      )
    case 'flow':
      return (
        <>
          <span className="mono strong cut" title={row.flowId}>
            {row.flowId}
          </span>
          <span className="small ink2 cut">
            {row.pspName}, {counted(row.payments, 'pagamento', 'pagamenti')}
          </span>
        </>
      )
    case 'alarm':
      return (
        <>
          <span className="strong cut">Reversale {row.name}</span>
          <span className="small ink2 cut" title={row.text}>
            emessa, flussi e accrediti sono cambiati
          </span>
        </>
      )
  }
}
