import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconArrowsJoin2, IconPrinter, IconReceiptEuro, IconSend } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { creditsInWords } from '#domain/credit-words'
import type { IsoDate } from '#domain/date'
import { sum } from '#domain/money'
import { searchKey } from '#domain/search-key'
import { FIELDS, SECTIONS } from '#domain/vocabulary'
import { useExercise } from '../app-state.ts'
import { client, orpc } from '../client.ts'
import { counted, formatCount, Money } from '../components/cells.tsx'
import { NothingMatches, NotYet } from '../components/EmptyState.tsx'
import { Page } from '../components/Page.tsx'
import { useRoadDone } from '../components/road-done.ts'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import { useColumns } from '../table/columns.ts'
import { WithPanel } from '../table/DetailPanel.tsx'
import { FilterBar, filtersInWords } from '../table/FilterBar.tsx'
import { ListActions } from '../table/ListActions.tsx'
import { ListViews } from '../table/ListViews.tsx'
import { manyOf, useListState } from '../table/list-state.ts'
import type { Paging } from '../table/pages.ts'
import { QTable } from '../table/QTable.tsx'
import { useSelection } from '../table/selection.ts'
import { AlarmsNote } from './reversali/AlarmsNote.tsx'
import { DraftPanel } from './reversali/DraftPanel.tsx'
import { PostDialog } from './reversali/PostDialog.tsx'
import { printReversali } from './reversali/print-papers.ts'
import { ReversalePanel } from './reversali/ReversalePanel.tsx'
import { capitoloCode, type DraftChanges, numbered, WHOLE } from './reversali/ready.ts'
import { COLUMNS, filterDefs, of, type Row, VIEWS } from './reversali/reversale-list.tsx'
import { TransmissionDialog } from './reversali/TransmissionDialog.tsx'

type List = InferContractRouterOutputs<Contract>['reversale']['list']

/** Incassi · Reversali (picture 08): the ready ones on top with the numbers they will take, then the issued. */
export function Reversali() {
  const done = useRoadDone()
  const exercise = useExercise()
  const navigate = useNavigate()
  const list = useListState({ sort: '-number' })
  const columns = useColumns('reversali', COLUMNS)
  const selection = useSelection()
  const [cursor, setCursor] = useState<Row>()
  const [changes, setChanges] = useState<DraftChanges>({})
  const [asking, setAsking] = useState<'post' | 'annul' | 'transmit' | null>(null)
  const [focus, setFocus] = useState(0)
  const ready = useQuery(orpc.reversale.ready.queryOptions({ input: WHOLE }))
  const counts = useQuery(orpc.reversale.counts.queryOptions({ input: { exercise } }))
  const capitoli = useQuery(orpc.capitolo.list.queryOptions({ input: { exercise } }))
  const filters = filterDefs((capitoli.data ?? []).map((c) => ({ value: String(c.id), label: `${c.code} ${c.name}` })))
  const f = list.filters
  const states = manyOf<'ready' | 'issued' | 'annulled'>(f.stato)
  const query = {
    filters: {
      exercise,
      capitoloId: f.capitolo === undefined ? null : (Number(f.capitolo) as never),
      state: states.filter((s) => s !== 'ready'),
      dateFrom: (f.da ?? null) as IsoDate | null,
      dateTo: (f.a ?? null) as IsoDate | null,
      flowId: f.flusso ?? null,
      transmitted: f.distinta === undefined ? null : f.distinta === 'si',
    },
    search: list.search,
    sort: list.sort,
  }
  const words = filtersInWords(filters, list)

  const all = ready.data ? numbered(ready.data, changes) : []
  const capitolo = capitoli.data?.find((c) => String(c.id) === f.capitolo)?.code
  const wanted = searchKey(list.search)
  const drafts = all.filter(
    (d) =>
      (states.length === 0 || states.includes('ready')) &&
      f.distinta === undefined &&
      d.exercise === exercise &&
      (capitolo === undefined || capitoloCode(d.capitolo) === capitolo) &&
      (f.da === undefined || d.date >= f.da) &&
      (f.a === undefined || d.date <= f.a) &&
      (f.flusso === undefined || (d.flowId ?? '').toLowerCase().includes(f.flusso.toLowerCase())) &&
      (wanted === '' ||
        searchKey(`${d.causale} ${d.flowId ?? ''} ${d.capitolo} ${creditsInWords(d.lines).join(' ')}`).includes(
          wanted,
        )),
  )
  const readyIds = new Map(all.map((d, i) => [d.key, -(i + 1)]))
  const onlyReady = states.length > 0 && states.every((s) => s === 'ready')
  const ticked = all.filter((d) => selection.chosen.kind === 'some' && selection.has(readyIds.get(d.key) ?? 0))
  const toIssue = ticked.length > 0 ? ticked : all
  const early = toIssue.some((d) => d.date < d.earliestDate)
  const { chosen } = selection
  const issuedIds = chosen.kind === 'some' ? [...chosen.ids.keys()].filter((id) => id > 0) : []
  const toPrint =
    chosen.kind === 'all'
      ? { query, except: [...chosen.except.keys()].filter((id) => id > 0) }
      : issuedIds.length > 0
        ? { ids: issuedIds }
        : null
  const canIssue = toIssue.length > 0 && !early

  const fetchPage = async (paging: Paging, signal: AbortSignal) => {
    const own: Row[] = drafts
      .slice(paging.offset, paging.offset + paging.limit)
      .map((d) => ({ id: readyIds.get(d.key) ?? 0, ready: d, issued: null }))
    const rest = onlyReady
      ? { rows: [], count: 0, totals: { cents: sum([]), annulledCents: sum([]) } }
      : await client.reversale.list(
          {
            ...query,
            offset: Math.max(0, paging.offset - drafts.length),
            limit: Math.max(1, paging.limit - own.length),
          },
          { signal },
        )
    const issued: Row[] = rest.rows.map((r) => ({ id: r.id, ready: null, issued: r }))
    return { rows: [...own, ...issued].slice(0, paging.limit), count: drafts.length + rest.count, totals: rest.totals }
  }
  const change = (key: string, next: DraftChanges[string] | null) => {
    const { [key]: _, ...rest } = changes
    setChanges(next === null || Object.keys(next).length === 0 ? rest : { ...rest, [key]: next })
  }
  const annul = () => cursor?.issued?.state === 'issued' && setAsking('annul')
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Space', label: 'seleziona' },
    { keys: 'F2', label: 'data e causale' },
    { keys: 'Ctrl+Enter', label: 'emetti…', run: () => canIssue && setAsking('post') },
    { keys: 'D', label: 'distinta…', run: () => (counts.data?.toTransmit ?? 0) > 0 && setAsking('transmit') },
    { keys: 'Delete', label: 'annulla…' },
  ])
  const numbers = all.length > 0 ? `${formatCount(all[0]?.number ?? 0)} a ${formatCount(all.at(-1)?.number ?? 0)}` : ''
  const current = cursor?.ready ? all.find((d) => d.key === cursor.ready.key) : undefined
  const original = current && ready.data?.drafts.find((d) => d.key === current.key)
  const panel = cursor?.issued ? (
    <ReversalePanel
      row={cursor.issued}
      annulling={asking === 'annul'}
      onAnnulling={(on) => setAsking(on ? 'annul' : null)}
    />
  ) : current && original ? (
    <DraftPanel
      key={current.key}
      draft={current}
      earliest={original.earliestDate}
      proposed={original}
      focus={focus}
      onChange={(next) => change(current.key, next)}
      onReset={() => change(current.key, null)}
    />
  ) : null
  return (
    <Page
      title={SECTIONS.reversali}
      about={`esercizio ${exercise}`}
      actions={
        <>
          <ListActions
            columns={columns}
            title={`${SECTIONS.reversali} ${exercise}`}
            filters={words}
            disabled={counts.data?.all === 0}
            run={(request) => client.reversale.export({ ...query, ...request })}
          />
          <Button
            disabled={(counts.data?.toTransmit ?? 0) === 0}
            leftSection={<IconSend size={16} stroke={1.7} aria-hidden />}
            onClick={() => setAsking('transmit')}
          >
            Distinta di trasmissione…
          </Button>
          {early && <span className="t-bad strong small">una data contabile è troppo presto</span>}
          <Button
            variant="filled"
            disabled={!canIssue}
            leftSection={<IconReceiptEuro size={16} stroke={1.7} aria-hidden />}
            onClick={() => setAsking('post')}
          >
            {all.length === 0
              ? 'Nessuna reversale pronta'
              : `Emetti ${counted(toIssue.length, 'reversale', 'reversali')}…`}
          </Button>
        </>
      }
    >
      <ListViews
        page="reversali"
        list={list}
        views={VIEWS.map((v) => ({
          ...v,
          count:
            v.count === 'ready'
              ? ready.data && all.length
              : counts.data && (counts.data[v.count] ?? 0) + (v.count === 'all' ? all.length : 0),
        }))}
      />
      <FilterBar
        list={list}
        filters={filters}
        searchLabel="N., flusso, provvisorio"
        right={<ColumnsButton columns={columns} />}
      />
      {ready.data && <AlarmsNote alarms={ready.data.alarms} />}
      <WithPanel panel={panel}>
        <QTable<Row, List['totals']>
          label={SECTIONS.reversali}
          columns={columns}
          list={list}
          selection={selection}
          queryKey={['reversale.list', query, states, drafts.map((d) => [d.key, d.number, d.date, d.causale, d.cents])]}
          fetchPage={fetchPage}
          rowId={(r) => r.id}
          rowName={(r) => (r.issued ? `reversale ${r.issued.number}` : `pronta ${r.ready.number}`)}
          rowCents={(r) => of(r).cents}
          totalCents={(t) => t.cents + sum(drafts.map((d) => d.cents))}
          rowClass={(r) => (r.issued?.state === 'annulled' ? 'struck' : '')}
          groupOf={(r) =>
            r.ready
              ? {
                  key: 'ready',
                  label:
                    all.length === 1
                      ? `Pronta: prenderà il numero ${numbers.split(' ')[0]}`
                      : `Pronte: prenderanno i numeri da ${numbers}, in ordine di data contabile`,
                  sum: <Money cents={sum(drafts.map((d) => d.cents))} strong />,
                }
              : drafts.length > 0
                ? { key: 'issued', label: 'Emesse' }
                : null
          }
          onCursor={setCursor}
          onEdit={(r) => r.ready && setFocus(focus + 1)}
          onOpen={(r) =>
            r.ready
              ? setFocus(focus + 1)
              : r.issued?.flowId &&
                void navigate({ to: '/rendicontazioni', search: { flusso: r.issued.flowId } as never })
          }
          onDelete={annul}
          bulk={
            <>
              {ticked.length > 0 && (
                <Button disabled={!canIssue} onClick={() => setAsking('post')}>
                  Emetti {counted(ticked.length, 'pronta', 'pronte')}…
                </Button>
              )}
              <Button
                disabled={toPrint === null}
                leftSection={<IconPrinter size={16} stroke={1.7} aria-hidden />}
                onClick={() => toPrint !== null && printReversali(toPrint)}
              >
                Stampa le reversali
              </Button>
              <Button disabled={issuedIds.length === 0} onClick={() => setAsking('transmit')}>
                Distinta…
              </Button>
            </>
          }
          foot={(total, totals) => ({
            left: (
              <>
                <span>
                  <b>{formatCount(total - drafts.length)}</b> {total - drafts.length === 1 ? 'reversale' : 'reversali'}
                </span>
                {(counts.data?.annulled ?? 0) > 0 && (
                  <span>
                    {counted(counts.data?.annulled ?? 0, 'annullata', 'annullate')}{' '}
                    <Money cents={totals.annulledCents} />
                  </span>
                )}
              </>
            ),
            right: (
              <>
                {drafts.length > 0 && (
                  <span className="muted">
                    pronte <Money cents={sum(drafts.map((d) => d.cents))} />
                  </span>
                )}
                <span>
                  {FIELDS.collected} <Money cents={totals.cents} euro strong />
                </span>
              </>
            ),
          })}
          empty={
            words !== '' ? (
              <NothingMatches filters={words} onClear={list.clearFilters} />
            ) : (
              <NotYet
                stop="Reversale"
                done={done}
                title="Qui arriveranno le reversali"
                text="Una reversale dice che una somma è incassata, su un capitolo, con un numero dell’esercizio. Nasce da un accredito abbinato al suo flusso: quando ce n’è uno lo trovi qui in alto, pronto."
                ways={[
                  {
                    title: 'Vai alla riconciliazione',
                    text: 'Accrediti e flussi da abbinare',
                    icon: IconArrowsJoin2,
                    to: '/riconciliazione',
                    keys: 'Alt+9',
                  },
                ]}
              />
            )
          }
        />
      </WithPanel>
      {asking === 'transmit' && (
        <TransmissionDialog
          exercise={exercise}
          chosen={issuedIds.length > 0 ? new Set(issuedIds) : null}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'post' && ready.data && (
        <PostDialog
          ready={ready.data}
          scope={WHOLE}
          chosen={ticked.length > 0 ? new Set(ticked.map((d) => d.key)) : null}
          changes={changes}
          onClose={() => setAsking(null)}
          onDone={() => {
            setChanges({})
            selection.clear()
          }}
        />
      )}
    </Page>
  )
}
