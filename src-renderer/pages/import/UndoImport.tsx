import { Textarea } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { client } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, Money } from '../../components/cells.tsx'

type Summary = InferContractRouterOutputs<Contract>['registerImport']['get']

/** Takes a confirmed import back, with a reason, while nothing of it is issued or collected. */
export function UndoImport({
  opened,
  summary,
  onClose,
}: {
  readonly opened: boolean
  readonly summary: Summary
  readonly onClose: () => void
}) {
  const [reason, setReason] = useState('')
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title="Disfa l’importazione"
      subtitle={summary.fileName}
      act={`Annulla ${counted(summary.accertamenti.count, 'accertamento', 'accertamenti')}`}
      leave="Torna all’importazione"
      danger
      disabled={reason.trim().length < 3}
      warning="Gli accertamenti restano nel registro, annullati da una variazione con questo motivo. Poi lo stesso file si può importare di nuovo."
      onConfirm={() => client.registerImport.undo({ id: summary.id, reason })}
    >
      <p>
        {counted(summary.accertamenti.count, 'accertamento', 'accertamenti')} per{' '}
        <Money cents={summary.accertamenti.cents} euro strong />.
      </p>
      <Textarea label="Motivo" value={reason} autosize minRows={2} onChange={(e) => setReason(e.currentTarget.value)} />
    </ConfirmDialog>
  )
}
