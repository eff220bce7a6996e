import { useState } from 'react'
import { client } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted } from '../../components/cells.tsx'
import { ReasonField } from '../../components/fields.tsx'

type Input = Parameters<typeof client.person.stop>[0]

/** Nothing is sent any more to the people chosen on the list. */
export function StopMany({
  selection,
  count,
  onClose,
  onDone,
}: {
  readonly selection: Input['selection']
  readonly count: number
  readonly onClose: () => void
  readonly onDone: (text: string) => void
}) {
  const [reason, setReason] = useState('')
  const people = counted(count, 'persona', 'persone')
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Non spedire più a ${people}`}
      subtitle="Vale da subito, su ogni canale, anche per ciò che è già in coda. L’avviso si può sempre stampare."
      act={`Non spedire più a ${people}`}
      note="Si toglie una per una da «Non spedire», nelle consegne."
      disabled={reason.trim().length < 3}
      onConfirm={async () => {
        const { count: stopped, already } = await client.person.stop({ selection, reason: reason.trim() })
        const before = already === 0 ? '' : ` ${counted(already, 'persona', 'persone')} nell’elenco c’erano già.`
        onDone(`Non si spedisce più a ${counted(stopped, 'persona', 'persone')}.${before}`)
      }}
    >
      <ReasonField value={reason} onChange={setReason} />
    </ConfirmDialog>
  )
}
