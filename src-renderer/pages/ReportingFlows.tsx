import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconBuildingBank, IconCloudDownload, IconFileImport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import type { IsoDate } from '#domain/date'
import { FIELDS, SECTIONS } from '#domain/vocabulary'
import { client, orpc } from '../client.ts'
import { counted, DateText, formatCount, Money, Mono } from '../components/cells.tsx'
import { NothingMatches, NotYet } from '../components/EmptyState.tsx'
import { Page } from '../components/Page.tsx'
import { useRoadDone } from '../components/road-done.ts'
import { ToneText } from '../components/St.tsx'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import { type QColumn, useColumns } from '../table/columns.ts'
import { WithPanel } from '../table/DetailPanel.tsx'
import { FilterBar, type FilterDef, filtersInWords } from '../table/FilterBar.tsx'
import { ListActions } from '../table/ListActions.tsx'
import { ListViews, withCounts } from '../table/ListViews.tsx'
import { manyOf, useListState } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'
import { useEvidenceFiles } from './flows/bring-files.tsx'
import { FlowPanel } from './flows/FlowPanel.tsx'
import { LastReading, ListWarning, ReceiveButton } from './node-inbox/ReceiveButton.tsx'
import { receiveNow } from './node-inbox/receive-work.ts'

type List = InferContractRouterOutputs<Contract>['reportingFlow']['list']
type Row = List['rows'][number]

const BOOKS = { none: 'nessuna', partly: 'in parte', whole: 'tutte' } as const

const COLUMNS: readonly QColumn<Row>[] = [
  { id: 'regulationDate', header: 'Regolato', width: 94, cell: (r) => <DateText date={r.regulationDate} /> },
  { id: 'flowId', header: 'Flusso', width: 250, cell: (r) => <Mono>{r.flowId}</Mono>, title: (r) => r.flowId },
  { id: 'pspName', header: 'Prestatore', width: 110, flex: true, cell: (r) => r.pspName, title: (r) => r.pspName },
  {
    id: 'regulationId',
    header: 'Bonifico',
    width: 170,
    hidden: 'wide',
    cell: (r) => <Mono>{r.regulationId}</Mono>,
    title: (r) => r.regulationId,
  },
  { id: 'declaredCount', header: 'Pag.', width: 44, align: 'right', cell: (r) => formatCount(r.declaredCount) },
  { id: 'creditDate', header: 'Accredito', width: 88, cell: (r) => <DateText date={r.creditDate} /> },
  {
    id: 'label',
    header: FIELDS.state,
    width: 150,
    cell: (r) => <ToneText tone={leading(r).tone}>{titleOf(r)}</ToneText>,
    title: (r) => r.labels.map((l) => l.text).join('\n') || r.label.text,
  },
  {
    id: 'creditedCents',
    header: 'Accreditato €',
    width: 96,
    align: 'right',
    hidden: 'wide',
    cell: (r) => <Money cents={r.creditedCents} />,
  },
  { id: 'books', header: 'Reversali', width: 76, hidden: 'wide', cell: (r) => BOOKS[r.books] },
  {
    id: 'version',
    header: 'Vers.',
    width: 52,
    align: 'right',
    hidden: true,
    cell: (r) => `${r.version}/${r.versions}`,
  },
  {
    id: 'declaredCents',
    header: 'Importo €',
    width: 92,
    align: 'right',
    cell: (r) => <Money cents={r.declaredCents} />,
  },
]

/** What keeps it out of the books is said before how much of it is credited. */
function leading(row: Row): Row['label'] {
  return row.blocks[0] ?? row.label
}

function titleOf(row: Row): string {
  const { title } = leading(row)
  return row.labels.length > 1 ? `${title} +${row.labels.length - 1}` : title
}

const CREDITS = [
  { value: 'notCredited', label: 'Non accreditato' },
  { value: 'partlyCredited', label: 'In parte' },
  { value: 'credited', label: 'Accreditato' },
  { value: 'overCredited', label: 'Oltre il dovuto' },
]

const FILTERS: readonly FilterDef[] = [
  { key: 'pagato-da', label: 'Pagamento', kind: 'date', prefix: 'dal' },
  { key: 'pagato-a', label: 'Pagamento', kind: 'date', prefix: 'fino al' },
  { key: 'accredito-da', label: 'Accredito', kind: 'date', prefix: 'dal' },
  { key: 'accredito-a', label: 'Accredito', kind: 'date', prefix: 'fino al' },
  { key: 'cf', label: 'CF o partita IVA', kind: 'text' },
  { key: 'iuv', label: 'IUV', kind: 'text' },
  { key: 'flusso', label: 'Identificativo flusso', kind: 'text' },
  { key: 'credito', label: 'Stato accredito', kind: 'many', options: CREDITS },
  {
    key: 'rivedere',
    label: 'Da rivedere',
    kind: 'one',
    options: [
      { value: 'si', label: 'Sì' },
      { value: 'no', label: 'No' },
    ],
  },
]

const VIEWS = [
  { id: 'tutti', count: 'all', label: 'Tutti', state: {} },
  { id: 'senza-accredito', count: 'notCredited', label: 'Senza accredito', state: { credito: 'notCredited' } },
  { id: 'in-parte', count: 'partlyCredited', label: 'Accreditati in parte', state: { credito: 'partlyCredited' } },
  { id: 'accreditati', count: 'credited', label: 'Accreditati', state: { credito: 'credited' } },
  { id: 'da-rivedere', count: 'withProblems', label: 'Da rivedere', state: { rivedere: 'si' } },
]

/** Incassi · Rendicontazioni: the flows of the providers, their payments and the credits that cover them. */
export function ReportingFlows() {
  const done = useRoadDone()
  const list = useListState({ sort: '-regulationDate' })
  const columns = useColumns('rendicontazioni', COLUMNS)
  const [cursor, setCursor] = useState<Row>()
  const [count, setCount] = useState<number | null>(null)
  const counts = useQuery(orpc.reportingFlow.counts.queryOptions())
  const f = list.filters
  const query = {
    filters: {
      paymentFrom: (f['pagato-da'] ?? null) as IsoDate | null,
      paymentTo: (f['pagato-a'] ?? null) as IsoDate | null,
      creditFrom: (f['accredito-da'] ?? null) as IsoDate | null,
      creditTo: (f['accredito-a'] ?? null) as IsoDate | null,
      fiscalCode: f.cf?.toUpperCase() ?? null,
      iuv: f.iuv ?? null,
      flowId: f.flusso ?? null,
      credit: manyOf<Row['credit']>(f.credito),
      withProblems: f.rivedere === undefined ? null : f.rivedere === 'si',
    },
    search: list.search,
    sort: list.sort,
  }
  const words = filtersInWords(FILTERS, list)
  const { choose, over } = useEvidenceFiles('flussi')
  useKeys([{ keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' }])
  return (
    <Page
      title={SECTIONS.reportingFlows}
      about={
        count !== null && (
          <>
            {counted(count, 'flusso', 'flussi')} · <LastReading kind="flows" />
          </>
        )
      }
      actions={
        <>
          <ListActions
            columns={columns}
            title={SECTIONS.reportingFlows}
            filters={words}
            disabled={count === 0}
            run={(request) => client.reportingFlow.export({ ...query, ...request })}
          />
          <ReceiveButton kind="flows" />
          <Button variant="filled" leftSection={<IconFileImport size={16} stroke={1.7} aria-hidden />} onClick={choose}>
            Importa flussi…
          </Button>
        </>
      }
    >
      <ListWarning kind="flows" />
      <ListViews page="rendicontazioni" list={list} views={withCounts(VIEWS, counts.data)} />
      <FilterBar
        list={list}
        filters={FILTERS}
        searchLabel="Flusso, prestatore, bonifico"
        right={<ColumnsButton columns={columns} />}
      />
      <WithPanel panel={cursor ? <FlowPanel row={cursor} /> : null}>
        <QTable<Row, List['totals']>
          label={SECTIONS.reportingFlows}
          columns={columns}
          list={list}
          queryKey={['reportingFlow.list', query]}
          fetchPage={(paging, signal) => client.reportingFlow.list({ ...query, ...paging }, { signal })}
          rowId={(r) => r.id}
          rowName={(r) => r.flowId}
          onCursor={setCursor}
          onLoaded={setCount}
          foot={(total, totals) => ({
            left: (
              <>
                <span>
                  <b>{formatCount(total)}</b> {total === 1 ? 'flusso' : 'flussi'}
                </span>
                <span>{counted(totals.payments, 'pagamento', 'pagamenti')}</span>
                <span>
                  accreditato <Money cents={totals.creditedCents} />
                </span>
              </>
            ),
            right: (
              <span>
                Rendicontato <Money cents={totals.declaredCents} euro strong />
              </span>
            ),
          })}
          empty={
            words !== '' ? (
              <NothingMatches filters={words} onClear={list.clearFilters} />
            ) : (
              <NotYet
                stop="Flusso"
                done={done}
                title="Qui arriveranno i flussi di rendicontazione"
                text="Un flusso è l’elenco dei pagamenti che un prestatore ti versa con un solo bonifico. Scarica i file XML o JSON dal portale del tuo partner o dal Back Office pagoPA e importali, anche molti insieme o in uno zip."
                ways={[
                  {
                    title: 'Scarica dal nodo',
                    text: 'I flussi degli ultimi 30 giorni',
                    icon: IconCloudDownload,
                    keys: 'F5',
                    run: () => receiveNow(['flows']),
                  },
                  {
                    title: 'Importa i flussi',
                    text: 'Scegli i file o lo zip, oppure trascinali qui',
                    icon: IconFileImport,
                    keys: 'Ctrl+O',
                    run: choose,
                  },
                  {
                    title: 'Carica l’estratto conto',
                    text: 'Gli accrediti che li coprono',
                    icon: IconBuildingBank,
                    to: '/estratti-conto',
                  },
                ]}
              />
            )
          }
        />
      </WithPanel>
      {over}
    </Page>
  )
}
