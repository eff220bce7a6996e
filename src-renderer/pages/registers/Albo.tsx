import { Button, Menu } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconFileExport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { romeDateTime } from '#domain/date'
import { ALBO_WHAT, CATEGORIES, FIELDS } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { counted, DateText, formatCount, Money, Mono } from '../../components/cells.tsx'
import { AllDone, NothingMatches } from '../../components/EmptyState.tsx'
import { saveFile } from '../../components/files.ts'
import { ToneText } from '../../components/St.tsx'
import { say, sayFailure } from '../../components/toast.ts'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { type FilterDef, filtersInWords } from '../../table/FilterBar.tsx'
import { ListBar } from '../../table/ListBar.tsx'
import { type ListState, manyOf } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'

type List = InferContractRouterOutputs<Contract>['albo']['list']
type Row = List['rows'][number]

const TONES = { paid: 'ok', partly: 'info', withdrawn: 'bad' } as const

const COLUMNS: readonly QColumn<Row>[] = [
  {
    id: 'what',
    header: FIELDS.state,
    width: 104,
    cell: (r) => <ToneText tone={TONES[r.what]}>{ALBO_WHAT[r.what]}</ToneText>,
  },
  {
    id: 'externalReference',
    header: 'Chiave Albo',
    width: 110,
    cell: (r) => <Mono>{r.externalReference}</Mono>,
    title: (r) => r.externalReference ?? 'La quota non è arrivata con una chiave sua',
  },
  { id: 'alboNumber', header: 'N. iscrizione', width: 92, hidden: 'wide', cell: (r) => r.alboNumber },
  {
    id: 'personName',
    header: 'Iscritto',
    width: 170,
    flex: true,
    cell: (r) => r.personName,
    title: (r) => r.personName,
  },
  { id: 'fiscalCode', header: FIELDS.fiscalCode, width: 138, cell: (r) => <Mono>{r.fiscalCode}</Mono> },
  { id: 'category', header: FIELDS.category, width: 110, hidden: 'wide', cell: (r) => CATEGORIES[r.category] },
  { id: 'competenceYear', header: 'Anno', width: 58, align: 'right', cell: (r) => r.competenceYear },
  { id: 'causale', header: FIELDS.causale, width: 180, cell: (r) => r.causale, title: (r) => r.causale },
  {
    id: 'number',
    header: FIELDS.accertamentoShort,
    width: 86,
    align: 'right',
    hidden: 'wide',
    cell: (r) => `${formatCount(r.number)}/${r.exercise}`,
  },
  { id: 'date', header: 'Reversale del', width: 92, cell: (r) => <DateText date={r.date} /> },
  {
    id: 'cents',
    header: 'Importo €',
    width: 92,
    align: 'right',
    cell: (r) => <Money cents={r.cents} />,
  },
  {
    id: 'collectedCents',
    header: 'In tutto €',
    width: 92,
    align: 'right',
    cell: (r) => <Money cents={r.collectedCents} />,
  },
]

const FILTERS: readonly FilterDef[] = [
  {
    key: 'vedi',
    label: 'Vedi',
    kind: 'one',
    options: [{ value: 'tutti', label: 'Tutti quelli che hanno pagato' }],
  },
  {
    key: 'esito',
    label: FIELDS.state,
    kind: 'many',
    options: Object.entries(ALBO_WHAT).map(([value, label]) => ({ value, label })),
  },
]

/** Lists for the Albo: who has paid since the last one, or altogether; what was annulled after it is withdrawn. */
export function Albo({ list }: { readonly list: ListState }) {
  const navigate = useNavigate()
  const columns = useColumns('albo', COLUMNS)
  const last = useQuery(orpc.albo.last.queryOptions())
  const [count, setCount] = useState(0)
  const f = list.filters
  const onlyNew = f.vedi !== 'tutti'
  const query = {
    filters: { exercise: null, onlyNew, what: manyOf<Row['what']>(f.esito) },
    search: list.search,
    sort: list.sort,
  }
  const words = filtersInWords(FILTERS, list)
  const handOver = async (format: 'xlsx' | 'csv') => {
    try {
      const shown = columns.all.filter((c) => columns.isShown(c.id))
      const { file, rows } = await client.albo.handOver({
        format,
        filters: {},
        title: 'Chi ha pagato',
        filtersInWords: 'Novità dall’ultima lista',
        columns: shown.map((c) => ({ key: c.id, heading: c.header })),
      })
      await saveFile(file)
      say(`Lista per l’Albo con ${counted(rows, 'riga', 'righe')}: la prossima partirà da qui.`)
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <>
      <ListBar
        list={list}
        filters={FILTERS}
        searchLabel="Nome, CF, chiave"
        columns={columns}
        title="Chi ha pagato"
        words={words}
        run={(request) => client.albo.export({ ...query, ...request })}
        main={
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                variant="filled"
                disabled={!onlyNew || count === 0}
                leftSection={<IconFileExport size={16} stroke={1.7} aria-hidden />}
              >
                Consegna le novità…
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => void handOver('xlsx')}>Excel (.xlsx)</Menu.Item>
              <Menu.Item onClick={() => void handOver('csv')}>CSV</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        }
      />
      <p className="list-about ink2">
        {last.data
          ? `Ultima lista consegnata ${romeDateTime(last.data.at)}, ${counted(last.data.rows, 'riga', 'righe')}.`
          : 'Nessuna lista ancora consegnata.'}{' '}
        {onlyNew && last.data
          ? 'Qui sotto quello che è cambiato da allora.'
          : 'Qui sotto tutti quelli che hanno pagato.'}
      </p>
      <QTable<Row, List['totals']>
        label="Lista per l’Albo"
        columns={columns}
        list={list}
        queryKey={['albo.list', query]}
        fetchPage={(paging, signal) => client.albo.list({ ...query, ...paging }, { signal })}
        rowId={(r) => r.accertamentoId}
        rowName={(r) => r.personName}
        rowClass={(r) => (r.what === 'withdrawn' ? 'struck' : '')}
        onLoaded={(n) => setCount(n)}
        onOpen={(r) => void navigate({ to: '/persone/$id', params: { id: String(r.personId) } })}
        foot={(n, totals) => ({
          left: (
            <>
              <span>
                <b>{counted(n, 'quota', 'quote')}</b>
              </span>
              {totals.withdrawnCents > 0 && (
                <span className="t-bad">
                  ritirate <Money cents={totals.withdrawnCents} />
                </span>
              )}
            </>
          ),
          right: (
            <span>
              {FIELDS.collected} <Money cents={totals.cents} euro strong />
            </span>
          ),
        })}
        empty={
          words === '' ? (
            <AllDone title="Nessuna novità per l’Albo" text="Dall’ultima lista consegnata nessuno ha pagato." />
          ) : (
            <NothingMatches filters={words} onClear={list.clearFilters} />
          )
        }
      />
    </>
  )
}
