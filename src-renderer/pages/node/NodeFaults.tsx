import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { FIELDS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { counted, formatCount, Money, NoticeNumberText, TimeText } from '../../components/cells.tsx'
import { AllDone, NothingMatches } from '../../components/EmptyState.tsx'
import { Facts } from '../../components/Page.tsx'
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
import { CopyNumber } from '../positions/CopyNumber.tsx'
import { type FaultRow, type FaultTotals, reissueOnNode, retryOnNode, STEPS } from './node-work.ts'

const FILTERS: readonly FilterDef[] = [
  {
    key: 'passo',
    label: 'Che cosa',
    kind: 'many',
    options: Object.entries(STEPS).map(([value, label]) => ({ value, label })),
  },
]

const COLUMNS: readonly QColumn<FaultRow>[] = [
  { id: 'personName', header: FIELDS.debtor, width: 140, cell: (r) => r.personName, title: (r) => r.personName },
  {
    id: 'noticeNumber',
    header: FIELDS.noticeNumber,
    width: 160,
    cell: (r) => <NoticeNumberText value={r.noticeNumber} />,
  },
  { id: 'step', header: 'Che cosa', width: 112, cell: (r) => STEPS[r.step] },
  {
    id: 'reason',
    header: 'Perché',
    width: 190,
    flex: true,
    sortable: false,
    cell: (r) => r.reason,
    title: (r) => r.reason,
  },
  { id: 'at', header: 'Quando', width: 90, cell: (r) => <TimeText at={r.at} /> },
  { id: 'cents', header: 'Importo €', width: 78, align: 'right', cell: (r) => <Money cents={r.cents} /> },
]

const PLACES: Readonly<Record<NonNullable<FaultRow['place']>, string>> = {
  position: 'Apri la posizione',
  person: 'Apri la scheda della persona',
  account: 'Apri i conti',
  serviceType: 'Apri il tipo di dovuto',
  institution: 'Apri i dati dell’ente',
  connection: 'Apri le impostazioni del nodo',
}

function routeOf(row: FaultRow): { readonly to: string; readonly search?: Record<string, string> } | null {
  switch (row.place) {
    case null:
      return null
    case 'position':
      return { to: '/posizioni', search: { sel: String(row.debtPositionId) } }
    case 'person':
      return row.placeId === null ? null : { to: `/persone/${row.placeId}` }
    case 'account':
      return { to: '/impostazioni/conti' }
    case 'serviceType':
      return { to: '/impostazioni/tipi' }
    case 'institution':
      return { to: '/impostazioni/ente' }
    case 'connection':
      return { to: '/impostazioni/nodo' }
  }
}

/** What the node did not take: why, what to do, and one press that sends it again. */
export function NodeFaults() {
  const list = useListState({ sort: '-at' })
  const columns = useColumns('nodo-rifiutate', COLUMNS)
  const selection = useSelection()
  const [cursor, setCursor] = useState<FaultRow>()
  const [count, setCount] = useState<number | null>(null)
  const words = filtersInWords(FILTERS, list)
  const query = {
    filters: { step: manyOf<FaultRow['step']>(list.filters.passo) },
    search: list.search,
    sort: list.sort,
  }
  const n = selection.count(count ?? 0)
  const withChosen = (act: (ids: readonly Id<'debtPosition'>[], onDone: () => void) => void) =>
    void once('faults chosen', async () => {
      const ids = await chosenIds(
        selection,
        (paging) => client.nodePosition.faults({ ...query, ...paging }),
        (r) => r.debtPositionId,
      )
      act(ids, selection.clear)
    })
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Enter', label: 'riprova' },
    { keys: 'R', label: 'riprova tutte', run: () => retryOnNode('all') },
  ])
  return (
    <>
      <FilterBar
        list={list}
        filters={FILTERS}
        searchLabel="Nome, avviso, motivo"
        right={
          <>
            {(count ?? 0) > 0 && (
              <Button
                leftSection={<IconRefresh size={16} stroke={1.7} aria-hidden />}
                onClick={() => retryOnNode('all')}
                title="Rimette in coda tutte le rifiutate, com’erano"
              >
                Riprova tutte
              </Button>
            )}
            <ColumnsButton columns={columns} />
          </>
        }
      />
      <WithPanel panel={cursor ? <FaultPanel row={cursor} /> : null}>
        <QTable<FaultRow, FaultTotals>
          label="Rifiutate dal nodo"
          columns={columns}
          list={list}
          selection={selection}
          queryKey={['nodePosition.faults', query]}
          fetchPage={(paging, signal) => client.nodePosition.faults({ ...query, ...paging }, { signal })}
          rowId={(r) => r.debtPositionId}
          rowName={(r) => r.personName}
          rowCents={(r) => r.cents}
          totalCents={(t) => t.cents}
          onCursor={setCursor}
          onLoaded={setCount}
          onOpen={(r) => r.acts.includes('retry') && retryOnNode([r.debtPositionId])}
          bulk={
            <>
              <Button onClick={() => withChosen(retryOnNode)}>Riprova</Button>
              <Button onClick={() => withChosen(reissueOnNode)}>
                Riemetti {n === 1 ? 'con un numero nuovo' : 'con numeri nuovi'}
              </Button>
            </>
          }
          foot={(total) => ({
            left: (
              <span>
                <b>{formatCount(total)}</b> {total === 1 ? 'rifiutata' : 'rifiutate'}
              </span>
            ),
            right: <span className="muted small">Le altre vanno avanti: ognuna ferma solo sé stessa</span>,
          })}
          empty={
            words !== '' ? (
              <NothingMatches filters={words} onClear={list.clearFilters} />
            ) : (
              <AllDone title="Il nodo non ha rifiutato niente" text="Ciò che hai mandato è stato preso com’è." />
            )
          }
        />
      </WithPanel>
    </>
  )
}

function FaultPanel({ row }: { readonly row: FaultRow }) {
  const place = routeOf(row)
  return (
    <DetailPanel
      title={row.personName}
      subtitle={
        <Link to="/posizioni" search={{ sel: String(row.debtPositionId) } as never}>
          posizione
        </Link>
      }
      actions={
        <>
          {row.acts.includes('retry') && <Button onClick={() => retryOnNode([row.debtPositionId])}>Riprova</Button>}
          {row.acts.includes('reissue') && (
            <Button onClick={() => reissueOnNode([row.debtPositionId])}>Riemetti</Button>
          )}
        </>
      }
    >
      <PanelPart>
        <p className="strong">{row.reason}</p>
        {row.remedy !== '' && <p className="panel-text">{row.remedy}</p>}
        {place !== null && row.place !== null && (
          <p>
            <Link to={place.to} {...(place.search ? { search: place.search as never } : {})}>
              {PLACES[row.place]}
            </Link>
          </p>
        )}
        <p className="muted small">
          {counted(row.acts.length, 'rimedio', 'rimedi')}:{' '}
          {[
            row.acts.includes('retry') ? '«Riprova» la rimette in coda dopo che hai corretto' : '',
            row.acts.includes('reissue') ? '«Riemetti» le dà un numero avviso nuovo' : '',
          ]
            .filter((part) => part !== '')
            .join('; ')}
          .
        </p>
      </PanelPart>
      <PanelPart title="Che cosa ha detto il nodo">
        <Facts
          rows={[
            ['Quando', <TimeText key="quando" at={row.at} />],
            ['Passo', STEPS[row.step]],
            ['Risposta', row.status === null ? 'nessuna' : String(row.status)],
            [FIELDS.notice, <CopyNumber key="avviso" value={row.noticeNumber} />],
          ]}
        />
        {row.reply !== '' && <p className="mono small node-reply">{row.reply}</p>}
      </PanelPart>
    </DetailPanel>
  )
}
