import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconFileImport, IconFiles } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import { CATEGORIES, FIELDS, SECTIONS } from '#domain/vocabulary'
import { useAppState, useExercise } from '../app-state.ts'
import { client, orpc } from '../client.ts'
import { DateText, formatCount, Money } from '../components/cells.tsx'
import { NothingMatches, NotYet } from '../components/EmptyState.tsx'
import { Key } from '../components/Key.tsx'
import { Page } from '../components/Page.tsx'
import { sayFailure } from '../components/toast.ts'
import { useKeys } from '../keys.ts'
import { chosenIds } from '../table/chosen-rows.ts'
import { type QColumn, useColumns } from '../table/columns.ts'
import { ListSearch } from '../table/FilterBar.tsx'
import { ListActions } from '../table/ListActions.tsx'
import { useListState } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'
import { useSelection } from '../table/selection.ts'
import { ConfirmGeneration } from './generate/ConfirmGeneration.tsx'
import { type Generated, GenerationDone } from './generate/GenerationDone.tsx'
import { GenerationFilters } from './generate/GenerationFilters.tsx'
import { GenerationSide } from './generate/GenerationSide.tsx'
import {
  type AccertamentoList,
  type AccertamentoRow,
  type GenerationParameters,
  toIssueFilters,
} from './generate/generation.ts'
import { type InstallmentRule, proposedRule, proposedValidity } from './generate/payment-mode.ts'

const COLUMNS: readonly QColumn<AccertamentoRow>[] = [
  {
    id: 'number',
    header: FIELDS.accertamentoShort,
    width: 62,
    align: 'right',
    cell: (r) => formatCount(r.number),
    title: (r) => `${r.number}/${r.exercise}`,
  },
  {
    id: 'personName',
    header: FIELDS.debtor,
    width: 140,
    flex: true,
    cell: (r) => r.personName,
    title: (r) => r.personName,
  },
  { id: 'causale', header: FIELDS.causale, width: 170, cell: (r) => r.causale, title: (r) => r.causale },
  { id: 'competenceYear', header: FIELDS.competenceYear, width: 48, cell: (r) => r.competenceYear },
  { id: 'category', header: FIELDS.category, width: 120, hidden: 'wide', cell: (r) => CATEGORIES[r.category] },
  { id: 'capitolo', header: FIELDS.capitoloShort, width: 50, hidden: 'wide', cell: (r) => r.capitolo },
  { id: 'dueDate', header: FIELDS.dueDate, width: 94, hidden: 'wide', cell: (r) => <DateText date={r.dueDate} /> },
  {
    id: 'outstandingCents',
    header: 'Importo €',
    width: 84,
    align: 'right',
    cell: (r) => <Money cents={r.outstandingCents} />,
  },
]

const MEMORY = 'generazione'

interface Remembered {
  readonly groupByPerson?: boolean
  readonly groupDescription?: string
  /** Whether the last lot was payable in instalments, and by which rule. */
  readonly inInstallments?: boolean
  readonly rule?: unknown
}

/** Emissione · Genera posizioni: four zones on one page (SCREENS.md §9.4). Numbers are born only at the confirm. */
export function GeneratePositions() {
  const exercise = useExercise()
  const today = useAppState().data?.today
  const list = useListState({ sort: 'personName' })
  const columns = useColumns('genera', COLUMNS)
  const selection = useSelection()
  const [struck, setStruck] = useState<ReadonlySet<number>>(new Set())
  const [acts, setActs] = useState<readonly ReadonlySet<number>[]>([])
  const [count, setCount] = useState(0)
  const [confirming, setConfirming] = useState(false)
  const [running, setRunning] = useState(false)
  const [done, setDone] = useState<Generated | null>(null)
  const [edited, setEdited] = useState<Partial<GenerationParameters>>({})
  const remembered = useQuery(
    orpc.setting.get.queryOptions({ input: { key: MEMORY }, staleTime: Number.POSITIVE_INFINITY }),
  )
  const { inInstallments, rule, ...memory } = readMemory(remembered.data ?? null)
  const proposed = proposedRule(today ?? isoDate(`${exercise}-01-01`), rule)
  const installments =
    edited.installments === undefined ? (inInstallments === true ? proposed : null) : edited.installments
  const parameters: GenerationParameters = {
    description: `${SECTIONS.debtPositions} ${exercise}`,
    dueDate: null,
    validUntil: proposedValidity(exercise, today, installments),
    groupByPerson: false,
    groupDescription: `Quote e contributi ${exercise}`,
    ...memory,
    ...edited,
    installments,
  }
  const query = { filters: toIssueFilters(list, exercise), search: list.search, sort: list.sort }
  const input = {
    filters: query.filters,
    search: query.search,
    excluded: [...struck] as Id<'accertamento'>[],
    parameters: { ...parameters, description: parameters.description.trim() || '·' },
  }
  const [asked] = useDebouncedValue(input, 150)
  const preview = useQuery({
    ...orpc.debtPosition.generationPreview.queryOptions({ input: asked }),
    placeholderData: keepPreviousData,
  })
  const summary = preview.data
  // The middle amount of the list: what the instalments of most people look like.
  const middle = useQuery({
    ...orpc.accertamento.list.queryOptions({
      input: {
        ...{ filters: query.filters, search: query.search, limit: 1, offset: Math.floor(count / 2) },
        sort: { column: 'outstandingCents', direction: 'asc' },
      },
    }),
    enabled: count > 0 && parameters.installments != null,
    placeholderData: keepPreviousData,
  })
  const counted = summary ? summary.accertamenti.count + summary.leftOut.reduce((n, l) => n + l.count, 0) : count

  const strike = (ids: readonly number[], off: boolean) => {
    setActs([...acts, struck])
    const next = new Set(struck)
    for (const id of ids) off ? next.add(id) : next.delete(id)
    setStruck(next)
    selection.clear()
  }
  const chosen = () =>
    chosenIds(
      selection,
      (paging) => client.accertamento.list({ ...query, ...paging }),
      (r) => r.id,
    )
  const strikeChosen = (off: boolean) => void chosen().then((ids) => strike(ids, off), sayFailure)
  const undo = () => {
    const before = acts.at(-1)
    if (!before) return
    setStruck(before)
    setActs(acts.slice(0, -1))
  }
  const canGenerate =
    (summary?.positions.count ?? 0) > 0 && !preview.error && parameters.description.trim() !== '' && !running
  const generate = () => {
    if (canGenerate) setConfirming(true)
  }
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Shift+ArrowDown', label: 'estendi' },
    { keys: 'Delete', label: 'escludi dall’elenco' },
    { keys: 'Ctrl+Z', label: 'rimetti', run: undo },
    { keys: 'Ctrl+Enter', label: 'genera…', run: generate },
  ])
  const filtered = Object.keys(list.filters).length > 0 || list.search !== ''
  return (
    <Page
      title="Genera posizioni debitorie"
      about="dagli accertamenti che non hanno ancora un avviso"
      back="/posizioni"
      actions={
        <ListActions
          columns={columns}
          title={`Accertamenti senza avviso ${exercise}`}
          filters={struck.size > 0 ? `comprese ${formatCount(struck.size)} righe escluse a mano` : ''}
          disabled={count === 0}
          run={(request) => client.accertamento.export({ ...query, ...request })}
        />
      }
    >
      <div className="generate">
        <GenerationFilters list={list} exercise={exercise} />
        <div className="generate-list">
          <header className="card generate-list-head">
            <h2>2 · Elenco</h2>
            <span className="ink2 small cut">
              con <Key keys="Delete" /> escludi le righe scelte: l’accertamento non si tocca
            </span>
            <ListSearch list={list} label="Nome, CF, causale" />
          </header>
          <QTable<AccertamentoRow, AccertamentoList['totals']>
            label="Accertamenti senza avviso"
            columns={columns}
            list={list}
            selection={selection}
            queryKey={['accertamento.list', query]}
            fetchPage={(paging, signal) => client.accertamento.list({ ...query, ...paging }, { signal })}
            rowId={(r) => r.id}
            rowName={(r) => `${r.number}/${r.exercise} ${r.personName}`}
            rowCents={(r) => r.outstandingCents}
            totalCents={(t) => t.outstandingCents}
            rowClass={(r) => (struck.has(r.id) ? 'struck' : '')}
            onLoaded={setCount}
            onDelete={(r) => (selection.count(count) > 0 ? strikeChosen(true) : strike([r.id], !struck.has(r.id)))}
            bulk={
              <>
                <Button onClick={() => strikeChosen(false)} disabled={struck.size === 0}>
                  Rimetti
                </Button>
                <Button onClick={() => strikeChosen(true)}>Escludi dall’elenco</Button>
              </>
            }
            foot={(total) => ({
              left: (
                <>
                  <span>
                    <b>{formatCount(struck.size === 0 ? total : counted)}</b> in elenco
                  </span>
                  {struck.size > 0 && (
                    <span>
                      {struck.size === 1 ? '1 escluso' : `${formatCount(struck.size)} esclusi`} ·{' '}
                      <button type="button" className="link" onClick={() => strike([...struck], false)}>
                        rimetti
                      </button>
                    </span>
                  )}
                </>
              ),
              right: (
                <span>
                  Totale <Money cents={summary?.accertamenti.cents ?? null} euro strong />
                </span>
              ),
            })}
            empty={
              filtered ? (
                <NothingMatches
                  filters="Nessun accertamento senza avviso con questi filtri."
                  onClear={list.clearFilters}
                />
              ) : (
                <NotYet
                  stop="Avviso"
                  done={['Quote']}
                  title="Nessun accertamento aspetta un avviso"
                  text="Qui stanno gli accertamenti da riscuotere che non hanno ancora una posizione debitoria. Quelli già emessi stanno fra le posizioni."
                  ways={[
                    {
                      title: 'Vedi le posizioni',
                      text: 'Ciò che è già stato emesso',
                      icon: IconFiles,
                      to: '/posizioni',
                    },
                    {
                      title: 'Importa le quote',
                      text: 'Nuovi accertamenti dal file degli iscritti',
                      icon: IconFileImport,
                      to: '/importa',
                    },
                  ]}
                />
              )
            }
          />
        </div>
        <GenerationSide
          parameters={parameters}
          proposed={proposed}
          typicalCents={middle.data?.rows[0]?.outstandingCents ?? null}
          onChange={(patch) => setEdited({ ...edited, ...patch })}
          summary={summary}
          error={preview.error}
          busy={running}
          onGenerate={generate}
        />
      </div>
      {confirming && summary && (
        <ConfirmGeneration
          input={input}
          summary={summary}
          onClose={() => setConfirming(false)}
          onStart={(now) => {
            setRunning(now)
            if (now) remember(parameters, proposed)
          }}
          onDone={(generated) => {
            setStruck(new Set())
            setActs([])
            setDone(generated)
          }}
        />
      )}
      {done && <GenerationDone generated={done} onClose={() => setDone(null)} />}
    </Page>
  )
}

function readMemory(text: string | null): Remembered {
  if (text === null) return {}
  try {
    return JSON.parse(text) as Remembered
  } catch {
    return {}
  }
}

/** The last choices are proposed next time; not remembering them is no harm. */
function remember(parameters: GenerationParameters, proposed: InstallmentRule): void {
  const { groupByPerson, groupDescription, installments = null } = parameters
  const memory: Remembered = {
    ...{ groupByPerson, groupDescription },
    ...{ inInstallments: installments !== null, rule: installments ?? proposed },
  }
  client.setting.set({ key: MEMORY, value: JSON.stringify(memory) }).catch(() => undefined)
}
