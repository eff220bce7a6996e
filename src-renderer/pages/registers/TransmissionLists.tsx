import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconDownload, IconPrinter, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { useExercise } from '../../app-state.ts'
import { client } from '../../client.ts'
import { counted, DateText, formatCount, Money } from '../../components/cells.tsx'
import { AllDone, NothingMatches } from '../../components/EmptyState.tsx'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { filtersInWords } from '../../table/FilterBar.tsx'
import { ListBar } from '../../table/ListBar.tsx'
import type { ListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'
import { savePdf, showPdf } from '../reversali/pdf.ts'
import { TransmissionDialog } from '../reversali/TransmissionDialog.tsx'

type List = InferContractRouterOutputs<Contract>['transmissionList']['list']
type Row = List['rows'][number]

const nameOf = (r: Row) => `distinta-${r.exercise}-${r.number}`
const pdfOf = (r: Row) => () => client.transmissionList.pdf({ id: r.id })

const COLUMNS: readonly QColumn<Row>[] = [
  {
    id: 'number',
    header: 'N.',
    width: 58,
    align: 'right',
    cell: (r) => <b className="strong">{formatCount(r.number)}</b>,
  },
  { id: 'date', header: 'Data', width: 88, cell: (r) => <DateText date={r.date} /> },
  { id: 'account', header: 'Conto', width: 180, flex: true, cell: (r) => r.account, title: (r) => r.account },
  { id: 'reversali', header: 'Reversali', width: 80, align: 'right', cell: (r) => formatCount(r.reversali) },
  { id: 'firstReversale', header: 'Dal n.', width: 70, align: 'right', cell: (r) => formatCount(r.firstReversale) },
  { id: 'lastReversale', header: 'Al n.', width: 70, align: 'right', cell: (r) => formatCount(r.lastReversale) },
  {
    id: 'annulledLater',
    header: 'Annullate dopo',
    width: 110,
    align: 'right',
    cell: (r) => r.annulledLater > 0 && <span className="t-warn strong">{formatCount(r.annulledLater)}</span>,
    title: (r) => (r.annulledLater > 0 ? 'Annullate dopo la trasmissione: vanno dette al cassiere' : ''),
  },
  { id: 'cents', header: 'Importo €', width: 110, align: 'right', cell: (r) => <Money cents={r.cents} /> },
  {
    id: 'papers',
    header: 'PDF',
    width: 68,
    sortable: false,
    action: true,
    cell: (r) => (
      <span className="row-actions">
        <button
          type="button"
          tabIndex={-1}
          className="icon-button"
          aria-label={`Stampa la distinta ${r.number}`}
          title="Stampa"
          onClick={() => void showPdf(pdfOf(r), nameOf(r))}
        >
          <IconPrinter size={16} stroke={1.7} aria-hidden />
        </button>
        <button
          type="button"
          tabIndex={-1}
          className="icon-button"
          aria-label={`Salva la distinta ${r.number} in PDF`}
          title="Salva PDF"
          onClick={() => void savePdf(pdfOf(r), nameOf(r))}
        >
          <IconDownload size={16} stroke={1.7} aria-hidden />
        </button>
      </span>
    ),
  },
]
const NO_FILTERS: readonly [] = []

/** The transmission lists of the exercise: what the treasurer was handed, when, for which sum. Enter prints one. */
export function TransmissionLists({ list }: { readonly list: ListState }) {
  const exercise = useExercise()
  const columns = useColumns('distinte', COLUMNS)
  const [making, setMaking] = useState(false)
  const query = { filters: { exercise, bankAccountId: null }, search: list.search, sort: list.sort }
  const words = filtersInWords(NO_FILTERS, list)
  return (
    <>
      <ListBar
        list={list}
        filters={NO_FILTERS}
        searchLabel="Numero, conto"
        columns={columns}
        title={`Distinte di trasmissione ${exercise}`}
        words={words}
        run={(request) => client.transmissionList.export({ ...query, ...request })}
        extra={
          <Button leftSection={<IconSend size={16} stroke={1.7} aria-hidden />} onClick={() => setMaking(true)}>
            Nuova distinta…
          </Button>
        }
      />
      <QTable<Row, List['totals']>
        label="Distinte di trasmissione"
        columns={columns}
        list={list}
        queryKey={['transmissionList.list', query]}
        fetchPage={(paging, signal) => client.transmissionList.list({ ...query, ...paging }, { signal })}
        rowId={(r) => r.id}
        rowName={(r) => `distinta ${r.number}`}
        onOpen={(r) => void showPdf(pdfOf(r), nameOf(r))}
        foot={(total, totals) => ({
          left: (
            <span>
              <b>{counted(total, 'distinta', 'distinte')}</b>
            </span>
          ),
          right: (
            <span>
              Trasmesso <Money cents={totals.cents} euro strong />
            </span>
          ),
        })}
        empty={
          words === '' ? (
            <AllDone
              title="Ancora nessuna distinta"
              text="Una distinta elenca le reversali che l’ente consegna al cassiere, con un numero dell’esercizio. Si fa da Reversali, o da qui con «Nuova distinta…»."
            />
          ) : (
            <NothingMatches filters={words} onClear={list.clearFilters} />
          )
        }
      />
      {making && <TransmissionDialog exercise={exercise} chosen={null} onClose={() => setMaking(false)} />}
    </>
  )
}
