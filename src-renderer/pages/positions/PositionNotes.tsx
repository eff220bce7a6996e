import { Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { client, orpc } from '../../client.ts'
import { TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'

/** What the office notes on a position, the latest first. */
export function PositionNotes({ id }: { readonly id: Id<'debtPosition'> }) {
  const { data } = useQuery(orpc.positionAct.notes.queryOptions({ input: { id } }))
  const [text, setText] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const save = async () => {
    if (text.trim() === '' || busy) return
    setBusy(true)
    setError(null)
    try {
      await client.positionAct.note({ id, text, assignee: null })
      setText('')
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <form
        className="position-note"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <Textarea
          aria-label="Nota sulla posizione"
          placeholder="Scrivi una nota"
          autosize
          minRows={1}
          maxLength={2000}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
        />
        {text.trim() !== '' && (
          <Button type="submit" loading={busy}>
            Annota
          </Button>
        )}
      </form>
      <ErrorNote error={error} />
      <ul className="position-note-list">
        {data?.notes.toReversed().map((note, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two notes may share their instant
          <li key={`${note.at}-${i}`}>
            <span className="muted small">
              <TimeText at={note.at} /> · {note.operator}
            </span>
            <span>{note.text}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
