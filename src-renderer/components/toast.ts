import { notifications } from '@mantine/notifications'
import { errorText } from '../problems.ts'

const PLACE = { closeButtonProps: { 'aria-label': 'Chiudi' }, position: 'bottom-left', withBorder: true } as const

/** A short word that something is done, where nothing on the page shows it. */
export function say(text: string): void {
  notifications.show({ ...PLACE, autoClose: 8000, color: 'petrolio', message: text })
}

/** A failure of a small action (export, copy) that has no place of its own on the page. */
export function sayFailure(error: unknown): void {
  notifications.show({ ...PLACE, autoClose: 15_000, color: 'red', message: errorText(error) })
}
