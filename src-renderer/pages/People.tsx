import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconArrowsJoin2, IconFileImport, IconPlus, IconUserPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { CATEGORIES, FIELDS, SECTIONS } from '#domain/vocabulary'
import { client, orpc } from '../client.ts'
import { counted, formatCount, Money, Mono } from '../components/cells.tsx'
import { NothingMatches, NotYet } from '../components/EmptyState.tsx'
import { Facts, Page } from '../components/Page.tsx'
import { ToneText } from '../components/St.tsx'
import { say } from '../components/toast.ts'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import { type QColumn, useColumns } from '../table/columns.ts'
import { DetailPanel, PanelPart, WithPanel } from '../table/DetailPanel.tsx'
import { FilterBar, type FilterDef, filtersInWords } from '../table/FilterBar.tsx'
import { ListActions } from '../table/ListActions.tsx'
import { ListViews } from '../table/ListViews.tsx'
import { manyOf, useListState } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'
import { useSelection } from '../table/selection.ts'
import { IdentityForm } from './person/IdentityForm.tsx'
import { StopMany } from './person/StopMany.tsx'

type List = InferContractRouterOutputs<Contract>['person']['list']
type Row = List['rows'][number]

const COLUMNS: readonly QColumn<Row>[] = [
  { id: 'alboNumber', header: FIELDS.albo, width: 64, align: 'right', cell: (r) => r.alboNumber ?? '·' },
  { id: 'name', header: FIELDS.person, width: 190, flex: true, cell: (r) => r.name, title: (r) => r.name },
  { id: 'fiscalCode', header: FIELDS.fiscalCode, width: 140, cell: (r) => <Mono>{r.fiscalCode}</Mono> },
  {
    id: 'category',
    header: FIELDS.category,
    width: 150,
    cell: (r) => CATEGORIES[r.category],
    title: (r) => CATEGORIES[r.category],
  },
  { id: 'albo', header: 'Albo', width: 120, hidden: true, cell: (r) => r.albo ?? '·', title: (r) => r.albo ?? '' },
  { id: 'alboStatus', header: 'Iscrizione', width: 96, hidden: 'wide', cell: (r) => r.alboStatus ?? '·' },
  { id: 'vatNumber', header: 'Partita IVA', width: 104, hidden: true, cell: (r) => <Mono>{r.vatNumber}</Mono> },
  { id: 'phone', header: 'Telefono', width: 120, hidden: true, cell: (r) => r.phone ?? '·' },
  { id: 'city', header: FIELDS.city, width: 110, hidden: 'wide', cell: (r) => r.city ?? '·' },
  { id: 'pec', header: FIELDS.pec, width: 210, hidden: 'wide', cell: (r) => r.pec ?? '·', title: (r) => r.pec ?? '' },
  {
    id: 'email',
    header: FIELDS.email,
    width: 200,
    hidden: true,
    cell: (r) => r.email ?? '·',
    title: (r) => r.email ?? '',
  },
  { id: 'dueCents', header: 'Dovuto €', width: 92, align: 'right', cell: (r) => <Money cents={r.dueCents} /> },
  {
    id: 'collectedCents',
    header: 'Riscosso €',
    width: 92,
    align: 'right',
    hidden: 'wide',
    cell: (r) => <Money cents={r.collectedCents} />,
  },
  {
    id: 'outstandingCents',
    header: 'Da riscuotere €',
    width: 114,
    align: 'right',
    cell: (r) => <Money cents={r.outstandingCents} />,
  },
]

function filtersOf(albi: readonly string[], statuses: readonly string[]): readonly FilterDef[] {
  const texts = (values: readonly string[]) => values.map((value) => ({ value, label: value }))
  return [
    {
      key: 'categoria',
      label: FIELDS.category,
      kind: 'many',
      options: Object.entries(CATEGORIES).map(([value, label]) => ({ value, label })),
    },
    ...(albi.length > 1 ? [{ key: 'albo', label: 'Albo', kind: 'many', options: texts(albi) } as const] : []),
    ...(statuses.length > 1
      ? [{ key: 'iscrizione', label: 'Iscrizione', kind: 'many', options: texts(statuses) } as const]
      : []),
    {
      key: 'deve',
      label: 'Somme',
      kind: 'one',
      options: [
        { value: 'si', label: 'Ha da pagare' },
        { value: 'no', label: 'Non deve niente' },
      ],
    },
    {
      key: 'senza',
      label: 'Recapito che manca',
      kind: 'many',
      options: [
        { value: 'pec', label: 'PEC' },
        { value: 'email', label: 'E-mail' },
        { value: 'mail', label: 'PEC né e-mail' },
        { value: 'address', label: 'Indirizzo' },
      ],
    },
    {
      key: 'recapiti',
      label: 'Recapiti',
      kind: 'one',
      options: [{ value: 'guasti', label: 'Uno non funziona' }],
    },
    { key: 'note', label: 'Note', kind: 'one', options: [{ value: 'si', label: 'Con note' }] },
    {
      key: 'stato',
      label: FIELDS.state,
      kind: 'one',
      options: [
        { value: 'merged', label: 'Unite a un’altra' },
        { value: 'erased', label: 'Cancellate (GDPR)' },
      ],
    },
  ]
}

const VIEWS = [
  { id: 'tutte', label: 'Tutte', state: {} },
  { id: 'devono', label: 'Da riscuotere', state: { deve: 'si' } },
  { id: 'societa', label: 'Società', state: { categoria: 'stp' } },
  { id: 'senza-posta', label: 'Senza PEC né e-mail', state: { senza: 'mail' } },
  { id: 'guasti', label: 'Recapiti che non funzionano', state: { recapiti: 'guasti' } },
]

/** Archivio · Persone: who stands in the register and what they owe. */
export function People() {
  const list = useListState({ sort: 'name' })
  const columns = useColumns('persone', COLUMNS)
  const navigate = useNavigate()
  const [cursor, setCursor] = useState<Row>()
  const [count, setCount] = useState<number | null>(null)
  const [asked, setAsked] = useState<'new' | 'stop' | null>(null)
  const selection = useSelection()
  const counts = useQuery(orpc.person.counts.queryOptions())
  const FILTERS = filtersOf(counts.data?.albi ?? [], counts.data?.statuses ?? [])
  const query = {
    filters: {
      category: manyOf<Row['category']>(list.filters.categoria),
      without: manyOf<'email' | 'pec' | 'address' | 'mail'>(list.filters.senza),
      owes: list.filters.deve === undefined ? null : list.filters.deve === 'si',
      albo: manyOf<string>(list.filters.albo),
      alboStatus: manyOf<string>(list.filters.iscrizione),
      notes: list.filters.note === undefined ? null : true,
      failing: list.filters.recapiti === undefined ? null : true,
      state: (list.filters.stato ?? 'present') as 'present' | 'merged' | 'erased',
    },
    search: list.search,
    sort: list.sort,
  }
  const words = filtersInWords(FILTERS, list)
  const open = (row: Row) => void navigate({ to: '/persone/$id', params: { id: String(row.id) } })
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Enter', label: 'apri la scheda' },
    { keys: 'Space', label: 'seleziona' },
    { keys: 'N', label: 'nuova persona…', run: () => setAsked('new') },
  ])
  return (
    <Page
      title={SECTIONS.people}
      about={count === null ? undefined : counted(count, 'persona', 'persone')}
      actions={
        <>
          <ListActions
            columns={columns}
            title={SECTIONS.people}
            filters={words}
            disabled={count === 0}
            run={(request) => client.person.export({ ...query, ...request })}
          />
          <Button
            leftSection={<IconArrowsJoin2 size={16} stroke={1.7} aria-hidden />}
            onClick={() => void navigate({ to: '/persone/doppioni' })}
          >
            Possibili doppioni
          </Button>
          <Button
            variant="filled"
            leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
            onClick={() => setAsked('new')}
          >
            Nuova persona…
          </Button>
        </>
      }
    >
      <ListViews
        page="persone"
        views={VIEWS.map((view) => ({ ...view, count: counts.data?.views[view.id] }))}
        list={list}
      />
      <FilterBar
        list={list}
        filters={FILTERS}
        searchLabel="Nome, CF, albo, IUV, e-mail"
        right={<ColumnsButton columns={columns} />}
      />
      <WithPanel panel={cursor ? <PersonPanel row={cursor} onOpen={() => open(cursor)} /> : null}>
        <QTable<Row, List['totals']>
          label={SECTIONS.people}
          columns={columns}
          list={list}
          queryKey={['person.list', query]}
          fetchPage={(paging, signal) => client.person.list({ ...query, ...paging }, { signal })}
          rowId={(r) => r.id}
          rowName={(r) => r.name}
          rowCents={(r) => r.outstandingCents}
          totalCents={(t) => t.outstandingCents}
          selection={selection}
          bulk={<Button onClick={() => setAsked('stop')}>Non spedire più…</Button>}
          rowClass={(r) => (r.erasedAt === null && r.mergedIntoId === null ? '' : 'struck')}
          onCursor={setCursor}
          onOpen={open}
          onLoaded={setCount}
          foot={(total, totals) => ({
            left: (
              <span>
                <b>{formatCount(total)}</b> {total === 1 ? 'persona' : 'persone'}
              </span>
            ),
            right: (
              <>
                <span className="ink2">
                  Dovuto <Money cents={totals.dueCents} euro />
                </span>
                <span>
                  Da riscuotere <Money cents={totals.outstandingCents} euro strong />
                </span>
              </>
            ),
          })}
          empty={
            words !== '' ? (
              <NothingMatches filters={words} onClear={list.clearFilters} />
            ) : (
              <NotYet
                stop="Quote"
                title="Qui arriveranno le persone"
                text="Una persona entra nel registro con la prima quota importata: nome, codice fiscale, albo e recapiti vengono dal file. Da qui si apre la sua scheda."
                ways={[
                  {
                    title: 'Importa le quote',
                    text: 'Leggi il file degli iscritti e di ciò che devono',
                    icon: IconFileImport,
                    to: '/importa',
                    keys: 'Alt+2',
                  },
                  {
                    title: 'Aggiungi una persona',
                    text: 'Scrivi a mano chi non sta in nessun file',
                    icon: IconUserPlus,
                    run: () => setAsked('new'),
                    keys: 'N',
                  },
                ]}
              />
            )
          }
        />
      </WithPanel>
      {asked === 'new' && (
        <IdentityForm
          person={null}
          onClose={() => setAsked(null)}
          onSaved={(id) => {
            setAsked(null)
            void navigate({ to: '/persone/$id', params: { id: String(id) } })
          }}
        />
      )}
      {asked === 'stop' && (
        <StopMany
          selection={selection.asInput(query) as never}
          count={selection.count(count ?? 0)}
          onClose={() => setAsked(null)}
          onDone={(text) => {
            setAsked(null)
            selection.clear()
            say(text)
          }}
        />
      )}
    </Page>
  )
}

function PersonPanel({ row, onOpen }: { readonly row: Row; readonly onOpen: () => void }) {
  return (
    <DetailPanel
      title={row.name}
      subtitle={
        <>
          {row.alboNumber ? `Albo n. ${row.alboNumber} · ` : ''}
          {CATEGORIES[row.category].toLowerCase()} ·{' '}
          <button type="button" className="link" onClick={onOpen}>
            scheda
          </button>
        </>
      }
    >
      <PanelPart>
        <div className="panel-amount">
          <Money cents={row.outstandingCents} euro />
          <ToneText tone={row.outstandingCents > 0 ? 'info' : 'ok'} pill>
            {row.outstandingCents > 0 ? 'Da riscuotere' : 'Niente da riscuotere'}
          </ToneText>
        </div>
        <Facts
          rows={[
            ['Dovuto', <Money key="d" cents={row.dueCents} euro />],
            ['Riscosso', <Money key="r" cents={row.collectedCents} euro />],
          ]}
        />
      </PanelPart>
      <PanelPart title="Anagrafica e recapiti">
        <Facts
          rows={[
            ['CF', <Mono key="cf">{row.fiscalCode}</Mono>],
            ['PEC', row.pec ?? 'manca'],
            ['E-mail', row.email ?? 'manca'],
            ['Comune', row.city ?? 'manca'],
          ]}
        />
      </PanelPart>
    </DetailPanel>
  )
}
