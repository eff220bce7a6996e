import { Button } from '@mantine/core'
import { IconCopy, IconRefresh } from '@tabler/icons-react'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { errorText } from '../problems.ts'

/** A page that failed: the frame stays, the person may try again (SCREENS.md §8). */
export function PageError({ error, reset }: ErrorComponentProps) {
  const detail = `${errorText(error)}\n${error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : ''}`
  return (
    <div className="empty" role="alert">
      <div className="empty-inner narrow">
        <h2>Questa pagina si è fermata</h2>
        <p>Il resto del programma funziona e niente è cambiato nei conti.</p>
        <p className="mono">{error instanceof Error ? error.message : String(error)}</p>
        <div className="refused-actions">
          <Button variant="filled" leftSection={<IconRefresh size={16} stroke={1.7} />} onClick={reset}>
            Riprova
          </Button>
          <Button
            leftSection={<IconCopy size={16} stroke={1.7} />}
            onClick={() => void navigator.clipboard.writeText(detail)}
          >
            Copia il messaggio
          </Button>
        </div>
      </div>
    </div>
  )
}
