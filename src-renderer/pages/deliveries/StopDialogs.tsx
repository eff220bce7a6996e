import { Button, Select, Textarea } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Id } from '#domain/brand'
import { CHANNELS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { say } from '../../components/toast.ts'
import type { DeliveryRow } from './delivery-list.tsx'

type Channel = DeliveryRow['channel']

/** Nothing is sent to this person any more, on one channel or on all. */
export function AddStop({
  person,
  who,
  onClose,
}: {
  readonly person: { readonly id: Id<'person'>; readonly name: string } | null
  /** How the person is chosen, where it is not known yet. */
  readonly who?: ReactNode
  readonly onClose: () => void
}) {
  const [channel, setChannel] = useState<Channel | 'all'>('all')
  const [reason, setReason] = useState('')
  return (
    <ReasonSheet
      title={person && who === undefined ? `Non spedire a ${person.name}` : 'Non spedire a una persona'}
      act="Non spedire più"
      ready={person !== null && reason.trim().length >= 3}
      onClose={onClose}
      onAct={async () => {
        if (person === null) return
        await client.deliveryStop.add({
          personId: person.id,
          channel: channel === 'all' ? null : channel,
          reason: reason.trim(),
        })
        say(`${person.name}: ${channel === 'all' ? 'non si spedisce più niente' : `niente per ${CHANNELS[channel]}`}.`)
      }}
    >
      {who}
      <Select
        label="Che cosa non si spedisce"
        value={channel}
        data={[
          { value: 'all', label: 'Niente, su nessun canale' },
          ...Object.entries(CHANNELS).map(([value, label]) => ({ value, label: `Niente per ${label}` })),
        ]}
        onChange={(value) => setChannel((value ?? 'all') as Channel | 'all')}
      />
      <ReasonField reason={reason} onChange={setReason} />
      <p className="muted small">
        Vale da subito, anche per ciò che è già in coda. I messaggi partiti restano partiti; l’avviso si può sempre
        stampare.
      </p>
    </ReasonSheet>
  )
}

/** The person is sent to again. */
export function RemoveStop({
  id,
  personName,
  channel,
  onClose,
}: {
  readonly id: Id<'deliveryStop'>
  readonly personName: string
  readonly channel: Channel | null
  readonly onClose: () => void
}) {
  const [reason, setReason] = useState('')
  return (
    <ReasonSheet
      title={`Torna a spedire a ${personName}`}
      act="Torna a spedire"
      ready={reason.trim().length >= 3}
      onClose={onClose}
      onAct={async () => {
        await client.deliveryStop.remove({ id, reason: reason.trim() })
        say(`${personName}: si spedisce di nuovo.`)
      }}
    >
      <p className="ink2">
        {channel === null ? 'Riceve di nuovo su ogni canale' : `Riceve di nuovo per ${CHANNELS[channel]}`}, dalla
        prossima campagna.
      </p>
      <ReasonField reason={reason} onChange={setReason} />
    </ReasonSheet>
  )
}

function ReasonField({ reason, onChange }: { readonly reason: string; readonly onChange: (reason: string) => void }) {
  return (
    <Textarea
      label="Motivo"
      description="Resta nella storia della persona."
      autosize
      minRows={2}
      value={reason}
      onChange={(e) => onChange(e.currentTarget.value)}
    />
  )
}

function ReasonSheet({
  title,
  act,
  ready,
  onAct,
  onClose,
  children,
}: {
  readonly title: string
  readonly act: string
  readonly ready: boolean
  readonly onAct: () => Promise<void>
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const run = async () => {
    if (!ready || busy) return
    setBusy(true)
    setError(null)
    try {
      await onAct()
      onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Sheet opened onClose={onClose} title={title}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          void run()
        }}
      >
        {children}
        <ErrorNote error={error} />
        <div className="dialog-foot inset">
          <Button onClick={onClose} disabled={busy}>
            Lascia
          </Button>
          <Button type="submit" variant="filled" disabled={!ready} loading={busy}>
            {act}
          </Button>
        </div>
      </form>
    </Sheet>
  )
}
