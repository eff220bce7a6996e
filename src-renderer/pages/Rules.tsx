import { Button } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Tone } from '#domain/vocabulary'
import { client, orpc } from '../client.ts'
import { formatCount, TimeText } from '../components/cells.tsx'
import { AllDone } from '../components/EmptyState.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { Page } from '../components/Page.tsx'
import { ScrollBox } from '../components/ScrollBox.tsx'
import { ToneText } from '../components/St.tsx'
import { sayFailure } from '../components/toast.ts'

const STATES: Readonly<Record<string, { readonly word: string; readonly tone: Tone }>> = {
  offered: { word: 'Da decidere', tone: 'warn' },
  accepted: { word: 'Propone', tone: 'ok' },
  refused: { word: 'Rifiutata', tone: 'neu' },
  removed: { word: 'Tolta', tone: 'neu' },
}

/** Incassi · Riconciliazione · Regole: what the program has learned to propose, and from whom. */
export function Rules() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const rules = useQuery(orpc.rule.list.queryOptions())
  const settle = (answer: Promise<unknown>) => void answer.then(() => queries.invalidateQueries()).catch(sayFailure)
  return (
    <Page
      title="Regole della riconciliazione"
      about="Nascono da tre decisioni uguali. Propongono soltanto: confermi sempre tu"
      actions={
        <Button
          leftSection={<IconArrowLeft size={16} stroke={1.7} aria-hidden />}
          onClick={() => void navigate({ to: '/riconciliazione' })}
        >
          Torna alla riconciliazione
        </Button>
      }
    >
      <ErrorNote error={rules.error} />
      {rules.data?.length === 0 && (
        <AllDone
          title="Ancora nessuna regola"
          text="Quando decidi tre volte la stessa cosa per causali simili, il programma ti chiede se proporla da sé."
        />
      )}
      {(rules.data?.length ?? 0) > 0 && (
        <div className="card board-list rules-card">
          <ScrollBox className="chooser-scroll" label="Regole">
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">Quando</th>
                  <th scope="col">Propone</th>
                  <th scope="col">Stato</th>
                  <th scope="col" className="right">
                    In attesa
                  </th>
                  <th scope="col">Da chi</th>
                  <th scope="col">
                    <span className="visually-hidden">Azioni</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rules.data?.map(({ id, condition, action, state, waiting, operator, at }) => (
                  <tr key={id}>
                    <td>{condition}</td>
                    <td className="strong">{action}</td>
                    <td>
                      <ToneText tone={STATES[state]?.tone ?? 'neu'}>{STATES[state]?.word ?? state}</ToneText>
                    </td>
                    <td className="right">{formatCount(waiting)}</td>
                    <td>
                      {operator}, <TimeText at={at} />
                    </td>
                    <td className="right nowrap">
                      {state === 'offered' && (
                        <>
                          <button type="button" className="link" onClick={() => settle(client.rule.accept({ id }))}>
                            Sì, proponilo
                          </button>{' '}
                          <button type="button" className="link" onClick={() => settle(client.rule.refuse({ id }))}>
                            No
                          </button>
                        </>
                      )}
                      {state === 'accepted' && (
                        <button type="button" className="link" onClick={() => settle(client.rule.remove({ id }))}>
                          Togli
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollBox>
        </div>
      )}
    </Page>
  )
}
