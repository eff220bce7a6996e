import { SegmentedControl, TextInput } from '@mantine/core'
import { useState } from 'react'
import { epochMsOf, type IsoDate, romeDate } from '#domain/date'
import { DateField } from '../../components/fields.tsx'
import { romeClock, romeInstant } from '../../components/rome-instant.ts'
import type { Ways } from './campaign-form.ts'

/** When it leaves: at once, or on a day and hour of Rome. */
export function StartField({
  startAt,
  onChange,
}: {
  readonly startAt: Ways['startAt']
  readonly onChange: (patch: Pick<Ways, 'startAt' | 'startIncomplete'>) => void
}) {
  const [later, setLater] = useState(startAt !== null)
  const [day, setDay] = useState<IsoDate | null>(startAt === null ? null : romeDate(startAt))
  const [clock, setClock] = useState(startAt === null ? '09:00' : romeClock(startAt))
  const take = (nextDay: IsoDate | null, nextClock: string) => {
    setDay(nextDay)
    setClock(nextClock)
    const at = nextDay === null ? null : romeInstant(nextDay, nextClock)
    const future = at !== null && epochMsOf(at) > Date.now()
    onChange({ startAt: future ? at : null, startIncomplete: !future })
  }
  return (
    <div className="start-field">
      <SegmentedControl
        aria-label="Quando parte"
        fullWidth
        value={later ? 'later' : 'now'}
        data={[
          { value: 'now', label: 'Parte subito' },
          { value: 'later', label: 'Parte il…' },
        ]}
        onChange={(value) => {
          setLater(value === 'later')
          if (value === 'later') take(day, clock)
          else onChange({ startAt: null, startIncomplete: false })
        }}
      />
      {later && (
        <div className="start-when">
          <DateField label="Giorno" value={day} onChange={(next) => take(next, clock)} />
          <TextInput
            label="Ora"
            placeholder="09:00"
            value={clock}
            error={/^([01]\d|2[0-3]):[0-5]\d$/.test(clock) ? null : 'Come 09:00.'}
            onChange={(e) => take(day, e.currentTarget.value)}
          />
        </div>
      )}
    </div>
  )
}
