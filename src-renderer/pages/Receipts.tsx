import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconCloudDownload, IconFileImport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import type { IsoDate } from '#domain/date'
import { FIELDS, SECTIONS } from '#domain/vocabulary'
import { client, orpc } from '../client.ts'
import { counted, DateText, formatCount, Money, Mono, TimeText } from '../components/cells.tsx'
import { NothingMatches, NotYet } from '../components/EmptyState.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { Facts, Page } from '../components/Page.tsx'
import { useRoadDone } from '../components/road-done.ts'
import { ToneText } from '../components/St.tsx'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import { type QColumn, useColumns } from '../table/columns.ts'
import { DetailPanel, PanelAmount, PanelPart, WithPanel } from '../table/DetailPanel.tsx'
import { FilterBar, type FilterDef, filtersInWords } from '../table/FilterBar.tsx'
import { ListActions } from '../table/ListActions.tsx'
import { ListViews, withCounts } from '../table/ListViews.tsx'
import { manyOf, useListState } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'
import { useEvidenceFiles } from './flows/bring-files.tsx'
import { LastReading, ListWarning, ReceiveButton } from './node-inbox/ReceiveButton.tsx'
import { receiveNow } from './node-inbox/receive-work.ts'

type List = InferContractRouterOutputs<Contract>['receipt']['list']
type Row = List['rows'][number]

const COLUMNS: readonly QColumn<Row>[] = [
  { id: 'paidAt', header: 'Pagata', width: 94, cell: (r) => <DateText date={r.paidOn} />, title: (r) => r.paidAt },
  { id: 'iuv', header: 'IUV', width: 158, cell: (r) => <Mono>{r.iuv}</Mono>, title: (r) => r.iuv },
  {
    id: 'debtorName',
    header: 'Debitore',
    width: 150,
    flex: true,
    cell: (r) => r.debtorName ?? r.personName ?? '·',
    title: (r) => r.debtorName ?? r.personName ?? '',
  },
  {
    id: 'debtorFiscalCode',
    header: FIELDS.fiscalCode,
    width: 150,
    hidden: 'wide',
    cell: (r) => <Mono>{r.debtorFiscalCode}</Mono>,
  },
  { id: 'payerName', header: 'Pagata da', width: 130, hidden: true, cell: (r) => r.payerName ?? '·' },
  { id: 'pspName', header: 'Prestatore', width: 120, cell: (r) => r.pspName ?? '·', title: (r) => r.pspName ?? '' },
  {
    id: 'iur',
    header: 'IUR',
    width: 190,
    hidden: 'wide',
    cell: (r) => <Mono>{r.iur}</Mono>,
    title: (r) => r.iur ?? '',
  },
  {
    id: 'label',
    header: FIELDS.state,
    width: 138,
    cell: (r) => <ToneText tone={r.label.tone}>{r.label.title}</ToneText>,
    title: (r) => r.label.text,
  },
  {
    id: 'feeCents',
    header: 'Commissione €',
    width: 104,
    align: 'right',
    hidden: true,
    cell: (r) => (r.feeCents === null ? '·' : <Money cents={r.feeCents} />),
  },
  {
    id: 'fileName',
    header: 'Da dove',
    width: 140,
    hidden: true,
    cell: (r) => (r.source === 'node' ? 'dal nodo' : (r.fileName ?? '·')),
  },
  { id: 'cents', header: 'Importo €', width: 92, align: 'right', cell: (r) => <Money cents={r.cents} /> },
]

const LABELS = [
  { value: 'RT_NO_FLOW', label: 'Non rendicontata' },
  { value: 'RT_AMOUNT_DIFFERS', label: 'Importi diversi' },
  { value: 'RT_IN_FLOW', label: 'Rendicontata' },
  { value: 'RT_CREDITED', label: 'Accreditata' },
  { value: 'RT_DIRECT', label: 'Accreditata da sola' },
  { value: 'RT_NO_POSITION', label: 'Senza posizione' },
  { value: 'RT_KO', label: 'Negativa' },
]

const FILTERS: readonly FilterDef[] = [
  { key: 'da', label: 'Pagamento', kind: 'date', prefix: 'dal' },
  { key: 'a', label: 'Pagamento', kind: 'date', prefix: 'fino al' },
  { key: 'iuv', label: 'IUV', kind: 'text' },
  { key: 'stato', label: 'Stato', kind: 'many', options: LABELS },
]

const VIEWS = [
  { id: 'tutte', count: 'all', label: 'Tutte', state: {} },
  { id: 'non-rendicontate', count: 'RT_NO_FLOW', label: 'Non rendicontate', state: { stato: 'RT_NO_FLOW' } },
  {
    id: 'importi-diversi',
    count: 'RT_AMOUNT_DIFFERS',
    label: 'Importi diversi',
    state: { stato: 'RT_AMOUNT_DIFFERS' },
  },
  { id: 'senza-posizione', count: 'RT_NO_POSITION', label: 'Senza posizione', state: { stato: 'RT_NO_POSITION' } },
  { id: 'accreditate', count: 'RT_CREDITED', label: 'Accreditate', state: { stato: 'RT_CREDITED' } },
  { id: 'negative', count: 'RT_KO', label: 'Negative', state: { stato: 'RT_KO' } },
]

/** Incassi · Ricevute: the register of receipts, each with where its money is. */
export function Receipts() {
  const done = useRoadDone()
  const list = useListState({ sort: '-paidAt' })
  const columns = useColumns('ricevute', COLUMNS)
  const [cursor, setCursor] = useState<Row>()
  const [count, setCount] = useState<number | null>(null)
  const counts = useQuery(orpc.receipt.counts.queryOptions())
  const f = list.filters
  const query = {
    filters: {
      from: (f.da ?? null) as IsoDate | null,
      to: (f.a ?? null) as IsoDate | null,
      iuv: f.iuv ?? null,
      code: manyOf<string>(f.stato),
    },
    search: list.search,
    sort: list.sort,
  }
  const words = filtersInWords(FILTERS, list)
  const { choose, over } = useEvidenceFiles('ricevute')
  useKeys([{ keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' }])
  return (
    <Page
      title={SECTIONS.receipts}
      about={
        count !== null && (
          <>
            {counted(count, 'ricevuta', 'ricevute')} · <LastReading kind="receipts" />
          </>
        )
      }
      actions={
        <>
          <ListActions
            columns={columns}
            title="Registro delle ricevute"
            filters={words}
            disabled={count === 0}
            run={(request) => client.receipt.export({ ...query, ...request })}
          />
          <ReceiveButton kind="receipts" />
          <Button variant="filled" leftSection={<IconFileImport size={16} stroke={1.7} aria-hidden />} onClick={choose}>
            Importa ricevute…
          </Button>
        </>
      }
    >
      <ListWarning kind="receipts" />
      <ListViews page="ricevute" list={list} views={withCounts(VIEWS, counts.data)} />
      <FilterBar
        list={list}
        filters={FILTERS}
        searchLabel="IUV, IUR, debitore, prestatore"
        right={<ColumnsButton columns={columns} />}
      />
      <WithPanel panel={cursor ? <ReceiptPanel row={cursor} /> : null}>
        <QTable<Row, List['totals']>
          label={SECTIONS.receipts}
          columns={columns}
          list={list}
          queryKey={['receipt.list', query]}
          fetchPage={(paging, signal) => client.receipt.list({ ...query, ...paging }, { signal })}
          rowId={(r) => r.id}
          rowName={(r) => r.iuv}
          rowClass={(r) => (r.ok ? '' : 'dim')}
          onCursor={setCursor}
          onLoaded={setCount}
          foot={(total, totals) => ({
            left: (
              <>
                <span>
                  <b>{formatCount(total)}</b> {total === 1 ? 'ricevuta' : 'ricevute'}
                </span>
                <span>{counted(totals.paid, 'pagata', 'pagate')}</span>
              </>
            ),
            right: (
              <span>
                Pagato <Money cents={totals.cents} euro strong />
              </span>
            ),
          })}
          empty={
            words !== '' ? (
              <NothingMatches filters={words} onClear={list.clearFilters} />
            ) : (
              <NotYet
                stop="Pagamento"
                done={done}
                title="Qui arriveranno le ricevute"
                text="Una ricevuta (RT) prova un pagamento prima che arrivi il flusso che lo rendiconta. Arrivano dal nodo pagoPA, o dai file XML del tuo partner, anche in uno zip: ogni ricevuta trova la sua posizione da sola."
                ways={[
                  {
                    title: 'Scarica dal nodo',
                    text: 'Le ricevute di ciò che è stato pagato',
                    icon: IconCloudDownload,
                    keys: 'F5',
                    run: () => receiveNow(['receipts']),
                  },
                  {
                    title: 'Importa le ricevute',
                    text: 'Scegli i file XML o lo zip, oppure trascinali qui',
                    icon: IconFileImport,
                    keys: 'Ctrl+O',
                    run: choose,
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

/** One receipt: whose position, who paid, its transfers and the flows that report it. */
function ReceiptPanel({ row }: { readonly row: Row }) {
  const detail = useQuery(orpc.receipt.get.queryOptions({ input: { id: row.id } }))
  return (
    <DetailPanel title="Ricevuta" subtitle={<Mono>{row.iuv}</Mono>}>
      <PanelPart>
        <PanelAmount cents={row.cents} label={row.label} />
        <Facts
          rows={[
            ['Pagata', <DateText key="p" date={row.paidOn} />],
            ['Debitore', row.debtorName ?? '·'],
            ['Pagata da', row.payerName ?? row.debtorName ?? '·'],
            ['Prestatore', row.pspName ?? '·'],
            [
              'IUR',
              <span key="i" className="mono">
                {row.iur ?? '·'}
              </span>,
            ],
            ...(row.feeCents === null ? [] : ([['Commissione', <Money key="f" cents={row.feeCents} />]] as const)),
            ...(row.fileName === null ? [] : ([['File', row.fileName]] as const)),
            [row.source === 'node' ? 'Dal nodo' : 'Importata', <TimeText key="t" at={row.importedAt} />],
          ]}
        />
      </PanelPart>
      <ErrorNote error={detail.error} />
      <PanelPart title="Posizione">
        {row.debtPositionId === null ? (
          <p className="panel-text">
            Lo IUV non è di nessuna posizione di questo archivio.{' '}
            {row.ok && (
              <Link to="/nodo" search={{ vista: 'spontanei', iuv: row.iuv } as never}>
                Guarda che cosa ne è stato
              </Link>
            )}
          </p>
        ) : (
          <p className="panel-text">
            <Link to="/posizioni" search={{ cerca: row.iuv } as never}>
              {row.personName ?? 'Apri la posizione'}
            </Link>
          </p>
        )}
      </PanelPart>
      {detail.data && detail.data.transfers.length > 0 && (
        <PanelPart title={detail.data.transfers.length === 1 ? 'Versamento' : 'Versamenti'}>
          <ul className="panel-lines">
            {detail.data.transfers.map((t) => (
              <li key={t.idTransfer}>
                <span>{t.idTransfer}</span>
                <span className="cut">
                  {t.own ? 'a questo ente' : `a ${t.fiscalCode}`}
                  {t.stamp ? ' · marca da bollo' : ''}
                </span>
                <Money cents={t.cents} />
              </li>
            ))}
          </ul>
        </PanelPart>
      )}
      {detail.data && detail.data.flows.length > 0 && (
        <PanelPart title={detail.data.flows.length === 1 ? 'Flusso' : 'Flussi'}>
          <ul className="panel-lines payments">
            {detail.data.flows.map((flow) => (
              <li key={`${flow.reportingFlowId}-${flow.cents}`}>
                <DateText date={flow.regulationDate} />
                <Money cents={flow.cents} />
                <Link className="mono whole" to="/rendicontazioni" search={{ flusso: flow.flowId } as never}>
                  {flow.flowId}
                </Link>
              </li>
            ))}
          </ul>
        </PanelPart>
      )}
    </DetailPanel>
  )
}
