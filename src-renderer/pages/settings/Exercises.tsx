import { Button, Select, TextInput } from '@mantine/core'
import type { InferContractRouterInputs } from '@orpc/contract'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { CAPITOLO_KINDS } from '#domain/vocabulary'
import { useExercise } from '../../app-state.ts'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { formatCount, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { AmountField } from '../../components/fields.tsx'
import { useForm } from '../../components/form-state.ts'
import { Card } from '../../components/Page.tsx'
import { St } from '../../components/St.tsx'
import { ExerciseClosing } from './ExerciseClosing.tsx'
import { SaveFoot } from './SaveFoot.tsx'

type Values = InferContractRouterInputs<Contract>['capitolo']['save']

/** Esercizi, and the capitoli of income of the one through which the program is seen. */
export function Exercises() {
  const year = useExercise()
  const exercises = useQuery(orpc.exercise.list.queryOptions())
  const capitoli = useQuery(orpc.capitolo.list.queryOptions({ input: { exercise: year } }))
  const [opening, setOpening] = useState<'open' | 'historical' | null>(null)
  const [editing, setEditing] = useState<Values | null>(null)
  const years = (exercises.data ?? []).map((e) => e.year)
  const next = opening === 'historical' ? Math.min(year, ...years) - 1 : Math.max(year - 1, ...years) + 1
  const [closing, setClosing] = useState<number | null>(null)
  if (closing !== null) return <ExerciseClosing year={closing} onDone={() => setClosing(null)} />
  if (editing) return <CapitoloForm capitolo={editing} onDone={() => setEditing(null)} />
  return (
    <div className="settings-stack">
      <Card
        title="Esercizi"
        flush
        label="Esercizi"
        actions={
          <>
            <Button onClick={() => setOpening('historical')}>Aggiungi uno storico…</Button>
            <Button onClick={() => setOpening('open')}>Apri il prossimo…</Button>
          </>
        }
      >
        <ErrorNote error={exercises.error} />
        <table className="plain">
          <thead>
            <tr>
              <th>Esercizio</th>
              <th>Stato</th>
              <th className="right">Accertamenti</th>
              <th className="right">Reversali</th>
              <th className="right">Residui portati €</th>
              <th>
                <span className="visually-hidden">Azioni</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {(exercises.data ?? []).map((e) => (
              <tr key={e.year}>
                <td className="strong">{e.year}</td>
                <td>
                  <St family="exercise" code={e.state} />
                </td>
                <td className="right">{formatCount(e.accertamenti)}</td>
                <td className="right">{formatCount(e.reversali)}</td>
                <td className="right">
                  <Money cents={e.closing?.residui.cents ?? null} />
                </td>
                <td className="right">
                  {e.state !== 'historical' && (
                    <button type="button" className="link" onClick={() => setClosing(e.year)}>
                      {e.state === 'open' ? `Chiudi il ${e.year}…` : `Chiusura del ${e.year}`}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
      <Card
        title="Capitoli"
        about={`dell’esercizio ${year}`}
        grow
        flush
        label="Capitoli"
        actions={
          <Button
            leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
            onClick={() =>
              setEditing({ id: null, code: '', name: '', kind: 'entrata', forecastCents: null, exercise: year })
            }
          >
            Nuovo capitolo
          </Button>
        }
      >
        <ErrorNote error={capitoli.error} />
        <table className="plain">
          <thead>
            <tr>
              <th>Codice</th>
              <th>Descrizione</th>
              <th>Tipo</th>
              <th className="right">Previsione €</th>
            </tr>
          </thead>
          <tbody>
            {(capitoli.data ?? []).map((c) => (
              <tr key={c.id}>
                <td>{c.code}</td>
                <td>
                  <button
                    type="button"
                    className="link"
                    onClick={() =>
                      setEditing({
                        id: c.id,
                        code: c.code,
                        name: c.name,
                        kind: c.kind,
                        forecastCents: c.forecastCents,
                        exercise: year,
                      })
                    }
                  >
                    {c.name}
                  </button>
                </td>
                <td>{CAPITOLO_KINDS[c.kind]}</td>
                <td className="right">
                  <Money cents={c.forecastCents} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
      <ConfirmDialog
        opened={opening !== null}
        onClose={() => setOpening(null)}
        title={opening === 'historical' ? `Aggiungi l’esercizio storico ${next}` : `Apri l’esercizio ${next}`}
        subtitle={
          opening === 'historical'
            ? 'Un esercizio storico serve a registrare i residui di anni precedenti a Quietanza.'
            : 'I nuovi accertamenti entreranno in questo esercizio.'
        }
        act={opening === 'historical' ? `Aggiungi il ${next}` : `Apri il ${next}`}
        leave="Torna alle impostazioni"
        onConfirm={() => client.exercise.open({ year: next, state: opening ?? 'open' })}
      />
    </div>
  )
}

function CapitoloForm({ capitolo, onDone }: { readonly capitolo: Values; readonly onDone: () => void }) {
  const form = useForm<Values>(capitolo)
  const v = form.values
  return (
    <Card
      title={capitolo.id === null ? 'Nuovo capitolo' : `${capitolo.code} ${capitolo.name}`}
      about={`esercizio ${capitolo.exercise}`}
      grow
      label="Capitolo"
      foot={
        <SaveFoot
          form={form}
          onLeave={onDone}
          disabled={v.code.trim() === '' || v.name.trim() === ''}
          left={<ErrorNote error={form.error} />}
          onSave={() => void form.submit((values) => client.capitolo.save(values)).then((ok) => ok && onDone())}
        />
      }
    >
      <div className="form-grid">
        <TextInput
          className="span-2"
          label="Codice"
          value={v.code}
          onChange={(e) => form.set({ code: e.currentTarget.value })}
        />
        <TextInput
          className="span-4"
          label="Descrizione"
          value={v.name}
          onChange={(e) => form.set({ name: e.currentTarget.value })}
        />
        <Select
          className="span-3"
          label="Tipo"
          value={v.kind}
          data={Object.entries(CAPITOLO_KINDS).map(([value, label]) => ({ value, label }))}
          onChange={(kind) => form.set({ kind: (kind ?? 'entrata') as Values['kind'] })}
        />
        <div className="span-3">
          <AmountField
            label="Previsione, euro"
            cents={v.forecastCents}
            onChange={(forecastCents) => form.set({ forecastCents })}
          />
        </div>
      </div>
    </Card>
  )
}
