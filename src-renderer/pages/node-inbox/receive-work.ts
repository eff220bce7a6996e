import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery } from '@tanstack/react-query'
import type { Contract } from '#contract/contract'
import { problemText } from '#domain/problem'
import { client, orpc } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import { say } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'

type Outputs = InferContractRouterOutputs<Contract>['nodeInbox']
export type InboxState = Outputs['state']
export type Reading = InboxState['readings'][number]
export type SpontaneousRow = Outputs['spontaneous']['list']['rows'][number]
export type ReadingKind = Reading['kind']

type Beats = Awaited<ReturnType<typeof client.nodeInbox.receive>>
type Came = Extract<Awaited<ReturnType<Beats['next']>>, { done: true }>['value']

const TITLES: Readonly<Record<string, string>> = {
  receipts: 'Scarico le ricevute dal nodo',
  flows: 'Scarico le rendicontazioni dal nodo',
  both: 'Scarico ricevute e rendicontazioni dal nodo',
}

/** Readings write nothing while there is no news: what they know is asked now and then. */
export function useInbox() {
  return useQuery(orpc.nodeInbox.state.queryOptions({ refetchInterval: 15_000, retry: false }))
}

/** Receipts and flows now, with its job; what came is said in words. */
export function receiveNow(kinds: readonly ReadingKind[]): void {
  const both = kinds.length > 1
  void startJob<Came>({
    title: TITLES[both ? 'both' : (kinds[0] as string)] as string,
    unit: both ? 'ricevute e flussi' : kinds[0] === 'flows' ? 'flussi' : 'ricevute',
    cancelWord: 'Ferma',
    cancelNote: 'Ciò che è già arrivato resta; il resto arriva alla prossima lettura.',
    same: `receive ${kinds.join(' ')}`,
    run: (signal) => client.nodeInbox.receive({ kinds: [...kinds] }, { signal }),
    onDone: (came) => say(cameInWords(came, kinds)),
    onCancelled: (reached) => say(`Fermato. ${reached}.`),
  })
}

function cameInWords({ receipts, flows, spontaneous, problems }: Came, kinds: readonly ReadingKind[]): string {
  const flowsNew = flows.added + flows.newVersions
  const unread = receipts.unread + flows.unread
  const words = [
    kinds.includes('receipts') && receipts.added > 0 ? counted(receipts.added, 'ricevuta nuova', 'ricevute nuove') : '',
    kinds.includes('flows') && flowsNew > 0 ? counted(flowsNew, 'flusso nuovo', 'flussi nuovi') : '',
  ].filter((part) => part !== '')
  return [
    words.length > 0 ? `${words.join(' e ')}.` : problems.length === 0 ? 'Niente di nuovo sul nodo.' : '',
    spontaneous.raised > 0
      ? `${counted(spontaneous.raised, 'pagamento spontaneo accertato', 'pagamenti spontanei accertati')}, da guardare.`
      : '',
    spontaneous.toAssign > 0
      ? `${counted(spontaneous.toAssign, 'pagamento', 'pagamenti')} senza posizione da attribuire.`
      : '',
    unread > 0 ? `${counted(unread, 'non si legge e si richiederà', 'non si leggono e si richiederanno')}.` : '',
    ...problems.map(problemText),
  ]
    .filter((part) => part !== '')
    .join(' ')
}
