import { Button, Select } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconBellOff, IconPlus, IconUsers } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { CHANNELS, FIELDS } from '#domain/vocabulary'
import { client } from '../client.ts'
import { formatCount, TimeText } from '../components/cells.tsx'
import { NothingMatches, NotYet } from '../components/EmptyState.tsx'
import { Page } from '../components/Page.tsx'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import { type QColumn, useColumns } from '../table/columns.ts'
import { FilterBar } from '../table/FilterBar.tsx'
import { useListState } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'
import { usePersonSearch } from './deliveries/person-search.ts'
import { AddStop, RemoveStop } from './deliveries/StopDialogs.tsx'

type List = InferContractRouterOutputs<Contract>['deliveryStop']['list']
type Row = List['rows'][number]

function columnsOf(lift: (row: Row) => void): readonly QColumn<Row>[] {
  return [
    {
      id: 'personName',
      header: FIELDS.person,
      width: 200,
      flex: true,
      cell: (r) => r.personName,
      title: (r) => r.personName,
    },
    {
      id: 'channel',
      header: 'Che cosa',
      width: 130,
      cell: (r) => (r.channel === null ? 'Niente' : `Niente per ${CHANNELS[r.channel]}`),
    },
    {
      id: 'reason',
      header: 'Motivo',
      width: 280,
      flex: true,
      sortable: false,
      cell: (r) => r.reason,
      title: (r) => r.reason,
    },
    { id: 'from', header: 'Dal', width: 92, cell: (r) => <TimeText at={r.from} /> },
    { id: 'operator', header: 'Chi l’ha scritto', width: 130, cell: (r) => r.operator },
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
          aria-label={`Togli… ${r.personName}`}
          onClick={() => lift(r)}
        >
          Togli…
        </button>
      ),
    },
  ]
}

/** Consegne · «Non spedire»: people to whom nothing is sent, on one channel or on all, with the reason. */
export function StopList() {
  const navigate = useNavigate()
  const list = useListState({ sort: 'personName' })
  const [adding, setAdding] = useState(false)
  const [lifting, setLifting] = useState<Row | null>(null)
  const [cursor, setCursor] = useState<Row>()
  const columns = useColumns('non-spedire', columnsOf(setLifting))
  const query = { filters: {}, search: list.search, sort: list.sort }
  const words = list.search === '' ? '' : `Ricerca «${list.search}»`
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Enter', label: 'apri la scheda' },
    { keys: 'Delete', label: 'togli…', run: () => cursor && setLifting(cursor) },
    { keys: 'Ctrl+Enter', label: 'aggiungi…', run: () => setAdding(true) },
    { keys: 'Escape', label: 'torna alle consegne', run: () => void navigate({ to: '/consegne' }) },
  ])
  return (
    <Page
      title="Non spedire"
      about="chi non riceve, e perché"
      back="/consegne"
      actions={
        <Button
          variant="filled"
          leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          Aggiungi una persona…
        </Button>
      }
    >
      <FilterBar list={list} filters={[]} searchLabel="Nome" right={<ColumnsButton columns={columns} />} />
      <QTable<Row, List['totals']>
        label="Non spedire"
        columns={columns}
        list={list}
        queryKey={['deliveryStop.list', query]}
        fetchPage={(paging, signal) => client.deliveryStop.list({ ...query, ...paging }, { signal })}
        rowId={(r) => r.id}
        rowName={(r) => r.personName}
        onCursor={setCursor}
        onOpen={(r) => void navigate({ to: '/persone/$id', params: { id: String(r.personId) } })}
        onDelete={setLifting}
        foot={(total) => ({
          left: (
            <span>
              <b>{formatCount(total)}</b> {total === 1 ? 'riga' : 'righe'}
            </span>
          ),
          right: <span className="muted small">si guarda al momento della partenza, non solo alla preparazione</span>,
        })}
        empty={
          words !== '' ? (
            <NothingMatches filters={words} onClear={list.clearFilters} />
          ) : (
            <NotYet
              stop="Avviso"
              done={['Quote']}
              title="Si spedisce a tutti"
              text="Qui sta chi non deve ricevere niente, su un canale o su tutti: per esempio un deceduto, o chi ritira allo sportello. Resta il motivo, e le campagne lo lasciano fuori dicendolo."
              ways={[
                {
                  title: 'Aggiungi una persona',
                  text: 'Cercala per nome e scrivi il motivo',
                  icon: IconBellOff,
                  keys: 'Ctrl+Enter',
                  run: () => setAdding(true),
                },
                { title: 'Guarda le persone', text: 'Si può fare anche dalla scheda', icon: IconUsers, to: '/persone' },
              ]}
            />
          )
        }
      />
      {adding && <FindAndAdd onClose={() => setAdding(false)} />}
      {lifting && (
        <RemoveStop
          id={lifting.id}
          personName={lifting.personName}
          channel={lifting.channel}
          onClose={() => setLifting(null)}
        />
      )}
    </Page>
  )
}

function FindAndAdd({ onClose }: { readonly onClose: () => void }) {
  const search = usePersonSearch()
  return (
    <AddStop
      person={search.chosen}
      onClose={onClose}
      who={
        <Select
          label="Chi"
          placeholder="Cerca per nome o codice fiscale"
          searchable
          data-autofocus
          data={search.options}
          value={search.value}
          onChange={search.choose}
          searchValue={search.text}
          onSearchChange={search.setText}
          filter={({ options }) => options}
          description={search.none ? 'Nessuna persona con questo nome.' : 'Almeno due lettere.'}
          comboboxProps={{ withinPortal: false }}
        />
      }
    />
  )
}
