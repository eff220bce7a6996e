import type { InferContractRouterOutputs } from '@orpc/contract'
import { useNavigate } from '@tanstack/react-router'
import type { Contract } from '#contract/contract'
import { FIELDS } from '#domain/vocabulary'
import { useExercise } from '../../app-state.ts'
import { client } from '../../client.ts'
import { counted, DateText, formatCount, Money } from '../../components/cells.tsx'
import { AllDone, NothingMatches } from '../../components/EmptyState.tsx'
import { St } from '../../components/St.tsx'
import { useAccountFilter } from '../../table/chart-filters.ts'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { type FilterDef, filtersInWords } from '../../table/FilterBar.tsx'
import { ListBar } from '../../table/ListBar.tsx'
import type { ListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'
import { capitoloCode } from '../reversali/ready.ts'

type List = InferContractRouterOutputs<Contract>['book']['cashJournal']
type Row = List['rows'][number]

const COLUMNS: readonly QColumn<Row>[] = [
  {
    id: 'number',
    header: 'N.',
    width: 62,
    align: 'right',
    sortable: false,
    cell: (r) => <b className="strong">{formatCount(r.number)}</b>,
  },
  { id: 'date', header: 'Contabile', width: 88, sortable: false, cell: (r) => <DateText date={r.date} /> },
  {
    id: 'capitolo',
    header: FIELDS.capitoloShort,
    width: 54,
    sortable: false,
    cell: (r) => capitoloCode(r.capitolo),
    title: (r) => r.capitolo,
  },
  {
    id: 'account',
    header: 'Conto',
    width: 130,
    sortable: false,
    hidden: 'wide',
    cell: (r) => r.account,
    title: (r) => r.account,
  },
  {
    id: 'causale',
    header: FIELDS.causale,
    width: 200,
    flex: true,
    sortable: false,
    cell: (r) => r.causale,
    title: (r) => r.causale,
  },
  {
    id: 'credits',
    header: 'Accrediti',
    width: 168,
    sortable: false,
    cell: (r) => r.credits,
    title: (r) => r.credits,
  },
  {
    id: 'annulled',
    header: FIELDS.state,
    width: 100,
    sortable: false,
    cell: (r) => <St family="reversale" code={r.annulled ? 'annulled' : 'issued'} />,
  },
  {
    id: 'cents',
    header: 'Riscosso €',
    width: 100,
    align: 'right',
    sortable: false,
    cell: (r) => <Money cents={r.cents} />,
  },
  {
    id: 'progressiveCents',
    header: 'Progressivo €',
    width: 112,
    align: 'right',
    sortable: false,
    cell: (r) => <Money cents={r.progressiveCents} />,
  },
]

/** Giornale di cassa: reversali by number, with the running sum of what was collected. */
export function CashJournal({ list }: { readonly list: ListState }) {
  const exercise = useExercise()
  const navigate = useNavigate()
  const columns = useColumns('giornale-di-cassa', COLUMNS)
  const byAccount = useAccountFilter()
  const filters: readonly FilterDef[] = [byAccount]
  const f = list.filters
  const query = {
    filters: { exercise, bankAccountId: f.conto === undefined ? null : (Number(f.conto) as never) },
    search: list.search,
    sort: null,
  }
  const words = filtersInWords(filters, list)
  return (
    <>
      <ListBar
        list={list}
        filters={filters}
        searchLabel="N., causale, capitolo"
        columns={columns}
        title={`Giornale di cassa ${exercise}`}
        words={words}
        run={(request) => client.book.exportCashJournal({ ...query, ...request })}
      />
      <QTable<Row, List['totals']>
        label="Giornale di cassa"
        columns={columns}
        list={list}
        queryKey={['book.cashJournal', query]}
        fetchPage={(paging, signal) => client.book.cashJournal({ ...query, ...paging }, { signal })}
        rowId={(r) => r.reversaleId}
        rowName={(r) => `reversale ${r.number}`}
        rowClass={(r) => (r.annulled ? 'struck' : '')}
        onOpen={(r) => void navigate({ to: '/reversali', search: { sel: String(r.reversaleId) } as never })}
        foot={(count, totals) => ({
          left: (
            <span>
              <b>{counted(count, 'reversale', 'reversali')}</b>
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
              title="Il giornale di cassa è vuoto"
              text={`Nell’esercizio ${exercise} non c’è ancora nessuna reversale.`}
            />
          ) : (
            <NothingMatches filters={words} onClear={list.clearFilters} />
          )
        }
      />
    </>
  )
}
