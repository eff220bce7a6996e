import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { Id } from '#domain/brand'
import { FIELDS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount, NoticeNumberText, TimeText } from '../../components/cells.tsx'
import { AllDone, NothingMatches } from '../../components/EmptyState.tsx'
import { ReasonField } from '../../components/fields.tsx'
import { say } from '../../components/toast.ts'
import { useKeys } from '../../keys.ts'
import { once } from '../../once.ts'
import { ColumnsButton } from '../../table/ColumnsButton.tsx'
import { everyRow } from '../../table/chosen-rows.ts'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { DetailPanel, PanelPart, WithPanel } from '../../table/DetailPanel.tsx'
import { FilterBar, type FilterDef, filtersInWords } from '../../table/FilterBar.tsx'
import { manyOf, useListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'
import { useSelection } from '../../table/selection.ts'
import { receiveNow } from '../node-inbox/receive-work.ts'
import { type AskedAct, type PositionActName, PositionActs } from '../positions/PositionActs.tsx'
import { DivergenceSides } from './DivergenceSides.tsx'
import { type DivergenceRow, type NodeChoice, refreshStates, reissueOnNode, resolveDivergences } from './node-work.ts'

const KINDS: Readonly<Record<DivergenceRow['kind'], string>> = {
  paidOnNode: 'Pagata sul nodo',
  changedButPaid: 'Cambiata dopo il pagamento',
  cancelledButPaid: 'Annullata e pagata',
  invalidOnNode: 'Non valida sul nodo',
  absentOnNode: 'Manca sul nodo',
  notPayableOnNode: 'Non pagabile sul nodo',
  amountsDiffer: 'Altro importo',
  duesDiffer: 'Altra scadenza',
  paidOnlyHere: 'Pagata solo qui',
  ibanDiffers: 'Altro IBAN',
  debtorDiffers: 'Altro debitore',
  olderVersion: 'Versione di prima',
  openOnNode: 'Ancora pagabile',
  unknownHere: 'Sconosciuta qui',
  oddState: 'Stato sconosciuto',
  unlistedChange: 'Passaggio strano',
}

const FILTERS: readonly FilterDef[] = [
  {
    key: 'tipo',
    label: 'Differenza',
    kind: 'many',
    options: Object.entries(KINDS).map(([value, label]) => ({ value, label })),
  },
  { key: 'lasciate', label: 'Lasciate così', kind: 'one', options: [{ value: 'si', label: 'Sì' }] },
]

const COLUMNS: readonly QColumn<DivergenceRow>[] = [
  {
    id: 'personName',
    header: FIELDS.debtor,
    width: 126,
    flex: true,
    cell: (r) => r.personName,
    title: (r) => r.personName,
  },
  {
    id: 'noticeNumber',
    header: FIELDS.noticeNumber,
    width: 160,
    cell: (r) => (r.noticeNumber === '' ? '' : <NoticeNumberText value={r.noticeNumber} />),
  },
  { id: 'kind', header: 'Differenza', width: 150, cell: (r) => KINDS[r.kind], title: (r) => r.reason },
  {
    id: 'here',
    header: 'Qui',
    width: 106,
    sortable: false,
    cell: (r) => telling(r)?.here ?? '',
    title: (r) => telling(r)?.here ?? '',
  },
  {
    id: 'there',
    header: 'Sul nodo',
    width: 110,
    sortable: false,
    cell: (r) => <b>{telling(r)?.there ?? ''}</b>,
    title: (r) => telling(r)?.there ?? '',
  },
  { id: 'at', header: 'Visto', width: 90, cell: (r) => <TimeText at={r.at} /> },
]

/** What says most of the difference: what is not the same, the state last. */
function telling(row: DivergenceRow): DivergenceRow['sides'][number] | undefined {
  const apart = row.sides.filter((side) => side.here !== side.there)
  return apart.find((side) => side.what !== 'Stato') ?? apart[0] ?? row.sides[0]
}

const DIALOGS: Partial<Record<NodeChoice, PositionActName>> = {
  cancelHere: 'cancel',
  changeAmount: 'amount',
  changeDue: 'due',
  reactivate: 'reactivate',
}

const WORDS: Readonly<Record<NodeChoice, string>> = {
  resend: 'Tieni la nostra',
  reissue: 'Riemetti',
  cancelHere: 'Annulla anche qui…',
  receive: 'Scarica la ricevuta',
  removeThere: 'Togli dal nodo…',
  keep: 'Lascia così…',
  reopen: 'Rimetti nell’elenco',
  changeAmount: 'Cambia importo qui…',
  changeDue: 'Cambia scadenza qui…',
  reactivate: 'Riattiva qui…',
}

const SIDES = { ours: 'Tieni la nostra', theirs: 'Tieni quella del nodo' } as const

/** Which of the two a choice keeps, where its own words do not say so and there are two. */
function keeps({ kind }: DivergenceRow, { choice, side }: DivergenceRow['choices'][number]): string {
  return side === 'neither' || choice === 'resend' || kind === 'unknownHere' ? '' : SIDES[side]
}

function offers(row: DivergenceRow, choice: NodeChoice): boolean {
  return row.choices.some((one) => one.choice === choice)
}

type Asking = { readonly choice: 'keep' | 'removeThere'; readonly iupds: readonly string[] }

/** Where both sides say different things, facing each other, and what a person chooses. */
export function NodeDivergences() {
  const list = useListState({ sort: '-at' })
  const columns = useColumns('nodo-differenze', COLUMNS)
  const selection = useSelection()
  const numbers = useRef(new Map<string, number>())
  const [cursor, setCursor] = useState<DivergenceRow>()
  const [act, setAct] = useState<AskedAct | null>(null)
  const [asking, setAsking] = useState<Asking | null>(null)
  const [renewing, setRenewing] = useState<readonly Id<'debtPosition'>[] | null>(null)
  const words = filtersInWords(FILTERS, list)
  const kept = list.filters.lasciate === 'si'
  const query = {
    filters: { kind: manyOf<DivergenceRow['kind']>(list.filters.tipo), kept, debtPositionId: null },
    search: list.search,
    sort: list.sort,
  }
  // Rows of the node alone have no id of ours: each iupd gets a number for as long as the page is open.
  const numberOf = (iupd: string) => {
    const known = numbers.current.get(iupd) ?? numbers.current.size + 1
    numbers.current.set(iupd, known)
    return known
  }
  const chosenRows = async () => {
    // Those ticked one by one stay chosen when the filter changes.
    const among = selection.chosen.kind === 'all' ? query : { filters: { kept } }
    const rows = await everyRow((paging) => client.nodePosition.divergences({ ...among, ...paging }))
    return rows.filter((row) => selection.has(numberOf(row.iupd)))
  }
  const settle = (rows: readonly DivergenceRow[], choice: NodeChoice, together = false) => {
    const able = rows.filter((row) => offers(row, choice))
    const iupds = able.map((row) => row.iupd)
    const ids = able.flatMap((row) => row.debtPositionId ?? []) as Id<'debtPosition'>[]
    const dialog = DIALOGS[choice]
    const out = rows.length - able.length
    if (out > 0)
      say(
        `${counted(out, 'resta com’è', 'restano come sono')}: per ${out === 1 ? 'lei' : 'loro'} questa scelta non c’è.`,
      )
    if (able.length === 0) return
    if (dialog !== undefined)
      setAct({
        ...{ name: dialog, selection: { ids }, one: ids.length === 1 ? (ids[0] ?? null) : null },
        there: able.length === 1 ? (able[0]?.there ?? null) : null,
      })
    else if (choice === 'keep' || choice === 'removeThere') setAsking({ choice, iupds })
    else if (choice === 'reissue' && together) setRenewing(ids)
    else if (choice === 'reissue') reissueOnNode(ids)
    else if (choice === 'receive') receiveNow(['receipts'])
    else if (choice === 'resend' || choice === 'reopen') {
      void once(`${choice} ${iupds}`, () => resolveDivergences(iupds, choice).then(() => selection.clear()))
    }
  }
  const bulk = (choice: NodeChoice) =>
    void once(`chosen ${choice}`, async () => settle(await chosenRows(), choice, true))
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    {
      keys: 'T',
      label: 'tieni la nostra',
      run: () => cursor && offers(cursor, 'resend') && settle([cursor], 'resend'),
    },
    { keys: 'L', label: 'lascia così…', run: () => cursor && offers(cursor, 'keep') && settle([cursor], 'keep') },
  ])
  return (
    <>
      <FilterBar
        list={list}
        filters={FILTERS}
        searchLabel="Nome, avviso, IUPD"
        right={<ColumnsButton columns={columns} />}
      />
      <WithPanel panel={cursor ? <DivergencePanel row={cursor} onChoose={(c) => settle([cursor], c)} /> : null}>
        <QTable<DivergenceRow, { kept: number }>
          label="Differenze con il nodo"
          columns={columns}
          list={list}
          selection={selection}
          queryKey={['nodePosition.divergences', query]}
          fetchPage={(paging, signal) => client.nodePosition.divergences({ ...query, ...paging }, { signal })}
          rowId={(r) => numberOf(r.iupd)}
          rowName={(r) => `${r.personName}, ${KINDS[r.kind]}`}
          onCursor={setCursor}
          bulk={
            kept ? (
              <Button onClick={() => bulk('reopen')}>Rimetti nell’elenco</Button>
            ) : (
              <>
                <Button onClick={() => bulk('resend')}>Tieni la nostra</Button>
                <Button onClick={() => bulk('reissue')}>Riemetti…</Button>
                <Button onClick={() => bulk('keep')}>Lascia così…</Button>
              </>
            )
          }
          foot={(total, totals) => ({
            left: (
              <span>
                <b>{formatCount(total)}</b> {total === 1 ? 'differenza' : 'differenze'}
              </span>
            ),
            right:
              totals.kept > 0 && !kept ? (
                <button type="button" className="link small" onClick={() => list.set({ lasciate: 'si' })}>
                  {counted(totals.kept, 'lasciata così', 'lasciate così')}
                </button>
              ) : (
                <span className="muted small">Ogni scelta dice prima che cosa fa</span>
              ),
          })}
          empty={
            words !== '' ? (
              <NothingMatches filters={words} onClear={list.clearFilters} />
            ) : (
              <AllDone
                title="Qui e sul nodo c’è lo stesso"
                text="Le differenze si vedono chiedendo al nodo come stanno le posizioni aperte."
                action={<Button onClick={() => refreshStates({ open: true })}>Aggiorna gli stati</Button>}
              />
            )
          }
        />
      </WithPanel>
      {act && <PositionActs asked={act} onClose={() => setAct(null)} onDone={() => selection.clear()} />}
      {renewing && <Renew ids={renewing} onClose={() => setRenewing(null)} onDone={selection.clear} />}
      {asking && (
        <AskReason
          asking={asking}
          onClose={() => setAsking(null)}
          onDone={() => {
            selection.clear()
            setCursor(undefined)
          }}
        />
      )}
    </>
  )
}

function DivergencePanel({
  row,
  onChoose,
}: {
  readonly row: DivergenceRow
  readonly onChoose: (choice: NodeChoice) => void
}) {
  return (
    <DetailPanel
      title={KINDS[row.kind]}
      subtitle={
        row.debtPositionId === null ? (
          row.personName
        ) : (
          <Link to="/posizioni" search={{ sel: String(row.debtPositionId) } as never}>
            {row.personName}
          </Link>
        )
      }
    >
      <PanelPart>
        <p className="panel-text">{row.reason}</p>
        <DivergenceSides sides={row.sides} />
        <p className="muted small">
          Detto dal nodo <TimeText at={row.at} /> · <span className="mono">{row.iupd}</span>
        </p>
        {row.kept !== null && (
          <p className="note note-info small">
            <span>Lasciata così: {row.kept}</span>
          </p>
        )}
      </PanelPart>
      <PanelPart title="Che cosa fare">
        <ul className="node-choices">
          {row.choices.map((one) => (
            <li key={one.choice}>
              <Button className={one.choice === 'removeThere' ? 'danger' : ''} onClick={() => onChoose(one.choice)}>
                {WORDS[one.choice]}
              </Button>
              <p className="small ink2">
                {keeps(row, one) !== '' && <b className="strong">{keeps(row, one)}. </b>}
                {one.means}
              </p>
            </li>
          ))}
        </ul>
      </PanelPart>
    </DetailPanel>
  )
}

/** New numbers for many: whoever holds the notices of before can no longer pay with them. */
function Renew({
  ids,
  onClose,
  onDone,
}: {
  readonly ids: readonly Id<'debtPosition'>[]
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const title = `Riemetti ${counted(ids.length, 'posizione', 'posizioni')} con ${ids.length === 1 ? 'un numero avviso nuovo' : 'numeri avviso nuovi'}`
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={title}
      act={`Riemetti ${counted(ids.length, 'posizione', 'posizioni')}`}
      leave="Torna all’elenco"
      onConfirm={async () => reissueOnNode(ids, onDone)}
    >
      <p>
        {ids.length === 1
          ? 'Nasce una versione con un numero avviso nuovo, che parte per il nodo; l’avviso di prima è superato e va consegnato di nuovo.'
          : 'Nascono versioni con numeri avviso nuovi, che partono per il nodo; gli avvisi di prima sono superati e vanno consegnati di nuovo.'}
      </p>
    </ConfirmDialog>
  )
}

function AskReason({
  asking: { choice, iupds },
  onClose,
  onDone,
}: {
  readonly asking: Asking
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const [reason, setReason] = useState('')
  const n = iupds.length
  const title =
    choice === 'keep'
      ? `Lascia così ${counted(n, 'differenza', 'differenze')}`
      : `Togli ${counted(n, 'posizione', 'posizioni')} dal nodo`
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={title}
      act={title}
      leave="Torna all’elenco"
      danger={choice === 'removeThere'}
      disabled={reason.trim().length < 3}
      {...(reason.trim().length < 3 ? { note: 'Scrivi il motivo.' } : {})}
      {...(choice === 'removeThere'
        ? {
            warning: `Sul nodo non si torna indietro: nessuno potrà più pagare ${n === 1 ? 'quel numero' : 'quei numeri'}.`,
          }
        : {})}
      onConfirm={async () => {
        await resolveDivergences(iupds, choice, reason.trim())
        onDone()
      }}
    >
      <p>
        {choice === 'keep'
          ? n === 1
            ? 'Resta com’è da tutt’e due le parti. Se da una parte cambia qualcosa, torna nell’elenco; la ritrovi col filtro «Lasciate così».'
            : 'Restano come sono da tutt’e due le parti. Se da una parte cambia qualcosa, tornano nell’elenco; le ritrovi col filtro «Lasciate così».'
          : n === 1
            ? 'Nessuno la potrà più pagare con pagoPA. Se qui non c’è ed è di un altro programma dell’ente, lasciala così.'
            : 'Nessuno le potrà più pagare con pagoPA. Quelle che qui non ci sono, se sono di un altro programma dell’ente, lasciale così.'}
      </p>
      <ReasonField value={reason} onChange={setReason} />
    </ConfirmDialog>
  )
}
