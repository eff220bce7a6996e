import { NumberInput, SegmentedControl } from '@mantine/core'
import { useId, useState } from 'react'
import type { IsoDate } from '#domain/date'
import { FIELDS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import { DateField } from '../../components/fields.tsx'
import type { ActProps, PositionCard } from './act-frame.ts'
import { PositionActDialog } from './PositionActDialog.tsx'

type Change = Parameters<typeof client.positionAct.changePreview>[0]

/** Another due date or end of validity, for one position or for all those chosen. */
export function ChangeDue({
  card,
  start,
  ...props
}: ActProps & {
  /** Of the one position, where it is one. */
  readonly card?: PositionCard
  /** Due date of the node; null where nobody said. */
  readonly start: IsoDate | null
}) {
  const next = card?.payments.find((p) => p.state === 'unpaid')
  const label = useId()
  const [how, setHow] = useState<'to' | 'shift'>('to')
  const [date, setDate] = useState<IsoDate | null>(start ?? next?.dueDate ?? null)
  const [days, setDays] = useState<number | null>(30)
  const [validUntil, setValidUntil] = useState<IsoDate | null>(card?.validUntil ?? null)
  const dueDate: Change['change']['dueDate'] =
    how === 'to'
      ? date === null || date === next?.dueDate
        ? undefined
        : { kind: 'to', date }
      : days === null || days === 0
        ? undefined
        : { kind: 'shift', days }
  const until = validUntil === null || validUntil === card?.validUntil ? undefined : validUntil
  const change = { ...(dueDate ? { dueDate } : {}), ...(until ? { validUntil: until } : {}) }
  const empty = dueDate === undefined && until === undefined
  return (
    <PositionActDialog<Change>
      {...props}
      input={empty ? null : { selection: props.selection, change }}
      preview={(input, signal) => client.positionAct.changePreview(input, { signal })}
      missing={empty ? 'Scrivi la nuova scadenza, o la fine della validità.' : null}
      title={(n) =>
        card || n === 0 ? 'Cambia scadenza' : `Cambia la scadenza a ${counted(n, 'posizione', 'posizioni')}`
      }
      subtitle="Il numero avviso resta quello: cambia ciò che dice. Chi ha già pagato non si tocca."
      act={(n) =>
        card || n === 0 ? 'Cambia la scadenza' : `Cambia la scadenza a ${counted(n, 'posizione', 'posizioni')}`
      }
      words={{ title: 'Cambio la scadenza', done: ['scadenza cambiata', 'scadenze cambiate'] }}
      reasons={['Proroga del Consiglio', 'Chiesto dall’iscritto', 'Scadenza sbagliata']}
      run={(input, said, signal) => client.positionAct.change({ ...input, ...said }, { signal })}
    >
      {!card && (
        <div>
          <div id={label} className="field-label">
            Scadenza
          </div>
          <SegmentedControl
            size="xs"
            aria-labelledby={label}
            value={how}
            onChange={(value) => setHow(value as 'to' | 'shift')}
            data={[
              { value: 'to', label: 'A un giorno' },
              { value: 'shift', label: 'Spostata di alcuni giorni' },
            ]}
          />
        </div>
      )}
      <div className="field-pair act-fields">
        {how === 'to' ? (
          <DateField
            label={card && card.payments.length > 1 ? 'Prossima scadenza' : 'Nuova scadenza'}
            value={date}
            placeholder="resta com’è"
            focus
            onChange={setDate}
          />
        ) : (
          <NumberInput
            label="Giorni in più, o in meno con −"
            value={days ?? ''}
            allowDecimal={false}
            min={-3650}
            max={3650}
            onChange={(value) => setDays(typeof value === 'number' ? value : null)}
          />
        )}
        <DateField label="Valida fino al" value={validUntil} placeholder="resta com’è" onChange={setValidUntil} />
      </div>
      {start !== null && <p className="small ink2 act-line">La scadenza proposta è quella che ha il nodo.</p>}
      {(!card || card.payments.length > 1) && (
        <p className="small ink2 act-line">
          A rate si sposta la prima {FIELDS.dueDate.toLowerCase()} non pagata, e le altre di altrettanti giorni.
        </p>
      )}
    </PositionActDialog>
  )
}
