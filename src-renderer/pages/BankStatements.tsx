import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconArrowsSplit2, IconFileUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Contract } from '#contract/contract'
import { SECTIONS, STATEMENT_PROFILES } from '#domain/vocabulary'
import { client, orpc } from '../client.ts'
import { counted, DateText, formatCount, Money, TimeText } from '../components/cells.tsx'
import { NothingMatches, NotYet } from '../components/EmptyState.tsx'
import { Page } from '../components/Page.tsx'
import { useRoadDone } from '../components/road-done.ts'
import { ToneText } from '../components/St.tsx'
import { Views } from '../components/Views.tsx'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import { type QColumn, useColumns } from '../table/columns.ts'
import { FilterBar, filtersInWords } from '../table/FilterBar.tsx'
import { type ListState, useListState, withoutKey } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'
import { cleared } from '../url-state.ts'
import { Movements } from './statements/Movements.tsx'
import { moneyFoot } from './statements/money-foot.tsx'
import { PendingMovements } from './statements/PendingMovements.tsx'

type List = InferContractRouterOutputs<Contract>['bankStatement']['list']
type Row = List['rows'][number]

const COLUMNS: readonly QColumn<Row>[] = [
  { id: 'from', header: 'Dal', width: 94, cell: (r) => <DateText date={r.from} /> },
  { id: 'to', header: 'Al', width: 88, cell: (r) => <DateText date={r.to} /> },
  { id: 'account', header: 'Conto', width: 150, cell: (r) => r.account, title: (r) => r.account },
  { id: 'fileName', header: 'File', width: 200, flex: true, cell: (r) => r.fileName, title: (r) => r.fileName },
  {
    id: 'profile',
    header: 'Formato',
    width: 150,
    hidden: 'wide',
    cell: (r) => STATEMENT_PROFILES[r.profile] ?? r.profile,
    title: (r) => r.profile,
  },
  { id: 'at', header: 'Caricato', width: 104, cell: (r) => <TimeText at={r.at} /> },
  { id: 'operator', header: 'Operatore', width: 100, hidden: 'wide', cell: (r) => r.operator },
  { id: 'movements', header: 'Movimenti', width: 76, align: 'right', cell: (r) => formatCount(r.movements) },
  {
    id: 'toDecide',
    header: 'Da decidere',
    width: 104,
    cell: (r) =>
      r.toDecide > 0 ? (
        <ToneText tone="warn">{formatCount(r.toDecide)}</ToneText>
      ) : (
        <ToneText tone="ok">nessuno</ToneText>
      ),
  },
  { id: 'debitCents', header: 'Uscite €', width: 96, align: 'right', cell: (r) => <Money cents={r.debitCents} /> },
  { id: 'creditCents', header: 'Entrate €', width: 96, align: 'right', cell: (r) => <Money cents={r.creditCents} /> },
]

/** Incassi · Estratti conto: the statements kept and all their movements. */
export function BankStatements() {
  const done = useRoadDone()
  const navigate = useNavigate()
  const list = useListState({ sort: '-to' })
  const own = withoutKey(list, 'elenco')
  const shown = list.url.elenco ?? 'movimenti'
  const load = () => void navigate({ to: '/estratti-conto/carica' })
  const one = { limit: 1, offset: 0, search: '', sort: null }
  const statements = useQuery(orpc.bankStatement.list.queryOptions({ input: { filters: {}, ...one } }))
  const pending = useQuery(orpc.bankStatement.pending.queryOptions({ input: { filters: {}, ...one } }))
  const movements = useQuery(orpc.bankStatement.movements.queryOptions({ input: { filters: {}, ...one } }))
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Ctrl+O', label: 'carica estratto…', run: load },
  ])
  const go = (id: string) => {
    list.set({ ...cleared(list.url), elenco: id === 'movimenti' ? undefined : id }, { push: true })
  }
  const empty = (
    <NotYet
      stop="Accredito"
      done={done}
      title="Qui arriveranno i movimenti del conto"
      text="Scarica dalla banca la lista dei movimenti in CSV e caricala: il programma riconosce il formato, o ti chiede una volta quali colonne sono data, importo e descrizione, e se lo ricorda."
      ways={[
        {
          title: 'Carica l’estratto conto',
          text: 'Scegli il conto e il file della banca',
          icon: IconFileUpload,
          keys: 'Ctrl+O',
          run: load,
        },
        {
          title: 'Importa i flussi',
          text: 'Le rendicontazioni da abbinare',
          icon: IconArrowsSplit2,
          to: '/rendicontazioni',
        },
      ]}
    />
  )
  return (
    <Page
      title={SECTIONS.bankStatements}
      about={
        statements.data && movements.data
          ? `${counted(statements.data.count, 'estratto', 'estratti')} · ${counted(movements.data.count, 'movimento', 'movimenti')}`
          : undefined
      }
      actions={
        <Button variant="filled" leftSection={<IconFileUpload size={16} stroke={1.7} aria-hidden />} onClick={load}>
          Carica estratto conto…
        </Button>
      }
    >
      <Views
        tabs={[
          { id: 'movimenti', label: 'Movimenti', count: movements.data?.count },
          { id: 'estratti', label: 'Estratti caricati', count: statements.data?.count },
          ...((pending.data?.count ?? 0) > 0 || shown === 'da-decidere'
            ? [{ id: 'da-decidere', label: 'Forse già presenti', count: pending.data?.count }]
            : []),
        ]}
        value={shown}
        onChange={go}
      />
      {shown === 'movimenti' && <Movements list={own} empty={empty} />}
      {shown === 'estratti' && <Statements list={own} empty={empty} />}
      {shown === 'da-decidere' && (
        <PendingMovements
          list={own}
          empty={<p className="note note-ok">Niente da decidere: ogni riga caricata è un movimento solo.</p>}
        />
      )}
    </Page>
  )
}

function Statements({ list, empty }: { readonly list: ListState; readonly empty: React.ReactNode }) {
  const navigate = useNavigate()
  const columns = useColumns('estratti', COLUMNS)
  const query = { filters: {}, search: list.search, sort: list.sort }
  const words = filtersInWords([], list)
  return (
    <>
      <FilterBar list={list} filters={[]} searchLabel="Conto, file" right={<ColumnsButton columns={columns} />} />
      <QTable<Row, List['totals']>
        label="Estratti caricati"
        columns={columns}
        list={list}
        queryKey={['bankStatement.list', query]}
        fetchPage={(paging, signal) => client.bankStatement.list({ ...query, ...paging }, { signal })}
        rowId={(r) => r.id}
        rowName={(r) => r.fileName}
        onOpen={(r) => void navigate({ to: '/riconciliazione', search: { estratto: String(r.id) } as never })}
        foot={(count, totals) => moneyFoot(count, ['estratto', 'estratti'], totals)}
        empty={words === '' ? empty : <NothingMatches filters={words} onClear={list.clearFilters} />}
      />
    </>
  )
}
