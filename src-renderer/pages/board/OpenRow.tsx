import { Button } from '@mantine/core'
import { IconCheck, IconMinus, IconNote, IconUser } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { formatDate } from '#domain/date'
import { counted, formatCount, Money, TimeText } from '../../components/cells.tsx'
import { Key } from '../../components/Key.tsx'
import { ToneText } from '../../components/St.tsx'
import {
  asideOf,
  bankCentsOf,
  type Counterpart,
  isMono,
  isMovement,
  keyOfCounterpart,
  leftOf,
  onlyUndone,
  reasonOf,
  shortDay,
  spansOf,
  type TableRow,
} from './board.ts'
import { Causale, CausaleLegend } from './Causale.tsx'
import { Amount, type RowPlace } from './row-parts.tsx'

export interface RowActs {
  readonly confirm: () => void
  readonly split: () => void
  readonly search: () => void
  readonly note: () => void
  readonly skip: () => void
  readonly exclude: () => void
  readonly reopen: () => void
  readonly pick: (index: number) => void
}

const PAYERS_SHOWN = 3

const ASIDE_HINT = {
  flowRow: 'Cerca un debito o una persona con F, oppure mettilo da parte con un motivo.',
  flow: 'Annotalo, o mettilo da parte con un motivo.',
  alarm: 'Annotala, o saltala per oggi.',
} as const

/** The counterpart that Invio would confirm: the picked one, else the only exact one. */
export function chosenOf(row: TableRow, picked: number | null): Counterpart | undefined {
  const index = picked ?? row.confirms
  return index === null ? undefined : row.counterparts[index]
}

/** The row under the cursor, whole: causale, proof with the doubts last, payers, and the acts with their letters. */
export function OpenRow({
  row,
  id,
  place,
  picked,
  acts,
}: {
  readonly row: TableRow
  readonly id: string
  readonly place: RowPlace
  readonly picked: number | null
  readonly acts: RowActs
}) {
  const reason = reasonOf(row)
  const chosen = chosenOf(row, picked)
  const shown = chosen ?? row.counterparts[0]
  const undone = onlyUndone(row)
  const aside = asideOf(row)
  return (
    <tr className="board-line open" id={id} aria-selected="true" {...place}>
      <td className="nowrap" title={formatDate(row.date)}>
        {shortDay(row.date)}
      </td>
      <td className="board-causale">
        <About row={row} />
        <Facts row={row} onNote={acts.note} />
      </td>
      <td className="right board-amount">
        <Money cents={bankCentsOf(row)} />
      </td>
      <td className="board-reason">
        <ToneText tone={reason.tone}>{reason.title}</ToneText>
        {shown && shown.evidence.length > 0 ? (
          <ul className="ticks">
            {shown.evidence.map((tick) => (
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
        {shown ? <Amount row={row} cents={shown.cents} /> : <span className="none muted">nessuno</span>}
      </td>
      <td className="board-target">
        {shown ? (
          <Target counterpart={shown} />
        ) : (
          <>
            <span className="strong">Nessuna controparte</span>
            <span className="small ink2">
              {onlyUndone(row)
                ? 'Disfa l’attribuzione con Invio.'
                : isMovement(row)
                  ? 'Cercala con F, annotala o escludi con un motivo.'
                  : ASIDE_HINT[row.kind]}
            </span>
          </>
        )}
        {(row.counterparts.length > 1 || (row.counterparts.length === 1 && row.confirms === null)) && (
          <div className="choices">
            {row.counterparts.slice(0, 9).map((c, i) => (
              <button
                key={keyOfCounterpart(c)}
                type="button"
                tabIndex={-1}
                aria-pressed={c === chosen}
                className="choice"
                title={`${c.title}, ${c.detail}`}
                onClick={() => acts.pick(i)}
              >
                <Key keys={String(i + 1)} />
                <span className={`cut${isMono(c) ? ' mono' : ''}`}>{c.title}</span>
                <Money cents={c.cents} />
              </button>
            ))}
          </div>
        )}
      </td>
      <td className="board-acts">
        <Button
          variant="filled"
          disabled={chosen === undefined && !undone}
          onClick={undone ? acts.reopen : acts.confirm}
          rightSection={<span className="key-in">Invio</span>}
        >
          {undone ? 'Disfa' : chosen === undefined ? 'Conferma' : wordOf(chosen)}
        </Button>
        {(row.kind === 'credit' || row.kind === 'flowRow') && !undone && (
          <ActButton label="Dividi…" keys="D" run={acts.split} />
        )}
        {row.kind !== 'flow' && row.kind !== 'alarm' && !undone && (
          <ActButton label="Cerca altro…" keys="F" run={acts.search} />
        )}
        <ActButton label="Annota…" keys="N" run={acts.note} />
        <ActButton label="Salta" keys="S" run={acts.skip} />
        {aside && (
          <ActButton label={aside.kind === 'exclude' ? 'Escludi…' : 'Metti da parte…'} keys="X" run={acts.exclude} />
        )}
        {row.decisionIds.length > 0 && !undone && <ActButton label="Riapri" keys="U" run={acts.reopen} />}
        {row.kind === 'alarm' && (
          <Link to="/reversali" search={{ q: row.name } as never} className="board-link" tabIndex={-1}>
            Guarda la reversale {row.name}
          </Link>
        )}
      </td>
    </tr>
  )
}

function Target({ counterpart }: { readonly counterpart: Counterpart }) {
  const { title, detail, payers } = counterpart
  return (
    <>
      <span className={isMono(counterpart) ? 'mono wrap' : 'strong wrap'}>{title}</span>
      <span className="small ink2 wrap">{detail}</span>
      <ul className="payers">
        {payers.slice(0, PAYERS_SHOWN).map((p, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is the flow's
          <li key={i}>
            <span className="cut" title={p.name}>
              {p.name}
            </span>
            <span className="mono small muted" title={p.iuv}>
              …{p.iuv.slice(-6)}
            </span>
            <Money cents={p.cents} />
          </li>
        ))}
        {payers.length > PAYERS_SHOWN && (
          <li className="small muted" title={payers.map((p) => p.name).join(', ')}>
            e altri {formatCount(payers.length - PAYERS_SHOWN)}
          </li>
        )}
      </ul>
    </>
  )
}

function wordOfRest({ unidentified }: { readonly unidentified?: true | undefined }): string {
  return unidentified ? 'Da identificare' : 'Da restituire'
}

/** What Invio does to this counterpart, in one word. */
function wordOf({ act }: Counterpart): string {
  switch (act.kind) {
    case 'exclude':
      return 'Escludi'
    case 'storno':
      return 'È uno storno'
    case 'internal':
      return 'È un giroconto'
    case 'assignRow':
      return act.targets.length === 0 ? wordOfRest(act) : 'Attribuisci'
    case 'match':
      return act.targets.length === 0 ? wordOfRest(act) : 'Conferma'
    case 'netRevocation':
      return 'Prendi al netto…'
    case 'setAside':
      return 'Aspetta…'
    case 'acceptFlow':
      return 'Accetta…'
    case 'chooseVersion':
      return 'Vale questa…'
    case 'confirmRevocation':
      return 'Conferma la revoca…'
    case 'keepReversale':
      return 'Tieni…'
    default:
      return 'Conferma'
  }
}

/** The whole causale with its marks; of a payment where it comes from; of a flow its versions and revocations. */
function About({ row }: { readonly row: TableRow }) {
  switch (row.kind) {
    case 'credit':
    case 'debit':
      return (
        <>
          <Causale text={row.description} spans={spansOf(row)} />
          <CausaleLegend spans={spansOf(row)} />
        </>
      )
    case 'flowRow':
      return (
        <>
          <span className="strong">{row.personName ?? 'Pagamento di uno sconosciuto'}</span>
          <span className="small ink2">
            IUV <span className="mono">{row.iuv}</span>, esito {row.outcome}, nel flusso{' '}
            <span className="mono wrap">{row.flowId}</span> di {row.pspName}
          </span>
        </>
      )
    case 'flow':
      return (
        <>
          <span className="mono strong wrap">{row.flowId}</span>
          <span className="small ink2">
            {row.pspName}, {counted(row.payments, 'pagamento', 'pagamenti')}
          </span>
          <ul className="board-versions small">
            {row.versions.length > 1 &&
              row.versions.map((v, i) => (
                <li key={v.contentHash} className={v.active ? 'strong' : ''}>
                  Versione {i + 1}, <TimeText at={v.dateTime} />, {counted(v.payments, 'pagamento', 'pagamenti')},{' '}
                  <Money cents={v.cents} />
                </li>
              ))}
            {row.revocations.slice(0, 4).map((r) => (
              <li key={r.rowKey}>
                Revoca di <Money cents={r.cents} /> a {r.personName ?? 'sconosciuto'}, IUV{' '}
                <span className="mono">…{r.iuv.slice(-8)}</span>
              </li>
            ))}
          </ul>
        </>
      )
    case 'alarm':
      return (
        <>
          <span className="strong">Reversale {row.name}</span>
          <span className="small ink2">
            Senza sostegno <Money cents={leftOf(row)} euro />
          </span>
        </>
      )
  }
}

function Facts({ row, onNote }: { readonly row: TableRow; readonly onNote: () => void }) {
  return (
    <p className="small ink2 board-facts">
      {isMovement(row) && (
        <>
          {row.valueDate === null ? 'senza valuta' : `valuta ${shortDay(row.valueDate)}`}
          {row.counterparty === null ? '' : ` · ${row.counterparty}`}
          {row.bankReference === null ? '' : ` · rif. ${row.bankReference}`}
          {row.provvisorio === null ? '' : ` · prov. ${row.provvisorio}`}
          {row.account === '' ? '' : ` · ${row.account}`}
          {row.kind === 'debit' || row.leftCents === row.cents ? '' : ' · resto di un accredito più grande'}
        </>
      )}
      {isMovement(row) && row.posted && ' · in parte con reversale'}
      {row.notes > 0 && (
        <button type="button" className="link" tabIndex={-1} onClick={onNote}>
          {' '}
          <IconNote size={13} stroke={1.7} aria-hidden /> {counted(row.notes, 'nota', 'note')}
        </button>
      )}
      {row.assignee !== null && (
        <span>
          {' '}
          <IconUser size={13} stroke={1.7} aria-hidden /> {row.assignee}
        </span>
      )}
    </p>
  )
}

function ActButton({ label, keys, run }: { readonly label: string; readonly keys: string; readonly run: () => void }) {
  return (
    <Button onClick={run} tabIndex={-1} rightSection={<Key keys={keys} />}>
      {label}
    </Button>
  )
}
