import { Button, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { client, orpc } from '../../client.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card } from '../../components/Page.tsx'

/** Formats of statements that a person described and named: files with these headings are read so, for any account. */
export function StatementFormats() {
  const formats = useQuery(orpc.bankStatement.profiles.queryOptions())
  const queries = useQueryClient()
  const [editing, setEditing] = useState<{ readonly id: Id<'profile'>; readonly name: string } | null>(null)
  const [error, setError] = useState<unknown>(null)
  const attempt = async (work: () => Promise<unknown>) => {
    setError(null)
    try {
      await work()
      setEditing(null)
      await queries.invalidateQueries()
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <Card title="Formati di estratto conto" label="Formati di estratto conto">
      <p className="ink2">
        I formati che hai descritto e chiamato per nome caricando un file: chi ha le stesse intestazioni si legge così,
        per ogni conto.
      </p>
      <ErrorNote error={error ?? formats.error} />
      {formats.data?.length === 0 && (
        <p className="muted">Nessuno finora: dai un nome alle colonne quando carichi un estratto conto.</p>
      )}
      <table className="plain">
        <tbody>
          {formats.data?.map((f) => (
            <tr key={f.id}>
              <td>
                {editing?.id === f.id ? (
                  <TextInput
                    aria-label="Nome del formato"
                    value={editing.name}
                    maxLength={60}
                    data-autofocus
                    onChange={(e) => setEditing({ id: f.id, name: e.currentTarget.value })}
                  />
                ) : (
                  <span className="strong">{f.name}</span>
                )}
                <p className="small muted">{f.headings.length === 0 ? 'senza intestazioni' : f.headings.join(' · ')}</p>
              </td>
              <td className="right format-acts">
                {editing?.id === f.id ? (
                  <>
                    <Button
                      variant="filled"
                      disabled={editing.name.trim() === ''}
                      onClick={() => void attempt(() => client.bankStatement.renameProfile(editing))}
                    >
                      Salva
                    </Button>{' '}
                    <Button onClick={() => setEditing(null)}>Lascia</Button>
                  </>
                ) : (
                  <>
                    <Button onClick={() => setEditing({ id: f.id, name: f.name })}>Rinomina…</Button>{' '}
                    <Button
                      className="danger"
                      onClick={() => void attempt(() => client.bankStatement.removeProfile({ id: f.id }))}
                    >
                      Togli
                    </Button>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
