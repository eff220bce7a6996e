import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import { FIELDS } from '#domain/vocabulary'
import { useExercise } from '../../app-state.ts'
import { client, orpc } from '../../client.ts'
import { counted, formatCount, Money } from '../../components/cells.tsx'
import { AllDone, NothingMatches } from '../../components/EmptyState.tsx'
import { useCapitoloFilter } from '../../table/chart-filters.ts'
import { everyRow } from '../../table/chosen-rows.ts'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { type FilterDef, filtersInWords } from '../../table/FilterBar.tsx'
import { ListBar } from '../../table/ListBar.tsx'
import type { ListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'
import { useSelection } from '../../table/selection.ts'
import { WriteOffDialog } from './WriteOffDialog.tsx'

type List = InferContractRouterOutputs<Contract>['book']['residui']
type Row = List['rows'][number]

const SUMS = [
  ['openingCents', 'Al 1º genn. €'],
  ['variedCents', 'Variati €'],
  ['collectedCents', 'Riscossi €'],
  ['eliminatedCents', 'Eliminati €'],
  ['leftCents', 'Restano €'],
] as const

const sums: readonly QColumn<Row>[] = SUMS.map(([id, header]) => ({
  id,
  header,
  width: 104,
  align: 'right',
  cell: (r) => (id === 'leftCents' ? <Money cents={r[id]} strong /> : <Money cents={r[id]} />),
}))

const ORIGIN: QColumn<Row> = {
  id: 'originYear',
  header: 'Origine',
  width: 78,
  cell: (r) => <b className="strong">{r.originYear}</b>,
}
const CAPITOLO: QColumn<Row> = {
  id: 'capitolo',
  header: FIELDS.capitolo,
  width: 200,
  flex: true,
  cell: (r) => r.capitolo,
  title: (r) => r.capitolo,
}

const BY_CAPITOLO: readonly QColumn<Row>[] = [
  ORIGIN,
  CAPITOLO,
  {
    id: 'accertamenti',
    header: 'Accertamenti',
    width: 100,
    align: 'right',
    cell: (r) => formatCount(r.accertamenti),
  },
  ...sums,
]

const BY_ACCERTAMENTO: readonly QColumn<Row>[] = [
  ORIGIN,
  {
    id: 'number',
    header: FIELDS.accertamentoShort,
    width: 86,
    align: 'right',
    cell: (r) => `${formatCount(r.number ?? 0)}/${r.originYear}`,
  },
  {
    id: 'personName',
    header: FIELDS.debtor,
    width: 160,
    flex: true,
    cell: (r) => r.personName,
    title: (r) => r.personName ?? '',
  },
  { ...CAPITOLO, width: 130, flex: false, hidden: 'wide' },
  {
    id: 'causale',
    header: FIELDS.causale,
    width: 150,
    hidden: 'wide',
    cell: (r) => r.causale,
    title: (r) => r.causale ?? '',
  },
  ...sums,
]

/** Situazione dei residui: by year of origin and capitolo, opened down to the accertamenti that make each sum. */
export function Residui({ list }: { readonly list: ListState }) {
  const exercise = useExercise()
  const navigate = useNavigate()
  const f = list.filters
  const by = f.dettaglio === 'accertamenti' || f.anno !== undefined ? 'accertamento' : 'capitolo'
  const columns = useColumns(`residui-${by}`, by === 'capitolo' ? BY_CAPITOLO : BY_ACCERTAMENTO)
  const byCapitolo = useCapitoloFilter(exercise)
  const years = useQuery(orpc.exercise.list.queryOptions())
  const filters: readonly FilterDef[] = [
    {
      key: 'dettaglio',
      label: 'Vedi',
      kind: 'one',
      options: [{ value: 'accertamenti', label: 'Un accertamento per riga' }],
    },
    {
      key: 'anno',
      label: 'Origine',
      kind: 'one',
      options: (years.data ?? [])
        .filter((e) => e.year < exercise)
        .map((e) => ({ value: String(e.year), label: String(e.year) })),
    },
    byCapitolo,
  ]
  const query = {
    filters: {
      exercise,
      by: by as 'capitolo' | 'accertamento',
      originYear: f.anno === undefined ? null : Number(f.anno),
      capitoloId: f.capitolo === undefined ? null : (Number(f.capitolo) as never),
    },
    search: list.search,
    sort: list.sort,
  }
  const words = filtersInWords(filters, list)
  const selection = useSelection()
  const [writingOff, setWritingOff] = useState<readonly Id<'accertamento'>[] | null>(null)
  const isOpen = years.data?.some((e) => e.year === exercise && e.state === 'open') ?? false
  const chooseForWriteOff = async () => {
    const { chosen } = selection
    if (chosen.kind === 'some') return setWritingOff([...chosen.ids.keys()] as Id<'accertamento'>[])
    const rows = await everyRow((paging) => client.book.residui({ ...query, ...paging }))
    setWritingOff(rows.flatMap((r) => (r.accertamentoId === null || chosen.except.has(r.id) ? [] : r.accertamentoId)))
  }
  const open = (r: Row) => {
    if (r.personId !== null) return void navigate({ to: '/persone/$id', params: { id: String(r.personId) } })
    list.set({ anno: String(r.originYear), capitolo: String(r.capitoloId) }, { push: true })
  }
  return (
    <>
      <ListBar
        list={list}
        filters={filters}
        searchLabel="Anno, capitolo, nome"
        columns={columns}
        title={`Situazione dei residui ${exercise}`}
        words={words}
        run={(request) => client.book.exportResidui({ ...query, ...request })}
      />
      <QTable<Row, List['totals']>
        label="Situazione dei residui"
        columns={columns}
        list={list}
        queryKey={['book.residui', query]}
        fetchPage={(paging, signal) => client.book.residui({ ...query, ...paging }, { signal })}
        rowId={(r) => r.id}
        {...(by === 'accertamento'
          ? {
              selection,
              rowCents: (r: Row) => r.leftCents,
              totalCents: (totals: List['totals']) => totals.leftCents,
              bulk: (
                <Button className="danger" disabled={!isOpen} onClick={() => void chooseForWriteOff()}>
                  Elimina i residui…
                </Button>
              ),
            }
          : {})}
        rowName={(r) => r.personName ?? `${r.originYear} ${r.capitolo}`}
        onOpen={open}
        foot={(count, totals) => ({
          left: (
            <>
              <span>
                <b>{by === 'capitolo' ? counted(count, 'riga', 'righe') : counted(count, 'residuo', 'residui')}</b>
              </span>
              <span>
                al 1º gennaio <Money cents={totals.openingCents} />
              </span>
              <span>
                riscossi <Money cents={totals.collectedCents} />
              </span>
              <span>
                eliminati <Money cents={totals.eliminatedCents} />
              </span>
            </>
          ),
          right: (
            <span>
              Restano <Money cents={totals.leftCents} euro strong />
            </span>
          ),
        })}
        empty={
          words === '' ? (
            <AllDone
              title="Nessun residuo"
              text={`Nell’esercizio ${exercise} non ci sono residui di anni precedenti.`}
            />
          ) : (
            <NothingMatches filters={words} onClear={list.clearFilters} />
          )
        }
      />
      {writingOff !== null && (
        <WriteOffDialog
          ids={writingOff}
          exercise={exercise}
          onClose={() => setWritingOff(null)}
          onDone={() => selection.clear()}
        />
      )}
    </>
  )
}
