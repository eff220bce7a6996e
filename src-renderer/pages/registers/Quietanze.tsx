import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconFolderDown, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { FIELDS } from '#domain/vocabulary'
import { useExercise } from '../../app-state.ts'
import { client } from '../../client.ts'
import { counted, DateText, Money, Mono } from '../../components/cells.tsx'
import { AllDone, NothingMatches } from '../../components/EmptyState.tsx'
import { FolderPicker } from '../../components/FolderPicker.tsx'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { filtersInWords } from '../../table/FilterBar.tsx'
import { ListBar } from '../../table/ListBar.tsx'
import type { ListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'
import { showPdf } from '../reversali/pdf.ts'
import { printQuietanze } from '../reversali/print-papers.ts'
import { saveQuietanze } from '../reversali/save-quietanze.ts'

type List = InferContractRouterOutputs<Contract>['quietanza']['list']
type Row = List['rows'][number]

const COLUMNS: readonly QColumn<Row>[] = [
  { id: 'number', header: 'Numero', width: 96, cell: (r) => <b className="strong">{r.number}</b> },
  { id: 'reversale', header: 'Reversale', width: 84, cell: (r) => r.reversale },
  { id: 'date', header: 'Data', width: 88, cell: (r) => <DateText date={r.date} /> },
  {
    id: 'personName',
    header: FIELDS.debtor,
    width: 170,
    flex: true,
    cell: (r) => r.personName,
    title: (r) => r.personName,
  },
  { id: 'fiscalCode', header: FIELDS.fiscalCode, width: 138, cell: (r) => <Mono>{r.fiscalCode}</Mono> },
  { id: 'causale', header: FIELDS.causale, width: 190, cell: (r) => r.causale, title: (r) => r.causale },
  { id: 'iuv', header: 'IUV', width: 146, cell: (r) => <Mono>{r.iuv}</Mono> },
  { id: 'cents', header: 'Importo €', width: 86, align: 'right', cell: (r) => <Money cents={r.cents} /> },
]
const NO_FILTERS: readonly [] = []

/** The quietanze of the exercise: opened one by one, or all saved into a folder. */
export function Quietanze({ list }: { readonly list: ListState }) {
  const exercise = useExercise()
  const columns = useColumns('quietanze', COLUMNS)
  const [picking, setPicking] = useState(false)
  const [count, setCount] = useState(0)
  const filters = { exercise, reversaleId: null, personId: null }
  const query = { filters, search: list.search, sort: list.sort }
  const words = filtersInWords(NO_FILTERS, list)
  return (
    <>
      <ListBar
        list={list}
        filters={NO_FILTERS}
        searchLabel="Nome, CF, IUV, numero"
        columns={columns}
        title={`Quietanze ${exercise}`}
        words={words}
        run={(request) => client.quietanza.export({ ...query, ...request })}
        extra={
          <>
            <Button
              leftSection={<IconPrinter size={16} stroke={1.7} aria-hidden />}
              disabled={count === 0}
              onClick={() => printQuietanze(query)}
            >
              Stampa {counted(count, 'quietanza', 'quietanze')}
            </Button>
            <Button
              leftSection={<IconFolderDown size={16} stroke={1.7} aria-hidden />}
              disabled={count === 0}
              onClick={() => setPicking(true)}
            >
              Salva tutte le quietanze…
            </Button>
          </>
        }
      />
      <QTable<Row, List['totals']>
        label="Quietanze"
        columns={columns}
        list={list}
        queryKey={['quietanza.list', query]}
        fetchPage={(paging, signal) => client.quietanza.list({ ...query, ...paging }, { signal })}
        rowId={(r) => r.id}
        rowName={(r) => `quietanza ${r.number}`}
        rowClass={(r) => (r.annulled ? 'struck' : '')}
        onLoaded={setCount}
        onOpen={(r) => void showPdf(() => client.quietanza.pdf({ id: r.id }), `quietanza-${r.number}`)}
        foot={(total, totals) => ({
          left: (
            <span>
              <b>{counted(total, 'quietanza', 'quietanze')}</b>
            </span>
          ),
          right: (
            <span>
              {FIELDS.collected} <Money cents={totals.cents} euro strong />
            </span>
          ),
        })}
        empty={
          words === '' ? (
            <AllDone
              title="Ancora nessuna quietanza"
              text="Ogni pagamento incassato con reversale ha la sua quietanza: nascono emettendo le reversali."
            />
          ) : (
            <NothingMatches filters={words} onClear={list.clearFilters} />
          )
        }
      />
      <FolderPicker
        opened={picking}
        onClose={() => setPicking(false)}
        act={`Salva le quietanze del ${exercise} qui`}
        onPick={(folder) => saveQuietanze(filters, folder.token, folder.place)}
      />
    </>
  )
}
