import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { formatCents } from '#domain/money'
import { ENVIRONMENTS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ProblemNotes } from '../../components/ProblemNotes.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { say } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'
import { LeftOut } from '../positions/LeftOut.tsx'
import type { PositionSelection } from '../positions/position-list.tsx'
import { type NodePreview, WAYS } from './node-work.ts'

type Kind = 'publish' | 'withdraw'
type Outcome = { readonly kind: Kind } & Done
interface Done {
  readonly done: { readonly count: number; readonly cents: number }
  readonly refused: number
  readonly waiting: number
  readonly stopped: string | null
  readonly leftOut: NodePreview['leftOut']
}

/** «Pubblica sul nodo…» and its counterpart for cancelled ones: what leaves and where to, then the work, then what came of it. */
export function PublishPositions({
  selection,
  kind = 'publish',
  onClose,
}: {
  readonly selection: PositionSelection
  readonly kind?: Kind
  readonly onClose: () => void
}) {
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [asking, setAsking] = useState(true)
  const here = useRef(true)
  const started = useRef(false)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])
  const query = useQuery({
    queryKey: ['nodePosition.preview', kind, selection],
    queryFn: ({ signal }) =>
      kind === 'publish'
        ? client.nodePosition.publishPreview({ selection }, { signal })
        : client.nodePosition.withdrawPreview({ selection }, { signal }),
    enabled: asking,
    staleTime: 0,
  })
  const preview = query.data
  if (outcome !== null) return <PublishedSheet outcome={outcome} onClose={onClose} />
  if (!asking) return null
  const count = preview?.count ?? 0
  const what = counted(count, 'posizione', 'posizioni')
  const title = kind === 'publish' ? `Pubblica ${what} sul nodo` : `Togli ${what} dal nodo`
  const errors = preview?.problems.filter((p) => p.severity === 'error') ?? []
  const start = () => {
    if (preview === undefined) return
    started.current = true
    setAsking(false)
    const seen = { selection, environment: preview.environment, expected: count, stamp: preview.stamp }
    void startJob<Done>({
      title: kind === 'publish' ? 'Pubblico le posizioni sul nodo' : 'Tolgo le posizioni dal nodo',
      subtitle: ENVIRONMENTS[preview.environment].name,
      unit: 'posizioni',
      cancelWord: 'Ferma',
      cancelNote: 'Se fermi, ciò che è già arrivato al nodo resta; il resto non parte',
      run: (signal) =>
        kind === 'publish'
          ? client.nodePosition.publish(seen, { signal })
          : client.nodePosition.withdraw(seen, { signal }),
      onDone: (done) => {
        if (isPlain(done) || !here.current) {
          say(inWords(kind, done))
          onClose()
        } else setOutcome({ kind, ...done })
      },
      onCancelled: (reached) => {
        say(`Fermato. ${reached}. Ciò che è arrivato al nodo resta.`)
        onClose()
      },
    })
  }
  return (
    <ConfirmDialog
      opened
      wide
      onClose={() => !started.current && onClose()}
      title={title}
      act={title}
      leave="Lascia"
      {...(preview?.environment === 'production' ? { edge: 'bad' as const } : {})}
      subtitle={
        kind === 'publish'
          ? count === 1
            ? 'Il nodo la riceve e la rende pagabile; da lì in poi segue da sola ciò che cambia qui.'
            : 'Il nodo le riceve e le rende pagabili; da lì in poi seguono da sole ciò che cambia qui.'
          : count === 1
            ? 'Il nodo smette di farla pagare. Qui resta annullata, con la sua storia.'
            : 'Il nodo smette di farle pagare. Qui restano annullate, con la loro storia.'
      }
      disabled={count === 0 || errors.length > 0}
      {...(count > 0 || preview === undefined ? {} : { note: 'Niente da mandare.' })}
      onConfirm={async () => start()}
    >
      <ErrorNote error={query.error} />
      {preview === undefined && query.error === null && <p className="muted">Guardo che cosa può partire…</p>}
      {preview && <Effect preview={preview} />}
    </ConfirmDialog>
  )
}

function Effect({ preview }: { readonly preview: NodePreview }) {
  const { name, note } = ENVIRONMENTS[preview.environment]
  return (
    <>
      <p className={preview.environment === 'production' ? 'node-where real' : 'node-where'}>
        <b>{name}</b>
        <span>{note}</span>
      </p>
      {preview.count > 0 && (
        <table className="plain node-ways">
          <thead>
            <tr>
              <th scope="col">Come partono</th>
              <th scope="col" className="right">
                Posizioni
              </th>
              <th scope="col" className="right">
                Chiamate
              </th>
            </tr>
          </thead>
          <tbody>
            {preview.ways
              .filter((w) => w.count > 0)
              .map((w) => (
                <tr key={w.way}>
                  <td>
                    {WAYS[w.way].name} <span className="muted">{WAYS[w.way].note}</span>
                  </td>
                  <td className="right num">{formatCount(w.count)}</td>
                  <td className="right num">{formatCount(w.calls)}</td>
                </tr>
              ))}
          </tbody>
          <tfoot>
            <tr>
              <td>
                In tutto <Money cents={preview.cents} euro strong />
              </td>
              <td className="right num">{formatCount(preview.count)}</td>
              <td className="right num">{formatCount(preview.ways.reduce((n, w) => n + w.calls, 0))}</td>
            </tr>
          </tfoot>
        </table>
      )}
      <LeftOut reasons={preview.leftOut} />
      <ProblemNotes problems={preview.problems} />
      {preview.problems.some((p) => p.severity === 'error') && (
        <p className="small">
          <Link to="/impostazioni/$voce" params={{ voce: 'nodo' }}>
            Apri le impostazioni del nodo
          </Link>
        </p>
      )}
    </>
  )
}

/** Nothing that a person has to look at. */
function isPlain({ refused, waiting, stopped, leftOut }: Done): boolean {
  return refused === 0 && waiting === 0 && stopped === null && leftOut.length === 0
}

function inWords(kind: Kind, { done, refused, waiting, stopped, leftOut }: Done): string {
  const head =
    kind === 'publish'
      ? `${counted(done.count, 'posizione pubblicata', 'posizioni pubblicate')} sul nodo per ${formatCents(done.cents as never)} €.`
      : `${counted(done.count, 'posizione tolta', 'posizioni tolte')} dal nodo.`
  const rest = [
    refused > 0 ? `${counted(refused, 'rifiutata', 'rifiutate')}.` : '',
    waiting > 0 ? `${counted(waiting, 'parte', 'partono')} da sé appena il nodo risponde.` : '',
    ...leftOut.map((out) => `${counted(out.count, 'resta fuori', 'restano fuori')}: ${out.reason}.`),
    stopped ?? '',
  ]
  return [head, ...rest].filter((part) => part !== '').join(' ')
}

function PublishedSheet({ outcome, onClose }: { readonly outcome: Outcome; readonly onClose: () => void }) {
  const { kind, done, refused, waiting, stopped, leftOut } = outcome
  return (
    <Sheet
      opened
      onClose={onClose}
      size={600}
      title={
        kind === 'publish'
          ? done.count === 0
            ? 'Nessuna posizione pubblicata sul nodo'
            : `${counted(done.count, 'posizione pubblicata', 'posizioni pubblicate')} sul nodo`
          : done.count === 0
            ? 'Nessuna posizione tolta dal nodo'
            : `${counted(done.count, 'posizione tolta', 'posizioni tolte')} dal nodo`
      }
    >
      <ul className="node-outcome">
        {done.count > 0 && (
          <li className="t-ok">
            <b>{formatCount(done.count)}</b> <span className="ink2">come qui, per</span>{' '}
            <Money cents={done.cents} euro />
          </li>
        )}
        {refused > 0 && (
          <li className="t-bad">
            <b>{formatCount(refused)}</b>{' '}
            <Link to="/nodo" search={{ vista: 'rifiutate' } as never} onClick={onClose}>
              {refused === 1 ? 'rifiutata dal nodo: guarda perché' : 'rifiutate dal nodo: guarda perché'}
            </Link>
          </li>
        )}
        {waiting > 0 && (
          <li className="t-info">
            <b>{formatCount(waiting)}</b>{' '}
            <span className="ink2">
              {waiting === 1 ? 'aspetta: parte' : 'aspettano: partono'} da sé appena il nodo risponde
            </span>
          </li>
        )}
      </ul>
      {stopped !== null && (
        <div className="note note-bad">
          <div>
            <p className="strong">Il nodo non accetta il collegamento</p>
            {stopped}
          </div>
        </div>
      )}
      <LeftOut reasons={leftOut} />
      <div className="dialog-foot inset">
        <Button variant="filled" data-autofocus onClick={onClose}>
          Torna all’elenco
        </Button>
      </div>
    </Sheet>
  )
}
