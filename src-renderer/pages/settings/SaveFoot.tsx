import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { FormState } from '../../components/form-state.ts'
import { useKeys } from '../../keys.ts'

/** Lascia and Salva at the foot of a form; Salva only by changes. Ctrl S saves. */
export function SaveFoot<T>({
  form,
  onSave,
  onLeave,
  disabled = false,
  left,
}: {
  readonly form: FormState<T>
  readonly onSave: () => void
  readonly onLeave?: () => void
  readonly disabled?: boolean
  readonly left?: ReactNode
}) {
  const can = form.changed && !disabled
  useKeys([
    { keys: 'Ctrl+S', label: 'salva', run: () => can && onSave() },
    { keys: 'Escape', label: 'lascia senza salvare', run: () => (onLeave ?? form.reset)() },
  ])
  return (
    <>
      {left}
      <span className="foot-gap" />
      <Button disabled={!form.changed && !onLeave} onClick={onLeave ?? form.reset}>
        Lascia
      </Button>
      <Button variant="filled" disabled={!can} loading={form.busy} onClick={onSave}>
        Salva
      </Button>
    </>
  )
}
