import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { romeDateTime } from '#domain/date'
import type { NodeCall, NodeEnvironment, NodeService } from '#domain/node-ports'
import { ENVIRONMENTS, NODE_OUTCOMES, NODE_SERVICE_NAMES } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, ExactTime, formatCount, Mono } from '../../components/cells.tsx'
import { AllDone, NothingMatches } from '../../components/EmptyState.tsx'
import { Facts } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { useKeys } from '../../keys.ts'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { DetailPanel, WithPanel } from '../../table/DetailPanel.tsx'
import { type FilterDef, filtersInWords } from '../../table/FilterBar.tsx'
import { ListBar } from '../../table/ListBar.tsx'
import { manyOf, useListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'

type List = InferContractRouterOutputs<Contract>['node']['calls']
type Row = List['rows'][number]

const TONES = { ok: 'ok', refused: 'bad', closed: 'bad', temporary: 'warn', unknown: 'unc' } as const

const COLUMNS: readonly QColumn<Row>[] = [
  { id: 'at', header: 'Quando', width: 160, cell: (r) => <ExactTime at={r.at} /> },
  { id: 'service', header: 'Servizio', width: 108, cell: (r) => NODE_SERVICE_NAMES[r.service] },
  { id: 'operation', header: 'Operazione', width: 166, cell: (r) => <Mono>{r.operation}</Mono> },
  {
    id: 'outcome',
    header: 'Esito',
    width: 126,
    cell: (r) => <ToneText tone={TONES[r.outcome]}>{NODE_OUTCOMES[r.outcome]}</ToneText>,
  },
  { id: 'status', header: 'HTTP', width: 56, align: 'right', cell: (r) => r.status ?? '·' },
  { id: 'milliseconds', header: 'ms', width: 66, align: 'right', cell: (r) => formatCount(Math.round(r.milliseconds)) },
  {
    id: 'reply',
    header: 'Che cosa ha detto',
    width: 200,
    flex: true,
    sortable: false,
    cell: (r) => (r.outcome === 'ok' ? <Mono>{r.path}</Mono> : r.reason),
    title: (r) => (r.outcome === 'ok' ? r.path : `${r.reason} ${r.reply}`),
  },
  { id: 'method', header: 'Metodo', width: 70, hidden: true, sortable: false, cell: (r) => <Mono>{r.method}</Mono> },
  { id: 'path', header: 'Indirizzo', width: 300, hidden: true, cell: (r) => <Mono>{r.path}</Mono> },
  { id: 'environment', header: 'Ambiente', width: 96, hidden: true, cell: (r) => ENVIRONMENTS[r.environment].name },
  { id: 'bytesIn', header: 'Byte', width: 80, align: 'right', hidden: true, cell: (r) => formatCount(r.bytesIn) },
  {
    id: 'requestId',
    header: 'Richiesta',
    width: 260,
    hidden: true,
    sortable: false,
    cell: (r) => <Mono>{r.requestId}</Mono>,
  },
]

function options<K extends string>(names: Readonly<Record<K, string>>) {
  return (Object.entries(names) as [K, string][]).map(([value, label]) => ({ value, label }))
}

const FILTERS: readonly FilterDef[] = [
  { key: 'servizio', label: 'Servizio', kind: 'many', options: options(NODE_SERVICE_NAMES) },
  { key: 'esito', label: 'Esito', kind: 'many', options: options(NODE_OUTCOMES) },
  {
    key: 'ambiente',
    label: 'Ambiente',
    kind: 'many',
    options: Object.entries(ENVIRONMENTS).map(([value, { name }]) => ({ value, label: name })),
  },
]

/** What this computer asked pagoPA, newest first: without keys, fiscal codes of people masked. */
export function NodeCalls() {
  const list = useListState({ sort: '-at' })
  const columns = useColumns('chiamate-nodo', COLUMNS)
  const [row, setRow] = useState<Row | undefined>()
  const [count, setCount] = useState(0)
  const [asking, setAsking] = useState(false)
  // The log is no part of the ledger: nothing says that it has grown.
  const [look, setLook] = useState(0)
  const again = () => setLook(look + 1)
  const query = {
    filters: {
      service: manyOf<NodeService>(list.filters.servizio),
      outcome: manyOf<NodeCall['outcome']>(list.filters.esito),
      environment: manyOf<NodeEnvironment>(list.filters.ambiente),
    },
    search: list.search,
    sort: list.sort,
  }
  const words = filtersInWords(FILTERS, list)
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'F9', label: 'aggiorna', run: again },
  ])
  return (
    <div className="settings-stack">
      <ListBar
        list={list}
        filters={FILTERS}
        searchLabel="Cerca nelle chiamate"
        columns={columns}
        title="Chiamate a pagoPA"
        words={words}
        run={(request) => client.node.exportCalls({ ...query, ...request })}
        extra={
          <Button className="danger" disabled={count === 0} onClick={() => setAsking(true)}>
            Svuota…
          </Button>
        }
        main={
          <Button variant="filled" leftSection={<IconRefresh size={16} stroke={1.7} aria-hidden />} onClick={again}>
            Aggiorna
          </Button>
        }
      />
      <WithPanel panel={row ? <Call row={row} /> : null}>
        <QTable<Row, List['totals']>
          label="Chiamate a pagoPA"
          columns={columns}
          list={list}
          queryKey={['node.calls', query, look]}
          fetchPage={(paging, signal) => client.node.calls({ ...query, ...paging }, { signal })}
          rowId={(r) => r.id}
          rowName={(r) => `${r.operation} delle ${romeDateTime(r.at).slice(11, 19)}`}
          onCursor={setRow}
          onLoaded={setCount}
          foot={(total, { failed }) => ({
            left: (
              <span>
                <b>{formatCount(total)}</b> {total === 1 ? 'chiamata' : 'chiamate'}
                {failed > 0 && `, ${counted(failed, 'non riuscita', 'non riuscite')}`}
              </span>
            ),
            right: <span className="muted small">senza chiavi; codici fiscali coperti</span>,
          })}
          empty={
            words === '' ? (
              <AllDone
                title="Nessuna chiamata"
                text="Ogni richiesta a pagoPA, o al nodo di prova, lascia qui una riga."
              />
            ) : (
              <NothingMatches filters={words} onClear={list.clearFilters} />
            )
          }
        />
      </WithPanel>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Svuota le chiamate"
        subtitle="Il registro delle chiamate di questo computer si cancella tutto, anche quelle che i filtri non mostrano. I libri non cambiano."
        act="Svuota"
        leave="Lascia"
        danger
        onConfirm={async () => {
          await client.node.clearCalls()
          setRow(undefined)
          again()
        }}
      />
    </div>
  )
}

function Call({ row }: { readonly row: Row }) {
  return (
    <DetailPanel title={row.operation} subtitle={NODE_OUTCOMES[row.outcome]}>
      <Facts
        rows={[
          ['Quando', <ExactTime key="at" at={row.at} />],
          ['Ambiente', ENVIRONMENTS[row.environment].name],
          ['Servizio', NODE_SERVICE_NAMES[row.service]],
          ['Indirizzo', <Mono key="path">{`${row.method} ${row.path}`}</Mono>],
          [
            'Risposta',
            row.status === null ? 'nessuna' : `${row.status}, in ${formatCount(Math.round(row.milliseconds))} ms`,
          ],
          ['Byte', `${formatCount(row.bytesOut)} mandati, ${formatCount(row.bytesIn)} ricevuti`],
          ['Perché', row.reason === '' ? '·' : row.reason],
          ['pagoPA dice', row.reply === '' ? '·' : row.reply],
          ['Richiesta', <Mono key="id">{row.requestId}</Mono>],
        ]}
      />
    </DetailPanel>
  )
}
