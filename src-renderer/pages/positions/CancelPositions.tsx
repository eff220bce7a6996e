import { Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { LeftOut } from './LeftOut.tsx'
import type { PositionSelection } from './position-list.tsx'

/** First what it will do, to how many, and who is left out and why; then a reason and the act. */
export function CancelPositions({
  selection,
  onClose,
  onDone,
}: {
  readonly selection: PositionSelection
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const preview = useQuery(orpc.debtPosition.cancelPreview.queryOptions({ input: selection, staleTime: 0 }))
  const [reason, setReason] = useState('')
  const count = preview.data?.count ?? 0
  const title = `Annulla ${counted(count, 'posizione', 'posizioni')}`
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={title}
      subtitle="L’avviso non si paga più; l’accertamento resta e si può emettere di nuovo."
      act={title}
      danger
      disabled={count === 0 || reason.trim().length < 3}
      warning={
        <>
          <b className="strong">Il numero avviso resta preso per sempre.</b> Una nuova posizione ne prende un altro: chi
          ha già l’avviso di oggi non potrà usarlo.
        </>
      }
      onConfirm={async () => {
        await client.debtPosition.cancel({ selection, reason })
        onDone()
      }}
    >
      <ErrorNote error={preview.error} />
      {preview.data && (
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Effetto</th>
              <th scope="col" className="right">
                Posizioni
              </th>
              <th scope="col" className="right">
                Importo €
              </th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>Si annullano</td>
              <td className="num strong">{formatCount(count)}</td>
              <td className="num strong">
                <Money cents={preview.data.cents} />
              </td>
            </tr>
          </tbody>
        </table>
      )}
      <LeftOut reasons={preview.data?.leftOut ?? []} />
      <Textarea
        label="Motivo"
        description="Resta nella storia della posizione."
        autosize
        minRows={2}
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
    </ConfirmDialog>
  )
}
