import type { InferContractRouterOutputs } from '@orpc/contract'
import { useNavigate } from '@tanstack/react-router'
import type { Contract } from '#contract/contract'
import { CATEGORIES, FIELDS } from '#domain/vocabulary'
import { useExercise } from '../../app-state.ts'
import { client } from '../../client.ts'
import { counted, DateText, formatCount, Money, Mono } from '../../components/cells.tsx'
import { AllDone, NothingMatches } from '../../components/EmptyState.tsx'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { type FilterDef, filtersInWords } from '../../table/FilterBar.tsx'
import { ListBar } from '../../table/ListBar.tsx'
import { type ListState, manyOf } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'

type List = InferContractRouterOutputs<Contract>['book']['unpaid']
type Row = List['rows'][number]
type Category = keyof typeof CATEGORIES

const COLUMNS: readonly QColumn<Row>[] = [
  {
    id: 'personName',
    header: FIELDS.debtor,
    width: 170,
    flex: true,
    cell: (r) => r.personName,
    title: (r) => r.personName,
  },
  { id: 'fiscalCode', header: FIELDS.fiscalCode, width: 138, cell: (r) => <Mono>{r.fiscalCode}</Mono> },
  {
    id: 'number',
    header: FIELDS.accertamentoShort,
    width: 86,
    align: 'right',
    cell: (r) => `${formatCount(r.number)}/${r.exercise}`,
  },
  { id: 'capitolo', header: FIELDS.capitolo, width: 140, cell: (r) => r.capitolo, title: (r) => r.capitolo },
  { id: 'causale', header: FIELDS.causale, width: 190, cell: (r) => r.causale, title: (r) => r.causale },
  { id: 'dueDate', header: FIELDS.dueDate, width: 88, cell: (r) => <DateText date={r.dueDate} /> },
  {
    id: 'daysLate',
    header: 'Ritardo gg',
    width: 78,
    align: 'right',
    cell: (r) =>
      r.daysLate !== null && r.daysLate > 0 ? (
        <span className="t-warn strong">{formatCount(r.daysLate)}</span>
      ) : (
        <span className="muted">·</span>
      ),
  },
  {
    id: 'dueCents',
    header: 'Accertato €',
    width: 92,
    align: 'right',
    hidden: 'wide',
    cell: (r) => <Money cents={r.dueCents} />,
  },
  {
    id: 'outstandingCents',
    header: 'Da risc. €',
    width: 92,
    align: 'right',
    cell: (r) => <Money cents={r.outstandingCents} />,
  },
]

const FILTERS: readonly FilterDef[] = [
  {
    key: 'provenienza',
    label: FIELDS.origin,
    kind: 'one',
    options: [
      { value: 'competenza', label: FIELDS.competenza },
      { value: 'residui', label: FIELDS.residui },
    ],
  },
  {
    key: 'categoria',
    label: FIELDS.category,
    kind: 'many',
    options: Object.entries(CATEGORIES).map(([value, label]) => ({ value, label })),
  },
]

/** Insoluti: what is still to be collected, from which year, since when. */
export function Unpaid({ list }: { readonly list: ListState }) {
  const exercise = useExercise()
  const navigate = useNavigate()
  const columns = useColumns('insoluti', COLUMNS)
  const f = list.filters
  const query = {
    filters: {
      exercise,
      residui: f.provenienza === undefined ? null : f.provenienza === 'residui',
      category: manyOf<Category>(f.categoria),
    },
    search: list.search,
    sort: list.sort,
  }
  const words = filtersInWords(FILTERS, list)
  return (
    <>
      <ListBar
        list={list}
        filters={FILTERS}
        searchLabel="Nome, CF, causale"
        columns={columns}
        title={`Insoluti ${exercise}`}
        words={words}
        run={(request) => client.book.exportUnpaid({ ...query, ...request })}
      />
      <QTable<Row, List['totals']>
        label="Insoluti"
        columns={columns}
        list={list}
        queryKey={['book.unpaid', query]}
        fetchPage={(paging, signal) => client.book.unpaid({ ...query, ...paging }, { signal })}
        rowId={(r) => r.accertamentoId}
        rowName={(r) => r.personName}
        onOpen={(r) => void navigate({ to: '/persone/$id', params: { id: String(r.personId) } })}
        foot={(count, totals) => ({
          left: (
            <span>
              <b>{counted(count, 'accertamento', 'accertamenti')}</b>
            </span>
          ),
          right: (
            <span>
              {FIELDS.outstanding} <Money cents={totals.outstandingCents} euro strong />
            </span>
          ),
        })}
        empty={
          words === '' ? (
            <AllDone
              title="Niente da riscuotere"
              text={`Nell’esercizio ${exercise} tutti gli accertamenti sono riscossi.`}
            />
          ) : (
            <NothingMatches filters={words} onClear={list.clearFilters} />
          )
        }
      />
    </>
  )
}
