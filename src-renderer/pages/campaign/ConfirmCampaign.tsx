import { formatDate, romeDate } from '#domain/date'
import { CHANNELS } from '#domain/vocabulary'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount } from '../../components/cells.tsx'
import { romeClock } from '../../components/rome-instant.ts'
import { LeftOut } from '../positions/LeftOut.tsx'
import type { CampaignPreview, Channel, Purpose, Ways } from './campaign-form.ts'
import type { Places } from './WaysZone.tsx'

/** Before anything leaves: how many, by which way, from where, when, and what cannot be taken back. */
export function ConfirmCampaign({
  preview,
  ways,
  places,
  purpose,
  subject,
  onClose,
  onStart,
}: {
  readonly preview: CampaignPreview
  readonly ways: Ways
  readonly places: Places
  readonly purpose: Purpose
  /** Null where nobody reads a message. */
  readonly subject: string | null
  readonly onClose: () => void
  readonly onStart: () => void
}) {
  const total = preview.channels.reduce((n, c) => n + c.count, 0)
  const act =
    purpose === 'reminder'
      ? `Sollecita: avvia ${counted(total, 'consegna', 'consegne')}`
      : `Avvia ${counted(total, 'consegna', 'consegne')}`
  const when =
    ways.startAt === null ? 'subito' : `il ${formatDate(romeDate(ways.startAt))} alle ${romeClock(ways.startAt)}`
  const limits = windowWords(ways, places)
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={act}
      subtitle={[`Partono ${when}`, limits, subject === null ? '' : `oggetto «${subject}»`]
        .filter(Boolean)
        .join(', ')
        .concat('.')}
      act={act}
      leave="Torna alla preparazione"
      note="Puoi fermare ciò che non è partito"
      warning={
        <>
          <b className="strong">Un messaggio partito non si richiama.</b> Ciò che non arriva si corregge e si
          rispedisce, uno per uno o insieme.
          {(ways.on.server || ways.on.folder || ways.on.post) &&
            ' I file già scritti si possono togliere annullando la campagna, se nel frattempo nessuno li ha cambiati.'}
        </>
      }
      onConfirm={async () => onStart()}
    >
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Canale</th>
            <th scope="col">Da dove, o dove</th>
            <th scope="col" className="right">
              {purpose === 'reminder' ? 'Solleciti' : 'Avvisi'}
            </th>
          </tr>
        </thead>
        <tbody>
          {preview.channels.map((c) => (
            <tr key={c.channel}>
              <td>{CHANNELS[c.channel]}</td>
              <td>{placeOf(c.channel, ways, places)}</td>
              <td className="num">{formatCount(c.count)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={2}>Consegne</td>
            <td className="num">{formatCount(total)}</td>
          </tr>
        </tfoot>
      </table>
      {preview.warnings.map((text) => (
        <p key={text} className="note note-warn">
          {text}
        </p>
      ))}
      <LeftOut reasons={preview.leftOut} />
    </ConfirmDialog>
  )
}

function placeOf(channel: Channel, ways: Ways, places: Places): string {
  if (channel === 'pec' || channel === 'email') {
    const id = channel === 'pec' ? ways.pecAccountId : ways.emailAccountId
    return places.mail.find((a) => a.id === id)?.fromAddress ?? ''
  }
  if (channel === 'server') {
    const account = places.files.find((a) => a.id === ways.fileAccountId)
    return account ? `${account.host}${account.remoteFolder === '' ? '' : `, ${account.remoteFolder}`}` : ''
  }
  return channel === 'io' ? 'servizio dell’ente' : (ways.place?.place ?? '')
}

function windowWords(ways: Ways, places: Places): string {
  const paced = [
    ...(ways.on.pec ? places.mail.filter((a) => a.id === ways.pecAccountId) : []),
    ...(ways.on.email ? places.mail.filter((a) => a.id === ways.emailAccountId) : []),
    ...(ways.on.server ? places.files.filter((a) => a.id === ways.fileAccountId) : []),
    ...(ways.on.io && places.io ? [places.io] : []),
  ]
  return paced.some((a) => a.pacing.window !== null) ? 'nelle ore concesse dagli account' : ''
}
