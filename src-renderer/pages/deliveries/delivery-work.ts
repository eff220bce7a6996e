import type { Id } from '#domain/brand'
import { client } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import { say } from '../../components/undo.tsx'
import { startJob } from '../../jobs/jobs.ts'

/** Sends the failed ones again, each to the address that the person has today. */
export function retryDeliveries(ids: readonly Id<'delivery'>[]): void {
  void startJob({
    title: 'Rispedisco gli avvisi',
    unit: 'avvisi',
    cancelWord: 'Annulla l’invio',
    cancelNote: 'Quelli già partiti restano partiti',
    run: (signal) => client.delivery.retry({ ids: [...ids] }, { signal }),
    onDone: ({ sent, failed, uncertain }) =>
      say(
        [
          counted(sent, 'avviso consegnato', 'avvisi consegnati'),
          failed > 0 ? counted(failed, 'ancora non consegnato', 'ancora non consegnati') : '',
          uncertain > 0 ? counted(uncertain, 'dall’esito incerto', 'dall’esito incerto') : '',
        ]
          .filter((t) => t !== '')
          .join(' · '),
      ),
    onCancelled: () => say('Invio interrotto: gli avvisi già partiti restano partiti.'),
  })
}
