import { SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { addDays, type IsoDate, maxDate, yearOf } from '#domain/date'
import { type Cents, formatCents, ZERO } from '#domain/money'
import { FIELDS } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { AmountField, DateField } from '../../components/fields.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { say } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'
import { proposedValidity } from '../generate/payment-mode.ts'
import type { ActProps } from './act-frame.ts'
import { LeftOut } from './LeftOut.tsx'

/** The rows that a hand may change are shown; beyond them the rule decides, on the page of late fees. */
const SHOWN = 100

/** A late fee on what these positions ask and was not paid in time: by rule, or as the hand writes it. */
export function AddLateFee({
  selection,
  today,
  validUntil,
  onClose,
  onDone,
}: ActProps & { readonly today: IsoDate; readonly validUntil: IsoDate }) {
  const [edits, setEdits] = useState<ReadonlyMap<number, Cents | null>>(new Map())
  const [how, setHow] = useState<'version' | 'separate'>('version')
  const [causale, setCausale] = useState('')
  const [dueDate, setDueDate] = useState<IsoDate | null>(addDays(today, 30))
  const [until, setUntil] = useState<IsoDate | null>(
    maxDate(validUntil, proposedValidity(yearOf(addDays(today, 60)), today, null)),
  )
  const label = useId()
  const input = {
    of: { positions: selection },
    day: today,
    edits: [...edits].map(([accertamentoId, cents]) => ({ accertamentoId: accertamentoId as never, cents })),
  }
  const [asked] = useDebouncedValue(input, 150)
  const query = useQuery({
    ...orpc.lateFee.preview.queryOptions({ input: asked, staleTime: 0 }),
    placeholderData: keepPreviousData,
  })
  const preview = query.data
  const current = !query.isPlaceholderData && JSON.stringify(asked) === JSON.stringify(input)
  // One due alone says why in its own row.
  const alone = preview?.rows.length === 1 && preview.leftOut.length === 1 && preview.leftOut[0]?.count === 1
  const fees = preview?.fees ?? { count: 0, cents: ZERO }
  const missing =
    preview === undefined
      ? null
      : preview.service === null
        ? 'Manca il tipo di dovuto «Mora»: aggiungilo in Impostazioni.'
        : fees.count === 0
          ? 'Nessuna mora da chiedere: scrivi un importo, se vuoi.'
          : until === null
            ? 'Manca la fine della validità.'
            : dueDate !== null && dueDate < today
              ? 'La nuova scadenza è già passata.'
              : until < today
                ? 'La validità è già finita.'
                : dueDate !== null && dueDate > until
                  ? 'La scadenza è dopo la fine della validità.'
                  : null
  const act = `Aggiungi ${fees.count === 1 ? 'la mora' : counted(fees.count, 'mora', 'more')} di ${formatCents(fees.cents)} €`
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      wide
      title="Aggiungi mora"
      subtitle="Nasce un accertamento sul tipo di dovuto della mora: nello stesso avviso, o in uno suo."
      act={fees.count === 0 ? 'Aggiungi la mora' : act}
      leave="Lascia"
      {...(missing === null ? {} : { note: missing })}
      disabled={preview === undefined || missing !== null || !current}
      onConfirm={async () => {
        if (until === null) return
        void startJob({
          title: 'Aggiungo la mora',
          unit: 'posizioni',
          cancelWord: 'Annulla',
          cancelNote: 'Se annulli non nasce niente',
          run: (signal) =>
            client.lateFee.apply(
              {
                ...{ ...input, how, causale: causale.trim(), dueDate, validUntil: until },
                ...{ expectedCents: fees.cents, mark: preview?.mark ?? '' },
              },
              { signal },
            ),
          onDone: (made) => {
            say(`${counted(made.fees.count, 'mora aggiunta', 'more aggiunte')} per ${formatCents(made.fees.cents)} €.`)
            onDone()
          },
          onCancelled: () => say('Annullato: nessuna mora è nata.'),
        })
      }}
    >
      <ErrorNote error={query.error} />
      {preview && preview.rows.length > 0 && (
        <ScrollBox className="act-rows" label="Le more">
          <table className="plain plan-table act-amounts">
            <thead>
              <tr>
                <th scope="col">{FIELDS.debtor}</th>
                <th scope="col">Perché</th>
                <th scope="col" className="right">
                  Non pagato €
                </th>
                <th scope="col" className="right">
                  Mora €
                </th>
              </tr>
            </thead>
            <tbody>
              {preview.rows.slice(0, SHOWN).map((row, i) => (
                <tr key={row.accertamentoId}>
                  <td>
                    {row.personName}
                    <div className="small ink2">
                      {formatCount(row.number)}/{row.exercise} · {row.causale}
                    </div>
                  </td>
                  <td className="small">
                    {row.why}
                    {row.beforeCents > 0 && <div className="ink2">già chiesti {formatCents(row.beforeCents)} €</div>}
                  </td>
                  <td className="num">
                    <Money cents={row.baseCents} />
                  </td>
                  <td>
                    {row.state === 'refused' ? (
                      <span className="muted">no</span>
                    ) : (
                      <AmountField
                        label={`Mora di ${row.personName}, ${row.number}/${row.exercise}`}
                        cents={
                          edits.has(row.accertamentoId)
                            ? (edits.get(row.accertamentoId) ?? null)
                            : row.cents === 0
                              ? null
                              : row.cents
                        }
                        focus={i === 0}
                        onChange={(cents) => {
                          const known = edits.has(row.accertamentoId)
                            ? edits.get(row.accertamentoId)
                            : row.cents === 0
                              ? null
                              : row.cents
                          if (known !== cents) setEdits(new Map(edits).set(row.accertamentoId, cents))
                        }}
                      />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
      <LeftOut reasons={alone ? [] : (preview?.leftOut ?? [])} />
      <div>
        <div id={label} className="field-label">
          Dove
        </div>
        <SegmentedControl
          size="xs"
          aria-labelledby={label}
          value={how}
          onChange={(value) => setHow(value as 'version' | 'separate')}
          data={[
            { value: 'version', label: 'Nello stesso avviso, in una nuova versione' },
            { value: 'separate', label: 'In un avviso suo' },
          ]}
        />
      </div>
      <div className="form-grid">
        <TextInput
          className="span-6"
          label={FIELDS.causale}
          placeholder={preview?.service?.causale.replaceAll('{anno}', today.slice(0, 4)) ?? ''}
          maxLength={140}
          value={causale}
          onChange={(e) => setCausale(e.currentTarget.value)}
        />
        <div className="span-2">
          <DateField label="Nuova scadenza" value={dueDate} onChange={setDueDate} />
        </div>
        <div className="span-2">
          <DateField label="Valida fino al" value={until} onChange={setUntil} />
        </div>
      </div>
    </ConfirmDialog>
  )
}
