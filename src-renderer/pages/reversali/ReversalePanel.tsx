import { Button } from '@mantine/core'
import { IconDownload, IconHash, IconPin, IconPrinter, IconSignature } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { formatDate } from '#domain/date'
import { formatCents } from '#domain/money'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { formatCount } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ReasonField } from '../../components/fields.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { say } from '../../components/toast.ts'
import { ProvvisorioDialog } from './ProvvisorioDialog.tsx'
import { savePdf, showPdf } from './pdf.ts'
import { QuietanzeDialog } from './QuietanzeDialog.tsx'
import { ReversalePaper } from './ReversalePaper.tsx'
import type { Reversale } from './ready.ts'
import { SignaturesSheet } from './SignaturesSheet.tsx'

/** The document as it prints, with what can be done with it: print, save, quietanze, its flow, annul. */
export function ReversalePanel({
  row,
  annulling,
  onAnnulling,
}: {
  readonly row: Reversale
  readonly annulling: boolean
  readonly onAnnulling: (asking: boolean) => void
}) {
  const navigate = useNavigate()
  const [quietanze, setQuietanze] = useState(false)
  const [signing, setSigning] = useState(false)
  const [numbering, setNumbering] = useState(false)
  const [releasing, setReleasing] = useState(false)
  const doc = useQuery(orpc.reversale.get.queryOptions({ input: { id: row.id } }))
  const institution = useQuery(orpc.institution.get.queryOptions())
  const title = `Reversale ${formatCount(row.number)}/${row.exercise}`
  const pdf = () => client.reversale.pdf({ id: row.id })
  const fileName = `reversale-${row.exercise}-${row.number}`
  return (
    <aside className="card panel" aria-label={`Dettaglio: ${title}`}>
      <header className="panel-head">
        <div>
          <h2>{title}</h2>
          {row.executedOn !== null && (
            <p className="small ink2">eseguita dal tesoriere il {formatDate(row.executedOn)}</p>
          )}
          {row.transmissionList !== null && (
            <p className="small">
              <button
                type="button"
                className="link"
                onClick={() => void navigate({ to: '/registri', search: { registro: 'distinte' } as never })}
              >
                sulla distinta {formatCount(row.transmissionList)}
              </button>
            </p>
          )}
        </div>
        <div className="row-actions">
          <button
            type="button"
            className="icon-button"
            aria-label="Numeri di provvisorio"
            title="Numeri di provvisorio…"
            disabled={!doc.data}
            onClick={() => setNumbering(true)}
          >
            <IconHash size={17} stroke={1.7} aria-hidden />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label="Firme delle reversali"
            title="Firme…"
            onClick={() => setSigning(true)}
          >
            <IconSignature size={17} stroke={1.7} aria-hidden />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={`Stampa la ${title}`}
            title="Stampa"
            onClick={() => void showPdf(pdf, fileName)}
          >
            <IconPrinter size={17} stroke={1.7} aria-hidden />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={`Salva la ${title} in PDF`}
            title="Salva PDF"
            onClick={() => void savePdf(pdf, fileName)}
          >
            <IconDownload size={17} stroke={1.7} aria-hidden />
          </button>
        </div>
      </header>
      <ScrollBox className="panel-body rev-tray" label={`${title}, documento`}>
        <ErrorNote error={doc.error} />
        {doc.data?.kept && (
          <div className="note note-warn kept-note">
            <IconPin size={16} stroke={1.7} aria-hidden />
            <div>
              <p>
                Tenuta da {doc.data.kept.operator} benché flussi e accrediti non la sostengano: {doc.data.kept.reason}
              </p>
              <Button size="compact-sm" onClick={() => setReleasing(true)}>
                Non tenerla più…
              </Button>
            </div>
          </div>
        )}
        {doc.data && <ReversalePaper doc={doc.data} institution={institution.data} />}
      </ScrollBox>
      <footer className="panel-foot rev-foot">
        <Button onClick={() => setQuietanze(true)}>Quietanze…</Button>
        {row.flowId !== null && (
          <Button
            onClick={() => void navigate({ to: '/rendicontazioni', search: { flusso: row.flowId ?? '' } as never })}
          >
            Vai al flusso
          </Button>
        )}
        <Button className="danger" disabled={row.state === 'annulled'} onClick={() => onAnnulling(true)}>
          Annulla…
        </Button>
      </footer>
      {quietanze && (
        <QuietanzeDialog id={row.id} exercise={row.exercise} number={row.number} onClose={() => setQuietanze(false)} />
      )}
      {signing && <SignaturesSheet onClose={() => setSigning(false)} />}
      {numbering && doc.data && (
        <ProvvisorioDialog title={title} lines={doc.data.document} onClose={() => setNumbering(false)} />
      )}
      {releasing && <ReleaseDialog row={row} onClose={() => setReleasing(false)} />}
      {annulling && <AnnulDialog row={row} onClose={() => onAnnulling(false)} />}
    </aside>
  )
}

function ReleaseDialog({ row, onClose }: { readonly row: Reversale; readonly onClose: () => void }) {
  const [reason, setReason] = useState('')
  const name = `${formatCount(row.number)}/${row.exercise}`
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Non tenere più la reversale ${name}`}
      subtitle="Torna tra quelle da decidere: annullarla e riemetterla, oppure tenerla ancora."
      act="Non tenerla più"
      disabled={reason.trim().length < 3}
      onConfirm={async () => {
        await client.reversale.release({ id: row.id, reason })
        say(`La reversale ${name} è di nuovo da decidere.`)
      }}
    >
      <ReasonField value={reason} onChange={setReason} />
    </ConfirmDialog>
  )
}

function AnnulDialog({ row, onClose }: { readonly row: Reversale; readonly onClose: () => void }) {
  const [reason, setReason] = useState('')
  const act = `Annulla la reversale ${formatCount(row.number)}/${row.exercise}`
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`${act} per ${formatCents(row.cents)} €`}
      subtitle="Resta al suo posto con il suo numero, barrata, con la data e il motivo."
      act={act}
      danger
      disabled={reason.trim().length < 3}
      warning={
        <>
          <b className="strong">Un annullamento non si disfa.</b> Se l’accredito regge,{' '}
          {row.lines === 1
            ? 'il suo pagamento torna tra quelli pronti'
            : `i suoi ${formatCount(row.lines)} pagamenti tornano tra quelli pronti`}
          ; la nuova reversale prende un altro numero.
          {row.transmissionList !== null && (
            <>
              {' '}
              <b className="strong">È già sulla distinta {formatCount(row.transmissionList)}</b>, che resta com’è:
              avvisa il cassiere dell’annullamento.
            </>
          )}
        </>
      }
      onConfirm={async () => {
        await client.reversale.annul({ id: row.id, reason })
        say(`Reversale ${formatCount(row.number)}/${row.exercise} annullata.`)
      }}
    >
      <ReasonField value={reason} onChange={setReason} />
    </ConfirmDialog>
  )
}
