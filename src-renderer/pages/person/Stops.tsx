import { IconBellOff, IconBellRinging } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { CHANNELS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import type { DeliveryRow } from '../deliveries/delivery-list.tsx'
import { AddStop, RemoveStop } from '../deliveries/StopDialogs.tsx'

interface Stop {
  readonly id: Id<'deliveryStop'>
  readonly channel: DeliveryRow['channel'] | null
}

/** Whether things are sent to this person, and what is not. */
export function Stops({ personId, personName }: { readonly personId: Id<'person'>; readonly personName: string }) {
  const stops = useQuery(orpc.deliveryStop.list.queryOptions({ input: { filters: { personId }, limit: 20 } }))
  const [adding, setAdding] = useState(false)
  const [lifting, setLifting] = useState<Stop | null>(null)
  const rows = stops.data?.rows ?? []
  const everything = rows.some((r) => r.channel === null)
  return (
    <div className="stops">
      <ErrorNote error={stops.error} />
      {rows.map((r) => (
        <p key={r.id} className="small">
          <IconBellOff size={15} stroke={1.7} className="t-warn" aria-hidden />
          <span>
            <b className="strong t-warn">{r.channel === null ? 'Non spedire' : `Niente per ${CHANNELS[r.channel]}`}</b>:{' '}
            {r.reason}.{' '}
            <button type="button" className="link" onClick={() => setLifting(r)}>
              Togli…
            </button>
          </span>
        </p>
      ))}
      {stops.data && !everything && (
        <p className="small">
          {rows.length === 0 && <IconBellRinging size={15} stroke={1.7} className="ink2" aria-hidden />}
          <span>
            {rows.length === 0 && 'Riceve tutto. '}
            <button type="button" className="link" onClick={() => setAdding(true)}>
              Sospendi gli invii…
            </button>
          </span>
        </p>
      )}
      {adding && <AddStop person={{ id: personId, name: personName }} onClose={() => setAdding(false)} />}
      {lifting && (
        <RemoveStop
          id={lifting.id}
          personName={personName}
          channel={lifting.channel}
          onClose={() => setLifting(null)}
        />
      )}
    </div>
  )
}
