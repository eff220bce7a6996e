import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Tone } from '#domain/vocabulary'
import { counted, formatCount, relativeTime, TimeText } from '../../components/cells.tsx'
import { Card } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { useUnreachable } from '../../frame/StatusBar.tsx'
import { useKeys } from '../../keys.ts'
import { hurryOnNode, type NodeStatus, pauseNode, retryOnNode } from './node-work.ts'

const FILES = { create: 'da creare', update: 'da aggiornare', delete: 'da togliere' } as const

/** What goes on between here and the node: what leaves, when it is tried again, what stands where. */
export function NodeNow({
  status,
  toPublish,
  children,
}: {
  readonly status: NodeStatus
  /** Of the chosen exercise: can be paid and was never sent. */
  readonly toPublish: number
  /** What comes back: receipts and flows. */
  readonly children?: ReactNode
}) {
  const { counts } = status
  const unreachable = useUnreachable()
  const again = retryOf(status)
  useKeys(again === null ? [] : [{ keys: 'R', label: 'riprova ora', run: again }])
  return (
    <div className="node-now">
      <Card
        title="Pubblicazione"
        about={status.automatic ? 'le posizioni nuove partono da sé' : 'le posizioni nuove partono quando lo dici tu'}
        actions={
          status.ready && (
            <Button
              leftSection={
                status.paused ? (
                  <IconPlayerPlay size={16} stroke={1.7} aria-hidden />
                ) : (
                  <IconPlayerPause size={16} stroke={1.7} aria-hidden />
                )
              }
              onClick={() => pauseNode(!status.paused)}
            >
              {status.paused ? 'Riprendi' : 'Pausa'}
            </Button>
          )
        }
      >
        <div className="node-acts node-state">
          <State status={status} />
          {again !== null && status.stopped === null && (
            <Button size="xs" leftSection={<IconRefresh size={14} stroke={1.7} aria-hidden />} onClick={again}>
              Riprova ora
            </Button>
          )}
        </div>
        {unreachable !== null && status.stopped === null && (
          <p className="node-state">
            <ToneText tone="warn">{`Il nodo non si raggiunge, ${relativeTime(unreachable.at)}.`}</ToneText>{' '}
            <span className="ink2">{unreachable.reason} Ciò che aspetta parte da sé.</span>
          </p>
        )}
        {status.stopped && (
          <div className="note note-bad">
            <div>
              <p className="strong">
                Niente parte più, da <TimeText at={status.stopped.at} />
              </p>
              <p>{status.stopped.reason}</p>
              <div className="node-acts">
                <Button onClick={() => retryOnNode('all')}>Riprova ora</Button>
                <Link to="/impostazioni/$voce" params={{ voce: 'nodo' }}>
                  Apri le impostazioni del nodo
                </Link>
              </div>
            </div>
          </div>
        )}
        <ul className="node-counts" aria-label="Posizioni e nodo">
          <Count n={toPublish} word="da pubblicare" tone="neu" view="da-pubblicare" nodo="toPublish" />
          <Count n={(counts.toSync ?? 0) + (counts.inFlight ?? 0)} word="in partenza" tone="info" nodo="underWay" />
          <Count n={counts.synced ?? 0} word="allineate" tone="ok" view="pubblicate" nodo="published" />
          <Count n={counts.failed ?? 0} word="rifiutate" tone="bad" view="rifiutate" nodo="refused" />
          <Count n={counts.diverged ?? 0} word="diverse" tone="unc" view="diverse" nodo="diverged" />
        </ul>
        {status.files.length > 0 && (
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Carico massivo</th>
                <th scope="col" className="right">
                  Posizioni
                </th>
                <th scope="col">Partito</th>
                <th scope="col">Prossima domanda al nodo</th>
              </tr>
            </thead>
            <tbody>
              {status.files.map((file) => (
                <tr key={file.fileId ?? file.startedAt}>
                  <td>{FILES[file.kind]}</td>
                  <td className="right num">{formatCount(file.rows)}</td>
                  <td>
                    <TimeText at={file.startedAt} />
                  </td>
                  <td>
                    <TimeText at={file.nextAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Card>
      {children}
    </div>
  )
}

/** What a person may have tried again now: all of it after a closed service, else what waits for its time. Null: nothing. */
function retryOf({ ready, paused, stopped, working, resting }: NodeStatus): (() => void) | null {
  if (stopped !== null) return () => retryOnNode('all')
  return ready && !paused && !working && resting > 0 ? hurryOnNode : null
}

function State({ status }: { readonly status: NodeStatus }) {
  const { paused, stopped, working, waiting, nextTryAt, lastRunAt } = status
  if (paused) return <ToneText tone="warn">In pausa: niente parte finché non riprendi.</ToneText>
  if (stopped) return <ToneText tone="bad">Ferma.</ToneText>
  if (working) return <ToneText tone="info">{`Al lavoro adesso: ${counted(waiting, 'resta', 'restano')}.`}</ToneText>
  if (waiting > 0) {
    const when = nextTryAt === null ? '' : `: nuovo tentativo ${relativeTime(nextTryAt)}`
    return <ToneText tone="info">{`${counted(waiting, 'posizione aspetta', 'posizioni aspettano')}${when}.`}</ToneText>
  }
  const last = lastRunAt === null ? '' : `: ultimo lavoro ${relativeTime(lastRunAt)}`
  return <ToneText tone="ok">{`Niente in partenza${last}.`}</ToneText>
}

function Count({
  n,
  word,
  tone,
  view,
  nodo,
}: {
  readonly n: number
  readonly word: string
  readonly tone: Tone
  readonly view?: string
  readonly nodo: string
}) {
  return (
    <li>
      <Link
        to="/posizioni"
        search={{ vista: view, nodo } as never}
        className={n === 0 ? 'node-count none' : 'node-count'}
      >
        <b className={n === 0 ? '' : `t-${tone}`}>{formatCount(n)}</b>
        <span>{word}</span>
      </Link>
    </li>
  )
}
