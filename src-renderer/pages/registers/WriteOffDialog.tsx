import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { formatCents } from '#domain/money'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ReasonField } from '../../components/fields.tsx'
import { say } from '../../components/toast.ts'

/** Writes off what is left of the chosen residui, with the act that decides it and why. */
export function WriteOffDialog({
  ids,
  exercise,
  onClose,
  onDone,
}: {
  readonly ids: readonly Id<'accertamento'>[]
  readonly exercise: number
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const [act, setAct] = useState('')
  const [reason, setReason] = useState('')
  const selection = { ids: [...ids] }
  const preview = useQuery(orpc.accertamento.writeOffPreview.queryOptions({ input: { selection, exercise } }))
  const { count = 0, cents, leftOut = [] } = preview.data ?? {}
  const what = counted(count, 'residuo', 'residui')
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={
        cents === undefined
          ? 'Elimina i residui'
          : count === 0
            ? 'Nessun residuo da eliminare'
            : `Elimina ${what} per ${formatCents(cents)} €`
      }
      subtitle={`Si elimina quello che resta da riscuotere, nell’esercizio ${exercise}.`}
      act={count === 0 ? 'Elimina' : `Elimina ${what}`}
      danger
      disabled={count === 0 || act.trim().length < 3 || reason.trim().length < 3}
      warning="Un’eliminazione è una variazione del registro: resta scritta, con il suo atto."
      onConfirm={async () => {
        if (cents === undefined) return
        await client.accertamento.writeOff({ selection, exercise, act, reason, expectedCents: cents })
        say(`Eliminati ${what}.`)
        onDone()
      }}
    >
      <ErrorNote error={preview.error} />
      {leftOut.map((why) => (
        <p key={why.reason} className="t-warn">
          {counted(why.count, 'resta fuori', 'restano fuori')}. {why.reason}.
        </p>
      ))}
      <TextInput
        label="Atto che li elimina"
        placeholder="delibera n. … del …"
        maxLength={120}
        value={act}
        onChange={(e) => setAct(e.currentTarget.value)}
      />
      <ReasonField mt={8} value={reason} onChange={setReason} />
    </ConfirmDialog>
  )
}
