import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card } from '../../components/Page.tsx'
import { LetterForm, type LetterValues, NEW_LETTER } from './letters/LetterForm.tsx'

/** Lettere: cover letters that go before or after the notices. */
export function Letters() {
  const query = useQuery(orpc.letter.list.queryOptions())
  const [editing, setEditing] = useState<LetterValues | null>(null)
  const [removing, setRemoving] = useState<LetterValues | null>(null)
  const letters = query.data ?? []
  const write = () => setEditing({ ...NEW_LETTER, name: nextName(letters.map((l) => l.name)) })
  if (editing) return <LetterForm letter={editing} onDone={() => setEditing(null)} />
  return (
    <Card
      title="Lettere"
      about="accompagnano gli avvisi, prima o dopo, nello stesso PDF"
      grow
      flush
      label="Lettere"
      actions={
        <Button leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />} onClick={write}>
          Nuova lettera
        </Button>
      }
    >
      <ErrorNote error={query.error} />
      {query.data?.length === 0 ? (
        <div className="letters-none">
          <p className="strong">Nessuna lettera accompagnatoria</p>
          <p className="ink2">
            È la pagina che spiega l’avviso: perché si paga, entro quando, a chi chiedere. La scrivi una volta con i
            campi fra graffe, come {'{nome}'}, e ognuno riceve la sua. In Avvisi scegli se va prima o dopo.
          </p>
          <Button variant="filled" onClick={write}>
            Scrivi la prima lettera
          </Button>
        </div>
      ) : (
        <table className="plain">
          <thead>
            <tr>
              <th>Nome</th>
              <th>Oggetto</th>
              <th>Firma</th>
              <th>
                <span className="visually-hidden">Azioni</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {letters.map((letter) => (
              <tr key={letter.id}>
                <td>
                  <button type="button" className="link" onClick={() => setEditing(letter)}>
                    {letter.name}
                  </button>
                </td>
                <td>{letter.subject}</td>
                <td>{letter.signature === '' ? '·' : letter.signature}</td>
                <td className="right">
                  <button
                    type="button"
                    className="link t-bad"
                    aria-label={`Togli la lettera «${letter.name}»`}
                    onClick={() => setRemoving(letter)}
                  >
                    Togli…
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <ConfirmDialog
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Togli la lettera «${removing?.name ?? ''}»`}
        subtitle="Il suo testo si perde. Gli avvisi già stampati o salvati con la lettera restano come sono."
        act="Togli la lettera"
        leave="Torna alle lettere"
        danger
        onConfirm={() => (removing?.id ? client.letter.remove({ id: removing.id }) : undefined)}
      />
    </Card>
  )
}

/** A name that no other letter has. */
function nextName(taken: readonly string[]): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? NEW_LETTER.name : `${NEW_LETTER.name} ${n}`
    if (!taken.includes(name)) return name
  }
}
