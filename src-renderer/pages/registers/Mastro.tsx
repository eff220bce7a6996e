import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { FIELDS } from '#domain/vocabulary'
import { useExercise } from '../../app-state.ts'
import { client } from '../../client.ts'
import { counted, DateText, Money } from '../../components/cells.tsx'
import { AllDone, NothingMatches } from '../../components/EmptyState.tsx'
import { useCapitoloFilter } from '../../table/chart-filters.ts'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { type FilterDef, filtersInWords } from '../../table/FilterBar.tsx'
import { ListBar } from '../../table/ListBar.tsx'
import type { ListState } from '../../table/list-state.ts'
import type { Paging } from '../../table/pages.ts'
import { QTable } from '../../table/QTable.tsx'

type List = InferContractRouterOutputs<Contract>['book']['mastro']
/** A line of the mastro has no identity of its own: its place in the list is. */
type Row = List['rows'][number] & { readonly place: number }

const COLUMNS: readonly QColumn<Row>[] = [
  { id: 'date', header: 'Data', width: 94, sortable: false, cell: (r) => <DateText date={r.date} /> },
  {
    id: 'capitolo',
    header: FIELDS.capitolo,
    width: 190,
    sortable: false,
    cell: (r) => r.capitolo,
    title: (r) => r.capitolo,
  },
  {
    id: 'text',
    header: 'Registrazione',
    width: 260,
    flex: true,
    sortable: false,
    cell: (r) => r.text,
    title: (r) => r.text,
  },
  {
    id: 'accertatoCents',
    header: 'Accertato €',
    width: 104,
    align: 'right',
    sortable: false,
    cell: (r) => <Sum cents={r.accertatoCents} />,
  },
  {
    id: 'riscossoCents',
    header: 'Riscosso €',
    width: 104,
    align: 'right',
    sortable: false,
    cell: (r) => <Sum cents={r.riscossoCents} />,
  },
  {
    id: 'balanceCents',
    header: 'Da riscuotere €',
    width: 112,
    align: 'right',
    sortable: false,
    cell: (r) => <Money cents={r.balanceCents} />,
  },
]

/** Empty where the line moves nothing on this side. */
function Sum({ cents }: { readonly cents: number }) {
  return cents === 0 ? <span className="visually-hidden">0,00</span> : <Money cents={cents} />
}

/** Mastro of each capitolo: every accertamento, variation and reversale by date, with what is left to collect. */
export function Mastro({ list }: { readonly list: ListState }) {
  const exercise = useExercise()
  const columns = useColumns('mastro', COLUMNS)
  const byCapitolo = useCapitoloFilter(exercise)
  const filters: readonly FilterDef[] = [byCapitolo]
  const f = list.filters
  const query = {
    filters: { exercise, capitoloId: f.capitolo === undefined ? null : (Number(f.capitolo) as never) },
    search: list.search,
    sort: null,
  }
  const words = filtersInWords(filters, list)
  const fetchPage = async (paging: Paging, signal: AbortSignal) => {
    const page = await client.book.mastro({ ...query, ...paging }, { signal })
    return { ...page, rows: page.rows.map((r, i): Row => ({ ...r, place: paging.offset + i + 1 })) }
  }
  return (
    <>
      <ListBar
        list={list}
        filters={filters}
        searchLabel="Registrazione, debitore"
        columns={columns}
        title={`Mastro ${exercise}`}
        words={words}
        run={(request) => client.book.exportMastro({ ...query, ...request })}
      />
      <QTable<Row, List['totals']>
        label="Mastro"
        columns={columns}
        list={list}
        queryKey={['book.mastro', query]}
        fetchPage={fetchPage}
        rowId={(r) => r.place}
        rowName={(r) => r.text}
        groupOf={(r) => ({ key: r.capitolo, label: r.capitolo })}
        foot={(count, totals) => ({
          left: (
            <>
              <span>
                <b>{counted(count, 'registrazione', 'registrazioni')}</b>
              </span>
              <span>
                accertato <Money cents={totals.accertatoCents} />
              </span>
              <span>
                riscosso <Money cents={totals.riscossoCents} />
              </span>
            </>
          ),
          right: (
            <span>
              {FIELDS.outstanding} <Money cents={totals.accertatoCents - totals.riscossoCents} euro strong />
            </span>
          ),
        })}
        empty={
          words === '' ? (
            <AllDone
              title="Il mastro è vuoto"
              text={`Nell’esercizio ${exercise} non c’è ancora nessun accertamento.`}
            />
          ) : (
            <NothingMatches filters={words} onClear={list.clearFilters} />
          )
        }
      />
    </>
  )
}
