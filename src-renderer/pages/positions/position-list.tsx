import type { InferContractRouterOutputs } from '@orpc/contract'
import {
  type Icon,
  IconArrowsDiff,
  IconAt,
  IconBuildingSkyscraper,
  IconCheck,
  IconFolder,
  IconHelpCircle,
  IconMailCheck,
  IconMailForward,
  IconMailX,
  IconRefresh,
  IconSend,
  IconServer2,
  IconX,
} from '@tabler/icons-react'
import type { Contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { CATEGORIES, CHANNELS, deliveryWord, FIELDS, STATES, stateWord } from '#domain/vocabulary'
import type { client } from '../../client.ts'
import { DateText, formatCount, Money, Mono, NoticeNumberText } from '../../components/cells.tsx'
import { St, StIcon } from '../../components/St.tsx'
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
} from '../../table/chart-filters.ts'
import type { QColumn } from '../../table/columns.ts'
import type { FilterDef } from '../../table/FilterBar.tsx'
import { type ListState, manyOf } from '../../table/list-state.ts'

export type PositionList = InferContractRouterOutputs<Contract>['debtPosition']['list']
export type PositionRow = PositionList['rows'][number]
export type PositionQuery = Omit<Parameters<typeof client.debtPosition.list>[0], 'offset' | 'limit'>
/** Positions chosen on a list, as the contract wants them. */
export type PositionSelection = Parameters<typeof client.notice.print>[0]['selection']

/** Columns as seen through an exercise: its own accertamenti go by their number alone. */
export function positionColumns(exercise: number): readonly QColumn<PositionRow>[] {
  return [
    {
      id: 'accertamenti',
      header: FIELDS.accertamentoShort,
      width: 56,
      align: 'right',
      cell: (r) => shortAccertamenti(r.accertamenti, exercise),
      title: (r) => r.accertamenti,
    },
    {
      id: 'personName',
      header: FIELDS.debtor,
      width: 100,
      flex: true,
      cell: (r) => r.personName,
      title: (r) => r.personName,
    },
    { id: 'fiscalCode', header: FIELDS.fiscalCode, width: 131, cell: (r) => <Mono>{r.fiscalCode}</Mono> },
    { id: 'category', header: FIELDS.category, width: 120, hidden: true, cell: (r) => CATEGORIES[r.category] },
    {
      id: 'causale',
      header: FIELDS.causale,
      width: 156,
      hidden: 'wide',
      cell: (r) => r.causale,
      title: (r) => r.causale,
    },
    { id: 'dueDate', header: FIELDS.dueDate, width: 89, cell: (r) => <DateText date={r.dueDate} /> },
    {
      id: 'installments',
      header: 'Rate',
      width: 42,
      align: 'right',
      hidden: 'wide',
      cell: (r) => (r.installments === 0 ? '' : formatCount(r.installments)),
      title: (r) => (r.installments === 0 ? 'In un’unica soluzione' : `${r.installments} rate`),
    },
    {
      id: 'validUntil',
      header: 'Valida fino al',
      width: 92,
      hidden: true,
      cell: (r) => <DateText date={r.validUntil} />,
    },
    {
      id: 'noticeNumber',
      header: FIELDS.noticeNumber,
      width: 160,
      cell: (r) => <NoticeNumberText value={r.noticeNumber} />,
    },
    { id: 'iuv', header: 'IUV', width: 144, hidden: true, cell: (r) => <Mono>{r.iuv}</Mono> },
    {
      id: 'issuance',
      header: 'Lotto',
      width: 96,
      hidden: 'wide',
      cell: (r) => r.issuance,
      title: (r) => r.issuance,
    },
    {
      id: 'delivery',
      header: 'Consegna',
      headerIcon: <IconSend size={14} stroke={1.7} aria-hidden />,
      width: 28,
      align: 'center',
      cell: (r) => <DeliveryIcon delivery={r.delivery} />,
    },
    {
      id: 'sync',
      header: 'Nodo',
      headerIcon: <IconServer2 size={14} stroke={1.7} aria-hidden />,
      width: 28,
      align: 'center',
      cell: (r) => <NodeIcon position={r} />,
    },
    {
      id: 'nodeState',
      header: 'Sul nodo',
      width: 124,
      hidden: 'wide',
      cell: (r) => (r.nodeState === null ? '' : <St family="node" code={r.nodeState} />),
    },
    { id: 'state', header: FIELDS.state, width: 124, cell: (r) => <St family="position" code={r.state} /> },
    { id: 'cents', header: 'Importo €', width: 78, align: 'right', cell: (r) => <Money cents={r.cents} /> },
  ]
}

/** «24/2026 e altri 2» → «24 +2» in the exercise 2026. */
function shortAccertamenti(text: string, exercise: number): string {
  return text.replace(`/${exercise}`, '').replace(' e un altro', ' +1').replace(' e altri ', ' +')
}

/** «PEC: consegnata», as an icon; a dot where nothing has left yet. */
export function DeliveryIcon({ delivery }: { readonly delivery: PositionRow['delivery'] }) {
  if (delivery === null) return <StIcon tone="neu" word="Mai consegnato" icon={IconSend} />
  const { word, tone } = deliveryWord(delivery)
  return <StIcon tone={tone} word={`${CHANNELS[delivery.channel]}: ${word.toLowerCase()}`} icon={iconOf(delivery)} />
}

const SYNC_ICONS: Readonly<Record<PositionRow['syncState'], Icon>> = {
  none: IconServer2,
  toSync: IconRefresh,
  inFlight: IconRefresh,
  synced: IconCheck,
  failed: IconX,
  diverged: IconArrowsDiff,
}

/** «Allineata: pagabile», as an icon: whether the node knows what is here, and what it says. */
function NodeIcon({ position: { nodeState, syncState, partner } }: { readonly position: PositionRow }) {
  if (partner) {
    const { word, tone } = stateWord('partnerSync', syncState)
    return <StIcon tone={tone} word={`Affidata al partner: ${word.toLowerCase()}`} icon={IconBuildingSkyscraper} />
  }
  const { word, tone } = stateWord('sync', syncState)
  const said = nodeState === null ? '' : `: ${stateWord('node', nodeState).word.toLowerCase()}`
  return <StIcon tone={tone} word={`Nodo: ${word.toLowerCase()}${said}`} icon={SYNC_ICONS[syncState]} />
}

function iconOf({ channel, state }: NonNullable<PositionRow['delivery']>): Icon {
  if (state === 'uncertain') return IconHelpCircle
  if (state === 'failed') return IconMailX
  if (state === 'queued' || state === 'sending' || state === 'deferred') return IconMailForward
  return channel === 'folder' ? IconFolder : channel === 'email' ? IconAt : IconMailCheck
}

export const POSITION_STATE_OPTIONS = Object.entries(STATES.position).map(([value, { word }]) => ({
  value,
  label: word,
}))

export const CATEGORY_OPTIONS = Object.entries(CATEGORIES).map(([value, label]) => ({ value, label }))

const DELIVERY_OPTIONS = [
  { value: 'none', label: 'Mai consegnato' },
  { value: 'underWay', label: 'In corso' },
  { value: 'toReview', label: 'Da rivedere' },
  { value: 'done', label: 'Consegnato' },
]

const NODE_OPTIONS = [
  { value: 'toPublish', label: 'Da pubblicare' },
  { value: 'underWay', label: 'In partenza' },
  { value: 'published', label: 'Pubblicata' },
  { value: 'refused', label: 'Rifiutata' },
  { value: 'diverged', label: 'Diversa' },
]

const YES_NO = [
  { value: 'si', label: 'Sì' },
  { value: 'no', label: 'No' },
]

/** Everything by which positions are filtered; the choices of the chart and of the batches come from the ledger. */
export function usePositionFilters(exercise: number): readonly FilterDef[] {
  const [issuances, imports, capitoli, services] = [
    useIssuanceFilter(),
    useImportFilter(),
    useCapitoloFilter(exercise),
    useServiceFilter(),
  ]
  return [
    { key: 'stato', label: FIELDS.state, kind: 'many', options: POSITION_STATE_OPTIONS },
    ...DUE_FILTERS,
    { key: 'aperta', label: 'Da pagare', kind: 'days', prefix: 'da almeno' },
    { key: 'scaduta', label: 'Scaduta', kind: 'days', prefix: 'da almeno' },
    { key: 'consegna', label: 'Consegna', kind: 'one', options: DELIVERY_OPTIONS },
    {
      key: 'canale',
      label: 'Canale',
      kind: 'many',
      options: Object.entries(CHANNELS).map(([value, label]) => ({ value, label })),
    },
    { key: 'nodo', label: 'Nodo', kind: 'one', options: NODE_OPTIONS },
    CATEGORY_FILTER,
    services,
    capitoli,
    ORIGIN_FILTER,
    issuances,
    imports,
    {
      key: 'rate',
      label: 'Pagamento',
      kind: 'one',
      options: [
        { value: 'single', label: 'In un’unica soluzione' },
        { value: 'plan', label: 'Anche a rate' },
      ],
    },
    { key: 'modificata', label: 'Modificata dopo l’emissione', kind: 'one', options: YES_NO },
    { key: 'fuori', label: 'Pagata fuori da pagoPA', kind: 'one', options: YES_NO },
    { key: 'partner', label: 'Affidata al partner', kind: 'one', options: YES_NO },
    ADDRESS_FILTER,
    ...AMOUNT_FILTERS,
    { key: 'persona', label: 'Persona', kind: 'text', prefix: 'n.', linked: true },
  ]
}

/** The address as the contract's query. A batch or a person is shown whole, beyond the exercise. */
export function positionQuery(list: ListState, exercise: number): PositionQuery {
  const f = list.filters
  return {
    filters: {
      exercise: f.lotto === undefined && f.persona === undefined ? exercise : null,
      origin: (f.provenienza ?? null) as 'competenza' | 'residui' | null,
      issuanceId: numberOf<Id<'issuance'>>(f.lotto),
      importId: numberOf<Id<'registerImport'>>(f.importazione),
      personId: numberOf<Id<'person'>>(f.persona),
      state: manyOf<PositionRow['state']>(f.stato),
      category: manyOf<PositionRow['category']>(f.categoria),
      capitoloId: numberOf<Id<'capitolo'>>(f.capitolo),
      serviceTypeId: numberOf<Id<'serviceType'>>(f.tipo),
      delivery: (f.consegna ?? null) as 'none' | 'underWay' | 'toReview' | 'done' | null,
      channel: manyOf<NonNullable<PositionRow['delivery']>['channel']>(f.canale),
      dueFrom: (f.dal ?? null) as IsoDate | null,
      dueTo: (f.entro ?? null) as IsoDate | null,
      minCents: numberOf<Cents>(f.min),
      maxCents: numberOf<Cents>(f.max),
      unpaidSinceIssue: numberOf(f.aperta),
      unpaidSinceDue: numberOf(f.scaduta),
      payment: (f.rate ?? null) as 'single' | 'plan' | null,
      changed: whetherOf(f.modificata, 'si'),
      paidOutside: whetherOf(f.fuori, 'si'),
      withoutAddress: whetherOf(f.indirizzo, 'senza'),
      node: (f.nodo ?? null) as (PositionQuery['filters']['node'] & string) | null,
      partner: whetherOf(f.partner, 'si'),
    },
    search: list.search,
    sort: list.sort,
  }
}
