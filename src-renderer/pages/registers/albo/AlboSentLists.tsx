import { Button, Menu } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconChevronDown, IconDownload, IconRefresh } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { type Problem, problemText } from '#domain/problem'
import { ALBO_WHAT, FIELDS, STATES } from '#domain/vocabulary'
import { client, orpc } from '../../../client.ts'
import { counted, formatCount, Money, Mono, TimeText } from '../../../components/cells.tsx'
import { AllDone, NothingMatches } from '../../../components/EmptyState.tsx'
import { askFile, saveFile, uploadFile } from '../../../components/files.ts'
import { Facts } from '../../../components/Page.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { St, ToneText } from '../../../components/St.tsx'
import { say, sayFailure } from '../../../components/toast.ts'
import { type QColumn, useColumns } from '../../../table/columns.ts'
import { DetailPanel, PanelPart, WithPanel } from '../../../table/DetailPanel.tsx'
import { type FilterDef, filtersInWords } from '../../../table/FilterBar.tsx'
import { ListBar } from '../../../table/ListBar.tsx'
import { type ListState, manyOf } from '../../../table/list-state.ts'
import { QTable } from '../../../table/QTable.tsx'
import { AlboAnswerSheet } from './AlboAnswerSheet.tsx'

type List = InferContractRouterOutputs<Contract>['alboSent']['list']
type SentList = List['rows'][number]

const COLUMNS: readonly QColumn<SentList>[] = [
  { id: 'at', header: 'Preparata', width: 112, cell: (r) => <TimeText at={r.at} /> },
  { id: 'destination', header: 'Destinazione', width: 116, cell: (r) => r.destination, title: (r) => r.destination },
  {
    id: 'fileName',
    header: 'File',
    width: 150,
    flex: true,
    cell: (r) => <Mono>{r.fileName}</Mono>,
    title: (r) => r.fileName,
  },
  {
    id: 'place',
    header: 'Dove',
    width: 180,
    hidden: 'wide',
    sortable: false,
    cell: (r) => r.place,
    title: (r) => r.place,
  },
  { id: 'operator', header: 'Chi', width: 100, hidden: 'wide', cell: (r) => r.operator },
  { id: 'rows', header: 'Righe', width: 62, align: 'right', cell: (r) => formatCount(r.rows) },
  { id: 'cents', header: 'Importo €', width: 92, align: 'right', cell: (r) => <Money cents={r.cents} /> },
  { id: 'state', header: FIELDS.state, width: 152, cell: (r) => <St family="alboList" code={r.state} /> },
  {
    id: 'accepted',
    header: 'Accettate',
    width: 78,
    hidden: 'wide',
    align: 'right',
    cell: (r) => r.accepted > 0 && formatCount(r.accepted),
  },
  {
    id: 'refused',
    header: 'Rifiutate',
    width: 76,
    align: 'right',
    cell: (r) => r.refused > 0 && <span className="t-bad strong">{formatCount(r.refused)}</span>,
  },
]

/** Lists made for the destinations: where each went, and what the Albo said of it. */
export function AlboSentLists({ list }: { readonly list: ListState }) {
  const columns = useColumns('albo-mandate', COLUMNS)
  const destinations = useQuery(orpc.alboDestination.list.queryOptions()).data ?? []
  const [row, setRow] = useState<SentList | undefined>(undefined)
  const filters: readonly FilterDef[] = [
    {
      key: 'stato',
      label: FIELDS.state,
      kind: 'many',
      options: Object.entries(STATES.alboList).map(([value, { word }]) => ({ value, label: word })),
    },
    {
      key: 'per',
      label: 'Destinazione',
      kind: 'one',
      options: destinations.map((d) => ({ value: String(d.id), label: d.name })),
    },
  ]
  const f = list.filters
  const query = {
    filters: {
      destinationId: destinations.find((d) => String(d.id) === f.per)?.id ?? null,
      state: manyOf<SentList['state']>(f.stato),
    },
    search: list.search,
    sort: list.sort,
  }
  const words = filtersInWords(filters, list)
  return (
    <>
      <ListBar
        list={list}
        filters={filters}
        searchLabel="File, destinazione, chi"
        columns={columns}
        title="Liste mandate all’Albo"
        words={words}
        run={(request) => client.alboSent.export({ ...query, ...request })}
      />
      <WithPanel panel={row === undefined ? null : <ListPanel key={row.id} row={row} />}>
        <QTable<SentList, List['totals']>
          label="Liste mandate all’Albo"
          columns={columns}
          list={list}
          queryKey={['alboSent.list', query]}
          fetchPage={(paging, signal) => client.alboSent.list({ ...query, ...paging }, { signal })}
          rowId={(r) => r.id}
          rowName={(r) => r.fileName}
          onCursor={setRow}
          openHint={0}
          onOpen={(r) => void save(r)}
          foot={(n, totals) => ({
            left: (
              <span>
                <b>{counted(n, 'lista', 'liste')}</b>
              </span>
            ),
            right: (
              <span>
                {FIELDS.collected} <Money cents={totals.cents} euro strong />
              </span>
            ),
          })}
          empty={
            words === '' ? (
              <AllDone
                title="Ancora nessuna lista mandata"
                text="Le destinazioni si scrivono in Impostazioni, «Albo»: poi ogni lista che parte resta qui, con la risposta di chi tiene l’Albo."
              />
            ) : (
              <NothingMatches filters={words} onClear={list.clearFilters} />
            )
          }
        />
      </WithPanel>
    </>
  )
}

async function save(row: SentList): Promise<void> {
  try {
    await saveFile(await client.alboSent.file({ id: row.id }))
  } catch (error) {
    sayFailure(error)
  }
}

const SHOWN = 50
const OUTCOMES = { none: null, accepted: 'ok', refused: 'bad' } as const

function ListPanel({ row }: { readonly row: SentList }) {
  const queries = useQueryClient()
  const [answering, setAnswering] = useState(false)
  const [doubts, setDoubts] = useState<{ readonly first: readonly Problem[]; readonly total: number } | null>(null)
  const [busy, setBusy] = useState(false)
  const rows = useQuery(orpc.alboSent.rows.queryOptions({ input: { filters: { id: row.id }, limit: SHOWN } }))
  const act = async (work: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await work()
      await queries.invalidateQueries()
    } catch (error) {
      sayFailure(error)
    } finally {
      setBusy(false)
    }
  }
  const readReply = async () => {
    const file = await askFile('.csv,.txt,.xlsx,.xls')
    if (file === null) return
    await act(async () => {
      const { token } = await uploadFile(file)
      const { accepted, refused, problems } = await client.alboSent.answerFile({ id: row.id, token })
      say(
        `Risposta letta: ${counted(accepted, 'riga accettata', 'righe accettate')}, ${counted(refused, 'rifiutata', 'rifiutate')}.`,
      )
      if (problems.total > 0) setDoubts(problems)
    })
  }
  const retry = row.place !== '' && (row.state === 'waiting' || row.state === 'failed')
  return (
    <DetailPanel
      title={row.fileName}
      subtitle={`${row.destination}, ${counted(row.rows, 'riga', 'righe')}`}
      actions={
        <>
          {retry && (
            <Button
              loading={busy}
              leftSection={<IconRefresh size={16} stroke={1.7} aria-hidden />}
              onClick={() => void act(() => client.alboSent.retry({ id: row.id }))}
            >
              Rimanda
            </Button>
          )}
          <Menu position="top-end">
            <Menu.Target>
              <Button loading={busy} rightSection={<IconChevronDown size={14} stroke={1.7} aria-hidden />}>
                Risposta…
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => void act(() => client.alboSent.answer({ id: row.id, refused: [] }))}>
                Tutte accettate
              </Menu.Item>
              <Menu.Item onClick={() => setAnswering(true)}>Segna le rifiutate…</Menu.Item>
              <Menu.Item onClick={() => void readReply()}>Leggi il file di risposta…</Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Button leftSection={<IconDownload size={16} stroke={1.7} aria-hidden />} onClick={() => void save(row)}>
            Salva il file
          </Button>
        </>
      }
    >
      <div className="panel-amount">
        <Money cents={row.cents} euro />
        <St family="alboList" code={row.state} pill />
      </div>
      {row.reason !== null && <p className="note note-warn">{row.reason}</p>}
      <PanelPart>
        <Facts
          rows={[
            ['Preparata', <TimeText key="at" at={row.at} />],
            ['Da', row.operator],
            ...(row.place === '' ? [] : [['Dove', row.place] as const]),
            ...(row.withdrawnCents > 0
              ? [['Ritirate', <Money key="w" cents={row.withdrawnCents} euro />] as const]
              : []),
            ...(row.sentAt === null ? [] : [['Mandata', <TimeText key="sent" at={row.sentAt} />] as const]),
            ...(row.nextAt === null ? [] : [['Riprova', <TimeText key="next" at={row.nextAt} />] as const]),
            ...(row.answeredAt === null
              ? []
              : [
                  ['Risposta', <TimeText key="answer" at={row.answeredAt} />] as const,
                  ['Segnata da', row.answeredBy ?? ''] as const,
                ]),
          ]}
        />
      </PanelPart>
      <PanelPart title="Righe">
        <ul className="albo-rows">
          {rows.data?.rows.map((r) => (
            <li key={r.ordinal}>
              <span className="albo-row">
                <span>{r.personName}</span>
                <Money cents={r.cents} />
              </span>
              <span className="albo-said small ink2">
                <span>
                  {r.competenceYear}, {ALBO_WHAT[r.what].toLocaleLowerCase('it')}
                  {r.again && ', ridetta in una lista dopo'}
                </span>
                {OUTCOMES[r.outcome] !== null && (
                  <ToneText tone={OUTCOMES[r.outcome] ?? 'neu'}>
                    {r.outcome === 'accepted' ? 'Accettata' : `Rifiutata: ${r.reason ?? ''}`}
                  </ToneText>
                )}
              </span>
            </li>
          ))}
        </ul>
        {row.rows > SHOWN && (
          <p className="small muted">E altre {formatCount(row.rows - SHOWN)}: sono tutte nel file.</p>
        )}
      </PanelPart>
      {answering && <AlboAnswerSheet row={row} onClose={() => setAnswering(false)} />}
      <Sheet opened={doubts !== null} onClose={() => setDoubts(null)} title="Righe della risposta lasciate fuori">
        <ul className="albo-rows">
          {doubts?.first.slice(0, 100).map((p) => (
            <li key={`${p.position?.row} ${p.code}`}>
              Riga {p.position?.row}: {problemText(p)}
            </li>
          ))}
        </ul>
        {doubts !== null && doubts.total > 100 && <p className="small muted">In tutto {formatCount(doubts.total)}.</p>}
      </Sheet>
    </DetailPanel>
  )
}
