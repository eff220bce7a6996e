import { Button, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { client } from '../../client.ts'
import { TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import type { Card } from './card.ts'

/** Notes on a person, the latest first, and to whom it is given. */
export function Notes({ card, writing }: { readonly card: Card; readonly writing: boolean }) {
  const [text, setText] = useState('')
  const [assignee, setAssignee] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const given = assignee ?? card.assignee ?? ''
  const changed = text.trim() !== '' || given !== (card.assignee ?? '')
  const save = async () => {
    setBusy(true)
    setError(null)
    try {
      await client.person.note({
        id: card.person.id,
        text,
        assignee: given === (card.assignee ?? '') ? null : given,
      })
      setText('')
      setAssignee(null)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="person-notes">
      {card.person.erasedAt === null && (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault()
            void save()
          }}
        >
          <Textarea
            label="Nota"
            autosize
            minRows={2}
            maxLength={2000}
            value={text}
            autoFocus={writing}
            onChange={(e) => setText(e.currentTarget.value)}
          />
          <TextInput
            label="A chi"
            placeholder="nessuno"
            maxLength={80}
            value={given}
            onChange={(e) => setAssignee(e.currentTarget.value)}
          />
          <ErrorNote error={error} />
          <Button type="submit" loading={busy} disabled={!changed}>
            Annota
          </Button>
        </form>
      )}
      <ul className="person-note-list">
        {card.notes.toReversed().map((note, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two notes may share their instant
          <li key={`${note.at}-${i}`}>
            <span className="muted small">
              <TimeText at={note.at} /> · {note.operator}
            </span>
            {note.text !== '' && <span>{note.text}</span>}
            {note.assignee !== null && (
              <span className="small ink2">{note.assignee === '' ? 'Di nessuno' : `Affidata a ${note.assignee}`}</span>
            )}
          </li>
        ))}
      </ul>
      {card.notes.length === 0 && <p className="muted small">Nessuna nota.</p>}
    </div>
  )
}
