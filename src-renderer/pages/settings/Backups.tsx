import { Button } from '@mantine/core'
import { useState } from 'react'
import { useAppState } from '../../app-state.ts'
import { client } from '../../client.ts'
import { TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card, Facts } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'

/** Copies of the ledger and its health: integrity, chain of the journal, equations of the books, disk, keychain. */
export function Backups() {
  const state = useAppState()
  const [checks, setChecks] = useState<
    readonly { readonly name: string; readonly ok: boolean; readonly text: string }[]
  >([])
  const [place, setPlace] = useState<string | null>(null)
  const [busy, setBusy] = useState<'backup' | 'check' | null>(null)
  const [error, setError] = useState<unknown>(null)
  const run = async (what: 'backup' | 'check') => {
    setBusy(what)
    setError(null)
    try {
      if (what === 'check') setChecks(await client.ledger.check())
      else {
        const made = await client.ledger.backup()
        setPlace(made.place)
        await state.refetch()
      }
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(null)
    }
  }
  const ledger = state.data?.ledger
  return (
    <Card
      title="Copie di sicurezza"
      grow
      label="Copie di sicurezza"
      foot={
        <>
          <Button variant="filled" loading={busy === 'backup'} onClick={() => void run('backup')}>
            Fai una copia adesso
          </Button>
          <Button loading={busy === 'check'} onClick={() => void run('check')}>
            Controlla l’archivio
          </Button>
        </>
      }
    >
      {ledger && (
        <Facts
          rows={[
            [
              'Archivio',
              <span key="a" className="mono">
                {ledger.place}
              </span>,
            ],
            [
              'Ultima copia',
              ledger.lastBackupAt === null ? 'nessuna finora' : <TimeText key="b" at={ledger.lastBackupAt} />,
            ],
            ...(place === null
              ? []
              : [
                  [
                    'Copia fatta in',
                    <span key="c" className="mono">
                      {place}
                    </span>,
                  ] as const,
                ]),
            ['Password', ledger.secretsPlace],
          ]}
        />
      )}
      <ErrorNote error={error} />
      <ul className="check-list">
        {checks.map((c) => (
          <li key={c.name}>
            <ToneText tone={c.ok ? 'ok' : 'bad'}>{c.name}</ToneText> <span className="ink2">{c.text}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
