import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import { SECTIONS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import { say } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'
import { once } from '../../once.ts'
import type { PositionSelection } from '../positions/position-list.tsx'

type Outputs = InferContractRouterOutputs<Contract>['nodePosition']
export type NodePreview = Outputs['publishPreview']
export type NodeStatus = Outputs['status']
export type FaultRow = Outputs['faults']['rows'][number]
export type FaultTotals = Outputs['faults']['totals']
export type DivergenceRow = Outputs['divergences']['rows'][number]
export type NodeChoice = DivergenceRow['choices'][number]['choice']
type Resolved = Parameters<typeof client.nodePosition.resolve>[0]['choice']
export type NodeCard = Outputs['card']

interface Refreshed {
  readonly asked: number
  readonly changed: number
  readonly diverged: number
  readonly stopped: string | null
  readonly leftOut: NodePreview['leftOut']
}

/** Asks the node how these stand; all that can still be paid where nothing is chosen. */
export function refreshStates(of: { readonly selection: PositionSelection } | { readonly open: true }): void {
  void startJob<Refreshed>({
    title: 'Chiedo al nodo come stanno',
    unit: 'posizioni',
    cancelWord: 'Annulla',
    cancelNote: 'Ciò che il nodo ha già risposto resta scritto',
    same: `refresh ${JSON.stringify(of)}`,
    run: (signal) => client.nodePosition.refresh(of, { signal }),
    onDone: ({ asked, changed, diverged, stopped, leftOut }) => {
      const out = leftOut.reduce((n, one) => n + one.count, 0)
      const said = [
        `${counted(asked, 'posizione chiesta', 'posizioni chieste')} al nodo: ${changed === 0 ? 'niente è cambiato' : counted(changed, 'è cambiata', 'sono cambiate')}.`,
        diverged > 0
          ? `${counted(diverged, 'differenza da guardare', 'differenze da guardare')} in «${SECTIONS.node}», «Differenze».`
          : '',
        out > 0 ? `${counted(out, 'non è mai stata mandata', 'non sono mai state mandate')}.` : '',
        stopped === null ? '' : stopped,
      ]
      say(said.filter((part) => part !== '').join(' '))
    },
    onCancelled: (reached) => say(`Fermato. ${reached}.`),
  })
}

/** Refused ones go again, once what was wrong has been mended. */
export function retryOnNode(of: readonly Id<'debtPosition'>[] | 'all', onDone: () => void = () => undefined): void {
  // Without ids the backend takes all of them.
  if (of.length === 0) {
    say(NOTHING)
    return
  }
  const debtPositionIds = of === 'all' ? [] : [...of]
  void once(`retry ${debtPositionIds}`, async () => {
    const { queued } = await client.nodePosition.retry({ debtPositionIds })
    say(queued === 0 ? NOTHING : `${counted(queued, 'rimessa', 'rimesse')} in coda per il nodo.`)
    onDone()
  })
}

const NOTHING = 'Niente da rimettere in coda.'

/** What waits for its time is tried now; what was refused stays to be mended. */
export function hurryOnNode(): void {
  void once('hurry', async () => {
    await client.nodePosition.retry({ waiting: true })
    say('Riprovo adesso.')
  })
}

/** New version with new numbers, in one press. */
export function reissueOnNode(
  debtPositionIds: readonly Id<'debtPosition'>[],
  onDone: () => void = () => undefined,
): void {
  if (debtPositionIds.length === 0) {
    say('Niente da riemettere.')
    return
  }
  void startJob({
    title: 'Riemetto le posizioni',
    unit: 'posizioni',
    cancelWord: 'Annulla',
    cancelNote: 'Se annulli non cambia niente: o tutte o nessuna',
    same: `reissue ${debtPositionIds}`,
    run: (signal) => client.nodePosition.reissue({ debtPositionIds: [...debtPositionIds] }, { signal }),
    onDone: ({ count, leftOut }) => {
      const [first] = leftOut
      say(
        `${counted(count, 'posizione riemessa', 'posizioni riemesse')} con un numero avviso nuovo.${first ? ` Resta fuori: ${first.reason}.` : ''}`,
      )
      onDone()
    },
    onCancelled: () => say('Annullato: nessuna posizione è cambiata.'),
  })
}

export function pauseNode(paused: boolean): void {
  void once('pause', () => client.nodePosition.pause({ paused }))
}

/** One choice on some differences, done. */
export async function resolveDivergences(iupds: readonly string[], choice: Resolved, reason?: string): Promise<void> {
  const answer = await client.nodePosition.resolve({
    iupds: [...iupds],
    choice,
    ...(reason === undefined ? {} : { reason }),
  })
  const out = answer.leftOut
    .map((l) => `${counted(l.count, 'resta com’è', 'restano come sono')}: ${l.reason}.`)
    .join(' ')
  say(`${DONE[choice](answer.resolved)}${out === '' ? '' : ` ${out}`}`)
}

const DONE: Readonly<Record<Resolved, (n: number) => string>> = {
  resend: (n) => `${counted(n, 'rimessa', 'rimesse')} in coda per il nodo, come ${n === 1 ? 'sta' : 'stanno'} qui.`,
  removeThere: (n) => `${counted(n, 'posizione tolta', 'posizioni tolte')} dal nodo.`,
  keep: (n) => `${counted(n, 'differenza lasciata', 'differenze lasciate')} così.`,
  reopen: (n) => `${counted(n, 'differenza', 'differenze')} di nuovo nell’elenco.`,
}

/** Names of the ways positions go to the node. */
export const WAYS: Readonly<
  Record<NodePreview['ways'][number]['way'], { readonly name: string; readonly note: string }>
> = {
  few: { name: 'Una per una', note: 'poche posizioni' },
  bulk: { name: 'A gruppi di 100', note: 'pagamento unico' },
  plan: { name: 'Rateizzate', note: 'una per una, con le loro rate' },
  massive: { name: 'Carico massivo', note: 'un file per migliaia' },
}

export const STEPS: Readonly<Record<FaultRow['step'], string>> = {
  create: 'Creazione',
  update: 'Aggiornamento',
  publish: 'Pubblicazione',
  invalidate: 'Annullamento',
  remove: 'Eliminazione',
  payOutside: 'Pagata fuori da pagoPA',
  ask: 'Lettura dello stato',
}

/** What is going on for a position, for people. */
export const STEPS_UNDER_WAY: Readonly<Record<FaultRow['step'], string>> = {
  create: 'da creare sul nodo',
  update: 'da aggiornare sul nodo',
  publish: 'da rendere pagabile',
  invalidate: 'da annullare sul nodo',
  remove: 'da togliere dal nodo',
  payOutside: 'da segnare pagata sul nodo',
  ask: 'il nodo va interrogato',
}
