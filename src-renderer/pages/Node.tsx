import { Button } from '@mantine/core'
import { IconCloudUpload, IconRefresh, IconSettings } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ENVIRONMENTS, SECTIONS } from '#domain/vocabulary'
import { useExercise } from '../app-state.ts'
import { orpc } from '../client.ts'
import { counted, formatCount } from '../components/cells.tsx'
import { NotYet } from '../components/EmptyState.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { Page } from '../components/Page.tsx'
import { Views } from '../components/Views.tsx'
import { useKeys } from '../keys.ts'
import { cleared, useUrlState } from '../url-state.ts'
import { NodeDivergences } from './node/NodeDivergences.tsx'
import { NodeFaults } from './node/NodeFaults.tsx'
import { NodeNow } from './node/NodeNow.tsx'
import { refreshStates } from './node/node-work.ts'
import { PublishPositions } from './node/PublishPositions.tsx'
import { NodeArrivals } from './node-inbox/NodeArrivals.tsx'
import { useInbox } from './node-inbox/receive-work.ts'
import { Spontaneous } from './node-inbox/Spontaneous.tsx'
import { PartnerFiles } from './partner/PartnerFiles.tsx'

/** Emissione · Nodo pagoPA: what goes to the node, what it refused, in what it differs, and what comes back. */
export function Node() {
  const exercise = useExercise()
  const navigate = useNavigate()
  const [url, set] = useUrlState()
  const [publishing, setPublishing] = useState(false)
  // What is under way moves by itself, and writes nothing while it waits.
  const status = useQuery(orpc.nodePosition.status.queryOptions({ refetchInterval: 5_000 }))
  const counts = useQuery(orpc.debtPosition.counts.queryOptions({ input: { exercise } }))
  const data = status.data
  const { toAssign = 0, raised = 0 } = useInbox().data?.spontaneous ?? {}
  const waiting = toAssign + raised
  const toPublish = counts.data?.toPublish ?? 0
  const view = VIEWS.includes(url.vista ?? '') ? (url.vista as string) : 'adesso'
  const publish = () => setPublishing(true)
  const canPublish = data?.ready === true && toPublish > 0
  useKeys([
    ...(data?.ready === true
      ? [{ keys: 'F5', label: 'aggiorna gli stati', run: () => refreshStates({ open: true }) }]
      : []),
    ...(canPublish ? [{ keys: 'Ctrl+Enter', label: 'pubblica…', run: publish }] : []),
  ])
  const nobody = data !== undefined && Object.values(data.counts).every((n) => n === 0)
  return (
    <Page
      title={SECTIONS.node}
      about={data && `${ENVIRONMENTS[data.environment].name} · ${ENVIRONMENTS[data.environment].note}`}
      actions={
        <>
          <Button
            leftSection={<IconSettings size={16} stroke={1.7} aria-hidden />}
            onClick={() => void navigate({ to: '/impostazioni/$voce', params: { voce: 'nodo' } })}
          >
            Impostazioni del nodo
          </Button>
          <Button
            leftSection={<IconRefresh size={16} stroke={1.7} aria-hidden />}
            disabled={data?.ready !== true}
            onClick={() => refreshStates({ open: true })}
          >
            Aggiorna gli stati
          </Button>
          <Button
            variant="filled"
            leftSection={<IconCloudUpload size={16} stroke={1.7} aria-hidden />}
            disabled={!canPublish}
            onClick={publish}
          >
            {toPublish > 0 ? `Pubblica ${counted(toPublish, 'posizione', 'posizioni')}…` : 'Pubblica…'}
          </Button>
        </>
      }
    >
      <ErrorNote error={status.error} />
      <Views
        tabs={[
          { id: 'adesso', label: 'Adesso' },
          { id: 'rifiutate', label: 'Rifiutate', count: data?.faults },
          { id: 'differenze', label: 'Differenze', count: data?.divergences },
          { id: 'spontanei', label: 'Senza posizione', count: waiting },
          { id: 'partner', label: 'Partner' },
        ]}
        value={view}
        // A view begins without the filters of the one before.
        onChange={(id) => set({ ...cleared(url), vista: id === 'adesso' ? undefined : id })}
      />
      {data && !data.ready && (
        <div className="note note-warn node-lacks">
          <div>
            <p className="strong">Il collegamento non è completo</p>
            <p>
              In {ENVIRONMENTS[data.environment].name} mancano le chiavi o i codici: finché mancano niente parte e
              niente arriva.{' '}
              <button
                type="button"
                className="link"
                onClick={() => void navigate({ to: '/impostazioni/$voce', params: { voce: 'nodo' } })}
              >
                Completa il collegamento
              </button>
            </p>
          </div>
        </div>
      )}
      {view === 'rifiutate' ? (
        <NodeFaults />
      ) : view === 'differenze' ? (
        <NodeDivergences />
      ) : view === 'spontanei' ? (
        <Spontaneous />
      ) : view === 'partner' ? (
        <PartnerFiles />
      ) : nobody && toPublish === 0 && waiting === 0 && data?.ready ? (
        <NotYet
          stop="Avviso"
          done={['Quote']}
          title="Da qui le posizioni arrivano su pagoPA"
          text="Il nodo di pagoPA tiene ciò che si può pagare. Quando ci sono posizioni da riscuotere, le pubblichi da qui o dal loro elenco; poi lo stato, le ricevute e le rendicontazioni arrivano da sé."
          ways={[
            {
              title: 'Genera posizioni',
              text: 'Dagli accertamenti che non hanno ancora un avviso',
              icon: IconCloudUpload,
              to: '/posizioni/genera',
            },
            {
              title: 'Impostazioni del nodo',
              text: 'Ambiente, chiavi, codici e prova del collegamento',
              icon: IconSettings,
              to: '/impostazioni/nodo',
            },
          ]}
        />
      ) : (
        data && (
          <NodeNow status={data} toPublish={toPublish}>
            <NodeArrivals />
          </NodeNow>
        )
      )}
      {publishing && (
        <PublishPositions
          selection={{ query: { filters: { exercise, node: 'toPublish' }, search: '', sort: null }, except: [] }}
          onClose={() => setPublishing(false)}
        />
      )}
      <span className="visually-hidden" aria-live="polite">
        {data && data.faults > 0 ? `${formatCount(data.faults)} rifiutate dal nodo` : ''}
      </span>
    </Page>
  )
}

const VIEWS = ['adesso', 'rifiutate', 'differenze', 'spontanei', 'partner']
