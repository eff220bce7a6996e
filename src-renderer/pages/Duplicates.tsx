import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client, orpc } from '../client.ts'
import { counted, formatCount, Money, Mono } from '../components/cells.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { Page } from '../components/Page.tsx'
import { ScrollBox } from '../components/ScrollBox.tsx'
import { say, sayFailure } from '../components/toast.ts'
import { useKeys } from '../keys.ts'
import type { CardPerson, Pair } from './person/card.ts'
import { MergeSheet } from './person/MergeSheet.tsx'

/** Archivio · Persone · «Possibili doppioni»: pairs that look like one person, the surest first; a person decides. */
export function Duplicates() {
  const { data, error } = useQuery(
    orpc.person.duplicates.queryOptions({ input: {}, placeholderData: (before) => before }),
  )
  const navigate = useNavigate()
  const [at, setAt] = useState(0)
  const [comparing, setComparing] = useState<Pair | null>(null)
  const pairs = data?.pairs ?? []
  const current = pairs[Math.min(at, pairs.length - 1)]
  const apart = async (pair: Pair) => {
    try {
      await client.person.distinct({ firstId: pair.first.id, secondId: pair.second.id })
      say('Non saranno più proposte come doppione.')
    } catch (failure) {
      sayFailure(failure)
    }
  }
  const move = (step: number) => setAt(Math.max(0, Math.min(pairs.length - 1, at + step)))
  useKeys([
    { keys: ['ArrowUp'], label: 'su', quiet: true, run: () => move(-1) },
    { keys: ['ArrowDown'], label: 'scorri', run: () => move(1) },
    { keys: 'Enter', label: 'confronta…', run: () => current && setComparing(current) },
    { keys: 'D', label: 'sono due persone', run: () => current && void apart(current) },
    { keys: 'Escape', label: 'torna alle persone', run: () => void navigate({ to: '/persone' }) },
  ])
  return (
    <Page
      title="Possibili doppioni"
      about={data === undefined ? 'cerco fra tutte le persone' : counted(data.count, 'coppia', 'coppie')}
      back="/persone"
    >
      <section className="card grow" aria-label="Coppie che si somigliano">
        <ScrollBox className="card-flush" label="Elenco">
          <ErrorNote error={error} />
          {pairs.length > 0 && (
            <table className="plain pairs">
              <thead>
                <tr>
                  <th>Una scheda</th>
                  <th>L’altra</th>
                  <th>Perché si somigliano</th>
                  <th className="right">Da pagare €</th>
                  <th className="right">Azioni</th>
                </tr>
              </thead>
              <tbody>
                {pairs.map((pair, index) => (
                  <tr
                    key={`${pair.first.id}-${pair.second.id}`}
                    className={pair === current ? 'tall current' : 'tall'}
                    aria-current={pair === current ? 'true' : undefined}
                    onClick={() => setAt(index)}
                    onDoubleClick={() => setComparing(pair)}
                  >
                    <td>
                      <One person={pair.first} />
                    </td>
                    <td>
                      <One person={pair.second} />
                    </td>
                    <td>{pair.words}</td>
                    <td className="right">
                      <Money cents={pair.first.outstandingCents + pair.second.outstandingCents} />
                    </td>
                    <td className="right nowrap">
                      <span className="row-links">
                        <button type="button" className="link" onClick={() => setComparing(pair)}>
                          Confronta…
                        </button>
                        <button type="button" className="link" onClick={() => void apart(pair)}>
                          Sono due
                        </button>
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          {data && pairs.length === 0 && (
            <div className="card-body pairs-none">
              <h2>Nessun doppione</h2>
              <p className="ink2">
                Si guardano la partita IVA, i codici fiscali che differiscono per un carattere o per l’omocodia, e chi
                ha lo stesso nome con la stessa e-mail, lo stesso indirizzo o lo stesso numero d’albo. Due schede
                qualsiasi si uniscono dalla scheda, con «Unisci con un’altra scheda…».
              </p>
              <Button onClick={() => void navigate({ to: '/persone' })}>Torna alle persone</Button>
            </div>
          )}
        </ScrollBox>
        {data !== undefined && data.count > pairs.length && (
          <footer className="card-foot">
            <span className="muted small">
              Le prime {formatCount(pairs.length)} di {formatCount(data.count)}: decidi queste e arrivano le altre.
            </span>
          </footer>
        )}
      </section>
      {comparing && (
        <MergeSheet
          firstId={comparing.first.id}
          secondId={comparing.second.id}
          onClose={() => setComparing(null)}
          onMerged={() => setComparing(null)}
        />
      )}
    </Page>
  )
}

function One({ person }: { readonly person: CardPerson }) {
  return (
    <>
      <div className="cut" title={person.name}>
        {person.name}
        {person.alboNumber !== null && <span className="muted"> · albo {person.alboNumber}</span>}
      </div>
      <Mono>{person.fiscalCode ?? person.vatNumber ?? ''}</Mono>
    </>
  )
}
