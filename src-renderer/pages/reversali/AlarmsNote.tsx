import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { counted, formatCount } from '../../components/cells.tsx'
import { AlarmDialog } from './AlarmDialog.tsx'
import type { Ready } from './ready.ts'

const SHOWN = 3

/** Reversali that flows and credits no longer support, each with what can be done about it. */
export function AlarmsNote({ alarms }: { readonly alarms: Ready['alarms'] }) {
  const [all, setAll] = useState(false)
  const [open, setOpen] = useState<Ready['alarms'][number]['id'] | null>(null)
  if (alarms.length === 0) return null
  const shown = all ? alarms : alarms.slice(0, SHOWN)
  return (
    <div className="note note-bad page-note alarms" role="alert">
      <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
      <div className="alarms-list">
        {shown.map((alarm) => (
          <div key={alarm.id} className="alarm">
            <p>{alarm.text}</p>
            <Button size="compact-sm" onClick={() => setOpen(alarm.id)}>
              Decidi…
            </Button>
          </div>
        ))}
        {alarms.length > SHOWN && (
          <button type="button" className="link" onClick={() => setAll(!all)}>
            {all ? 'Mostra solo le prime' : `Mostra ${counted(alarms.length - SHOWN, 'altra', 'altre')}`}
            <span className="visually-hidden"> di {formatCount(alarms.length)}</span>
          </button>
        )}
      </div>
      {open !== null && <AlarmDialog id={open} onClose={() => setOpen(null)} />}
    </div>
  )
}
