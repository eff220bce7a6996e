import type { Id } from '#domain/brand'
import { client } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import { say } from '../../components/toast.ts'
import { startJob, useJobs } from '../../jobs/jobs.ts'

const SENDING = 'Rispedisco gli avvisi'
export const DELIVERING = 'Consegno gli avvisi'

/** Whether this window is sending now. */
export function useSending(): boolean {
  return useJobs().some((job) => [SENDING, DELIVERING].includes(job.request.title))
}

/** What kept a campaign from going on (account refused, folder gone): shown on its page until it is started again. */
export function problemsKey(campaignId: number | null): readonly unknown[] {
  return ['campaign.problems', campaignId]
}

/** Sends the failed ones again, each to the address that the person has today. */
export function retryDeliveries(ids: readonly Id<'delivery'>[]): void {
  void startJob({
    title: SENDING,
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
