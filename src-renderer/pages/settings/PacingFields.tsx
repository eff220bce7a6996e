import { NumberInput, Select, TextInput } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'

export type Pacing = InferContractRouterOutputs<Contract>['mailAccount']['list'][number]['pacing']

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/

const DAYS: readonly { readonly value: string; readonly label: string; readonly days: readonly number[] }[] = [
  { value: 'weekdays', label: 'dal lunedì al venerdì', days: [1, 2, 3, 4, 5] },
  { value: 'monSat', label: 'dal lunedì al sabato', days: [1, 2, 3, 4, 5, 6] },
  { value: 'all', label: 'tutti i giorni', days: [1, 2, 3, 4, 5, 6, 7] },
]

/** Whether the hours can be saved. */
export function pacingReady({ window }: Pacing): boolean {
  return window === null || (CLOCK.test(window.from) && CLOCK.test(window.to) && window.from < window.to)
}

/** How fast and when an account may send: what its provider allows, and the hours in which the office wants it. */
export function PacingFields({
  pacing,
  onChange,
  unit = 'Messaggi',
}: {
  readonly pacing: Pacing
  readonly onChange: (pacing: Pacing) => void
  readonly unit?: string
}) {
  const { window, batch } = pacing
  const set = (patch: Partial<Pacing>) => onChange({ ...pacing, ...patch })
  const days =
    window === null
      ? 'always'
      : (DAYS.find((d) => d.days.length === window.days.length && d.days.every((n) => window.days.includes(n)))
          ?.value ?? 'own')
  const clockError = (text: string) => (CLOCK.test(text) ? null : 'Come 08:00.')
  return (
    <>
      <NumberInput
        className="span-2"
        label={`${unit} al minuto`}
        min={1}
        max={6000}
        value={pacing.perMinute}
        onChange={(n) => typeof n === 'number' && set({ perMinute: n })}
      />
      <NumberInput
        className="span-2"
        label="Al giorno, al massimo"
        placeholder="senza limite"
        min={1}
        max={1_000_000}
        thousandSeparator="."
        decimalSeparator=","
        value={pacing.perDay ?? ''}
        onChange={(n) => set({ perDay: typeof n === 'number' ? n : null })}
      />
      <NumberInput
        className="span-1"
        label="Pausa ogni"
        placeholder="mai"
        min={1}
        max={100_000}
        value={batch?.size ?? ''}
        onChange={(n) =>
          set({ batch: typeof n === 'number' ? { size: n, pauseSeconds: batch?.pauseSeconds ?? 60 } : null })
        }
      />
      <NumberInput
        className="span-1"
        label="di secondi"
        min={1}
        max={86_400}
        disabled={batch === null}
        value={batch?.pauseSeconds ?? ''}
        onChange={(n) => batch && typeof n === 'number' && set({ batch: { ...batch, pauseSeconds: n } })}
      />
      <Select
        className="span-2"
        label="Giorni d’invio"
        value={days}
        data={[
          { value: 'always', label: 'sempre, a ogni ora' },
          ...DAYS.map(({ value, label }) => ({ value, label })),
          ...(days === 'own' ? [{ value: 'own', label: 'giorni scelti' }] : []),
        ]}
        onChange={(value) => {
          const chosen = DAYS.find((d) => d.value === value)
          if (value === 'always') set({ window: null })
          else if (chosen)
            set({ window: { from: window?.from ?? '08:00', to: window?.to ?? '20:00', days: [...chosen.days] } })
        }}
      />
      {window !== null && (
        <>
          <TextInput
            className="span-2"
            label="Dalle"
            value={window.from}
            error={clockError(window.from)}
            onChange={(e) => set({ window: { ...window, from: e.currentTarget.value } })}
          />
          <TextInput
            className="span-2"
            label="Alle"
            value={window.to}
            error={clockError(window.to) ?? (window.from < window.to ? null : 'Dopo l’inizio.')}
            onChange={(e) => set({ window: { ...window, to: e.currentTarget.value } })}
          />
        </>
      )}
    </>
  )
}
