import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import { CHANNELS, deliveryWord, FIELDS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { Mono, NoticeNumberText, TimeText } from '../../components/cells.tsx'
import { ToneText } from '../../components/St.tsx'
import { everyRow } from '../../table/chosen-rows.ts'
import type { QColumn } from '../../table/columns.ts'

export type DeliveryList = InferContractRouterOutputs<Contract>['delivery']['list']
export type DeliveryRow = DeliveryList['rows'][number]
export type DeliveryState = DeliveryRow['state']
export type Campaign = InferContractRouterOutputs<Contract>['campaign']['get']
export type DeliveryQuery = Omit<Parameters<typeof client.delivery.list>[0], 'offset' | 'limit'>

/** The system views: which states each shows. «Da rivedere» comes first when there is something in it. */
export const DELIVERY_VIEWS = [
  { id: 'da-rivedere', label: 'Da rivedere', states: ['failed', 'uncertain'] },
  { id: 'incerte', label: 'Incerte', states: ['uncertain'] },
  { id: 'non-consegnate', label: 'Non consegnate', states: ['failed'] },
  { id: 'in-coda', label: 'In coda', states: ['queued', 'sending', 'deferred'] },
  { id: 'consegnate', label: 'Consegnate', states: ['sent', 'accepted', 'delivered'] },
  { id: 'annullate', label: 'Annullate', states: ['cancelled', 'suppressed'] },
  { id: 'tutte', label: 'Tutte', states: [] },
] as const satisfies readonly { id: string; label: string; states: readonly DeliveryState[] }[]

export type DeliveryAct = 'decide' | 'fixAddress' | 'retry' | 'resend' | 'cancel'

const ADDRESS_FAULT =
  /\b5\.1\.\d|non esiste|sconosciut|inesistente|dominio|indirizzo|user unknown|no such user|mancata consegna/i

/** Channels that reach an address of the person, to be put right where it fails. */
const ADDRESSED: readonly DeliveryRow['channel'][] = ['email', 'pec', 'post']

/** What the program proposes for a delivery, by its state and by what the server said. */
export function proposedAct(row: DeliveryRow): DeliveryAct | null {
  if (row.state === 'uncertain') return 'decide'
  if (row.state === 'failed') {
    const address = ADDRESSED.includes(row.channel) && ADDRESS_FAULT.test(`${row.reason ?? ''} ${row.reply ?? ''}`)
    return address ? 'fixAddress' : 'retry'
  }
  return row.state === 'queued' || row.state === 'deferred' ? 'cancel' : null
}

export const ACT_WORDS: Readonly<Record<DeliveryAct, string>> = {
  decide: 'Decidi…',
  fixAddress: 'Correggi…',
  retry: 'Rispedisci…',
  resend: 'Rispedisci…',
  cancel: 'Annulla…',
}

export function DeliverySt({
  row,
  pill = false,
}: {
  readonly row: Pick<DeliveryRow, 'channel' | 'state'>
  readonly pill?: boolean
}) {
  const { word, tone } = deliveryWord(row)
  return (
    <ToneText tone={tone} code={row.state} pill={pill}>
      {word}
    </ToneText>
  )
}

export function deliveryColumns(act: (row: DeliveryRow, act: DeliveryAct) => void): readonly QColumn<DeliveryRow>[] {
  return [
    {
      id: 'personName',
      header: 'Destinatario',
      width: 150,
      flex: true,
      cell: (r) => r.personName,
      title: (r) => r.personName,
    },
    { id: 'state', header: 'Esito', width: 132, cell: (r) => <DeliverySt row={r} /> },
    {
      id: 'channel',
      header: 'Canale',
      width: 100,
      cell: (r) => CHANNELS[r.channel],
      title: (r) => CHANNELS[r.channel],
    },
    {
      id: 'reason',
      header: 'Motivo',
      width: 190,
      flex: true,
      sortable: false,
      cell: (r) => (r.reason === null ? <span className="muted">·</span> : <span className="why">{r.reason}</span>),
      title: (r) => r.reason ?? '',
    },
    {
      id: 'address',
      header: 'Recapito',
      width: 220,
      hidden: 'wide',
      cell: (r) => <Mono>{r.address}</Mono>,
      title: (r) => r.address,
    },
    {
      id: 'noticeNumber',
      header: FIELDS.noticeNumber,
      width: 177,
      hidden: 'wide',
      cell: (r) => <NoticeNumberText value={r.noticeNumber} />,
    },
    { id: 'at', header: 'Quando', width: 92, cell: (r) => <TimeText at={r.at} /> },
    { id: 'ordinal', header: 'Tentativo', width: 70, align: 'right', hidden: true, cell: (r) => r.ordinal },
    {
      id: 'reply',
      header: 'Risposta del server',
      width: 200,
      hidden: true,
      sortable: false,
      cell: (r) => r.reply,
      title: (r) => r.reply ?? '',
    },
    {
      id: 'azione',
      header: 'Che cosa fare',
      width: 112,
      sortable: false,
      action: true,
      cell: (r) => {
        const proposed = proposedAct(r)
        return (
          proposed && (
            <button
              type="button"
              tabIndex={-1}
              className={`row-button${proposed === 'decide' ? ' unc' : ''}`}
              aria-label={`${ACT_WORDS[proposed]} ${r.personName}`}
              onClick={() => act(r, proposed)}
            >
              {ACT_WORDS[proposed]}
            </button>
          )
        )
      },
    },
  ]
}

/** Ids of all deliveries of a filter, page by page. */
export async function deliveryIds(filters: DeliveryQuery['filters']): Promise<Id<'delivery'>[]> {
  return (await everyRow((paging) => client.delivery.list({ filters, ...paging }))).map((r) => r.id)
}

/** How many of one channel stand how. */
export type WayCounts = Pick<
  Campaign['channels'][number],
  'total' | 'done' | 'failed' | 'uncertain' | 'waiting' | 'cancelled' | 'suppressed'
>

export function stateCounts(campaign: Campaign | undefined, all: Readonly<Record<string, number>> | undefined) {
  if (campaign) {
    const sum = (key: keyof WayCounts) => campaign.channels.reduce((n, c) => n + c[key], 0)
    return {
      'da-rivedere': sum('failed') + sum('uncertain'),
      incerte: sum('uncertain'),
      'non-consegnate': sum('failed'),
      'in-coda': sum('waiting'),
      consegnate: sum('done'),
      annullate: sum('cancelled') + sum('suppressed'),
      tutte: sum('total'),
    }
  }
  if (!all) return undefined
  const of = (...states: string[]) => states.reduce((n, s) => n + (all[s] ?? 0), 0)
  return Object.fromEntries(
    DELIVERY_VIEWS.map((v) => [v.id, v.states.length === 0 ? (all.all ?? 0) : of(...v.states)]),
  ) as Record<(typeof DELIVERY_VIEWS)[number]['id'], number>
}
