import { Button } from '@mantine/core'
import { useState } from 'react'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'

/** Takes an account away: what was delivered by it keeps its history. */
export function RemoveAccount({
  name,
  onRemove,
}: {
  readonly name: string
  readonly onRemove: () => Promise<unknown>
}) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button className="danger" onClick={() => setAsking(true)}>
        Elimina…
      </Button>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Elimina «${name}»`}
        subtitle="Le campagne che lo usavano tengono la loro storia; ciò che è ancora in coda si ferma."
        act="Elimina l’account"
        leave="Lascia"
        danger
        warning="La password si cancella dal portachiavi. Per tornare indietro si riscrive l’account."
        onConfirm={onRemove}
      />
    </>
  )
}
