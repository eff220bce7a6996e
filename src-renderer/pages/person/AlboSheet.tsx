import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { IsoDate } from '#domain/date'
import { client } from '../../client.ts'
import { DateText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { DateField } from '../../components/fields.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import type { AlboEntry, PersonId } from './card.ts'

interface Draft {
  readonly replaces: AlboEntry | null
  readonly albo: string
  readonly section: string
  readonly number: string
  readonly from: IsoDate | null
  readonly status: string
}

/** Positions in the albi, past ones too. One is never rewritten: it is closed, and another follows it. */
export function AlboSheet({
  personId,
  entries,
  today,
  onClose,
}: {
  readonly personId: PersonId
  readonly entries: readonly AlboEntry[]
  readonly today: IsoDate | null
  readonly onClose: () => void
}) {
  const [draft, setDraft] = useState<Draft | null>(entries.length === 0 ? empty(today) : null)
  const [closing, setClosing] = useState<{ readonly entry: AlboEntry; readonly to: IsoDate | null } | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const act = async (work: () => Promise<unknown>) => {
    setBusy(true)
    setError(null)
    try {
      await work()
      setDraft(null)
      setClosing(null)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Sheet opened onClose={onClose} title="Iscrizioni all’albo" size={640}>
      {entries.length > 0 && (
        <table className="plain">
          <thead>
            <tr>
              <th>Albo</th>
              <th>Sezione</th>
              <th className="right">Numero</th>
              <th>Dal</th>
              <th>Al</th>
              <th>Stato</th>
              <th>Azioni</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.id} className={entry.to === null ? '' : 'past'}>
                <td>{entry.albo}</td>
                <td>{entry.section ?? '·'}</td>
                <td className="right">{entry.number}</td>
                <td>
                  <DateText date={entry.from} />
                </td>
                <td>{entry.to === null ? 'in corso' : <DateText date={entry.to} />}</td>
                <td>{entry.status}</td>
                <td>
                  {entry.to === null && (
                    <span className="row-links">
                      <button
                        type="button"
                        className="link"
                        onClick={() => {
                          setClosing(null)
                          setDraft({
                            replaces: entry,
                            albo: entry.albo,
                            section: entry.section ?? '',
                            number: entry.number,
                            from: today,
                            status: entry.status,
                          })
                        }}
                      >
                        Cambia
                      </button>
                      <button
                        type="button"
                        className="link"
                        onClick={() => {
                          setDraft(null)
                          setClosing({ entry, to: today })
                        }}
                      >
                        Chiudi
                      </button>
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {closing !== null && (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault()
            const { entry, to } = closing
            if (to !== null) void act(() => client.person.closeAlbo({ id: entry.id, to }))
          }}
        >
          <DateField
            label={`Ultimo giorno dell’iscrizione n. ${closing.entry.number}`}
            value={closing.to}
            onChange={(to) => setClosing({ ...closing, to })}
          />
          <ErrorNote error={error} />
          <div className="person-foot">
            <Button onClick={() => setClosing(null)}>Lascia</Button>
            <Button type="submit" variant="filled" loading={busy} disabled={closing.to === null}>
              Chiudi l’iscrizione
            </Button>
          </div>
        </form>
      )}
      {draft !== null && (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault()
            const { replaces, from, ...rest } = draft
            if (from !== null) {
              void act(() => client.person.saveAlbo({ ...rest, from, personId, id: replaces?.id ?? null }))
            }
          }}
        >
          <div className="form-grid">
            <div className="span-4">
              <TextInput
                label="Albo"
                value={draft.albo}
                maxLength={120}
                onChange={(e) => setDraft({ ...draft, albo: e.currentTarget.value })}
              />
            </div>
            <div className="span-2">
              <TextInput
                label="Sezione"
                value={draft.section}
                maxLength={60}
                onChange={(e) => setDraft({ ...draft, section: e.currentTarget.value })}
              />
            </div>
            <div className="span-2">
              <TextInput
                label="Numero"
                value={draft.number}
                maxLength={20}
                onChange={(e) => setDraft({ ...draft, number: e.currentTarget.value })}
              />
            </div>
            <div className="span-2">
              <DateField
                label={draft.replaces === null ? 'Dal' : 'Cambia dal'}
                value={draft.from}
                onChange={(from) => setDraft({ ...draft, from })}
              />
            </div>
            <div className="span-2">
              <TextInput
                label="Stato"
                value={draft.status}
                maxLength={60}
                onChange={(e) => setDraft({ ...draft, status: e.currentTarget.value })}
              />
            </div>
          </div>
          {draft.replaces !== null && (
            <p className="muted small">Quella di prima si chiude il giorno avanti e resta nell’elenco.</p>
          )}
          <ErrorNote error={error} />
          <div className="person-foot">
            <Button onClick={() => setDraft(null)}>Lascia</Button>
            <Button
              type="submit"
              variant="filled"
              loading={busy}
              disabled={draft.from === null || draft.albo.trim() === '' || draft.number.trim() === ''}
            >
              {draft.replaces === null ? 'Aggiungi l’iscrizione' : 'Cambia l’iscrizione'}
            </Button>
          </div>
        </form>
      )}
      {draft === null && closing === null && (
        <div className="person-foot">
          <Button onClick={() => setDraft(empty(today))}>Aggiungi un’iscrizione…</Button>
        </div>
      )}
    </Sheet>
  )
}

function empty(today: IsoDate | null): Draft {
  return { replaces: null, albo: 'Albo', section: '', number: '', from: today, status: 'iscritto' }
}
