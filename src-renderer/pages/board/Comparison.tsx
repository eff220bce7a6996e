import { Button } from '@mantine/core'
import { IconCheck, IconChevronRight, IconMinus, IconNote } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { formatDate } from '#domain/date'
import { sum } from '#domain/money'
import { counted, formatCount, Money } from '../../components/cells.tsx'
import { Key } from '../../components/Key.tsx'
import { ToneText } from '../../components/St.tsx'
import { type Board, type BoardRow, canConfirm, reasonOf, shortDay, spansOf } from './board.ts'
import { Causale, CausaleLegend } from './Causale.tsx'

export interface RowActs {
  readonly confirm: () => void
  readonly split: () => void
  readonly search: () => void
  readonly note: () => void
  readonly skip: () => void
  readonly exclude: () => void
  readonly pick: (index: number) => void
}

const PAYERS_SHOWN = 8

/** The two amounts face each other with the reason between; the row with the cursor is open (SCREENS.md §10). */
export function Comparison({
  board,
  cursor,
  picked,
  onCursor,
  acts,
  onMatched,
}: {
  readonly board: Board
  readonly cursor: number
  /** Candidate chosen on the open row. */
  readonly picked: number
  readonly onCursor: (index: number) => void
  readonly acts: RowActs
  readonly onMatched: () => void
}) {
  const grid = useRef<HTMLTableElement>(null)
  const opened = board.toDecide[cursor]?.bankMovementId
  useEffect(() => {
    if (opened === undefined) return
    const row = document.getElementById(`credito-${opened}`)
    row?.scrollIntoView({ block: 'nearest' })
    const inside = grid.current?.contains(document.activeElement) ?? false
    if (inside || document.activeElement === document.body) grid.current?.focus({ preventScroll: true })
  }, [opened])
  const automatic = board.matched.filter((m) => !m.byHand)
  const flows = new Set(automatic.map((m) => m.targetTitle)).size
  return (
    <div className="board-grid">
      <table
        ref={grid}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: arrows and letters act on its rows
        role="grid"
        tabIndex={0}
        className="board-table-grid"
        aria-label="Accrediti da decidere"
        aria-rowcount={board.toDecide.length + 1}
        {...(opened === undefined ? {} : { 'aria-activedescendant': `credito-${opened}` })}
      >
        <thead>
          <tr className="board-line board-head">
            <th scope="col">Data</th>
            <th scope="col">Accredito in banca</th>
            <th scope="col" className="right">
              Accreditato €
            </th>
            <th scope="col">Motivo</th>
            <th scope="col" className="right">
              Nel flusso €
            </th>
            <th scope="col">Flusso di rendicontazione</th>
          </tr>
        </thead>
        <tbody>
          {board.toDecide.map((row, i) =>
            i === cursor ? (
              <OpenRow key={row.bankMovementId} row={row} picked={picked} acts={acts} />
            ) : (
              <FoldedRow key={row.bankMovementId} row={row} onOpen={() => onCursor(i)} />
            ),
          )}
          {automatic.length > 0 && (
            <tr className="board-band">
              <td>
                <button type="button" className="band-button" onClick={onMatched}>
                  <IconChevronRight size={16} stroke={1.7} aria-hidden />
                  <b>
                    {counted(automatic.length, 'accredito abbinato da solo', 'accrediti abbinati da soli')} a{' '}
                    {counted(flows, 'flusso', 'flussi')}
                  </b>
                  <span>stesso identificativo e stesso importo</span>
                  <Money cents={sum(automatic.map((m) => m.cents))} euro strong />
                </button>
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  )
}

function FoldedRow({ row, onOpen }: { readonly row: BoardRow; readonly onOpen: () => void }) {
  const reason = reasonOf(row)
  const best = row.candidates[0]
  const second = row.candidates[1]
  return (
    <tr
      className={`board-line folded${row.skippedToday ? ' skipped' : ''}`}
      id={`credito-${row.bankMovementId}`}
      tabIndex={-1}
      onClick={onOpen}
    >
      <td className="nowrap" title={formatDate(row.bookingDate)}>
        {shortDay(row.bookingDate)}
      </td>
      <td className="board-causale">
        <Causale text={row.description} spans={spansOf(row)} folded />
      </td>
      <td className="right board-amount">
        <Money cents={row.leftCents} />
      </td>
      <td className="board-reason">
        <ToneText tone={reason.tone}>{reason.title}</ToneText>
        <span className="small ink2 cut" title={reason.text}>
          {row.skippedToday ? 'saltato per oggi' : reason.text}
        </span>
      </td>
      <td className="right board-amount">
        {best ? <Amount row={row} cents={best.cents} /> : <span className="none muted">nessuno</span>}
      </td>
      <td className="board-target">
        <span className={`cut ${best?.target.kind === 'flow' ? 'mono' : 'strong'}`} title={best?.title}>
          {best?.title ?? <span className="ink2">Nessuna controparte</span>}
        </span>
        <span className="small ink2 cut">
          {second ? `oppure ${second.title} · scegli` : (best?.detail ?? 'cercala, annotala o escludi')}
        </span>
      </td>
    </tr>
  )
}

/** The flow's amount in red where it differs from what the bank credited. */
function Amount({ row, cents }: { readonly row: BoardRow; readonly cents: number }) {
  return (
    <span className={cents === row.leftCents ? '' : 't-bad'}>
      <Money cents={cents} />
    </span>
  )
}

function OpenRow({ row, picked, acts }: { readonly row: BoardRow; readonly picked: number; readonly acts: RowActs }) {
  const reason = reasonOf(row)
  const chosen = row.candidates[picked] ?? row.candidates[0]
  return (
    <tr className="board-line open" id={`credito-${row.bankMovementId}`} aria-selected="true">
      <td className="nowrap" title={formatDate(row.bookingDate)}>
        {shortDay(row.bookingDate)}
      </td>
      <td className="board-causale">
        <Causale text={row.description} spans={spansOf(row)} />
        <CausaleLegend spans={spansOf(row)} />
        <p className="small ink2 board-facts">
          {row.valueDate === null ? 'senza valuta' : `valuta ${shortDay(row.valueDate)}`}
          {row.bankReference === null ? '' : ` · rif. ${row.bankReference}`}
          {row.provvisorio === null ? '' : ` · prov. ${row.provvisorio}`}
          {row.leftCents === row.cents ? '' : ' · resto di un accredito più grande'}
          {row.notes > 0 && (
            <button type="button" className="link" onClick={acts.note}>
              {' '}
              <IconNote size={13} stroke={1.7} aria-hidden /> {counted(row.notes, 'nota', 'note')}
            </button>
          )}
        </p>
      </td>
      <td className="right board-amount">
        <Money cents={row.leftCents} />
      </td>
      <td className="board-reason">
        <ToneText tone={reason.tone}>{reason.title}</ToneText>
        {chosen ? (
          <ul className="ticks">
            {chosen.evidence.map((tick) => (
              <li key={tick.text}>
                {tick.ok ? (
                  <IconCheck size={14} stroke={1.7} className="t-ok" aria-label="torna" />
                ) : (
                  <IconMinus size={14} stroke={1.7} className="t-warn" aria-label="in dubbio" />
                )}
                {tick.text}
              </li>
            ))}
          </ul>
        ) : (
          <p className="small ink2">{row.label.text}</p>
        )}
      </td>
      <td className="right board-amount">
        {chosen ? <Amount row={row} cents={chosen.cents} /> : <span className="none muted">nessuno</span>}
      </td>
      <td className="board-target">
        {chosen ? (
          <>
            <span className={chosen.target.kind === 'flow' ? 'mono wrap' : 'strong'}>{chosen.title}</span>
            <span className="small ink2">{chosen.detail}</span>
            <ul className="payers">
              {chosen.payers.slice(0, PAYERS_SHOWN).map((p, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the order is the flow's
                <li key={i}>
                  <span className="cut">{p.name}</span>
                  <span className="mono small muted" title={p.iuv}>
                    …{p.iuv.slice(-6)}
                  </span>
                  <Money cents={p.cents} />
                </li>
              ))}
              {chosen.payers.length > PAYERS_SHOWN && (
                <li className="small muted">e altri {formatCount(chosen.payers.length - PAYERS_SHOWN)}</li>
              )}
            </ul>
          </>
        ) : (
          <>
            <span className="strong">Nessuna controparte</span>
            <span className="small ink2">Cercala con F, annotala o escludi l’accredito con un motivo.</span>
          </>
        )}
        {row.candidates.length > 1 && (
          <div className="choices">
            {row.candidates.slice(0, 9).map((c, i) => (
              <button
                key={`${c.target.kind}-${c.target.id}`}
                type="button"
                aria-pressed={c === chosen}
                className="choice"
                onClick={() => acts.pick(i)}
              >
                <Key keys={String(i + 1)} />
                <span className="mono cut">{c.title}</span>
                <Money cents={c.cents} />
              </button>
            ))}
          </div>
        )}
      </td>
      <td className="board-acts">
        <Button
          variant="filled"
          disabled={!canConfirm(row)}
          onClick={acts.confirm}
          rightSection={<span className="key-in">Invio</span>}
        >
          Conferma
        </Button>
        <Act label="Dividi…" keys="D" run={acts.split} />
        <Act label="Cerca altro…" keys="F" run={acts.search} />
        <Act label="Annota…" keys="N" run={acts.note} />
        <Act label="Salta" keys="S" run={acts.skip} />
        <Act label="Escludi…" keys="X" run={acts.exclude} />
      </td>
    </tr>
  )
}

function Act({ label, keys, run }: { readonly label: string; readonly keys: string; readonly run: () => void }) {
  return (
    <Button onClick={run} rightSection={<Key keys={keys} />}>
      {label}
    </Button>
  )
}
