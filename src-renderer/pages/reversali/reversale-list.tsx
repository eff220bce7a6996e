import { FIELDS, STATES } from '#domain/vocabulary'
import { counted, DateText, formatCount, Money, Mono } from '../../components/cells.tsx'
import { St } from '../../components/St.tsx'
import type { QColumn } from '../../table/columns.ts'
import type { FilterDef } from '../../table/FilterBar.tsx'
import { capitoloCode, type NumberedDraft, type Reversale } from './ready.ts'

/** A draft on top of the list, or an issued reversale below. */
export type Row =
  | { readonly id: number; readonly ready: NumberedDraft; readonly issued: null }
  | { readonly id: number; readonly ready: null; readonly issued: Reversale }

export const of = (r: Row): NumberedDraft | Reversale => r.ready ?? r.issued

export const COLUMNS: readonly QColumn<Row>[] = [
  {
    id: 'number',
    header: 'N.',
    width: 58,
    align: 'right',
    cell: (r) =>
      r.issued ? (
        <b className="strong">{formatCount(r.issued.number)}</b>
      ) : (
        <span className="muted">{formatCount(r.ready.number)}</span>
      ),
  },
  { id: 'date', header: 'Contabile', width: 88, cell: (r) => <DateText date={of(r).date} /> },
  {
    id: 'capitolo',
    header: FIELDS.capitoloShort,
    width: 54,
    cell: (r) => capitoloCode(of(r).capitolo),
    title: (r) => of(r).capitolo,
  },
  {
    id: 'residui',
    header: 'Gestione',
    width: 92,
    hidden: 'wide',
    cell: (r) => (of(r).residui ? `Residui ${of(r).originYear}` : FIELDS.competenza),
  },
  {
    id: 'causale',
    header: FIELDS.causale,
    width: 170,
    flex: true,
    cell: (r) => shortCausale(of(r)),
    title: (r) => of(r).causale,
  },
  {
    id: 'debtor',
    header: FIELDS.debtor,
    width: 150,
    hidden: 'wide',
    sortable: false,
    cell: (r) => debtorOf(r),
    title: (r) => debtorOf(r),
  },
  {
    id: 'flowId',
    header: 'Flusso',
    width: 236,
    hidden: true,
    cell: (r) => <Mono>{of(r).flowId}</Mono>,
    title: (r) => of(r).flowId ?? '',
  },
  {
    id: 'account',
    header: 'Conto',
    width: 118,
    hidden: 'wide',
    cell: (r) => of(r).account,
    title: (r) => of(r).account,
  },
  {
    id: 'lines',
    header: 'Pag.',
    width: 46,
    align: 'right',
    cell: (r) => formatCount(r.issued?.lines ?? r.ready?.lines.length ?? 0),
  },
  { id: 'cents', header: 'Importo €', width: 92, align: 'right', cell: (r) => <Money cents={of(r).cents} /> },
  {
    id: 'state',
    header: FIELDS.state,
    width: 100,
    cell: (r) => <St family="reversale" code={r.issued?.state ?? 'ready'} />,
    title: (r) => (r.issued?.annulledOn ? `${STATES.reversale.annulled.word}: ${r.issued.annulmentReason ?? ''}` : ''),
  },
  {
    id: 'transmissionList',
    header: 'Distinta',
    width: 66,
    align: 'right',
    cell: (r) => r.issued?.transmissionList != null && formatCount(r.issued.transmissionList),
  },
]

export const VIEWS = [
  { id: 'tutte', count: 'all', label: 'Tutte', state: {} },
  { id: 'pronte', count: 'ready', label: 'Pronte', state: { stato: 'ready' } },
  { id: 'emesse', count: 'issued', label: 'Emesse', state: { stato: 'issued' } },
  { id: 'da-trasmettere', count: 'toTransmit', label: 'Da trasmettere', state: { distinta: 'no' } },
  { id: 'annullate', count: 'annulled', label: 'Annullate', state: { stato: 'annulled' } },
]

/** «Flusso BALFITM1XXX-0000410015»: the proposed causale without what the other columns already say. */
function shortCausale({ causale, flowId }: NumberedDraft | Reversale): string {
  return flowId !== null && causale.startsWith(`Incassi pagoPA, flusso ${flowId}`)
    ? `Flusso ${flowId.slice(10)}`
    : causale
}

function debtorOf({ ready: draft, issued }: Row): string {
  if (!draft) return issued.debtor
  const names = new Set(draft.lines.map((l) => l.personName))
  return names.size === 1 ? ([...names][0] ?? '') : `Diversi, ${counted(draft.lines.length, 'pagamento', 'pagamenti')}`
}

export function filterDefs(
  capitoli: readonly { readonly value: string; readonly label: string }[],
): readonly FilterDef[] {
  return [
    {
      key: 'stato',
      label: FIELDS.state,
      kind: 'many',
      options: [
        { value: 'ready', label: STATES.reversale.ready.word },
        { value: 'issued', label: STATES.reversale.issued.word },
        { value: 'annulled', label: STATES.reversale.annulled.word },
      ],
    },
    { key: 'capitolo', label: FIELDS.capitolo, kind: 'one', options: capitoli },
    { key: 'da', label: 'Data contabile', kind: 'date', prefix: 'dal' },
    { key: 'a', label: 'Data contabile', kind: 'date', prefix: 'fino al' },
    { key: 'flusso', label: 'Identificativo flusso', kind: 'text' },
    {
      key: 'distinta',
      label: 'Distinta',
      kind: 'one',
      options: [
        { value: 'no', label: 'Da trasmettere' },
        { value: 'si', label: 'Trasmesse' },
      ],
    },
  ]
}
