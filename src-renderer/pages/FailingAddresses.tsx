import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { CHANNELS, FIELDS } from '#domain/vocabulary'
import { client } from '../client.ts'
import { counted, formatCount, Mono, TimeText } from '../components/cells.tsx'
import { AllDone, NothingMatches } from '../components/EmptyState.tsx'
import { Page } from '../components/Page.tsx'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import { type QColumn, useColumns } from '../table/columns.ts'
import { FilterBar } from '../table/FilterBar.tsx'
import { ListActions } from '../table/ListActions.tsx'
import { useListState } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'
import { FixAddress } from './deliveries/FixAddress.tsx'

type List = InferContractRouterOutputs<Contract>['delivery']['failing']
type Row = List['rows'][number]

function columnsOf(fix: (row: Row) => void): readonly QColumn<Row>[] {
  return [
    {
      id: 'personName',
      header: FIELDS.person,
      width: 170,
      cell: (r) => r.personName,
      title: (r) => r.personName,
    },
    { id: 'channel', header: 'Canale', width: 72, cell: (r) => CHANNELS[r.channel] },
    {
      id: 'address',
      header: 'Recapito',
      width: 310,
      flex: true,
      cell: (r) => <Mono>{r.address}</Mono>,
      title: (r) => r.address,
    },
    {
      id: 'reason',
      header: 'Perché non funziona',
      width: 240,
      flex: true,
      sortable: false,
      cell: (r) => r.reason,
      title: (r) => r.reason,
    },
    { id: 'failures', header: 'Volte', width: 60, align: 'right', cell: (r) => formatCount(r.failures) },
    { id: 'lastAt', header: 'L’ultima', width: 92, cell: (r) => <TimeText at={r.lastAt} /> },
    {
      id: 'azione',
      header: 'Che cosa fare',
      width: 112,
      sortable: false,
      action: true,
      cell: (r) => (
        <button
          type="button"
          tabIndex={-1}
          className="row-button"
          aria-label={`Correggi… ${r.personName}`}
          onClick={() => fix(r)}
        >
          Correggi…
        </button>
      ),
    },
  ]
}

/** Consegne · people whose address fails and still is the one in force, to be put right in place. */
export function FailingAddresses() {
  const navigate = useNavigate()
  const list = useListState({ sort: 'personName' })
  const [fixing, setFixing] = useState<Row | null>(null)
  const [count, setCount] = useState<number | null>(null)
  const fix = (row: Row) => {
    if (row.channel === 'email' || row.channel === 'pec') setFixing(row)
    else void navigate({ to: '/persone/$id', params: { id: String(row.personId) } })
  }
  const columns = useColumns('recapiti', columnsOf(fix))
  const query = { filters: {}, search: list.search, sort: list.sort }
  const words = list.search === '' ? '' : `Ricerca «${list.search}»`
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Enter', label: 'correggi…' },
    { keys: 'Escape', label: 'torna alle consegne', run: () => void navigate({ to: '/consegne' }) },
  ])
  return (
    <Page
      title="Recapiti che non funzionano"
      about={count === null ? undefined : counted(count, 'recapito da correggere', 'recapiti da correggere')}
      back="/consegne"
      actions={
        <ListActions
          columns={columns}
          title="Recapiti che non funzionano"
          filters={words}
          disabled={count === 0}
          run={(request) => client.delivery.failingExport({ ...query, ...request })}
        />
      }
    >
      <FilterBar list={list} filters={[]} searchLabel="Nome, recapito" right={<ColumnsButton columns={columns} />} />
      <QTable<Row, List['totals']>
        label="Recapiti che non funzionano"
        columns={columns}
        list={list}
        queryKey={['delivery.failing', query]}
        fetchPage={(paging, signal) => client.delivery.failing({ ...query, ...paging }, { signal })}
        rowId={(r) => r.contactPointId}
        rowName={(r) => `${r.personName}, ${CHANNELS[r.channel]}`}
        onOpen={fix}
        onLoaded={setCount}
        foot={(total) => ({
          left: (
            <span>
              <b>{formatCount(total)}</b> {total === 1 ? 'recapito' : 'recapiti'}
            </span>
          ),
          right: <span className="muted small">corretti qui, gli avvisi si rispediscono da Consegne</span>,
        })}
        empty={
          words !== '' ? (
            <NothingMatches filters={words} onClear={list.clearFilters} />
          ) : (
            <AllDone
              title="Nessun recapito da correggere"
              text="Qui arriva chi ha un indirizzo che rimbalza o una PEC che non consegna, finché non lo correggi."
              action={<Button onClick={() => void navigate({ to: '/consegne' })}>Torna alle consegne</Button>}
            />
          )
        }
      />
      {fixing && (fixing.channel === 'email' || fixing.channel === 'pec') && (
        <FixAddress
          failing={{
            personId: fixing.personId,
            personName: fixing.personName,
            channel: fixing.channel,
            address: fixing.address,
            reason: fixing.reason,
            deliveryId: null,
          }}
          onClose={() => setFixing(null)}
        />
      )}
    </Page>
  )
}
