import { Button, Menu, Select } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconFileExport, IconSend } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { alboProfile } from '#domain/albo-profile'
import { type Instant, romeDateTime } from '#domain/date'
import { ALBO_WHAT, CATEGORIES, FIELDS } from '#domain/vocabulary'
import { client, orpc } from '../../../client.ts'
import { ConfirmDialog } from '../../../components/ConfirmDialog.tsx'
import { counted, DateText, formatCount, Money, Mono } from '../../../components/cells.tsx'
import { AllDone, NothingMatches } from '../../../components/EmptyState.tsx'
import { ErrorNote } from '../../../components/ErrorNote.tsx'
import { saveFile } from '../../../components/files.ts'
import { ToneText } from '../../../components/St.tsx'
import { say, sayFailure } from '../../../components/toast.ts'
import { type QColumn, useColumns } from '../../../table/columns.ts'
import { type FilterDef, filtersInWords } from '../../../table/FilterBar.tsx'
import { ListBar } from '../../../table/ListBar.tsx'
import { type ListState, manyOf } from '../../../table/list-state.ts'
import { QTable } from '../../../table/QTable.tsx'

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

type Destination = InferContractRouterOutputs<Contract>['alboDestination']['list'][number]

/** Those handed over by hand have no destination. */
const BY_HAND = 'mano'

/** Who has paid since the last list of a destination, or altogether; what was annulled after it is withdrawn. */
export function AlboNews({ list, onSent }: { readonly list: ListState; readonly onSent: (id: number) => void }) {
  const destinations = useQuery(orpc.alboDestination.list.queryOptions())
  if (destinations.data === undefined) return <ErrorNote error={destinations.error} />
  return <News list={list} onSent={onSent} destinations={destinations.data} />
}

function News({
  list,
  onSent,
  destinations,
}: {
  readonly list: ListState
  readonly onSent: (id: number) => void
  readonly destinations: readonly Destination[]
}) {
  const navigate = useNavigate()
  const columns = useColumns('albo', COLUMNS)
  const last = useQuery(orpc.albo.last.queryOptions())
  const [count, setCount] = useState(0)
  const [asking, setAsking] = useState(false)
  const f = list.filters
  const onlyNew = f.vedi !== 'tutti'
  const destination =
    f.per === BY_HAND ? undefined : (destinations.find((d) => String(d.id) === f.per) ?? destinations[0])
  const query = {
    filters: { exercise: null, onlyNew, what: manyOf<Row['what']>(f.esito), destinationId: destination?.id ?? null },
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
  const send = async (to: Destination) => {
    const sent = await client.alboSent.send({ destinationId: to.id })
    if (to.way === 'download') await saveFile(await client.alboSent.file({ id: sent.id }))
    onSent(sent.id)
    const rows = counted(sent.rows, 'riga', 'righe')
    if (sent.state === 'waiting' && to.way !== 'download')
      say(`«${sent.fileName}» è pronta e riparte da sola: ${sent.reason}`)
    else if (sent.state === 'failed') say(`«${sent.fileName}» non è partita: ${sent.reason}`)
    else say(`«${sent.fileName}», ${rows}: ${to.way === 'download' ? 'salvata' : `mandata in ${to.place}`}.`)
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
          destination === undefined ? (
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
          ) : (
            <Button
              variant="filled"
              disabled={destination.waiting === 0}
              leftSection={<IconSend size={16} stroke={1.7} aria-hidden />}
              onClick={() => setAsking(true)}
            >
              {destination.way === 'download' ? 'Salva la lista…' : 'Manda ora…'}
            </Button>
          )
        }
      />
      <div className="list-about albo-about ink2">
        {destinations.length > 0 && (
          <Select
            aria-label="Novità per"
            w={220}
            allowDeselect={false}
            value={destination === undefined ? BY_HAND : String(destination.id)}
            data={[
              ...destinations.map((d) => ({ value: String(d.id), label: d.name })),
              { value: BY_HAND, label: 'Consegnate a mano' },
            ]}
            onChange={(per) => list.set({ per: per ?? undefined })}
          />
        )}
        <p>
          {destination !== undefined && onlyNew && aboutDestination(destination)}
          {destination === undefined && aboutByHand(last.data ?? null, onlyNew)}
          {!onlyNew && ' Qui sotto tutti quelli che hanno pagato.'}
          {destinations.length === 0 && (
            <>
              {' '}
              <Link to="/impostazioni/$voce" params={{ voce: 'albo' }} className="link">
                Mandale da sole all’Albo
              </Link>
            </>
          )}
        </p>
      </div>
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
            <AllDone title="Nessuna novità per l’Albo" text="Dall’ultima lista non è cambiato niente." />
          ) : (
            <NothingMatches filters={words} onClear={list.clearFilters} />
          )
        }
      />
      {destination !== undefined && (
        <ConfirmDialog
          opened={asking}
          onClose={() => setAsking(false)}
          title={`Lista per «${destination.name}»: ${counted(destination.waiting, 'riga', 'righe')}`}
          subtitle={`${alboProfile(destination.profile).name}, ${destination.way === 'download' ? 'da salvare' : destination.place}.`}
          act={
            destination.way === 'download'
              ? 'Prepara e salva'
              : `Manda ${counted(destination.waiting, 'riga', 'righe')}`
          }
          leave="Torna all’elenco"
          warning="Contiene tutte le novità, anche quelle che un filtro nasconde. Ciò che la lista dice non si ridice: se l’Albo rifiuta una riga segnalo in «Liste mandate», e riparte con la prossima."
          onConfirm={() => send(destination)}
        />
      )}
    </>
  )
}

function aboutDestination({ waiting, automatic, way }: Destination): string {
  const rows = waiting === 0 ? 'Niente da mandare.' : `${counted(waiting, 'riga', 'righe')} da mandare.`
  return `${rows} ${automatic ? 'Parte da sola dopo ogni emissione.' : way === 'download' ? 'Il file lo salvi tu.' : 'Parte quando premi «Manda ora».'}`
}

function aboutByHand(last: { readonly at: Instant; readonly rows: number } | null, onlyNew: boolean): string {
  if (last === null) return 'Nessuna lista ancora consegnata.'
  const rows = `Ultima lista consegnata ${romeDateTime(last.at)}, ${counted(last.rows, 'riga', 'righe')}.`
  return onlyNew ? `${rows} Qui sotto quello che è cambiato da allora.` : rows
}
