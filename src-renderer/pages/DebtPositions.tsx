import { ActionIcon, Button, Menu } from '@mantine/core'
import {
  IconClockExclamation,
  IconDots,
  IconFileImport,
  IconListNumbers,
  IconPlus,
  IconStack2,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Id } from '#domain/brand'
import { CATEGORIES, FIELDS, SECTIONS } from '#domain/vocabulary'
import { useExercise } from '../app-state.ts'
import { client, orpc } from '../client.ts'
import { counted, formatCount, Money } from '../components/cells.tsx'
import { NothingMatches, NotYet } from '../components/EmptyState.tsx'
import { Page } from '../components/Page.tsx'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import { useColumns } from '../table/columns.ts'
import { WithPanel } from '../table/DetailPanel.tsx'
import { FilterBar, filtersInWords } from '../table/FilterBar.tsx'
import { ListActions } from '../table/ListActions.tsx'
import { ListViews } from '../table/ListViews.tsx'
import { useListState } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'
import { useSelection } from '../table/selection.ts'
import { chooseForDelivery } from './campaign/chosen.ts'
import { refreshStates } from './node/node-work.ts'
import { PublishPositions } from './node/PublishPositions.tsx'
import { HandOver } from './partner/HandOver.tsx'
import { printNotices } from './positions/notice-work.ts'
import { type AskedAct, type PositionActName, PositionActs } from './positions/PositionActs.tsx'
import { PositionPanel } from './positions/PositionPanel.tsx'
import {
  type PositionList,
  type PositionRow,
  type PositionSelection,
  positionColumns,
  positionQuery,
  usePositionFilters,
} from './positions/position-list.tsx'

const VIEWS = [
  { id: 'tutte', count: 'all', label: 'Tutte', state: {} },
  { id: 'da-riscuotere', count: 'issued', label: FIELDS.outstanding, state: { stato: 'issued' } },
  { id: 'scadute', count: 'expired', label: 'Scadute', state: { stato: 'expired' } },
  { id: 'pagate', count: 'paid', label: 'Pagate, da riconciliare', state: { stato: 'paid' } },
  { id: 'riscosse', count: 'collected', label: 'Riscosse', state: { stato: 'collected' } },
  {
    id: 'da-consegnare',
    count: 'toDeliver',
    label: 'Da consegnare',
    state: { consegna: 'none', stato: 'issued,expired' },
  },
  { id: 'consegna-da-rivedere', count: 'toReview', label: 'Consegna da rivedere', state: { consegna: 'toReview' } },
  { id: 'da-pubblicare', count: 'toPublish', label: 'Da pubblicare', state: { nodo: 'toPublish' } },
  { id: 'pubblicate', count: 'published', label: 'Pubblicate', state: { nodo: 'published' } },
  { id: 'rifiutate', count: 'refused', label: 'Rifiutate dal nodo', state: { nodo: 'refused' } },
  { id: 'diverse', count: 'diverged', label: 'Diverse', state: { nodo: 'diverged' } },
]

/** Shown while they hold something: most days nothing is refused, nothing differs. */
const WHEN_ANY: ReadonlySet<string> = new Set(['rifiutate', 'diverse', 'consegna-da-rivedere'])

/** Emissione · Posizioni debitorie: what people are asked to pay on pagoPA (SCREENS.md §9.2). */
export function DebtPositions() {
  const exercise = useExercise()
  const list = useListState({ sort: 'personName' })
  const columns = useColumns(
    'posizioni',
    useMemo(() => positionColumns(exercise), [exercise]),
  )
  const selection = useSelection()
  const navigate = useNavigate()
  const [cursor, setCursor] = useState<PositionRow>()
  const [count, setCount] = useState<number | null>(null)
  const [asked, setAsked] = useState<AskedAct | null>(null)
  const [publishing, setPublishing] = useState<PositionSelection | null>(null)
  const [handing, setHanding] = useState<PositionSelection | null>(null)
  const counts = useQuery(orpc.debtPosition.counts.queryOptions({ input: { exercise } }))
  const filters = usePositionFilters(exercise)
  const query = positionQuery(list, exercise)
  const words = filtersInWords(filters, list)
  // The address comes first: a link or the palette may open a row whose page is not loaded.
  const openId = (list.open as Id<'debtPosition'> | null) ?? cursor?.id ?? null
  const chosen = (): PositionSelection => selection.asInput(query)
  const deliver = (positions: PositionSelection, text: string) => {
    chooseForDelivery({ selection: positions, words: text })
    void navigate({ to: '/consegne/nuova', search: { scelte: 'si' } as never })
  }
  const seeNotice = (row: PositionRow) =>
    void navigate({ to: '/avvisi', search: { lotto: String(row.issuanceId), sel: String(row.id) } as never })
  const generate = () => void navigate({ to: '/posizioni/genera' })
  const create = () => void navigate({ to: '/posizioni/nuova' })
  const actOnChosen = (name: PositionActName) => setAsked({ name, selection: chosen(), one: null })
  const actOn = (name: PositionActName, id: Id<'debtPosition'>) => setAsked({ name, selection: { ids: [id] }, one: id })
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Space', label: 'seleziona' },
    { keys: 'Enter', label: 'vedi avviso' },
    { keys: 'Delete', label: 'annulla…' },
    { keys: 'Ctrl+Enter', label: 'genera…', run: generate },
  ])
  const chosenCount = selection.count(count ?? 0)
  const all = counts.data?.all
  return (
    <Page
      title={SECTIONS.debtPositions}
      about={
        count === null || all === undefined
          ? undefined
          : count === all
            ? `${formatCount(count)} nell’esercizio ${exercise}`
            : `${formatCount(count)} di ${formatCount(all)}`
      }
      actions={
        <>
          <ListActions
            columns={columns}
            title={`${SECTIONS.debtPositions} ${exercise}`}
            filters={words}
            disabled={count === 0}
            run={(request) => client.debtPosition.export({ ...query, ...request })}
          />
          <Button
            leftSection={<IconClockExclamation size={16} stroke={1.7} aria-hidden />}
            onClick={() => void navigate({ to: '/mora' })}
          >
            {SECTIONS.lateFees}
          </Button>
          <Button leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />} onClick={create}>
            Nuova posizione
          </Button>
          <Button variant="filled" leftSection={<IconStack2 size={16} stroke={1.7} aria-hidden />} onClick={generate}>
            Genera da accertamenti…
          </Button>
        </>
      }
    >
      <ListViews
        page="posizioni"
        list={list}
        countOf={async (f) => {
          const own = positionQuery({ ...list, filters: f, search: '' }, exercise)
          return (await client.debtPosition.list({ ...own, sort: null, limit: 1 })).count
        }}
        views={VIEWS.map((v) => ({ ...v, count: counts.data?.[v.count] })).filter(
          (v) => !WHEN_ANY.has(v.id) || (v.count ?? 0) > 0 || list.url.vista === v.id,
        )}
      />
      <FilterBar
        list={list}
        filters={filters}
        searchLabel="Nome, CF, IUV, causale"
        right={<ColumnsButton columns={columns} />}
      />
      <WithPanel
        panel={
          openId === null ? null : (
            <PositionPanel
              id={openId}
              onDeliver={() =>
                deliver(
                  { ids: [openId] },
                  cursor?.id === openId ? `l’avviso di ${cursor.personName}` : '1 posizione scelta',
                )
              }
              onAct={(name) => actOn(name, openId)}
            />
          )
        }
      >
        <QTable<PositionRow, PositionList['totals']>
          label={SECTIONS.debtPositions}
          columns={columns}
          list={list}
          selection={selection}
          queryKey={['debtPosition.list', query]}
          fetchPage={(paging, signal) => client.debtPosition.list({ ...query, ...paging }, { signal })}
          rowId={(r) => r.id}
          rowName={(r) => `${r.personName}, ${r.causale}`}
          rowCents={(r) => r.cents}
          totalCents={(t) => t.cents}
          rowClass={(r) => (r.state === 'cancelled' ? 'struck' : '')}
          onCursor={setCursor}
          onLoaded={setCount}
          onOpen={seeNotice}
          onDelete={(r) => (chosenCount > 0 ? actOnChosen('cancel') : actOn('cancel', r.id))}
          bulk={
            <>
              <Button onClick={() => printNotices(chosen())}>Ristampa</Button>
              <Button
                onClick={() =>
                  deliver(chosen(), `${counted(chosenCount, 'posizione scelta', 'posizioni scelte')} nell’elenco`)
                }
              >
                Consegna…
              </Button>
              <Button onClick={() => setPublishing(chosen())}>Pubblica sul nodo…</Button>
              <Button onClick={() => actOnChosen('due')}>Cambia scadenza…</Button>
              <Menu transitionProps={{ duration: 0 }} withInitialFocusPlaceholder={false}>
                <Menu.Target>
                  <ActionIcon size={26} aria-label="Altre azioni sulle scelte" title="Altre azioni sulle scelte">
                    <IconDots size={16} stroke={1.7} aria-hidden />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown className="position-menu">
                  <Menu.Item onClick={() => actOnChosen('payNow')}>Paga ora…</Menu.Item>
                  <Menu.Item onClick={() => actOnChosen('reissue')}>Riemetti…</Menu.Item>
                  <Menu.Item onClick={() => actOnChosen('reactivate')}>Riattiva le annullate…</Menu.Item>
                  <Menu.Item onClick={() => actOnChosen('lateFee')}>Aggiungi mora…</Menu.Item>
                  <Menu.Item onClick={() => refreshStates({ selection: chosen() })}>
                    Aggiorna lo stato dal nodo
                  </Menu.Item>
                  <Menu.Item onClick={() => setHanding(chosen())}>File per il partner…</Menu.Item>
                </Menu.Dropdown>
              </Menu>
              <Button className="danger" onClick={() => actOnChosen('cancel')}>
                Annulla…
              </Button>
            </>
          }
          foot={(total, totals) => ({
            left: (
              <>
                <span>
                  <b>{formatCount(total)}</b> {total === 1 ? 'posizione' : 'posizioni'}
                </span>
                {Object.entries(totals.byCategory)
                  .filter(([, n]) => n > 0)
                  .map(([category, n]) => (
                    <span key={category}>
                      {(CATEGORIES as Record<string, string>)[category]?.toLowerCase() ?? category}{' '}
                      <b>{formatCount(n)}</b>
                    </span>
                  ))}
              </>
            ),
            right: (
              <span>
                Totale <Money cents={totals.cents} euro strong />
              </span>
            ),
          })}
          empty={
            words !== '' ? (
              <NothingMatches filters={words} onClear={list.clearFilters} />
            ) : (
              <NotYet
                stop="Avviso"
                done={['Quote']}
                title="Qui arriveranno le posizioni debitorie"
                text="Una posizione debitoria è ciò che una persona può pagare su pagoPA: ha un avviso e un numero che non si riusa più. Nasce dagli accertamenti che non hanno ancora un avviso."
                ways={[
                  {
                    title: 'Genera posizioni',
                    text: 'Scegli gli accertamenti, le scadenze, e genera gli avvisi',
                    icon: IconStack2,
                    to: '/posizioni/genera',
                  },
                  {
                    title: 'Nuova posizione',
                    text: 'Una sola, scritta qui: una persona e ciò che deve',
                    icon: IconPlus,
                    to: '/posizioni/nuova',
                  },
                  {
                    title: 'Accertamenti',
                    text: 'Che cosa deve ciascuno, prima di emettere',
                    icon: IconListNumbers,
                    to: '/accertamenti',
                  },
                  {
                    title: 'Importa le quote',
                    text: 'Se non ci sono ancora accertamenti',
                    icon: IconFileImport,
                    to: '/importa',
                  },
                ]}
              />
            )
          }
        />
      </WithPanel>
      {publishing && (
        <PublishPositions
          selection={publishing}
          onClose={() => {
            setPublishing(null)
            selection.clear()
          }}
        />
      )}
      {handing && <HandOver selection={handing} onClose={() => setHanding(null)} onDone={() => selection.clear()} />}
      {asked && <PositionActs asked={asked} onClose={() => setAsked(null)} onDone={() => selection.clear()} />}
    </Page>
  )
}
