import { Button } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { NodeEnvironment } from '#domain/node-ports'
import { ENVIRONMENTS } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card } from '../../components/Page.tsx'
import { RadioCards } from '../../components/RadioCards.tsx'
import { mayLeave } from '../../components/unsaved.ts'
import { Views } from '../../components/Views.tsx'
import { once } from '../../once.ts'
import { useUrlState } from '../../url-state.ts'
import { ChooseEnvironment } from './NodeChoose.tsx'
import { NodeForm } from './NodeForm.tsx'
import { NodeIbans } from './NodeIbans.tsx'
import type { NodeState } from './node-form.ts'

const TABS = [
  { id: 'collegamento', label: 'Ambiente e servizi' },
  { id: 'iban', label: 'IBAN e stazioni' },
]

/** Nodo pagoPA: in which environment the program works, how each is reached, what pagoPA knows of our accounts. */
export function NodeSettings() {
  const query = useQuery(orpc.node.get.queryOptions())
  const [url, set] = useUrlState()
  const tab = url.vista === 'iban' ? 'iban' : 'collegamento'
  if (!query.data) return <Card title="Nodo pagoPA">{query.error ? <ErrorNote error={query.error} /> : null}</Card>
  const go = (id: string) =>
    void mayLeave().then((may) => may && set({ vista: id === 'collegamento' ? undefined : id }))
  return (
    <div className="settings-stack">
      <Views tabs={TABS} value={tab} onChange={go} label="Nodo pagoPA" />
      {tab === 'iban' ? <NodeIbans /> : <Connections state={query.data} />}
    </div>
  )
}

function Connections({ state }: { readonly state: NodeState }) {
  const [shown, setShown] = useState<NodeEnvironment>(state.environment)
  const [asking, setAsking] = useState<NodeEnvironment | null>(null)
  const connection = state.connections.find((one) => one.environment === shown)
  if (!connection) return null
  const used = state.environment
  const choose = (environment: NodeEnvironment) =>
    void mayLeave().then((may) => {
      if (may) setShown(environment)
    })
  return (
    <>
      <NodeForm
        key={shown}
        connection={connection}
        state={state}
        head={
          <>
            <RadioCards<NodeEnvironment>
              className="node-environments"
              aria-label="Ambiente"
              value={shown}
              onChange={choose}
              choices={state.connections.map(({ environment, lacks }) => ({
                value: environment,
                label: `${ENVIRONMENTS[environment].name}${environment === used ? ' · in uso' : ''}`,
                description: `${ENVIRONMENTS[environment].note}${lacks.length > 0 ? ' Mancano le chiavi.' : ''}`,
              }))}
            />
            <p className="node-in-use">
              {shown === used ? (
                <span className="ink2">
                  Il programma lavora in <b>{ENVIRONMENTS[used].name}</b>.
                </span>
              ) : (
                <>
                  <span className="ink2">
                    Qui prepari <b>{ENVIRONMENTS[shown].name}</b>; il programma lavora in{' '}
                    <b>{ENVIRONMENTS[used].name}</b>.
                  </span>
                  <Button
                    className={shown === 'production' || used === 'production' ? 'danger' : ''}
                    onClick={() => setAsking(shown)}
                  >
                    {`Passa a ${ENVIRONMENTS[shown].name}…`}
                  </Button>
                </>
              )}
              {shown === 'rehearsal' && used === 'rehearsal' && <RehearsalPage />}
            </p>
            {shown === used && used !== 'production' && (
              <p className="note note-info form-note">
                I pagamenti finti entrano nei libri come gli altri, e un archivio che ne ha ricevuti non passa più in
                Produzione: fai le prove su una copia o su un ordine di prova.
              </p>
            )}
          </>
        }
      />
      <ChooseEnvironment state={state} to={asking} onClose={() => setAsking(null)} />
    </>
  )
}

/** Where one pays the notices of the rehearsal, as payers would. */
function RehearsalPage() {
  const open = async () => {
    const { url } = await client.node.rehearsalPage()
    window.open(url, '_blank', 'noreferrer,noopener')
  }
  return (
    <Button
      leftSection={<IconExternalLink size={16} stroke={1.7} aria-hidden />}
      onClick={() => void once('rehearsal page', open)}
    >
      Apri la pagina dei pagamenti di prova
    </Button>
  )
}
