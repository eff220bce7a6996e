import { Checkbox, Textarea } from '@mantine/core'
import { useState } from 'react'
import { CHANNELS } from '#domain/vocabulary'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount } from '../../components/cells.tsx'
import { cancelCampaign } from './campaign-work.ts'
import type { Campaign } from './delivery-list.tsx'

const FILES: readonly Campaign['channels'][number]['channel'][] = ['server', 'folder', 'post']

/** Takes back what has not left, with a reason, and if asked the files that were already put somewhere. */
export function CancelCampaign({ campaign, onClose }: { readonly campaign: Campaign; readonly onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [cleanUp, setCleanUp] = useState(false)
  const waiting = campaign.channels.reduce((n, c) => n + c.waiting, 0)
  const written = campaign.channels.filter((c) => FILES.includes(c.channel)).reduce((n, c) => n + c.done, 0)
  const act =
    waiting > 0 || !cleanUp
      ? `Annulla ${counted(waiting, 'consegna non partita', 'consegne non partite')}`
      : `Togli ${counted(written, 'file', 'file')}`
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={act}
      subtitle="Gli avvisi restano; si possono consegnare con un’altra campagna."
      act={act}
      danger
      disabled={reason.trim().length < 3 || (waiting === 0 && !cleanUp)}
      leave="Torna alla campagna"
      warning="I messaggi già partiti restano partiti."
      onConfirm={async () => cancelCampaign(campaign.id, reason.trim(), cleanUp)}
    >
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Canale</th>
            <th scope="col" className="right">
              Già consegnati
            </th>
            <th scope="col" className="right">
              Si annullano
            </th>
          </tr>
        </thead>
        <tbody>
          {campaign.channels.map((c) => (
            <tr key={c.channel}>
              <td>{CHANNELS[c.channel]}</td>
              <td className="num">{formatCount(c.done)}</td>
              <td className="num strong">{formatCount(c.waiting)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {written > 0 && (
        <Checkbox
          label={`Togli anche ${counted(written, 'file già scritto', 'file già scritti')}`}
          description="Solo quelli rimasti come il programma li ha scritti; gli altri non si toccano."
          checked={cleanUp}
          onChange={(e) => setCleanUp(e.currentTarget.checked)}
        />
      )}
      <Textarea
        label="Motivo"
        description="Resta nella storia degli avvisi."
        autosize
        minRows={2}
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
    </ConfirmDialog>
  )
}
