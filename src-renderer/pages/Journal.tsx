import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconShieldCheck } from '@tabler/icons-react'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import type { IsoDate } from '#domain/date'
import { SECTIONS } from '#domain/vocabulary'
import { client } from '../client.ts'
import { counted, ExactTime, formatCount, Mono } from '../components/cells.tsx'
import { AllDone, NothingMatches } from '../components/EmptyState.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { Page } from '../components/Page.tsx'
import { ToneText } from '../components/St.tsx'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import { type QColumn, useColumns } from '../table/columns.ts'
import { FilterBar, type FilterDef, filtersInWords } from '../table/FilterBar.tsx'
import { ListActions } from '../table/ListActions.tsx'
import { useListState } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'

type Outputs = InferContractRouterOutputs<Contract>['journal']
type Row = Outputs['list']['rows'][number]

const COLUMNS: readonly QColumn<Row>[] = [
  { id: 'seq', header: 'N.', width: 70, align: 'right', cell: (r) => <b className="strong">{formatCount(r.seq)}</b> },
  { id: 'at', header: 'Quando', width: 152, cell: (r) => <ExactTime at={r.at} /> },
  { id: 'operator', header: 'Operatore', width: 130, cell: (r) => r.operator, title: (r) => r.operator },
  {
    id: 'text',
    header: 'Che cosa',
    width: 320,
    flex: true,
    sortable: false,
    cell: (r) => r.text,
    title: (r) => r.text,
  },
  { id: 'command', header: 'Comando', width: 190, cell: (r) => <Mono>{r.command}</Mono>, title: (r) => r.command },
]

const FILTERS: readonly FilterDef[] = [
  { key: 'operatore', label: 'Operatore', kind: 'text' },
  { key: 'da', label: 'Giorno', kind: 'date', prefix: 'dal' },
  { key: 'a', label: 'Giorno', kind: 'date', prefix: 'fino al' },
]

/** Archivio · Giornale: who did what and when; every entry carries the seal of the one before it. */
export function Journal() {
  const list = useListState({ sort: '-seq' })
  const columns = useColumns('giornale', COLUMNS)
  const [count, setCount] = useState<number | null>(null)
  const [verified, setVerified] = useState<Outputs['verify'] | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const f = list.filters
  const query = {
    filters: {
      operator: f.operatore ?? null,
      from: (f.da ?? null) as IsoDate | null,
      to: (f.a ?? null) as IsoDate | null,
    },
    search: list.search,
    sort: list.sort,
  }
  const words = filtersInWords(FILTERS, list)
  const verify = async () => {
    setBusy(true)
    setError(null)
    try {
      setVerified(await client.journal.verify())
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'F9', label: 'verifica', run: () => void verify() },
  ])
  return (
    <Page
      title={SECTIONS.journal}
      about={count === null ? 'registro delle attività' : `registro delle attività · ${counted(count, 'voce', 'voci')}`}
      actions={
        <>
          {verified && (
            <span role="status">
              {verified.ok ? (
                <ToneText tone="ok">{`Catena integra: ${counted(verified.entries, 'voce verificata', 'voci verificate')}`}</ToneText>
              ) : (
                <ToneText tone="bad">{`La catena si rompe alla voce n. ${formatCount(verified.firstBroken ?? 0)}`}</ToneText>
              )}
            </span>
          )}
          <ListActions
            columns={columns}
            title="Registro delle attività"
            filters={words}
            disabled={count === 0}
            run={(request) => client.journal.export({ ...query, ...request })}
          />
          <Button
            variant="filled"
            loading={busy}
            leftSection={<IconShieldCheck size={16} stroke={1.7} aria-hidden />}
            onClick={() => void verify()}
          >
            Verifica la catena
          </Button>
        </>
      }
    >
      <FilterBar
        list={list}
        filters={FILTERS}
        searchLabel="Cerca nel registro"
        right={<ColumnsButton columns={columns} />}
      />
      <ErrorNote error={error} />
      <QTable<Row, Outputs['list']['totals']>
        label="Registro delle attività"
        columns={columns}
        list={list}
        queryKey={['journal.list', query]}
        fetchPage={(paging, signal) => client.journal.list({ ...query, ...paging }, { signal })}
        rowId={(r) => r.seq}
        rowName={(r) => `voce ${r.seq}`}
        onLoaded={setCount}
        foot={(total) => ({
          left: (
            <span>
              <b>{formatCount(total)}</b> {total === 1 ? 'voce' : 'voci'}
            </span>
          ),
          right: <span className="muted small">ogni voce porta l’impronta della precedente</span>,
        })}
        empty={
          words === '' ? (
            <AllDone title="Il registro è vuoto" text="Ogni cosa fatta nel programma lascia qui una voce." />
          ) : (
            <NothingMatches filters={words} onClear={list.clearFilters} />
          )
        }
      />
    </Page>
  )
}
