import { Button, Textarea, TextInput } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconFileImport, IconPlus, IconStack2, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { CATEGORIES, FIELDS, SECTIONS } from '#domain/vocabulary'
import { useExercise } from '../app-state.ts'
import { client, orpc } from '../client.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { counted, DateText, formatCount, Money, Mono } from '../components/cells.tsx'
import { NothingMatches, NotYet } from '../components/EmptyState.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { Page } from '../components/Page.tsx'
import { St, StIcon } from '../components/St.tsx'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import {
  ADDRESS_FILTER,
  AMOUNT_FILTERS,
  CATEGORY_FILTER,
  DUE_FILTERS,
  numberOf,
  ORIGIN_FILTER,
  useCapitoloFilter,
  useImportFilter,
  useIssuanceFilter,
  useServiceFilter,
  whetherOf,
} from '../table/chart-filters.ts'
import { type QColumn, useColumns } from '../table/columns.ts'
import { WithPanel } from '../table/DetailPanel.tsx'
import { FilterBar, type FilterDef, filtersInWords } from '../table/FilterBar.tsx'
import { ListActions } from '../table/ListActions.tsx'
import { ListViews } from '../table/ListViews.tsx'
import { manyOf, useListState } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'
import { useSelection } from '../table/selection.ts'
import type { UrlState } from '../url-state.ts'
import { AccertamentoPanel } from './accertamenti/AccertamentoPanel.tsx'
import { keepScope } from './tariffs/fee.ts'

type List = InferContractRouterOutputs<Contract>['accertamento']['list']
type Row = List['rows'][number]

const COLUMNS: readonly QColumn<Row>[] = [
  {
    id: 'number',
    header: 'N.',
    width: 60,
    align: 'right',
    cell: (r) => <b className="strong">{formatCount(r.number)}</b>,
  },
  { id: 'exercise', header: 'Esercizio', width: 70, hidden: true, cell: (r) => r.exercise },
  { id: 'date', header: 'Data', width: 88, hidden: 'wide', cell: (r) => <DateText date={r.date} /> },
  {
    id: 'personName',
    header: FIELDS.debtor,
    width: 138,
    flex: true,
    cell: (r) => r.personName,
    title: (r) => r.personName,
  },
  { id: 'fiscalCode', header: FIELDS.fiscalCode, width: 131, cell: (r) => <Mono>{r.fiscalCode}</Mono> },
  {
    id: 'causale',
    header: FIELDS.causale,
    width: 170,
    hidden: 'wide',
    cell: (r) => r.causale,
    title: (r) => r.causale,
  },
  {
    id: 'service',
    header: FIELDS.serviceType,
    width: 130,
    hidden: true,
    cell: (r) => r.service,
    title: (r) => r.service,
  },
  { id: 'competenceYear', header: FIELDS.competenceYear, width: 48, cell: (r) => r.competenceYear },
  { id: 'capitolo', header: FIELDS.capitoloShort, width: 46, cell: (r) => r.capitolo },
  { id: 'category', header: FIELDS.category, width: 120, hidden: true, cell: (r) => CATEGORIES[r.category] },
  { id: 'dueDate', header: FIELDS.dueDate, width: 88, cell: (r) => <DateText date={r.dueDate} /> },
  {
    id: 'issued',
    header: FIELDS.notice,
    width: 56,
    cell: (r) => <StIcon tone={r.issued ? 'ok' : 'neu'} word={r.issued ? 'Avviso emesso' : 'Senza avviso'} />,
    align: 'center',
  },
  { id: 'state', header: FIELDS.state, width: 138, cell: (r) => <St family="accertamento" code={r.state} /> },
  { id: 'dueCents', header: 'Importo €', width: 84, align: 'right', cell: (r) => <Money cents={r.dueCents} /> },
  {
    id: 'outstandingCents',
    header: 'Da risc. €',
    width: 84,
    align: 'right',
    hidden: 'wide',
    cell: (r) => <Money cents={r.outstandingCents} />,
  },
]

const VIEWS = [
  { id: 'tutti', counts: ['all'], label: 'Tutti', state: {} },
  { id: 'da-emettere', counts: ['notIssued'], label: 'Senza avviso', state: { avviso: 'no' } },
  {
    id: 'da-riscuotere',
    counts: ['outstanding', 'partlyCollected'],
    label: FIELDS.outstanding,
    state: { stato: 'outstanding,partlyCollected' },
  },
  { id: 'riscossi', counts: ['collected'], label: 'Riscossi', state: { stato: 'collected' } },
  { id: 'residui', counts: ['residui'], label: FIELDS.residui, state: { provenienza: 'residui' } },
]

/** Emissione · Accertamenti: what each person owes, in the books (SCREENS.md §9.2). */
export function Accertamenti() {
  const exercise = useExercise()
  const list = useListState({ sort: 'number' })
  const columns = useColumns('accertamenti', COLUMNS)
  const selection = useSelection()
  const navigate = useNavigate()
  const [cursor, setCursor] = useState<Row>()
  const [count, setCount] = useState<number | null>(null)
  const [cancelling, setCancelling] = useState(false)
  const counts = useQuery(orpc.accertamento.counts.queryOptions({ input: { exercise } }))
  const [capitoli, services, imports, issuances] = [
    useCapitoloFilter(exercise),
    useServiceFilter(),
    useImportFilter(),
    useIssuanceFilter(),
  ]
  const filters = [...STATE_FILTERS, CATEGORY_FILTER, capitoli, services, imports, issuances, ...MORE_FILTERS]
  const query = { filters: filtersOf(list.filters, exercise), search: list.search, sort: list.sort }
  const words = filtersInWords(filters, list)
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Space', label: 'seleziona' },
    { keys: 'Enter', label: 'apri la persona' },
    { keys: 'Delete', label: 'annulla…' },
    { keys: 'Ctrl+Enter', label: 'genera posizioni', run: () => void navigate({ to: '/posizioni/genera' }) },
  ])
  return (
    <Page
      title={SECTIONS.accertamenti}
      about={count === null ? undefined : `${formatCount(count)} nell’esercizio ${exercise}`}
      actions={
        <>
          <ListActions
            columns={columns}
            title={`${SECTIONS.accertamenti} ${exercise}`}
            filters={words}
            disabled={count === 0}
            run={(request) => client.accertamento.export({ ...query, ...request })}
          />
          <Button
            leftSection={<IconUsers size={16} stroke={1.7} aria-hidden />}
            onClick={() => void navigate({ to: '/quote/genera' })}
          >
            Genera quote…
          </Button>
          <Button
            leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
            onClick={() => void navigate({ to: '/posizioni/nuova' })}
          >
            Nuova posizione
          </Button>
          <Button
            variant="filled"
            disabled={count === 0}
            leftSection={<IconStack2 size={16} stroke={1.7} aria-hidden />}
            onClick={() => void navigate({ to: '/posizioni/genera' })}
          >
            Genera posizioni…
          </Button>
        </>
      }
    >
      <ListViews
        page="accertamenti"
        list={list}
        countOf={async (f) => {
          const own = { filters: filtersOf(f, exercise), search: '', sort: null, limit: 1 }
          return (await client.accertamento.list(own)).count
        }}
        views={VIEWS.map((v) => ({ ...v, count: sumOf(counts.data, v.counts) }))}
      />
      <FilterBar
        list={list}
        filters={filters}
        searchLabel="Nome, CF, numero, causale"
        right={<ColumnsButton columns={columns} />}
      />
      <WithPanel panel={cursor ? <AccertamentoPanel row={cursor} /> : null}>
        <QTable<Row, List['totals']>
          label={SECTIONS.accertamenti}
          columns={columns}
          list={list}
          selection={selection}
          queryKey={['accertamento.list', query]}
          fetchPage={(paging, signal) => client.accertamento.list({ ...query, ...paging }, { signal })}
          rowId={(r) => r.id}
          rowName={(r) => `${r.number}/${r.exercise} ${r.personName}`}
          rowCents={(r) => r.dueCents}
          totalCents={(t) => t.dueCents}
          rowClass={(r) => (r.state === 'cancelled' ? 'struck' : '')}
          onCursor={setCursor}
          onLoaded={setCount}
          onOpen={(r) => void navigate({ to: '/persone/$id', params: { id: String(r.personId) } })}
          onDelete={(r) => {
            if (selection.count(count ?? 0) === 0) selection.toggle(r.id, r.dueCents)
            setCancelling(true)
          }}
          bulk={
            <>
              <Button
                onClick={() =>
                  void navigate({ to: '/mora', search: keepScope({ accertamenti: selection.asInput(query) }) as never })
                }
              >
                Mora…
              </Button>
              <Button className="danger" onClick={() => setCancelling(true)}>
                Annulla…
              </Button>
            </>
          }
          foot={(total, totals) => ({
            left: (
              <>
                <span>
                  <b>{formatCount(total)}</b> accertamenti
                </span>
                <span>
                  riscosso <Money cents={totals.collectedCents} />
                </span>
                <span>
                  da riscuotere <Money cents={totals.outstandingCents} />
                </span>
              </>
            ),
            right: (
              <span>
                {FIELDS.assessed} <Money cents={totals.dueCents} euro strong />
              </span>
            ),
          })}
          empty={
            words !== '' ? (
              <NothingMatches filters={words} onClear={list.clearFilters} />
            ) : (
              <NotYet
                stop="Quote"
                title="Qui arriveranno gli accertamenti"
                text="Un accertamento è una somma che una persona deve all’ente, su un capitolo, con un numero dell’esercizio. Nasce confermando un’importazione di quote, o dalle tariffe."
                ways={[
                  {
                    title: 'Importa le quote',
                    text: 'Leggi il file degli iscritti e di ciò che devono',
                    icon: IconFileImport,
                    to: '/importa',
                    keys: 'Alt+2',
                  },
                  {
                    title: 'Genera le quote dalle tariffe',
                    text: 'Dall’albo, senza un file: scrivi la tariffa una volta l’anno',
                    icon: IconUsers,
                    to: '/quote/genera',
                  },
                ]}
              />
            )
          }
        />
      </WithPanel>
      {cancelling && (
        <CancelDialog
          selection={selection.asInput(query)}
          onClose={() => setCancelling(false)}
          onDone={() => selection.clear()}
        />
      )}
    </Page>
  )
}

/** The address as the contract's filters. */
function filtersOf(f: UrlState, exercise: number) {
  return {
    exercise,
    origin: (f.provenienza ?? null) as 'competenza' | 'residui' | null,
    state: manyOf<Row['state']>(f.stato),
    category: manyOf<Row['category']>(f.categoria),
    capitoloId: numberOf<Id<'capitolo'>>(f.capitolo),
    serviceTypeId: numberOf<Id<'serviceType'>>(f.tipo),
    importId: numberOf<Id<'registerImport'>>(f.importazione),
    issuanceId: numberOf<Id<'issuance'>>(f.lotto),
    issued: whetherOf(f.avviso, 'si'),
    minCents: numberOf<Cents>(f.min),
    maxCents: numberOf<Cents>(f.max),
    dueFrom: (f.dal ?? null) as IsoDate | null,
    dueTo: (f.entro ?? null) as IsoDate | null,
    unpaidSinceRaised: numberOf<number>(f.aperto),
    unpaidSinceDue: numberOf<number>(f.scaduto),
    withoutAddress: whetherOf(f.indirizzo, 'senza'),
  }
}

function sumOf(counts: Readonly<Record<string, number>> | undefined, keys: readonly string[]): number | undefined {
  if (!counts || keys.length === 0) return undefined
  return keys.reduce((total, key) => total + (counts[key] ?? 0), 0)
}

const STATE_FILTERS: readonly FilterDef[] = [
  {
    key: 'stato',
    label: FIELDS.state,
    kind: 'many',
    options: [
      { value: 'outstanding', label: 'Da riscuotere' },
      { value: 'partlyCollected', label: 'Riscosso in parte' },
      { value: 'collected', label: 'Riscosso' },
      { value: 'cancelled', label: 'Annullato' },
    ],
  },
  ORIGIN_FILTER,
  {
    key: 'avviso',
    label: FIELDS.notice,
    kind: 'one',
    options: [
      { value: 'si', label: 'Sì' },
      { value: 'no', label: 'No' },
    ],
  },
]

const MORE_FILTERS: readonly FilterDef[] = [
  ...DUE_FILTERS,
  { key: 'aperto', label: 'Da riscuotere', kind: 'days', prefix: 'da almeno' },
  { key: 'scaduto', label: 'Scaduto', kind: 'days', prefix: 'da almeno' },
  ADDRESS_FILTER,
  ...AMOUNT_FILTERS,
]

type CancelInput = Parameters<typeof client.accertamento.cancelPreview>[0]

/** First what it will do, to how many, and who is left out and why; then a reason and the act. */
function CancelDialog({
  selection,
  onClose,
  onDone,
}: {
  readonly selection: CancelInput
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const preview = useQuery(orpc.accertamento.cancelPreview.queryOptions({ input: selection, staleTime: 0 }))
  const [reason, setReason] = useState('')
  const [act, setAct] = useState('')
  const count = preview.data?.count ?? 0
  const title = `Annulla ${counted(count, 'accertamento', 'accertamenti')}`
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={title}
      subtitle="Per ciò che non è ancora riscosso nasce una variazione che lo azzera; il numero resta."
      act={title}
      danger
      disabled={count === 0 || reason.trim().length < 3}
      warning="Una variazione non si cancella: per tornare indietro se ne fa una contraria."
      onConfirm={async () => {
        await client.accertamento.cancel({ selection, reason, act })
        onDone()
      }}
    >
      <ErrorNote error={preview.error} />
      {preview.data && (
        <p>
          Si annullano <b className="strong">{formatCount(count)}</b> accertamenti per{' '}
          <Money cents={preview.data.cents} euro strong />.
          {preview.data.leftOut.map((l) => (
            <span key={l.reason} className="t-warn">
              {' '}
              Restano fuori {formatCount(l.count)}: {l.reason}.
            </span>
          ))}
        </p>
      )}
      <Textarea label="Motivo" autosize minRows={2} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
      <TextInput label="Atto, per i residui" value={act} onChange={(e) => setAct(e.currentTarget.value)} />
    </ConfirmDialog>
  )
}
