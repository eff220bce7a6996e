import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertTriangle, IconPercentage } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { addDays, formatDate, type IsoDate, isoDate, yearOf } from '#domain/date'
import { type Cents, formatCents, ZERO } from '#domain/money'
import { FIELDS, SECTIONS } from '#domain/vocabulary'
import { useAppState, useExercise } from '../app-state.ts'
import { client, orpc } from '../client.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { counted, DateText, formatCount, Money, Mono } from '../components/cells.tsx'
import { AllDone, NothingMatches } from '../components/EmptyState.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { DateField } from '../components/fields.tsx'
import { Key } from '../components/Key.tsx'
import { Card, Page } from '../components/Page.tsx'
import { RadioCards } from '../components/RadioCards.tsx'
import { say } from '../components/toast.ts'
import { Views } from '../components/Views.tsx'
import { startJob } from '../jobs/jobs.ts'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import { type QColumn, useColumns } from '../table/columns.ts'
import { ListSearch } from '../table/FilterBar.tsx'
import { ListActions } from '../table/ListActions.tsx'
import { useListState } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'
import { FeeAmount } from './tariffs/FeeAmount.tsx'
import { type FeeApply, type FeeList, type FeeRow, scopeOf } from './tariffs/fee.ts'
import { LegalRates } from './tariffs/LegalRates.tsx'

const VIEWS = [
  { id: 'fee', label: 'Da chiedere' },
  { id: 'none', label: 'Senza mora' },
  { id: 'refused', label: 'Restano fuori' },
] as const

const HOW = {
  version: 'nello stesso avviso',
  separate: 'in un avviso suo',
  debt: 'solo accertata',
} as const

function columnsWith(amountOf: (row: FeeRow) => Cents): readonly QColumn<FeeRow>[] {
  return [
    {
      id: 'personName',
      header: FIELDS.debtor,
      width: 112,
      flex: true,
      cell: (r) => r.personName,
      title: (r) => r.personName,
    },
    { id: 'fiscalCode', header: FIELDS.fiscalCode, width: 138, hidden: true, cell: (r) => <Mono>{r.fiscalCode}</Mono> },
    {
      id: 'number',
      header: FIELDS.accertamentoShort,
      width: 76,
      align: 'right',
      hidden: 'wide',
      cell: (r) => `${formatCount(r.number)}/${r.exercise}`,
    },
    {
      id: 'causale',
      header: FIELDS.causale,
      width: 150,
      hidden: 'wide',
      cell: (r) => r.causale,
      title: (r) => r.causale,
    },
    { id: 'dueDate', header: FIELDS.dueDate, width: 88, cell: (r) => <DateText date={r.dueDate} /> },
    { id: 'daysLate', header: 'Ritardo gg', width: 74, align: 'right', cell: (r) => formatCount(r.daysLate) },
    { id: 'baseCents', header: 'Non pagato €', width: 92, align: 'right', cell: (r) => <Money cents={r.baseCents} /> },
    {
      id: 'beforeCents',
      header: 'Già chiesta €',
      width: 92,
      align: 'right',
      hidden: 'wide',
      cell: (r) => <Money cents={r.beforeCents} />,
    },
    { id: 'why', header: 'Perché', width: 96, flex: true, cell: (r) => r.why, title: (r) => r.why },
    { id: 'cents', header: 'Mora €', width: 76, align: 'right', cell: (r) => <Money cents={amountOf(r)} strong /> },
  ]
}

/** Emissione · Mora: who is late, what the rule of their type asks, and how it is asked for. */
export function LateFees() {
  const exercise = useExercise()
  const today = useAppState().data?.today ?? isoDate(`${exercise}-01-01`)
  const navigate = useNavigate()
  const list = useListState({ sort: 'personName' })
  const { url } = list
  const of = scopeOf(url.scelta, exercise) ?? { exercise }
  const [day, setDay] = useState<IsoDate | null>(null)
  const [edits, setEdits] = useState<ReadonlyMap<number, Cents | null>>(new Map())
  const [how, setHow] = useState<FeeApply['how']>('version')
  const [causale, setCausale] = useState<string | null>(null)
  const [dueDate, setDueDate] = useState<IsoDate | null | undefined>(undefined)
  const [validUntil, setValidUntil] = useState<IsoDate | null | undefined>(undefined)
  const [editing, setEditing] = useState<FeeRow | null>(null)
  const [rates, setRates] = useState(false)
  const [confirming, setConfirming] = useState(false)
  const [running, setRunning] = useState(false)
  const amountOf = (row: FeeRow): Cents => {
    const edit = edits.get(row.accertamentoId)
    return edit === undefined || edit === null ? row.cents : edit
  }
  const columns = useColumns('mora', columnsWith(amountOf))

  const on = day ?? today
  const due = dueDate === undefined ? addDays(today, 30) : dueDate
  const until = validUntil ?? isoDate(`${Math.max(exercise, yearOf(due ?? today))}-12-31`)
  const written = [...edits].map(([id, cents]) => ({ accertamentoId: id as Id<'accertamento'>, cents }))
  const [asked] = useDebouncedValue({ of, day: on, edits: written }, 200)
  const preview = useQuery({
    ...orpc.lateFee.preview.queryOptions({ input: asked }),
    placeholderData: keepPreviousData,
  })
  const current =
    !preview.isPlaceholderData && JSON.stringify(asked) === JSON.stringify({ of, day: on, edits: written })
  const fees = preview.data?.fees ?? { count: 0, cents: ZERO }
  const service = preview.data?.service ?? null
  const words = causale ?? service?.causale ?? ''
  const view = VIEWS.find((v) => v.id === url.esito)?.id ?? 'fee'
  const query = { filters: { of, day: on, state: [view] as FeeRow['state'][] }, search: list.search, sort: list.sort }

  const strike = (row: FeeRow) => {
    const next = new Map(edits)
    if (next.get(row.accertamentoId) === null) next.delete(row.accertamentoId)
    else next.set(row.accertamentoId, null)
    setEdits(next)
  }
  const missing =
    preview.data !== undefined && service === null
      ? 'Manca un tipo di dovuto di genere «Mora».'
      : on > today
        ? 'Il ritardo è contato a un giorno che deve ancora venire.'
        : due !== null && due < today
          ? 'La nuova scadenza è già passata.'
          : how !== 'debt' && until < today
            ? 'La validità è già finita.'
            : how !== 'debt' && due !== null && due > until
              ? 'La scadenza è dopo la fine della validità.'
              : null
  const can = fees.count > 0 && current && missing === null && !running
  const ask = () => {
    if (can) setConfirming(true)
  }
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'F2', label: 'importo a mano' },
    { keys: 'Delete', label: 'escludi dall’elenco' },
    { keys: 'Ctrl+Enter', label: 'aggiungi la mora…', run: ask },
  ])
  const some = !('exercise' in of)
  const act = `Aggiungi ${counted(fees.count, 'mora', 'more')}`
  const apply = () => {
    setRunning(true)
    void startJob({
      title: 'Aggiungo la mora',
      subtitle: `${counted(fees.count, 'ritardo', 'ritardi')}, ${HOW[how]}`,
      unit: 'more',
      cancelWord: 'Annulla',
      cancelNote: 'Se annulli non resta niente nei conti',
      run: (signal) =>
        client.lateFee.apply(
          {
            ...{ of, day: on, edits: written, how, causale: words.trim(), dueDate: due, validUntil: until },
            ...{ expectedCents: fees.cents, mark: preview.data?.mark ?? '' },
          },
          { signal },
        ),
      onDone: (done) => {
        setEdits(new Map())
        const parts = [
          done.revised > 0 ? counted(done.revised, 'avviso con la mora dentro', 'avvisi con la mora dentro') : '',
          done.positions > 0 ? counted(done.positions, 'avviso nuovo', 'avvisi nuovi') : '',
        ].filter((text) => text !== '')
        const more = parts.length === 0 ? '' : `: ${parts.join(', ')}`
        say(
          `${counted(done.fees.count, 'mora aggiunta', 'more aggiunte')} per ${formatCents(done.fees.cents)} €${more}.`,
        )
      },
      onCancelled: () => say('Annullato: nessuna mora è nata.'),
    }).finally(() => setRunning(false))
  }
  return (
    <Page
      title={SECTIONS.lateFees}
      about={
        some ? (
          <>
            dei debiti scelti ·{' '}
            <button type="button" className="link" onClick={() => list.set({ scelta: undefined, sel: undefined })}>
              tutti quelli dell’esercizio {exercise}
            </button>
          </>
        ) : (
          `chi è in ritardo, nell’esercizio ${exercise}`
        )
      }
      back="/posizioni"
      actions={
        <>
          <ListActions
            columns={columns}
            title={`${SECTIONS.lateFees} al ${formatDate(on)}`}
            filters={VIEWS.find((v) => v.id === view)?.label ?? ''}
            run={(request) => client.lateFee.export({ ...query, ...request })}
          />
          <Button leftSection={<IconPercentage size={16} stroke={1.7} aria-hidden />} onClick={() => setRates(true)}>
            Tassi legali…
          </Button>
          <Button onClick={() => void navigate({ to: '/impostazioni/$voce', params: { voce: 'tipi' } })}>
            Regole dei tipi
          </Button>
        </>
      }
    >
      <div className="generate">
        <Card title="1 · Come si chiede" grow label="1 · Come si chiede">
          <div className="zone-fields">
            <DateField label="Ritardo contato al" value={on} onChange={setDay} />
            <RadioCards
              label="Dove va la mora"
              value={how}
              onChange={setHow}
              choices={[
                {
                  value: 'version',
                  label: 'Nello stesso avviso',
                  description: 'Nuova versione con lo stesso numero; quella di prima è superata',
                },
                { value: 'separate', label: 'In un avviso suo', description: 'Un numero avviso in più per persona' },
                { value: 'debt', label: 'Solo accertata', description: 'L’avviso si genera dopo' },
              ]}
            />
            <DateField label="Nuova scadenza" value={due} onChange={setDueDate} />
            {how !== 'debt' && <DateField label="Valida fino al" value={until} onChange={setValidUntil} />}
            <TextInput
              label={FIELDS.causale}
              description="{anno} è l’anno del debito"
              maxLength={140}
              value={words}
              onChange={(e) => setCausale(e.currentTarget.value)}
            />
          </div>
        </Card>
        <div className="generate-list">
          <header className="card generate-list-head">
            <h2>2 · Elenco</h2>
            <ListSearch list={list} label="Nome, CF, causale" />
            <ColumnsButton columns={columns} />
          </header>
          <Views
            label="Esito"
            tabs={VIEWS}
            value={view}
            onChange={(id) => list.set({ esito: id === 'fee' ? undefined : id, sel: undefined })}
          />
          <QTable<FeeRow, FeeList['totals']>
            label="Ritardi"
            columns={columns}
            list={list}
            queryKey={['lateFee.list', query]}
            fetchPage={(paging, signal) => client.lateFee.list({ ...query, ...paging }, { signal })}
            rowId={(r) => r.accertamentoId}
            rowName={(r) => `${r.number}/${r.exercise} ${r.personName}`}
            rowCents={amountOf}
            rowClass={(r) =>
              edits.get(r.accertamentoId) === null ? 'struck' : edits.has(r.accertamentoId) ? 'edited' : ''
            }
            onOpen={(r) => r.state !== 'refused' && setEditing(r)}
            onEdit={(r) => r.state !== 'refused' && setEditing(r)}
            onDelete={(r) => r.state === 'fee' && strike(r)}
            foot={(count, totals) => ({
              left: (
                <>
                  <span>
                    <b>{formatCount(count)}</b> {count === 1 ? 'riga' : 'righe'}
                  </span>
                  {edits.size > 0 && (
                    <span>
                      {edits.size === 1 ? '1 cambiata a mano' : `${formatCount(edits.size)} cambiate a mano`} ·{' '}
                      <button type="button" className="link" onClick={() => setEdits(new Map())}>
                        torna alla regola
                      </button>
                    </span>
                  )}
                </>
              ),
              right: (
                <span>
                  Non pagato <Money cents={totals.baseCents} euro strong />
                </span>
              ),
            })}
            empty={
              list.search !== '' ? (
                <NothingMatches filters={`Ricerca «${list.search}»`} onClear={list.clearFilters} />
              ) : view === 'fee' ? (
                <AllDone
                  title="Nessuna mora da chiedere"
                  text="Nessuno è in ritardo oltre ciò che le regole lasciano passare, o la mora è già stata chiesta. Le altre viste dicono il perché di ciascuno."
                  action={
                    preview.data?.leftOut.some((l) => l.reason.includes('regola di mora')) && (
                      <Button onClick={() => void navigate({ to: '/impostazioni/$voce', params: { voce: 'tipi' } })}>
                        Scrivi la regola della mora
                      </Button>
                    )
                  }
                />
              ) : (
                <AllDone title="Nessuna riga qui" text="Nell’altra vista ci sono le more da chiedere." />
              )
            }
          />
        </div>
        <section className="card grow generate-side" aria-label="3 · Riepilogo">
          <header className="card-head">
            <h2>3 · Chi resta fuori</h2>
          </header>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
          {/* biome-ignore lint/a11y/useSemanticElements: a named part that scrolls */}
          <div className="card-body" tabIndex={0} role="group" aria-label="Chi resta fuori">
            <ErrorNote error={preview.error} />
            {preview.data?.leftOut.map((l) => (
              <p key={l.reason} className="ink2 small">
                <b>{formatCount(l.count)}</b> · {l.reason}
              </p>
            ))}
            {preview.data?.leftOut.some((l) => l.reason.startsWith('Manca il tasso')) && (
              <Button onClick={() => setRates(true)}>Scrivi i tassi legali…</Button>
            )}
          </div>
          <div className="generate-summary" aria-live="polite">
            <h2>
              {fees.count === 0
                ? 'Nessuna mora da chiedere'
                : fees.count === 1
                  ? 'Si chiede 1 mora'
                  : `Si chiedono ${formatCount(fees.count)} more`}
            </h2>
            <dl>
              <div>
                <dt>totale</dt>
                <dd className="num generate-total">
                  <Money cents={fees.cents} euro />
                </dd>
              </div>
            </dl>
            <p className="generate-lock">
              <IconAlertTriangle size={15} stroke={1.7} aria-hidden />
              <span>Chi ha pagato non c’è, nemmeno se l’accredito non è ancora arrivato.</span>
            </p>
            {missing !== null && <p className="t-bad small generate-why">{missing}</p>}
            <Button
              variant="filled"
              fullWidth
              size="sm"
              disabled={!can}
              onClick={ask}
              rightSection={<Key keys="Ctrl+Enter" />}
            >
              {fees.count === 0 ? 'Aggiungi la mora…' : `${act}…`}
            </Button>
          </div>
        </section>
      </div>
      {editing && (
        <FeeAmount
          row={editing}
          cents={amountOf(editing)}
          onClose={() => setEditing(null)}
          onChange={(cents) => {
            const next = new Map(edits)
            if (cents === undefined) next.delete(editing.accertamentoId)
            else next.set(editing.accertamentoId, cents)
            setEdits(next)
          }}
        />
      )}
      {rates && <LegalRates year={yearOf(on)} onClose={() => setRates(false)} />}
      {confirming && (
        <ConfirmDialog
          opened
          onClose={() => setConfirming(false)}
          title={`${act} per ${formatCents(fees.cents)} €`}
          subtitle={`${HOW[how][0]?.toUpperCase()}${HOW[how].slice(1)}${due === null ? '' : `, scadenza ${formatDate(due)}`}.`}
          act={act}
          warning={WARNINGS[how]}
          onConfirm={async () => apply()}
        >
          <p>
            Nascono {counted(fees.count, 'accertamento', 'accertamenti')} sul tipo «{service?.name ?? ''}» per{' '}
            <Money cents={fees.cents} euro strong />.
          </p>
        </ConfirmDialog>
      )}
    </Page>
  )
}

const WARNINGS: Readonly<Record<FeeApply['how'], string>> = {
  version:
    'Gli avvisi già stampati o inviati diventano superati: vanno consegnati di nuovo. Per togliere la mora si annulla il suo accertamento.',
  separate: 'I numeri avviso nuovi non si riusano più. Per togliere la mora si annullano posizione e accertamento.',
  debt: 'Per togliere la mora si annulla il suo accertamento.',
}
