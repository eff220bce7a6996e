import { Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CHANNELS, FIELDS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount, NoticeNumberText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Facts } from '../../components/Page.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { say } from '../../components/toast.ts'
import { AddressText } from './AddressText.tsx'
import { type DeliveryQuery, type DeliveryRow, deliveryIds } from './delivery-list.tsx'
import { retryDeliveries } from './delivery-work.ts'

/** Where a person finds out how it ended. */
const WHERE_TO_LOOK: Readonly<Record<DeliveryRow['channel'], string>> = {
  email: 'Cerca il messaggio fra quelli inviati nella casella, o chiedi a chi lo riceve; poi decidi.',
  pec: 'Cerca il messaggio fra quelli inviati nella casella PEC, o la sua ricevuta; poi decidi.',
  folder: 'Guarda se il file è nella cartella; poi decidi.',
  server: 'Guarda se il file è sul server; poi decidi.',
  post: 'Guarda se il file è fra quelli preparati per la posta; poi decidi.',
  io: 'Guarda fra i messaggi del servizio nel portale di App IO; poi decidi.',
}

/** «Esito incerto», one by one: it arrived, or it is sent again. Nothing is chosen by itself. */
export function DecideDialog({ row, onClose }: { readonly row: DeliveryRow; readonly onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState<'sent' | 'queued' | null>(null)
  const [error, setError] = useState<unknown>(null)
  const decide = async (as: 'sent' | 'queued') => {
    setBusy(as)
    setError(null)
    try {
      await client.delivery.resolve({ id: row.id, as, reason })
      say(as === 'sent' ? `${row.personName}: segnato come arrivato.` : `${row.personName}: l’avviso riparte.`)
      onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(null)
    }
  }
  return (
    <Sheet opened onClose={onClose} title={`L’avviso di ${row.personName} è arrivato?`} size={600}>
      <div className="note note-unc">
        <div>
          <p className="strong">Forse è partito, forse no.</p>
          <p>
            {row.reason ?? 'Il programma non sa com’è finito l’invio.'} {WHERE_TO_LOOK[row.channel]}
          </p>
        </div>
      </div>
      <div className="decide-facts">
        <Facts
          rows={[
            ['A', <AddressText key="a" address={row.address} />],
            [FIELDS.notice, <NoticeNumberText key="n" value={row.noticeNumber} />],
            ...(row.reply ? [['Risposta', <span key="r">«{row.reply}»</span>] as const] : []),
          ]}
        />
      </div>
      <Textarea
        label="Come lo hai verificato"
        description="Resta nella storia dell’avviso."
        autosize
        minRows={2}
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
      <ErrorNote error={error} />
      <div className="dialog-foot inset">
        <Button onClick={onClose} disabled={busy !== null} data-autofocus>
          Lascia
        </Button>
        <Button
          className="unc-button"
          loading={busy === 'queued'}
          disabled={busy !== null}
          onClick={() => void decide('queued')}
        >
          Rispedisci
        </Button>
        <Button
          className="unc-button"
          loading={busy === 'sent'}
          disabled={busy !== null}
          onClick={() => void decide('sent')}
        >
          È arrivato
        </Button>
      </div>
    </Sheet>
  )
}

/** What a bulk act works on: rows by id, or all of a filter (asked when the dialog opens). */
export type DeliveryTargets = { readonly rows: readonly DeliveryRow[] } | { readonly filters: DeliveryQuery['filters'] }

function useTargets(targets: DeliveryTargets) {
  const rows = 'rows' in targets ? targets.rows : null
  const filters = 'filters' in targets ? targets.filters : null
  const all = useQuery({
    queryKey: ['delivery.ids', filters],
    queryFn: () => deliveryIds(filters ?? {}),
    enabled: filters !== null,
    staleTime: 0,
  })
  return { ids: rows ? rows.map((r) => r.id) : (all.data ?? []), error: all.error }
}

/** Sends failed ones again: it says how many before anything leaves. */
export function RetryDialog({ targets, onClose }: { readonly targets: DeliveryTargets; readonly onClose: () => void }) {
  const { ids, error } = useTargets(targets)
  const one = 'rows' in targets && targets.rows.length === 1 ? targets.rows[0] : undefined
  const title = `Rispedisci ${counted(ids.length, 'avviso', 'avvisi')}`
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={title}
      subtitle="Ogni avviso riparte verso il recapito che la persona ha oggi nella sua scheda. Chi nel frattempo ha pagato resta fuori."
      act={title}
      disabled={ids.length === 0}
      warning={
        <>
          <b className="strong">Un messaggio partito non si richiama.</b> Ciò che non arriva torna fra le consegne da
          rivedere.
        </>
      }
      onConfirm={() => retryDeliveries(ids)}
    >
      <ErrorNote error={error} />
      {one && (
        <Facts
          rows={[
            ['Destinatario', one.personName],
            ['Canale', CHANNELS[one.channel]],
            ['Era partito a', <AddressText key="a" address={one.address} />],
            ['Perché no', one.reason ?? '·'],
          ]}
        />
      )}
    </ConfirmDialog>
  )
}

/** Sends one again although it left: only with a reason, which stays. */
export function ResendDialog({ row, onClose }: { readonly row: DeliveryRow; readonly onClose: () => void }) {
  const [reason, setReason] = useState('')
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Rispedisci 1 avviso già partito"
      subtitle={`${row.personName} lo riceve un’altra volta, al recapito che ha oggi.`}
      act="Rispedisci 1 avviso"
      disabled={reason.trim().length < 3}
      warning={
        <>
          <b className="strong">Un messaggio partito non si richiama.</b> La consegna di prima resta nella storia
          dell’avviso, con le sue ricevute.
        </>
      }
      onConfirm={async () => {
        await client.delivery.resend({ id: row.id, reason: reason.trim() })
        say(`${row.personName}: l’avviso riparte.`)
      }}
    >
      <Facts
        rows={[
          ['Canale', CHANNELS[row.channel]],
          ['Era partito a', <AddressText key="a" address={row.address} />],
          [FIELDS.notice, <NoticeNumberText key="n" value={row.noticeNumber} />],
        ]}
      />
      <Textarea
        label="Motivo"
        description="Resta nella storia dell’avviso."
        autosize
        minRows={2}
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
    </ConfirmDialog>
  )
}

/** Takes back what has not left yet. */
export function CancelDialog({
  targets,
  onClose,
}: {
  readonly targets: DeliveryTargets
  readonly onClose: () => void
}) {
  const { ids, error } = useTargets(targets)
  const [reason, setReason] = useState('')
  const title = `Annulla ${counted(ids.length, 'consegna non partita', 'consegne non partite')}`
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={title}
      subtitle="Gli avvisi restano; si possono consegnare con un’altra campagna."
      act={title}
      danger
      disabled={ids.length === 0}
      warning="Quelli già partiti restano partiti."
      onConfirm={async () => {
        const { cancelled } = await client.delivery.cancel({ ids, reason })
        say(`${formatCount(cancelled)} di ${counted(ids.length, 'consegna annullata', 'consegne annullate')}.`)
      }}
    >
      <ErrorNote error={error} />
      <Textarea
        label="Motivo"
        description="Se vuoi: resta nella storia degli avvisi."
        autosize
        minRows={2}
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
    </ConfirmDialog>
  )
}
