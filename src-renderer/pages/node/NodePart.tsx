import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { stateWord } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { St } from '../../components/St.tsx'
import { DivergenceSides } from './DivergenceSides.tsx'
import { type NodeCard, refreshStates, reissueOnNode, retryOnNode, STEPS, STEPS_UNDER_WAY } from './node-work.ts'
import { PublishPositions } from './PublishPositions.tsx'

type Row = NodeCard['rows'][number]

/** What the node says of one position: state and when it was asked, what is under way, the last refusal with its remedy. */
export function NodePart({
  id,
  state,
  sync,
  open,
}: {
  readonly id: Id<'debtPosition'>
  readonly state: string | null
  readonly sync: string
  /** It can still be paid: nothing else is offered to the node. */
  readonly open: boolean
}) {
  const { data, error } = useQuery(orpc.nodePosition.card.queryOptions({ input: { id } }))
  const [asked, setAsked] = useState<'publish' | 'withdraw' | null>(null)
  const current = data?.rows.find((row) => row.current)
  const earlier = data?.rows.filter((row) => !row.current) ?? []
  const stillThere = !open && data?.rows.some((row) => HELD.has(row.state ?? '') && row.step === null)
  const [wrong] = (data?.rows ?? []).flatMap((row) => row.fault ?? [])
  const selection = { ids: [id] }
  return (
    <>
      <ErrorNote error={error} />
      <p className="node-line">
        {state === null ? (
          <span className="ink2">{sync === 'none' ? 'Mai mandata al nodo' : stateWord('sync', sync).word}</span>
        ) : (
          <St family="node" code={state} pill />
        )}
        {state !== null && sync !== 'synced' && <St family="sync" code={sync} />}
        {current?.saidAt && (
          <span className="muted small">
            chiesto <TimeText at={current.saidAt} />
          </span>
        )}
      </p>
      {current?.step && <p className="small ink2 panel-text">Adesso: {STEPS_UNDER_WAY[current.step]}.</p>}
      {wrong && (
        <div className="note note-bad small">
          <div>
            <p className="strong">
              {STEPS[wrong.step]} rifiutata <TimeText at={wrong.at} />
            </p>
            <p>{wrong.reason}</p>
            {wrong.remedy !== '' && <p className="ink2">{wrong.remedy}</p>}
            <div className="node-acts">
              {wrong.acts.includes('retry') && <Button onClick={() => retryOnNode([id])}>Riprova</Button>}
              {wrong.acts.includes('reissue') && <Button onClick={() => reissueOnNode([id])}>Riemetti</Button>}
            </div>
          </div>
        </div>
      )}
      {(data?.rows ?? []).map(
        (row) =>
          row.divergence && (
            <div key={row.iupd} className="note note-unc small">
              <div>
                <p className="strong">{row.divergence.reason}</p>
                <DivergenceSides sides={row.divergence.sides} />
                <Link to="/nodo" search={{ vista: 'differenze', cerca: row.iupd } as never}>
                  Scegli che cosa fare
                </Link>
              </div>
            </div>
          ),
      )}
      {earlier.length > 0 && (
        <ul className="node-earlier small">
          {earlier.map((row) => (
            <li key={row.iupd}>
              <span className="ink2">Numeri di prima:</span> <Said row={row} />
            </li>
          ))}
        </ul>
      )}
      <div className="node-acts">
        {sync === 'none' && open && <Button onClick={() => setAsked('publish')}>Pubblica sul nodo…</Button>}
        {stillThere && <Button onClick={() => setAsked('withdraw')}>Togli dal nodo…</Button>}
        {(data?.rows.length ?? 0) > 0 && (
          <Button onClick={() => refreshStates({ selection })} title="Chiede al nodo come sta adesso">
            Aggiorna
          </Button>
        )}
        {current && (
          <Link
            className="small"
            to="/impostazioni/$voce"
            params={{ voce: 'chiamate' }}
            search={{ cerca: current.iupd } as never}
          >
            Chiamate al nodo
          </Link>
        )}
      </div>
      {asked !== null && <PublishPositions selection={selection} kind={asked} onClose={() => setAsked(null)} />}
    </>
  )
}

const HELD: ReadonlySet<string> = new Set(['DRAFT', 'PUBLISHED', 'VALID'])

function Said({ row }: { readonly row: Row }) {
  return (
    <>
      {row.state === null || row.state === 'ABSENT' ? 'il nodo non li ha' : <St family="node" code={row.state} />}{' '}
      {row.saidAt && (
        <span className="muted">
          <TimeText at={row.saidAt} />
        </span>
      )}
    </>
  )
}
