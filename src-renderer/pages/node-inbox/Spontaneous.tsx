import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { FIELDS, SPONTANEOUS_STATES } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { counted, DateText, formatCount, Money, Mono, TimeText } from '../../components/cells.tsx'
import { AllDone, NothingMatches } from '../../components/EmptyState.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Facts } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { say } from '../../components/toast.ts'
import { useKeys } from '../../keys.ts'
import { once } from '../../once.ts'
import { ColumnsButton } from '../../table/ColumnsButton.tsx'
import { chosenIds } from '../../table/chosen-rows.ts'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { DetailPanel, PanelPart, WithPanel } from '../../table/DetailPanel.tsx'
import { FilterBar, type FilterDef, filtersInWords } from '../../table/FilterBar.tsx'
import { manyOf, useListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'
import { useSelection } from '../../table/selection.ts'
import type { SpontaneousRow as Row } from './receive-work.ts'
import { AssignSpontaneous, UndoSpontaneous } from './SpontaneousActs.tsx'

type List = InferContractRouterOutputs<Contract>['nodeInbox']['spontaneous']['list']

const TONES = { toAssign: 'unc', raised: 'info', looked: 'ok', left: 'neu' } as const

const COLUMNS: readonly QColumn<Row>[] = [
  { id: 'paidOn', header: 'Pagato', width: 94, cell: (r) => <DateText date={r.paidOn} /> },
  {
    id: 'debtorName',
    header: FIELDS.debtor,
    width: 150,
    flex: true,
    cell: (r) => r.personName ?? r.debtorName ?? '·',
    title: (r) => r.personName ?? r.debtorName ?? '',
  },
  {
    id: 'description',
    header: 'Che cosa',
    width: 170,
    flex: true,
    cell: (r) => r.description ?? '·',
    title: (r) => r.description ?? '',
  },
  { id: 'iuv', header: 'IUV', width: 150, hidden: 'wide', cell: (r) => <Mono>{r.iuv}</Mono>, title: (r) => r.iuv },
  {
    id: 'state',
    header: FIELDS.state,
    width: 118,
    cell: (r) => <ToneText tone={TONES[r.state]}>{SPONTANEOUS_STATES[r.state]}</ToneText>,
    title: (r) => r.words,
  },
  {
    id: 'words',
    header: 'Che cosa ne è stato',
    width: 250,
    flex: true,
    hidden: 'wide',
    cell: (r) => r.words,
    title: (r) => r.words,
  },
  { id: 'ownCents', header: 'Importo €', width: 92, align: 'right', cell: (r) => <Money cents={r.ownCents} /> },
]

const FILTERS: readonly FilterDef[] = [
  {
    key: 'stato',
    label: FIELDS.state,
    kind: 'many',
    options: Object.entries(SPONTANEOUS_STATES).map(([value, label]) => ({ value, label })),
  },
  { key: 'iuv', label: 'IUV', kind: 'text' },
]

/** Payments without a position of ours: what was raised by itself waits for a look, the others for a choice. */
export function Spontaneous() {
  const list = useListState({ sort: '-paidOn' })
  const columns = useColumns('spontanei', COLUMNS)
  const selection = useSelection()
  const [cursor, setCursor] = useState<Row>()
  const [assigning, setAssigning] = useState<Row | null>(null)
  const [undoing, setUndoing] = useState<Row | null>(null)
  const f = list.filters
  const query = {
    filters: { state: manyOf<Row['state']>(f.stato), iuv: f.iuv ?? null },
    search: list.search,
    sort: list.sort,
  }
  const words = filtersInWords(FILTERS, list)
  const look = async (ids: readonly Row['id'][]) => {
    const { moved } = ids.length === 0 ? { moved: 0 } : await client.nodeInbox.spontaneous.look({ ids: [...ids] })
    selection.clear()
    say(moved === 0 ? 'Niente da segnare.' : `${counted(moved, 'pagamento guardato', 'pagamenti guardati')}.`)
  }
  const lookAt = (row: Row) => void once(`look ${row.id}`, () => look([row.id]))
  const leave = (row: Row, left: boolean) =>
    void once(`leave ${row.id}`, async () => {
      await client.nodeInbox.spontaneous.leave({ id: row.id, left })
      say(left ? 'Lasciato: non aspetta più.' : 'Rimesso tra quelli da attribuire.')
    })
  const chosen = () =>
    chosenIds(
      selection,
      (paging) => client.nodeInbox.spontaneous.list({ ...query, ...paging }),
      (row) => row.id,
    )
  const acts: RowActs = { look: lookAt, assign: setAssigning, undo: setUndoing, leave }
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'G', label: 'guardato', run: () => cursor?.state === 'raised' && lookAt(cursor) },
    { keys: 'A', label: 'attribuisci…', run: () => cursor && canAssign(cursor) && setAssigning(cursor) },
  ])
  return (
    <>
      <FilterBar
        list={list}
        filters={FILTERS}
        searchLabel="Nome, IUV, descrizione"
        right={<ColumnsButton columns={columns} />}
      />
      <WithPanel panel={cursor ? <SpontaneousPanel row={cursor} acts={acts} /> : null}>
        <QTable<Row, List['totals']>
          label="Pagamenti senza posizione"
          columns={columns}
          list={list}
          selection={selection}
          queryKey={['nodeInbox.spontaneous.list', query]}
          fetchPage={(paging, signal) => client.nodeInbox.spontaneous.list({ ...query, ...paging }, { signal })}
          rowId={(r) => r.id}
          rowName={(r) => `${r.personName ?? r.debtorName ?? ''} ${r.iuv}`}
          rowCents={(r) => r.ownCents}
          totalCents={(t) => t.ownCents}
          rowClass={(r) => (r.state === 'left' ? 'dim' : '')}
          onCursor={setCursor}
          bulk={<Button onClick={() => void once('look chosen', async () => look(await chosen()))}>Guardati</Button>}
          foot={(total, totals) => ({
            left: (
              <span>
                <b>{formatCount(total)}</b> {total === 1 ? 'pagamento' : 'pagamenti'}
              </span>
            ),
            right: (
              <span>
                A questo ente <Money cents={totals.ownCents} euro strong />
              </span>
            ),
          })}
          empty={
            words !== '' ? (
              <NothingMatches filters={words} onClear={list.clearFilters} />
            ) : (
              <AllDone
                title="Nessun pagamento senza posizione"
                text="Chi paga su un altro portale senza che tu abbia chiesto niente arriva qui, con la persona e l’accertamento già fatti se il tipo di dovuto lo dice."
              />
            )
          }
        />
      </WithPanel>
      {assigning && <AssignSpontaneous row={assigning} onClose={() => setAssigning(null)} />}
      {undoing && <UndoSpontaneous row={undoing} onClose={() => setUndoing(null)} />}
    </>
  )
}

interface RowActs {
  readonly look: (row: Row) => void
  readonly assign: (row: Row) => void
  readonly undo: (row: Row) => void
  readonly leave: (row: Row, left: boolean) => void
}

function canAssign({ state }: Pick<Row, 'state'>): boolean {
  return state === 'toAssign' || state === 'left'
}

function SpontaneousPanel({ row, acts }: { readonly row: Row; readonly acts: RowActs }) {
  const detail = useQuery(orpc.nodeInbox.spontaneous.get.queryOptions({ input: { id: row.id } }))
  const now = detail.data ?? row
  return (
    <DetailPanel
      title={SPONTANEOUS_STATES[now.state]}
      subtitle={<Mono>{row.iuv}</Mono>}
      actions={
        <>
          {canAssign(now) && (
            <Button variant={now.state === 'toAssign' ? 'filled' : 'default'} onClick={() => acts.assign(now)}>
              Attribuisci…
            </Button>
          )}
          {now.state === 'raised' && (
            <Button variant="filled" onClick={() => acts.look(now)}>
              Guardato
            </Button>
          )}
          {now.state === 'toAssign' && <Button onClick={() => acts.leave(now, true)}>Lascia così</Button>}
          {now.state === 'left' && <Button onClick={() => acts.leave(now, false)}>Rimetti in attesa</Button>}
          {now.canUndo && <Button onClick={() => acts.undo(now)}>Disfa…</Button>}
        </>
      }
    >
      <PanelPart>
        <p className="panel-text">{now.words}</p>
        <Facts
          rows={[
            ['Pagato', <DateText key="p" date={now.paidOn} />],
            ['Debitore', now.debtorName ?? 'non detto'],
            [FIELDS.fiscalCode, <Mono key="c">{now.debtorFiscalCode ?? 'non detto'}</Mono>],
            ['Che cosa', now.description ?? '·'],
            ['Prestatore', now.pspName ?? '·'],
            ['Pagamento intero', <Money key="m" cents={now.cents} />],
            ...(now.lookedAt === null
              ? []
              : ([
                  [
                    'Guardato',
                    <span key="g">
                      {now.lookedBy} <TimeText at={now.lookedAt} />
                    </span>,
                  ],
                ] as const)),
          ]}
        />
      </PanelPart>
      <ErrorNote error={detail.error} />
      {detail.data && (
        <PanelPart title={detail.data.transfers.length === 1 ? 'Versamento' : 'Versamenti'}>
          <ul className="panel-lines">
            {detail.data.transfers.map((t) => (
              <li key={t.idTransfer}>
                <span>{t.idTransfer}</span>
                <span className="cut" title={t.remittance ?? ''}>
                  {t.own ? `a questo ente · ${t.category ?? 'senza codice'}` : `a ${t.fiscalCode}`}
                </span>
                <Money cents={t.cents} />
              </li>
            ))}
          </ul>
        </PanelPart>
      )}
      {now.debtPositionId !== null && (now.state === 'raised' || now.state === 'looked') && (
        <PanelPart title="Nei conti">
          <ul className="panel-lines">
            <li>
              <Link to="/posizioni" search={{ sel: String(now.debtPositionId) } as never}>
                Posizione di {now.personName}
              </Link>
            </li>
            <li>
              <Link to="/accertamenti" search={{ cerca: now.accertamenti[0] } as never}>
                {now.accertamenti.length === 1 ? 'Accertamento' : 'Accertamenti'} {now.accertamenti.join(', ')}
              </Link>
            </li>
          </ul>
        </PanelPart>
      )}
    </DetailPanel>
  )
}
