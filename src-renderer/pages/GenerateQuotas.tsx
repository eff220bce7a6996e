import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconHistory, IconTable, IconUsers } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import { CATEGORIES, FIELDS, SECTIONS } from '#domain/vocabulary'
import { useAppState, useExercise } from '../app-state.ts'
import { client, orpc } from '../client.ts'
import { DateText, formatCount, Money, Mono } from '../components/cells.tsx'
import { AllDone, NothingMatches, NotYet } from '../components/EmptyState.tsx'
import { Page } from '../components/Page.tsx'
import { ToneText } from '../components/St.tsx'
import { sayFailure } from '../components/toast.ts'
import { Views } from '../components/Views.tsx'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import { chosenIds } from '../table/chosen-rows.ts'
import { type QColumn, useColumns } from '../table/columns.ts'
import { ListSearch } from '../table/FilterBar.tsx'
import { ListActions } from '../table/ListActions.tsx'
import { useListState } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'
import { useSelection } from '../table/selection.ts'
import { type QuotaChoice, QuotaChoices } from './tariffs/QuotaChoices.tsx'
import { ConfirmQuotas, QuotasDone } from './tariffs/QuotaDialogs.tsx'
import { QuotaHistory } from './tariffs/QuotaHistory.tsx'
import { QuotaSide } from './tariffs/QuotaSide.tsx'
import { OUTCOMES, type QuotaList, type QuotaRaised, type QuotaRow } from './tariffs/quota.ts'

const columnsWith = (struck: ReadonlySet<number>): readonly QColumn<QuotaRow>[] => [
  {
    id: 'personName',
    header: FIELDS.debtor,
    width: 118,
    flex: true,
    cell: (r) => r.personName,
    title: (r) => r.personName,
  },
  { id: 'fiscalCode', header: FIELDS.fiscalCode, width: 138, hidden: true, cell: (r) => <Mono>{r.fiscalCode}</Mono> },
  {
    id: 'category',
    header: FIELDS.category,
    width: 100,
    hidden: 'wide',
    cell: (r) => CATEGORIES[r.category],
    title: (r) => CATEGORIES[r.category],
  },
  {
    id: 'albo',
    header: 'Albo',
    width: 90,
    hidden: true,
    cell: (r) => r.albo ?? '·',
    title: (r) => r.albo ?? '',
  },
  { id: 'alboNumber', header: FIELDS.albo, width: 62, hidden: 'wide', cell: (r) => r.alboNumber ?? '·' },
  { id: 'section', header: 'Sez.', width: 42, cell: (r) => r.section ?? '·', title: (r) => r.section ?? '' },
  { id: 'status', header: 'Stato albo', width: 80, hidden: true, cell: (r) => r.status ?? '·' },
  { id: 'enrolled', header: 'Iscritto dal', width: 88, hidden: 'wide', cell: (r) => <DateText date={r.enrolled} /> },
  { id: 'years', header: 'Anni', width: 44, align: 'right', cell: (r) => r.years ?? '·' },
  {
    id: 'outcome',
    header: FIELDS.state,
    width: 122,
    cell: (r) => {
      const { tone, word } = OUTCOMES[struck.has(r.personId) && r.outcome === 'raise' ? 'excluded' : r.outcome]
      return <ToneText tone={tone}>{word}</ToneText>
    },
  },
  { id: 'why', header: 'Perché', width: 104, flex: true, cell: (r) => r.why, title: (r) => r.why },
  { id: 'causale', header: FIELDS.causale, width: 170, hidden: true, cell: (r) => r.causale, title: (r) => r.causale },
  { id: 'cents', header: 'Importo €', width: 82, align: 'right', cell: (r) => <Money cents={r.cents} /> },
]

const VIEWS = [
  { id: 'raise', label: 'Da generare' },
  { id: 'hole', label: 'Senza tariffa' },
  { id: 'none', label: 'Niente da pagare' },
  { id: 'already', label: 'Ce l’hanno già' },
  { id: 'tutte', label: 'Tutte' },
] as const

/** Emissione · Genera quote: the year's dues from the register, by tariff, without a file. */
export function GenerateQuotas() {
  const exercise = useExercise()
  const today = useAppState().data?.today
  const navigate = useNavigate()
  const list = useListState({ sort: 'personName' })
  const selection = useSelection()
  const { url } = list
  const services = (useQuery(orpc.serviceType.list.queryOptions()).data ?? []).filter(
    (s) => s.active && s.kind !== 'mora',
  )
  const service =
    services.find((s) => String(s.id) === url.tipo) ?? services.find((s) => s.kind === 'quota') ?? services[0]
  const year = url.anno === undefined ? exercise : Number(url.anno)
  const [edited, setEdited] = useState<Partial<QuotaChoice>>({})
  const [struck, setStruck] = useState<ReadonlySet<number>>(new Set())
  const columns = useColumns('quote', columnsWith(struck))
  const [acts, setActs] = useState<readonly ReadonlySet<number>[]>([])
  const [confirming, setConfirming] = useState(false)
  const [running, setRunning] = useState(false)
  const [raised, setRaised] = useState<QuotaRaised | null>(null)
  const [history, setHistory] = useState(false)

  const first = isoDate(`${year}-01-01`)
  const choice: QuotaChoice = {
    date: today !== undefined && today > first ? today : first,
    people: service?.kind === 'oneOff' ? [] : null,
    cents: null,
    again: false,
    causale: null,
    dueDate: null,
    ...edited,
  }
  const nobody = choice.people !== null && choice.people.length === 0
  const parameters = {
    serviceTypeId: (service?.id ?? 1) as Id<'serviceType'>,
    year,
    date: choice.date,
    people: choice.people === null ? null : choice.people.map((p) => p.id),
    cents: choice.people === null ? null : choice.cents,
    again: choice.again,
    causale: choice.causale ?? '',
    dueDate: choice.dueDate,
  }
  const excluded = [...struck] as Id<'person'>[]
  const [asked] = useDebouncedValue({ ...parameters, excluded }, 200)
  const ready = service !== undefined && !nobody && asked.people?.length !== 0
  const preview = useQuery({
    ...orpc.quota.preview.queryOptions({ input: asked, enabled: ready }),
    placeholderData: keepPreviousData,
  })
  const summary = ready ? preview.data : undefined
  const current = !preview.isPlaceholderData && JSON.stringify(asked) === JSON.stringify({ ...parameters, excluded })

  const view = VIEWS.find((v) => v.id === url.esito)?.id ?? 'raise'
  const outcome: QuotaRow['outcome'][] = view === 'tutte' ? [] : view === 'raise' ? ['raise', 'excluded'] : [view]
  const { excluded: _struck, ...parts } = asked
  const query = { filters: { ...parts, outcome }, search: list.search, sort: list.sort }

  const strike = (ids: readonly number[], off: boolean) => {
    setActs([...acts, struck])
    const next = new Set(struck)
    for (const id of ids) off ? next.add(id) : next.delete(id)
    setStruck(next)
    selection.clear()
  }
  const strikeChosen = async (off: boolean) => {
    const ids = await chosenIds(
      selection,
      (paging) => client.quota.list({ ...query, ...paging }),
      (r) => r.personId,
    )
    strike(ids, off)
  }
  const undo = () => {
    const before = acts.at(-1)
    if (before === undefined) return
    setStruck(before)
    setActs(acts.slice(0, -1))
  }
  const anew = (patch: Partial<QuotaChoice>) => setEdited({ ...edited, ...patch })
  const start = (patch: Readonly<Record<string, string>>, keep: Partial<QuotaChoice>) => {
    setEdited(keep)
    setStruck(new Set())
    setActs([])
    selection.clear()
    list.set({ ...patch, sel: undefined })
  }
  const canGenerate = (summary?.raise.count ?? 0) > 0 && summary?.problems.length === 0 && current && !running
  const generate = () => {
    if (canGenerate) setConfirming(true)
  }
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Delete', label: 'escludi dall’elenco' },
    { keys: 'Ctrl+Z', label: 'rimetti', run: undo },
    { keys: 'Ctrl+Enter', label: 'genera…', run: generate },
  ])
  const counts: Readonly<Record<string, number | undefined>> = {
    raise: summary && summary.raise.count + summary.counts.excluded,
    hole: summary?.counts.hole,
    none: summary?.counts.none,
    already: summary?.counts.already,
  }
  const target = { tipo: String(parameters.serviceTypeId), anno: String(year) }
  return (
    <Page
      title={SECTIONS.quotas}
      about={nobody ? 'scegli le persone' : 'dall’albo, con le tariffe, senza un file'}
      back="/accertamenti"
      actions={
        <>
          <ListActions
            columns={columns}
            title={`Quote ${service?.name ?? ''} ${year}`}
            filters={VIEWS.find((v) => v.id === view)?.label ?? ''}
            disabled={!ready}
            run={(request) => client.quota.export({ ...query, filters: { ...query.filters, excluded }, ...request })}
          />
          <Button leftSection={<IconHistory size={16} stroke={1.7} aria-hidden />} onClick={() => setHistory(true)}>
            Generazioni fatte…
          </Button>
          <Button
            leftSection={<IconTable size={16} stroke={1.7} aria-hidden />}
            onClick={() => void navigate({ to: '/tariffe', search: target as never })}
          >
            Tariffe
          </Button>
        </>
      }
    >
      <div className="generate">
        <QuotaChoices
          services={services}
          service={service}
          year={year}
          years={[exercise + 1, exercise, exercise - 1, ...(Math.abs(year - exercise) > 1 ? [year] : [])]}
          choice={choice}
          onService={(tipo) => start({ tipo }, { date: choice.date })}
          onYear={(anno) => start({ anno }, choice.people === null ? {} : { people: choice.people })}
          onChange={anew}
        />
        <div className="generate-list">
          <header className="card generate-list-head">
            <h2>2 · Elenco</h2>
            <ListSearch list={list} label="Nome, CF, albo, tariffa" />
            <ColumnsButton columns={columns} />
          </header>
          <Views
            label="Esito"
            tabs={VIEWS.map((v) => ({
              ...v,
              ...(counts[v.id] === undefined ? {} : { count: counts[v.id] as number }),
            }))}
            value={view}
            onChange={(id) => list.set({ esito: id === 'raise' ? undefined : id, sel: undefined })}
          />
          {ready ? (
            <QTable<QuotaRow, QuotaList['totals']>
              label="Quote da generare"
              columns={columns}
              list={list}
              selection={selection}
              queryKey={['quota.list', query]}
              fetchPage={(paging, signal) => client.quota.list({ ...query, ...paging }, { signal })}
              rowId={(r) => r.personId}
              rowName={(r) => r.personName}
              rowCents={(r) => r.cents ?? 0}
              totalCents={(t) => t.cents}
              rowClass={(r) => (struck.has(r.personId) ? 'struck' : '')}
              onOpen={(r) => void navigate({ to: '/persone/$id', params: { id: String(r.personId) } })}
              onDelete={(r) =>
                selection.count(1) > 0
                  ? void strikeChosen(true).catch(sayFailure)
                  : strike([r.personId], !struck.has(r.personId))
              }
              bulk={
                <>
                  <Button disabled={struck.size === 0} onClick={() => void strikeChosen(false).catch(sayFailure)}>
                    Rimetti
                  </Button>
                  <Button onClick={() => void strikeChosen(true).catch(sayFailure)}>Escludi dall’elenco</Button>
                </>
              }
              foot={(total) => ({
                left: (
                  <>
                    <span>
                      <b>{formatCount(total)}</b> {total === 1 ? 'persona' : 'persone'}
                    </span>
                    {struck.size > 0 && (
                      <span>
                        {struck.size === 1 ? '1 esclusa' : `${formatCount(struck.size)} escluse`} ·{' '}
                        <button type="button" className="link" onClick={() => strike([...struck], false)}>
                          rimetti
                        </button>
                      </span>
                    )}
                  </>
                ),
                right: (
                  <span>
                    Totale <Money cents={summary?.raise.cents ?? null} euro strong />
                  </span>
                ),
              })}
              empty={
                list.search !== '' ? (
                  <NothingMatches filters={`Ricerca «${list.search}»`} onClear={() => list.set({ cerca: undefined })} />
                ) : (
                  <AllDone
                    title={view === 'raise' ? 'Nessuna quota da generare' : 'Nessuno in questa vista'}
                    text={
                      view === 'raise'
                        ? 'Ognuno ha già la sua quota, o non trova una tariffa: le altre viste dicono perché.'
                        : 'Le altre viste dicono di tutti gli altri.'
                    }
                  />
                )
              }
            />
          ) : (
            <NotYet
              stop="Quote"
              title="Scegli a chi"
              text="Un dovuto una tantum nasce per le persone che scegli a sinistra: scrivi un pezzo del nome. Oppure scegli «Tutto l’albo»."
              ways={[
                {
                  title: 'Tutto l’albo',
                  text: 'Una quota per ogni persona iscritta, con la tariffa',
                  icon: IconUsers,
                  run: () => anew({ people: null }),
                },
              ]}
            />
          )}
        </div>
        <QuotaSide
          preview={summary}
          error={ready ? preview.error : null}
          busy={running || !current}
          target={target}
          onGenerate={generate}
        />
      </div>
      {confirming && summary && service && (
        <ConfirmQuotas
          service={service.name}
          parameters={{ ...parameters, excluded }}
          preview={summary}
          onClose={() => setConfirming(false)}
          onRunning={setRunning}
          onDone={(result) => {
            setStruck(new Set())
            setActs([])
            setRaised(result)
          }}
        />
      )}
      {raised && <QuotasDone raised={raised} onClose={() => setRaised(null)} />}
      {history && <QuotaHistory onClose={() => setHistory(false)} />}
    </Page>
  )
}
