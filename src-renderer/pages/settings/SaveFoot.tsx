import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { FormState } from '../../components/form-state.ts'
import { mayLeave } from '../../components/unsaved.ts'
import { useKeys } from '../../keys.ts'

/**
 * Lascia and Salva at the foot of a form; Salva only by changes, Lascia asks where some would be lost. Ctrl S saves.
 * Where what is written can be tried, trying it is the primary act, and Salva stands beside it.
 */
export function SaveFoot<T>({
  form,
  onSave,
  onLeave,
  disabled = false,
  triable = false,
  left,
}: {
  readonly form: FormState<T>
  readonly onSave: () => void
  readonly onLeave?: () => void
  readonly disabled?: boolean
  /** A trial is offered at the left, filled. */
  readonly triable?: boolean
  readonly left?: ReactNode
}) {
  const can = form.changed && !disabled
  const leave = () => {
    void mayLeave().then((may) => may && (onLeave ?? form.reset)())
  }
  useKeys([
    { keys: 'Ctrl+S', label: 'salva', run: () => can && onSave() },
    { keys: 'Escape', label: 'lascia senza salvare', run: leave },
  ])
  return (
    <>
      {left}
      <span className="foot-gap" />
      <Button disabled={!form.changed && !onLeave} onClick={leave}>
        Lascia
      </Button>
      <Button variant={triable ? 'default' : 'filled'} disabled={!can} loading={form.busy} onClick={onSave}>
        Salva
      </Button>
    </>
  )
}
