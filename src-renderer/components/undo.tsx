import { notifications } from '@mantine/notifications'
import { errorText } from '../problems.ts'

const UNDO_MS = 8000
let last: { readonly id: string; readonly undo: () => Promise<unknown> } | null = null

/** Says what was done and offers «Disfa» for 8 seconds (also Ctrl Z). Toasts are for this only (SCREENS.md §8). */
export function offerUndo(text: string, undo: () => Promise<unknown>): void {
  const id = `disfa-${Date.now()}`
  last = { id, undo }
  notifications.show({
    closeButtonProps: { 'aria-label': 'Chiudi' },
    id,
    position: 'bottom-left',
    autoClose: UNDO_MS,
    withBorder: true,
    color: 'petrolio',
    message: (
      <span className="undo">
        {text}{' '}
        <button type="button" className="link" onClick={() => void undoLast()}>
          Disfa
        </button>
      </span>
    ),
  })
}

/** Takes back the last thing that offered it; false when there is none. */
export async function undoLast(): Promise<boolean> {
  if (!last) return false
  const { id, undo } = last
  last = null
  notifications.hide(id)
  try {
    await undo()
  } catch (error) {
    notifications.show({
      closeButtonProps: { 'aria-label': 'Chiudi' },
      position: 'bottom-left',
      autoClose: UNDO_MS,
      color: 'red',
      message: errorText(error),
    })
  }
  return true
}

/** A short word that something is done, where nothing on the page shows it. */
export function say(text: string): void {
  notifications.show({
    closeButtonProps: { 'aria-label': 'Chiudi' },
    position: 'bottom-left',
    autoClose: UNDO_MS,
    withBorder: true,
    color: 'petrolio',
    message: text,
  })
}

/** A failure of a small action (export, copy) that has no place of its own on the page. */
export function sayFailure(error: unknown): void {
  notifications.show({
    closeButtonProps: { 'aria-label': 'Chiudi' },
    position: 'bottom-left',
    autoClose: 15_000,
    withBorder: true,
    color: 'red',
    message: errorText(error),
  })
}
