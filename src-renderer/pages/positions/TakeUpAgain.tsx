import { useState } from 'react'
import { addDays, type IsoDate, yearOf } from '#domain/date'
import { client } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import { DateField } from '../../components/fields.tsx'
import { proposedValidity } from '../generate/payment-mode.ts'
import type { ActProps, PositionCard } from './act-frame.ts'
import { PositionActDialog } from './PositionActDialog.tsx'

type Reactivate = Parameters<typeof client.positionAct.reactivatePreview>[0]
type Reissue = Parameters<typeof client.positionAct.reissuePreview>[0]

/** Cancelled positions are asked for again, with their dates or with new ones. */
export function ReactivatePositions({ card, ...props }: ActProps & { readonly card?: PositionCard }) {
  const [dueDate, setDueDate] = useState<IsoDate | null>(null)
  const [validUntil, setValidUntil] = useState<IsoDate | null>(null)
  return (
    <PositionActDialog<Reactivate>
      {...props}
      input={{
        selection: props.selection,
        ...(dueDate === null ? {} : { dueDate }),
        ...(validUntil === null ? {} : { validUntil }),
      }}
      preview={(input, signal) => client.positionAct.reactivatePreview(input, { signal })}
      title={(n) => (card ? 'Riattiva la posizione' : `Riattiva ${counted(n, 'posizione', 'posizioni')}`)}
      subtitle="La posizione annullata si può pagare di nuovo, con il suo numero avviso se il nodo non l’ha resa non valida."
      words={{ title: 'Riattivo le posizioni', done: ['posizione riattivata', 'posizioni riattivate'] }}
      lifecycle={['cancelled', 'issued']}
      reasons={['Annullata per errore', 'Di nuovo dovuta']}
      run={(input, said, signal) => client.positionAct.reactivate({ ...input, ...said }, { signal })}
    >
      <div className="field-pair act-fields">
        <DateField label="Nuova scadenza" placeholder="resta com’è" value={dueDate} focus onChange={setDueDate} />
        <DateField label="Valida fino al" placeholder="resta com’è" value={validUntil} onChange={setValidUntil} />
      </div>
    </PositionActDialog>
  )
}

/** Expired, cancelled or failed ones are asked for again in one go, all with these dates. */
export function ReissuePositions({
  today,
  card,
  ...props
}: ActProps & { readonly today: IsoDate; readonly card?: PositionCard }) {
  const [dueDate, setDueDate] = useState<IsoDate | null>(addDays(today, 30))
  // Two months at least, and to the end of that year.
  const [validUntil, setValidUntil] = useState<IsoDate | null>(
    proposedValidity(yearOf(addDays(today, 60)), today, null),
  )
  const ready = dueDate !== null && validUntil !== null
  return (
    <PositionActDialog<Reissue>
      {...props}
      input={ready ? { selection: props.selection, dueDate, validUntil } : null}
      preview={(input, signal) => client.positionAct.reissuePreview(input, { signal })}
      missing={ready ? null : 'Servono la scadenza e la fine della validità.'}
      title={(n) => (card ? 'Riemetti la posizione' : `Riemetti ${counted(n, 'posizione', 'posizioni')}`)}
      subtitle="Ciò che è scaduto, annullato o non riuscito si chiede di nuovo, con queste date."
      words={{ title: 'Riemetto le posizioni', done: ['posizione riemessa', 'posizioni riemesse'] }}
      {...(card?.lifecycle === 'cancelled' ? { lifecycle: ['cancelled', 'issued'] as const } : {})}
      reasons={['Scaduta e non pagata', 'Secondo avviso']}
      run={(input, said, signal) => client.positionAct.reissue({ ...input, ...said }, { signal })}
    >
      <div className="field-pair act-fields">
        <DateField label="Nuova scadenza" value={dueDate} focus onChange={setDueDate} />
        <DateField label="Valida fino al" value={validUntil} onChange={setValidUntil} />
      </div>
    </PositionActDialog>
  )
}
