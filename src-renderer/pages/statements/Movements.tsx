import type { InferContractRouterOutputs } from '@orpc/contract'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Contract } from '#contract/contract'
import { readCausale } from '#domain/causale'
import type { IsoDate } from '#domain/date'
import { FIELDS, SECTIONS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { DateText, Money, Mono } from '../../components/cells.tsx'
import { NothingMatches } from '../../components/EmptyState.tsx'
import { Facts } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { useAccountFilter } from '../../table/chart-filters.ts'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { DetailPanel, PanelAmount, PanelPart, WithPanel } from '../../table/DetailPanel.tsx'
import { type FilterDef, filtersInWords } from '../../table/FilterBar.tsx'
import { ListBar } from '../../table/ListBar.tsx'
import type { ListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'
import { Causale } from '../board/Causale.tsx'
import { moneyFoot } from './money-foot.tsx'

type List = InferContractRouterOutputs<Contract>['bankStatement']['movements']
type Row = List['rows'][number]

const COLUMNS: readonly QColumn<Row>[] = [
  { id: 'bookingDate', header: 'Data', width: 94, cell: (r) => <DateText date={r.bookingDate} /> },
  { id: 'valueDate', header: 'Valuta', width: 88, hidden: 'wide', cell: (r) => <DateText date={r.valueDate} /> },
  {
    id: 'description',
    header: 'Descrizione',
    width: 240,
    flex: true,
    cell: (r) => <Causale text={r.description} spans={spansOf(r.description)} folded />,
    title: (r) => r.description,
  },
  { id: 'account', header: 'Conto', width: 120, hidden: 'wide', cell: (r) => r.account, title: (r) => r.account },
  {
    id: 'bankReference',
    header: 'Riferimento',
    width: 120,
    hidden: 'wide',
    cell: (r) => <Mono>{r.bankReference}</Mono>,
    title: (r) => r.bankReference ?? '',
  },
  {
    id: 'counterparty',
    header: 'Ordinante o beneficiario',
    width: 160,
    hidden: true,
    cell: (r) => r.counterparty ?? '·',
    title: (r) => r.counterparty ?? '',
  },
  { id: 'provvisorio', header: 'Provvis.', width: 76, hidden: true, cell: (r) => r.provvisorio ?? '·' },
  {
    id: 'label',
    header: FIELDS.state,
    width: 210,
    cell: (r) => <ToneText tone={r.label.tone}>{r.label.title}</ToneText>,
    title: (r) => r.label.text,
  },
  {
    id: 'matchedCents',
    header: 'Abbinato €',
    width: 92,
    align: 'right',
    hidden: 'wide',
    cell: (r) => <Money cents={r.matchedCents} />,
  },
  {
    id: 'regularisedCents',
    header: 'Con reversale €',
    width: 106,
    align: 'right',
    hidden: 'wide',
    cell: (r) => <Money cents={r.regularisedCents} />,
  },
  { id: 'cents', header: 'Importo €', width: 100, align: 'right', cell: (r) => <Money cents={r.cents} /> },
]

/** The movements of all the statements: what is pagoPA's, what is matched, what already has its reversale. */
export function Movements({ list, empty }: { readonly list: ListState; readonly empty: ReactNode }) {
  const columns = useColumns('movimenti', COLUMNS)
  const [cursor, setCursor] = useState<Row>()
  const byAccount = useAccountFilter()
  const filters: readonly FilterDef[] = [
    byAccount,
    {
      key: 'segno',
      label: 'Segno',
      kind: 'one',
      options: [
        { value: 'credit', label: 'Entrate' },
        { value: 'debit', label: 'Uscite' },
      ],
    },
    { key: 'da', label: 'Data', kind: 'date', prefix: 'dal' },
    { key: 'a', label: 'Data', kind: 'date', prefix: 'fino al' },
  ]
  const f = list.filters
  const query = {
    filters: {
      bankAccountId: f.conto === undefined ? null : (Number(f.conto) as never),
      statementId: f.estratto === undefined ? null : (Number(f.estratto) as never),
      dateFrom: (f.da ?? null) as IsoDate | null,
      dateTo: (f.a ?? null) as IsoDate | null,
      sign: (f.segno ?? null) as 'credit' | 'debit' | null,
    },
    search: list.search,
    sort: list.sort?.column === 'to' ? { column: 'bookingDate', direction: 'desc' as const } : list.sort,
  }
  const words = filtersInWords(filters, list)
  return (
    <>
      <ListBar
        list={list}
        filters={filters}
        searchLabel="Descrizione, riferimento"
        columns={columns}
        title="Movimenti del conto"
        words={words}
        run={(request) => client.bankStatement.exportMovements({ ...query, ...request })}
      />
      <WithPanel panel={cursor ? <MovementPanel row={cursor} /> : null}>
        <QTable<Row, List['totals']>
          label="Movimenti"
          columns={columns}
          list={list}
          queryKey={['bankStatement.movements', query]}
          fetchPage={(paging, signal) => client.bankStatement.movements({ ...query, ...paging }, { signal })}
          rowId={(r) => r.id}
          rowName={(r) => r.description}
          rowClass={(r) => (r.label.code === 'EXCLUDED' ? 'struck' : '')}
          onCursor={setCursor}
          foot={(count, totals) => moneyFoot(count, ['movimento', 'movimenti'], totals)}
          empty={words === '' ? empty : <NothingMatches filters={words} onClear={list.clearFilters} />}
        />
      </WithPanel>
    </>
  )
}

/** The three marks, read from the text alone. */
function spansOf(description: string) {
  return readCausale(description).spans.map((s) => ({ start: s.from, end: s.to, mark: s.mark }))
}

function MovementPanel({ row }: { readonly row: Row }) {
  return (
    <DetailPanel
      title={row.cents < 0 ? 'Addebito' : 'Accredito'}
      subtitle={
        <>
          {row.account} · <Link to="/riconciliazione">{SECTIONS.reconciliation.toLowerCase()}</Link>
        </>
      }
    >
      <PanelPart>
        <PanelAmount cents={row.cents} label={row.label} />
        <p className="panel-text">
          <Causale text={row.description} spans={spansOf(row.description)} />
        </p>
        <Facts
          rows={[
            ['Data', <DateText key="d" date={row.bookingDate} />],
            ['Valuta', <DateText key="v" date={row.valueDate} />],
            [
              'Riferimento',
              <span key="r" className="mono">
                {row.bankReference ?? '·'}
              </span>,
            ],
            [row.cents > 0 ? 'Ordinante' : 'Beneficiario', row.counterparty ?? '·'],
            ['Id end-to-end', row.endToEndId === null ? '·' : <Mono key="e">{row.endToEndId}</Mono>],
            ['Codice operazione', row.transactionCode ?? '·'],
            ['Provvisorio', row.provvisorio ?? '·'],
            ['Abbinato', <Money key="m" cents={row.matchedCents} />],
            ['Con reversale', <Money key="g" cents={row.regularisedCents} />],
          ]}
        />
      </PanelPart>
    </DetailPanel>
  )
}
