import { Button } from '@mantine/core'
import {
  IconBellRinging,
  IconFileText,
  IconHelpCircle,
  IconPlayerPause,
  IconPlayerPlay,
  IconSend,
  IconStack2,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { type Instant, romeDate } from '#domain/date'
import { CHANNELS, SECTIONS } from '#domain/vocabulary'
import { client, orpc } from '../client.ts'
import { counted, formatCount, relativeTime } from '../components/cells.tsx'
import { AllDone, NothingMatches, NotYet } from '../components/EmptyState.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { Page } from '../components/Page.tsx'
import { Views } from '../components/Views.tsx'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import { useColumns } from '../table/columns.ts'
import { WithPanel } from '../table/DetailPanel.tsx'
import { FilterBar, type FilterDef, filtersInWords } from '../table/FilterBar.tsx'
import { ListActions } from '../table/ListActions.tsx'
import { manyOf, useListState } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'
import { useSelection } from '../table/selection.ts'
import { CampaignNote } from './deliveries/CampaignNote.tsx'
import { CampaignState, CampaignTable, ChannelTable } from './deliveries/Campaigns.tsx'
import { CancelCampaign } from './deliveries/CancelCampaign.tsx'
import { pauseCampaign, resumeCampaign, useCampaign, useCampaigns } from './deliveries/campaign-work.ts'
import {
  CancelDialog,
  DecideDialog,
  type DeliveryTargets,
  ResendDialog,
  RetryDialog,
} from './deliveries/DeliveryDialogs.tsx'
import { DeliveryPanel } from './deliveries/DeliveryPanel.tsx'
import {
  type Campaign,
  DELIVERY_VIEWS,
  type DeliveryAct,
  type DeliveryList,
  type DeliveryRow,
  deliveryColumns,
  proposedAct,
  stateCounts,
} from './deliveries/delivery-list.tsx'
import { type FailingAddress, FixAddress } from './deliveries/FixAddress.tsx'
import { LeftOut } from './positions/LeftOut.tsx'

const FILTERS: readonly FilterDef[] = [
  {
    key: 'canale',
    label: 'Canale',
    kind: 'many',
    options: Object.entries(CHANNELS).map(([value, label]) => ({ value, label })),
  },
]

type Open =
  | { readonly kind: 'decide' | 'resend'; readonly row: DeliveryRow }
  | { readonly kind: 'retry' | 'cancel'; readonly targets: DeliveryTargets }
  | { readonly kind: 'address'; readonly failing: FailingAddress }
  | { readonly kind: 'cancelCampaign' }

/** Emissione · Consegne: campaigns, how each channel goes, and what waits for a person (SCREENS.md §9.6). */
export function Deliveries() {
  const navigate = useNavigate()
  const list = useListState({ sort: '-at' })
  const selection = useSelection()
  const [cursor, setCursor] = useState<DeliveryRow>()
  const [count, setCount] = useState<number | null>(null)
  const [open, setOpen] = useState<Open | null>(null)
  const campaignId = list.filters.campagna === undefined ? null : (Number(list.filters.campagna) as Id<'campaign'>)
  const campaigns = useCampaigns()
  const one = useCampaign(campaignId)
  const campaign = campaignId === null ? undefined : one.data
  const all = useQuery(orpc.delivery.counts.queryOptions())
  const counts = stateCounts(campaign, all.data)
  const chosen = list.url.vista ?? ((counts?.['da-rivedere'] ?? 0) > 0 ? 'da-rivedere' : 'tutte')
  const view = DELIVERY_VIEWS.find((v) => v.id === chosen) ?? DELIVERY_VIEWS[0]
  const query = {
    filters: {
      campaignId,
      channel: manyOf<DeliveryRow['channel']>(list.filters.canale),
      state: [...view.states] as DeliveryRow['state'][],
    },
    search: list.search,
    sort: list.sort,
  }
  const act = (row: DeliveryRow, what: DeliveryAct) => {
    if (what === 'decide' || what === 'resend') setOpen({ kind: what, row })
    else if (what === 'fixAddress' && (row.channel === 'email' || row.channel === 'pec')) {
      const { personId, personName, address, reason, id: deliveryId } = row
      setOpen({
        kind: 'address',
        failing: { personId, personName, channel: row.channel, address, reason, deliveryId },
      })
    } else if (what === 'fixAddress') void navigate({ to: '/persone/$id', params: { id: String(row.personId) } })
    else setOpen({ kind: what, targets: { rows: [row] } })
  }
  const columns = useColumns('consegne', deliveryColumns(act))
  const words = [view.states.length > 0 ? view.label : '', filtersInWords(FILTERS, list)]
    .filter((t) => t !== '')
    .join('; ')
  const scope = { campaignId, channel: query.filters.channel }
  const retryFailed = () => setOpen({ kind: 'retry', targets: { filters: { ...scope, state: ['failed'] } } })
  const newCampaign = () => void navigate({ to: '/consegne/nuova' })
  const propose = (row: DeliveryRow) => {
    const proposed = proposedAct(row)
    if (proposed) act(row, proposed)
  }
  const waiting = counts?.['in-coda'] ?? 0
  const paused = campaign?.state === 'paused' || campaign?.state === 'stopped'
  const pausable = campaign !== undefined && ['running', 'waiting', 'paused', 'stopped'].includes(campaign.state)
  const pause = () => {
    if (campaign && pausable) (paused ? resumeCampaign : pauseCampaign)(campaign)
  }
  const cancellable = campaign !== undefined && campaign.state !== 'cancelled' && (waiting > 0 || hasFiles(campaign))
  const again = (row: DeliveryRow) => {
    if (row.state === 'failed') act(row, 'retry')
    else if (['sent', 'accepted', 'delivered'].includes(row.state)) act(row, 'resend')
  }
  useKeys([
    ...(pausable ? [{ keys: 'P', label: paused ? 'riprendi' : 'pausa', run: pause }] : []),
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Enter', label: 'azione proposta' },
    { keys: 'R', label: 'rispedisci…', run: () => cursor && again(cursor) },
    { keys: 'Ctrl+Enter', label: 'nuova campagna…', run: newCampaign },
    {
      keys: 'I',
      label: 'recapiti che non funzionano',
      quiet: true,
      run: () => void navigate({ to: '/consegne/recapiti' }),
    },
    {
      keys: 'N',
      label: 'elenco «non spedire»',
      quiet: true,
      run: () => void navigate({ to: '/consegne/non-spedire' }),
    },
  ])
  const failing = useQuery(orpc.delivery.failing.queryOptions({ input: { filters: {}, limit: 1 } }))
  const stops = useQuery(orpc.deliveryStop.list.queryOptions({ input: { filters: {}, limit: 1 } }))
  const never = campaigns.data?.count === 0
  return (
    <Page
      title={campaign ? campaign.description : SECTIONS.deliveries}
      about={
        campaign
          ? `avviata ${when(campaign.at)} da ${campaign.operator}`
          : campaigns.data && (
              <>
                {counted(campaigns.data.count, 'campagna', 'campagne')} ·{' '}
                <Link to="/consegne/recapiti">
                  {(failing.data?.count ?? 0) > 0
                    ? counted(failing.data?.count ?? 0, 'recapito da correggere', 'recapiti da correggere')
                    : 'recapiti in ordine'}
                </Link>{' '}
                ·{' '}
                <Link to="/consegne/non-spedire">
                  {(stops.data?.count ?? 0) > 0
                    ? `${formatCount(stops.data?.count ?? 0)} da non spedire`
                    : 'non spedire a…'}
                </Link>
              </>
            )
      }
      {...(campaignId === null ? {} : { back: '/consegne' })}
      actions={
        <>
          {campaign && <CampaignState campaign={campaign} pill />}
          <ListActions
            columns={columns}
            title={campaign ? `${SECTIONS.deliveries}: ${campaign.description}` : SECTIONS.deliveries}
            filters={words}
            disabled={count === 0 || never}
            run={(request) => client.delivery.export({ ...query, ...request })}
          />
          {campaign ? (
            <>
              {cancellable && (
                <Button className="danger" onClick={() => setOpen({ kind: 'cancelCampaign' })}>
                  {waiting > 0 ? 'Annulla non partiti…' : 'Togli i file…'}
                </Button>
              )}
              {pausable && (
                <Button
                  variant="filled"
                  leftSection={
                    paused ? (
                      <IconPlayerPlay size={16} stroke={1.7} aria-hidden />
                    ) : (
                      <IconPlayerPause size={16} stroke={1.7} aria-hidden />
                    )
                  }
                  onClick={pause}
                >
                  {paused ? 'Riprendi' : 'Pausa'}
                </Button>
              )}
            </>
          ) : (
            <Button
              leftSection={<IconBellRinging size={16} stroke={1.7} aria-hidden />}
              onClick={() => void navigate({ to: '/consegne/nuova', search: { sollecito: 'si' } as never })}
            >
              Sollecita…
            </Button>
          )}
          {!pausable && (
            <Button
              variant="filled"
              leftSection={<IconSend size={16} stroke={1.7} aria-hidden />}
              onClick={newCampaign}
            >
              Nuova campagna…
            </Button>
          )}
        </>
      }
    >
      <ErrorNote error={campaigns.error ?? one.error} />
      {never ? (
        <NotYet
          stop="Avviso"
          done={['Quote']}
          title="Qui arriveranno le consegne"
          text="Una campagna consegna gli avvisi di un lotto per PEC, e-mail, App IO, posta, su un server o in una cartella. Parte da sé, nelle ore che vuoi, e ogni consegna tiene il suo esito e le sue ricevute: quelle incerte aspettano te."
          ways={[
            {
              title: 'Nuova campagna',
              text: 'Scegli gli avvisi, i canali e il messaggio',
              icon: IconSend,
              to: '/consegne/nuova',
            },
            { title: 'Guarda gli avvisi', text: 'Come sono, prima di mandarli', icon: IconFileText, to: '/avvisi' },
            {
              title: 'Genera posizioni',
              text: 'Se non ci sono ancora avvisi',
              icon: IconStack2,
              to: '/posizioni/genera',
            },
          ]}
        />
      ) : (
        <>
          {campaign ? <ChannelTable campaign={campaign} /> : <CampaignTable campaigns={campaigns.data?.rows ?? []} />}
          {campaign && <CampaignNote campaign={campaign} />}
          {campaign && campaign.leftOut.length > 0 && (
            <div className="send-note">
              <LeftOut reasons={campaign.leftOut} />
            </div>
          )}
          <Views
            tabs={DELIVERY_VIEWS.map((v) => ({ id: v.id, label: v.label, count: counts?.[v.id] }))}
            value={view.id}
            onChange={(id) => {
              selection.clear()
              list.set({ vista: id, sel: undefined }, { push: true })
            }}
            right={
              (counts?.['non-consegnate'] ?? 0) > 0 && (
                <Button onClick={retryFailed}>Rispedisci i falliti corretti…</Button>
              )
            }
          />
          <FilterBar
            list={list}
            filters={FILTERS}
            searchLabel="Nome, recapito, avviso"
            right={<ColumnsButton columns={columns} />}
          />
          {(counts?.incerte ?? 0) > 0 && (view.id === 'da-rivedere' || view.id === 'incerte') && (
            <div className="note note-unc unc-note">
              <IconHelpCircle size={16} stroke={1.7} aria-hidden />
              <div>
                <b className="strong">{counted(counts?.incerte ?? 0, 'esito incerto', 'esiti incerti')}.</b> Forse sono
                partiti, forse no: per non mandarli due volte il programma aspetta te. Cerca il messaggio nella casella,
                poi scegli <b className="strong">È arrivato</b> o <b className="strong">Rispedisci</b>, uno per volta.
              </div>
            </div>
          )}
          <WithPanel panel={cursor ? <DeliveryPanel row={cursor} onAct={act} /> : null}>
            <QTable<DeliveryRow, DeliveryList['totals']>
              label={SECTIONS.deliveries}
              columns={columns}
              list={list}
              queryKey={['delivery.list', query]}
              fetchPage={(paging, signal) => client.delivery.list({ ...query, ...paging }, { signal })}
              rowId={(r) => r.id}
              rowName={(r) => `${r.personName}, ${CHANNELS[r.channel]}`}
              rowClass={(r) => (r.state === 'cancelled' || r.state === 'suppressed' ? 'struck' : '')}
              onCursor={setCursor}
              onLoaded={setCount}
              onOpen={propose}
              onDelete={(r) => proposedAct(r) === 'cancel' && act(r, 'cancel')}
              foot={(total) => ({
                left: (
                  <span>
                    <b>{formatCount(total)}</b> {total === 1 ? 'consegna' : 'consegne'}
                  </span>
                ),
                right: (
                  <span className="muted small">
                    {view.states.length > 0 ? `${view.label.toLowerCase()}, ` : ''}
                    {campaign ? 'di questa campagna' : 'di tutte le campagne'}
                  </span>
                ),
              })}
              empty={
                filtersInWords(FILTERS, list) !== '' ? (
                  <NothingMatches filters={words} onClear={() => list.set({ canale: undefined, cerca: undefined })} />
                ) : view.id === 'da-rivedere' || view.id === 'incerte' || view.id === 'non-consegnate' ? (
                  <AllDone
                    title="Nessuna consegna da rivedere"
                    text={`${formatCount(counts?.consegnate ?? 0)} consegnate, ${formatCount(counts?.['in-coda'] ?? 0)} in coda.`}
                    action={<Button onClick={() => list.set({ vista: 'tutte' })}>Vedi tutte le consegne</Button>}
                  />
                ) : (
                  <NothingMatches filters={words} onClear={() => list.set({ vista: 'tutte' })} />
                )
              }
            />
          </WithPanel>
        </>
      )}
      {open?.kind === 'decide' && <DecideDialog row={open.row} onClose={() => setOpen(null)} />}
      {open?.kind === 'retry' && <RetryDialog targets={open.targets} onClose={() => setOpen(null)} />}
      {open?.kind === 'resend' && <ResendDialog row={open.row} onClose={() => setOpen(null)} />}
      {open?.kind === 'address' && <FixAddress failing={open.failing} onClose={() => setOpen(null)} />}
      {open?.kind === 'cancelCampaign' && campaign && (
        <CancelCampaign campaign={campaign} onClose={() => setOpen(null)} />
      )}
      {open?.kind === 'cancel' && <CancelDialog targets={open.targets} onClose={() => setOpen(null)} />}
    </Page>
  )
}

function when(at: Instant): string {
  const words = relativeTime(at)
  return /^\d{2}\//.test(words) ? `il ${words}` : words.length > 0 ? words : `il ${romeDate(at)}`
}

/** Whether files were put somewhere, so that they can be taken away again. */
function hasFiles(campaign: Campaign): boolean {
  return campaign.channels.some((c) => ['server', 'folder', 'post'].includes(c.channel) && c.done > 0)
}
